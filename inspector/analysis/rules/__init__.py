"""The table of rules, in the order in which they are asked.

Of the rules with the lowest priority that find something, the one whose bytes wait longest speaks. A rule more is a row
more, with its thresholds as named constants beside its function and tests of its own.
"""

from __future__ import annotations

from .buffers import coalesced, held
from .endings import cut_short, known_length, no_answer, no_body
from .foreign import bunched, pages
from .healthy import cannot_tell, somewhere, streams
from .memory import held_in_the_app
from .pressure import back_pressure
from .rule import Rule
from .source import lump, stalls

RULES: tuple[Rule, ...] = (
    Rule("no_answer", "No response: not yet, or not at all.", "6 row 12", 10, no_answer),
    Rule("no_body", "A response that can't have a body (HEAD, 204, 304).", "3", 11, no_body),
    Rule("cut_short", "The connection ended before the body did.", "6 rows 3, 7, 9; (f)", 20, cut_short),
    Rule("held_in_the_app", "The app holds the body, and memory or disk shows it.", "1; 6 row 4", 25, held_in_the_app),
    Rule("held", "Nearly nothing leaves a gap before the last item has come in.", "6 rows 1, 4, 5, 17; (b)", 30, held),
    Rule("coalesced", "Items that came in apart leave a gap together.", "6 rows 1, 2; (b), (c)", 30, coalesced),
    Rule("back_pressure", "Bytes stay behind in front of the reader.", "3 slow reader; (d)", 30, back_pressure),
    Rule("bunched", "Without taps: the body came at once at the end.", "6 rows 1, 4, 10; (b)", 35, bunched),
    Rule("somewhere", "The whole road holds, but no single gap can be blamed.", "6", 40, somewhere),
    Rule("known_length", "Content-Length, and nothing came by and by.", "6 row 5; (e)", 50, known_length),
    Rule("lump", "All parts come at once, after all of the time.", "2; 6 rows 14, 18; (a)", 55, lump),
    Rule("stalls", "Long gaps out of the ordinary.", "6 row 7; (a)", 60, stalls),
    Rule("pages", "Without taps: items of whole pages in lumps.", "6 row 1", 65, pages),
    Rule("streams", "Items go through one by one, or nothing waits.", "4 row 1; 6 row 15", 70, streams),
    Rule("cannot_tell", "Too little to say anything.", "-", 99, cannot_tell),
)  # fmt: skip

__all__ = ["RULES", "Rule"]
