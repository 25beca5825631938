"""The tables of what makes an app itself hold rows: its own buffers, and templates that Jinja2 renders whole.

Pure standard library. A view says what it uses in its tap's line, as ``template_buffer:5`` or ``template:macro``.
"""

from __future__ import annotations

from typing import NamedTuple

#: The knob that chooses a template, and the word by which an app tells of it.
TEMPLATE_KNOB = "template"
PLAIN_TEMPLATE = "plain"


class BufferRow(NamedTuple):
    """One buffer of an app. ``noun`` is what a sentence calls it, with ``{size}`` in it; ``cure`` says what to do.

    ``knob`` is the one that sets its size, empty for none; then ``title`` says in the ladder what holds there, which
    nobody can change. It holds nothing below ``least`` items.
    """

    name: str
    noun: str
    cure: str
    knob: str = ""
    least: int = 0
    title: str = ""


class TemplateRow(NamedTuple):
    """A way to write a template that Jinja2 renders in one lump. ``gives_head`` means that its head goes out first."""

    name: str
    noun: str
    cure: str
    gives_head: bool = True


BUFFERS: tuple[BufferRow, ...] = (
    BufferRow("template_buffer", "Jinja2's buffer of {size} items",
              "Use fewer items in enable_buffering(), or stream_template(), which has no buffer.",
              "template_buffer", 2),
    BufferRow("rows_per_yield", "the view, which joins {size} rows into a yield",
              "Yield each row by itself.",
              "rows_per_yield", 2),
    BufferRow("join", "the view, which joins all rows first",
              "Return the generator instead of joining it.", title="join in the view"),
    BufferRow("file", "the view, which writes all rows into a file first",
              "Return the generator instead of writing a file.", title="file in the view"),
)  # fmt: skip

TEMPLATES: tuple[TemplateRow, ...] = (
    TemplateRow("macro", "the macro in the template",
                "A macro call is one piece: write the loop in the template itself, or include it."),
    TemplateRow("filter", "the filter block in the template",
                "A filter block is one piece: put the filter on each value inside of the loop."),
    TemplateRow("super", "super() in the template",
                "super() is one piece: move the loop into the child's block, or use an include."),
    TemplateRow("recursive", "the recursive loop in the template",
                "A recursive loop is one piece: walk the tree in Python and loop over the flat result."),
    TemplateRow("length", "loop.length in the template",
                "loop.length and loop.revindex drain the source first: count with another query, or do without."),
    TemplateRow("without-context", "the include without context in the template",
                "An include without context is rendered as a whole first: include it with its context."),
    TemplateRow("async", "the template's async environment",
                "With enable_async the whole template is rendered first: use an environment without it to stream.",
                gives_head=False),
)  # fmt: skip


def buffer_of(name: str) -> BufferRow | None:
    """Return a buffer of the table, None where there is none of this name."""
    return next((row for row in BUFFERS if row.name == name), None)


def template_of(name: str) -> TemplateRow | None:
    """Return a template of the table, None where there is none of this name."""
    return next((row for row in TEMPLATES if row.name == name), None)
