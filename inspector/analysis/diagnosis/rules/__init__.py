"""The table of rules, in the order in which they are asked.

Of the rules with the lowest priority that find something, the one whose bytes wait longest speaks. A rule more is a row
beside its function, with its thresholds and tests of its own, and its name here; `rules_page` makes the page about all.
"""

from __future__ import annotations

from .back_pressure import BACK_PRESSURE, SLOW_READER
from .buffering import COALESCED, HELD
from .collected_body import HELD_IN_THE_APP
from .healthy import CANNOT_TELL, SOMEWHERE, STREAMS
from .response_endings import CUT_SHORT, FAILED, KNOWN_LENGTH, LOST, NO_ANSWER, NO_BODY
from .rule import Rule
from .slow_source import LUMP, STALLS
from .untapped import BUNCHED, PAGES

RULES: tuple[Rule, ...] = (
    LOST, FAILED, NO_ANSWER, NO_BODY, CUT_SHORT, HELD_IN_THE_APP, SLOW_READER, HELD, COALESCED, BACK_PRESSURE, BUNCHED,
    SOMEWHERE, KNOWN_LENGTH, LUMP, STALLS, PAGES, STREAMS, CANNOT_TELL,
)  # fmt: skip

__all__ = ["RULES", "Rule"]
