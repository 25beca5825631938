"""Hostile inputs of each kind, made from dice alone: the same dice make the same bytes."""

from __future__ import annotations

import io
import json
import random
import string
import struct
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from inspector.catalogue import KNOBS, VIEWS
from inspector.recording.annotations import Annotations, write_annotations
from inspector.recording.archive import npy_header, save_archive
from inspector.recording.change_log import CHANGES_NAME, Change, encode_change
from inspector.recording.process_samples import SAMPLES_NAME
from inspector.recording.tap_log import TAPS_NAME, TapMeta, encode_tap
from tests.sample_recording import write_sample

Make = Callable[[random.Random], bytes]
ID = "20261121-101010-0f0f0f0f"
NUMBERS = (
    -1,
    0,
    1,
    2,
    255,
    1 << 31,
    1 << 32,
    1 << 40,
    1 << 53,
    (1 << 62) - 1,
    1 << 62,
    (1 << 63) - 1,
    1 << 63,
    -(1 << 63),
)
TEXTS = (
    "", "0", "-1", "1e999", "nan", "inf", "1_000", "9" * 5_000, "a" * 70_000, "<img src=x>", "\u202e", "\x00", "%00",
    "%zz", "a,b,,c", "gzip," * 300, "rechunk:0", "rechunk:99999999999999999999", "1e3", "0x10", "\ud800", "é" * 100,
    "\u0663", "\x1b[2J", "http://[", "http://a:99999/", "//x", "?a=b&a=c", "/large.csv?rows=-1", "xn--a.com", "\n",
    "http://xn--/", "a:b@c:d", "\t", "∞",
)  # fmt: skip


def text(dice: random.Random) -> str:
    """Return a text, hostile or plain."""
    if dice.random() < 0.5:
        return dice.choice(TEXTS)
    letters = string.printable if dice.random() < 0.7 else "aé∞\u202e\x00\ud800<>&\"'%"
    return "".join(dice.choices(letters, k=dice.choice((0, 1, 3, 12, 200))))


