"""The sweep page: one setting at many values, six small charts, and the best trade-off in a sentence."""
