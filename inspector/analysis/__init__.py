"""What tracks tell: pure arithmetic with numpy, without a clock, files or Qt.

Any two layers on a common axis (`tracks.axes`), which item carried which (`tracks.alignment`), delay and held bytes
between them (`metrics.gap_metrics`), one layer by itself (`metrics.layer_statistics`), and what it all means
(`diagnosis.verdict`). Everything live is incremental: an update costs what was added.
"""
