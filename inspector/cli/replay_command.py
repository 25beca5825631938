"""``streaming-inspector replay``: serves a saved recording again, with its timing, until Ctrl+C."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.process import end_loading
from inspector.recording.meta import BadRecording

from .console import WRONG_USAGE, complain
from .interrupts import Interrupts
from .standard_output import print_all

if TYPE_CHECKING:
    from inspector.playback.recorded_response import RecordedResponse

_LOOK_S = 1.0


def replay(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit status: 0 after Ctrl+C, 1 what can't be served, 2 no such file."""
    path: Path = arguments.file
    if not path.is_file():
        complain(f"{path} is a folder, not a saved recording" if path.is_dir() else f"there is no file {path}")
        return WRONG_USAGE
    from inspector.recording.archive import Cancelled, load_archive
    from inspector.recording.temporary_folders import scratch_folder

    end_loading()
    with Interrupts() as interrupts:

        def go_on(_done_bytes: int, _total_bytes: int) -> None:
            if interrupts.count:
                raise Cancelled

        try:
            with scratch_folder(Path(tempfile.gettempdir()), "streaming-inspector-replay-") as into:
                return _serve(load_archive(path, into, progress=go_on), arguments, interrupts)
        except Cancelled:
            return 0
        except (BadRecording, OSError) as error:
            complain(str(error))
            return 1


def _serve(folder: Path, arguments: argparse.Namespace, interrupts: Interrupts) -> int:
    from inspector.playback.playback_server import PlaybackServer
    from inspector.playback.recorded_response import RecordedResponse

    response = RecordedResponse(folder)
    if arguments.loop and response.why_no_loop:
        complain(f"--loop: {response.why_no_loop}")
        return 1
    try:
        server = PlaybackServer(response, arguments.host, arguments.port, speed=arguments.speed, loops=arguments.loop)
    except OSError as error:
        complain(f"can't listen on {arguments.host} port {arguments.port}: {error.strerror or error}")
        return 1
    server.begin()
    try:
        if not print_all(f"{_words_of(response, arguments, server.address)}\n"):
            return 1
        while not interrupts.count:
            interrupts.wait(_LOOK_S)
    finally:
        server.end()
    return 0


def _words_of(response: RecordedResponse, arguments: argparse.Namespace, address: str) -> str:
    from inspector.analysis.formatting import duration_text

    took = duration_text(response.end_ns / arguments.speed)
    ending = response.meta.ending
    cut = "" if ending is not None and ending.kind == "complete" else ", cut short as it was"
    how = "repeated without an end" if arguments.loop else f"{took}{cut}"
    return (
        f"Serving {arguments.file.name} on {address}\n"
        f"Each request gets {response.response.status} {response.response.reason} from its beginning: {how}. "
        "Ctrl+C ends it."
    )
