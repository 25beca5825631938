"""A server that is killed while it answers cuts the answer short, also where the proxy before it can't tell."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from inspector.catalogue import available, proxy_of
from inspector.session import Target
from tests.command_line import start_cli, wait_until_streaming
from tests.sessions import driven

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
    pytest.mark.skipif(not available(proxy_of("nginx")), reason="nginx is not installed"),
]
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("name", SIGNALS)
def test_that_a_server_killed_behind_a_proxy_cuts_the_run_short(tmp_path: Path, name: str, version: str) -> None:
    with driven(tmp_path) as driver:
        driver.until_ready()
        run = driver.session.record(
            Target.parse("/large.csv?rows=0&delay_ms=5", {"proxy": "nginx", "proxy_http_version": version})
        )
        driver.until_marks(run, "read", 5)
        os.kill(driver.session.child_pids["server"], getattr(signal, name))

        def cut() -> str:
            run.recording.refresh()
            ending = run.recording.meta.ending if run.recording.meta else None
            return ending.text if ending and ending.kind == "cut_short" else ""

        text = driver.until(cut, "an ending that is cut short")
        if version == "1.0":
            how = "ended with exit status 0" if name in ("SIGTERM", "SIGINT") else f"was killed by {name}"
            assert text == f"The built-in server {how} while it answered; what had arrived is kept."
        assert len(run.recording.tracks["read"]) >= 5
        run.recording.close()


def test_that_a_server_killed_after_it_answered_does_not_make_a_complete_answer_cut_short(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        driver.until_ready()
        # The proxy holds what the reader has not taken yet; the server has done its part.
        slow = {"proxy": "nginx", "proxy_buffering": "on", "read_rate": "20000", "receive_buffer": "4096"}
        run = driver.session.record(Target.parse("/large.csv?rows=30&delay_ms=0&row_bytes=1000", slow))

        def handed_over() -> bool:
            run.recording.refresh()
            return run.recording.is_handed_over

        driver.until(handed_over, "the end of the server's part")
        os.kill(driver.session.child_pids["server"], signal.SIGKILL)
        driver.until_notice("server_restarted")
        assert driver.until_ended(run).kind == "complete"
        again, ending = driver.record("/large.csv?rows=2&delay_ms=0&proxy=nginx")
        assert ending.kind == "complete"
        run.recording.refresh()
        assert run.recording.meta is not None
        assert run.recording.meta.ending is not None
        assert run.recording.meta.ending.kind == "complete"
        run.recording.close()
        again.recording.close()


def test_that_the_command_line_tells_a_killed_server(tmp_path: Path) -> None:
    process = start_cli(tmp_path, "record", "/large.csv?rows=0&delay_ms=5", "-k", "proxy=nginx", "--json")
    with process:
        wait_until_streaming(tmp_path)
        (ready,) = tmp_path.glob("sessions/*/server.json")
        os.kill(int(ready.read_text().partition('"pid": ')[2].partition(",")[0].strip("}")), signal.SIGKILL)
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert b'"kind":"cut_short"' in output
    assert b"The built-in server was killed by SIGKILL while it answered" in errors
