"""Hostile inputs, made by dice: a short run of each seed, every case that was ever found, and that a run finds faults.

A minute of it is ``python -m tests.fuzz --seconds 60``. ``FUZZ_SEED`` repeats the seed that a failure tells.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from tests.fresh_python import run_python
from tests.fuzz.makers import MAKERS
from tests.fuzz.runs import CASES, KINDS, Outcome, run


def found_nothing(outcome: Outcome, seed: str) -> bool:
    """Tell whether a run ended by itself; else fail with what it found and how to repeat it."""
    if outcome.case is not None or outcome.said.startswith("exit status"):
        pytest.fail(f"FUZZ_SEED={seed}: kept as {outcome.case}\n{outcome.said}", pytrace=False)
    return outcome.inputs > 0


def test_that_every_kept_case_is_handled() -> None:
    cases = sorted(CASES.iterdir())
    assert {case.name.partition("-")[0] for case in cases} <= {*MAKERS, "archive"}
    outcome = run(cases=cases)
    assert found_nothing(outcome, "of the kept cases")
    assert outcome.inputs == len(cases)


@pytest.mark.parametrize("seed", ["1", os.environ.get("FUZZ_SEED") or secrets.token_hex(4)], ids=["fixed", "fresh"])
def test_that_hostile_inputs_are_refused_or_handled(seed: str, tmp_path: Path) -> None:
    assert found_nothing(run(KINDS, seed=seed, seconds=2, keep=tmp_path), seed)


def test_that_kept_and_hostile_files_are_refused_or_shown_in_the_window(tmp_path: Path) -> None:
    seed = os.environ.get("FUZZ_SEED") or secrets.token_hex(4)
    outcome = run(["window"], seed=seed, seconds=2, cases=sorted(CASES.iterdir()), keep=tmp_path)
    assert found_nothing(outcome, seed)


FAULTY = """
import faulthandler, os, sys
from pathlib import Path
from tests.fuzz import checks, child
def faulty(data, folder):
    if os.environ["FAULT"] == "raise":
        raise ValueError("as a fault does")
    if os.environ["FAULT"] == "hang":
        while True:
            pass
    bytearray(1 << 40)
checks.CHECKS["command"] = child.CHECKS["command"] = faulty
child._LONGEST_WORK_S = 0.2
sys.argv = ["child", os.environ["FOLDER"], "--seed", "1", "--seconds", "5", "--kinds", "command"]
sys.exit(child.main())
"""


@pytest.mark.parametrize(
    ("fault", "told"), [("raise", "as a fault does"), ("hang", "in faulty"), ("memory", "MemoryError")]
)
def test_that_a_run_finds_a_fault_and_has_its_input(tmp_path: Path, fault: str, told: str) -> None:
    done = run_python(FAULTY, FAULT=fault, FOLDER=str(tmp_path))
    assert done.returncode != 0
    assert told in done.stderr
    assert (tmp_path / "kind").read_text() == "command"
    assert (tmp_path / "input").is_file()


def test_that_the_same_seed_makes_the_same_inputs() -> None:
    program = (
        "import hashlib, random; from tests.fuzz.makers import MAKERS\n"
        "made = [make(random.Random(f'5 {kind} 3')) for kind, make in MAKERS.items()]\n"
        "print(hashlib.sha256(b'|'.join(made)).hexdigest())"
    )
    digests = {run_python(program, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")}
    assert len(digests) == 1
    assert len(digests.pop()) == 65
