"""The command ``streaming-inspector shot``: pictures of the window, taken offscreen after a stream has ended."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal, cast


def take_shot(target: str | None, picture: Path, *, size: tuple[int, int], theme: str) -> int:
    """Stream a target in the real window and save its picture; return the exit status."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from .application import end_application, make_application

    app = make_application()
    if app is None:
        return 3
    from .headless import fresh_window, run_to_end

    window, folder = fresh_window(target, size=size, theme=cast(Literal["system", "light", "dark"], theme))
    try:
        run_to_end(window)
        if not window.grab().save(str(picture)):
            print(f"{picture} could not be written: does its name end with .png?", file=sys.stderr)
            return 1
    finally:
        window.close()
        folder.remove()
        end_application(app)
    return 0
