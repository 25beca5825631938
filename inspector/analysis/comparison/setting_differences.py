"""In which settings two runs differ: what they streamed, what was given, and what each view takes where nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.catalogue import KNOBS, BadKnob, TargetKind, kind_of, knob_of
from inspector.recording.meta import Meta

#: The name of what is streamed, beside those of the settings.
TARGET = "target"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that differs, with its text in both: ``none``, ``5 items (default)``; "" where there is none."""

    name: str
    a: str
    b: str


def differing_settings(a: Meta, b: Meta) -> tuple[Setting, ...]:
    """Return the settings in which two runs differ, the target first. What a view takes by default is not a setting.

    So two views whose defaults differ, and nothing else, differ in the target alone.
    """
    both = _RunSettings.of(a), _RunSettings.of(b)
    found = [Setting(TARGET, both[0].target, both[1].target)] if both[0].target != both[1].target else []
    for knob in KNOBS:
        values = [settings.value(knob.name) for settings in both]
        is_given = any(knob.name in settings.given for settings in both)
        if values[0] == values[1] or not is_given:
            continue
        # A view that does not have a setting differs by it only from one that was given another value than usual.
        if None in values and all(settings.is_usual(knob.name) for settings in both):
            continue
        found.append(Setting(knob.name, both[0].text(knob.name), both[1].text(knob.name)))
    return tuple(found)


def settings_key(meta: Meta) -> tuple[object, ...]:
    """Return what is equal for two runs of the same settings."""
    settings = _RunSettings.of(meta)
    return (settings.target, *((name, settings.value(name)) for name in sorted(settings.names)))


@dataclass(frozen=True, slots=True)
class _RunSettings:
    """What one run streamed and which settings act on it; ``given`` are those of them that were given."""

    target: str
    kind: TargetKind
    names: frozenset[str]
    given: Mapping[str, str]

    @classmethod
    def of(cls, meta: Meta) -> _RunSettings:
        """Take it from what was recorded of a request."""
        kind, knobs = kind_of(meta.title), meta.request.knobs
        names = frozenset(kind.acting(knobs))
        given = {name: text for name, text in knobs.items() if name in names}
        return cls(kind.route or meta.request.url, kind, names, given)

    def value(self, name: str) -> object:
        """Return the value in force, None where this run has no such setting."""
        if name not in self.names:
            return None
        try:
            return knob_of(name).parse(self.given.get(name, self._default(name)))
        except BadKnob:  # of a recording that another version made
            return self.given.get(name)

    def is_usual(self, name: str) -> bool:
        """Tell whether it is the default, or there is no such setting."""
        return name not in self.given or self.given[name] == self._default(name)

    def text(self, name: str) -> str:
        """Return the value for people."""
        if name not in self.names:
            return ""
        knob = knob_of(name)
        return (
            knob.words_of_text(self.given[name])
            if name in self.given
            else f"{knob.words_of_text(self._default(name))} (default)"
        )

    def _default(self, name: str) -> str:
        return str(self.kind.default(name) if name in self.names else knob_of(name).default)
