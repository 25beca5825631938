"""Finds keywords, strings and comments in Python and Jinja code. No Qt.

Python is read by the standard library's own tokenizer, so a string over many lines is one; Jinja by one pattern, in
which the text between its tags is markup or plain.
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["keyword", "string", "comment", "number", "name", "tag", "delimiter"]


class Span(NamedTuple):
    """Characters ``[start, stop)`` of one line, counted in UTF-16 units as Qt does."""

    start: int
    stop: int
    kind: Kind


_PYTHON_KINDS: dict[int, Kind] = {
    tokenize.STRING: "string",
    tokenize.COMMENT: "comment",
    tokenize.NUMBER: "number",
}
#: Tokens of f-strings since Python 3.12.
for _name in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END"):
    if hasattr(tokenize, _name):
        _PYTHON_KINDS[getattr(tokenize, _name)] = "string"

_JINJA = re.compile(
    r"(?P<comment>\{\#.*?(?:\#\}|\Z)) | (?P<code>\{[{%].*?(?:[%}]\}|\Z)) | (?P<tag></?[A-Za-z][^<>{}]*>?)",
    re.DOTALL | re.VERBOSE,
)
_JINJA_WORDS = re.compile(
    r"""
    (?P<delimiter>\{[{%][-+]?|[-+]?[%}]\}) | (?P<string>"[^"]*"|'[^']*') | (?P<number>\b\d+\b)
  | (?P<word>\b[A-Za-z_]\w*)
    """,
    re.VERBOSE,
)
_JINJA_KEYWORDS = frozenset(
    """
    if elif else endif for endfor in block endblock extends include import from macro endmacro call endcall filter
    endfilter set endset with endwith autoescape endautoescape raw endraw and or not is recursive without context
    ignore missing as do true false none loop super self
    """.split()  # noqa: SIM905  (a list of a hundred quoted words is harder to read)
)


def spans_of(text: str, language: str) -> list[list[Span]]:
    """Return the spans of each line of a file. What can't be read as code is left plain."""
    lines = text.split("\n")
    spans: list[list[Span]] = [[] for _ in lines]
    found = _python(text) if language == "python" else _jinja(text)
    for first, last, kind in found:
        for number in range(first[0], last[0] + 1):
            if not 0 <= number < len(lines):
                continue
            line = lines[number]
            start = first[1] if number == first[0] else 0
            stop = last[1] if number == last[0] else len(line)
            if stop > start:
                spans[number].append(Span(_utf16(line, start), _utf16(line, stop), kind))
    return spans


_Place = tuple[int, int]
_Found = Iterator[tuple[_Place, _Place, Kind]]


def _python(text: str) -> _Found:
    """Yield tokens as places of (line from 0, column)."""
    after_definition = False
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = _PYTHON_KINDS.get(token.type)
            if token.type == tokenize.NAME and keyword.iskeyword(token.string):
                kind = "keyword"
            elif token.type == tokenize.NAME and after_definition:
                kind = "name"
            after_definition = token.string in {"def", "class", "@"}
            if kind is not None:
                yield (token.start[0] - 1, token.start[1]), (token.end[0] - 1, token.end[1]), kind
    except (tokenize.TokenError, SyntaxError):
        # A part of a file, or a newer Python's: what was read so far is coloured.
        return


def _jinja(text: str) -> _Found:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    line = 0

    def place(offset: int) -> _Place:
        nonlocal line
        while line + 1 < len(starts) and starts[line + 1] <= offset:
            line += 1
        while starts[line] > offset:
            line -= 1
        return line, offset - starts[line]

    for found in _JINJA.finditer(text):
        if found.lastgroup != "code":
            kind: Kind = "comment" if found.lastgroup == "comment" else "tag"
            yield place(found.start()), place(found.end()), kind
            continue
        for word in _JINJA_WORDS.finditer(text, found.start(), found.end()):
            if word.lastgroup == "word":
                if word[0] in _JINJA_KEYWORDS:
                    yield place(word.start()), place(word.end()), "keyword"
            elif word.lastgroup == "delimiter":
                yield place(word.start()), place(word.end()), "delimiter"
            else:
                yield place(word.start()), place(word.end()), "string" if word.lastgroup == "string" else "number"


def _utf16(line: str, column: int) -> int:
    return column if line.isascii() else len(line[:column].encode("utf-16-le", "surrogatepass")) // 2
