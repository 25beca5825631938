"""Writes what runs in front of each tap to ``taps.jsonl``, when a response starts and before its first mark.

Whoever builds a stack of middlewares, or runs a hook inside of the app, names it with `name_layer`; an app names a
buffer of its own with `name_buffer`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from inspector.recording.json_lines import append_row
from inspector.recording.tap_log import TAPS_NAME, HandedOver, TapMeta, encode_tap

_logger = logging.getLogger(__name__)

#: In the environ: by layer the name of what runs in front of its tap.
_NAMES_KEY = "streaming_inspector.names"
#: In the environ: what the app collects items with.
_BUFFERS_KEY = "streaming_inspector.buffers"


def name_layer(environ: WSGIEnvironment, layer: str, name: str) -> None:
    """Name what runs in front of the tap of a layer (``yield``, ``write``); several names are joined by commas.

    Call it before the response starts.
    """
    names = names_of(environ)
    names[layer] = f"{names[layer]},{name}" if names.get(layer) else name


def name_buffer(environ: WSGIEnvironment, name: str, size: object = None) -> None:
    """Name a buffer that the app collects items with: ``template_buffer`` and a size, ``template`` ...

    Call it before the response starts; naming one twice has no effect.
    """
    entry = name if size is None else f"{name}:{size}"
    buffers = buffers_of(environ)
    if entry not in buffers:
        buffers.append(entry)


def buffers_of(environ: WSGIEnvironment) -> list[str]:
    """Return the buffers that an app has named so far; what is added later is seen, too."""
    buffers: list[str] = environ.setdefault(_BUFFERS_KEY, [])
    return buffers


def names_of(environ: WSGIEnvironment) -> dict[str, str]:
    """Return the names by layer that the taps of one request share; what is added later is seen by all of them."""
    names: dict[str, str] = environ.setdefault(_NAMES_KEY, {})
    return names


def write_tap_start(folder: Path, layer: str, name: str, headers: object, buffers: Sequence[str] = ()) -> None:
    """Append the line of a tap. Never raises into the app: bad headers are for the server to say, as ever."""
    fields = _fields(headers)
    coding = ", ".join(fields.get("content-encoding", [])).lower()
    tap = TapMeta(
        layer=layer,
        name=name,
        content_coding=coding or "identity",
        content_length="content-length" in fields,
        buffers=list(buffers),
    )
    try:
        append_row(folder / TAPS_NAME, encode_tap(tap))
    except OSError as error:
        _logger.warning("the tap of %s can't record what runs in front of it: %s", layer, error)


def write_handed_over(folder: Path) -> None:
    """Append the line that says that the server has taken the whole response. Never raises."""
    try:
        append_row(folder / TAPS_NAME, encode_tap(HandedOver(handed_over=True)))
    except OSError as error:
        _logger.warning("the tap can't record that the response was handed over: %s", error)


def _fields(headers: object) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for pair in headers if isinstance(headers, list) else ():
        match pair:
            case (str(field), str(value)):
                fields.setdefault(field.lower(), []).append(value.strip())
    return fields
