"""What one entry of the list of runs shows, made once so that painting and filtering only read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from inspector.analysis.diagnosis.finding import KIND_WORDS
from inspector.analysis.runs.run_summary import RunSummary
from inspector.catalogue import BadKnob, kind_of, knob_of
from inspector.gui.style.run_states import STATE_OF_ENDING, RunState
from inspector.recording.meta import EndingKind, Meta
from inspector.recording.redaction import redacted_text
from inspector.session.run_library import LibraryEntry

_WORDS: dict[str, str] = {str(kind): words for kind, words in KIND_WORDS.items()}
_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class RunCard:
    """One run in words. ``sign`` is the kind of its verdict, ``live``, ``failed``, or "" while there is none."""

    entry: LibraryEntry = field(compare=False)  # a live one grows, which nobody sees
    title: str
    route: str
    knobs: str
    sign: str
    verdict: str
    figure: str
    time: str
    note: str
    is_pinned: bool
    sparkline: tuple[int, ...] = ()
    sentence: str = ""
    searched: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """The recording's id."""
        return self.entry.id

    @property
    def request(self) -> str:
        """What was streamed where the title does not tell, and the knobs."""
        return " · ".join(filter(None, (self.route if self.title != self.route else "", self.knobs)))

    @property
    def below(self) -> str:
        """The same with the time before it."""
        return " · ".join(filter(None, (self.time, self.request)))

    @property
    def accessible_text(self) -> str:
        """All that the card says, in one line."""
        marks = ["pinned" if self.is_pinned else "", f"note: {self.note}" if self.note else ""]
        figure = f": {self.figure}" if self.figure else ""
        return ", ".join(filter(None, (self.title, f"{self.verdict}{figure}", self.below, *marks)))


def card_of(entry: LibraryEntry, summary: RunSummary | None, now: datetime.datetime) -> RunCard:
    """Return the card of a run as it is seen at a time of day."""
    meta = entry.meta
    route = route_text(meta) or entry.id
    knobs = knobs_text(meta) if meta else ""
    sign, verdict, figure = _judged(entry, summary)
    title, note, sentence = entry.annotations.name or route, entry.annotations.note, summary.sentence if summary else ""
    time = time_text(meta.started_at if meta else "", now)
    return RunCard(
        entry, title, route, knobs, sign, verdict, figure, time, note, entry.annotations.pinned,
        tuple(summary.sparkline) if summary else (), sentence,
        searched=" ".join((title, route, knobs, verdict, sentence, time, note)).lower(),
    )  # fmt: skip


def route_text(meta: Meta | None) -> str:
    """Return what was streamed, without its query: a route, or a URL without its scheme and secrets."""
    title = redacted_text(meta.title).partition("?")[0] if meta else ""
    scheme = next((one for one in _SCHEMES if title.startswith(one)), "")
    return title.removeprefix(scheme)


def knobs_text(meta: Meta) -> str:
    """Return the knobs that differ from the defaults of what was streamed, after the query of a URL.

    ``200 rows, template buffer 50 items``; ``?page=2, client buffer 4,096 B``.
    """
    _, mark, query = redacted_text(meta.title).partition("?")
    knobs = [_named(name, text) for name, text in meta.request.knobs.items() if _differs(meta, name)]
    return ", ".join([f"?{query}", *knobs] if mark and kind_of(meta.title).keeps_query else knobs)


def _named(name: str, text: str) -> str:
    try:
        return knob_of(name).named(text)
    except BadKnob:  # of another version
        return f"{name} {text or 'none'}"


def time_text(started_at: str, now: datetime.datetime) -> str:
    """Return ``14:03:07`` of today, ``20 Nov 14:03`` of another day of this year, else the date; "" for no time."""
    try:
        started = datetime.datetime.fromisoformat(started_at).astimezone(now.tzinfo)
    except ValueError:
        return ""
    if started.date() == now.date():
        return f"{started:%H:%M:%S}"
    return f"{started.day} {started:%b %H:%M}" if started.year == now.year else f"{started:%Y-%m-%d}"


def _differs(meta: Meta, name: str) -> bool:
    kind, text = kind_of(meta.title), meta.request.knobs[name]
    try:
        knob = knob_of(name)
        if knob.is_optional:
            return True
        return knob.parse(text) != knob.parse(str(kind.default(name)))
    except (BadKnob, ValueError, KeyError):
        return True  # of another version, or without a default


def _judged(entry: LibraryEntry, summary: RunSummary | None) -> tuple[str, str, str]:
    """Return sign, words and figure of the verdict."""
    if entry.is_live:
        return "live", RunState.LIVE.value.word, ""
    ending = entry.meta.ending if entry.meta else None
    if ending is None:
        return "cut_short", RunState.CUT_SHORT.value.word, "it has no ending"
    if STATE_OF_ENDING[ending.kind] is RunState.FAILED:
        return "failed", RunState.FAILED.value.word, redacted_text(ending.text)
    if summary is None:
        return "", "…", ""
    words = summary.headline or _WORDS.get(summary.kind, _WORDS["unknown"])
    figure = summary.figure.partition(". ")[0].partition(";")[0].removesuffix(".")
    return summary.kind, f"{words}{_early_end(ending.kind)}", figure


def _early_end(kind: EndingKind) -> str:
    return ", stopped" if STATE_OF_ENDING[kind] is RunState.STOPPED else ""
