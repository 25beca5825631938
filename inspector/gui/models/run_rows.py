"""The rows of the list of runs: one for each run, and one for each sweep, which unfolds to the runs of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field

from inspector.analysis.formatting import count_of
from inspector.analysis.sweep.sweep_results import in_order
from inspector.analysis.sweep.trade_off import value_text
from inspector.catalogue import BadKnob, knob_of
from inspector.session.run_library import LibraryEntry

from .run_card import RunCard


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row. ``sweep`` is the id of the sweep that it belongs to, ``members`` are the cards of one that is a head."""

    card: RunCard
    sweep: str = ""
    members: tuple[RunCard, ...] = field(default=(), repr=False)
    is_unfolded: bool = False

    @property
    def is_head(self) -> bool:
        """Whether it stands for all runs of a sweep."""
        return bool(self.members)

    @property
    def id(self) -> str:
        """What tells it from the other rows."""
        return self.sweep if self.is_head else self.card.id

    @property
    def entries(self) -> list[LibraryEntry]:
        """The runs that it stands for."""
        return [card.entry for card in self.members or (self.card,)]


def rows_of(
    cards: Iterable[RunCard], unfolded: Set[str], matches: Callable[[RunCard], bool], *, is_filtered: bool
) -> Iterator[RunRow]:
    """Yield the rows of cards, newest first; a sweep stands where its newest run would.

    A sweep whose id is in ``unfolded`` is followed by its runs, by their values; while the list is filtered, each is
    by those that match.
    """
    sweeps: dict[str, list[RunCard]] = {}
    places: dict[str, RunCard] = {}
    for card in cards:
        sweep = card.entry.annotations.sweep
        place = sweep or card.id
        places.setdefault(place, card)
        if sweep:
            sweeps.setdefault(sweep, []).append(card)
    for place, card in places.items():
        members = sweeps.get(place, [])
        if len(members) < 2:
            if matches(card):
                yield RunRow(card)
            continue
        found = [each for each in members if matches(each)]
        if found:
            is_unfolded = is_filtered or place in unfolded
            yield RunRow(_head(place, members), place, tuple(members), is_unfolded)
            yield from (RunRow(each, place) for each in (_by_value(place, found) if is_unfolded else ()))


def knob_of_sweep(sweep: str) -> str:
    """Return the name of the setting of a sweep: its id begins with it."""
    return sweep.partition(" ")[0]


def _value_of(sweep: str, card: RunCard) -> str:
    meta = card.entry.meta
    return meta.request.knobs.get(knob_of_sweep(sweep), "") if meta is not None else ""


def _by_value(sweep: str, cards: list[RunCard]) -> list[RunCard]:
    """Return the cards of a sweep by their values, those of the same value as they ran."""
    order = {value: at for at, value in enumerate(in_order(_value_of(sweep, card) for card in cards))}
    return sorted(cards, key=lambda card: (order[_value_of(sweep, card)], _sent_t_ns(card)))


def _sent_t_ns(card: RunCard) -> int:
    meta = card.entry.meta
    return meta.request.sent_t_ns if meta is not None else 0


def _head(sweep: str, members: list[RunCard]) -> RunCard:
    """Return the card of a whole sweep."""
    name, newest = knob_of_sweep(sweep), members[0]
    values = in_order(_value_of(sweep, card) for card in members)
    title = name.replace("_", " ")
    try:
        unit = knob_of(name).unit
    except BadKnob:  # of another version
        unit = ""
    counted = f"Sweep: {count_of(len(values), 'value')}, {count_of(len(members), 'run')}"
    span = f"{value_text(values[0])} to {value_text(values[-1], unit)}"
    return RunCard(
        newest.entry, title, newest.route, "", "sweep", counted, span, newest.time, "",
        any(card.is_pinned for card in members), sentence=f"{counted}: {', '.join(map(value_text, values))} {unit}",
    )  # fmt: skip
