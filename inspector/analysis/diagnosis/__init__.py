"""What the figures of one run mean: the analysis of a run, the rules, and the verdict."""
