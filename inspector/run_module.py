"""Runs one of our modules as a program: ``python -P run_module.py MODULE ARGUMENT...``, whatever is on the path.

Our packages are taken from the folder that this file lies in: a ``server.py`` of the user's own, in ``PYTHONPATH`` or
in the working folder, is not taken for ours, and nothing of ours hides what others import.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

_PACKAGES = ("inspector", "server")
_ROOT = Path(__file__).resolve().parents[1]


def run_module(name: str, arguments: list[str]) -> int:
    """Run a module of ours, or the ``__main__`` of a package of ours, with these arguments; return its exit status.

    It has a function ``main`` that takes them from ``sys.argv``. Raises what that raises, ``SystemExit`` too.
    """
    for package in _PACKAGES:
        _load(package)
    module = importlib.import_module(name)
    if hasattr(module, "__path__"):
        module = importlib.import_module(f"{name}.__main__")
    before, sys.argv = sys.argv, [name, *arguments]
    try:
        return int(module.main())
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
    # Before numpy is loaded: to start the threads of its algebra takes longer than all that they could do here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _load("inspector")
    from inspector.process import begin_loading, end_process

    begin_loading()  # the program tells where it has all that it needs
    end_process(run_module(sys.argv[1], sys.argv[2:]))
