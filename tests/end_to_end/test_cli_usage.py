"""The other commands, and wrong usage: quick, without children where none are needed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from inspector import __version__
from inspector.catalogue import KNOBS, VIEWS
from inspector.cli import main
from tests.command_line import run_cli, start_cli
from tests.fresh_python import ROOT, run_python

WRONG = {
    "no target": (["record"], "TARGET"),
    "unknown route": (["record", "/larg.csv"], "/large.csv"),
    "unknown route for the window": (["/timelin"], "/timeline"),
    "unknown route for a picture": (["shot", "/timelin", "-o", "x.png"], "/timeline"),
    "knob out of range": (["record", "/large.csv", "-k", "jitter=2"], "jitter"),
    "knob out of range in the query": (["record", "/large.csv?rows=-1"], "rows"),
    "unknown knob": (["record", "/large.csv", "-k", "rowz=1"], "rowz"),
    "knob of another route": (["record", "/large.csv", "-k", "template=async"], "Its settings are rows, delay_ms"),
    "knob of another route in the query": (["record", "/in-memory.csv?template_buffer=50"], "/in-memory.csv"),
    "knob of another route for the window": (["/large.csv?template=async"], "template does nothing on /large.csv"),
    "knob of another engine": (["record", "/large.csv", "-k", "send_bytes=9"], "engine=waitress"),
    "knob of a proxy without one": (["record", "/large.csv", "-k", "proxy_gzip=on"], "proxy=nginx"),
    "knob without value": (["record", "/large.csv", "-k", "rows"], "KNOB=VALUE"),
    "knob on a URL": (["record", "http://127.0.0.1:9/", "-k", "rows=1"], "client_buffer"),
    "not a URL": (["record", "ftp://127.0.0.1/"], "http://"),
    "negative seconds": (["record", "/", "--max-seconds", "-1"], "seconds"),
    "endless seconds": (["record", "/", "--max-seconds", "nan"], "seconds"),
    "no bytes": (["record", "/", "--max-bytes", "0"], "bytes"),
    "no folder": (["record", "/", "-o", "absent/one.stream"], "absent"),
    "no folder for the picture": (["shot", "-o", "absent/one.png"], "absent"),
    "no picture": (["shot", "/timeline"], "-o"),
    "bad size": (["shot", "/timeline", "-o", "x.png", "--size", "12"], "WIDTHxHEIGHT"),
    "bad theme": (["shot", "/timeline", "-o", "x.png", "--theme", "pink"], "light"),
    "bad port": (["serve", "--port", "70000"], "70000"),
    "unknown option": (["--frobnicate"], "frobnicate"),
    "abbreviated option": (["record", "/", "--max-s", "1"], "--max-s"),
    "two targets": (["/timeline", "/stream"], "/stream"),
}


@pytest.mark.parametrize(("arguments", "named"), WRONG.values(), ids=WRONG)
def test_that_wrong_usage_is_told_with_status_2(
    arguments: list[str],
    named: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert named in errors.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_that_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"streaming-inspector {__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["routes"]])
def test_that_help_and_routes_come_from_the_catalogue(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    output = capsys.readouterr().out
    unwrapped = " ".join(output.split())
    for view in VIEWS:
        assert f"{view.route} {view.code}" in unwrapped
    for knob in KNOBS:
        default = "none" if knob.default == "" else knob.default
        layer = f"{knob.layer}, live" if knob.live else knob.layer
        text = f"{knob.name} {knob.sentence} ({knob.value_text}; default {default}; layer: {layer})"
        assert text in unwrapped
    assert max(map(len, output.splitlines())) <= 120


def test_that_the_help_names_every_command_and_each_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-h"]) == 0
    commands = [
        line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("  streaming-inspector ")
    ]
    assert commands == ["record", "sweep", "open", "replay", "serve", "routes", "stories", "shot", "desktop"]
    for command in commands:
        assert main([command, "--help"]) == 0
        assert capsys.readouterr().out.startswith(f"usage: streaming-inspector {command} ")


def test_that_routes_loads_no_qt() -> None:
    result = run_python("import sys; from inspector.cli import main; main(['routes']); print('PySide6' in sys.modules)")
    assert result.stdout.splitlines()[-1] == "False"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_serve_prints_its_line_loads_no_qt_and_ends_with_a_signal(number: signal.Signals) -> None:
    code = "import sys; from inspector.cli import main; print(main(['serve']), 'PySide6' in sys.modules)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().removeprefix("Serving on http://127.0.0.1:"))
        socket.create_connection(("127.0.0.1", port)).close()
        process.send_signal(number)
        assert process.stdout.read() == "0 False\n"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_that_serve_takes_the_port_it_is_told_or_says_that_it_can_not(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        taken = run_cli(tmp_path, "serve", "--port", str(port))
    assert taken.returncode == 1
    assert str(port).encode() in taken.stderr
    assert b"Traceback" not in taken.stderr
    with start_cli(tmp_path, "serve", "--port", str(port)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"Serving on http://127.0.0.1:%d\n" % port
        process.terminate()


def test_that_a_servers_name_in_the_working_folder_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text("raise SystemExit(9)")
    result = subprocess.run(
        [sys.executable, "-m", "inspector", "routes"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
