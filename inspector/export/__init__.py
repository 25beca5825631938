"""Recordings written for other programs: pure functions from a `Recording` to a format."""
