"""The index page of all views, knobs, middlewares, engines and proxies: the catalogue as a streamed template."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, request, stream_template

from inspector.catalogue import KNOBS, MIDDLEWARES, missing_text, sections
from server.buffering_views import template_buffered

section = Blueprint("index", __name__)


@section.get("/")
@template_buffered
def index() -> Iterator[str]:
    """List every view with links for a browser and for curl."""
    return stream_template(
        "index.html", sections=sections(), knobs=KNOBS, middlewares=MIDDLEWARES,
        servers={knob.name: knob.table for knob in KNOBS if knob.kind == "choice" and knob.table},
        missing_text=missing_text,
        base_url=request.host_url.rstrip("/"),
    )  # fmt: skip
