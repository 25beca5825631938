"""A run in words: what was streamed, what differs from the defaults, the verdict, the time."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from inspector.analysis.runs.run_summary import RunSummary
from inspector.gui.models.run_card import RunCard, card_of, time_text
from inspector.recording.annotations import Annotations
from inspector.recording.meta import Ending, EndingKind, Meta, RequestMeta
from inspector.session.run_library import LibraryEntry

NOW = datetime.datetime(2026, 11, 21, 14, 3, 7, tzinfo=datetime.UTC)


def card(
    title: str = "/timeline?rows=4",
    knobs: dict[str, str] | None = None,
    *,
    ending: EndingKind | None = "complete",
    label: Annotations | None = None,
    summary: RunSummary | None = None,
    is_live: bool = False,
) -> RunCard:
    meta = Meta(
        id="20261121-140000-0123abcd",
        title=title,
        started_at="2026-11-21T14:00:00Z",
        request=RequestMeta(knobs=knobs or {}),
        ending=Ending(kind=ending, text="Connection refused by http://a/?token=hush", t_ns=1) if ending else None,
    )
    return card_of(LibraryEntry(meta.id, Path(meta.id), meta, label or Annotations(), 1, is_live), summary, NOW)


@pytest.mark.parametrize(
    ("title", "knobs", "route", "text"),
    [
        ("/timeline?rows=5", {"rows": "5"}, "/timeline", "5 rows"),
        ("/timeline?rows=40", {"rows": "40", "delay_ms": "50.0"}, "/timeline", ""),
        ("/my-large-page.html", {"template_buffer": "5"}, "/my-large-page.html", ""),
        (
            "/timeline",
            {"template_buffer": "5", "middleware": "gzip"},
            "/timeline",
            "template buffer 5 items, middlewares gzip",
        ),
        ("/stream?name=World", {"name": "World"}, "/stream", "name World"),
        ("/timeline", {"of_another_version": ""}, "/timeline", "of_another_version none"),
        (
            "https://h:1/a?page=2&token=hush",
            {"client_buffer": "9"},
            "h:1/a",
            "?page=2&token=[redacted], client buffer 9 B",
        ),
        ("http://user:pw@h/a", {}, "redacted@h/a", ""),
    ],
)
def test_that_it_says_what_was_streamed_and_the_knobs_that_differ(
    title: str, knobs: dict[str, str], route: str, text: str
) -> None:
    made = card(title, knobs)
    assert (made.title, made.route, made.knobs) == (route, route, text)
    assert made.below == " · ".join(filter(None, ("14:00:00", text)))


def test_that_a_name_goes_before_the_route() -> None:
    made = card(label=Annotations(name="before the fix", pinned=True, note="slow"), knobs={"rows": "5"})
    assert made.title == "before the fix"
    assert made.below == "14:00:00 · /timeline · 5 rows"
    assert made.accessible_text == "before the fix, …, 14:00:00 · /timeline · 5 rows, pinned, note: slow"
    for word in ("before", "/timeline", "5 rows", "slow"):
        assert word in made.searched


@pytest.mark.parametrize(
    ("kind", "figure", "ending", "expected"),
    [
        ("streams", "4 parts; more", "complete", ("streams", "Streams", "4 parts")),
        ("streams", "4 parts", "stopped", ("streams", "Streams, stopped", "4 parts")),
        (
            "coalesced",
            "A part waits 22 ms (median). And more.",
            "complete",
            ("coalesced", "Buffered", "A part waits 22 ms (median)"),
        ),
        ("held", "5 parts: at the end", "complete", ("held", "Held until the end", "5 parts: at the end")),
        ("of_another_version", "", "complete", ("of_another_version", "Can't tell", "")),
    ],
)
def test_that_the_verdict_is_said_with_its_figure(
    kind: str, figure: str, ending: EndingKind, expected: tuple[str, str, str]
) -> None:
    made = card(ending=ending, summary=RunSummary(kind=kind, figure=figure))
    assert (made.sign, made.verdict, made.figure) == expected


def test_that_a_run_without_a_verdict_says_what_it_is() -> None:
    assert (card(is_live=True, ending=None).sign, card(is_live=True, ending=None).verdict) == ("live", "Live")
    assert card(ending=None).verdict == "Cut short", "its session is dead"
    assert card().verdict == "…"
    failed = card(ending="refused")
    assert (failed.sign, failed.verdict) == ("failed", "Failed")
    assert "hush" not in failed.figure


@pytest.mark.parametrize(
    ("started_at", "text"),
    [
        ("2026-11-21T00:00:01Z", "00:00:01"),
        ("2026-11-20T23:59:59+00:00", "20 Nov 23:59"),
        ("2025-11-21T14:00:00Z", "2025-11-21"),
        ("", ""),
        ("yesterday", ""),
    ],
)
def test_that_today_has_a_time_and_other_days_a_date(started_at: str, text: str) -> None:
    assert time_text(started_at, NOW) == text


def test_that_a_growing_run_is_the_same_card_while_nothing_is_seen_of_it() -> None:
    one, other = card(is_live=True, ending=None), card(is_live=True, ending=None)
    assert one == other
    assert one != card(is_live=True, ending=None, label=Annotations(name="x"))
