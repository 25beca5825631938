"""The gunicorn engine: an arbiter, which is this process, and one worker, which it forks and which runs the app.

A worker holds one end of a pipe whose other end only the arbiter has, so it ends with the arbiter, however that ends.
``timeout`` is off: it would kill a sync worker in mid-stream. ``graceful_timeout`` would wait 30 s for a stream to end,
so the end is ours: the worker is killed and waited for. Unix only.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from gunicorn.app.base import BaseApplication
from typing_extensions import override

# Imported before the fork, so that a worker is ready at once.
from ..app import create_app
from .engine_settings import Announce, EngineSettings, end_process, listening_socket

_THREADS = 4


def serve_sync(settings: EngineSettings, ended: threading.Event, announce: Announce) -> None:
    """Serve with a sync worker, one request at a time, until ``ended``, then end the process."""
    _serve(settings, ended, announce, worker_class="sync")


def serve_gthread(settings: EngineSettings, ended: threading.Event, announce: Announce) -> None:
    """Serve with a worker that has 4 threads, until ``ended``, then end the process."""
    _serve(settings, ended, announce, worker_class="gthread", threads=_THREADS)


def _serve(settings: EngineSettings, ended: threading.Event, announce: Announce, **options: object) -> None:
    listener = listening_socket(settings)
    port = listener.getsockname()[1]
    lifeline = os.pipe()

    def when_ready(arbiter: Any) -> None:
        # gunicorn's own handlers would end gracefully, that is never.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, lambda *_: ended.set())
        threading.Thread(target=_end_with, args=(ended, arbiter), name="end", daemon=True).start()
        announce(port)

    def post_fork(_arbiter: Any, _worker: Any) -> None:
        reading, writing = lifeline
        os.close(writing)
        threading.Thread(target=_end_with_arbiter, args=(reading,), name="lifeline", daemon=True).start()

    _Application(
        settings, bind=f"fd://{listener.fileno()}", workers=1, timeout=0, loglevel="error", control_socket_disable=True,
        when_ready=when_ready, post_fork=post_fork, **options,
    ).run()  # fmt: skip


class _Application(BaseApplication):  # type: ignore[misc]
    """The app with its settings, as gunicorn wants to have it."""

    def __init__(self, settings: EngineSettings, **options: object) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    @override
    def load_config(self) -> None:
        for name, value in self._options.items():
            # Older versions have no control socket.
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    @override
    def load(self) -> Any:
        """Make the app, in the worker."""
        return create_app(spool=self._settings.spool, control=self._settings.control)


def _end_with(ended: threading.Event, arbiter: Any) -> None:
    """Wait in the arbiter until the process is asked to end; then end the worker and the process."""
    ended.wait()
    # It would log that its worker was killed, and start another one.
    arbiter.log.error_log.disabled = True
    arbiter.num_workers = 0
    for pid in list(arbiter.WORKERS):
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue  # gone already, or the arbiter's main thread has seen its end
    end_process()


def _end_with_arbiter(reading: int) -> None:
    """Wait in the worker until the arbiter is gone, then end."""
    os.read(reading, 1)
    os._exit(0)
