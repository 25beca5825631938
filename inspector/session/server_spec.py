"""Which server process serves a run, and which proxy stands in front of it, as values made from the run's knobs.

Two runs with equal specs share the processes; `servers` keeps those running.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inspector.catalogue import (
    EngineRow,
    KnobValues,
    Middleware,
    ProxyRow,
    engine_of,
    knob_of,
    missing_text,
    parse_stack,
    proxy_of,
)

_DEFAULT_ENGINE = str(knob_of("engine").default)
_NO_PROXY = str(knob_of("proxy").default)


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """One server process: the knobs that it is started with; those that do not act on its engine are left out."""

    engine: str = _DEFAULT_ENGINE
    send_bytes: int | None = None
    send_buffer: int = 0
    #: Lanes have servers of their own, so that two runs at the same time don't disturb each other.
    lane: str = "a"

    @classmethod
    def of(cls, values: KnobValues) -> ServerSpec:
        """Return what the knobs of a run ask for."""
        takes = engine_of(values.engine).takes
        return cls(
            values.engine,
            values.send_bytes if "send_bytes" in takes else None,
            values.send_buffer if "send_buffer" in takes else 0,
        )

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return "The built-in server" if replace(self, lane="a") == ServerSpec() else self.engine

    @property
    def arguments(self) -> list[str]:
        """The part of its command line that is not the same for all."""
        words = ["--engine", self.engine] if self.engine != _DEFAULT_ENGINE else []
        if self.send_bytes is not None:
            words += ["--send-bytes", str(self.send_bytes)]
        return [*words, "--send-buffer", str(self.send_buffer)] if self.send_buffer else words


@dataclass(frozen=True, slots=True)
class ProxySpec:
    """One proxy process in front of one server process."""

    name: str
    server: ServerSpec
    buffering: str
    buffer_size_bytes: int
    http_version: str
    gzip: str

    @classmethod
    def of(cls, values: KnobValues) -> ProxySpec | None:
        """Return what the knobs of a run ask for, None for no proxy."""
        if values.proxy == _NO_PROXY:
            return None
        return cls(
            values.proxy,
            ServerSpec.of(values),
            values.proxy_buffering,
            values.proxy_buffer_size,
            values.proxy_http_version,
            values.proxy_gzip,
        )

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return proxy_of(self.name).label

    @property
    def arguments(self) -> list[str]:
        """The part of its command line that is not the same for all."""
        return [
            "--buffering", self.buffering, "--buffer-size", str(self.buffer_size_bytes),
            "--http-version", self.http_version, "--gzip", self.gzip,
        ]  # fmt: skip


def missing_of(values: KnobValues) -> Iterator[str]:
    """Yield a sentence for each engine, proxy or middleware that a run needs and this machine does not have."""
    rows: list[tuple[str, str, EngineRow | ProxyRow | Middleware]] = [
        ("engine", values.engine, engine_of(values.engine)),
        ("proxy", values.proxy, proxy_of(values.proxy)),
        *(("middleware", asked.name, asked.row) for asked in parse_stack(values.middleware)),
    ]
    for knob, value, row in rows:
        missing = missing_text(row)
        if missing:
            yield f"{knob}={value} can't be used here: {missing}."
