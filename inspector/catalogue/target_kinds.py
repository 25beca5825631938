"""The kinds of targets (built-in route, unknown route, URL): which settings, taps and processes each has.

A route of the built-in server, a route that this version does not have, and the address of any server. Ask the kind for
the fact that you need, never which kind it is: another kind of target is another `TargetKind`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .knob_values import KnobValues, acting_knobs, does_nothing, idle_text, parse_knobs
from .knobs import CLIENT_BUFFER, BadKnob, Knob, KnobValue, knob_of, knobs_told_to
from .views import VIEWS, View

_VARYING = {name for view in VIEWS for name, _ in view.defaults}


class TargetKind(NamedTuple):
    """What targets of one kind have.

    ``noun`` is what a sentence calls one. ``is_served_here`` means that the session starts the processes that serve it:
    they are warmed up, have a log, and can be told other settings while they stream; of any other target, whatever
    listens at its address is sampled. ``has_taps`` means that the layers of its server are recorded; other servers may
    have taps of their own. ``keeps_query`` means that a query belongs to the target and not to its settings. ``view``
    is the view that answers, None where that is not known.
    """

    noun: str
    is_served_here: bool = False
    has_taps: bool = False
    keeps_query: bool = False
    view: View | None = None

    @property
    def route(self) -> str:
        """The route of the built-in server, empty for none."""
        return self.view.route if self.view is not None else ""

    @property
    def code(self) -> str:
        """The code that matters in its view, empty where that is not known."""
        return self.view.code if self.view is not None else ""

    @property
    def is_app_known(self) -> bool:
        """Whether it is known what the app does and which middlewares stand around it, also where no tap tells."""
        return self.view is not None

    @property
    def collects(self) -> str:
        """The row of `BUFFERS` for what its app is known to do with all of its rows first, empty for nothing."""
        return self.view.collects if self.view is not None else ""

    @property
    def own_knobs(self) -> tuple[str, ...]:
        """The names of the knobs that act inside of its app, and not on every one."""
        return self.view.own_knobs if self.view is not None else ()

    @property
    def knobs(self) -> tuple[str, ...]:
        """The names of all knobs that it has, though another one may keep some from acting."""
        return self.view.knobs if self.view is not None else knobs_told_to("recorder")

    @property
    def varying_defaults(self) -> dict[str, KnobValue]:
        """The defaults of those of its knobs that have another default on some target: they change with the target."""
        return {name: self.default(name) for name in self.own_knobs if name in _VARYING}

    @property
    def buffer(self) -> Knob:
        """The buffer that is most worth changing: the app's own where it has one, else the client's."""
        return next((knob for knob in map(knob_of, self.own_knobs) if knob.is_buffer), CLIENT_BUFFER)

    def default(self, name: str) -> KnobValue:
        """Return what a knob is set to when nobody sets it. Raises `BadKnob` for an unknown name."""
        return self.view.default(name) if self.view is not None else knob_of(name).default

    def acting(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the knobs that do something here with the engine and the proxy that ``texts`` choose."""
        return acting_knobs(self.view, texts) if self.view is not None else self.knobs

    def idle_text(self, name: str, texts: Mapping[str, str]) -> str:
        """Return why a knob does nothing here with the engine and the proxy in ``texts``, empty where it acts."""
        if self.view is not None:
            return idle_text(self.view, name, texts)
        return "" if name in self.knobs else does_nothing(name, self.noun, self.knobs)

    def parse(self, texts: Mapping[str, str]) -> KnobValues:
        """Return the values of all knobs that it has, its defaults where nothing is given.

        Raises `BadKnob` for a value out of range, a name that is no knob, and a knob that does nothing here.
        """
        if self.view is not None:
            return parse_knobs(self.view, texts)
        values = {name: self.default(name) for name in self.knobs}
        for name, text in texts.items():
            values[name] = knob_of(name).parse(text)
            if idle := self.idle_text(name, texts):
                raise BadKnob(idle)
        return KnobValues(values)

    def is_endless(self, texts: Mapping[str, str]) -> bool:
        """Tell whether a stream with these settings never ends of itself. Raises `BadKnob`."""
        endless = [knob for knob in map(knob_of, self.knobs) if knob.endless]
        return any(
            knob.parse(texts.get(knob.name, str(self.default(knob.name)))) == knob.parse(knob.endless)
            for knob in endless
        )

    def instead_of_endless(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return what to set in place of what never ends in ``texts``, where all is collected before it answers."""
        if self.view is None or not self.view.most_held_bytes:
            return {}
        endless = [knob for knob in map(knob_of, self.knobs) if knob.endless and texts.get(knob.name) == knob.endless]
        return {knob.name: str(self.default(knob.name)) for knob in endless}

    def shortest(self) -> dict[str, str]:
        """Return the settings that make its response as short as it can be."""
        return {knob.name: knob.shortest for knob in map(knob_of, self.knobs) if knob.shortest}


ADDRESS = TargetKind("a URL", keeps_query=True)
_UNKNOWN_ROUTE = TargetKind("a route of another version", is_served_here=True, has_taps=True)
_ROUTES = {view.route: TargetKind(view.route, is_served_here=True, has_taps=True, view=view) for view in VIEWS}


def kind_of(title: str) -> TargetKind:
    """Return the kind of what a title names: a route, such as ``/large.csv?rows=5``, or a URL."""
    path = title.partition("?")[0]
    return _ROUTES.get(path, _UNKNOWN_ROUTE) if path.startswith("/") else ADDRESS
