"""The Flask server: every pattern of Flask's "Streaming Contents" page, ready to be streamed and looked into.

It runs as a process of its own (``python -m server``) and is the first station of the road. It imports `inspector.tap`
and nothing else of the inspector. `server.catalogue` alone is read by others; it needs only the standard library.
"""
