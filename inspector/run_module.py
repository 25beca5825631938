"""Runs one of our modules as a program: ``python -P run_module.py MODULE ARGUMENT...``, whatever the path leads to.

Our packages are taken from where this file lies: a ``server.py`` of the user's own, in ``PYTHONPATH`` or in the working
folder, is not taken for ours, and nothing of ours hides what others import.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
from pathlib import Path

_PACKAGES = ("inspector", "server")
_ROOT = Path(__file__).resolve().parents[1]


def run_module(name: str, arguments: list[str]) -> None:
    """Run a module of ours as the program, with these arguments; raises what it raises, ``SystemExit`` too."""
    for package in _PACKAGES:
        _load(package)
    before, sys.argv = sys.argv, [name, *arguments]
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    finally:
        sys.argv = before


def _load(package: str) -> None:
    folder = _ROOT / package
    loaded = sys.modules.get(package)
    if loaded is not None and Path(str(loaded.__file__)).resolve().parent == folder:
        return
    spec = importlib.util.spec_from_file_location(
        package, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    run_module(sys.argv[1], sys.argv[2:])
