"""``streaming-inspector serve``: runs the Flask server alone, in this very process, until Ctrl+C."""

from __future__ import annotations

from inspector.run_module import run_module


def serve(port: int) -> int:
    """Run ``python -m server`` here; it prints its line and ends with Ctrl+C or SIGTERM. Returns its exit status."""
    # Run as a program and not imported: the command line stays independent of the server's parts.
    try:
        return run_module("server", ["--port", str(port)] if port else [])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
