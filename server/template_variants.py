"""Variants of one template, each with a construct that Jinja2 renders whole before it yields anything.

What Jinja2 streams and what it does not is in its compiler: an output node is a piece, and a macro, a filter block,
``super()`` or a recursive loop is one output node. An async environment renders everything before its first piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps

from flask import current_app, g, request, stream_template, stream_with_context
from jinja2 import Environment

from inspector.catalogue import TEMPLATE_KNOB
from inspector.tap import name_buffer

from .request_context import current_knobs
from .rows import rows_asked_for

PLAIN = "plain"
ASYNC = "async"
#: By value of the knob ``template``; the async environment renders the plain one.
TEMPLATES: Mapping[str, str] = {
    "macro": "timeline_macro.html",
    "filter": "timeline_filter.html",
    "super": "timeline_super.html",
    "recursive": "timeline_recursive.html",
    "length": "timeline_length.html",
    "without-context": "timeline_without_context.html",
    ASYNC: "timeline.html",
}
_ASYNC_ENVIRONMENT = "streaming_inspector.async_environment"


def template_chosen(view: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
    """Decorate a view that streams the timeline: the knob ``template`` chooses another way to write it."""

    @wraps(view)
    def chosen_view() -> Iterator[str]:
        variant = current_knobs().text(TEMPLATE_KNOB)
        if variant == PLAIN:
            return view()
        name_buffer(request.environ, TEMPLATE_KNOB, variant)
        # What is included without context knows no rows but those of g.
        g.rows = rows_asked_for()()
        if variant == ASYNC:
            return stream_async_template(TEMPLATES[variant], rows=g.rows)
        return stream_template(TEMPLATES[variant], rows=g.rows)

    return chosen_view


def stream_async_template(template_name: str, **context: object) -> Iterator[str]:
    """Stream a template as `flask.stream_template` does, from an environment with ``enable_async``."""
    current_app.update_template_context(context)
    template = _async_environment().get_template(template_name)
    return stream_with_context(template.generate(context))


def _async_environment() -> Environment:
    environments = current_app.extensions
    if _ASYNC_ENVIRONMENT not in environments:
        environments[_ASYNC_ENVIRONMENT] = current_app.jinja_env.overlay(enable_async=True)
    found: Environment = environments[_ASYNC_ENVIRONMENT]
    return found
