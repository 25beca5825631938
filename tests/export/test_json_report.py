"""The JSON object of a recording, from folders whose every byte is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.statistics_report import statistics_report
from inspector.analysis.diagnosis.verdict import judge, verdict_report
from inspector.export.json_report import encode_report, json_report
from inspector.recording.folder import Recording
from inspector.recording.layers import LAYERS
from inspector.recording.meta import Ending, Meta, RequestMeta
from inspector.recording.snapshot import Snapshot
from inspector.recording.tap_log import TAPS_NAME, TapMeta, encode_tap
from inspector.recording.track import Track
from tests.sample_recording import SENT_T_NS, write_sample


def report_of(folder: Path) -> dict[str, Any]:
    recording = Recording(folder)
    recording.refresh()
    assert recording.meta is not None
    report = json_report(recording.snapshot())
    recording.close()
    decoded = json.loads(encode_report(report))
    assert decoded == report
    return decoded  # type: ignore[no-any-return]


def test_that_the_object_has_the_documented_fields(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"<ul>", b"<li>a</li>"])
    report = report_of(tmp_path / "one")
    assert list(report) == [
        "format", "request", "response", "trailers", "ending", "notes", "verdict", "statistics", "layers",
        "taps", "changes",
    ]  # fmt: skip
    assert report["format"] == 1
    assert list(report["request"]) == ["method", "url", "headers", "knobs"]
    assert list(report["response"]) == ["http_version", "status", "headers"]
    assert all(len(pair) == 2 for pair in report["response"]["headers"])
    assert list(report["ending"]) == ["kind", "text", "t_ns"]
    assert list(report["layers"]) == ["part", "yield", "write", "read", "chunk", "piece"]


def test_that_taps_and_the_layers_between_middlewares_are_told_in_the_order_of_the_road(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"one"])
    taps = [TapMeta(layer="write", name="lint"), TapMeta(layer="write.1", name="gzip", content_coding="gzip")]
    (tmp_path / "one" / TAPS_NAME).write_bytes(b"".join(map(encode_tap, taps)))
    report = report_of(tmp_path / "one")
    assert report["taps"] == [
        {"layer": "write.1", "name": "gzip", "content_coding": "gzip", "content_length": False, "buffers": []},
        {"layer": "write", "name": "lint", "content_coding": "identity", "content_length": False, "buffers": []},
    ]
    assert list(report["layers"]) == ["part", "yield", "write.1", "write", "read", "chunk", "piece"]
    assert report["layers"]["write.1"] == {"axis": "body", "marks": []}


def test_that_the_verdict_and_the_statistics_are_those_of_the_analysis(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"<ul>", b"<li>a</li>"])
    recording = Recording(tmp_path / "one")
    recording.refresh()
    assert recording.meta is not None
    analysis = analysis_of(recording.snapshot())
    recording.close()
    report = report_of(tmp_path / "one")
    assert report["verdict"] == json.loads(json.dumps(verdict_report(judge(analysis))))
    assert report["verdict"].keys() >= {"kind", "layer", "culprit", "figure", "advice", "evidence"}
    assert report["statistics"] == statistics_report(analysis)
    assert report["statistics"]["layers"]["yield"]["count"] == 2
    assert report["statistics"]["gaps"].keys() >= {"template", "server", "client"}


def test_that_marks_are_relative_to_the_sending_and_name_their_axis(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"<ul>", b"<li>a</li>"], period_ns=20_000_000)
    layers = report_of(tmp_path / "one")["layers"]
    assert layers["yield"]["marks"] == [[1_000_000, 4], [21_000_000, 14]]
    assert layers["yield"]["axis"] == layers["part"]["axis"] == layers["piece"]["axis"] == "content"
    assert layers["write"]["axis"] == layers["chunk"]["axis"] == "body"
    assert layers["read"]["axis"] == "wire"
    assert [end for _, end in layers["chunk"]["marks"]] == [4, 14]


def test_that_sources_are_given_for_each_mark_of_the_layers_that_know_them(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", [b"<ul>", b"<li>a</li>"])
    recording = Recording(tmp_path / "one")
    recording.refresh()
    layers = report_of(tmp_path / "one")["layers"]
    for name in ("part", "yield"):
        lines = recording.tracks[name].column("source").tolist()
        assert layers[name]["sources"] == [recording.sources.label(line) or None for line in lines]
    assert any(layers["part"]["sources"])
    assert all("sources" not in layers[name] for name in ("write", "read", "chunk", "piece"))
    recording.close()


def test_that_a_line_that_is_not_known_is_null() -> None:
    layer = LAYERS[0]
    tracks = {each.name: Track.empty(each) for each in LAYERS}
    tracks["part"] = Track(layer, np.array([[SENT_T_NS, 3, -1]], dtype=np.int64))
    meta = Meta(id="x", started_at="", request=RequestMeta(sent_t_ns=SENT_T_NS))
    report = json_report(Snapshot(tracks, meta))
    assert report["layers"]["part"] == {"axis": "content", "marks": [[0, 3]], "sources": [None]}
    assert (report["response"], report["ending"]) == (None, None)


def test_that_times_count_from_the_ending_where_nothing_was_sent() -> None:
    meta = Meta(id="x", started_at="", request=RequestMeta(), ending=Ending(kind="refused", text="no", t_ns=77))
    report = json_report(Snapshot(meta=meta))
    assert report["ending"] == {"kind": "refused", "text": "no", "t_ns": 0}
    assert all(layer["marks"] == [] for layer in report["layers"].values())