def mutated(dice: random.Random, data: bytes) -> bytes:
    """Return bytes changed in a few places: flipped, replaced, cut, repeated, swapped."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 8))):
        if not changed:
            break
        at, length = dice.randrange(len(changed)), dice.choice((1, 2, 4, 8, 60))
        match dice.randrange(7):
            case 0 | 1:
                changed[at] ^= 1 << dice.randrange(8)
            case 2:
                changed[at] = dice.randrange(256)
            case 3:
                del changed[at:]
            case 4:
                changed[at:at] = changed[at : at + length] * dice.choice((1, 2, 50))
            case 5:
                changed[at : at + length] = dice.randbytes(length)
            case _:
                number = dice.choice(NUMBERS) & ((1 << 64) - 1)
                changed[at : at + 8] = struct.pack("<Q", number)
    return bytes(changed)


def framing(dice: random.Random) -> bytes:
    """Return a body: a byte that chooses the framing, one for the cuts, then chunks, sound and less so."""
    body = bytearray()
    for _ in range(dice.randrange(12)):
        data = dice.randbytes(dice.choice((0, 1, 3, 16, 300)))
        size = (
            b"%x" % len(data)
            if dice.random() < 0.9
            else dice.choice((b"", b"-1", b"0x5", b"f" * 17, b"1" * 300, b" 3 "))
        )
        extension = dice.choice((b"", b"", b"", b";a=b", b";" * 20_000, b'; x="\r\n"'))
        body += size + extension + dice.choice((b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r")) + data
        body += dice.choice((b"\r\n", b"\r\n", b"\r\n", b"\n", b"", b"xx"))
    body += dice.choice((b"0\r\n\r\n", b"0\r\nA: b\r\n\r\n", b"", b"0\r\n" + b"A:b\r\n" * 5_000, b"0\r\n\r\njunk"))
    return dice.randbytes(2) + (mutated(dice, bytes(body)) if dice.random() < 0.6 else bytes(body))


def head(dice: random.Random) -> bytes:
    """Return a response head, sound and less so."""
    names = ("Content-Length", "Transfer-Encoding", "Content-Encoding", "X", "", "A b", "content-length", "Connection")
    values = (
        "5",
        "chunked",
        "gzip, br",
        "5, 5",
        "-5",
        "+5",
        "5;",
        "chunked, chunked",
        "x" * 9_000,
        " \t",
        "identity",
        "0" * 30,
    )
    lines = [
        dice.choice(
            ("HTTP/1.1 200 OK", "HTTP/1.0 204", "HTTP/1.1 103 Early", "HTTP/2 200", "ICY 200", "HTTP/1.1 999 x")
        )
    ]
    for _ in range(dice.choice((0, 1, 2, 5, 400))):
        lines.append(f"{dice.choice(names)}{dice.choice((':', ': ', ' :', ''))}{dice.choice(values)}")
        if dice.random() < 0.1:
            lines.append(dice.choice((" folded", "\tfolded", " ", "")))
    whole = dice.choice(("\r\n", "\n", "\r\n")).join(lines).encode() + b"\r\n\r\n"
    return mutated(dice, whole) if dice.random() < 0.6 else whole


@cache
def members() -> dict[str, bytes]:
    """Return the members of a sound recording that has all there can be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / ID
        write_sample(folder, [f"row {index},\n".encode() * 3 for index in range(30)], parts_per_yield=3)
        changes = [
            Change(t_ns=5_100_000_000, side="server", knob="template_buffer", before="0", after="50"),
            Change(t_ns=5_300_000_000, side="client", knob="client_buffer", before="0", after="700"),
        ]
        (folder / CHANGES_NAME).write_bytes(b"".join(map(encode_change, changes)))
        (folder / SAMPLES_NAME).write_bytes(np.arange(40, dtype="<i8").tobytes())
        taps = [TapMeta(layer="yield", name="get_data"), TapMeta(layer="write", name="gzip", content_coding="gzip")]
        (folder / TAPS_NAME).write_bytes(b"".join(map(encode_tap, taps)))
        rows = np.stack([np.arange(30) * 20_000_000 + 5_001_010_000, np.arange(1, 31) * 9], axis=1)
        (folder / "write.1.marks").write_bytes(rows.astype("<i8").tobytes())
        write_annotations(folder, Annotations(name="a name", note="a note", pinned=True))
        save_archive(folder, Path(name) / "a.stream")
        with zipfile.ZipFile(Path(name) / "a.stream") as archive:
            return {each: archive.read(each) for each in archive.namelist()}


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a file with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def damaged_archive(dice: random.Random) -> bytes:
    """Return a saved recording that was hit: bits, bytes, cuts, splices of itself."""
    sound = zipped(members(), dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))
    if dice.random() < 0.1:
        return sound[: dice.randrange(len(sound))] + sound[dice.randrange(len(sound)) :]
    return mutated(dice, sound)


def hostile_archive(dice: random.Random) -> bytes:
    """Return a whole saved recording whose members say what can't be, or what is only unlikely."""
    parts = dict(members())
    for name in (*dice.sample([each for each in parts if each != "meta.json"], dice.choice((0, 1, 1, 3))), "meta.json"):
        if name == "meta.json" and dice.random() < 0.6:
            continue
        if name == "meta.json":
            parts[name] = meta(dice)
        elif name.endswith(".npy"):
            parts[name] = _rows(dice, parts[name])
        elif name.endswith((".jsonl", ".json")):
            lines = parts[name].splitlines(keepends=True)
            parts[name] = (
                b"".join(_json_line(dice, dice.choice(lines)) for _ in range(dice.choice((0, 1, 3, 40))))
                if lines
                else b""
            )
        elif dice.random() < 0.5:
            parts[name] = mutated(dice, parts[name])
        else:
            del parts[name]
    return zipped(parts, zipfile.ZIP_STORED)


