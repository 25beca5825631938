"""Widgets in which a person chooses what to stream and with which settings."""
