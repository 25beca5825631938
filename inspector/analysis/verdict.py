"""The verdict: one sentence that names what keeps a stream from streaming, or says that nothing does.

`judge` asks the rules in the order of their priority; of those with the same priority, the one whose bytes wait longest
wins. Pure: the same case gives the same verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from .case import Case
from .findings import KIND_WORDS, Evidence, Kind, Verdict
from .rules import RULES

_COMMON_NOUN = re.compile(r"\b(buffer|middleware|hook|template|reader|compression|source)\b")
#: How the culprit is joined to the kind; where there is none, it is left out of the sentence.
_PREPOSITIONS: Mapping[Kind, str] = {
    "coalesced": "by",
    "held": "by",
    "cut_short": "by",
    "stalls": "in",
    "back_pressure": "from",
}

_AT_LAST = " to the end"
#: Rules that speak of the whole response, whatever was turned meanwhile.
_OF_THE_WHOLE = frozenset({"no_answer", "no_body", "cut_short"})

#: Members of a saved recording that no rule looks at.
_NOT_JUDGED = (".bin", "label.json", "sources.jsonl", "process.npy")

__all__ = ["Evidence", "Kind", "Verdict", "judge", "sentence", "verdict_report"]


def judge(case: Case) -> Verdict:
    """Return the verdict on a case. There always is one: the last rule says that it can't tell.

    Where knobs were turned while it ran, it is about the time since the last one was, and says so; unless head or
    ending say all by themselves. Where marks of a saved recording were lost, nothing is said about waiting.
    """
    if lost := [name for name in (case.meta.lost if case.meta else ()) if not name.endswith(_NOT_JUDGED)]:
        return Verdict(
            "unknown",
            figure=f"{', '.join(lost)} of this file is lost",
            advice="Open an undamaged copy of the file.",
            evidence=Evidence("lost", {"lost": len(lost)}),
        )
    verdict = _judge(case)
    if case.tail is None or verdict.evidence.rule in _OF_THE_WHOLE:
        return verdict
    change, base_bytes = case.tail.change, case.tail.base_bytes
    verdict = _judge(case.tail.case)
    concerned = verdict.evidence.bytes
    if concerned is not None:
        concerned = (concerned[0] + base_bytes, concerned[1] + base_bytes)
    return replace(verdict, since=f"{change.knob}={change.after}", evidence=replace(verdict.evidence, bytes=concerned))


def _judge(case: Case) -> Verdict:
    for _, rules in groupby(RULES, key=lambda rule: rule.priority):
        found = [verdict for rule in rules if (verdict := rule.find(case)) is not None]
        if found:
            return max(found, key=_wait_ms)
    return Verdict("unknown", figure="no rule says anything")


def sentence(verdict: Verdict) -> str:
    """Return the verdict on one line: the kind in words, who, and the figure.

    >>> sentence(Verdict("coalesced", "template", "template buffer of 5 items", "5 to 1: a part waits 40 ms (median)"))
    'Coalesced 5 to 1 by the template buffer of 5 items: a part waits 40 ms (median).'
    """
    ratio, colon, figure = verdict.figure.partition(": ")
    if verdict.kind != "coalesced" or not colon:
        ratio, figure = "", verdict.figure
    kind = KIND_WORDS[verdict.kind]
    if verdict.so_far:
        kind = kind.removesuffix(_AT_LAST)
    when = f"since {verdict.since}" if verdict.since else "so far" if verdict.so_far else ""
    words = [kind, ratio, when]
    preposition = _PREPOSITIONS.get(verdict.kind, "")
    if verdict.culprit and preposition:
        words.append(f"{preposition} {_with_article(verdict.culprit)}")
    text = " ".join(filter(None, words))
    return f"{text}: {figure}." if figure else f"{text}."


def verdict_report(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as plain data: ``verdict`` of ``record --json``."""
    evidence = verdict.evidence
    return {
        "kind": verdict.kind,
        "so_far": verdict.so_far,
        "since": verdict.since or None,
        "layer": verdict.layer,
        "culprit": verdict.culprit,
        "figure": verdict.figure,
        "sentence": sentence(verdict),
        "advice": verdict.advice,
        "evidence": {
            "rule": evidence.rule,
            "source": evidence.source,
            "numbers": dict(evidence.numbers),
            "bytes": list(evidence.bytes) if evidence.bytes else None,
        },
        "cure": dict(verdict.cure) if verdict.cure else None,
    }


def _with_article(culprit: str) -> str:
    """Return a culprit with its article; a program's name has none."""
    if culprit.startswith(("the ", "either ", "something ")) or not _COMMON_NOUN.search(culprit):
        return culprit
    return f"the {culprit}"


def _wait_ms(verdict: Verdict) -> float:
    wait_ms = verdict.evidence.numbers.get("wait_ms", 0.0)
    return float(wait_ms) if isinstance(wait_ms, int | float) else 0.0
