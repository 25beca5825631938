"""A fuzz run by hand or in CI: ``python -m tests.fuzz --seconds 60``; exit status 1 where it found something.

Half of the time goes to a fixed seed, half to a fresh one, printed: ``FUZZ_SEED=...`` or ``--seed`` repeats it.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys

from tests.fuzz.runs import CASES, KINDS, Outcome, run

FIXED_SEED = "1"
#: Of the time of each seed; the window takes some seconds to start.
_WINDOW_SHARE = 0.4


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of inputs in all, without starting")
    parser.add_argument("--seed", default=os.environ.get("FUZZ_SEED"), help="one seed alone, as it was printed")
    parser.add_argument("--kinds", default="", help=f"of {','.join(KINDS)},window; all without it")
    arguments = parser.parse_args()
    seeds = [arguments.seed] if arguments.seed else [FIXED_SEED, secrets.token_hex(4)]
    kinds = arguments.kinds.split(",") if arguments.kinds else [*KINDS, "window"]
    plain = [kind for kind in kinds if kind != "window"]
    failed = _told("kept cases", run(cases=sorted(CASES.iterdir()))) if CASES.is_dir() else False
    for seed in seeds:
        share = arguments.seconds / len(seeds)
        window_s = 0.0 if "window" not in kinds else share * _WINDOW_SHARE if plain else share
        if plain:
            failed |= _told(f"seed {seed}", run(plain, seed=seed, seconds=share - window_s))
        if window_s:
            failed |= _told(f"seed {seed}, in the window", run(["window"], seed=seed, seconds=window_s))
    return int(failed)


def _told(what: str, outcome: Outcome) -> bool:
    """Print what came of a run; tell whether it found something."""
    if outcome.case is None and not outcome.said.startswith("exit status"):
        print(f"{what}: {outcome.inputs:,} inputs, no fault", flush=True)
        return False
    print(f"{what}: a fault, kept as {outcome.case}\n{outcome.said}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
