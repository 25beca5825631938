"""Knobs turned on a running stream, through real servers and recorders: what acts, what is told, what is refused."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.verdict import judge, sentence
from inspector.catalogue import KNOBS
from inspector.session import Run, Target
from inspector.session.data_folder import SESSIONS_NAME
from tests.needs import each_of
from tests.sessions import Driver, driven


def changes_of(run: Run) -> list[tuple[str, str, str, str]]:
    run.recording.refresh()
    return [(each.side, each.knob, each.before, each.after) for each in run.recording.changes]


def parts_of_last_yield(run: Run) -> int:
    """Return how many parts that are not empty went into the last yield."""
    run.recording.refresh()
    parts, yields = run.recording.tracks["part"], run.recording.tracks["yield"]
    if len(yields) < 2:
        return 0
    start, stop = int(yields.end[-2]), int(yields.end[-1])
    ends = parts.end
    return int(((ends > start) & (ends <= stop)).sum())


def start(driver: Driver, text: str) -> Run:
    run = driver.session.record(Target.parse(text))
    driver.until_marks(run, "read", 3)
    return run


def end(driver: Driver, run: Run) -> None:
    driver.session.stop(run)
    driver.until_ended(run)
    run.recording.close()


@pytest.mark.parametrize("route", ["/timeline", "/timeline-string", "/my-large-page.html"])
def test_that_a_template_buffer_is_turned_both_ways_in_mid_stream(tmp_path: Path, route: str) -> None:
    with driven(tmp_path) as driver:
        run = start(driver, f"{route}?rows=0&delay_ms=2&template_buffer=0")
        assert driver.session.change_knobs(run, {"template_buffer": "50"}) == []
        driver.until(lambda: parts_of_last_yield(run) >= 50, "yields of 50 parts")
        assert driver.session.change_knobs(run, {"template_buffer": "100000"}) == []
        driver.until(lambda: len(changes_of(run)) == 2, "the second change")
        held_at = len(run.recording.tracks["yield"])
        parts_before = len(run.recording.tracks["part"])
        driver.until_marks(run, "part", parts_before + 20)
        assert len(run.recording.tracks["yield"]) <= held_at + 1, "all of it is held"
        assert driver.session.change_knobs(run, {"template_buffer": "0"}) == []
        driver.until(lambda: 0 < parts_of_last_yield(run) <= 2, "unbuffered yields")
        assert changes_of(run) == [
            ("server", "template_buffer", "0", "50"),
            ("server", "template_buffer", "50", "100000"),
            ("server", "template_buffer", "100000", "0"),
        ]
        end(driver, run)
        tracks = run.recording.tracks
        analysis = analysis_of(run.recording.snapshot())
        assert analysis.settings.texts["template_buffer"] == "0", "the settings are those of the end"
        assert "something" not in sentence(judge(analysis)), "nobody is accused of what was turned"
        assert int(tracks["piece"].total_bytes) <= int(tracks["yield"].total_bytes) <= int(tracks["part"].total_bytes)


def test_that_a_long_pause_ends_when_the_delay_is_turned(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=0&delay_ms=60000"))
        driver.until_marks(run, "read", 1)
        assert driver.session.change_knobs(run, {"delay_ms": "1", "jitter": "0"}) == []
        driver.until_marks(run, "read", 20)
        assert driver.session.change_knobs(run, {"delay_ms": "60000"}) == []
        driver.until(lambda: len(changes_of(run)) == 3, "three changes")
        end(driver, run)


@pytest.mark.parametrize("route", ["/large.csv", "/classic/large.csv"])
def test_that_rows_per_yield_and_row_bytes_are_turned(tmp_path: Path, route: str) -> None:
    with driven(tmp_path) as driver:
        run = start(driver, f"{route}?rows=0&delay_ms=1&jitter=0")
        driver.session.change_knobs(run, {"rows_per_yield": "10", "row_bytes": "200"})

        def ten_rows_of_200_bytes() -> bool:
            run.recording.refresh()
            ends = run.recording.tracks["yield"].end
            return len(ends) > 2 and int(ends[-1] - ends[-2]) == 2000

        driver.until(ten_rows_of_200_bytes, "yields of 10 rows of 200 bytes")
        end(driver, run)


@pytest.mark.parametrize("engine", each_of("waitress", "gunicorn-sync"))
def test_that_streams_of_other_engines_are_turned_too(tmp_path: Path, engine: str) -> None:
    with driven(tmp_path) as driver:
        run = start(driver, f"/timeline?rows=0&delay_ms=2&engine={engine}")
        assert driver.session.change_knobs(run, {"template_buffer": "50"}) == []
        driver.until(lambda: parts_of_last_yield(run) >= 50, "yields of 50 parts")
        end(driver, run)


def test_that_the_client_is_turned_by_the_recorder(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = start(driver, "/large.csv?rows=0&delay_ms=1")
        assert driver.session.change_knobs(run, {"client_buffer": "4096", "read_rate": "100000"}) == []
        driver.until(lambda: len(changes_of(run)) == 2, "two changes")

        def piece_of_4096() -> bool:
            run.recording.refresh()
            ends = run.recording.tracks["piece"].end
            return len(ends) > 1 and int(ends[-1] - ends[-2]) == 4096

        driver.until(piece_of_4096, "a piece of 4096 bytes")
        assert {side for side, *_ in changes_of(run)} == {"client"}
        end(driver, run)


def test_that_what_cant_be_turned_is_returned_and_what_is_refused_is_told(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = start(driver, "/large.csv?rows=0&delay_ms=5")
        fixed = {knob.name: str(knob.default) for knob in KNOBS if not knob.live}
        assert driver.session.change_knobs(run, fixed) == list(fixed)
        driver.session.change_knobs(run, {"template_buffer": "5"})
        assert "does not act on /large.csv" in driver.until_notice("live_failed").text
        driver.session.change_knobs(run, {"delay_ms": "-1"})
        assert "delay_ms=-1 is refused" in driver.until_notice("live_failed", 2).text
        assert changes_of(run) == []
        end(driver, run)
        assert driver.session.change_knobs(run, {"delay_ms": "1"}) == ["delay_ms"], "it has ended"


def is_served(driver: Driver, run: Run) -> bool:
    """Ask the server itself whether it still works on a run."""
    line = json.dumps({"token": driver.session._live.token, "id": run.id, "knobs": {}}).encode() + b"\n"
    with socket.create_connection(("127.0.0.1", control_port(driver.session.home)), timeout=10) as connection:
        connection.sendall(line)
        return bool(json.loads(connection.makefile("rb").readline())["ok"])


@pytest.mark.parametrize("limit_bytes", [None, 1])
def test_that_a_view_which_collects_does_not_work_on_when_its_run_has_ended(
    tmp_path: Path, limit_bytes: int | None
) -> None:
    with driven(tmp_path) as driver:
        if limit_bytes:
            run, ending = driver.record("/large.csv?rows=0&delay_ms=60000", max_bytes=limit_bytes)
            assert ending.kind == "over_limit"
        else:
            run = driver.session.record(Target.parse("/in-memory.csv?rows=1600000&delay_ms=0"))
            driver.until_marks(run, "part", 10)
            assert is_served(driver, run)
            end(driver, run)
        driver.until(lambda: not is_served(driver, run), "the view to end")
        run.recording.close()
        assert [notice for notice in driver.notices if notice.severity != "info"] == [], "that is nothing to tell"


def control_port(home: Path) -> int:
    (ready,) = (home / SESSIONS_NAME).glob("*/server.json")
    return int(json.loads(ready.read_bytes())["control_port"])


STRANGERS = (
    b'{"token": "guessed", "id": "x", "knobs": {"delay_ms": "1"}}\n',
    b"POST / HTTP/1.1\r\n",
    b"{}\n",
    b"[]\n",
    b"\xff\n",
    b"[" * 60_000 + b"\n",
    b'{"token": 5}\n',
)


def test_that_nobody_else_gets_an_answer(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        driver.until_ready()
        for line in STRANGERS:
            with socket.create_connection(("127.0.0.1", control_port(tmp_path)), timeout=10) as connection:
                connection.sendall(line)
                assert connection.recv(100) == b"", line[:40]
