"""Makes harmless rich text of a page's HTML: known elements without attributes, bounded in number and depth. No Qt.

A page may come from anywhere. What is not in the tables below is left out, so there is nothing to load, to run or to
click, and nothing that takes long to lay out. Every look for an end that is not there ends the reading, as it does in a
browser that waits for more of the page: so the cost is one pass over what there is.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from markupsafe import Markup, escape

#: More of a page is not read, and more elements and characters of it are not drawn: they would stop the window.
MOST_BYTES = 256 << 10
MOST_ELEMENTS = 1_500
MOST_CHARACTERS = 64_000
_DEEPEST = 24
_DEEPEST_TABLES = 3
_MOST_CELLS_ACROSS = 64
#: A longer word may be broken anywhere: where it may not, the cost of its layout is the square of its length.
_LONG_WORD = re.compile(r"\S{60}")
_MAY_BREAK = "\u200b"

_KEPT = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "div", "table",
    "tr", "td", "th", "b", "strong", "i", "em", "u", "s", "code", "kbd", "samp", "small", "sub", "sup",
})  # fmt: skip
#: Elements with another name here, and those that close themselves.
_SAID_AS = {
    "section": "div", "article": "div", "main": "div", "header": "div", "footer": "div", "nav": "div", "aside": "div",
    "form": "div", "a": "u", "mark": "b", "caption": "div", "figure": "div", "figcaption": "div",
}  # fmt: skip
_EMPTY = {"br": Markup("<br>"), "hr": Markup("<hr>")}
#: What is in these is no text of the page.
_LEFT_OUT = frozenset({
    "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "select", "head",
})  # fmt: skip
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


class _Page:
    """The markup of a page as it is put together."""

    def __init__(self) -> None:
        self.found: list[Markup] = []
        self.open: list[str] = []
        self.elements = 0
        self.characters = 0
        self.across = 0
        self._text: list[str] = []

    @property
    def is_full(self) -> bool:
        return self.elements >= MOST_ELEMENTS or self.characters >= MOST_CHARACTERS

    def say(self, text: str) -> None:
        """Add text, as much of it as may be drawn."""
        text = text[: MOST_CHARACTERS - self.characters]
        if "pre" in self.open:
            lines = text.split("\n")[: MOST_ELEMENTS - self.elements]
            self.elements += len(lines)
            text = "\n".join(lines)
        self.characters += len(text)
        self._text.append(text)

    def add(self, markup: Markup) -> None:
        """Add what is markup, after the text before it."""
        self.flush()
        self.found.append(markup)

    def flush(self) -> None:
        """Add the text that was said, for the place where it was said."""
        text = unescape("".join(self._text))
        if not text.strip() and "pre" not in self.open:
            # Between the cells of a table, Qt would make lines of it.
            text = "" if self.open[-1:] in (["table"], ["tr"]) else text[:1]
            self.found.append(escape(text))
        elif text:
            self.found += [escape(_MAY_BREAK), escape(_LONG_WORD.sub(rf"\g<0>{_MAY_BREAK}", text))]
        self._text = []

    def begin(self, name: str) -> None:
        """Begin an element, unless it would be too deep or has no place here."""
        self.elements += 1
        self.flush()
        self._make_way_for(name)
        if len(self.open) >= _DEEPEST or (name == "table" and self.open.count("table") >= _DEEPEST_TABLES):
            return
        if name in ("td", "th"):
            self.across += 1
            if self.across > _MOST_CELLS_ACROSS or "tr" not in self.open:
                return
        if name == "tr":
            self.across = 0
            if "table" not in self.open:
                return
        self.open.append(name)
        self.add(Markup("<table cellpadding=3>") if name == "table" else Markup("<{}>").format(name))

    def _make_way_for(self, name: str) -> None:
        """Close what a browser closes by itself: a row before a row, an item before an item."""
        closes = {"td": ("td", "th"), "th": ("td", "th"), "tr": ("tr",), "li": ("li",), "p": ("p",),
                  "dt": ("dt", "dd"), "dd": ("dt", "dd")}.get(name, ())  # fmt: skip
        stops = {"li": ("ul", "ol"), "p": ("td", "th", "div", "li")}.get(name, ("table", "dl"))
        for each in reversed(self.open):
            if each in stops:
                return
            if each in closes:
                self.end(each)
                return

    def end(self, name: str) -> None:
        """End an element and all in it; nothing where it was not begun."""
        self.flush()
        if name not in self.open:
            return
        while self.open:
            last = self.open.pop()
            self.add(Markup("</{}>").format(last))
            if last == name:
                return


class PageMarkup(NamedTuple):
    """What can be drawn of a page, and whether that is all that there was."""

    markup: Markup
    is_whole: bool


def page_markup(html: str) -> PageMarkup:
    """Return what can be drawn of the beginning of a page, with what is open at its end closed."""
    page = _Page()
    at = 0
    while at < len(html) and not page.is_full:
        start = html.find("<", at)
        page.say(html[at:] if start < 0 else html[at:start])
        if start < 0:
            break
        after = _take_markup(page, html, start)
        if after is None:
            break
        at = after
    while page.open:
        page.end(page.open[-1])
    page.flush()
    return PageMarkup(Markup().join(page.found), not page.is_full)


def _take_markup(page: _Page, html: str, start: int) -> int | None:
    """Take in what begins with ``<``; return where it ends, None where its end is not there yet."""
    if html.startswith("<!--", start):
        return _after(html, "-->", start + 4)
    if html.startswith(("<!", "<?"), start):
        return _after(html, ">", start)
    tag = _TAG.match(html, start)
    if tag is None:
        if re.compile("</?[a-zA-Z]").match(html, start):
            return None
        page.say("<")
        return start + 1
    closing, name = bool(tag[1]), tag[2].lower()
    if name in _LEFT_OUT and not closing:
        found = re.compile(rf"</{name}\b", re.IGNORECASE).search(html, tag.end())
        return _after(html, ">", found.end()) if found is not None else None
    name = _SAID_AS.get(name, name)
    if name in _EMPTY:
        page.elements += 1
        page.add(_EMPTY[name])
    elif name == "img" and not closing:
        page.elements += 1
        alt = _ALT.search(tag[3])
        page.say(f"[image{f': {alt[1] or alt[2]}' if alt is not None and (alt[1] or alt[2]) else ''}]")
    elif name in _KEPT and closing:
        page.end(name)
    elif name in _KEPT:
        page.begin(name)
    return tag.end()


def _after(html: str, end: str, at: int) -> int | None:
    found = html.find(end, at)
    return found + len(end) if found >= 0 else None
