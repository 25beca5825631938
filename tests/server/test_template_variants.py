"""The lumps of Jinja2: which of the timeline's templates hold their rows, seen on the wire while rows are made."""

from __future__ import annotations

import pytest

from inspector.catalogue import knob_of
from server.template_variants import PLAIN, TEMPLATES
from tests.served import serving, serving_gated

#: One piece for the whole list; the others are many pieces, all of them late.
ONE_PIECE = ["macro", "filter", "super", "recursive"]
LATE_PIECES = ["length", "without-context", "async"]
ROWS = "/timeline?rows=3&template="


def row_count(data: bytes) -> int:
    return data.count(b"<li>")


def test_that_there_is_a_template_for_each_value_of_the_knob() -> None:
    assert knob_of("template").choices == (PLAIN, *TEMPLATES)


def test_that_the_plain_template_sends_each_row_before_the_next_is_made() -> None:
    with serving_gated() as (served, gate), served.get(f"{ROWS}plain") as wire:
        sent = b""
        for row in (1, 2):
            gate.wait_for_pause(row)
            while not wire.is_silent():
                sent += wire.chunk()
            assert sent.count(b"</li>") == row
            gate.open()
        assert row_count(sent + b"".join(wire.chunks())) == 3


@pytest.mark.parametrize("variant", [*ONE_PIECE, *LATE_PIECES])
def test_that_no_row_is_sent_before_the_last_is_made(variant: str) -> None:
    with serving_gated() as (served, gate), served.get(f"{ROWS}{variant}") as wire:
        early = b""
        for row in (1, 2):
            gate.wait_for_pause(row)
            while not wire.is_silent():
                early += wire.chunk()
            gate.open()
        late = wire.chunks()
    assert b"</li>" not in early
    assert b"<b>" not in early
    # What stands before the list is sent at once, but for the async environment.
    assert (b"<h1>Timeline</h1>" in early) is (variant != "async")
    assert row_count(early + b"".join(late)) == 3
    lumps = [row_count(piece) for piece in late if row_count(piece)]
    if variant in ONE_PIECE:
        assert lumps == [3]
    else:
        assert len(late) > 20
        assert max(lumps) == 1


@pytest.mark.parametrize("variant", [*ONE_PIECE, *LATE_PIECES])
def test_that_a_lump_says_the_same_as_the_plain_template(variant: str) -> None:
    with serving() as served:
        texts = []
        for name in (PLAIN, variant):
            with served.get(f"/timeline?rows=13&delay_ms=0&template={name}") as wire:
                texts.append(wire.text())
    plain, lump = texts
    assert lump.startswith('<!doctype html>\n<html lang="en">')
    for text in (plain, lump):
        assert text.count("<li>") == 13
        assert "Łukasz &amp; Synowie" in text
        assert "Jack O&#39;Neill" in text


def test_that_a_template_buffer_joins_the_pieces_of_a_lump_too() -> None:
    with serving() as served, served.get("/timeline?rows=3&delay_ms=0&template=macro&template_buffer=1000") as wire:
        assert len(wire.chunks()) == 1


def test_that_an_async_template_can_be_streamed_again() -> None:
    with serving() as served:
        bodies = []
        for _ in range(2):
            with served.get("/timeline?rows=3&delay_ms=0&template=async") as wire:
                bodies.append(wire.body())
            served.wait_for_closed_response()
    assert bodies[0] == bodies[1]