def _rows(dice: random.Random, data: bytes) -> bytes:
    """Return a track with some numbers replaced, mostly so that it is still sorted."""
    with io.BytesIO(data) as file:
        rows = np.load(file)
    columns = rows.shape[1]
    match dice.randrange(6):
        case 0:
            return mutated(dice, data)
        case 1:
            rows = rows[: dice.randrange(len(rows) + 1)]
        case 2:
            rows = np.repeat(rows, dice.choice((2, 50)), axis=0)
        case 3:
            rows[:, 0] = rows[:, 0].astype(object) * dice.choice((0, 1, 3, 1_000, 100_000_000)) % (1 << 62)
            rows[:, 0].sort()
        case _:
            index = dice.randrange(columns)
            first = dice.randrange(len(rows)) if len(rows) else 0
            number = dice.choice(NUMBERS)
            rows[first : dice.choice((first + 1, len(rows))), index] = (
                number - (1 << 64) if number >= 1 << 63 else number
            )
            if dice.random() < 0.5:
                rows[:, index].sort()
    return npy_header(len(rows), columns) + bytes(rows.astype("<i8").tobytes())


def meta(dice: random.Random) -> bytes:
    """Return ``meta.json`` with some of its values replaced, missing or mutated."""
    sound = members()["meta.json"]
    return mutated(dice, sound) if dice.random() < 0.2 else _json_line(dice, sound)


def _json_line(dice: random.Random, line: bytes) -> bytes:
    try:
        value = json.loads(line)
    except ValueError:
        return mutated(dice, line)
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = value
        while isinstance(at, dict | list) and at:
            key = dice.choice(list(at)) if isinstance(at, dict) else dice.randrange(len(at))
            if not isinstance(at[key], dict | list) or not at[key] or dice.random() < 0.15:
                at[key] = _value(dice)
                break
            at = at[key]
    return json.dumps(value, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass") + b"\n"


def _value(dice: random.Random) -> object:
    words = (
        "chunked",
        "content-length",
        "close-delimited",
        "none",
        "unknown",
        "gzip",
        "br",
        "identity",
        "complete",
        "stopped",
    )
    kinds = (
        "cut_short",
        "not_started",
        "refused",
        "timed_out",
        "protocol_error",
        "over_limit",
        "untrusted",
        "bad_coding",
        "write.1",
        "part",
    )
    match dice.randrange(6):
        case 0:
            return dice.choice(NUMBERS)
        case 1:
            return text(dice)
        case 2 | 3:
            return dice.choice(words + kinds)
        case 4:
            return dice.choice((None, True, [], {}, 1.5, float("nan"), [[]], [["a", "b"]] * 3, {"a": "b"}))
        case _:
            return dice.choice((5_000_000_000, 5_100_000_000, 200, 404, 1, "HTTP/1.0", "HEAD", "/large.csv?rows=5"))


def knobs(dice: random.Random) -> bytes:
    """Return a target and knobs as a person types them: JSON of a text and an object."""
    names = [knob.name for knob in KNOBS] + ["name", "nonsense", ""]
    texts = [text(dice) for _ in range(3)]
    values = texts + [choice for knob in KNOBS for choice in getattr(knob, "choices", ())] + ["1", "5", "0.5", "100000"]
    given = {dice.choice(names): dice.choice(values) for _ in range(dice.randrange(5))}
    route = dice.choice([view.route for view in VIEWS])
    target = dice.choice(
        (route, text(dice), f"{route}?{dice.choice(names)}={text(dice)}", f"http://{text(dice)}", f":{text(dice)}")
    )
    return json.dumps([target, given]).encode()


def command(dice: random.Random) -> bytes:
    """Return a line as the recorder reads them from its parent."""
    sound: dict[str, object] = {
        "do": dice.choice(("record", "stop", "tune", "", 5)),
        "id": ID,
        "url": "http://127.0.0.1/",
        "max_bytes": 5,
    }
    sound["headers"] = [["a", "b"]]
    line = _json_line(dice, json.dumps(sound).encode())
    return mutated(dice, line) if dice.random() < 0.4 else line


MAKERS: dict[str, Make] = {
    "framing": framing,
    "head": head,
    "damaged": damaged_archive,
    "hostile": hostile_archive,
    "meta": meta,
    "knobs": knobs,
    "command": command,
    "window": lambda dice: (hostile_archive if dice.random() < 0.8 else damaged_archive)(dice),
}
