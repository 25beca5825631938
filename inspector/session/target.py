"""What to stream: a route of the built-in server with its knobs, or any URL.

Typed in the window's picker or given on the command line; checked before a server is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from inspector.catalogue import (
    ADDRESS,
    FIRST_ROUTE,
    KNOBS,
    VIEWS,
    BadKnob,
    KnobValues,
    TargetKind,
    kind_of,
    knob_of,
    knobs_told_to,
    query_of,
)
from inspector.recording.url_credentials import without_userinfo

from .server_spec import ProxySpec, ServerSpec, missing_of

LOOPBACK = "127.0.0.1"
#: Knobs of the recorder: the only ones that a URL takes.
CLIENT_KNOBS = knobs_told_to("recorder")
#: Knobs that act beside the request: they choose processes, or act in the recorder.
_NOT_SENT = frozenset(knob.name for knob in KNOBS if knob.process != "app")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
#: ``:5000/x``, ``localhost:5000/x``, ``[::1]:5000``, ``localhost/x``.
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]*):[0-9]+(?=[/?#]|$)|localhost(?=[/?#]|$)")


class BadTarget(ValueError):
    """The text names nothing that can be streamed; the message says what would."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to stream.

    ``kind`` says what it has; ``server`` is None where it is not served here, ``proxy`` where there is none.
    ``knobs`` are all those given, as texts, in whichever layer they act; ``client`` are the values of all those of the
    recorder. ``authorization`` is the header's value for the user and password that a URL was given with; neither title
    nor URL has them any more.
    """

    title: str
    kind: TargetKind = ADDRESS
    knobs: dict[str, str] = field(default_factory=dict)
    client: dict[str, int] = field(default_factory=dict)
    server: ServerSpec | None = None
    proxy: ProxySpec | None = None
    authorization: str = field(default="", repr=False)
    _url: str = ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What the request has to say so that the knobs act."""
        given = ((knob_of(name), text) for name, text in self.knobs.items())
        return [header for knob, text in given for value, header in knob.headers if text == value]

    @classmethod
    def parse(cls, text: str, knobs: Mapping[str, str] | None = None) -> Target:
        """Read what a person typed: ``/large.csv?rows=5``, ``large.csv``, a URL, ``localhost:5000/x``, ``:5000/x``.

        ``knobs`` win over the query's. Raises `BadTarget` for an unknown route (with close matches), a URL that is
        none, or an engine, proxy or middleware that is not installed (with the command that installs it), `BadKnob`
        for a value out of range, an unknown knob, or one that does nothing with this route, engine and proxy.
        """
        text = text.strip().partition("#")[0]
        if not text or not text.isprintable():
            raise BadTarget(f"No target: give a route of the built-in server, such as {FIRST_ROUTE}, or a URL.")
        url = _as_url(text)
        if url is None:
            return _route_target(text, knobs or {})
        return _url_target(url, knobs or {})

    @classmethod
    def recorded(cls, title: str, knobs: Mapping[str, str]) -> Target:
        """Return what a recording streamed, by its title and knobs; those that do nothing there are left out.

        Older versions took and kept such knobs. Raises as `parse`.
        """
        kind = kind_of(title)
        asked = title if kind.keeps_query else title.partition("?")[0]
        return cls.parse(asked, {name: text for name, text in knobs.items() if not kind.idle_text(name, knobs)})

    @property
    def text(self) -> str:
        """What a picker holds for it, without its settings: ``/large.csv``, or a URL."""
        return self.kind.route or self._url

    def in_lane(self, lane: str) -> Target:
        """Return the same target, served by the processes of a lane."""
        if self.server is None or self.server.lane == lane:
            return self
        server = replace(self.server, lane=lane)
        return replace(self, server=server, proxy=replace(self.proxy, server=server) if self.proxy else None)

    def url(self, base_url: str | None = None) -> str:
        """Return the URL to request; ``base_url`` is the built-in server's and needed for a route."""
        if not self.kind.is_served_here:
            return self._url
        if base_url is None:
            raise ValueError(f"{self.text} needs the address of a server")
        query = query_of({name: text for name, text in self.knobs.items() if name not in _NOT_SENT})
        return f"{base_url}{self.text}?{query}" if query else f"{base_url}{self.text}"


