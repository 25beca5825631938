"""The item model of the list of runs: newest first, filtered, sweeps folded, checked for those that are overlaid."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.session.run_library import LibraryEntry

from .run_card import RunCard, card_of
from .run_rows import RunRow, rows_of
from .summaries import Summaries

Index = QModelIndex | QPersistentModelIndex
#: Role of the `Row` of an index.
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NO_PARENT = QModelIndex()


def _now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Row:
    """What is painted of a run, or of a sweep; ``is_inside`` means that it stands below the sweep that it is of."""

    card: RunCard
    is_checked: bool
    is_current: bool
    is_head: bool = False
    is_unfolded: bool = False
    is_inside: bool = False


class RunsModel(QAbstractListModel):
    """Rows for the list of runs. They come and go one by one: selection, place and editors stay. GUI thread."""

    #: Which runs are checked; carries their entries, newest first.
    checked_changed = Signal(list)
    #: A person gave a run another name; carries id and name.
    renamed = Signal(str, str)

    def __init__(
        self, summaries: Summaries, parent: QObject | None = None, *, now: Callable[[], datetime.datetime] = _now
    ) -> None:
        super().__init__(parent)
        self._summaries = summaries
        self._now = now
        self._day = now().date()
        self._all: list[LibraryEntry] = []
        #: By id, newest first.
        self._cards: dict[str, RunCard] = {}
        self._shown: list[RunRow] = []
        self._unfolded: set[str] = set()
        self._checked: set[str] = set()
        self._current_id = ""
        self._words: list[str] = []
        self._readers: dict[int, Callable[[RunRow], object]] = {
            ROW_ROLE: self._row,
            Qt.ItemDataRole.CheckStateRole: self._check_state,
            Qt.ItemDataRole.EditRole: lambda row: row.card.entry.annotations.name,
            Qt.ItemDataRole.DisplayRole: lambda row: row.card.title,
            Qt.ItemDataRole.AccessibleTextRole: self._accessible_text,
            Qt.ItemDataRole.ToolTipRole: lambda row: _tip(row.card),
        }
        summaries.made.connect(self._summary_made)

    # For views

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        read = self._readers.get(role)
        if read is None or not index.isValid() or index.row() >= len(self._shown):
            return None
        return read(self._shown[index.row()])

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid():
            return False
        row = self._shown[index.row()]
        card = row.card
        if row.is_head:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self._checked ^= {card.id}
            self.dataChanged.emit(index, index)
            self.checked_changed.emit(self.checked)
            return True
        if role == Qt.ItemDataRole.EditRole:
            if str(value).strip() != card.entry.annotations.name:
                self.renamed.emit(card.id, str(value))
            return True
        return False

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags
        if self._shown[index.row()].is_head:
            return flags | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemNeverHasChildren

    # What there is

    def entry(self, index: Index) -> LibraryEntry:
        """Return the run of a row, the newest one of a sweep."""
        return self._shown[index.row()].card.entry

    def entries(self, index: Index) -> list[LibraryEntry]:
        """Return the runs that a row stands for: all of a sweep."""
        return self._shown[index.row()].entries

    def is_head(self, index: Index) -> bool:
        """Tell whether a row stands for all runs of a sweep."""
        return self._shown[index.row()].is_head

    def head_of(self, index: Index) -> QModelIndex:
        """Return the index of the sweep that a row belongs to, an invalid one for a run of its own."""
        sweep = self._shown[index.row()].sweep
        return self.index_of(sweep) if sweep else QModelIndex()

    def is_unfolded(self, index: Index) -> bool:
        """Tell whether the runs of a sweep are shown below it."""
        return self._shown[index.row()].is_unfolded

    def unfold(self, index: Index, *, unfolded: bool) -> None:
        """Show the runs of a sweep below it, or fold them away."""
        row = self._shown[index.row()]
        if row.is_head:
            (self._unfolded.add if unfolded else self._unfolded.discard)(row.sweep)
            self._show()

    @property
    def matching(self) -> int:
        """How many runs the filter lets through, those of folded sweeps too."""
        return sum(1 for card in self._cards.values() if self._matches(card))

    def index_of(self, row_id: str) -> QModelIndex:
        """Return the index of a run or a sweep, an invalid one where it is not shown."""
        at = next((at for at, row in enumerate(self._shown) if row.id == row_id), -1)
        return self.index(at) if at >= 0 else QModelIndex()

    @property
    def all_entries(self) -> Sequence[LibraryEntry]:
        """All runs, also those that the filter hides."""
        return self._all

    @property
    def checked(self) -> list[LibraryEntry]:
        """The runs that are drawn over each other."""
        return [entry for entry in self._all if entry.id in self._checked]

    def set_entries(self, entries: list[LibraryEntry]) -> None:
        """Show what a scan found, newest first; no signal where nothing changed."""
        now = self._now()
        if entries == self._all and now.date() == self._day:
            return
        known = {entry.id: entry for entry in self._all} if now.date() == self._day else {}
        self._all, self._day = entries, now.date()
        self._cards = {
            entry.id: self._cards[entry.id] if known.get(entry.id) is entry else self._card(entry, now)
            for entry in entries
        }
        gone = self._checked - self._cards.keys()
        self._checked -= gone
        self._show()
        if gone:
            self.checked_changed.emit(self.checked)

    def set_current(self, recording_id: str) -> None:
        """Mark the run on screen."""
        before, self._current_id = self._current_id, recording_id
        for changed in {before, recording_id} if before != recording_id else ():
            self._tell_changed(changed)

    def set_filter(self, text: str) -> None:
        """Show only runs that have all these words."""
        words = text.lower().split()
        if words != self._words:
            self._words = words
            self._show()

    # Rows

    def _card(self, entry: LibraryEntry, now: datetime.datetime) -> RunCard:
        return card_of(entry, self._summaries.of(entry), now)

    def _show(self) -> None:
        """Let the rows be those that match the filter, by as few changes as it takes."""
        shown = [*rows_of(self._cards.values(), self._unfolded, self._matches, is_filtered=bool(self._words))]
        wanted = {row.id for row in shown}
        for first, last in _runs_of([at for at, row in enumerate(self._shown) if row.id not in wanted], falling=True):
            self.beginRemoveRows(_NO_PARENT, first, last)
            del self._shown[first : last + 1]
            self.endRemoveRows()
        before = {row.id for row in self._shown}
        for first, last in _runs_of([at for at, row in enumerate(shown) if row.id not in before]):
            self.beginInsertRows(_NO_PARENT, first, last)
            self._shown[first:first] = shown[first : last + 1]
            self.endInsertRows()
        changed = [at for at, row in enumerate(shown) if row != self._shown[at]]
        self._shown = shown
        for first, last in _runs_of(changed):
            self.dataChanged.emit(self.index(first), self.index(last))

    def _matches(self, card: RunCard) -> bool:
        return all(word in card.searched for word in self._words)

    def _summary_made(self, recording_id: str) -> None:
        entry = next((entry for entry in self._all if entry.id == recording_id), None)
        if entry is not None:
            self._cards[recording_id] = self._card(entry, self._now())
            self._show()

    def _tell_changed(self, recording_id: str) -> None:
        for at, row in enumerate(self._shown):
            if any(entry.id == recording_id for entry in row.entries):
                self.dataChanged.emit(self.index(at), self.index(at))

    # Roles

    def _row(self, row: RunRow) -> Row:
        is_inside = bool(row.sweep) and not row.is_head
        is_checked = not row.is_head and row.card.id in self._checked
        return Row(row.card, is_checked, self._is_current(row), row.is_head, row.is_unfolded, is_inside)

    def _is_current(self, row: RunRow) -> bool:
        """Tell whether it is the run on screen, or the sweep that hides it."""
        if not row.is_head:
            return row.card.id == self._current_id
        return not row.is_unfolded and any(card.id == self._current_id for card in row.members)

    def _check_state(self, row: RunRow) -> Qt.CheckState | None:
        if row.is_head:
            return None
        return Qt.CheckState.Checked if row.card.id in self._checked else Qt.CheckState.Unchecked

    def _accessible_text(self, row: RunRow) -> str:
        fold = (("folded", "unfolded")[row.is_unfolded],) if row.is_head else ()
        current = ("on screen",) if self._is_current(row) else ()
        return ", ".join((row.card.accessible_text, *fold, *current))


def _tip(card: RunCard) -> str:
    return plain_tip("\n".join(filter(None, (card.title, card.below, card.sentence or card.figure, card.note))))


def _runs_of(places: list[int], *, falling: bool = False) -> Iterator[tuple[int, int]]:
    """Yield ``(first, last)`` of each run of neighbours among rising places, from the end where ``falling``."""
    groups = [[at for _, at in run] for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]
    for group in reversed(groups) if falling else groups:
        yield group[0], group[-1]
