"""What a mark costs: streams with and without the taps, side by side in one run.

``python -m tests.benchmarks.bench_tap [ITEMS] [ROUNDS]`` prints microseconds a mark for each tap: the time per item
with the tap minus the time per item without. Variants of a round run one after the other, so that a noisy machine
disturbs both, and a bare ``write()`` of a row beside them, the least that a mark which survives a kill can cost. Times
are CPU time of the thread: nothing here waits, and other programs are not what is measured.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import thread_time_ns
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

from flask import Flask, stream_template_string

from inspector.recording.recording_id import RECORDING_HEADER
from inspector.tap import Tap, parts

_HEADER_KEY = "HTTP_" + RECORDING_HEADER.upper().replace("-", "_")
_TEMPLATE = "{% for row in rows %}<li>{{ row }}</li>\n{% endfor %}"
_PIECES_PER_ROW = 3  # the text before, the value, the text after; the first two of neighbouring rows are one
_GOAL_US = 2.0


@dataclass(frozen=True)
class Case:
    """One comparison: what is tapped, with how many marks of all tracks for each item of the body."""

    name: str
    make_app: Callable[[Tap, int], WSGIApplication]
    marks_per_item: int


def _body(items: int) -> Iterator[bytes]:
    for _ in range(items):
        yield b"a row of thirty-two bytes......\n"


def _plain(items: int) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return _body(items)

    return app


def _delegating(items: int) -> WSGIApplication:
    def outer() -> Iterator[bytes]:
        yield from _body(items)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return outer()

    return app


def _with_parts(items: int) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return parts(_body(items))

    return app


def _template(tap: Tap, items: int) -> WSGIApplication:
    app = Flask(__name__)
    tap.install(app)

    @app.get("/")
    def view() -> Iterator[str]:
        return stream_template_string(_TEMPLATE, rows=range(items // _PIECES_PER_ROW))

    return app


def _parts_app(tap: Tap, items: int) -> WSGIApplication:
    return tap.yields(_with_parts(items))


CASES = (
    Case("write", lambda tap, items: tap.write(_plain(items)), 1),
    Case("yield (and part, the same): source walk of one frame", lambda tap, items: tap.yields(_plain(items)), 2),
    Case("yield (and part, the same): source walk of two frames", lambda tap, items: tap.yields(_delegating(items)), 2),
    Case("part by parts() + yield", _parts_app, 2),
    Case("part by Jinja + yield", _template, 2),
    Case("part by Jinja + yield + write", lambda tap, items: tap.write(_template(tap, items)), 3),
)


@contextmanager
def _recording(spool: Path) -> Iterator[str]:
    number = len(list(spool.iterdir()))
    recording_id = f"20260101-000000-{number:08x}"
    (spool / recording_id).mkdir()
    yield recording_id


def _time_per_item_us(app: WSGIApplication, items: int, recording_id: str | None) -> float:
    environ: dict[str, object] = {}
    setup_testing_defaults(environ)
    if recording_id is not None:
        environ[_HEADER_KEY] = recording_id

    def start_response(*_: object) -> Callable[[bytes], None]:
        return lambda data: None

    started_ns = thread_time_ns()
    body = app(environ, start_response)
    for _ in body:
        pass
    elapsed_ns = thread_time_ns() - started_ns
    close = getattr(body, "close", None)
    if close is not None:
        close()
    return elapsed_ns / items / 1000


def _time_per_row_us(folder: Path, rows: int) -> float:
    """Return what one bare ``write()`` of a row to a file costs: no tap that is safe against a kill can cost less."""
    with (folder / "bare.rows").open("wb", buffering=0) as file:
        row = bytes(24)
        started_ns = thread_time_ns()
        for _ in range(rows):
            file.write(row)
        return (thread_time_ns() - started_ns) / rows / 1000


@dataclass(frozen=True)
class Figures:
    """Microseconds of all rounds of a case: an untapped item, a tapped one that is not recorded, one mark, one row."""

    untapped: list[float]
    idle: list[float]
    mark: list[float]
    row: list[float]


def measure(case: Case, items: int, rounds: int, spool: Path) -> Figures:
    """Time all variants of a case, one after the other in each round."""
    figures = Figures([], [], [], [])
    for _ in range(rounds):
        app, bare = case.make_app(Tap(spool), items), case.make_app(Tap(None), items)
        with _recording(spool) as recording_id:
            without = _time_per_item_us(bare, items, None)
            figures.untapped.append(without)
            figures.idle.append(_time_per_item_us(app, items, None))
            recorded = _time_per_item_us(app, items, recording_id)
            figures.mark.append((recorded - without) / case.marks_per_item)
            figures.row.append(_time_per_row_us(spool / recording_id, items))
    return figures


def main(items: int = 100_000, rounds: int = 7) -> int:
    """Print one line a case; exit status 1 where the median mark of a case costs more than the goal."""
    print(f"{items} items, {rounds} rounds, CPU microseconds as median (least); goal: under {_GOAL_US} a mark")
    print(f"{'case':54} {'untapped':>14} {'idle tap':>14} {'a mark':>14} {'bare write()':>14}")
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            figures = measure(case, items, rounds, Path(folder))
            columns = (figures.untapped, figures.idle, figures.mark, figures.row)
            cells = (f"{statistics.median(times):.3f} ({min(times):.3f})" for times in columns)
            print(f"{case.name:54} " + " ".join(f"{cell:>14}" for cell in cells))
            worst = max(worst, statistics.median(figures.mark))
    return int(worst >= _GOAL_US)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
