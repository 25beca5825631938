"""The table of rules, in the order in which they are asked."""

from __future__ import annotations

from .healthy import cannot_tell
from .rule import Rule

RULES: tuple[Rule, ...] = (Rule("cannot_tell", "Nothing else was found.", "-", 99, cannot_tell),)

__all__ = ["RULES", "Rule"]
