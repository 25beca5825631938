"""Every route of the built-in server, recorded by ``record --json -o``: all tracks agree with the bytes on the wire.

The body that they are compared with is fetched by a raw socket from ``serve``, which knows nothing of recordings.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from inspector.catalogue import VIEWS, View
from inspector.recording.archive import load_archive
from inspector.recording.folder import Recording
from tests.command_line import report_of, run_cli, start_cli
from tests.served import Wire

KNOBS = {
    "rows": "9",
    "delay_ms": "2",
    "seed": "5",
    "row_bytes": "60",
    "template_buffer": "3",
    "name": "Zoë & <b>Jo</b>",
}
CUT = ("/stream-without-context",)
HELD = ("/in-memory.csv", "/through-a-file.csv")
#: A mark of one process may seem to lie before its cause in another by as much as the kernel's clock is off.
SKEW_NS = 1_000_000


@pytest.fixture(scope="module")
def served_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server alone, by ``streaming-inspector serve``."""
    with start_cli(tmp_path_factory.mktemp("home"), "serve") as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        assert line.startswith("Serving on http://127.0.0.1:")
        yield int(line.rpartition(":")[2])
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate()
        assert (process.returncode, output) == (0, b"")
        assert b"KeyboardInterrupt" not in errors


def items_on_the_wire(port: int, path: str, *, cut: bool) -> tuple[list[bytes], bool]:
    """Return the chunks that the server sends, or the body as one item, and whether it was chunked."""
    with Wire(port, path) as wire:
        if wire.headers.get("transfer-encoding") == "chunked":
            return (wire.chunks_until_cut() if cut else wire.chunks()), True
        return [wire.body()], False


def ends(report: dict[str, Any], layer: str) -> list[int]:
    return [end for _, end in report["layers"][layer]["marks"]]


def times_ns(report: dict[str, Any], layer: str) -> list[int]:
    return [t_ns for t_ns, _ in report["layers"][layer]["marks"]]


def distinct(offsets: list[int]) -> list[int]:
    """Offsets without those of empty items."""
    return sorted(set(offsets) - {0})


def recorded_content(path: Path, into: Path) -> bytes:
    into.mkdir()
    recording = Recording(load_archive(path, into))
    recording.refresh()
    content = recording.read_content(0, recording.snapshot().content_bytes)
    recording.close()
    return content


@pytest.mark.parametrize("view", VIEWS, ids=[view.route for view in VIEWS])
def test_that_the_tracks_of_every_route_agree_with_the_body_byte_for_byte(
    view: View, served_port: int, tmp_path: Path
) -> None:
    knobs = {name: value for name, value in KNOBS.items() if name in view.knobs}
    path = f"{view.route}?{urlencode(knobs)}"
    pairs = [word for name, value in knobs.items() for word in ("-k", f"{name}={value}")]
    result = run_cli(tmp_path, "record", view.route, *pairs, "--json", "-o", tmp_path / "one.stream")
    report = report_of(result)
    cut = view.route in CUT
    assert (result.returncode, report["ending"]["kind"]) == ((1, "cut_short") if cut else (0, "complete"))
    assert report["request"]["knobs"] == knobs

    items, is_chunked = items_on_the_wire(served_port, path, cut=cut)
    content = recorded_content(tmp_path / "one.stream", tmp_path / "unpacked")
    port = int(report["request"]["url"].split(":")[2].partition("/")[0])
    body = b"".join(items)
    assert content.replace(b"127.0.0.1:%d" % port, b"here") == body.replace(b"127.0.0.1:%d" % served_port, b"here")

    for layer in ("part", "yield", "write", "piece"):
        assert ends(report, layer)[-1] == len(content)
    sent = distinct(ends(report, "write"))
    assert sent == distinct(ends(report, "yield"))
    assert (distinct(ends(report, "chunk")) if is_chunked else ends(report, "read")[-1:]) == (
        sent if is_chunked else sent[-1:]
    )
    if is_chunked and port > 9999 < served_port:
        assert [end - begin for begin, end in pairwise([0, *sent])] == [len(item) for item in items]
    assert_tracks_are_sound(report)
    if view.route not in HELD:
        assert all(report["layers"]["yield"]["sources"])
    assert all(report["layers"]["part"]["sources"])


def assert_tracks_are_sound(report: dict[str, Any]) -> None:
    """Offsets and times never fall, and no layer passed a byte before the layer above it did."""
    for layer in report["layers"]:
        assert ends(report, layer) == sorted(ends(report, layer))
        times = times_ns(report, layer)
        assert times == sorted(times)
        assert not times or times[0] >= 0
        # Only the reader has its last piece after the ending, which is when the last byte came.
        assert not times or layer == "piece" or times[-1] <= report["ending"]["t_ns"] + SKEW_NS
    client = "chunk" if report["layers"]["chunk"]["marks"] else "piece"
    for upper, lower in pairwise(("part", "yield", "write", client)):
        passed = report["layers"][upper]["marks"]
        for t_ns, end in report["layers"][lower]["marks"]:
            ready_ns = next(upper_t_ns for upper_t_ns, upper_end in passed if upper_end >= end)
            assert ready_ns <= t_ns + SKEW_NS, f"{lower} had byte {end} before {upper}"


def test_that_parts_name_the_line_of_the_template_that_made_them(tmp_path: Path) -> None:
    report = report_of(run_cli(tmp_path, "record", "/timeline?rows=3&delay_ms=0", "--json"))
    labels = report["layers"]["part"]["sources"]
    assert {label.partition(":")[0] for label in labels} >= {"timeline.html"}
    assert all(label.partition(":")[0].endswith(".html") for label in labels)
    assert len(set(labels)) > 3


def test_that_the_client_buffer_cuts_pieces(tmp_path: Path) -> None:
    report = report_of(run_cli(tmp_path, "record", "/large.csv?rows=9&delay_ms=0", "-k", "client_buffer=64", "--json"))
    sizes = [end - begin for begin, end in pairwise([0, *ends(report, "piece")])]
    assert set(sizes[:-1]) == {64}
    assert "client_buffer" not in report["request"]["url"]
