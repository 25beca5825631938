"""Runs nginx, and ends it when standard input ends: ``python -m inspector.session.nginx_launcher``.

A child of the session like all others: ready file, log on standard error, gone with its parent. It binds the port
itself and hands the listening socket over (nginx takes those that its variable NGINX names, as in its own upgrades), so
no other process can take the port in between.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from inspector.catalogue import knob_of, knobs_told_to, program_path
from inspector.process import end_loading, end_process
from inspector.recording.atomic_replace import replace_file

from .nginx_configuration import READY_PATH, configuration

_STDIN = 0
_READY_WITHIN_S = 10.0
_END_WITHIN_S = 0.5
_PR_SET_PDEATHSIG = 1


class NginxProcess:
    """The running nginx."""

    def __init__(self, program: str, folder: Path, listener: socket.socket) -> None:
        """Start it in ``folder``, which holds its ``nginx.conf``."""
        fd = listener.fileno()
        # nginx expects of a socket that it is handed what it does to its own.
        listener.setblocking(False)
        self._process = subprocess.Popen(
            [program, "-p", f"{folder}{os.sep}", "-e", "stderr", "-c", "nginx.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "NGINX": f"{fd};"},
            pass_fds=[fd],
            preexec_fn=_end_with_this_process(),  # noqa: PLW1509 - this process has no other thread yet
        )
        self._ending = threading.Event()

    def end(self) -> None:
        """End it, at once. Any thread."""
        self._ending.set()
        self._process.terminate()
        try:
            self._process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def wait(self) -> int:
        """Wait until it has ended; return this process's exit status."""
        status = self._process.wait()
        return 0 if self._ending.is_set() else status or 1


def main() -> int:
    """Run nginx until standard input ends; return the exit status, 0 where it was asked to end."""
    end_loading()
    options = _parser().parse_args()
    program = program_path("nginx")
    if program is None:
        print("nginx is not installed", file=sys.stderr)
        return 1
    folder: Path = options.folder
    folder.mkdir(mode=0o700, exist_ok=True)
    with socket.create_server(("127.0.0.1", options.port)) as listener:
        port = listener.getsockname()[1]
        knobs = {name: str(getattr(options, name)) for name in knobs_told_to("proxy")}
        is_root = hasattr(os, "getuid") and os.getuid() == 0
        (folder / "nginx.conf").write_text(
            configuration(port, options.upstream_port, knobs, build=_build_of(program), is_root=is_root),
            encoding="ascii",
        )
        nginx = NginxProcess(program, folder, listener)
    # Ctrl+C in a terminal reaches children too; the parent decides and closes stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=nginx.end, daemon=True).start())
    threading.Thread(target=_end_with_parent, args=(nginx.end,), daemon=True, name="parent pipe").start()
    if _serves(port):
        _write_ready(options.ready, port)
    return nginx.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m inspector.session.nginx_launcher", description="nginx in front of a server."
    )
    parser.add_argument("--folder", type=Path, required=True, help="folder for its files; made if missing")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1, 0 for any free one")
    parser.add_argument("--upstream-port", type=int, required=True, help="port of the server behind it")
    for knob in map(knob_of, knobs_told_to("proxy")):
        option = f"--{knob.name.replace('_', '-')}"
        parser.add_argument(option, type=knob.parse, default=knob.default, help=knob.sentence)
    parser.add_argument("--ready", type=Path, required=True, help="file to write when it serves")
    return parser


def _build_of(program: str) -> str:
    """Return what nginx says about how it was built."""
    return subprocess.run([program, "-V"], capture_output=True, text=True, check=False).stderr


def _serves(port: int) -> bool:
    """Wait for nginx's first answer; False where it ended before."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_READY_WITHIN_S) as connection:
            connection.sendall(f"GET {READY_PATH} HTTP/1.0\r\n\r\n".encode())
            return connection.recv(64).startswith(b"HTTP/1.1 204")
    except OSError:
        return False


def _write_ready(path: Path, port: int) -> None:
    replace_file(path, json.dumps({"port": port, "pid": os.getpid(), "t_ns": time.monotonic_ns()}).encode())


def _end_with_parent(end: Callable[[], None]) -> None:
    # Not sys.stdin: its lock, held by a blocked read, would abort the interpreter at its end.
    try:
        while os.read(_STDIN, 4096):
            pass
    except OSError:
        pass  # there is no standard input, so there is no parent
    end()


def _end_with_this_process() -> Callable[[], object] | None:
    """Return what makes Linux end nginx when this process is killed; elsewhere the session does (`ChildProcess`)."""
    if sys.platform != "linux":
        return None
    try:
        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    end_process(main())
