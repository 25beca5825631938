"""Runs summed up in a few numbers."""
