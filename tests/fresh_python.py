"""Code run in a fresh interpreter, for what can be shown only before imports, or by how a process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code from the root of the project, with these variables added to the environment. Any exit status will do."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=25,
        check=False,
    )
