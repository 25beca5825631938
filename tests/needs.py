"""What some tests need beyond what the README installs: nginx, packages of the extras, a terminal.

A test that needs a part which is absent is skipped, and the skip says the command that installs it. Where all that can
be installed is meant to be there, as in CI, the environment variable below lets such a test run, and fail.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import cache
from typing import Any

import pytest

from inspector.catalogue import ENGINES, MIDDLEWARES, PROXIES, EngineRow, Middleware, ProxyRow, missing_text

#: Set (to anything) where no part may be absent.
NOTHING_MAY_BE_MISSING = "STREAMING_INSPECTOR_TESTS_NEED_ALL"
ROWS: dict[str, EngineRow | Middleware | ProxyRow] = {
    **{row.name: row for row in ENGINES},
    **{row.name: row for row in MIDDLEWARES},
    **{row.name: row for row in PROXIES},
}
TERMINAL = "a terminal"


@cache
def why_missing(part: str) -> str:
    """Return why a part can't be used here, an empty text where it can.

    A part is the name of an engine, middleware (``rechunk:7`` included) or proxy, ``a terminal``, or else the import
    name of a package.
    """
    if part == TERMINAL:
        return _why_no_terminal()
    row = ROWS.get(part.partition(":")[0])
    if row is not None:
        return missing_text(row)
    return "" if importlib.util.find_spec(part) else f"not installed: pip install {part}"


def needs(*parts: str) -> pytest.MarkDecorator:
    """Mark a test that needs parts."""
    all_wanted = os.environ.get(NOTHING_MAY_BE_MISSING)
    skipped_for = [part for part in parts if why_missing(part) and (part == TERMINAL or not all_wanted)]
    reason = "; ".join(f"needs {part}: {why_missing(part)}" for part in skipped_for)
    return pytest.mark.skipif(bool(skipped_for), reason=reason or "nothing is missing")


def each_of(*names: str) -> list[Any]:
    """Return names of engines, middlewares or proxies as parameters of a test, each skipped where it can't be used."""
    return [pytest.param(name, marks=needs(name), id=name) for name in names]


def _why_no_terminal() -> str:
    if sys.platform == "win32":
        return "Windows has none of POSIX"
    import pty

    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        return str(error)
    os.close(ours)
    os.close(theirs)
    return ""
