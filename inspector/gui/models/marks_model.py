"""The item model of the marks table: one row per item of a layer, cells computed for visible rows only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.analysis.formatting import duration_text
from inspector.analysis.tracks.alignment import items_of_content
from inspector.export.mark_rows import MarkRow, Marks
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.recording.layers import layer_of
from inspector.recording.track import Track

from .document import Document
from .selection import Selection

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_PREVIEW_BYTES = 160
_ROWS_KEPT = 512
_VISIBLE = str.maketrans({"\n": "↵", "\r": "␍", "\t": "→", "\0": "␀", "\x1b": "␛"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its heading, what it says, and a sample that is as wide as it gets."""

    name: str
    heading: str
    tip: str
    sample: str
    cell: Callable[[Document, Track, int], str]
    numeric: bool = True


def _time(document: Document, track: Track, index: int) -> str:
    bound = "≤ " if track.is_bound(index) else ""
    return f"{bound}{(int(track.t_ns[index]) - document.snapshot.origin_ns) / 1e6:,.3f}"


def _gap(_document: Document, track: Track, index: int) -> str:
    return f"{(int(track.t_ns[index]) - int(track.t_ns[index - 1])) / 1e6:,.3f}" if index else ""


def _parts_of(document: Document, track: Track, index: int) -> tuple[int, int]:
    """Return the parts ``[first, stop)`` that an item is made of; empty where none are known."""
    parts = document.snapshot.tracks["part"]
    start, stop = _bytes_of(document, track, index)
    if not len(parts) or stop <= start or start >= parts.total_bytes:
        return 0, 0
    return items_of_content(parts, start, stop)


def _waited(document: Document, track: Track, index: int) -> str:
    first, stop = _parts_of(document, track, index)
    if first == stop:
        return ""
    waited_ns = max(0, int(track.t_ns[index]) - int(document.snapshot.tracks["part"].t_ns[first]))
    return duration_text(waited_ns)


def _parts(document: Document, track: Track, index: int) -> str:
    first, stop = _parts_of(document, track, index)
    return f"{stop - first:,}" if stop > first else ""


def _source(document: Document, track: Track, index: int) -> str:
    if "source" not in track.layer.columns:
        return ""
    return document.snapshot.sources.label(int(track.column("source")[index]))


def _bytes_of(document: Document, track: Track, index: int) -> tuple[int, int]:
    return Selection(track.layer.name, index, index + 1).byte_range(document.content_track(track.layer.name))


def _content(document: Document, track: Track, index: int) -> str:
    start, stop = _bytes_of(document, track, index)
    data = document.read_content(start, min(stop, start + _PREVIEW_BYTES))
    return data.decode("utf-8", "replace").translate(_VISIBLE)


COLUMNS: tuple[Column, ...] = (
    Column("number", "#", "Number of the item, from 1", "1,000,000", lambda _d, _t, index: f"{index + 1:,}"),
    Column(
        "time",
        "t (ms)",
        "Time since the request was sent, milliseconds; ≤ where it may have come earlier",
        "≤ 100,000.000",
        _time,
    ),
    Column("gap", "gap (ms)", "Time since the item before, milliseconds", "10,000.000", _gap),
    Column("size", "size", "Size on the layer's own axis, bytes", "1,000,000", lambda _d, t, i: f"{t.size(i):,}"),
    Column("total", "total", "Bytes passed with this item", "100,000,000", lambda _d, t, i: f"{int(t.end[i]):,}"),
    Column("waited", "waited", "How long the first part of it had waited since it was produced", "999 ms", _waited),
    Column("parts", "parts", "Parts it was made of", "10,000", _parts),
    Column("source", "source", "The line that produced it", "the_template.html:88", _source, numeric=False),
    Column("content", "content", "How the decoded content begins", "", _content, numeric=False),
)


class MarksModel(QAbstractTableModel):
    """Rows of one layer. Grows by one insertion per frame; formatted rows are kept while they are in sight."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.layer = "chunk"
        self._track = document.snapshot.tracks[self.layer]
        self._cells: dict[int, tuple[str, ...]] = {}
        document.was_reset.connect(self._restart)
        document.shrank.connect(self._shrink)
        document.grew.connect(self._grow)

    @property
    def has_sources(self) -> bool:
        """Whether the layer knows the lines that produced its items."""
        return "source" in layer_of(self.layer).columns

    def set_layer(self, layer: str) -> None:
        """Show another layer."""
        if layer != self.layer:
            self.layer = layer
            self._restart()

    def _restart(self) -> None:
        self.beginResetModel()
        self._track = self._document.snapshot.tracks[self.layer]
        self._cells.clear()
        self.endResetModel()

    def _shrink(self) -> None:
        track = self._document.snapshot.tracks[self.layer]
        if len(track) < len(self._track):
            self.beginRemoveRows(_NO_PARENT, len(track), len(self._track) - 1)
            self._track = track
            self.endRemoveRows()
        self._cells.clear()

    def _grow(self, changed: set[str]) -> None:
        if self.layer in changed:
            track = self._document.snapshot.tracks[self.layer]
            before = len(self._track)
            if len(track) > before:
                self.beginInsertRows(_NO_PARENT, before, len(track) - 1)
                self._track = track
                self.endInsertRows()
        if changed & {"sources", "meta", "read", "part"}:
            self._cells.clear()

    def values_of(self, first: int, stop: int, most_bytes: int) -> list[MarkRow]:
        """Return rows ``[first, stop)`` as values, with up to ``most_bytes`` of the content of each."""
        document, snapshot = self._document, self._document.snapshot
        parts = snapshot.tracks["part"] if self.layer != "part" else Track.empty(layer_of("part"))
        content, sources = document.content_track(self.layer), snapshot.sources
        marks = Marks(self._track, content, snapshot.origin_ns, document.read_content, parts, sources)
        return marks.rows(first, min(stop, len(self._track)), most_bytes)

    @override
    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._track)

    @override
    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts_of(index.row())[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = COLUMNS[index.column()].numeric
            horizontal = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return Qt.AlignmentFlag.AlignVCenter | horizontal
        return None

    def texts_of(self, row: int) -> tuple[str, ...]:
        """Return the texts of a row, one for each of `COLUMNS`."""
        cells = self._cells.get(row)
        if cells is None:
            if len(self._cells) > _ROWS_KEPT:
                self._cells.clear()
            cells = tuple(column.cell(self._document, self._track, row) for column in COLUMNS)
            self._cells[row] = cells
        return cells

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].heading
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(COLUMNS[section].tip)
        return None
