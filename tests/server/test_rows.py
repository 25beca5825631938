"""The rows and their pace: lazy, bounded, the same for the same seed, and padded to the byte."""

from __future__ import annotations

import inspect
import random
import sqlite3
import threading
from itertools import islice, pairwise

import psutil
import pytest
from flask import Response

from inspector.catalogue import LONGEST_PLAIN_ROW_BYTES, knob_of, parse_knobs, view_of
from server.app import create_app
from server.request_context import ClientLeft, ServerStopping, Waiting
from server.rows import Row, iter_all_rows, rows_asked_for
from server.running_streams import Pauses as LivePauses
from server.running_streams import RunningStream
from tests.served import Wire, serving_gated
from tests.server_process import port_of, server_process


def knobs(**texts: str) -> RunningStream:
    """Return knobs as /large.csv gets them."""
    view = view_of("/large.csv")
    assert view is not None
    return RunningStream(parse_knobs(view, texts), view)


def rows(**texts: str) -> list[Row]:
    """Return rows, without any waiting."""
    return list(iter_all_rows(knobs(**texts), Waiting(threading.Event(), lambda _: False)))


def line(row: Row) -> str:
    """Return a row as /large.csv does."""
    return f"{','.join(row)}\n"


class Pauses:
    """Remembers the pauses it is asked for and ends them at once."""

    def __init__(self) -> None:
        self.asked_s: list[float] = []

    def __call__(self, seconds: float) -> bool:
        self.asked_s.append(seconds)
        return False


def test_that_the_number_of_rows_is_what_is_asked_for() -> None:
    for count in (1, 2, 40):
        for fetch_rows in ("1", "3", "100"):
            for delay_ms in ("0", "1"):
                found = rows(rows=str(count), fetch_rows=fetch_rows, delay_ms=delay_ms)
                assert [row.id for row in found] == [str(number) for number in range(1, count + 1)]


def test_that_rows_are_valid_csv_and_some_need_escaping_and_more_than_ascii() -> None:
    found = rows(rows="500", delay_ms="0")
    text = "".join(map(line, found))
    assert all("," not in field and '"' not in field and field for row in found for field in row)
    assert not text.isascii()
    assert "&" in text
    assert "'" in text
    assert {row.state for row in found} == {"paid", "open", "due"}
    assert all(float(row.amount) >= 0 for row in found)


def test_that_rows_are_the_same_each_time_and_their_names_change_from_row_to_row() -> None:
    found = rows(rows="200", delay_ms="0")
    assert found == rows(rows="200", delay_ms="0", seed="99")
    assert all(one.name != other.name for one, other in pairwise(found))


def test_that_no_row_is_longer_than_the_catalogue_says() -> None:
    some = iter_all_rows(knobs(rows="0", delay_ms="0"), Waiting(threading.Event(), lambda _: False))
    longest_bytes = max(len(line(row).encode()) for row in islice(some, 20_000))
    some.close()
    assert longest_bytes + len(str(knob_of("rows").maximum)) - len("20000") <= LONGEST_PLAIN_ROW_BYTES


@pytest.mark.parametrize("row_bytes", [58, 200, 65_536])
def test_that_a_row_is_padded_to_the_byte_and_never_cut(row_bytes: int) -> None:
    plain = rows(rows="60", delay_ms="0")
    padded = rows(rows="60", delay_ms="0", row_bytes=str(row_bytes))
    for before, after in zip(plain, padded, strict=True):
        assert after[:4] == before[:4]
        assert after.state.rstrip(".") == before.state
        assert len(line(after).encode()) == max(row_bytes, len(line(before).encode()))
    assert rows(rows="60", delay_ms="0", row_bytes="1") == plain


def test_that_rows_come_through_a_cursor_one_fetch_at_a_time() -> None:
    pauses_asked = Pauses()
    source = iter_all_rows(
        knobs(rows="7", fetch_rows="3", delay_ms="10", jitter="0"), Waiting(threading.Event(), pauses_asked)
    )
    seen = []
    for row in source:
        seen.append((row.id, [round(pause_s, 6) for pause_s in pauses_asked.asked_s]))
    assert seen == [
        ("1", [0.02]), ("2", [0.02]), ("3", [0.02]),
        ("4", [0.02, 0.03]), ("5", [0.02, 0.03]), ("6", [0.02, 0.03]),
        ("7", [0.02, 0.03, 0.01]),
    ]  # fmt: skip


