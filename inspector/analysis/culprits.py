"""What sits in each gap, in words: names made of knobs and taps, for titles, sentences and advice.

Names only. That something sits in a gap is no proof that it holds anything.
"""

from __future__ import annotations

from collections.abc import Mapping

Knobs = Mapping[str, str]

#: Routes of the built-in server whose template is buffered where no knob says otherwise.
_BUFFERED_ROUTES = ("/my-large-page.html",)

#: Names of the built-in server's engines; an unknown one is called by its own name.
ENGINE_NAMES: Mapping[str, str] = {
    "werkzeug": "Werkzeug",
    "werkzeug-1.0": "Werkzeug with HTTP/1.0",
    "werkzeug-4-sends": "Werkzeug with four sends per yield",
    "waitress": "waitress",
    "cheroot": "cheroot",
    "gunicorn-sync": "gunicorn (sync)",
    "gunicorn-gthread": "gunicorn (gthread)",
}
#: Middlewares whose names say little in a sentence.
_MIDDLEWARE_NAMES: Mapping[str, str] = {
    "join": "join-everything middleware",
    "get_data": "get_data() hook",
    "etag": "ETag hook (make_conditional)",
    "profiler": "ProfilerMiddleware",
    "gzip-flush": "gzip middleware with a flush",
    "compress": "Flask-Compress",
    "lint": "LintMiddleware",
    "content_length": "Content-Length middleware",
    "debugger": "debugger middleware",
}


def template_culprit(hooks: str, knobs: Knobs, path: str) -> str:
    """Name what sits between parts and yields: a hook that was active, a template buffer, or the view itself."""
    if hooks:
        return " and ".join(middleware_culprit(hook.strip()) for hook in hooks.split(","))
    items = _number(knobs, "template_buffer")
    if items:
        return f"template buffer of {items} items"
    if items is None and path.endswith(_BUFFERED_ROUTES):
        return "template buffer of 5 items"
    rows = _number(knobs, "rows_per_yield")
    if rows and rows > 1:
        return f"the view, which joins {rows} rows into a yield"
    return "the view itself"


def middleware_culprit(name: str) -> str:
    """Name a middleware, with its argument in words (``rechunk:4096``); ``no middleware`` where there is none."""
    if not name:
        return "no middleware"
    base, _, argument = name.partition(":")
    if base == "rechunk":
        return f"re-chunk middleware of {argument or '?'} bytes"
    return _MIDDLEWARE_NAMES.get(base, f"{base} middleware")


def server_culprit(knobs: Knobs) -> str:
    """Name what sits between the outermost middleware and the client: the engine, the proxy, or both."""
    engine, proxy = _engine(knobs), proxy_culprit(knobs)
    if not proxy:
        return engine
    # Of the engines, waitress alone has an output buffer of its own.
    return f"{engine} or {proxy}" if holds_sends(knobs) else proxy


def proxy_culprit(knobs: Knobs) -> str:
    """Name the proxy with the settings that decide whether it streams; an empty text without one."""
    name = knobs.get("proxy", "none")
    if name in {"", "none"}:
        return ""
    if knobs.get("proxy_gzip") == "on":
        return f"{name} with gzip"
    return f"{name} with HTTP/{knobs.get('proxy_http_version') or '1.0'} upstream"


def server_title(knobs: Knobs) -> str:
    """Return the title of the gap between writes and reads."""
    engine = ENGINE_NAMES.get(knobs.get("engine", ""), knobs.get("engine", "") or "Server")
    proxy = knobs.get("proxy", "none")
    return f"{engine} and {proxy}" if proxy not in {"", "none"} else engine


def client_culprit(client_buffer_bytes: int) -> str:
    """Name what sits between the received body and the reader."""
    return f"the client's buffer of {client_buffer_bytes:,} bytes" if client_buffer_bytes else "the client"


def holds_sends(knobs: Knobs) -> bool:
    """Tell whether the engine is waitress and was asked to collect more than a byte before it sends."""
    return knobs.get("engine") == "waitress" and (_number(knobs, "send_bytes") or 0) > 1


def _engine(knobs: Knobs) -> str:
    name = ENGINE_NAMES.get(knobs.get("engine", ""), knobs.get("engine", "") or "the server")
    return f"{name} (send_bytes={knobs['send_bytes']})" if holds_sends(knobs) else name


def _number(knobs: Knobs, name: str) -> int | None:
    text = knobs.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None
