"""Tests of the Streaming Inspector, laid out like the source folders."""
