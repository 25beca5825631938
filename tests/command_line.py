"""The command line as a person runs it: a process of its own, with a home folder of the test's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.fresh_python import ROOT
from tests.waiting import wait_until

PROGRAM = (sys.executable, "-m", "inspector")


def start_cli(home: Path, *arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start it; standard output and standard error are pipes unless told otherwise."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "STREAMING_INSPECTOR_HOME": str(home)},
        **options,
    )


def run_cli(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end."""
    process = start_cli(home, *arguments)
    output, errors = process.communicate(timeout=25)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def report_of(result: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """Return the one object that was printed."""
    report = json.loads(result.stdout)
    assert isinstance(report, dict)
    return report


def wait_until_streaming(home: Path, layer: str = "chunk") -> Path:
    """Wait until the only recording of a home folder has marks of a layer; return its folder."""

    def folder() -> Path | None:
        found = list((home / "recordings").glob(f"*/{layer}.marks"))
        return found[0].parent if found and found[0].stat().st_size else None

    result = wait_until(folder, f"marks of {layer}")
    assert result is not None
    return result
