"""What a program finds around it: other people's modules, limits of the system, a home of nobody, secrets in URLs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.catalogue import BadKnob
from inspector.session import BadTarget, Target
from tests.fresh_python import ROOT

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
SHORT = "/large.csv?rows=2&delay_ms=0"


def run(
    home: Path | str, *arguments: str, cwd: Path = ROOT, paths: tuple[Path, ...] = (ROOT,), before: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command line with a ``PYTHONPATH``; ``before`` is done by the shell first."""
    environment = {
        **os.environ, "STREAMING_INSPECTOR_HOME": str(home), "PYTHONPATH": os.pathsep.join(map(str, paths)),
    }  # fmt: skip
    command = [sys.executable, "-m", "inspector", *arguments]
    if before:
        command = ["sh", "-c", f'{before}; exec "$@"', "sh", *command]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=25
    )  # fmt: skip


@pytest.fixture
def shadow(tmp_path: Path) -> Path:
    """A folder with a server.py of somebody else's."""
    folder = tmp_path / "shadow"
    folder.mkdir()
    (folder / "server.py").write_text("raise SystemExit('somebody else')\n")
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Our packages where an installer puts them."""
    folder = tmp_path / "lib" / "site-packages"
    for package in ("inspector", "server"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("first", [True, False], ids=["before ours", "behind ours"])
def test_that_a_server_of_somebody_else_on_the_path_is_not_ours(
    tmp_path: Path, shadow: Path, installed: Path, first: bool
) -> None:
    for ours in (ROOT, installed):
        paths = (shadow, ours) if first else (ours, shadow)
        result = run(tmp_path / "home", "record", SHORT, cwd=shadow, paths=paths)
        assert result.returncode == 0, result.stderr
        assert result.stdout.count("\n") == 3


def test_that_serve_finds_our_server_too(tmp_path: Path, shadow: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(shadow), str(ROOT)))}
    with subprocess.Popen(
        [sys.executable, "-m", "inspector", "serve"], cwd=shadow, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Serving on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait() == 0


@posix
@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("ulimit -n 16", "files"),
        ("ulimit -n 9", "files"),
        ("ulimit -v 60000", "memory"),
        ("ulimit -v 150000", "memory"),
    ],
)
def test_that_a_limit_of_the_system_is_one_sentence(tmp_path: Path, before: str, words: str) -> None:
    result = run(tmp_path / "home", "record", SHORT, "--json", before=before)
    assert result.returncode == 1
    assert result.stderr.startswith("streaming-inspector: ")
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


@posix
@pytest.mark.parametrize("arguments", [("record", SHORT), ("sweep", SHORT, "--knob", "rows", "--values", "1")])
def test_that_the_home_of_a_user_that_there_is_not_is_one_sentence(arguments: tuple[str, ...]) -> None:
    result = run("~nosuchuser/x", *arguments)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "streaming-inspector: STREAMING_INSPECTOR_HOME is ~nosuchuser/x, but there is no such user here. "
        "Set it to a folder that exists.\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "http://user:SECRET@[bad/?token=SECRET", "http://user:SECRET@:x/?token=SECRET", "http://u:SECRET@h:99999/",
        "http://host:SECRET/", "http://user:SECRET@ho\u2100st/", "http://user:SECRET@/x", "http://user:SECRET @host/",
        "user:SECRET@host/x", "//user:SECRET@host/x", "ftp://user:SECRET@host/", "http://SECRET[/",
    ],
)  # fmt: skip
def test_that_no_message_about_a_target_says_a_password_again(text: str) -> None:
    with pytest.raises((BadTarget, BadKnob)) as caught:
        Target.parse(text)
    assert "SECRET" not in str(caught.value)
    assert "http" in str(caught.value)


def test_that_user_and_password_of_a_url_are_sent_and_shown_nowhere() -> None:
    target = Target.parse("http://user:SECRET@127.0.0.1:9/x?a=1")
    assert target.url() == target.title == "http://127.0.0.1:9/x?a=1"
    assert target.authorization == "Basic dXNlcjpTRUNSRVQ="
    assert "SECRET" not in repr(target)
