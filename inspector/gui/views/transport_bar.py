"""The transport bar under the picture: replays the run on screen, and shows the whole of it in one strip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from inspector.gui.style.icons import edge_beside, icon
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from ..models.replay import AS_DRAWN, SPEEDS, Replay
from .overview import Overview
from .playhead import moment_text

_MARGIN_PX, _SPACING_PX = 10, 4


def speed_text(speed: float) -> str:
    """Return a speed as the transport bar says it: 0.25 times, or ``as drawn``."""
    return "as drawn" if speed == AS_DRAWN else f"\N{MULTIPLICATION SIGN}{speed:g}"


def replay_text(replay: Replay) -> str:
    """Return what is shown: ``Replay 640 ms of 1.940 s`` and the speed; "" while all of the run is shown."""
    moment_ns, length_ns = replay.moment_ns, replay.length_ns
    if moment_ns is None:
        return ""
    at, whole = (moment_text(time_ns, length_ns) for time_ns in (moment_ns, length_ns))
    return f"Replay {at} of {whole} · {speed_text(replay.speed)}"


class TransportBar(QFrame):
    """Play, loop and speed at the left, under the headers of the ladder; the strip under its time axis. GUI thread."""

    def __init__(self, replay: Replay, overview: Overview, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("transport_bar")
        self.setAccessibleName("Replay")
        self._replay = replay
        self._theme = theme
        self._left_px = 0
        self.play_button = _tool_button("replay_button")
        self.play_button.clicked.connect(replay.toggle)
        self.loop_button = _tool_button("loop_button")
        self.loop_button.setCheckable(True)
        self.loop_button.setAccessibleName("Loop")
        self.loop_button.setToolTip("Begin again at the end (L)")
        self.loop_button.clicked.connect(replay.set_loops)
        self.speeds = self._make_speeds()
        self.end_button = QPushButton()
        self.end_button.setObjectName("replay_end_button")
        self.end_button.clicked.connect(replay.end)
        self._controls = QWidget()
        row = QHBoxLayout(self._controls)
        row.setContentsMargins(_MARGIN_PX, 0, _SPACING_PX, 0)
        row.setSpacing(_SPACING_PX)
        for widget in (self.play_button, self.loop_button, self.speeds):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.end_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(0)
        layout.addWidget(self._controls)
        layout.addWidget(overview, 1)
        self.set_theme(theme)
        replay.changed.connect(self.refresh)
        self.refresh()

    def _make_speeds(self) -> QComboBox:
        speeds = QComboBox()
        speeds.setObjectName("replay_speed")
        speeds.setAccessibleName("Speed of the replay")
        speeds.setToolTip(
            plain_tip(
                "How fast the run is replayed (< and >). As drawn: each picture shows the next thing that happened."
            )
        )
        for speed in (*SPEEDS, AS_DRAWN):
            speeds.addItem(speed_text(speed), speed)
        speeds.activated.connect(lambda at: self._replay.set_speed(float(speeds.itemData(at))))
        return speeds

    def set_left(self, left_px: int) -> None:
        """Begin the strip so far from the left, where that leaves room for the buttons."""
        self._left_px = left_px
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.setStyleSheet(f"TransportBar {{ background: {theme.panel}; border-top: 1px solid {theme.border}; }}")
        self._show_icons()

    def _fit(self) -> None:
        least = self._controls.minimumSizeHint().width()
        self._controls.setFixedWidth(max(self._left_px, least))

    def refresh(self) -> None:
        """Show whether it plays, and whether what is shown is replayed at all."""
        replay = self._replay
        at = self.speeds.findText(speed_text(replay.speed))
        if at != self.speeds.currentIndex():
            self.speeds.setCurrentIndex(at)
        self.loop_button.setChecked(replay.loops)
        shown = replay_text(replay)
        text = "Live" if replay.is_recording else "Whole run"
        if text != self.end_button.text():
            self.end_button.setText(text)
            self.end_button.setAccessibleName(
                f"Show {'the live run' if replay.is_recording else 'the whole run'} again"
            )
            self.end_button.setToolTip(plain_tip("End the replay: show all that was recorded (End)"))
            self._fit()
        self.end_button.setEnabled(bool(shown))
        self._show_icons()

    def _show_icons(self) -> None:
        is_playing = self._replay.is_playing
        drawn = (self._theme.name, is_playing, edge_beside(self))
        if drawn == self.property("drawn"):
            return
        self.setProperty("drawn", drawn)
        self.play_button.setAccessibleName("Pause the replay" if is_playing else "Replay")
        self.play_button.setToolTip(
            plain_tip("Pause the replay (Space)" if is_playing else "See the run again (Space)")
        )
        text = QColor(self._theme.text)
        for button, name in ((self.play_button, "pause" if is_playing else "play"), (self.loop_button, "loop")):
            button.setIcon(icon(name, text, size_px=edge_beside(self), disabled_colour=QColor(self._theme.border)))
            button.setIconSize(QSize(edge_beside(self), edge_beside(self)))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._show_icons()
            self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _tool_button(name: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
