"""Sweeps by a real session: what runs in which order, what is refused first, and what stays of one that was ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.analysis.runs.run_summary import read_summary
from inspector.catalogue import knob_of
from inspector.recording.annotations import read_annotations
from inspector.recording.meta import Ending, read_meta
from inspector.session import BadKnob, BadTarget, DiskTrouble, Target
from inspector.session.sweep_runner import NeverEnds, SweepRunner, knobs_of_target, presets_of, values_of_knob
from tests.needs import needs
from tests.sessions import Driver, driven


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One session for all tests."""
    with driven(tmp_path_factory.mktemp("home")) as driver:
        driver.until_ready()
        yield driver


def until_done(driver: Driver, sweep: SweepRunner) -> SweepRunner:
    def polled() -> bool:
        sweep.poll()
        return sweep.is_done

    driver.until(polled, "the end of the sweep")
    return sweep


def until_running(driver: Driver, sweep: SweepRunner, name: str) -> Path:
    """Poll until the run of this name receives; return its folder."""
    found: list[Path] = []

    def runs() -> bool:
        sweep.poll()
        folders = [path.parent for path in driver.session.spool.glob("*/read.marks")]
        found[:] = [each for each in folders if read_annotations(each).name == name and ending_of(each) is None]
        return bool(found)

    driver.until(runs, name)
    return found[0]


def ending_of(folder: Path) -> Ending | None:
    meta = read_meta(folder)
    return meta.ending if meta else None


def test_that_values_run_interleaved_and_each_is_a_recording_like_any_other(shared: Driver) -> None:
    before = set(shared.session.spool.iterdir())
    sweep = SweepRunner(
        shared.session, "/timeline?rows=4", {"delay_ms": "1"}, "template_buffer", ["0", "05", "5", "100"], repeat=2
    )
    assert (sweep.progress.done, sweep.progress.total, sweep.progress.seconds_left) == (0, 6, None)
    assert sweep.current == ("0", 1)
    until_done(shared, sweep)
    assert sweep.is_complete
    assert [(point.value, point.repetition) for point in sweep.points] == [
        ("0", 1), ("5", 1), ("100", 1), ("0", 2), ("5", 2), ("100", 2),
    ]  # fmt: skip
    assert (sweep.progress.done, sweep.progress.seconds_left) == (6, 0.0)
    assert until_done(shared, sweep).current is None
    for point in sweep.points:
        meta = read_meta(point.folder)
        assert meta is not None
        assert meta.request.knobs == {"rows": "4", "delay_ms": "1", "template_buffer": point.value}
        assert read_annotations(point.folder).name == f"{point.value} items · {point.repetition} of 2"
        assert read_summary(point.folder) == point.summary
        assert point.run_id == point.folder.name
    chunks = [point.summary.chunks for point in sweep.points if point.summary]
    assert chunks[0] > chunks[1] > chunks[2] == 1
    assert [point.summary.server_cpu_ms is not None for point in sweep.points if point.summary] == [True] * 6
    assert set(shared.session.spool.iterdir()) - before == {point.folder for point in sweep.points}, (
        "no warm-up is left"
    )


@pytest.mark.parametrize(
    ("target", "knobs", "knob", "values", "error", "words"),
    [
        ("/timeline", {}, "template_buffer", ["0", "1"], BadKnob, "template_buffer=1 is refused"),
        ("/timeline", {}, "speed", ["0"], BadKnob, "'speed' is not a setting"),
        ("/timeline", {"rows": "many"}, "seed", ["1"], BadKnob, "rows=many is refused"),
        ("/timelime", {}, "rows", ["5"], BadTarget, "Did you mean /timeline"),
        ("/large.csv", {}, "template_buffer", ["0"], BadKnob, "does nothing on /large.csv. Its settings are rows,"),
        ("http://127.0.0.1:1/", {}, "rows", ["5"], BadKnob, "does nothing on a URL. Its settings are client_buffer,"),
        ("/timeline", {}, "rows", ["5", "0"], NeverEnds, "never ends"),
        ("/timeline?rows=0", {}, "seed", ["5"], NeverEnds, "never ends"),
        ("/in-memory.csv", {}, "rows", ["5", "0"], BadKnob, "collects the whole body first"),
        ("/timeline", {}, "send_bytes", ["9"], BadKnob, "does nothing with engine=werkzeug. It acts with"),
        ("/timeline", {}, "proxy_gzip", ["on"], BadKnob, "does nothing with proxy=none. It acts with proxy=nginx"),
        ("/timeline", {}, "engine", ["apache"], BadKnob, "engine=apache is refused"),
        ("/timeline", {}, "rows", [], BadKnob, "needs a value"),
    ],
)
def test_that_what_can_not_run_is_refused_before_anything_runs(
    shared: Driver, target: str, knobs: dict[str, str], knob: str, values: list[str], error: type[Exception], words: str
) -> None:
    before = set(shared.session.spool.iterdir())
    with pytest.raises(error, match=words.replace("?", r"\?")):
        SweepRunner(shared.session, target, knobs, knob, values)
    assert set(shared.session.spool.iterdir()) == before


