"""The recorder process: sends one request, stamps every read of its response, frames, decodes, and writes the tracks.

Started by `inspector.session` as ``python -m inspector.capture``. It takes commands from its parent on standard input
(`recorder_commands`) and answers only with the files of the recording folder.
"""
