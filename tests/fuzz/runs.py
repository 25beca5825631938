"""A fuzz run: a process of its own checks inputs; what crashes it, hangs it or is raised in it becomes a case."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fresh_python import ROOT

CASES = ROOT / "tests" / "data" / "fuzz"
#: Those that need no window, in turn.
KINDS = ("framing", "head", "damaged", "hostile", "meta", "knobs", "command")
_STARTING_S = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: how many inputs it checked, or the case that ended it and what was said."""

    inputs: int
    case: Path | None
    said: str


def run(
    kinds: Sequence[str] = (), *, seed: str = "", seconds: float = 0.0, cases: Sequence[Path] = (), keep: Path = CASES
) -> Outcome:
    """Check inputs made from a seed, after these cases; a fault is written into ``keep``."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        arguments = ["--seed", seed, "--seconds", str(seconds), "--kinds", ",".join(kinds)]
        environment = {**os.environ, "STREAMING_INSPECTOR_HOME": str(folder / "home"), "QT_QPA_PLATFORM": "offscreen"}
        child = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.fuzz.child", name, *arguments, "--cases", *map(str, cases)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            said, _ = child.communicate(timeout=seconds + _STARTING_S)
        except subprocess.TimeoutExpired:
            child.kill()
            said, _ = child.communicate()
            said += "\nit did not end in time"
        if child.returncode == 0:
            checked = re.search(r"^(\d+) inputs$", said, re.MULTILINE)
            return Outcome(int(checked[1]) if checked else 0, None, said)
        return Outcome(0, _kept(folder, keep), f"exit status {child.returncode}\n{said}")


def _kept(folder: Path, keep: Path) -> Path | None:
    """Keep the input that ended a run, under a name that tells its kind."""
    if not (folder / "input").is_file():
        return None
    data, kind = (folder / "input").read_bytes(), (folder / "kind").read_text()
    kind = "archive" if kind in ("damaged", "hostile") else kind
    case = keep / f"{kind}-{hashlib.sha256(data).hexdigest()[:12]}.case"
    keep.mkdir(parents=True, exist_ok=True)
    case.write_bytes(data)
    return case
