"""Figures of gaps, layers and the server process, kept up to date as tracks grow."""
