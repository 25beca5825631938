"""What the verdict says of real runs whose cause is set up here: by what stood there, and by what is in force."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from inspector.analysis.diagnosis.finding import Verdict
from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.verdict import judge, sentence
from inspector.session import Run, Target
from tests.capture.raw_server import Connection, raw_server
from tests.judged_runs import judged
from tests.sessions import Driver, driven


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One session for all runs."""
    with driven(tmp_path_factory.mktemp("home")) as driver:
        driver.until_ready()
        yield driver


def verdict_on(driver: Driver, run: Run) -> Verdict:
    """Stop a run and judge it with what was changed meanwhile."""
    driver.session.stop(run)
    driver.until_ended(run)
    recording = run.recording
    assert recording.meta is not None
    verdict = judge(analysis_of(recording.snapshot()))
    recording.close()
    return verdict


def test_that_a_template_is_not_blamed_for_a_source_that_fetches_all_at_once(shared: Driver) -> None:
    blamed = judged(shared, "/timeline?rows=10&delay_ms=70&template=macro").verdict
    assert (blamed.kind, blamed.culprit) == ("held", "the macro in the template")
    either = judged(shared, "/timeline?rows=10&delay_ms=70&template=macro&fetch_rows=10").verdict
    assert "macro in the template" not in sentence(either)
    assert either.cure is None
    mostly = judged(shared, "/timeline?rows=40&delay_ms=20&fetch_rows=40").verdict
    assert mostly.headline == "Most came at the end"


def test_that_a_buffer_of_the_client_is_named_by_what_is_in_force(shared: Driver) -> None:
    run = shared.session.record(Target.parse("/timeline?rows=0&delay_ms=10&client_buffer=64"))
    shared.until_marks(run, "piece", 5)
    assert shared.session.change_knobs(run, {"client_buffer": "1024"}) == []
    shared.until(lambda: run.recording.refresh() is not None and bool(run.recording.changes), "the change")
    before = len(run.recording.tracks["piece"])
    shared.until_marks(run, "piece", before + 6)
    verdict = verdict_on(shared, run)
    assert (verdict.layer, verdict.since) == ("client", "client_buffer=1024")
    assert verdict.culprit == "the client's buffer of 1,024 bytes"
    assert "since you set the client buffer to 1,024 B" in sentence(verdict)


def test_that_a_slow_reader_of_an_address_is_named(shared: Driver) -> None:
    def steady(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(60):
            connection.send(b"14\r\n" + b"x" * 20 + b"\r\n")
        connection.send(b"0\r\n\r\n")

    with raw_server(steady) as url:
        slow, _ = shared.record(f"{url}/?read_rate=1000")
        fast, _ = shared.record(url)
    assert slow.recording.meta is not None
    assert fast.recording.meta is not None
    found = judge(analysis_of(slow.recording.snapshot()))
    assert sentence(found).startswith("Slow reader. The client takes")
    assert found.cure == {"read_rate": "0"}
    assert judge(analysis_of(fast.recording.snapshot())).kind != "back_pressure"
    for run in (slow, fast):
        run.recording.close()


def test_that_a_length_says_nothing_of_another_peoples_server_and_its_silence_is_told(shared: Driver) -> None:
    pause = threading.Event()

    def in_two(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")
        pause.wait(0.4)  # the silence itself
        connection.send(b"56789")

    with raw_server(in_two) as url:
        run, _ = shared.record(url)
    assert run.recording.meta is not None
    verdict = judge(analysis_of(run.recording.snapshot()))
    run.recording.close()
    assert verdict.kind == "unknown"
    assert "with nothing for 4" in sentence(verdict)
