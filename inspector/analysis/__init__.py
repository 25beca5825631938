"""What tracks tell: pure arithmetic with numpy, without a clock, files or Qt.

Any two layers on a common axis (`axis`), which item carried which (`joins`), delay and held bytes between them
(`gaps`), figures of one layer (`layer_statistics`). Everything live is incremental: an update costs what was added.
"""
