"""``python -m inspector``: the same as the console script ``streaming-inspector``."""

from __future__ import annotations

import sys
from pathlib import Path


def _forget_working_directory() -> None:
    """Take the working directory off the path unless our packages lie there: a user's own ``server.py`` is not ours."""
    if not sys.flags.safe_path and sys.path and Path(sys.path[0]).resolve() != Path(__file__).resolve().parents[1]:
        del sys.path[0]


if __name__ == "__main__":
    _forget_working_directory()
    from inspector.cli import run

    run()
