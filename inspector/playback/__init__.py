"""Serves a recorded response again over HTTP, byte for byte and with its timing."""
