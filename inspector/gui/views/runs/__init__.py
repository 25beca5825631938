"""The list of runs, of this start and earlier ones."""
