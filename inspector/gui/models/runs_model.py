"""The runs as a list: filtered, newest first, with check marks for those that are drawn over each other."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from inspector.analysis.findings import KIND_WORDS
from inspector.analysis.summary import RunSummary
from inspector.session.library import Entry

from .summaries import Summaries

Index = QModelIndex | QPersistentModelIndex
#: Role of the `Row` of an index.
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class Row:
    """What a card shows."""

    entry: Entry
    summary: RunSummary | None
    is_checked: bool
    is_current: bool

    @property
    def knobs_text(self) -> str:
        """The knobs that were given: ``rows 40, template_buffer 5``."""
        meta = self.entry.meta
        return ", ".join(f"{name} {text}" for name, text in meta.request.knobs.items()) if meta else ""

    @property
    def route_text(self) -> str:
        """What was streamed, without its knobs."""
        meta = self.entry.meta
        title = meta.title if meta else ""
        return title.partition("?")[0] if title.startswith("/") else title

    @property
    def verdict_text(self) -> str:
        """Verdict in a word or two."""
        if self.entry.is_live:
            return "Live"
        if self.summary is None:
            return "…"
        return KIND_WORDS.get(self.summary.kind, "Unknown")  # type: ignore[call-overload, no-any-return]

    @property
    def time_text(self) -> str:
        """When it was started, in local time."""
        return time_text(self.entry.meta.started_at if self.entry.meta else "", datetime.datetime.now().astimezone())

    @property
    def searched(self) -> str:
        """All words that a filter looks at."""
        verdict = self.summary.sentence if self.summary else ""
        label = self.entry.label
        return f"{self.entry.title} {self.route_text} {self.knobs_text} {verdict} {label.note}".lower()


def time_text(started_at: str, now: datetime.datetime) -> str:
    """Return ``14:03:07`` of today, ``20 Nov 14:03`` of another day, "" for what is no time."""
    try:
        started = datetime.datetime.fromisoformat(started_at).astimezone(now.tzinfo)
    except ValueError:
        return ""
    return f"{started:%H:%M:%S}" if started.date() == now.date() else f"{started.day} {started:%b %H:%M}"


class RunsModel(QAbstractListModel):
    """Rows for the list of runs. GUI thread."""

    #: Which runs are checked; carries their entries, newest first.
    checked_changed = Signal(list)
    #: A person gave a run another name; carries id and name.
    renamed = Signal(str, str)

    def __init__(self, summaries: Summaries, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._summaries = summaries
        self._all: list[Entry] = []
        self._shown: list[Entry] = []
        self._checked: set[str] = set()
        self._current_id = ""
        self._filter = ""
        self._readers: dict[int, Callable[[int], object]] = {
            ROW_ROLE: self.row,
            Qt.ItemDataRole.CheckStateRole: self._check_state,
            Qt.ItemDataRole.EditRole: lambda at: self._shown[at].label.name,
            Qt.ItemDataRole.DisplayRole: self._words,
            Qt.ItemDataRole.AccessibleTextRole: self._words,
            Qt.ItemDataRole.ToolTipRole: self._tip,
        }
        summaries.made.connect(self._summary_made)

    # For views

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        found = self._readers.get(role)
        return found(index.row()) if found is not None else None

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry = self._shown[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            self._checked ^= {entry.id}
            self.dataChanged.emit(index, index)
            self.checked_changed.emit(self.checked)
            return True
        if role == Qt.ItemDataRole.EditRole:
            self.renamed.emit(entry.id, str(value))
            return True
        return False

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable

    # What there is

    def row(self, at: int) -> Row:
        """Return what a card shows."""
        entry = self._shown[at]
        return Row(entry, self._summaries.of(entry), entry.id in self._checked, entry.id == self._current_id)

    def entry(self, index: Index) -> Entry:
        """Return the run of a row."""
        return self._shown[index.row()]

    def index_of(self, recording_id: str) -> QModelIndex:
        """Return the index of a run, an invalid one where it is not shown."""
        at = next((at for at, entry in enumerate(self._shown) if entry.id == recording_id), -1)
        return self.index(at) if at >= 0 else QModelIndex()

    @property
    def all_entries(self) -> Sequence[Entry]:
        """All runs, also those that the filter hides."""
        return self._all

    @property
    def checked(self) -> list[Entry]:
        """The runs that are drawn over each other."""
        return [entry for entry in self._all if entry.id in self._checked]

    def set_entries(self, entries: list[Entry]) -> None:
        """Show what a scan found; nothing is told where nothing changed."""
        if entries == self._all:
            return
        was_checked = len(self._checked)
        self._all = entries
        self._checked &= {entry.id for entry in entries}
        self._show()
        if len(self._checked) != was_checked:
            self.checked_changed.emit(self.checked)

    def set_current(self, recording_id: str) -> None:
        """Mark the run on screen."""
        if recording_id != self._current_id:
            self._current_id = recording_id
            if self._shown:
                self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def set_filter(self, text: str) -> None:
        """Show only runs that have all these words."""
        if text != self._filter:
            self._filter = text
            self._show()

    def _show(self) -> None:
        words = self._filter.lower().split()
        shown = self._all
        if words:
            rows = (Row(entry, self._summaries.of(entry), False, False) for entry in self._all)
            shown = [row.entry for row in rows if all(word in row.searched for word in words)]
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def _summary_made(self, recording_id: str) -> None:
        index = self.index_of(recording_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def _check_state(self, at: int) -> Qt.CheckState:
        return Qt.CheckState.Checked if self._shown[at].id in self._checked else Qt.CheckState.Unchecked

    def _words(self, at: int) -> str:
        row = self.row(at)
        return f"{row.entry.title}, {row.verdict_text}, {row.time_text}"

    def _tip(self, at: int) -> str:
        row = self.row(at)
        lines = [row.entry.title, row.knobs_text, row.summary.sentence if row.summary else "", row.entry.label.note]
        return "\n".join(filter(None, lines))
