"""Menus at the pointer, or at the selection by the Menu key: what can be done with what lies there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from inspector.catalogue import knob_of
from inspector.export.mark_rows import RowFormat
from inspector.gui.models.selection import Selection
from inspector.gui.style.safe_text import without_mnemonic
from inspector.gui.views.ladder.lane_layout import Gap, Lane
from inspector.gui.views.time_canvas import TimeCanvas

if TYPE_CHECKING:
    from .main_window import MainWindow
    from .run_view import RunView

_ZOOM_IN = 0.25
#: Ways to copy rows of the table: those selected, or all of them.
_COPIES: tuple[tuple[str, str, RowFormat], ...] = (
    ("copy_rows", "Copy rows", "tsv"),
    ("copy_csv", "Copy as CSV", "csv"),
    ("copy_markdown", "Copy as Markdown", "markdown"),
    ("copy_json", "Copy as JSON", "json"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu; ``act`` is None where it can't act now. An empty name is a line between groups."""

    name: str = ""
    text: str = ""
    act: Callable[[], object] | None = None


class ContextMenus:
    """Builds the menus of ladder, headers, staircase, overview and table. GUI thread."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        window.staircase.menu_requested.connect(lambda place: self._open_on_canvas(window.a, window.staircase, place))
        for widget, open_menu in ((window.overview, self._open_on_overview), (window.table.table, self._open_on_table)):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            widget.customContextMenuRequested.connect(open_menu)

    def watch(self, view: RunView) -> None:
        """Give the ladder of a run its menus."""
        canvas, headers = view.ladder.canvas, view.ladder.headers
        canvas.menu_requested.connect(lambda place: self._open_on_canvas(view, canvas, place))
        headers.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        headers.customContextMenuRequested.connect(
            lambda place: self._open(headers, place, self._of_row(view, self._row_at(view, place.y())))
        )

    @staticmethod
    def open_at_focus() -> None:
        """Open the menu of what has the focus: not every system has a key of its own for it."""
        focus = QApplication.focusWidget()
        if focus is not None:
            place, by_key = focus.rect().center(), QContextMenuEvent.Reason.Keyboard
            QApplication.sendEvent(focus, QContextMenuEvent(by_key, place, focus.mapToGlobal(place)))

    # The menus

    def _open(self, widget: QWidget, place: QPoint, entries: Sequence[Entry]) -> None:
        """Open a menu; lines between groups stand only where something is above and below them."""
        menu = QMenu(widget)
        menu.setObjectName("context_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for entry in entries:
            if not entry.name:
                menu.addSeparator()
                continue
            action = menu.addAction(without_mnemonic(entry.text))
            action.setObjectName(f"context_{entry.name}")
            action.setEnabled(entry.act is not None)
            if entry.act is not None:
                action.triggered.connect(lambda _checked=False, act=entry.act: act())
        menu.popup(widget.mapToGlobal(place))

    def _open_on_canvas(self, view: RunView, canvas: TimeCanvas, place: QPointF) -> None:
        row = self._row_at(view, place.y()) if canvas is view.ladder.canvas else None
        pointed, scale = canvas.pointed_at(place), canvas.scale()
        at_ns = scale.t_ns(place.x()) - scale.origin_ns
        items = pointed.items or view.document.selection
        entries = [
            *self._of_time(at_ns),
            Entry("zoom_items", "Zoom to these items" if pointed.items else "Zoom to the selection",
                  partial(self._zoom_to, view, canvas, items) if items is not None else None),
            Entry(),
            Entry("copy_text", "Copy what the pointer says", partial(_copy, "\n".join(pointed.lines))),
            Entry("copy_rows", "Copy rows",
                  partial(self._copy_rows, view, items) if items is not None and view is self._window.a else None),
            Entry(),
            *self._of_row(view, row),
        ]  # fmt: skip
        self._open(canvas, place.toPoint(), entries)

    def _open_on_overview(self, place: QPoint) -> None:
        overview = self._window.overview
        self._open(overview, place, self._of_time(overview.time_at(place.x())))

    def _open_on_table(self, place: QPoint) -> None:
        view = self._window.a
        items = view.document.selection
        entries = [
            Entry("zoom_items", "Zoom to the selection",
                  partial(self._zoom_to, view, view.ladder.canvas, items) if items is not None else None),
            Entry("fit", "Show the whole run", self._window.time_range.fit),
            Entry(),
            *(Entry(name, text, partial(self._window.table.copy_rows, form)) for name, text, form in _COPIES),
        ]  # fmt: skip
        self._open(self._window.table.table, place, entries)

    # What stands in them

    def _of_time(self, at_ns: int) -> list[Entry]:
        window = self._window
        return [
            Entry("zoom_here", "Zoom in here", lambda: window.time_range.zoom(_ZOOM_IN, at_ns)),
            Entry("fit", "Show the whole run", window.time_range.fit),
        ]

    def _of_row(self, view: RunView, row: Lane | Gap | None) -> list[Entry]:
        """Return what can be done with a run, and with the settings of a gap of it."""
        entries = [Entry("use_as_a", "Use this run as A", self._use_as_a(view))]
        if isinstance(row, Gap):
            entries += [Entry(), *self._of_gap(view, row)]
        if row is not None:
            entries += [Entry(), Entry("explain", "What is this?", partial(self._explain, view, row))]
        return entries

    def _of_gap(self, view: RunView, row: Gap) -> list[Entry]:
        window, knobs = self._window, view.knobs
        here = [name for name in (*row.kind.knobs, *row.kind.more) if knobs.belongs(name) and knobs.acts(name)]
        changed = [name for name in knobs.changed_names() if name in here]
        main = next(iter(here), "")
        entries = []
        if main:
            entries.append(
                Entry("sweep", f"Sweep {knob_of(main).short_label}",
                      partial(window.pages.sweep_setting, main) if view is window.a and not knobs.is_recorded else None)
            )  # fmt: skip
            words = knob_of(changed[0]).short_label if len(changed) == 1 else "the settings here"
            reset = partial(knobs.reset, changed) if changed else None
            entries.append(Entry("reset", f"Reset {words}", None if knobs.is_recorded else reset))
        cure = row.gap.cure if row.gap is not None else None
        if cure and row.gap is not None:
            can_try = view is window.a and bool(set(cure) & {*knobs.values(), *here})
            act = partial(window.pages.try_cure, cure) if can_try else None
            entries.append(Entry("without", f"Compare without {row.gap.culprit}", act))
        return entries

    @staticmethod
    def _row_at(view: RunView, y: float) -> Lane | Gap | None:
        band = view.ladder.canvas.band_at(y)
        return band.row if band is not None else None

    # What they do

    def _zoom_to(self, view: RunView, canvas: TimeCanvas, items: Selection) -> None:
        view.document.select(items)
        canvas.fit_selection()

    def _copy_rows(self, view: RunView, items: Selection) -> None:
        view.document.select(items)
        self._window.table.show_layer(items.layer)
        self._window.table.copy_rows()

    def _use_as_a(self, view: RunView) -> Callable[[], object] | None:
        """Return what makes the run of a ladder run A of the comparison; None where it is that already."""
        window, folder = self._window, view.folder
        if folder is None or view.document.is_live:
            return None
        if view is window.a:
            return None if window.pages.shown == "compare" else partial(window.show_view, "compare")
        return partial(window.pages.compare_run, "a", folder)

    @staticmethod
    def _explain(view: RunView, row: Lane | Gap) -> None:
        if isinstance(row, Lane):
            view.ladder.legend_button.explain(f"{row.title}: {row.layer.meaning}.")
            return
        culprit = row.gap.culprit if row.gap is not None else ""
        here = f" Here it is {culprit}." if culprit else ""
        view.ladder.legend_button.explain(f"{row.kind.title}: {row.kind.explanation}{here}")


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
