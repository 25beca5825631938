"""The gap with the wait is tall: found at once, kept while others come near it, and given up when another is longer."""

from __future__ import annotations

from inspector.gui.views.ladder.tall_gap import TallGap


def _followed(tall: TallGap, times: int, accused: str = "", *, is_live: bool = True, **waits_ms: float) -> str:
    for _ in range(times):
        tall.follow(waits_ms, accused, is_live=is_live)
    return tall.gap_id


def test_that_no_gap_is_tall_while_nothing_waits() -> None:
    assert not _followed(TallGap(), 20, template=0.01, server=0.3)


def test_that_the_first_gap_that_holds_is_tall_at_once() -> None:
    assert _followed(TallGap(), 1, template=0.01, server=3.0) == "server"


def test_that_two_gaps_that_are_much_alike_do_not_take_turns() -> None:
    tall, seen = TallGap(), set()
    for at in range(50):
        seen.add(_followed(tall, 1, template=10.0 + at % 3, server=11.0))
    assert seen == {"server"}


def test_that_a_gap_that_stays_clearly_longer_takes_over() -> None:
    tall = TallGap()
    _followed(tall, 1, template=10.0, server=1.0)
    assert _followed(tall, 3, template=10.0, server=40.0) == "template"
    assert _followed(tall, 1, template=10.0, server=2.0) == "template"
    assert _followed(tall, 3, template=10.0, server=40.0) == "template", "not in a row"
    assert _followed(tall, 10, template=10.0, server=40.0) == "server"


def test_that_an_accused_gap_comes_before_one_that_waits_longer() -> None:
    tall = TallGap()
    assert _followed(tall, 1, accused="template", template=10.0, server=40.0) == "template"
    assert _followed(tall, 1, accused="template", template=0.2, server=40.0) == "template"


def test_that_a_finished_run_has_its_tall_gap_at_once() -> None:
    tall = TallGap()
    _followed(tall, 1, template=10.0, server=1.0)
    assert _followed(tall, 1, is_live=False, template=10.0, server=12.0) == "server"


def test_that_it_stays_over_the_beginning_of_another_run() -> None:
    tall = TallGap()
    _followed(tall, 1, template=10.0)
    assert _followed(tall, 5) == "template"
    assert _followed(tall, 1, server=5.0) == "server", "a recording without that gap"
