"""The panes of the window. Each shows a `Document` and knows nothing of the others."""
