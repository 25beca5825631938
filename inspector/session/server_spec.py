"""Which server process serves a run, and which proxy stands in front of it, as values made from the run's knobs.

Two runs with equal specs share the processes; `servers` keeps those running.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inspector.catalogue import (
    DEFAULT_ENGINE,
    ENGINES,
    KNOBS,
    NO_PROXY,
    PROXIES,
    KnobProcess,
    KnobValues,
    chooser_of,
    knob_of,
    knobs_told_to,
    missing_text,
    parse_stack,
    proxy_of,
)

_ENGINE = chooser_of(ENGINES).name
_PROXY = chooser_of(PROXIES).name
#: Names and values of the knobs that a process is started with, those left out that are at their defaults.
Started = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """One server process: the knobs that it is started with."""

    knobs: Started = frozenset()
    #: Lanes have servers of their own, so that two runs at the same time don't disturb each other.
    lane: str = "a"

    @classmethod
    def of(cls, values: KnobValues) -> ServerSpec:
        """Return what the knobs of a run ask for."""
        return cls(_started("server", values))

    @property
    def engine(self) -> str:
        """The engine that serves."""
        return dict(self.knobs).get(_ENGINE, DEFAULT_ENGINE)

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return "The built-in server" if replace(self, lane="a") == ServerSpec() else self.engine

    @property
    def arguments(self) -> list[str]:
        """The part of its command line that is not the same for all."""
        return _arguments(self.knobs)


@dataclass(frozen=True, slots=True)
class ProxySpec:
    """One proxy process in front of one server process: the knobs that it is started with."""

    server: ServerSpec
    knobs: Started

    @classmethod
    def of(cls, values: KnobValues) -> ProxySpec | None:
        """Return what the knobs of a run ask for, None for no proxy."""
        found = cls(ServerSpec.of(values), _started("proxy", values))
        return found if found.name != NO_PROXY else None

    @property
    def name(self) -> str:
        """The row of the proxies."""
        return dict(self.knobs).get(_PROXY, NO_PROXY)

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return proxy_of(self.name).label

    @property
    def arguments(self) -> list[str]:
        """The part of its command line that is not the same for all."""
        return _arguments(self.knobs)


def missing_of(values: KnobValues) -> Iterator[str]:
    """Yield a sentence for each engine, proxy or middleware that a run needs and this machine does not have."""
    for knob in KNOBS:
        if not knob.table:
            continue
        text = values.text(knob.name)
        for value in [asked.name for asked in parse_stack(text)] if knob.kind == "stack" else [text]:
            row = knob.row_of(value)
            if row is not None and (missing := missing_text(row)):
                yield f"{knob.name}={value} can't be used here: {missing}."


def _started(process: KnobProcess, values: KnobValues) -> Started:
    names = knobs_told_to(process)
    return frozenset((name, values.text(name)) for name in names if values[name] != knob_of(name).default)


def _arguments(knobs: Started) -> list[str]:
    return [word for name, value in sorted(knobs) for word in (f"--{name.replace('_', '-')}", value)]
