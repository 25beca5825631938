"""The panes of the window, each showing the same `Document`."""
