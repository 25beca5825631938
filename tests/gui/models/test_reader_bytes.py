"""What the reader has by the numbers of recordings made by hand: here, made, known, new."""

from __future__ import annotations

from pathlib import Path

from inspector.gui.models.document import Document
from inspector.gui.models.reader_bytes import ReaderBytes
from inspector.recording.folder import Recording
from tests.growing_recording import PERIOD_NS, GrowingRecording
from tests.sample_recording import write_sample


def test_that_a_replay_shows_what_was_made_and_is_not_here_yet(document: Document, tmp_path: Path) -> None:
    write_sample(tmp_path / "r", [b"one\n", b"two2\n", b"three\n"], parts_per_yield=2)
    document.show(Recording(tmp_path / "r"))
    document.set_moment(21_010_000)  # the second is yielded at 21 ms, and written 30 us later
    has = ReaderBytes.of(document)
    assert (has.here, has.made, has.missing, has.known) == (4, 9, 5, 15)
    document.set_moment(22_000_000)
    has = ReaderBytes.of(document)
    assert (has.here, has.missing) == (9, 0)
    assert (has.new_from, has.just_come_from) == (0, 0)
    assert not has.has_ended


def test_that_what_came_long_ago_is_not_new(document: Document, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "r")
    for _ in range(60):
        made.add_chunk(b"row\n")
    made.end()
    document.show(Recording(made.folder))
    document.set_moment(50 * PERIOD_NS)
    has = ReaderBytes.of(document)
    assert (has.here, has.new_from, has.just_come_from) == (200, 4 * 9, 4 * 37)
    document.set_moment(None)
    has = ReaderBytes.of(document)
    assert has.has_ended
    assert has.new_from == has.just_come_from == has.here == 240


def test_that_nothing_is_said_of_an_app_that_cannot_be_seen(document: Document, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "r")
    made.add_chunk(b"row\n", tapped=False)
    document.show(Recording(made.folder))
    has = ReaderBytes.of(document)
    assert has.made is None
    assert has.missing == 0


def test_that_a_character_of_which_a_part_is_here_is_held_back_until_the_end(
    document: Document, tmp_path: Path
) -> None:
    made = GrowingRecording(tmp_path / "r")
    made.add_chunk("20 €".encode()[:-1])
    document.show(Recording(made.folder))
    has = ReaderBytes.of(document)
    assert (has.here, has.whole_characters) == (5, 3)
    made.end()
    document.follow_up()
    assert ReaderBytes.of(document).whole_characters == 5


def test_that_a_complete_response_lacks_nothing_and_a_cut_one_what_never_came(
    document: Document, tmp_path: Path
) -> None:
    sample = write_sample(tmp_path / "r", [b"one\n", b"two2\n"], gzip=True)
    document.show(Recording(sample.folder))
    assert ReaderBytes.of(document).missing == 0
    has_at_once = ReaderBytes.of(document)
    assert has_at_once.made == has_at_once.here == 9


def test_that_nothing_is_held_back_where_each_byte_is_a_character(document: Document, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "r", content_type="text/plain; charset=iso-8859-1")
    made.add_chunk("Zoë".encode("latin-1"))
    document.show(Recording(made.folder))
    assert ReaderBytes.of(document).whole_characters == 3
