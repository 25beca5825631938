"""Tracks put on a common axis, aligned with each other, and taken in part by part."""
