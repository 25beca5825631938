"""``sweep`` as a person runs it: table, object, progress, wrong usage, and Ctrl+C."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
from pathlib import Path

import psutil
import pytest

from inspector.cli import main
from inspector.recording.annotations import read_annotations
from tests.command_line import report_of, run_cli, start_cli
from tests.needs import TERMINAL, needs
from tests.waiting import wait_until

if sys.platform != "win32":
    import pty

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")
NINE = "0,2,5,10,50,100,500,1000,100000"

WRONG = {
    "no knob": (["/timeline"], "--knob"),
    "unknown knob": (["/timeline", "--knob", "speed"], "speed"),
    "knob that does not act": (["/large.csv", "--knob", "template_buffer"], "rows_per_yield"),
    "value out of range": (["/timeline", "--knob", "template_buffer", "--values", "0,1"], "template_buffer=1"),
    "no range": (["/timeline", "--knob", "rows", "--values", "5.."], "0..100 step 10"),
    "unknown route": (["/timelin", "--knob", "rows"], "/timeline"),
    "endless": (["/timeline", "--knob", "rows", "--values", "0,5"], "--max-seconds"),
    "no repetitions": (["/timeline", "--knob", "rows", "--repeat", "0"], "1 to 100"),
    "knob of the server on a URL": ([":1/x", "--knob", "rows", "--values", "5"], "client_buffer"),
}


@pytest.mark.parametrize(("arguments", "named"), WRONG.values(), ids=WRONG)
def test_that_wrong_usage_is_told_with_status_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", *arguments]) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert named in errors.splitlines()[-1]


def test_that_nine_presets_are_a_table_and_a_sentence(tmp_path: Path) -> None:
    result = run_cli(
        tmp_path, "sweep", "/timeline?rows=40&delay_ms=1", "--knob", "template_buffer", "--values", NINE
    )  # fmt: skip
    head, *lines = result.stdout.decode().splitlines()
    assert result.returncode == 0, result.stderr
    assert result.stderr == b"", "no progress where nobody looks"
    assert head.split()[:3] == ["template_buffer", "(items)", "First"]
    assert [line.split()[0] for line in lines[:9]] == [f"{int(value):,}" for value in NINE.split(",")]
    chunks = [int(line.split()[3].replace(",", "")) for line in lines[:9]]
    assert chunks == sorted(chunks, reverse=True)
    assert chunks[0] > 400
    assert chunks[-1] == 1
    assert lines[9] == ""
    assert "58 %" in lines[10], "what the framing takes without a buffer"
    assert "Each value ran once" in lines[10]
    assert len(list((tmp_path / "recordings").iterdir())) == 9


def test_that_the_object_has_all_runs_and_status_1_tells_of_one_that_failed(tmp_path: Path) -> None:
    result = run_cli(
        tmp_path, "sweep", "/stream?delay_ms=1", "--knob", "name", "--values", "Jo,Zoë", "--repeat", "2", "--json"
    )
    report = report_of(result)
    assert result.returncode == 0
    assert [(run["value"], run["repetition"]) for run in report["runs"]] == [
        ("Jo", 1), ("Zoë", 1), ("Jo", 2), ("Zoë", 2),
    ]  # fmt: skip
    assert [median["total_ms"]["count"] for median in report["medians"]] == [2, 2]
    result = run_cli(tmp_path, "sweep", "/stream", "--knob", "delay_ms", "--values", "1", "--json")
    report = report_of(result)
    assert (result.returncode, report["is_complete"]) == (1, False)
    assert "closed the connection early" in report["knee"]["sentence"]


@posix
def test_that_an_interrupt_prints_what_there_is(tmp_path: Path) -> None:
    process = start_cli(
        tmp_path, "sweep", "/large.csv?delay_ms=5", "--knob", "rows", "--values", "2,5000", "--json"
    )  # fmt: skip

    def streams_the_second() -> bool:
        folders = [path.parent for path in tmp_path.glob("recordings/*/read.marks")]
        return any(read_annotations(folder).name == "5,000 rows" for folder in folders)

    wait_until(streams_the_second, "the second run")
    children = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=10)
    report = json.loads(output)
    assert (process.returncode, report["is_complete"], report["planned"]) == (130, False, 2)
    assert [run["value"] for run in report["runs"]] == ["2"]
    assert [child for child in children if child.is_running()] == []
    endings = [json.loads(path.read_bytes())["ending"]["kind"] for path in tmp_path.glob("recordings/*/meta.json")]
    assert sorted(endings) == ["complete", "stopped"]


@posix
@needs(TERMINAL)
def test_that_a_terminal_sees_how_far_it_is_and_how_long_it_takes(tmp_path: Path) -> None:
    terminal, inside = pty.openpty()
    with start_cli(
        tmp_path, "sweep", "/large.csv?delay_ms=2", "--knob", "rows", "--values", "5,20,40", stderr=inside
    ) as process:
        os.close(inside)
        seen = b""
        with open(terminal, "rb", buffering=0) as screen, contextlib.suppress(OSError):  # noqa: PTH123
            while more := screen.read(1024):
                seen += more
        assert process.stdout is not None
        assert b"rows (rows)" in process.stdout.read()
    assert process.returncode == 0
    assert b"0 of 3 runs: rows=5" in seen
    assert re.search(rb"2 of 3 runs, [0-9]+ s left: rows=40", seen)
    assert seen.endswith(b"\r\x1b[K")
