"""Streaming Inspector: see every yield and every chunk of a streamed HTTP response, and where each one waited."""

__version__ = "0.1.1"
