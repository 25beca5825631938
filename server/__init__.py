"""The Flask server: every pattern of Flask's "Streaming Contents" page, ready to be streamed and inspected.

It runs as a process of its own (``python -m server``). It imports `inspector.tap` and `inspector.catalogue` and nothing
else of the inspector, and nothing of the inspector imports it.
"""
