"""A simulated road: a source, stages in the server's thread, a connection, a reader; it makes tracks as a real one.

The server pulls: an item is marked at each layer on its way out, and a full connection blocks the thread. The reader
takes what has arrived when it gets its turn. Noise: every step takes some microseconds, and with a given probability
the machine is busy with something else for 10 to 50 ms. All random numbers come from the seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from inspector.recording.layers import LAYER_BY_NAME, Layer
from inspector.recording.meta import Ending, Framing, Meta, RequestMeta, ResponseMeta
from inspector.recording.snapshot import Snapshot
from inspector.recording.tap_log import TapMeta
from inspector.recording.track import Track

SENT_T_NS = 3_000_000_000
MS = 1_000_000
BIG = 1 << 40


def seen_tap(layer: str, name: str = "", content_coding: str = "identity", buffers: Sequence[str] = ()) -> TapMeta:
    """Return a row of ``taps.jsonl``."""
    return TapMeta(layer=layer, name=name, content_coding=content_coding, buffers=[*buffers])


@dataclass(frozen=True)
class Item:
    """An item of a stage: bytes of the body as they leave it, and how much content is decodable after it."""

    body_bytes: int
    content_end: int


#: Takes the items that come in and gives those that go out; runs in the server's thread.
Stage = Callable[[Iterator[Item]], Iterator[Item]]


def joining(count: int) -> Stage:
    """Join so many items into one, as a template buffer does."""

    def stage(items: Iterator[Item]) -> Iterator[Item]:
        held: list[Item] = []
        for item in items:
            held.append(item)
            if len(held) == count:
                yield Item(sum(each.body_bytes for each in held), item.content_end)
                held.clear()
        if held:
            yield Item(sum(each.body_bytes for each in held), held[-1].content_end)

    return stage


def rechunking(size: int) -> Stage:
    """Cut into pieces of so many bytes (uncoded content only)."""

    def stage(items: Iterator[Item]) -> Iterator[Item]:
        waiting = end = 0
        for item in items:
            waiting += item.body_bytes
            while waiting >= size:
                waiting -= size
                end += size
                yield Item(size, end)
        if waiting:
            yield Item(waiting, end + waiting)

    return stage


def gzipping(*, flush: bool, window_bytes: int = BIG) -> Stage:
    """Code to a fifth, a header first; without flush nothing comes out before a window is full, or the end."""

    def stage(items: Iterator[Item]) -> Iterator[Item]:
        held = end = 0
        is_first = True
        for item in items:
            held += item.content_end - end
            end = item.content_end
            if flush:
                yield Item((10 if is_first else 0) + held // 5 + 11, end)
                held = 0
            elif is_first:
                yield Item(10, 0)
            elif held >= window_bytes:
                yield Item(held // 5 + 1, end)
                held = 0
            is_first = False
        yield Item(held // 5 + 8, end)

    return stage


@dataclass
class Road:
    """What to simulate. Times in milliseconds. ``middlewares``: name and stage, the innermost first."""

    count: int = 40
    interval_ms: float = 20.0
    jitter: float = 0.0
    row_bytes: int = 60
    parts_per_row: int = 1
    pauses_ms: dict[int, float] = field(default_factory=dict)
    template: Stage | None = None
    hooks: str = ""
    middlewares: Sequence[tuple[str, Stage]] = ()
    #: The server sends only when so many bytes are there, or multiples of them (pages), and at the end.
    send_bytes: int = 1
    pages: bool = False
    capacity_bytes: int = 4_000_000
    read_bytes: int = 262_144
    bytes_per_s: float = 0.0
    step_us: float = 20.0
    reader_turn_ms: float = 0.0
    busy: float = 0.0
    kernel_clock: bool = True
    client_buffer: int = 0
    chunked: bool = True
    content_length: bool = False
    knobs: dict[str, str] = field(default_factory=dict)
    #: A route of the built-in server, or an address.
    title: str = "/large.csv"
    url: str = "http://127.0.0.1:5000/large.csv"
    buffers: tuple[str, ...] = ()
    seed: int = 1
    ended: bool = True


@dataclass
class Simulated:
    tracks: dict[str, Track]
    meta: Meta
    taps: list[TapMeta]

    def snapshot(self, **parts: Any) -> Snapshot:
        """Return the recording as a value; ``parts`` replace some of it."""
        whole = Snapshot(self.tracks, self.meta, tuple(self.taps))
        return replace(whole, **parts)


def simulate(road: Road) -> Simulated:
    """Run a road to its end."""
    return _Run(road).run()


class _Run:
    def __init__(self, road: Road) -> None:
        self.road = road
        self.dice = random.Random(road.seed)
        self.t = SENT_T_NS + 2 * MS
        self.marks: dict[str, list[tuple[int, ...]]] = {"part": [], "yield": [], "write": []}
        self.written: list[tuple[int, int]] = []  # body end, content end
        self.arrivals: list[tuple[int, int]] = []  # time, body end
        self.seen = 0
        self.read_at = self.t
        self.body_read = 0
        self.is_coded = any(name.startswith("gzip") for name, _ in road.middlewares)

    def run(self) -> Simulated:
        items = self._marked("part", self._source())
        items = self._marked("yield", (self.road.template or _as_it_is)(items))
        for index, (_, stage) in enumerate(self.road.middlewares, 1):
            last = index == len(self.road.middlewares)
            items = self._marked("write" if last else f"write.{index}", stage(items))
        if not self.road.middlewares:
            items = self._marked("write", items)
        for item in items:
            self._send(item)
        self._arrive(force=True)
        self._read_until(BIG * MS)
        return Simulated(self._tracks(), self._meta(), self._taps())

    def _noise(self) -> int:
        """Return nanoseconds that a step takes."""
        step_ns = int(self.dice.expovariate(1 / (self.road.step_us * 1_000)))
        if self.dice.random() < self.road.busy:
            step_ns += int(self.dice.uniform(10, 50) * MS)
        return step_ns

    def _source(self) -> Iterator[Item]:
        end = 0
        for row in range(self.road.count):
            pause_ms = self.road.interval_ms * (1 + self.dice.uniform(-1, 1) * self.road.jitter) if row else 0.0
            self.t += int((pause_ms + self.road.pauses_ms.get(row, 0.0)) * MS)
            for part in range(self.road.parts_per_row):
                size = self.road.row_bytes * (part + 1) // self.road.parts_per_row
                size -= self.road.row_bytes * part // self.road.parts_per_row
                end += size
                yield Item(size, end)

    def _marked(self, layer: str, items: Iterator[Item]) -> Iterator[Item]:
        marks, end = self.marks.setdefault(layer, []), 0
        for item in items:
            self.t += self._noise()
            end += item.body_bytes
            marks.append((self.t, end))
            yield item

    def _send(self, item: Item) -> None:
        body_end = (self.written[-1][0] if self.written else 0) + item.body_bytes
        self.written.append((body_end, item.content_end))
        self._arrive()
        self._read_until(self.t)
        while body_end - self.body_read > self.road.capacity_bytes + item.body_bytes:
            at = self._next_read()
            if at is None:
                break
            self.t = max(self.t, at)
            self._read_until(self.t)

    def _arrive(self, *, force: bool = False) -> None:
        written = self.written[-1][0] if self.written else 0
        came = self.arrivals[-1][1] if self.arrivals else 0
        ready = written - came
        if self.road.pages and not force:
            ready -= ready % self.road.send_bytes
        if ready and (force or ready >= self.road.send_bytes):
            self.arrivals.append((self.t + 20_000 + self._noise(), came + ready))

    def _next_read(self) -> int | None:
        for t_ns, end in self.arrivals[self.seen :]:
            if end > self.body_read:
                turn = self.road.reader_turn_ms * MS
                return max(self.read_at, t_ns + int(self.dice.uniform(0, turn)) + 15_000)
            self.seen += 1
        return None

    def _read_until(self, t_ns: int) -> None:
        while (at := self._next_read()) is not None and at <= t_ns:
            at += self._noise()
            there = [each for each in self.arrivals[self.seen :] if each[0] <= at]
            most = self.road.read_bytes
            if self.road.bytes_per_s:
                most = min(most, max(1, int(self.road.bytes_per_s / 20)))
            end = min(there[-1][1], self.body_read + most)
            arrived = next(each for each in there if each[1] >= end)[0]
            self.body_read = end
            # A kernel's time is that of the last segment in the read.
            self.marks.setdefault("read", []).append((arrived if self.road.kernel_clock else at, end, at))
            self.read_at = at + int(self.road.step_us * 500)
            if self.road.bytes_per_s:
                taken = end - (self.marks["read"][-2][1] if len(self.marks["read"]) > 1 else 0)
                self.read_at = at + int(taken / self.road.bytes_per_s * 1e9)

    def _content_at(self, body_end: int) -> int:
        if not self.is_coded:
            return body_end
        return max((content for body, content in self.written if body <= body_end), default=0)

    def _tracks(self) -> dict[str, Track]:
        found: dict[str, Track] = {}
        for name, marks in self.marks.items():
            if name in {"part", "yield"}:
                found[name] = _track(name, [(t, end, -1) for t, end in marks])
            elif name.startswith("write"):
                found[name] = _track(name, marks)
        t_max = 0
        reads, pieces, chunks = list[tuple[int, ...]](), list[tuple[int, int]](), list[tuple[int, ...]]()
        ends = [each[0] for each in self.written]
        for t_ns, end, user in self.marks.get("read", []):
            t_max = max(t_max, t_ns)
            content = self._content_at(end)
            reads.append((t_max, end, end, content, max(user, t_max)))
            while self.road.chunked and len(chunks) < len(ends) and ends[len(chunks)] <= end:
                body = ends[len(chunks)]
                chunks.append((t_max, body, body, self._content_at(body)))
            begin = pieces[-1][1] if pieces else 0
            size = self.road.client_buffer
            if not size and content > begin:
                pieces.append((user, content))
            while size and content - begin >= size:
                begin += size
                pieces.append((user, begin))
        if reads and (not pieces or pieces[-1][1] < reads[-1][3]):
            pieces.append((reads[-1][4], reads[-1][3]))
        return found | {
            "read": _track("read", reads),
            "chunk": _track("chunk", chunks),
            "piece": _track("piece", pieces),
        }

    def _meta(self) -> Meta:
        framing: Framing = "chunked" if self.road.chunked else "close-delimited"
        if self.road.content_length:
            framing = "content-length"
        first = self.marks.get("read", [(self.t, 0, 0)])[0][0]
        last = max(marks[-1][0] for marks in self.marks.values() if marks) if any(self.marks.values()) else self.t
        headers = [("Content-Length", str(self.written[-1][0]))] if self.road.content_length else []
        return Meta(
            id="simulated", started_at="2026-11-20T23:15:04Z", title=self.road.title,
            request=RequestMeta(url=self.road.url, knobs=self.road.knobs, sent_t_ns=SENT_T_NS),
            response=ResponseMeta(http_version="HTTP/1.1", status=200, head_t_ns=first, framing=framing,
                                  headers=headers, content_coding="gzip" if self.is_coded else "identity"),
            ending=Ending(kind="complete", text="complete", t_ns=last + MS) if self.road.ended else None,
            client_buffer_bytes=self.road.client_buffer,
        )  # fmt: skip

    def _taps(self) -> list[TapMeta]:
        taps, coding = [seen_tap("yield", self.road.hooks, buffers=self.road.buffers)], "identity"
        for index, (name, _) in enumerate(self.road.middlewares, 1):
            coding = "gzip" if name.startswith("gzip") else coding
            last = index == len(self.road.middlewares)
            taps.append(seen_tap("write" if last else f"write.{index}", name, coding))
        return taps if self.road.middlewares else [*taps, seen_tap("write")]


def _as_it_is(items: Iterator[Item]) -> Iterator[Item]:
    return items


def _track(name: str, rows: Sequence[tuple[int, ...]]) -> Track:
    layer = LAYER_BY_NAME.get(name) or Layer(name, "server", "body", ("t_ns", "end"), "item", "items", name)
    columns = len(layer.columns)
    whole = [(*row, *[0] * (columns - len(row))) for row in rows]
    return Track(layer, np.array(whole, dtype=np.int64).reshape(-1, columns))
