"""The Flask server: every pattern of Flask's "Streaming Contents" page, ready to be streamed and looked into.

It runs as a process of its own (``python -m server``) and is the first station of the road. It imports
`inspector.tap` and `inspector.catalogue` and nothing else of the inspector, and nothing of the inspector imports it.
"""
