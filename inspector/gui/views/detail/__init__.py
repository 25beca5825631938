"""The detail pane: text, hex, source and headers of what is selected."""
