"""The recorder process: sends one request, stamps every read of its response, frames, decodes, and writes the tracks.

Started by `inspector.session` as ``python -m inspector.capture``; it hears its parent through stdin (`command`) and
answers only with the files of the recording folder.
"""
