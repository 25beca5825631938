"""The commands that a parent writes to the recorder's standard input, one JSON object a line.

One message goes the other way, on its standard output: what the recorder knows of a recording that has ended where
``meta.json`` could not be written. `inspector.session` imports this module and no other of the package.
"""

from __future__ import annotations

import msgspec

from inspector.recording.meta import Meta


class BadCommand(ValueError):
    """A line is no command; the text says what is wrong with it."""


class RecordCommand(msgspec.Struct, kw_only=True, frozen=True, tag_field="do", tag="record"):
    """Record one response into the folder ``id`` of the spool, which exists already.

    ``max_seconds`` counts from the start to the sending of the request, and from there on anew; ``max_bytes`` counts
    content bytes; None is no limit. ``authorization`` is the value of an Authorization header that is sent and never
    kept (see `inspector.recording.url_credentials`); one among ``headers`` wins, which is kept as they are.
    ``client`` are the recorder's own knobs by name, in the units of the catalogue; one that is 0 or not given leaves
    things as they are. ``knobs`` are only noted. ``server_pids`` are the processes whose memory is sampled meanwhile.
    """

    id: str
    url: str
    method: str = "GET"
    headers: list[tuple[str, str]] = []
    authorization: str = ""
    title: str = ""
    knobs: dict[str, str] = {}
    client: dict[str, int] = {}
    max_seconds: float | None = None
    max_bytes: int | None = None
    server_pids: list[int] = []


class StopCommand(msgspec.Struct, kw_only=True, frozen=True, tag_field="do", tag="stop"):
    """End the recording ``id`` if it still runs."""

    id: str


class UpdateCommand(msgspec.Struct, kw_only=True, frozen=True, tag_field="do", tag="tune"):
    """Change how the recording ``id`` reads, from its next read on: only the knobs given in ``client``."""

    id: str
    client: dict[str, int] = {}


Command = RecordCommand | StopCommand | UpdateCommand


class Unsaved(msgspec.Struct, kw_only=True, frozen=True):
    """What the recorder says where the disk does not take a recording's ending: all of its meta data."""

    meta: Meta


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


def encode_command(command: Command) -> bytes:
    """Return the line, its newline included."""
    return _encoder.encode(command) + b"\n"


def decode_command(line: bytes) -> Command:
    """Parse one line. Raises `BadCommand` naming the field."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadCommand(f"not a command: {error}") from error


def encode_unsaved(meta: Meta) -> bytes:
    """Return the line that carries a recording's meta data to the parent, its newline included."""
    return _encoder.encode(Unsaved(meta=meta)) + b"\n"


def decode_unsaved(line: bytes) -> Meta | None:
    """Return the meta data of one line of the recorder's stdout, None for what is none."""
    try:
        return msgspec.json.decode(line, type=Unsaved).meta
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
