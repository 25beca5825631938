"""The running streams whose knobs can be changed, each found by the id of its recording.

A stream that is recorded can be changed from outside (`server.control_channel`); every other one has the same object,
which nobody changes.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask, Response, current_app, g, request

from inspector.catalogue import BadKnob, KnobValue, KnobValues, View, knob_of, refuse_held
from inspector.tap import recorded_folder, write_change

from .request_context import ClientLeft

_EXTENSION = "streaming_inspector.streams"
_MOST_LEFT = 64


class RunningStream:
    """The knobs of one stream. ``values`` is replaced as a whole: any thread may turn it, the stream's reads it."""

    __slots__ = ("_folder", "_lock", "_view", "client_left", "turned", "values")

    def __init__(self, values: KnobValues, view: View | None = None, folder: Path | None = None) -> None:
        self.values = values
        #: Set whenever something was turned; the stream clears it when it waits.
        self.turned = threading.Event()
        #: Set for good once nobody reads the response any more: rows and pauses end the stream then.
        self.client_left = False
        self._view = view
        self._folder = folder
        self._lock = threading.Lock()

    @property
    def can_be_turned(self) -> bool:
        """Return whether somebody may turn it: its stream is recorded."""
        return self._folder is not None

    def apply(self, texts: Mapping[str, str]) -> None:
        """Change knobs from now on, and write it to the recording. Raises `BadKnob`, changing nothing."""
        wanted = {name: self._parsed(name, text) for name, text in texts.items()}
        with self._lock:
            before = self.values
            changed = {name: value for name, value in wanted.items() if value != before[name]}
            if not changed:
                return
            after = before.changed(changed)
            if self._view is not None:
                refuse_held(self._view, after)
            t_ns = time.monotonic_ns()
            self.values = after
            self.turned.set()
        if self._folder is not None:
            for name in changed:
                write_change(self._folder, t_ns, name, before.text(name), after.text(name))

    def leave(self) -> None:
        """Let the stream end at its next row or pause, or in the middle of one. Any thread."""
        self.client_left = True
        self.turned.set()

    def _parsed(self, name: str, text: str) -> KnobValue:
        knob = knob_of(name)
        if not knob.live or knob.process != "app":
            raise BadKnob(f"{name} can't be changed on a running stream; it applies to the next one.")
        if self._view is not None and name not in self._view.knobs:
            raise BadKnob(f"{name} does not act on {self._view.route}.")
        return knob.parse(text)


class Pauses:
    """The pauses of one stream in seconds: ``delay_ms``, up to ``jitter`` shorter or longer, fixed by ``seed``."""

    def __init__(self, live: RunningStream) -> None:
        self._live = live
        self._uniform = random.Random(live.values.whole("seed")).uniform

    def draw(self, count: int = 1) -> Callable[[], float]:
        """Return a function that gives the length of the next ``count`` pauses together, by the knobs as they then are.

        What is returned raises `ClientLeft` once nobody reads the stream.
        """
        live = self._live
        shares = [self._uniform(-1, 1) for _ in range(count)]
        share = sum(shares)

        def seconds() -> float:
            if live.client_left:
                raise ClientLeft
            values = live.values
            return values.number("delay_ms") / 1000 * (count + values.number("jitter") * share)

        return seconds


class RunningStreams:
    """The running streams that can be turned, by the id of their recording. Any thread."""

    def __init__(self) -> None:
        self._by_id: dict[str, RunningStream] = {}
        #: Those whose client left before they began.
        self._left: deque[str] = deque(maxlen=_MOST_LEFT)
        self._lock = threading.Lock()

    def add(self, recording_id: str, live: RunningStream) -> None:
        """Let a stream be found."""
        with self._lock:
            self._by_id[recording_id] = live
            left = recording_id in self._left
        if left:
            live.leave()

    def remove(self, recording_id: str, live: RunningStream) -> None:
        """Forget a stream, unless another one has taken its place."""
        with self._lock:
            if self._by_id.get(recording_id) is live:
                del self._by_id[recording_id]

    def change_knobs(self, recording_id: str, texts: Mapping[str, str]) -> None:
        """Change knobs of a stream. Raises `BadKnob` with a sentence, also for an unknown stream."""
        with self._lock:
            live = self._by_id.get(recording_id)
        if live is None:
            raise BadKnob("This stream has ended, or has not begun.")
        live.apply(texts)

    def leave(self, recording_id: str) -> None:
        """End a stream that nobody reads any more, also one that has not begun; harmless where it has ended."""
        with self._lock:
            live = self._by_id.get(recording_id)
            if live is None:
                self._left.append(recording_id)
        if live is not None:
            live.leave()


def add_streams(app: Flask) -> RunningStreams:
    """Let an app know its running streams; its requests get their knobs with `add_current_stream`."""
    streams = app.extensions[_EXTENSION] = RunningStreams()
    app.after_request(_forget_when_closed)
    return streams


def add_current_stream(values: KnobValues, view: View) -> None:
    """Give the active request its live knobs; where it is recorded, they can be turned until its response is closed."""
    folder = recorded_folder(request.environ)
    g.live = live = RunningStream(values, view, folder)
    if folder is not None:
        streams: RunningStreams = current_app.extensions[_EXTENSION]
        streams.add(folder.name, live)
        g.forget = lambda: streams.remove(folder.name, live)


def current_stream() -> RunningStream:
    """Return the live knobs of the active request. Raises ``RuntimeError`` outside of one."""
    live: RunningStream = g.live
    return live


def _forget_when_closed(response: Response) -> Response:
    forget = g.pop("forget", None)
    if forget is not None:
        response.call_on_close(forget)
    return response
