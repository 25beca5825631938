"""The table of middlewares: what can run between the view and the WSGI server, and what each does to a stream.

Pure standard library. A stack is a text, the innermost first: ``gzip,rechunk:4096``. The rows that are hooks run inside
Flask, before any middleware, wherever they stand in the text: so they are next to the view.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
#: What to do where something compresses that can't be seen.
ADVICE_WHEN_COMPRESSED = "Flush the compressor after each item, or leave streams out (COMPRESS_STREAMS = False)."
#: So many can be stacked.
MOST_MIDDLEWARES = 16


class Middleware(NamedTuple):
    """One middleware.

    ``argument`` is the name of what stands after its colon, empty for none, in ``[minimum, maximum]``. ``holds`` tells
    that it keeps bytes back that it was given; ``cure`` says what to do about that, and ``instead`` is the middleware
    to use in its place, empty for none at all. ``noun`` is what a sentence calls it; ``{argument}`` stands for what
    stands after its colon. ``is_hook`` means that it is an ``after_request`` function of Flask, ``collects`` that it
    waits for the whole body. ``note`` is a sentence that is worth saying even where all is well. ``needs`` is the
    import name of a package that ``install`` installs.
    """

    name: str
    sentence: str
    holds: bool
    cure: str = ""
    noun: str = ""
    instead: str = ""
    argument: str = ""
    minimum: int = 0
    maximum: int = 0
    preset: int = 0
    is_hook: bool = False
    collects: bool = False
    note: str = ""
    needs: str | None = None
    install: str = ""
    program: str | None = None
    platforms: tuple[str, ...] = ()

    def called(self, argument: str) -> str:
        """Return what a sentence calls it, with its argument."""
        return self.noun.format(argument=argument or "?")

    @property
    def usage(self) -> str:
        """How it is written: ``gzip``, ``rechunk:BYTES``."""
        return f"{self.name}:{self.argument}" if self.argument else self.name

    @property
    def example(self) -> str:
        """One that can be used as it stands: ``gzip``, ``rechunk:4096``."""
        return f"{self.name}:{self.preset}" if self.argument else self.name


MIDDLEWARES: tuple[Middleware, ...] = (
    Middleware("join", "Joins everything: return [b\"\".join(body)]; nothing leaves before the last item is there.",
               True, "Let it iterate and hand on each item, and forward close().",
               collects=True, noun="the middleware that joins everything"),
    Middleware("get_data", "An after_request hook that calls response.get_data(), as body logging does; the whole body "
               "is collected and gets a Content-Length.",
               True, "Guard the hook with: if not response.is_streamed.", is_hook=True,
               collects=True, noun="the get_data() hook"),
    Middleware("etag", "An after_request hook that calls add_etag() and make_conditional(request), which need the "
               "whole body.",
               True, "Guard the hook with: if not response.is_streamed.", is_hook=True,
               collects=True, noun="the ETag hook (make_conditional)"),
    Middleware("profiler", "Werkzeug's ProfilerMiddleware (its figures are thrown away): it runs the whole response, "
               "then returns it in one piece.",
               True, "Take the profiler off streams; profile the generator alone.",
               collects=True, noun="ProfilerMiddleware"),
    Middleware("rechunk", "Cuts the body anew into pieces of BYTES; what does not fill a piece waits for the next "
               "item.",
               True, "Hand on what there is after each item.",
               argument="BYTES", minimum=1, maximum=1_048_576, preset=4_096,
               noun="the re-chunk middleware of {argument} bytes"),
    Middleware("gzip", "Compresses with gzip, asked for or not, and never flushes: 10 bytes of header at once, the "
               "rest when the compressor's window is full, or at the end.",
               True, "Flush after each item (Z_SYNC_FLUSH): gzip-flush.",
               noun="the gzip middleware", instead="gzip-flush"),
    Middleware("gzip-flush", "Compresses with gzip, asked for or not, and flushes after each item (Z_SYNC_FLUSH): "
               "about 11 bytes more for each.",
               False,
               noun="the gzip middleware with a flush"),
    Middleware("compress", "Flask-Compress in an app of its own around this one, with text/csv and text/plain on its "
               "list. A client that accepts no coding (as the recorder) is said to accept gzip and deflate. "
               "It never flushes.",
               True, "Set COMPRESS_STREAMS = False, or flush after each item.",
               needs="flask_compress", install="pip install flask-compress",
               noun="gzip (Flask-Compress)"),
    Middleware("lint", "Werkzeug's LintMiddleware: checks that app and server keep to WSGI, and writes what it finds "
               "into the server's log.",
               False,
               noun="LintMiddleware"),
    Middleware("content_length", "Joins everything to measure it, and sets Content-Length.",
               True, "Leave the length of a stream unknown.",
               collects=True, noun="the Content-Length middleware"),
    Middleware("debugger", "Werkzeug's DebuggedApplication without its console: an exception in mid-stream is "
               "swallowed, and the body ends as if it were complete.",
               False, "Switch debug mode off to see errors as a body that is cut.",
               noun="the debugger middleware",
               note="The debugger ends a failed stream like a complete one, so nobody can tell whether it is "
               "complete."),
)  # fmt: skip

MIDDLEWARE_BY_NAME: dict[str, Middleware] = {row.name: row for row in MIDDLEWARES}
#: ``join, get_data, rechunk:BYTES, ...``
MIDDLEWARE_USAGES = ", ".join(row.usage for row in MIDDLEWARES)


class RequestedMiddleware(NamedTuple):
    """One middleware of a stack that was asked for. ``argument`` is 0 where it takes none."""

    row: Middleware
    argument: int = 0

    @property
    def name(self) -> str:
        """As in the stack's text: ``rechunk:4096``."""
        return f"{self.row.name}:{self.argument}" if self.row.argument else self.row.name


def parse_stack(text: str) -> tuple[RequestedMiddleware, ...]:
    """Return the middlewares of a text such as ``gzip, rechunk:4096``, innermost first, none for an empty one.

    Raises ``ValueError`` with half a sentence that says what it takes.
    """
    if not text.strip():
        return ()
    names = text.split(",")
    if len(names) > MOST_MIDDLEWARES:
        raise ValueError(f"at most {MOST_MIDDLEWARES} of {MIDDLEWARE_USAGES}")
    return tuple(_asked(name.strip()) for name in names)


def stack_text(stack: tuple[RequestedMiddleware, ...]) -> str:
    """Return a stack as the text that `parse_stack` reads."""
    return ",".join(asked.name for asked in stack)


def _asked(text: str) -> RequestedMiddleware:
    name, colon, argument = text.partition(":")
    row = MIDDLEWARE_BY_NAME.get(name)
    if row is None or (colon and not row.argument):
        raise ValueError(MIDDLEWARE_USAGES)
    if not row.argument:
        return RequestedMiddleware(row)
    if not _WHOLE_NUMBER.fullmatch(argument) or not row.minimum <= int(argument) <= row.maximum:
        raise ValueError(f"{row.usage} with {row.argument} from {row.minimum} to {row.maximum}")
    return RequestedMiddleware(row, int(argument))
