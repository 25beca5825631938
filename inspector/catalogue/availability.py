"""Whether a row of a table can be used on this machine, found without importing anything.

Pure standard library. What can't be used is shown all the same, greyed, with the command that would install it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from typing import Protocol

#: Where system programs are that a desktop session's PATH may leave out.
_SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin", "/opt/homebrew/bin", "/opt/local/sbin")


class Row(Protocol):
    """What rows of middlewares, engines and proxies have in common.

    ``name`` is the value that chooses it, ``sentence`` says what it is. ``needs`` is the import name of a package,
    ``program`` the name of a program, None for neither. ``platforms`` are beginnings of `sys.platform`, none for all.
    ``install`` is the command that installs it.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def sentence(self) -> str: ...  # noqa: D102

    @property
    def needs(self) -> str | None: ...  # noqa: D102

    @property
    def program(self) -> str | None: ...  # noqa: D102

    @property
    def platforms(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def install(self) -> str: ...  # noqa: D102


def available(row: Row) -> bool:
    """Return whether a row can be used here: its package or program is there, and it runs on this system."""
    if row.platforms and not sys.platform.startswith(row.platforms):
        return False
    if row.program is not None and program_path(row.program) is None:
        return False
    return row.needs is None or importlib.util.find_spec(row.needs) is not None


def program_path(program: str) -> str | None:
    """Return the path of a program, also from folders of the system that PATH leaves out, None if there is none."""
    folders = os.pathsep.join([os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS])
    return shutil.which(program, path=folders)


def missing_text(row: Row) -> str:
    """Return why a row can't be used here: ``not installed: pip install waitress``; empty where it can."""
    if available(row):
        return ""
    if row.platforms and not sys.platform.startswith(row.platforms):
        return "does not run on this system"
    return f"not installed: {row.install}"
