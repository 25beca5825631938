"""Exports: pure functions from a `Recording` to formats for other programs."""
