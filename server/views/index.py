"""The index of all views and knobs, made from the catalogue, itself a streamed template."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, request, stream_template

from ..buffers import template_buffered
from ..catalogue import KNOBS, sections

section = Blueprint("index", __name__)


@section.get("/")
@template_buffered
def index() -> Iterator[str]:
    """List every view with links for a browser and for curl."""
    return stream_template("index.html", sections=sections(), knobs=KNOBS, base_url=request.host_url.rstrip("/"))
