"""``@paced``: waits after each item of a generator before the next is made, so that documented code stays as it is.

It stands over the inner ``generate()`` of a view. The wrapper names what it wraps (``__wrapped__``), so that a tap
finds the line that produced an item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

from .request_context import Waiting, current_waiting
from .running_streams import Pauses, RunningStream, current_stream

Item = TypeVar("Item")
Params = ParamSpec("Params")


class Paced(Generic[Item]):
    """Iterates over a generator, with a pause before it is resumed. Closing it closes the generator."""

    def __init__(self, wrapped: Iterator[Item], live: RunningStream, waiting: Waiting) -> None:
        self.__wrapped__ = wrapped
        self._pauses = Pauses(live)
        self._turned = live.turned
        self._waiting = waiting
        self._started = False

    def __iter__(self) -> Paced[Item]:
        return self

    def __next__(self) -> Item:
        if self._started:
            self._waiting.pause_while(self._pauses.draw(), self._turned)
        self._started = True
        return next(self.__wrapped__)

    def close(self) -> None:
        """Close the generator."""
        close = getattr(self.__wrapped__, "close", None)
        if close is not None:
            close()


def paced(function: Callable[Params, Iterator[Item]]) -> Callable[Params, Iterator[Item]]:
    """Decorate a generator function: its items come at the pace that the request asks for when it is called."""

    @wraps(function)
    def paced_function(*args: Params.args, **kwargs: Params.kwargs) -> Iterator[Item]:
        return Paced(function(*args, **kwargs), current_stream(), current_waiting())

    return paced_function
