"""``override`` for the type checker: `typing` has it from Python 3.12 on (PEP 698), the taps run on 3.11 too."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

__all__ = ["override"]

if TYPE_CHECKING:
    from typing_extensions import override
else:
    T = TypeVar("T")

    def override(method: T) -> T:
        """Return the method as it is."""
        return method
