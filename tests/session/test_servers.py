"""Which processes serve a run: shared, kept warm, ended when others are needed, refused when they can't start."""

from __future__ import annotations

from pathlib import Path

import psutil

from inspector.session import Session, Target
from inspector.session.server_spec import ServerSpec
from inspector.session.servers import KEPT_WARM
from tests.needs import needs
from tests.sessions import Driver, driven


def record(driver: Driver, query: str) -> None:
    run, ending = driver.record(f"/large.csv?rows=1&delay_ms=0&{query}")
    assert (ending.kind, query) == ("complete", query), ending.text
    run.recording.close()


def others(driver: Driver) -> dict[str, int]:
    """Process ids beside the two that are always there."""
    return {label: pid for label, pid in driver.session.child_pids.items() if label not in ("server", "recorder")}


def test_that_runs_share_processes_by_setup_and_the_least_recently_used_are_ended(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        record(driver, "read_rate=1000000")
        assert others(driver) == {}, "what does not act on the engine makes no process"
        record(driver, "send_buffer=4096")
        first = others(driver)
        record(driver, "send_buffer=4096&read_rate=1000000")
        assert others(driver) == first
        record(driver, "send_buffer=8192")
        second = dict(others(driver).items() - first.items())
        assert len(second) == 1
        record(driver, "send_buffer=4096")

        server = driver.session.child_pids["server"]
        (oldest,) = (psutil.Process(pid) for pid in second.values())
        for number in range(1, KEPT_WARM):
            record(driver, f"send_buffer={20_000 + number}")
        assert len(others(driver)) == KEPT_WARM
        assert first.items() <= others(driver).items()
        assert driver.session.child_pids["server"] == server
        driver.until(lambda: not oldest.is_running() or oldest.status() == psutil.STATUS_ZOMBIE, "the oldest to end")


def test_that_a_process_that_streams_is_not_ended_for_others(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=0&delay_ms=20&send_buffer=4096"))
        driver.until_marks(run, "chunk", 1)
        (streaming,) = others(driver).items()
        servers = driver.session._servers
        assert servers is not None
        for number in range(KEPT_WARM + 1):
            servers.ask([ServerSpec(frozenset({("send_buffer", str(30_000 + number))}))])
        assert len(others(driver)) == KEPT_WARM
        assert streaming in others(driver).items()
        driver.until_marks(run, "chunk", len(run.recording.tracks["chunk"]) + 2)
        driver.session.stop(run)
        assert driver.until_ended(run).kind == "stopped"
        run.recording.close()


def test_that_a_session_may_start_its_server_when_it_is_needed(tmp_path: Path) -> None:
    with Session(tmp_path, start_server=False) as session:
        assert set(session.child_pids) == {"recorder"}
        driver = Driver(session)
        record(driver, "send_buffer=4096")
        assert session.base_url is None
        record(driver, "")
        assert session.base_url


@needs("gunicorn-sync")
def test_that_a_killed_server_takes_the_processes_that_it_started_along(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=0&delay_ms=20&engine=gunicorn-sync"))
        driver.until_marks(run, "chunk", 1)
        server = psutil.Process(others(driver)["gunicorn-sync.1"])
        family = [server, *server.children(recursive=True)]
        assert len(family) > 1
        server.kill()
        assert driver.until_notice("server_died").text == "gunicorn-sync was killed by SIGKILL; it is being restarted."
        driver.until(lambda: not any(one.is_running() and one.status() != "zombie" for one in family), "all to go")
        assert driver.until_ended(run).kind == "cut_short"
        record(driver, "engine=gunicorn-sync")
        run.recording.close()


@needs("gunicorn-sync")
def test_that_a_stopped_quiet_stream_is_in_nobodys_way(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        quiet = driver.session.record(Target.parse("/large.csv?rows=2&delay_ms=60000&engine=gunicorn-sync"))
        driver.until_marks(quiet, "chunk", 1)
        driver.session.stop(quiet)
        assert driver.until_ended(quiet).kind == "stopped"
        record(driver, "engine=gunicorn-sync")
        quiet.recording.close()