def kind_of_text(text: str) -> TargetKind:
    """Return the kind of target that a text means as far as it is typed; it need not name one that there is."""
    try:
        is_url = not text or _as_url(text) is not None
    except BadTarget:
        is_url = True
    return ADDRESS if is_url else kind_of(_route_of(text.partition("?")[0]))


def _route_of(path: str) -> str:
    return unquote(path if path.startswith("/") else f"/{path}")


def _as_url(text: str) -> str | None:
    """Return the URL that a text means, or None where it means a route."""
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise BadTarget(f"{scheme[1]}:// can't be streamed; only http:// and https:// can.")
    if scheme:
        return text
    if _HOST_AND_PORT.match(text):
        return f"http://{LOOPBACK}{text}" if text.startswith(":") else f"http://{text}"
    return None


def _url_target(url: str, knobs: Mapping[str, str]) -> Target:
    # What was typed is not said again: a password may stand anywhere in it.
    refusal = BadTarget(f"This is not a URL: its host or port is not valid. One is http://{LOOPBACK}:5000/stream.")
    try:
        parts = urlsplit(url)
        is_good = bool(parts.hostname) and (parts.port is None or parts.port > 0) and " " not in parts.netloc
    except ValueError:
        raise refusal from None
    if not is_good:
        raise refusal
    others = sorted(set(knobs) - set(CLIENT_KNOBS))
    if others:
        takes = ", ".join(CLIENT_KNOBS)
        raise BadKnob(f"A URL takes only {takes}, not {', '.join(others)}: put them into its query.")
    # The rest of a foreign query stays as it was typed, letter for letter.
    kept: list[str] = []
    given: dict[str, str] = {}
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        if name in CLIENT_KNOBS:
            given.setdefault(name, unquote(value))
        else:
            kept.append(pair)
    given.update(knobs)
    clean, authorization = without_userinfo(parts._replace(query="&".join(kept)).geturl())
    return Target(
        title=clean, knobs=given, client=_client_of(ADDRESS.parse(given)), authorization=authorization, _url=clean
    )


def _route_target(text: str, knobs: Mapping[str, str]) -> Target:
    path, _, query = text.partition("?")
    route = _route_of(path)
    kind = kind_of(route)
    if not kind.is_app_known:
        raise BadTarget(_unknown_route(route))
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        given.setdefault(name, value)  # Flask's request.args takes the first, too
    given.update(knobs)
    values = kind.parse(given)
    missing = list(missing_of(values))
    if missing:
        raise BadTarget(" ".join(missing))
    return Target(
        title=f"{route}?{query_of(given)}" if given else route,
        kind=kind,
        knobs=given,
        client=_client_of(values),
        server=ServerSpec.of(values),
        proxy=ProxySpec.of(values),
    )


def _client_of(values: KnobValues) -> dict[str, int]:
    """Return how the recorder is to read."""
    return {name: values.whole(name) for name in CLIENT_KNOBS}


def _unknown_route(route: str) -> str:
    routes = [view.route for view in VIEWS]
    import difflib

    close = difflib.get_close_matches(route, routes, n=3, cutoff=0.5)
    word = route.strip("/")
    close += [one for one in routes if word and word in one and one not in close]
    if "@" in route:  # a URL without its scheme, perhaps with a password: not said again
        return "The built-in server has no such route. A URL starts with http:// or https://."
    hint = f"Did you mean {' or '.join(close)}?" if close else f"There are {', '.join(routes)}."
    return f"The built-in server has no {route}. {hint} A URL starts with http:// or https://."
