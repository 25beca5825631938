"""Finds where a suspended generator stands: the line of Python or of a Jinja template that produced its last item.

A generator that delegates with ``yield from`` shows what it delegates to (``gi_yieldfrom``), a wrapper object shows
what it wraps (``__wrapped__``); the innermost frame of that walk is the producer.
"""

from __future__ import annotations

import gc
import linecache
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from types import FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from jinja2 import Template

_logger = logging.getLogger(__name__)

#: Name of a template that was made from a string.
STRING_TEMPLATE_NAME = "<string>"
#: Attribute of a template made from a string that holds its source, which Jinja itself does not keep.
STRING_SOURCE_ATTRIBUTE = "streaming_inspector_source"
#: Global name under which compiled template code has its template.
_TEMPLATE = "__jinja_template__"
_LONGEST_TEXT = 1_000_000
_MOST_WRAPPERS = 32


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """One line of code. ``file_key`` is the same for all lines of one file; ``number`` counts from 1."""

    file_key: object
    name: str
    language: Literal["python", "jinja"]
    number: int
    function: str
    read_text: Callable[[], str]


def innermost_generator(iterable: object) -> GeneratorType[Any, Any, Any] | None:
    """Return the generator that produced the last item of a suspended iterable, None where it can't be known.

    Follows generators and ``__wrapped__`` only; a list, a file or a ``map`` object has no line of its own.
    """
    generator: GeneratorType[Any, Any, Any] | None = None
    inner = iterable
    wrappers = 0
    while True:
        while type(inner) is GeneratorType:
            generator = inner
            inner = inner.gi_yieldfrom
        if inner is None or wrappers == _MOST_WRAPPERS:
            return generator
        wrappers += 1
        inner = getattr(inner, "__wrapped__", None)


def included_generator(generator: GeneratorType[Any, Any, Any]) -> GeneratorType[Any, Any, Any] | None:
    """Return the generator of a template that another one includes right now, None where it includes none.

    Jinja delegates to blocks and parents, but loops over an include, so the generator of the included template is
    neither in ``gi_yieldfrom`` nor in any attribute: it is an object that the frame holds.
    """
    if not _is_of_template(generator):
        return None
    for held in gc.get_referents(generator):
        if type(held) is GeneratorType and _is_of_template(held):
            return held
    return None


def _is_of_template(generator: GeneratorType[Any, Any, Any]) -> bool:
    frame = generator.gi_frame
    return frame is not None and _TEMPLATE in frame.f_globals


def place_of(frame: FrameType) -> SourceLocation:
    """Return the line at which a frame stands; a frame of a compiled template gives the template's line."""
    template: Template | None = frame.f_globals.get(_TEMPLATE)
    if template is not None:
        return _template_place(frame, template)
    code = frame.f_code
    module_globals = frame.f_globals

    def read_text() -> str:
        return "".join(linecache.getlines(code.co_filename, module_globals))

    name = _short_name(code.co_filename, str(module_globals.get("__name__", "")))
    # None for an instruction without a line, which no yield is.
    return SourceLocation(code.co_filename, name, "python", frame.f_lineno or 1, code.co_qualname, limited(read_text))


def _template_place(frame: FrameType, template: Template) -> SourceLocation:
    def read_text() -> str:
        return _template_text(template)

    number = template.get_corresponding_lineno(frame.f_lineno or 1)
    # The template itself is the key, not its id: a number of a collected template may be used again.
    name = _encodable(template.name or STRING_TEMPLATE_NAME)
    return SourceLocation(template, name, "jinja", number, frame.f_code.co_name, limited(read_text))


def _template_text(template: Template) -> str:
    text = getattr(template, STRING_SOURCE_ATTRIBUTE, None)
    if isinstance(text, str):
        return text
    environment = template.environment
    if template.name is None or environment.loader is None:
        return ""
    return environment.loader.get_source(environment, template.name)[0]


def limited(read_text: Callable[[], str]) -> Callable[[], str]:
    """Return a reader that gives an empty text where a text can't be read or is too long to be kept."""

    def read() -> str:
        try:
            text = read_text()
        except Exception:  # a loader is the app's code: whatever it raises must not reach the response
            _logger.warning("a source text can't be read", exc_info=True)
            return ""
        return _encodable(text) if len(text) <= _LONGEST_TEXT else ""

    return read


def _encodable(text: str) -> str:
    """Return a text without lone surrogates, which a file name may have and JSON may not."""
    return text.encode("utf-8", "replace").decode()


def _short_name(filename: str, module: str) -> str:
    """Return the path of a module's file from its top package on: no recording shows where a home folder is."""
    path = PurePath(filename)
    depth = module.count(".") + (2 if path.stem == "__init__" else 1)
    return _encodable("/".join(path.parts[-depth:]))
