"""Flask's "Streaming with Context": generators that read the request while they stream, well and badly.

https://flask.palletsprojects.com/en/stable/patterns/streaming/#streaming-with-context
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, request, stream_with_context
from markupsafe import escape

from ..pacing import paced

section = Blueprint("context", __name__)


@section.route("/stream")
def streamed_response() -> Iterator[str]:
    """Keep the request context active during the generator."""

    @paced
    def generate() -> Iterator[str]:
        yield "<p>Hello "
        yield escape(request.args["name"])
        yield "!</p>"

    return stream_with_context(generate())


@section.route("/stream-decorated")
def streamed_response_decorated() -> Iterator[str]:
    """The wrapper can also be used as a decorator."""

    @stream_with_context
    @paced
    def generate() -> Iterator[str]:
        yield "<p>Hello "
        yield escape(request.args["name"])
        yield "!</p>"

    return generate()  # type: ignore[call-arg]  # Flask's annotation of the decorator wants an argument


@section.route("/classic/stream")
def streamed_response_classic() -> Response:
    """The older form yields the name unescaped, which is why this view serves plain text."""

    @paced
    def generate() -> Iterator[str]:
        yield "Hello "
        yield request.args["name"]
        yield "!"

    return Response(stream_with_context(generate()), mimetype="text/plain")


@section.route("/stream-without-context")
def streamed_response_without_context() -> Iterator[str]:
    """The wrapper left out: the view has returned, so reading the request is a RuntimeError in mid-stream."""

    @paced
    def generate() -> Iterator[str]:
        yield "<p>Hello "
        yield escape(request.args["name"])
        yield "!</p>"

    return generate()


@section.route("/stream-checked")
def streamed_response_checked() -> Iterator[str]:
    """Read in the view what may be missing: nothing has been sent yet, so it can still be a 400."""
    name = request.args["name"]

    @paced
    def generate() -> Iterator[str]:
        yield "<p>Hello "
        yield escape(name)
        yield "!</p>"

    return generate()
