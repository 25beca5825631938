"""The taps: mark what a Flask or WSGI app hands on, inside the server process, while it happens.

Three layers, from the view to the WSGI server: ``part`` (what a generator or template produced, before any buffering of
the app's own), ``yield`` (what the response's iterable handed on) and ``write`` (what left the outermost middleware). A
request whose ``Streaming-Inspector-Recording`` header names a folder of the spool is marked in that folder; every other
request passes through untouched.

    tap = Tap(spool)
    tap.install(app)                        # innermost: part and yield
    app.wsgi_app = tap.write(app.wsgi_app)  # outermost, after every other middleware

In a stack of middlewares `Tap.between` shows each one on its own, as ``write.1``, ``write.2`` ... from the inside.
README.md in this folder shows how to tap an app of your own.
"""

from .change_log_writer import recorded_folder, write_change
from .parts import Parts, parts, parts_unless_marked
from .tap import Tap
from .tap_log_writer import name_buffer, name_layer

__all__ = [
    "Parts",
    "Tap",
    "name_buffer",
    "name_layer",
    "parts",
    "parts_unless_marked",
    "recorded_folder",
    "write_change",
]
