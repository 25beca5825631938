"""The pane of runs: filter, list, note, and the buttons that act on the chosen runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from inspector.gui.models.runs_model import RunsModel
from inspector.gui.models.summaries import Summaries
from inspector.gui.style.theme import Theme
from inspector.session.data_folder import DiskTrouble
from inspector.session.run_library import Deleted, LibraryEntry, RunLibrary

from .runs_list import RunsList
from .undo_and_quota import QuotaLine, UndoBar

#: Name, words, key and what is done with the chosen runs; None is a line between groups.
RUN_ACTIONS: tuple[tuple[str, str, str] | None, ...] = (
    ("open", "Open", "Return"),
    ("again", "Run again", "Ctrl+Return"),
    ("compare_a", "Compare as A", ""),
    ("compare_b", "Compare as B", ""),
    ("check", "Overlay on the run on screen", "Space"),
    None,
    ("rename", "Rename", "F2"),
    ("pin", "Pin or unpin", "P"),
    ("note", "Note", "N"),
    None,
    ("curl", "Copy as curl command", "Ctrl+C"),
    ("save", "Save recording…", ""),
    ("delete", "Delete", "Delete"),
)
#: Words and key of what brings deleted runs back; it stands in no menu.

#: What can be done with all runs of a sweep at once.
_OF_SWEEPS = ("pin", "delete")
_FIELD_MARGIN_PX = 6
_NO_RUNS = "No runs yet. Every stream is kept here, with its settings and its verdict."
_NO_MATCH = "No run has all these words."


class RunsPane(QWidget):
    """Shows and changes what the library has; opens nothing itself. GUI thread."""

    open_requested = Signal(object)
    again_requested = Signal(object)
    #: Carries an entry and ``a`` or ``b``.
    compare_requested = Signal(object, str)
    curl_requested = Signal(object)
    save_requested = Signal(object)
    #: Entries that are drawn over the run on screen.
    overlay_changed = Signal(list)
    #: Recordings are about to go: whoever shows them closes them. Carries their ids.
    deleting = Signal(list)
    #: They are gone; carries what `bring_back` takes.
    deleted = Signal(object)
    said = Signal(str, str)

    def __init__(self, library: RunLibrary, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runs_pane")
        self._library = library
        self._deleted: list[Deleted] = []
        self._noted_id = ""
        self.summaries = Summaries(self)
        self.model = RunsModel(self.summaries, self)
        self.filter = QLineEdit()
        self.filter.setObjectName("runs_filter")
        self.filter.setAccessibleName("Filter runs")
        self.filter.setPlaceholderText("Filter: route, setting, verdict, note")
        self.filter.setToolTip("Show only runs that have all these words")
        self.filter.setClearButtonEnabled(True)
        self.list = RunsList(self.model, theme)
        self.note = QLineEdit()
        self.note.setObjectName("runs_note")
        self.note.setAccessibleName("Note on the chosen run")
        self.note.setPlaceholderText("Note on the chosen run")
        self.note.setToolTip("Kept with the run, also when it is saved. Enter keeps it.")
        self.undo_bar = UndoBar()
        self.room = QuotaLine()
        self._lay_out()
        self._menu = QMenu(self)
        self.acts = self._make_acts()
        self._connect()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        for widget in (self.filter, self.list, self.note, self.undo_bar, self.room):
            column.addLayout(_inset(widget)) if isinstance(widget, QLineEdit) else column.addWidget(widget)
        column.setStretchFactor(self.list, 1)

    def _make_acts(self) -> dict[str, QAction]:
        made: dict[str, QAction] = {}
        for act in RUN_ACTIONS:
            if act is None:
                self._menu.addSeparator()
                continue
            name, text, key = act
            action = QAction(text, self)
            action.setObjectName(f"runs_{name}")
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _checked=False, name=name: self._act(name))
            self.list.addAction(action)
            self._menu.addAction(action)
            made[name] = action
        return made

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter_changed)
        self.list.doubleClicked.connect(lambda _index: self._act("open"))
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.list.selectionModel().currentChanged.connect(lambda *_indexes: self._show_note())
        self.model.checked_changed.connect(self.overlay_changed)
        self.model.renamed.connect(self._rename)
        self.note.editingFinished.connect(self._keep_note)
        self.undo_bar.undo_requested.connect(self.undo)
        self.room.limit_chosen.connect(self._choose_limit)

    # Showing

    def refresh(self) -> None:
        """Look again for runs; selection, place and what is being edited stay."""
        self.model.set_entries(self._library.scan())
        self._tell_room()

    def show_current(self, recording_id: str) -> None:
        """Mark the run on screen."""
        self.model.set_current(recording_id)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setStyleSheet(
            f"#runs_pane {{ background: {theme.panel}; }}"
            f"#runs_list {{ background: {theme.panel}; border: none; border-top: 1px solid {theme.border};"
            f" border-bottom: 1px solid {theme.border}; }}"
            f"#undo_bar {{ background: {theme.band}; }}"
        )
        self.list.set_theme(theme)

    def close_work(self) -> None:
        """End what goes on in the background."""
        self.summaries.close()

    @property
    def chosen(self) -> list[LibraryEntry]:
        """The selected runs, newest first."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        entries = (entry for row in rows for entry in self.model.entries(self.model.index(row)))
        return [*{entry.id: entry for entry in entries}.values()]

    @property
    def current(self) -> LibraryEntry | None:
        """The run that has the focus."""
        index = self.list.currentIndex()
        return self.model.entry(index) if index.isValid() else None

    # Acting

    def undo(self) -> None:
        """Bring back what was deleted last."""
        if self._deleted:
            self.bring_back(self._deleted[-1])

    def bring_back(self, deleted: Deleted) -> bool:
        """Bring back what was deleted together; return False where that was done before."""
        if deleted not in self._deleted:
            return False
        self._deleted.remove(deleted)
        self._try(lambda: self._library.restore(deleted))
        self.undo_bar.hide()
        self.refresh()
        return True

    def _act(self, name: str) -> None:
        current, chosen = self.current, self.chosen
        if current is None:
            return
        index = self.list.currentIndex()
        if self.model.is_head(index) and name not in _OF_SWEEPS:
            if name == "open":
                self.list.toggle(index)
            else:
                self.said.emit("info", "A sweep is many runs: unfold it (Right), then choose one of them.")
            return
        chosen = chosen or self.model.entries(index)
        acts: dict[str, Callable[[], object]] = {
            "open": lambda: self.open_requested.emit(current),
            "again": lambda: self.again_requested.emit(current),
            "compare_a": lambda: self.compare_requested.emit(current, "a"),
            "compare_b": lambda: self.compare_requested.emit(current, "b"),
            "check": lambda: self.model.setData(
                self.list.currentIndex(), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole
            ),
            "rename": lambda: self.list.edit(self.list.currentIndex()),
            "pin": lambda: self._pin(chosen, not current.annotations.pinned),
            "note": self.note.setFocus,
            "curl": lambda: self.curl_requested.emit(current),
            "save": lambda: self.save_requested.emit(current),
            "delete": lambda: self._delete(chosen),
        }
        acts[name]()

    def _delete(self, entries: list[LibraryEntry]) -> None:
        ids = [entry.id for entry in entries if not entry.is_live]
        if len(ids) < len(entries):
            self.said.emit("warning", "A run that is still recorded can't be deleted: stop it first.")
        if not ids:
            return
        self.deleting.emit(ids)
        deleted = self._try(lambda: self._library.delete(ids))
        if isinstance(deleted, Deleted) and deleted.ids:
            self._deleted.append(deleted)
            self.deleted.emit(deleted)
            self.undo_bar.offer(len(deleted.ids))
        self.refresh()

    def _pin(self, entries: list[LibraryEntry], pinned: bool) -> None:
        for entry in entries:
            self._try(partial(self._library.set_pinned, entry.id, pinned))
        self.refresh()

    def _rename(self, recording_id: str, name: str) -> None:
        self._try(lambda: self._library.rename(recording_id, name))
        self.refresh()

    def _keep_note(self) -> None:
        noted = next((entry for entry in self.model.all_entries if entry.id == self._noted_id), None)
        if noted is not None and self.note.text() != noted.annotations.note:
            self._try(lambda: self._library.set_note(noted.id, self.note.text()))
            self.refresh()

    def _choose_limit(self, limit_bytes: int) -> None:
        self._try(lambda: setattr(self._library, "limit_bytes", limit_bytes))
        self._tell_room()

    def _try(self, act: Callable[[], object]) -> object:
        """Do something on the disk, and report its errors."""
        try:
            return act()
        except DiskTrouble as trouble:
            self.said.emit("error", str(trouble))
            return None

    # Details

    def _filter_changed(self, text: str) -> None:
        self.model.set_filter(text)
        self._tell_room()

    def _show_note(self) -> None:
        current = self.current
        is_run = current is not None and not self.model.is_head(self.list.currentIndex())
        self._noted_id = current.id if current and is_run else ""
        self.note.setText(current.annotations.note if current and is_run else "")
        self.note.setEnabled(is_run)

    def _show_menu(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid():
            self._menu.popup(self.list.viewport().mapToGlobal(at))

    def _tell_room(self) -> None:
        library, count, shown = self._library, len(self.model.all_entries), self.model.matching
        self.room.tell(
            count, shown, library.used_bytes, library.limit_bytes, lambda limit: len(library.would_go(limit))
        )
        self.list.say_when_empty(_NO_MATCH if count else _NO_RUNS)


def _inset(field: QLineEdit) -> QHBoxLayout:
    """Keep a field off the edges of the pane."""
    row = QHBoxLayout()
    row.setContentsMargins(_FIELD_MARGIN_PX, 0, _FIELD_MARGIN_PX, 0)
    row.addWidget(field)
    return row
