"""One editor widget per row of the table of settings, and the values they hold; object names are ``knob_<name>``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from inspector.catalogue import ADDRESS, CHOOSERS, KNOBS, BadKnob, Knob, KnobKind, TargetKind
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override

from .choice_editor import ChoiceEditor
from .middleware_editor import MiddlewareEditor
from .number_editor import NumberEditor

Editor = QLineEdit | NumberEditor | ChoiceEditor | MiddlewareEditor


def knob_tip(knob: Knob) -> str:
    """Return what the tool tip of a knob says: its name and range, what it does, and when it acts."""
    return f"{knob.name} ({knob.range_text})\n{knob.sentence}\n{knob.when_it_acts}"


class KnobEditors(QObject):
    """All editors and their values. Values are texts as in a query; GUI thread."""

    #: A person changed a knob; carries its name. Live ones act on a running stream, others on the next run.
    changed = Signal(str)
    #: Return was pressed in an editor: run again with the values as they are.
    run_requested = Signal()
    #: Whether the editors show the settings of a recorded run, read-only, in place of the user's own.
    recorded_changed = Signal(bool)
    #: A person changed knobs together; carries the texts that they had before, by their names.
    acted = Signal(object)
    #: Settings were set back to their defaults; carries how many of them act here.
    was_reset = Signal(int)
    #: What the editors show may be another thing, whoever changed it.
    shown_changed = Signal()

    def __init__(self, parent: QObject | None = None, *, prefix: str = "knob") -> None:
        """``prefix`` begins the object name of every editor, and of this."""
        super().__init__(parent)
        self.setObjectName(f"{prefix}_editors")
        self._prefix = prefix
        self._knobs = {knob.name: knob for knob in KNOBS}
        self._kind = ADDRESS
        self._is_shown = False
        #: What each knob had when it was last set or changed, and what those of one act had before it.
        self._known: dict[str, str] = {}
        self._act: dict[str, str] | None = None
        self._own: tuple[TargetKind, dict[str, str]] | None = None
        #: Counts what the editors have shown, so that what was worked out of it is known to be old.
        self.version = 0
        self._batches = 0
        self._changed_in_batch = False
        self.editors: dict[str, Editor] = {knob.name: self._make(knob) for knob in KNOBS}
        self._known = {name: self.text(name) for name in self.editors}
        self.changed.connect(self._note)
        self.changed.connect(lambda name: self._enable_those_that_act() if name in CHOOSERS else None)
        self.changed.connect(lambda _name: self._tell_shown())

    def _make(self, knob: Knob) -> Editor:
        editor = _MAKERS[knob.kind](knob)
        emit_changed: Callable[..., None] = lambda *_value, name=knob.name: self.changed.emit(name)  # noqa: E731
        if isinstance(editor, NumberEditor):
            editor.set_value(float(knob.default))
            editor.value_changed.connect(emit_changed)
            editor.problem_changed.connect(self._tell_shown)
        elif isinstance(editor, ChoiceEditor):
            editor.currentIndexChanged.connect(emit_changed)
        elif isinstance(editor, MiddlewareEditor):
            editor.changed.connect(emit_changed)
            editor.line.installEventFilter(self)
            editor.line.setAccessibleName("middleware stack")
            editor.line.setToolTip(
                plain_tip(f"{knob.range_text}: the first stands next to the view. Enter runs the stream.")
            )
        else:
            editor.setText(str(knob.default))
            editor.setMaxLength(int(knob.maximum))
            editor.setPlaceholderText("not sent")
            editor.textEdited.connect(emit_changed)
        editor.setObjectName(f"{self._prefix}_{knob.name}")
        editor.setAccessibleName(f"{knob.name.replace('_', ' ')}{f' in {knob.unit}' if knob.unit else ''}")
        editor.setAccessibleDescription(knob.sentence)
        editor.setToolTip(plain_tip(knob_tip(knob)))
        editor.installEventFilter(self)
        return editor

    @override
    def eventFilter(self, watched: QObject, event: object) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QKeyEvent.Type.KeyPress:
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        if not isinstance(watched, NumberEditor) or watched.commit():
            self.run_requested.emit()
        return True

    def show_kind(self, kind: TargetKind) -> None:
        """Enable the knobs that act on targets of a kind, and show the defaults that are its own."""
        if self.is_recorded or (self._is_shown and kind == self._kind):
            return
        self._is_shown = True
        self._kind = kind
        self._enable_those_that_act()
        with self._told_once():
            for name, default in kind.varying_defaults.items():
                self.set_text(name, str(default))
            self._tell_shown()

    @property
    def kind(self) -> TargetKind:
        """The kind of target whose settings are shown."""
        return self._kind

    def is_changed(self, name: str) -> bool:
        """Return whether a knob acts on what is chosen now and is set to something else than its default there."""
        if not self.acts(name):
            return False
        if self.problem(name):
            return True
        try:
            return self._knobs[name].parse(self.text(name)) != self._kind.default(name)
        except BadKnob:  # half typed
            return True

    def problem(self, name: str) -> str:
        """Return what is wrong with the text in a knob's editor, empty where it is a value."""
        editor = self.editors[name]
        return editor.problem if isinstance(editor, NumberEditor) else ""

    def belongs(self, name: str) -> bool:
        """Return whether a knob is one of what is chosen now, though another knob may keep it from acting."""
        return name in self._kind.knobs

    def acts(self, name: str) -> bool:
        """Return whether a knob acts on what is chosen now, with the engine and the proxy that are chosen."""
        return not self._kind.idle_text(name, {chooser: self.text(chooser) for chooser in CHOOSERS})

    def _enable_those_that_act(self) -> None:
        for name, editor in self.editors.items():
            editor.setEnabled(self.acts(name) and not self.is_recorded)

    @property
    def buffer(self) -> Knob:
        """The buffer of what is chosen that is most worth changing: the number keys turn it."""
        return self._kind.buffer

    def number(self, name: str) -> float:
        """Return the value of a knob for numbers."""
        return float(self.text(name))

    def text(self, name: str) -> str:
        """Return the value of a knob as a query has it."""
        editor = self.editors[name]
        if isinstance(editor, NumberEditor):
            value = editor.value()
            return str(int(value)) if self._knobs[name].kind == "int" else f"{value:g}"
        if isinstance(editor, ChoiceEditor):
            return self._knobs[name].choices[max(0, editor.currentIndex())]
        return editor.text()

    def set_text(self, name: str, text: str) -> None:
        """Set a knob without emitting `changed`. Raises `BadKnob`."""
        editor = self.editors[name]
        value = self._knobs[name].parse(text)
        with self._quietly(editor):
            if isinstance(editor, NumberEditor):
                editor.set_value(float(value))
            elif isinstance(editor, ChoiceEditor):
                editor.setCurrentIndex(self._knobs[name].choices.index(str(value)))
            else:
                editor.setText(str(value))
        self._known[name] = self.text(name)
        if name in CHOOSERS and self._is_shown:
            self._enable_those_that_act()
        self._tell_shown()

    def set_texts(self, texts: Mapping[str, str]) -> None:
        """Set knobs without emitting `changed`; what they show is told once. Raises `BadKnob`."""
        with self._told_once():
            for name, text in texts.items():
                self.set_text(name, text)

    def restore(self, texts: Mapping[str, str]) -> None:
        """Set knobs to texts of another day; what this version has or takes no more is left out."""
        with self._told_once():
            for name, text in texts.items():
                try:
                    self.set_text(name, text)
                except (BadKnob, KeyError):
                    continue

    def set_all(self, given: Mapping[str, str]) -> None:
        """Set the knobs that are given, and every other one to the default of the view. Raises `BadKnob`."""
        with self._told_once():
            for name in self._knobs:
                self.set_text(name, given.get(name, str(self._kind.default(name))))

    # Settings of a recorded run

    @property
    def is_recorded(self) -> bool:
        """Whether the editors show the settings of a recorded run."""
        return self._own is not None

    def show_recorded(self, kind: TargetKind, given: Mapping[str, str]) -> None:
        """Show what a run on a target of this kind was streamed with, read-only; the user's own are kept aside.

        A value that this version does not take is left out.
        """
        if self._own is None:
            self._own = (self._kind, self.own_texts())
        self._kind = kind
        with self._told_once():
            for name in self._knobs:
                default = str(kind.default(name))
                try:
                    self.set_text(name, given.get(name, default))
                except BadKnob:
                    self.set_text(name, default)
        self._enable_those_that_act()
        self.recorded_changed.emit(True)

    def give_back(self) -> None:
        """Show the user's own settings again."""
        if self._own is None:
            return
        self._kind, texts = self._own
        self._own = None
        with self._told_once():
            for name, text in texts.items():
                try:
                    self.set_text(name, text)
                except BadKnob:  # half typed
                    self.editors[name].setText(text)  # type: ignore[union-attr]
        self._enable_those_that_act()
        self.recorded_changed.emit(False)

    def adopt(self) -> None:
        """Make the settings that are shown the user's own."""
        if self._own is not None:
            self._own = None
            self._enable_those_that_act()
            self.recorded_changed.emit(False)

    def own_texts(self) -> dict[str, str]:
        """Return the values of the user's own settings, shown or kept aside."""
        return self._own[1] if self._own is not None else {name: self.text(name) for name in self.editors}

    def change(self, name: str, text: str) -> None:
        """Set a knob as a person would: `changed` is emitted where the value differs. Raises `BadKnob`."""
        before = self.text(name)
        if before != text:
            self.set_text(name, text)
            self._known[name] = before
            self.changed.emit(name)

    def change_all(self, texts: Mapping[str, str]) -> None:
        """Set knobs in one act of a person; `changed` is emitted for those that act here. Raises `BadKnob`."""
        with self._one_act() as act:
            for name, text in texts.items():
                if self.acts(name):
                    self.change(name, text)
                elif (before := self.text(name)) != text:
                    act[name] = before
                    self.set_text(name, text)

    def _note(self, name: str) -> None:
        """Take note of what a knob had before a person changed it."""
        before, self._known[name] = self._known[name], self.text(name)
        if before == self._known[name]:
            return
        if self._act is not None:
            self._act.setdefault(name, before)
        else:
            self.acted.emit({name: before})

    @contextmanager
    def _one_act(self) -> Iterator[dict[str, str]]:
        """Take what is changed inside for one act."""
        act: dict[str, str] = {}
        self._act = act
        try:
            with self._told_once():
                yield act
        finally:
            self._act = None
            if act:
                self.acted.emit(act)

    # Defaults

    def changed_names(self) -> list[str]:
        """Return the names of the knobs that act here and are not at their defaults."""
        return [name for name in self.editors if self.is_changed(name)]

    def reset(self, names: Sequence[str] = ()) -> None:
        """Set some knobs, or all, back to the defaults of what is chosen, as a person would."""
        if self.is_recorded:
            return
        chosen = names or tuple(self.editors)
        acting = [name for name in chosen if self.is_changed(name)]
        defaults = {name: str(self._kind.default(name)) for name in chosen}
        mistyped = [name for name in chosen if self.problem(name)]
        for name in mistyped:
            self.set_text(name, self.text(name))
        self.change_all(defaults)
        self.was_reset.emit(len(acting))

    def shown(self, name: str) -> str:
        """Return the value of a knob in words: ``50 items``, ``none``, ``gzip → join``."""
        return self._knobs[name].words(self.text(name))

    def values(self) -> dict[str, str]:
        """Return the values of the knobs that act on what is chosen now, leaving out those at their defaults.

        A text is given unless it is empty: the views that greet read it from the query.
        """
        found: dict[str, str] = {}
        for name, knob in self._knobs.items():
            if not self.acts(name):
                continue
            text = self._as_typed(name)
            default = self._kind.default(name)
            try:
                differs = knob.parse(text) != default
            except BadKnob:
                differs = True
            if (text != "") if knob.kind == "text" else differs:
                found[name] = text
        return found

    def _as_typed(self, name: str) -> str:
        """Return the text of a knob; of one whose text is no value, what was typed, so that nothing streams with it."""
        editor = self.editors[name]
        return editor.text() if isinstance(editor, NumberEditor) and editor.problem else self.text(name)

    def _tell_shown(self) -> None:
        """Emit `shown_changed`, once for all that changes together: a layout follows it."""
        self.version += 1
        if self._batches:
            self._changed_in_batch = True
        else:
            self.shown_changed.emit()

    @contextmanager
    def _told_once(self) -> Iterator[None]:
        self._batches += 1
        try:
            yield
        finally:
            self._batches -= 1
            if self._changed_in_batch and not self._batches:
                self._changed_in_batch = False
                self.shown_changed.emit()

    @contextmanager
    def _quietly(self, editor: QWidget) -> Iterator[None]:
        blocker = QSignalBlocker(editor)
        yield
        blocker.unblock()


_MAKERS: Mapping[KnobKind, Callable[[Knob], Editor]] = {
    "int": NumberEditor,
    "float": NumberEditor,
    "text": lambda _knob: QLineEdit(),
    "choice": ChoiceEditor,
    "stack": MiddlewareEditor,
}
