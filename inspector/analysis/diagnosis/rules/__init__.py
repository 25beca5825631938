"""The table of rules, in the order in which they are asked.

Of the rules with the lowest priority that find something, the one whose bytes wait longest speaks. A rule more is a row
more, with its thresholds as named constants beside its function and tests of its own.
"""

from __future__ import annotations

from .back_pressure import back_pressure, slow_reader
from .buffering import coalesced, held
from .collected_body import held_in_the_app
from .healthy import cannot_tell, somewhere, streams
from .response_endings import cut_short, failed, known_length, lost, no_answer, no_body
from .rule import Rule
from .slow_source import lump, stalls
from .untapped import bunched, pages

RULES: tuple[Rule, ...] = (
    Rule("lost", "Marks of a saved recording are missing, so nothing can be said about waiting.", 1, lost,
         ("lost",)),
    Rule("failed", "The ending says by itself that this is no response to judge.", 5, failed,
         ("not_valid", "not_started", "no_connection", "untrusted", "bad_coding")),
    Rule("no_answer", "There is no response, or none yet.", 10, no_answer,
         ("waiting", "lost", "timed_out", "stopped", "over_limit")),
    Rule("no_body", "The head says that there can't be a body (HEAD, 204, 304).", 11, no_body,
         ("no_body",)),
    Rule("cut_short", "The connection ended before the body did.", 20, cut_short,
         ("by_the_recorder", "server_died", "timed_out", "from_outside", "after_the_app", "by_the_view")),
    Rule("held_in_the_app", "The app holds the body, and memory or disk shows it.", 25, held_in_the_app,
         ("memory", "disk")),
    Rule("slow_reader", "From outside: the reader sets the pace that is seen.", 28, slow_reader,
         ("own_rate", "late_reads")),
    Rule("held", "Nearly nothing leaves a place before the last item has come in.", 30, held,
         ("at_the_end", "still_waiting")),
    Rule("coalesced", "Items that came in apart leave a place together, most of the time.", 30, coalesced,
         ("joined", "split", "shared_ends")),
    Rule("back_pressure", "Bytes stay behind in front of the reader after most of its reads.", 30, back_pressure,
         ("view_done", "view_blocked", "view_free")),
    Rule("bunched", "From outside: the body comes at once at the end.", 35, bunched,
         ("late_head", "coded", "proxy", "either")),
    Rule("somewhere", "The whole way holds, but no single place can be blamed.", 40, somewhere,
         ("held", "coalesced", "turned")),
    Rule("known_length", "A Content-Length, and nothing came little by little.", 50, known_length,
         ("built_first", "from_outside")),
    Rule("lump", "The parts come at once, after nearly all of the time.", 55, lump,
         ("template", "source_or_template", "late", "mostly_late")),
    Rule("stalls", "Gaps out of the ordinary make up much of the time.", 60, stalls,
         ("once", "often", "quiet_now", "in_a_gap")),
    Rule("pages", "From outside: items of whole pages come far apart.", 65, pages,
         ("pages",)),
    Rule("streams", "Items go through one by one, or nothing waits for long.", 70, streams,
         ("passes", "shares", "slow_way", "from_outside")),
    Rule("cannot_tell", "There is too little to tell anything.", 99, cannot_tell,
         ("no_body_yet", "no_content", "too_few", "too_few_and_silent", "stopped", "over_limit")),
)  # fmt: skip

__all__ = ["RULES", "Rule"]
