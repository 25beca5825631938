"""nginx in front of a server: what it is told, and that it is gone whenever its parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from inspector.catalogue import knobs_told_to
from inspector.session import Target
from inspector.session.nginx_configuration import configuration
from tests.needs import needs
from tests.sessions import Driver, driven
from tests.waiting import wait_until

pytestmark = needs("nginx")
ENDLESS = "/large.csv?rows=0&delay_ms=5&proxy=nginx&proxy_buffering=off"


def processes_of(driver: Driver, label: str = "nginx") -> list[psutil.Process]:
    """The watching process, nginx, and nginx's one worker."""
    pid = next(pid for name, pid in driver.session.child_pids.items() if name.startswith(label))
    watching = psutil.Process(pid)
    return [watching, *watching.children(recursive=True)]


def all_gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_that_the_configuration_says_what_the_knobs_say() -> None:
    knobs = {
        "proxy": "nginx", "proxy_buffering": "off", "proxy_buffer_size": "8192", "proxy_http_version": "1.1",
        "proxy_gzip": "on",
    }  # fmt: skip
    assert set(knobs) == set(knobs_told_to("proxy"))
    text = configuration(1, 2, knobs)
    for line in (
        "listen 127.0.0.1:1;", "proxy_pass http://127.0.0.1:2;", "proxy_buffering off;", "proxy_buffer_size 8192;",
        "proxy_buffers 8 8192;", "proxy_http_version 1.1;", "gzip on;", "proxy_set_header Host $http_host;",
        "listen 127.0.0.1:1 default_server;", "server_name 127.0.0.1 localhost;",
    ):  # fmt: skip
        assert line in text
    assert "/" not in text.replace("location = /-/ready", "").replace("location /", "").replace("http://", "").replace(
        "text/plain", ""
    )
    assert "user" not in text
    assert "user root;" in configuration(1, 2, knobs, is_root=True)
    assert "fastcgi" in text
    assert "fastcgi" not in configuration(1, 2, knobs, build="--without-http_fastcgi_module")


def test_that_nginx_serves_from_the_sessions_folder_alone_and_leaves_with_the_session(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse(ENDLESS))
        driver.until_marks(run, "chunk", 3)
        three = processes_of(driver)
        assert [one.name() for one in three][1:] == ["nginx", "nginx"]
        (folder,) = (tmp_path / "sessions").glob("*/nginx.*/")
        opened = [file.path for one in three[1:] for file in one.open_files()]
        assert [path for path in opened if not path.startswith((str(tmp_path), "/dev/null"))] == []
        assert (folder / "nginx.pid").read_text().strip() == str(three[1].pid)
        listening = [each for each in three[1].net_connections() if each.status == psutil.CONN_LISTEN]
        assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
        run.recording.close()
    assert all_gone(three)
    assert list((tmp_path / "sessions").iterdir()) == []


@pytest.mark.parametrize("which", [0, 1], ids=["the watching process", "nginx"])
def test_that_a_killed_proxy_is_started_again_and_leaves_nothing(tmp_path: Path, which: int) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse(ENDLESS))
        driver.until_marks(run, "chunk", 1)
        three = processes_of(driver)
        three[which].kill()
        assert driver.until_ended(run).kind == "cut_short"
        assert driver.until_notice("server_died").text.startswith("nginx ")
        driver.until(lambda: all_gone(three), "all of them to go")
        again, ending = driver.record("/large.csv?rows=2&proxy=nginx&proxy_buffering=off")
        assert ending.kind == "complete"
        run.recording.close()
        again.recording.close()


def test_that_nginx_follows_a_server_that_was_started_again(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        driver.record("/large.csv?rows=1&proxy=nginx")[0].recording.close()
        os.kill(driver.session.child_pids["server"], signal.SIGKILL)
        driver.until_notice("server_restarted")
        run, ending = driver.record("/large.csv?rows=3&delay_ms=0&proxy=nginx")
        assert ending.kind == "complete"
        assert run.recording.tracks["write"].total_bytes == run.recording.snapshot().content_bytes > 0
        run.recording.close()


PARENT = """
import sys
from pathlib import Path
from inspector.catalogue import knobs_told_to
from inspector.session import Target
from tests.sessions import driven
from tests.needs import needs

with driven(Path(sys.argv[1])) as driver:
    run = driver.session.record(Target.parse(sys.argv[2]))
    driver.until_marks(run, "chunk", 3)
    print("streams", flush=True)
    sys.stdin.read()
"""


def test_that_nginx_ends_with_a_killed_parent(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), ENDLESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"streams\n"
        family = psutil.Process(parent.pid).children(recursive=True)
        names = set()
        for one in family:
            with suppress(psutil.NoSuchProcess):  # one that only checked the configuration
                names.add(one.name())
        assert "nginx" in names
        parent.kill()
        wait_until(lambda: all_gone(family), "all of them to go")


def test_that_a_proxy_that_can_not_start_refuses_the_run_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin" / "nginx"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}{os.pathsep}{os.environ['PATH']}")
    with driven(tmp_path / "home") as driver:
        run, ending = driver.record("/large.csv?rows=1&proxy=nginx")
        assert ending.kind == "not_started"
        assert ending.text.startswith("nginx could not be kept running: it ended with exit status 3 (no such luck)")
        fine, ending = driver.record("/large.csv?rows=1")
        assert ending.kind == "complete"
        run.recording.close()
        fine.recording.close()


@pytest.mark.parametrize("option", ["--proxy-buffering=maybe", "--proxy-buffer-size=1", "--proxy-gzip=on;"])
def test_that_the_launcher_refuses_what_its_knob_refuses(tmp_path: Path, option: str) -> None:
    command = [sys.executable, "-m", "inspector.session.nginx_launcher", "--folder", str(tmp_path / "nginx")]
    command += ["--upstream-port", "1", "--ready", str(tmp_path / "ready.json"), option]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert option.partition("=")[0] in result.stderr
    assert not (tmp_path / "nginx").exists()
