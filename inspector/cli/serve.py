"""``streaming-inspector serve``: the Flask server alone, in this very process, until Ctrl+C."""

from __future__ import annotations

import runpy
import sys


def serve(port: int) -> int:
    """Run ``python -m server`` here; it prints its line and ends with Ctrl+C or SIGTERM. Returns its exit status."""
    # Run as a program and not imported: the command line stays independent of the server's parts.
    before, sys.argv = sys.argv, ["server", *(["--port", str(port)] if port else [])]
    try:
        runpy.run_module("server", run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        sys.argv = before
    return 0