def test_that_fetched_rows_arrive_together() -> None:
    with serving_gated() as (served, gate), served.get("/large.csv?rows=5&fetch_rows=2") as wire:
        gate.wait_for_pause(1)
        assert wire.is_silent()
        gate.open()
        assert [wire.chunk()[:2], wire.chunk()[:2]] == [b"1,", b"2,"]
        gate.wait_for_pause(2)
        assert wire.is_silent()
        gate.open()
        assert [wire.chunk()[:2], wire.chunk()[:2]] == [b"3,", b"4,"]
        gate.open()
        assert [chunk[:2] for chunk in wire.chunks()] == [b"5,"]


def test_that_the_same_seed_gives_the_same_pauses_and_another_one_others() -> None:
    def asked(**texts: str) -> list[float]:
        waited = Pauses()
        list(iter_all_rows(knobs(rows="50", **texts), Waiting(threading.Event(), waited)))
        return waited.asked_s

    first = asked(delay_ms="50", jitter="0.2", seed="7")
    random.seed(0)
    assert first == asked(delay_ms="50", jitter="0.2", seed="7")
    assert first != asked(delay_ms="50", jitter="0.2", seed="8")
    assert len(first) == 49
    assert len(set(first)) == 49
    assert all(0.04 <= pause_s <= 0.06 for pause_s in first)
    assert set(asked(delay_ms="50", jitter="0", seed="7")) == {0.05}
    assert asked(delay_ms="0", jitter="1") == []


def test_that_jitter_reaches_from_nothing_to_twice_the_delay_and_keeps_the_mean() -> None:
    pauses = LivePauses(knobs(delay_ms="10", jitter="1", seed="3"))
    found = [pauses.draw()() for _ in range(20_000)]
    assert 0 <= min(found) < 0.0001
    assert 0.0199 < max(found) <= 0.02
    assert abs(sum(found) / len(found) - 0.01) < 0.0002


def test_that_a_stopping_server_ends_rows_during_a_pause_and_between_rows() -> None:
    stop = threading.Event()
    source = iter_all_rows(knobs(rows="0", delay_ms="0"), Waiting(stop, stop.wait))
    next(source)
    stop.set()
    with pytest.raises(ServerStopping):
        next(source)
    paused = iter_all_rows(knobs(rows="0", delay_ms="60000"), Waiting(threading.Event(), lambda _: True))
    next(paused)
    with pytest.raises(ServerStopping):
        next(paused)


@pytest.mark.parametrize("delay_ms", ["0", "60000"])
def test_that_rows_end_once_nobody_reads_them(delay_ms: str) -> None:
    live, stop = knobs(rows="0", delay_ms=delay_ms), threading.Event()
    source = iter_all_rows(live, Waiting(stop, stop.wait))
    next(source)
    live.leave()
    with pytest.raises(ClientLeft):
        next(source)


def test_that_the_database_is_closed_with_the_rows() -> None:
    source = iter_all_rows(knobs(rows="0", delay_ms="0"), Waiting(threading.Event(), lambda _: False))
    next(source)
    local = inspect.getgeneratorlocals(source)
    database, cursor = local["database"], local["cursor"]
    assert database.execute("SELECT 1").fetchone() == (1,)
    source.close()
    for closed in (lambda: database.execute("SELECT 1"), cursor.fetchone):
        with pytest.raises(sqlite3.ProgrammingError):
            closed()


def test_that_the_rows_of_a_request_are_closed_with_its_response_even_where_somebody_keeps_them() -> None:
    app = create_app()
    with app.test_request_context("/large.csv?rows=0&delay_ms=0"):
        assert app.preprocess_request() is None
        source = rows_asked_for()()
        next(source)
        response = app.process_response(Response())
        assert inspect.getgeneratorstate(source) == inspect.GEN_SUSPENDED
        response.close()
        assert inspect.getgeneratorstate(source) == inspect.GEN_CLOSED


def test_that_a_quarter_of_a_million_rows_is_streamed_in_bounded_memory() -> None:
    with (
        server_process() as process,
        Wire(port_of(process), "/large.csv?rows=250000&delay_ms=0&rows_per_yield=1000") as wire,
    ):
        measured = psutil.Process(process.pid)
        rows_seen = wire.chunk().count(b"\n")
        start_bytes = most_bytes = measured.memory_info().rss
        while chunk := wire.chunk():
            rows_seen += chunk.count(b"\n")
            most_bytes = max(most_bytes, measured.memory_info().rss)
            wire.received.clear()
    assert rows_seen == 250_000
    assert most_bytes - start_bytes < 4_000_000
