"""The table of views: every documented pattern, the code that matters in it, and the knobs that act on it.

Pure standard library. ``route`` and ``endpoint`` are those of the Flask app, which a test compares.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from .knobs import KNOBS, KnobValue, ViewTrait, knob_of

_PAUSES: tuple[ViewTrait, ...] = ("greeting", "pauses")
#: Knobs that act on every view, since they act behind it.
EVERYWHERE: tuple[str, ...] = tuple(knob.name for knob in KNOBS if not knob.acts_on)
#: How much of a body one response may hold in memory at once, whatever holds it.
MOST_HELD_BYTES = 134_217_728


@cache
def _knobs_on(traits: tuple[ViewTrait, ...]) -> tuple[str, ...]:
    return tuple(knob.name for knob in KNOBS if not set(knob.acts_on).isdisjoint(traits))


class View(NamedTuple):
    """One view of the server.

    ``code`` is a short label of the pattern, ``section`` the section of Flask's page it stands in, ``traits`` what it
    has that knobs can act on, ``example`` a query that makes a good demonstration. ``most_held_bytes`` is 0 for a view
    that streams, else what it may hold at once: such a view can't be endless. ``collects`` is the row of `BUFFERS` for
    what it does with all of its rows first, empty for nothing.
    """

    route: str
    endpoint: str
    code: str
    sentence: str
    section: str
    traits: tuple[ViewTrait, ...]
    example: str
    defaults: tuple[tuple[str, KnobValue], ...] = ()
    most_held_bytes: int = 0
    collects: str = ""

    def default(self, knob_name: str) -> KnobValue:
        """Return what a knob is set to in this view when nobody sets it. Raises `BadKnob` for an unknown name."""
        return dict(self.defaults).get(knob_name, knob_of(knob_name).default)

    @property
    def own_knobs(self) -> tuple[str, ...]:
        """The names of the knobs that act on it besides those that act on every view (`EVERYWHERE`)."""
        return _knobs_on(self.traits)

    @property
    def knobs(self) -> tuple[str, ...]:
        """The names of all knobs that act on it."""
        return (*self.own_knobs, *EVERYWHERE)

    @property
    def example_path(self) -> str:
        """Route and example query, as in a link."""
        return f"{self.route}?{self.example}" if self.example else self.route


_BASIC = "Basic Usage"
_TEMPLATES = "Streaming from Templates"
_CONTEXT = "Streaming with Context"
_COUNTER = "Counter-examples"

VIEWS: tuple[View, ...] = (
    View("/timeline", "templates.timeline", 'stream_template("timeline.html")',
         "Streams a template: each part of it is a yield of its own, and parts tend to match statement blocks.",
         _TEMPLATES, ("rows", "template", "constructs"), "rows=40&delay_ms=50"),
    View("/timeline-string", "templates.timeline_string", "stream_template_string(SOURCE)",
         "The same from a template in a string.",
         _TEMPLATES, ("rows", "template"), "rows=40&delay_ms=50"),
    View("/my-large-page.html", "template_recipe.render_large_template", "Template.stream, enable_buffering(5)",
         "The recipe from before Flask had stream_template: Jinja2 joins 5 items into one yield.",
         _TEMPLATES, ("rows", "template"), "rows=40&delay_ms=50&template_buffer=5", (("template_buffer", 5),)),
    View("/my-large-list.html", "template_recipe.render_large_list", "Template.stream, a macro for the row",
         "The same recipe with one part for each row: one sees which rows wait for which.",
         _TEMPLATES, ("rows", "template"), "rows=40&delay_ms=50&template_buffer=5", (("template_buffer", 5),)),
    View("/large.csv", "basic_usage.generate_large_csv", 'return generate(), {"Content-Type": "text/csv"}',
         "A generator returned from the view: each row is a yield, each yield is sent at once.",
         _BASIC, ("rows", "csv"), "rows=40&delay_ms=50"),
    View("/classic/large.csv", "basic_usage.generate_large_csv_classic", 'Response(generate(), mimetype="text/csv")',
         "The same generator in a Response object.",
         _BASIC, ("rows", "csv"), "rows=40&delay_ms=50"),
    View("/stream", "context.streamed_response", "stream_with_context(generate())",
         "Reads the request while it streams. Without a name the answer is 200 and then cut.",
         _CONTEXT, _PAUSES, "name=World&delay_ms=400"),
    View("/stream-decorated", "context.streamed_response_decorated", "@stream_with_context",
         "The same with the decorator.",
         _CONTEXT, _PAUSES, "name=World&delay_ms=400"),
    View("/classic/stream", "context.streamed_response_classic", "Response(stream_with_context(generate()))",
         "The older form; it does not escape the name, so it is served as plain text.",
         _CONTEXT, _PAUSES, "name=World&delay_ms=400"),
    View("/stream-without-context", "context.streamed_response_without_context", "return generate()",
         "The wrapper left out: a RuntimeError in mid-stream, status 200, and a body that is cut.",
         _CONTEXT, _PAUSES, "name=World&delay_ms=400"),
    View("/stream-checked", "context.streamed_response_checked", 'name = request.args["name"]',
         "Reads the name in the view, before the first yield: a missing name is a real 400.",
         _CONTEXT, _PAUSES, "name=World&delay_ms=400"),
    View("/in-memory.csv", "counter_examples.large_csv_in_memory", '"".join(generate())',
         "All rows joined in memory first: nothing arrives until the last row is there.",
         _COUNTER, ("rows",), "rows=40&delay_ms=50", (), MOST_HELD_BYTES, "join"),
    View("/through-a-file.csv", "counter_examples.large_csv_through_a_file", "send_file(file)",
         "The roundtrip to the filesystem: all rows into a temporary file first, then the file in blocks.",
         _COUNTER, ("rows",), "rows=40&delay_ms=50&row_bytes=1024", (), 2 * MOST_HELD_BYTES, "file"),
    View("/", "index.index", 'stream_template("index.html")',
         "This index of all views and knobs, itself a streamed template.",
         _TEMPLATES, ("template",), ""),
)  # fmt: skip

#: What is streamed where nothing was chosen yet.
FIRST_ROUTE = VIEWS[0].route
VIEW_BY_ROUTE: dict[str, View] = {view.route: view for view in VIEWS}


def view_of(route: str) -> View | None:
    """Return the view of a route (a path without its query), or None where there is none."""
    return VIEW_BY_ROUTE.get(route)


def sections() -> dict[str, list[View]]:
    """Return the views by section, in the order of Flask's page."""
    return {
        section: [view for view in VIEWS if view.section == section]
        for section in (_BASIC, _TEMPLATES, _CONTEXT, _COUNTER)
    }


def query_of(knobs: dict[str, str]) -> str:
    """Return knobs as the query of a URL, without ``?``."""
    return urlencode(knobs)
