"""The application around the window: it ends in a fixed order, and leaves nothing of Qt to the interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fresh_python import ROOT, run_python

#: Ends the process as the command line does, and prints first what the interpreter would have to take down.
END = """
import sys
from pathlib import Path
def end(status):
    from PySide6.QtCore import QCoreApplication
    print("left:", QCoreApplication.instance() or "nothing", flush=True)
    sys.exit(status)
"""
RUNS = {
    "unseen": "from inspector.gui.startup.application import run_app\nend(run_app('/large.csv?rows=2&delay_ms=1'))",
    "shot": "from inspector.gui.startup.screenshot import take_shot\n"
    "end(take_shot('/large.csv?rows=2&delay_ms=1', Path('shot.png'), size=(1024, 640), theme='dark'))",
    "window closed in mid-stream": "from inspector.gui.startup import application as app\n"
    "made = app.create_window\n"
    "def closing(*arguments, **options):\n"
    "    window = made(*arguments, **options)\n"
    "    window.document.grew.connect(lambda *_: window.close())\n"
    "    return window\n"
    "app.create_window = closing\n"
    "end(app.run_app('/timeline?rows=0&delay_ms=1'))",
}


@pytest.mark.parametrize("run", RUNS)
def test_that_nothing_of_qt_is_left_to_the_interpreter(run: str, tmp_path: Path) -> None:
    environment = {name: text for name, text in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment |= {"STREAMING_INSPECTOR_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    if run == "unseen":
        environment.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-c", END + RUNS[run]],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=25, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "left: nothing"


def test_that_no_source_of_what_is_imported_after_qt_is_read(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text("X = 1\n")
    code = (
        f"import inspect, sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from inspector.gui.startup.application import make_application\n"
        "app = make_application()\n"
        "read = []\n"
        "inspect.getsource = lambda module: read.append(module.__name__) or ''\n"
        "import probe\n"
        "print(probe.X, read, flush=True)\n"
        "app.shutdown()\n"
    )
    result = run_python(code, QT_QPA_PLATFORM="offscreen")
    assert result.stdout == "1 []\n", result.stderr
