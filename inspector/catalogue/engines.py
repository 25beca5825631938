"""The table of engines: the WSGI servers that can serve the app, each in a process of its own.

Pure standard library. ``python -m server --engine NAME`` starts one.
"""

from __future__ import annotations

from typing import NamedTuple

_UNIX = ("linux", "darwin", "freebsd")


class EngineRow(NamedTuple):
    """One engine.

    ``http_version`` is what it answers a request of HTTP/1.1 with. ``needs`` is the import name of a package that
    ``install`` installs; ``platforms`` are beginnings of `sys.platform`. ``noun`` is what a sentence calls it;
    ``collects`` names the knob for the bytes that it waits for before it sends, and ``cure`` says what to do about
    that.
    """

    name: str
    label: str
    sentence: str
    noun: str = ""
    http_version: str = "1.1"
    needs: str | None = None
    install: str = ""
    program: str | None = None
    platforms: tuple[str, ...] = ()
    collects: str = ""
    cure: str = ""


ENGINES: tuple[EngineRow, ...] = (
    EngineRow("werkzeug", "Werkzeug, one send per yield",
              "Flask's development server, with a handler that makes one send of each yield: chunk size, data and CRLF "
              "together, no Nagle.",
              "Werkzeug"),
    EngineRow("werkzeug-1.0", "Werkzeug, HTTP/1.0",
              "Flask's development server as it was before it spoke HTTP/1.1: no chunks, the body ends with the "
              "connection, so one that was cut looks complete.",
              "Werkzeug with HTTP/1.0",
              http_version="1.0"),
    EngineRow("werkzeug-4-sends", "Werkzeug, four sends per yield",
              "Flask's development server as it comes: chunk size, CRLF, data and CRLF are four sends, with Nagle's "
              "algorithm; it answers HTTP/1.0 in chunks, too.",
              "Werkzeug with four sends per yield"),
    EngineRow("waitress", "waitress",
              "A pure Python server with 4 threads. It keeps up to 16 MiB for a slow reader, and with send_bytes "
              "it waits for so many bytes before it sends.",
              "waitress",
              needs="waitress", install="pip install waitress",
              collects="send_bytes", cure="Leave waitress's send_bytes at 1, its default."),
    EngineRow("cheroot", "cheroot",
              "CherryPy's server with 10 threads; one send per yield. An error before the first yield is a 200 that "
              "is cut.",
              "cheroot",
              needs="cheroot", install="pip install cheroot"),
    EngineRow("gunicorn-sync", "gunicorn, sync worker",
              "One worker that serves one request at a time: while it streams, others wait. Its timeout, which would "
              "kill a worker in mid-stream after 30 s, is switched off.",
              "gunicorn (sync)",
              needs="gunicorn", install="pip install gunicorn", platforms=_UNIX),
    EngineRow("gunicorn-gthread", "gunicorn, threads",
              "One worker with 4 threads; one send per yield.",
              "gunicorn (gthread)",
              needs="gunicorn", install="pip install gunicorn", platforms=_UNIX),
)  # fmt: skip

ENGINE_BY_NAME: dict[str, EngineRow] = {row.name: row for row in ENGINES}
DEFAULT_ENGINE = ENGINES[0].name


def engine_of(name: str) -> EngineRow:
    """Return an engine of the table. Raises ``KeyError``."""
    return ENGINE_BY_NAME[name]
