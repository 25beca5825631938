"""Reads a story from its file (assets/stories/README.md), and says where a mistake is and what is right."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from inspector.catalogue import FIRST_ROUTE, KNOBS, VIEWS, BadKnob, TargetKind, kind_of
from inspector.recording.layers import LAYER_BY_NAME

from .placeholders import PLACEHOLDERS, names_in
from .story import ACTS, PANES, Beside, Step, Story

MOST_BYTES = 64 * 1024
MOST_STEPS = 12
MOST_LETTERS = 240
_GAPS = ("source", "template", "middleware", "server", "framing", "client")
_STORY_KEYS = ("title", "summary", "hint", "target", "knobs", "steps")
_STEP_KEYS = (
    "caption", "question", "target", "knobs", "beside", "act", "point", "pane", "speed", "buttons",
)  # fmt: skip
_BESIDE_KEYS = ("target", "knobs")
_STEP_HEADER = re.compile(r"\s*\[\[\s*steps\s*\]\]")
_LINE_OF_TOML = re.compile(r" \(at line (\d+), column (\d+)\)| \(at end of document\)")


class BadStory(ValueError):
    """A file holds no story; the text names the file, the line and what is right."""


def read_story(path: Path) -> Story:
    """Return the story in a file. Raises `BadStory`."""
    return _Reader(path.name, _text_of(path)).story(path.stem)


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise BadStory(f"{path.name} is not a file.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadStory(f"{path.name} can't be read: {error.strerror or error}.") from None
    if len(content) > MOST_BYTES:
        raise BadStory(f"{path.name} is larger than {MOST_BYTES // 1024} KB, the most that a story may have.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadStory(f"{path.name}, line {line}: this is not UTF-8 text.") from None


class _Reader:
    """Reads one text; ``_at`` is the step that is read, so that a mistake finds its line."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._lines = text.splitlines()
        self._headers = [at for at, line in enumerate(self._lines) if _STEP_HEADER.match(line)]
        self._at: int | None = None

    def story(self, story_id: str) -> Story:
        """Return the story. Raises `BadStory`."""
        try:
            table = tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = _LINE_OF_TOML.search(str(error))
            line = int(found[1]) if found and found[1] else len(self._lines)
            said = _LINE_OF_TOML.sub("", str(error)) if isinstance(error, ValueError) else "Nested too deep"
            raise BadStory(f"{self._name}, line {line}: this is not TOML. {said}.") from None
        self._refuse_unknown(table, _STORY_KEYS, "key")
        title, summary = self._string(table, "title"), self._string(table, "summary")
        for key, text in (("title", title), ("summary", summary)):
            if not text:
                raise self._bad(key, f"a story needs a {key}.")
        hint, target = self._string(table, "hint"), self._string(table, "target")
        knobs = self._knobs(table, "knobs")
        steps = table.get("steps")
        if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
            raise self._bad("steps", "a story needs steps, each begun by [[steps]].")
        if len(steps) > MOST_STEPS:
            raise self._bad("steps", f"a story has at most {MOST_STEPS} steps, this one has {len(steps)}.")
        return Story(story_id, title, summary, hint, self._steps(steps, target, knobs))

    def _steps(self, tables: list[dict[str, Any]], target: str, knobs: dict[str, str]) -> tuple[Step, ...]:
        """Return the steps; each goes on from the one before it, or from the story where it has another target."""
        steps: list[Step] = []
        before_target, before = target, knobs
        for self._at, table in enumerate(tables):
            self._refuse_unknown(table, _STEP_KEYS, "key")
            step_target = self._string(table, "target") or before_target
            kind = self._kind(step_target)
            inherited = before if step_target == before_target else knobs
            texts = {**inherited, **self._knobs(table, "knobs")}
            texts = {name: text for name, text in texts.items() if text != str(kind.default(name))}
            self._check_knobs(kind, texts)
            steps.append(self._step(table, step_target, texts, is_first=not steps))
            before_target, before = step_target, texts
        return tuple(steps)

    def _step(self, table: dict[str, Any], target: str, knobs: dict[str, str], *, is_first: bool) -> Step:
        caption, question = self._sentence(table, "caption"), self._sentence(table, "question")
        if not caption:
            raise self._bad("caption", "a step needs a caption.")
        act = self._one_of(table, "act", ACTS, "stream" if is_first or "target" in table else "stay")
        if is_first and act != "stream":
            raise self._bad("act", 'the first step has to stream: act = "stream".')
        speed = table.get("speed", 1.0)
        if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0.05 <= speed <= 10:
            raise self._bad("speed", "speed is a number from 0.05 to 10.")
        buttons = table.get("buttons", False)
        if not isinstance(buttons, bool):
            raise self._bad("buttons", "buttons is true or false.")
        return Step(
            caption, question, target, knobs, self._beside(table, target, knobs), act, self._point(table),
            self._one_of(table, "pane", PANES, ""), float(speed), buttons,
        )  # fmt: skip

    def _beside(self, table: dict[str, Any], target: str, knobs: dict[str, str]) -> Beside | None:
        """Return run B: as A is but for what the table says."""
        if "beside" not in table:
            return None
        beside = table["beside"]
        if not isinstance(beside, dict):
            raise self._bad("beside", "beside is a table: beside = { knobs = { template_buffer = 0 } }.")
        self._refuse_unknown(beside, _BESIDE_KEYS, "key")
        other = self._string(beside, "target") or target
        kind = self._kind(other)
        texts = {**knobs, **self._knobs(beside, "knobs")}
        if other != target:
            texts = {name: text for name, text in texts.items() if not kind.idle_text(name, texts)}
        texts = {name: text for name, text in texts.items() if text != str(kind.default(name))}
        self._check_knobs(kind, texts)
        return Beside(other, texts)

    # Values

    def _string(self, table: Mapping[str, Any], key: str) -> str:
        text = table.get(key, "")
        if not isinstance(text, str) or len(text) > MOST_LETTERS or not text.isprintable():
            raise self._bad(key, f"{key} is a text of at most {MOST_LETTERS} letters, on one line.")
        return text.strip()

    def _sentence(self, table: Mapping[str, Any], key: str) -> str:
        text = self._string(table, key)
        try:
            names = names_in(text)
        except ValueError:
            raise self._bad(
                key, "a brace in a text begins a placeholder, such as {wait}; write {{ for a brace."
            ) from None
        for name in names:
            base = name.removesuffix("_b")
            if base not in PLACEHOLDERS:
                raise self._bad(key, f"unknown placeholder {{{name}}}. {_closest(base, PLACEHOLDERS)}")
        return text

    def _one_of(self, table: Mapping[str, Any], key: str, words: tuple[Any, ...], default: str) -> Any:
        word = table.get(key, default)
        if word not in words:
            raise self._bad(key, f"{key} is one of {', '.join(filter(None, words))}, not {_shown(word)}.")
        return word

    def _point(self, table: Mapping[str, Any]) -> str:
        point = self._string(table, "point")
        if point and point.partition(".")[0] not in {*_GAPS, *LAYER_BY_NAME}:
            raise self._bad("point", f"unknown place {_shown(point)}. {_closest(point, [*_GAPS, *LAYER_BY_NAME])}")
        return f"{point}.1" if point == "middleware" else point

    def _kind(self, target: str) -> TargetKind:
        kind = kind_of(target)
        if target.startswith(("http://", "https://")):
            return kind
        if not kind.is_served_here:
            raise self._bad("target", f"target is a route, such as {FIRST_ROUTE}, or a URL.")
        if "?" in target:
            raise self._bad("target", "settings stand in knobs, not in the query of target.")
        if not kind.is_app_known:
            raise self._bad(
                "target", f"there is no {_shown(target)}. {_closest(target, [view.route for view in VIEWS])}"
            )
        return kind

    def _knobs(self, table: Mapping[str, Any], key: str) -> dict[str, str]:
        """Return settings as texts; numbers and texts are taken."""
        given = table.get(key, {})
        if not isinstance(given, dict):
            raise self._bad(key, f"{key} is a table: {key} = {{ rows = 40, delay_ms = 50 }}.")
        names = [knob.name for knob in KNOBS]
        for name, value in given.items():
            if name not in names:
                raise self._bad(name, f"unknown setting {_shown(name)}. {_closest(name, names)}")
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise self._bad(name, f"{name} is a number or a text.")
        return {name: str(value) for name, value in given.items()}

    def _check_knobs(self, kind: TargetKind, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            try:
                next(knob for knob in KNOBS if knob.name == name).parse(text)
            except BadKnob as error:
                raise self._bad(name, str(error)) from None
            idle = kind.idle_text(name, texts)
            if idle:
                raise self._bad(name, idle)
        try:
            kind.parse(texts)
        except BadKnob as error:  # such as an endless stream that is held in memory
            raise self._bad("knobs", str(error)) from None

    # Mistakes

    def _refuse_unknown(self, table: Mapping[str, Any], keys: Iterable[str], noun: str) -> None:
        for key in table:
            if key not in keys:
                raise self._bad(key, f"unknown {noun} {_shown(key)}. {_closest(key, keys)}")

    def _bad(self, word: str, text: str) -> BadStory:
        return BadStory(f"{self._name}, line {self._line_of(word)}: {text}")

    def _line_of(self, word: str) -> int:
        """Return the line where a key stands, that of its step or the first where it can't be found."""
        first, stop = 0, self._headers[0] if self._headers else len(self._lines)
        if self._at is not None and self._at < len(self._headers):
            first = self._headers[self._at]
            following = self._headers[self._at + 1 :]
            stop = following[0] if following else len(self._lines)
        is_there: Callable[[str], object] = re.compile(rf"(^|[\s{{,\[.\"']){re.escape(word)}[\"']?\s*[=\].]").search
        at = next((at for at in range(first, stop) if is_there(self._lines[at])), first)
        return at + 1


def _shown(value: object) -> str:
    text = str(value)
    text = "".join(letter if letter.isprintable() else "?" for letter in text[:40])
    return f"{text}..." if len(str(value)) > 40 else text


def _closest(word: str, words: Iterable[str]) -> str:
    known = list(words)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else f"There are {', '.join(known)}."
