"""Flask's "Streaming from Templates": the parts of a template, sent as they are rendered.

https://flask.palletsprojects.com/en/stable/patterns/streaming/#streaming-from-templates
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, stream_template, stream_template_string

from server.buffering_views import template_buffered
from server.template_variants import template_chosen

from ..rows import rows_asked_for

section = Blueprint("templates", __name__)

SOURCE = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A streamed string</title></head>
<body>
<h1>A streamed string</h1>
<ol>
{% for row in rows %}
  <li>
    {{ row.name }}, {{ row.city }}:
    {% if row.state.startswith("due") %}
    <strong>{{ row.amount }} due</strong>
    {% else %}
    {{ row.amount }}
    {% endif %}
  </li>
{% else %}
  <li>No rows.</li>
{% endfor %}
</ol>
</body>
</html>
"""


@section.get("/timeline")
@template_buffered
@template_chosen
def timeline() -> Iterator[str]:
    """The parts yielded by the render stream tend to match statement blocks in the template."""
    iter_all_rows = rows_asked_for()
    return stream_template("timeline.html", rows=iter_all_rows())


@section.get("/timeline-string")
@template_buffered
def timeline_string() -> Iterator[str]:
    """The same from a string."""
    iter_all_rows = rows_asked_for()
    return stream_template_string(SOURCE, rows=iter_all_rows())
