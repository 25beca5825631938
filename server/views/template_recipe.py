"""The older recipe of Flask's page: stream a template by hand and let Jinja2 buffer a few items.

https://flask.palletsprojects.com/en/1.1.x/patterns/streaming/#streaming-from-templates
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask import current_app as app
from jinja2.environment import TemplateStream

from server.buffering_views import template_turned
from server.request_context import current_knobs

from ..rows import rows_asked_for

section = Blueprint("template_recipe", __name__)


def stream_template(template_name: str, **context: Any) -> TemplateStream:
    """Stream a template, ``template_buffer`` items at a time: 5 is a sane default."""
    size = current_knobs().whole("template_buffer")
    app.update_template_context(context)
    t = app.jinja_env.get_template(template_name)
    rv = t.stream(context)
    if size:
        rv.enable_buffering(size)
    return rv


@section.route("/my-large-page.html")
@template_turned
def render_large_template() -> Response:
    """The template is evaluated as the stream is iterated over."""
    iter_all_rows = rows_asked_for()
    rows = iter_all_rows()
    return Response(stream_template("the_template.html", rows=rows))


@section.route("/my-large-list.html")
@template_turned
def render_large_list() -> Response:
    """The same with a macro for the row: what a macro returns is one part."""
    iter_all_rows = rows_asked_for()
    rows = iter_all_rows()
    return Response(stream_template("the_list.html", rows=rows))
