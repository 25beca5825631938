"""What is done with a hostile input of each kind: all that the product would do. Anything it raises here is a fault."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.verdict import judge, sentence
from inspector.analysis.runs.run_summary import summary_of
from inspector.capture.framing.chunked_framing import ChunkedFramer
from inspector.capture.framing.framer import Framer
from inspector.capture.framing.framer_factory import BadFraming, plan_body
from inspector.capture.framing.identity_framing import IdentityFramer
from inspector.capture.recorder_commands import BadCommand, decode_command
from inspector.capture.response_head import BadHead, HeadReader, RawHead
from inspector.catalogue import VIEWS, BadKnob, parse_knobs, view_of
from inspector.export.curl import curl_command
from inspector.export.json_report import encode_report, json_report
from inspector.export.marks_table import MarksTable
from inspector.recording.archive import load_archive, save_archive
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording, decode_meta, encode_meta
from inspector.recording.redaction import redacted_meta
from inspector.session.target import BadTarget, Target
from tests.capture.framing_runs import run

Check = Callable[[bytes, Path], None]


def framing(data: bytes, _folder: Path) -> None:
    """A body framed whole and in cuts is the same."""
    if len(data) < 2:
        return
    body = data[2:]

    def framer() -> Framer:
        return (ChunkedFramer, lambda: IdentityFramer(len(body) // 2), lambda: IdentityFramer(None))[data[0] % 3]()

    step = data[1] % 40 + 1
    cuts = [body[at : at + step] for at in range(0, len(body), step)]
    whole, parts = run(framer(), [body]), run(framer(), cuts)
    assert whole.chunks == parts.chunks
    assert (whole.error, whole.message_end) == (parts.error, parts.message_end)
    assert all(first[0] < second[0] and first[1] < second[1] for first, second in pairwise(whole.chunks))


def head(data: bytes, _folder: Path) -> None:
    """A head is read or refused, the same in whatever cuts it comes, and its framing chosen or refused."""
    whole = _head_of([data])
    step = len(data) % 30 + 1
    _check(whole == _head_of([data[at : at + step] for at in range(0, len(data), step)]), "it depends on the cuts")
    if isinstance(whole, RawHead):
        with suppress(BadFraming):
            plan_body("GET", whole.status, whole.http_version, whole.headers).framer().feed(b"5\r\n", 3)


def _head_of(parts: list[bytes]) -> RawHead | str | None:
    reader = HeadReader()
    try:
        for part in parts:
            found = reader.feed(part)
            if found is not None:
                return found
    except BadHead as error:
        return error.text
    return None


def archive(data: bytes, folder: Path) -> None:
    """A file is refused by its name, or opens, and all that is made of recordings can be made of it."""
    path, spool = folder / "input.stream", folder / "spool"
    path.write_bytes(data)
    try:
        opened = load_archive(path, spool)
    except BadRecording as error:
        _check(str(error).startswith("input.stream: "), str(error))
        _check(not list(spool.iterdir()), "a refused file leaves nothing")
        return
    with closing(Recording(opened)) as recording:
        recording.refresh()
        meta = recording.meta
        assert meta is not None
        for each in (meta, redacted_meta(meta)):
            report = json_report(replace(recording.snapshot(), meta=each))
            json.loads(encode_report(report), parse_constant=_no_number)
        sentence(judge(analysis_of(recording.snapshot())))
        summary_of(recording.snapshot())
        table = MarksTable(recording, 100)
        while table.next_lines():
            pass
        for start, stop in ((0, 1 << 62), (5, 50), (1 << 40, 1 << 41), (-5, 5)):
            recording.read_content(start, stop)
            recording.content.wire(start, stop)
    save_archive(opened, folder / "again.stream")
    shutil.rmtree(opened)
    shutil.rmtree(load_archive(folder / "again.stream", spool))


def _check(holds: bool, text: str) -> None:
    if not holds:
        raise AssertionError(text)


def _no_number(text: str) -> object:
    raise AssertionError(f"{text} is no JSON")


def meta(data: bytes, _folder: Path) -> None:
    """Meta data is refused, or is the same after it was written again; a request of it can be shown for curl."""
    try:
        found = decode_meta(data)
    except BadRecording:
        return
    assert decode_meta(encode_meta(found)) == found
    once = redacted_meta(found)
    assert redacted_meta(once) == once
    curl_command(found)


def knobs(data: bytes, _folder: Path) -> None:
    """What a person typed is refused in words, or names a target with a URL."""
    target, given = json.loads(data)
    try:
        found = Target.parse(target, given)
        found.url("http://127.0.0.1:1")
    except (BadTarget, BadKnob) as error:
        _check(bool(str(error)), "a refusal has a sentence")
    with suppress(BadKnob):
        parse_knobs(view_of(target) or VIEWS[len(data) % len(VIEWS)], given)


def command(data: bytes, _folder: Path) -> None:
    """A line is a command or is none."""
    with suppress(BadCommand):
        decode_command(data)


CHECKS: dict[str, Check] = {
    "framing": framing,
    "head": head,
    "damaged": archive,
    "hostile": archive,
    "archive": archive,
    "window": archive,
    "meta": meta,
    "knobs": knobs,
    "command": command,
}
