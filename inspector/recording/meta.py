"""The meta data of a recording: ``meta.json``, format 2, as checked values.

Written by the recorder process alone, replaced as a whole (`write_meta`), so a reader sees an old or a new state and
never half of one. Read and checked with msgspec: a bad field raises `BadRecording` naming its path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from .atomic_replace import replace_file

#: Version of the recording format that this code writes; older ones go through `migrations`.
FORMAT = 2
META_NAME = "meta.json"
#: No number of a recording is larger: two of them can be added and subtracted as 64-bit integers.
LARGEST_NUMBER = 1 << 62
#: No meta data is longer. A head has 100 KB at most, and what is written here is a small multiple of that.
LONGEST_META_BYTES = 16 << 20

#: A time in monotonic nanoseconds, a size or a count, as a file may give it.
Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_NUMBER)]
#: A text that is shown on a line, and a list of them, as a file may give them.
Text = Annotated[str, msgspec.Meta(max_length=1 << 18)]
Headers = Annotated[list[tuple[Text, Text]], msgspec.Meta(max_length=1 << 17)]
Texts = Annotated[list[Annotated[str, msgspec.Meta(max_length=1 << 21)]], msgspec.Meta(max_length=1 << 12)]

EndingKind = Literal[
    "complete", "cut_short", "not_started", "refused", "untrusted", "timed_out", "stopped", "protocol_error",
    "bad_coding", "over_limit",
]  # fmt: skip
#: ``unknown`` is a head that was refused: nobody knows whether a body was to follow, nor where it would end.
Framing = Literal["chunked", "content-length", "close-delimited", "none", "unknown"]
ReadClock = Literal["kernel", "user"]


class BadRecording(Exception):
    """A folder or file is not a recording that can be read; the text says what is wrong and where."""


class NewerFormat(BadRecording):
    """The recording was written by a newer version of the inspector."""


class RequestMeta(msgspec.Struct, kw_only=True):
    """The request as sent. ``sent_t_ns`` is the monotonic time of its sending, 0 until then."""

    method: Text = "GET"
    url: Text = ""
    headers: Headers = []
    knobs: Annotated[dict[Text, Text], msgspec.Meta(max_length=1 << 12)] = {}
    sent_t_ns: Count = 0


class ResponseMeta(msgspec.Struct, kw_only=True):
    """The response head (RFC 9112 section 4). ``head_t_ns`` is the monotonic time of the read that completed it."""

    http_version: Text
    status: Count
    reason: Text = ""
    headers: Headers = []
    head_t_ns: Count = 0
    framing: Framing = "none"
    content_coding: Text = "identity"


class Ending(msgspec.Struct, kw_only=True):
    """How a response ended: data, not an exception. ``text`` is for people, ``t_ns`` monotonic.

    ``not_started`` is a request that was never sent as something on our own side failed: a server or a recorder that
    could not be kept running, a limit of this system. ``refused`` is no connection to the target, ``untrusted`` a TLS
    certificate that is not trusted, ``bad_coding`` a body that came whole while its content coding is incomplete,
    broken or has something else behind it.
    ``cut_by`` is who is known to have cut it: the ``recorder``, whose disk was full or that died, or a ``server`` of
    ours that died.
    """

    kind: EndingKind
    text: Text
    t_ns: Count
    cut_by: Literal["", "recorder", "server"] = ""


class LayerMeta(msgspec.Struct, kw_only=True):
    """A layer as recorded: its axis and the columns of its file, for readers without our table."""

    name: Text
    axis: Text
    columns: Texts


class Meta(msgspec.Struct, kw_only=True):
    """The whole of ``meta.json``.

    ``started_at`` is wall-clock time (ISO 8601, UTC) and only for people; every ``t_ns`` is monotonic nanoseconds of
    one machine. ``read_clock`` says what stamps ``read`` marks. ``clock_spread_ns`` is the largest uncertainty
    of the conversion of kernel times to the monotonic clock, 0 where none was needed. ``ending`` is None while it runs.
    ``lost`` names the members of a saved recording that were damaged or cut off, so that they are not all here.
    """

    format: int = FORMAT
    id: Text
    title: Text = ""
    started_at: Text
    request: RequestMeta
    response: ResponseMeta | None = None
    trailers: Headers = []
    ending: Ending | None = None
    layers: Annotated[list[LayerMeta], msgspec.Meta(max_length=1 << 12)] = []
    read_clock: ReadClock = "user"
    clock_spread_ns: Count = 0
    client_buffer_bytes: Count = 0
    notes: Texts = []
    lost: Texts = []

    def until(self, t_ns: int) -> Meta:
        """Return what was known at a time: no head that came later, no ending and nothing that was noted with it."""
        response = self.response if self.response is not None and self.response.head_t_ns <= t_ns else None
        if self.ending is None or self.ending.t_ns <= t_ns:
            return msgspec.structs.replace(self, response=response)
        return msgspec.structs.replace(self, response=response, ending=None, trailers=[], notes=[], lost=[])


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Meta)


def encode_meta(meta: Meta) -> bytes:
    """Return ``meta.json``'s bytes, indented for people."""
    return msgspec.json.format(_encoder.encode(meta), indent=1) + b"\n"


def decode_meta(data: bytes) -> Meta:
    """Parse and check ``meta.json``. Raises `BadRecording` (naming the field) or `NewerFormat`."""
    if len(data) > LONGEST_META_BYTES:
        raise BadRecording(f"{META_NAME} has more than {LONGEST_META_BYTES:,} bytes, which is the most")
    try:
        version = msgspec.json.decode(data, type=_Version).format
        check_format(version)
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRecording(f"{META_NAME}: {error}") from error


def check_format(version: int) -> None:
    """Raise `NewerFormat` for a version above ours and `BadRecording` for one that there never was."""
    if version > FORMAT:
        raise NewerFormat(
            f"this recording has format {version}; this version reads up to format {FORMAT}. "
            "Open it with a newer Streaming Inspector."
        )
    if version < 1:
        raise BadRecording(f"{META_NAME}: there is no recording format {version}; they start at 1")


class _Version(msgspec.Struct):
    format: int


def write_meta(folder: Path, meta: Meta) -> None:
    """Replace ``meta.json`` in one step. Raises ``OSError`` (full disk, folder gone)."""
    replace_file(folder / META_NAME, encode_meta(meta))


def read_meta(folder: Path) -> Meta | None:
    """Return the meta data of a folder, or None where the recorder has not written any yet. Raises `BadRecording`."""
    try:
        with (folder / META_NAME).open("rb") as file:
            data = file.read(LONGEST_META_BYTES + 1)
    except FileNotFoundError:
        return None
    return decode_meta(data)