@pytest.mark.parametrize("repeat", [0, -1, 101])
def test_that_a_number_of_repetitions_has_its_range(shared: Driver, repeat: int) -> None:
    with pytest.raises(BadKnob, match="1 to 100 repetitions"):
        SweepRunner(shared.session, "/timeline", {}, "rows", ["5"], repeat=repeat)


def test_that_cancelling_stops_the_run_and_keeps_what_was_recorded(shared: Driver) -> None:
    sweep = SweepRunner(shared.session, "/large.csv?delay_ms=5", {}, "rows", ["2", "5000", "7"])
    folder = until_running(shared, sweep, "5,000 rows")
    sweep.cancel()
    sweep.cancel()
    assert sweep.is_done
    assert not sweep.is_complete
    assert [point.value for point in sweep.points] == ["2"]
    shared.until(lambda: ending_of(folder), "the ending of the run under way")
    ending = ending_of(folder)
    assert ending is not None
    assert ending.kind == "stopped"
    sweep.poll()
    assert sweep.progress.seconds_left is None


def test_that_a_run_that_takes_the_session_cancels_the_sweep(shared: Driver) -> None:
    sweep = SweepRunner(shared.session, "/large.csv?delay_ms=5", {}, "rows", ["5000", "7"])
    until_running(shared, sweep, "5,000 rows")
    run = shared.session.record(Target.parse("/large.csv?rows=3&delay_ms=1"))
    until_done(shared, sweep)
    assert sweep.points == []
    assert not sweep.is_complete
    assert shared.until_ended(run).kind == "complete"
    run.recording.close()


@pytest.mark.parametrize(
    ("target", "limit", "failure"),
    [
        ("/stream?delay_ms=1", None, "closed the connection early"),
        ("/stream-checked?delay_ms=1", None, "The server answered 400."),
        ("/large.csv?delay_ms=20&rows=5000", 0.15, "0.15 s"),
        ("/large.csv?delay_ms=20&rows=0", 0.15, ""),
    ],
)
def test_that_runs_that_failed_say_why_and_a_limit_ends_an_endless_one_well(
    shared: Driver, target: str, limit: float | None, failure: str
) -> None:
    sweep = until_done(shared, SweepRunner(shared.session, target, {}, "seed", ["1"], max_seconds=limit))
    (point,) = sweep.points
    assert point.summary is not None
    assert sweep.is_complete == point.is_good == (failure == "")
    assert failure in point.failure


def test_that_a_url_is_swept_by_the_clients_knobs(shared: Driver) -> None:
    url = f"{shared.session.base_url}/large.csv?rows=20&delay_ms=2&row_bytes=100"
    sweep = until_done(shared, SweepRunner(shared.session, url, {}, "client_buffer", ["0", "500"]))
    assert sweep.is_complete
    pieces = [point.summary.items["piece"] for point in sweep.points if point.summary]
    assert pieces[0] > pieces[1]


@needs("waitress")
def test_that_engines_are_swept_each_by_a_process_that_has_answered_before(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        sweep = SweepRunner(driver.session, "/large.csv?rows=2&delay_ms=0", {}, "engine", ["werkzeug", "waitress"])
        until_done(driver, sweep)
        assert sweep.is_complete
        assert any(name.startswith("waitress") for name in driver.session.child_pids)
        assert set(driver.session.spool.iterdir()) == {point.folder for point in sweep.points}


def test_that_a_full_disk_ends_it_with_its_sentence(shared: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskTrouble("The disk is full.")

    sweep = SweepRunner(shared.session, "/large.csv", {}, "rows", ["2"])
    monkeypatch.setattr(shared.session, "record", full)
    sweep.poll()
    assert (sweep.is_done, sweep.is_complete, sweep.trouble) == (True, False, "The disk is full.")


def test_that_a_folder_that_vanished_is_a_point_without_figures(shared: Driver) -> None:
    sweep = SweepRunner(shared.session, "/large.csv?delay_ms=5", {}, "rows", ["5000"])
    folder = until_running(shared, sweep, "5,000 rows")
    # Moved in one step: while it is emptied its writers could still make files in it.
    folder.rename(shared.session.home / "vanished")
    until_done(shared, sweep)
    assert not sweep.is_complete


def test_that_presets_are_those_that_run_here_and_end() -> None:
    buffer, rows, middleware = (knob_of(name) for name in ("template_buffer", "rows", "middleware"))
    assert presets_of(buffer) == ("0", "2", "5", "10", "50", "100", "500", "1000", "100000")
    assert presets_of(knob_of("rows_per_yield"))[0] == "1"
    assert values_of_knob("presets", buffer, "/timeline", {}) == list(presets_of(buffer))
    assert "0" not in values_of_knob("presets", rows, "/timeline", {})
    assert values_of_knob("0", rows, "/timeline", {}) == ["0"], "what is named stays, to be refused with a reason"
    assert values_of_knob("none; gzip,rechunk:64", middleware, "/timeline", {}) == ["", "gzip,rechunk:64"]


def test_that_every_view_has_its_knobs_and_a_url_those_of_the_client() -> None:
    assert "template_buffer" in knobs_of_target(Target.parse("/timeline?rows=5"))
    assert "template_buffer" not in knobs_of_target(Target.parse("/large.csv"))
    assert knobs_of_target(Target.parse(":5000/timeline"))[0] == "client_buffer"
