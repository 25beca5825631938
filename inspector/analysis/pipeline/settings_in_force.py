"""The settings in force in one run: those of the target that act on it, as they were turned last.

A setting that the view, the engine or the proxy of a run does not have is none, whatever was written down with it. A
target that is an address has no settings but those of the reader: what stands behind it is not known from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inspector.catalogue import (
    ADDRESS,
    CLIENT_BUFFER,
    ENGINES,
    MIDDLEWARE_BY_NAME,
    MIDDLEWARES,
    PROXIES,
    READ_RATE,
    EngineRow,
    Middleware,
    ProxyRow,
    TargetKind,
    chooser_of,
    engine_of,
    kind_of,
    knob_of,
    proxy_of,
)
from inspector.recording.change_log import Change
from inspector.recording.meta import Meta

_ENGINE_KNOB = chooser_of(ENGINES).name
_PROXY_KNOB = chooser_of(PROXIES).name
MIDDLEWARE_KNOB = chooser_of(MIDDLEWARES).name
#: An endless stream gives more rows than any fetch takes.
_ENDLESS = 10**9


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force on a target of a kind; ``texts`` are the settings given or turned that act there, as texts."""

    kind: TargetKind = ADDRESS
    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a setting in force, its default where it was not given; empty where the run has no such setting."""
        if name in self.texts:
            return self.texts[name]
        return str(self.kind.default(name)) if name in self.kind.knobs else ""

    def number(self, name: str) -> int:
        """Return a setting in force as a whole number, 0 where the run has no such setting."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() else 0

    @property
    def engine(self) -> EngineRow | None:
        """The engine that served it, None where that is not known."""
        name = self.text(_ENGINE_KNOB)
        return engine_of(name) if name in knob_of(_ENGINE_KNOB).choices else None

    @property
    def proxy(self) -> ProxyRow | None:
        """The proxy in front of the server, None for none that is known."""
        name = self.text(_PROXY_KNOB)
        row = proxy_of(name) if name in knob_of(_PROXY_KNOB).choices else None
        return row if row is not None and row.program is not None else None

    @property
    def stack(self) -> list[str]:
        """The middlewares that were asked for, as ``rechunk:4096``, the innermost first."""
        return [name.strip() for name in self.text(MIDDLEWARE_KNOB).split(",") if name.strip()]

    @property
    def client_buffer_bytes(self) -> int:
        """What the client collects before it takes a piece, 0 where it takes what comes."""
        return self.number(CLIENT_BUFFER.name)

    @property
    def read_rate_bytes_per_s(self) -> int:
        """How fast the client reads at most, 0 where nothing limits it."""
        return self.number(READ_RATE.name)

    @property
    def collected_bytes(self) -> int:
        """Bytes that the engine waits for before it sends, 0 where it sends each item."""
        engine = self.engine
        size_bytes = self.number(engine.collects) if engine is not None and engine.collects else 0
        return size_bytes if size_bytes > 1 else 0

    @property
    def fetches(self) -> int | None:
        """How often the source hands over rows, None where that is not known."""
        for knob in map(knob_of, self.kind.knobs):
            if knob.divides:
                return -(-(self.number(knob.divides) or _ENDLESS) // max(1, self.number(knob.name)))
        return None


def settings_of(meta: Meta | None, changes: Sequence[Change] = ()) -> Settings:
    """Return the settings in force after the last change."""
    if meta is None:
        return Settings()
    kind = kind_of(meta.title)
    given = dict(meta.request.knobs)
    if meta.client_buffer_bytes:
        given.setdefault(CLIENT_BUFFER.name, str(meta.client_buffer_bytes))
    given |= {change.knob: change.after for change in changes}
    acting = kind.acting(given)
    return Settings(kind, {name: text for name, text in given.items() if name in acting})


def middleware_of(name: str) -> Middleware | None:
    """Return the row of a middleware as a tap names it (``rechunk:4096``), None for one that is not in the table."""
    return MIDDLEWARE_BY_NAME.get(name.partition(":")[0])
