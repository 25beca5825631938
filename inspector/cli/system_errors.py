"""Turns errors of the system (disk, files, processes, memory) into one sentence for people.

Anything else that is raised is a mistake of ours, and keeps its traceback.
"""

from __future__ import annotations

import errno
import sys

from .standard_output import failure_text

_NO_FILES = (errno.EMFILE, errno.ENFILE)
_NO_MEMORY = "There is not enough memory. Close other programs, or raise the limit (ulimit -v)."
_NO_PROCESSES = "The system allows no more processes or threads. End some, or raise the limit (ulimit -u)."
_NO_OPEN_FILES = "This program can't open more files. Close some, or raise the limit (ulimit -n)."

#: Address space that the libraries below numpy need. With less, one of them ends the process in words of its own.
_LEAST_ADDRESS_SPACE_BYTES = 180_000_000


def require_memory() -> None:
    """Raise ``MemoryError`` where the limit of this process's address space is too small to load numpy."""
    if sys.platform != "win32":
        import resource

        limit_bytes, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit_bytes != resource.RLIM_INFINITY and limit_bytes < _LEAST_ADDRESS_SPACE_BYTES:
            raise MemoryError


def trouble_text(error: Exception) -> str:
    """Return the sentence for an error that the system caused, empty for any other."""
    from inspector.session.data_folder import DiskTrouble

    if isinstance(error, DiskTrouble):
        return str(error)
    if isinstance(error, MemoryError):
        return _NO_MEMORY
    if isinstance(error, RuntimeError) and "new thread" in str(error):
        return _NO_PROCESSES
    if isinstance(error, ImportError):
        return _import_text(error)
    return _system_text(error) if isinstance(error, OSError) else ""


def _import_text(error: ImportError) -> str:
    """Return why a part could not be loaded; libraries wrap the system's reason in pages of advice."""
    reasons = [str(error)]
    while (cause := error.__cause__ or error.__context__) is not None and isinstance(cause, ImportError):
        error = cause
        reasons.append(str(error))
    for reason in reversed(reasons):
        if "map segment" in reason or "allocate memory" in reason:
            return _NO_MEMORY
        if "Too many open files" in reason:
            return _NO_OPEN_FILES
    return ""


def _system_text(error: OSError) -> str:
    if isinstance(error, BrokenPipeError):
        return failure_text(error)
    if error.errno in _NO_FILES:
        return _NO_OPEN_FILES
    if error.errno == errno.ENOMEM:
        return _NO_MEMORY
    if isinstance(error, BlockingIOError):  # what fork says
        return _NO_PROCESSES
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}." if error.filename else f"The system refuses: {reason}."
