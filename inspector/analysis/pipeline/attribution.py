"""What stands in each gap, in words, and what to do about it: only what really stood there has a name.

Named by the taps, by the route's own row in the catalogue, or by the engine and proxy that served it. That something
stands in a gap is no proof that it holds anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.catalogue import (
    ADVICE_IN_FRONT,
    CLIENT_BUFFER,
    TEMPLATE_KNOB,
    BufferRow,
    ProxyRemedy,
    ProxyRow,
    TemplateRow,
    buffer_of,
    knob_of,
    template_of,
)

from .settings_in_force import MIDDLEWARE_KNOB, Settings, middleware_of


@dataclass(frozen=True, slots=True)
class Culprit:
    """What stands in a gap: its name with its article, what to do about it, and the settings that take it away.

    ``advice`` is a sentence, ``cure`` None where no setting of this run would cure it.
    """

    name: str
    advice: str = ""
    cure: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A buffer of the app that stands between parts and yields, with its size in force."""

    row: BufferRow
    size: int


def app_culprit(hooks: str, buffers: Sequence[str], settings: Settings) -> Culprit:
    """Return what stands between parts and yields: hooks that were active, a buffer of the app, or the view itself."""
    names = [name.strip() for name in hooks.split(",") if name.strip()]
    if names:
        found = [middleware_culprit(name, settings) for name in names]
        return Culprit(" and ".join(each.name for each in found), found[0].advice, found[0].cure)
    standing = standing_buffer(buffers, settings)
    if standing is None:
        owner = "the view itself" if settings.kind.is_app_known else "the app itself"
        return Culprit(owner, "Yield each item as soon as it is there, instead of collecting items in the view.")
    row = standing.row
    has_knob = row.knob in settings.kind.knobs
    return Culprit(
        row.noun.format(size=standing.size), row.cure, {row.knob: knob_of(row.knob).off} if has_knob else None
    )


def standing_buffer(buffers: Sequence[str], settings: Settings) -> Standing | None:
    """Return the buffer that an app named, or else the one that its route has, None for none that holds anything."""
    kind = settings.kind
    named = dict(_pair(text) for text in buffers)
    if not named:
        named = {name: settings.text(name) for name in kind.own_knobs} | ({kind.collects: ""} if kind.collects else {})
    for name, size_text in named.items():
        row = buffer_of(name)
        if row is None:
            continue
        # The size that was named is that of the start.
        turned = row.knob in kind.own_knobs
        size = settings.number(row.knob) if turned else _number(size_text)
        if size >= row.least:
            return Standing(row, size)
    return None


def standing_template(buffers: Sequence[str], settings: Settings) -> TemplateRow | None:
    """Return the way to write templates that an app named, or else the one that its route was asked for."""
    named = dict(_pair(text) for text in buffers)
    return template_of(named.get(TEMPLATE_KNOB, "") if named else settings.text(TEMPLATE_KNOB))


def middleware_culprit(name: str, settings: Settings) -> Culprit:
    """Return a middleware or hook, as a tap names it (``rechunk:4096``), empty where the tap has no name for it."""
    row = middleware_of(name)
    if row is None:
        advice = "Let it pass each item on as it comes, without collecting them, and forward close()."
        if not name and settings.kind.is_app_known:
            return Culprit("something between the view and the server", advice)
        return Culprit(f"the {name} middleware" if name else "a middleware that could not be named", advice)
    stack = settings.stack
    instead = [row.instead] if row.instead else []
    rest = [other for each in stack for other in (instead if each == name else [each])]
    cure = {MIDDLEWARE_KNOB: ",".join(rest)} if rest != stack else None
    return Culprit(row.called(name.partition(":")[2]), row.cure, cure)


def server_culprit(settings: Settings) -> Culprit:
    """Return what stands between the outermost middleware and the client: the engine, the proxy, or either."""
    engine, proxy = settings.engine, settings.proxy
    collected_bytes = settings.collected_bytes
    name = engine.noun if engine is not None else "the server"
    if engine is not None and collected_bytes:
        name = f"{name} ({engine.collects}={collected_bytes})"
        cure = {engine.collects: str(knob_of(engine.collects).default)}
    else:
        cure = {}
    if proxy is not None:
        # Of the engines, only one that collects has an output buffer of its own.
        remedy = _proxy_remedy(proxy, settings)
        either = f"{name} or {remedy.noun}" if collected_bytes else remedy.noun
        return Culprit(either, remedy.advice, cure | {remedy.knob: remedy.off})
    if engine is not None and cure:
        return Culprit(name, engine.cure, cure)
    return Culprit(name, ADVICE_IN_FRONT)


def proxy_name(settings: Settings) -> str:
    """Name the proxy with the setting that decides whether it streams; an empty text without one."""
    proxy = settings.proxy
    return _proxy_remedy(proxy, settings).noun if proxy is not None else ""


def server_title(settings: Settings) -> str:
    """Return the title of the gap between writes and reads."""
    engine = settings.engine.noun if settings.engine is not None else "Server"
    return f"{engine} and {settings.proxy.name}" if settings.proxy is not None else engine


def client_culprit(settings: Settings) -> Culprit:
    """Return what stands between the received body and the reader."""
    size_bytes = settings.client_buffer_bytes
    if not size_bytes:
        return Culprit("the client")
    return Culprit(
        CLIENT_BUFFER.noun.format(value=size_bytes), CLIENT_BUFFER.advice, {CLIENT_BUFFER.name: CLIENT_BUFFER.off}
    )


def _proxy_remedy(proxy: ProxyRow, settings: Settings) -> ProxyRemedy:
    return next(each for each in proxy.remedies if each.value in ("", settings.text(each.knob)))


def _pair(text: str) -> tuple[str, str]:
    name, _, size = text.partition(":")
    return name, size


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
