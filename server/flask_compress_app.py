"""Flask-Compress as a WSGI middleware: the extension in a Flask app of its own, which answers with the wrapped app.

So it can stand anywhere in a stack, and the tap before it still sees what was not compressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import chain, islice
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request

from .wsgi_middlewares import ItemIterator, RecordedStart

#: Flask-Compress has no CSV on its list.
_MORE_TYPES = ["text/csv"]
#: What any client of ours can decode.
_DECODABLE = "gzip, deflate"
_INNER_KEY = "streaming_inspector.compressed_app"


def compress(app: WSGIApplication) -> WSGIApplication:
    """Return an app behind Flask-Compress. Raises ``ImportError`` where that is not installed."""
    outer = _outer_app()

    def compressed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[_INNER_KEY] = app
        # Flask-Compress does nothing for a client that accepts nothing, and the recorder asks for identity.
        if environ.get("HTTP_ACCEPT_ENCODING", "").strip().lower() in ("", "identity"):
            environ["HTTP_ACCEPT_ENCODING"] = _DECODABLE
        return outer(environ, start_response)

    return compressed


@cache
def _outer_app() -> Flask:
    from flask_compress import Compress

    outer = Flask("server.flask_compress_app", static_folder=None)
    extension = Compress()
    extension.init_app(outer)
    extension.compress_mimetypes_set.update(_MORE_TYPES)
    # Before any routing: there are no routes here.
    outer.before_request(_answer_of_inner_app)
    return outer


def _answer_of_inner_app() -> Response:
    app: WSGIApplication = request.environ.pop(_INNER_KEY)
    started = RecordedStart()
    body = app(request.environ, started)
    items = iter(body)
    # An app that is a generator starts its response with its first item.
    first = [] if started.status else list(islice(items, 1))
    passage = ItemIterator(body, chain(first, items))
    response = Response(list(passage) if isinstance(body, list) else passage, started.status, started.headers)
    # Flask-Compress puts its own items in place of these and would never close them.
    response.call_on_close(passage.close)
    return response
