"""The verdict: one sentence that names what keeps a stream from streaming, or says that nothing does.

`judge` asks the rules in the order of their priority; of those with the same priority, the one whose bytes wait longest
wins. Pure: the same measurements give the same verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from inspector.catalogue import BUFFERS, BadKnob, Knob, knob_of

from .finding import Evidence, Kind, Verdict
from .rules import RULES, Rule
from .run_analysis import RunAnalysis

#: How the culprit is joined to the headline; where there is none, it is left out of the sentence.
_PREPOSITIONS: Mapping[Kind, str] = {"coalesced": "by", "held": "by", "cut_short": "by", "stalls": "in"}
#: Rules that speak of the whole response, whatever was turned meanwhile.
_OF_THE_WHOLE = frozenset({"lost", "failed", "no_answer", "no_body", "cut_short"})
_RULE_BY_NAME = {rule.name: rule for rule in RULES}

__all__ = ["Evidence", "Kind", "Verdict", "after_headline", "judge", "rule_of", "sentence", "verdict_report"]


def judge(analysis: RunAnalysis) -> Verdict:
    """Return the verdict on a run. There always is one: the last rule says that it can't tell.

    Where knobs were turned while it ran, it is about the time since the last one was, and says so; unless head or
    ending say all by themselves. Where marks of a saved recording were lost, nothing is said about waiting.
    """
    verdict = _judge(analysis)
    if analysis.tail is None or verdict.evidence.rule in _OF_THE_WHOLE:
        return verdict
    change, base_bytes = analysis.tail.change, analysis.tail.base_bytes
    verdict = _judge(analysis.tail.analysis)
    concerned = verdict.evidence.bytes
    if concerned is not None:
        concerned = (concerned[0] + base_bytes, concerned[1] + base_bytes)
    return replace(verdict, since=f"{change.knob}={change.after}", evidence=replace(verdict.evidence, bytes=concerned))


def _judge(analysis: RunAnalysis) -> Verdict:
    for _, rules in groupby(RULES, key=lambda rule: rule.priority):
        found = [verdict for rule in rules if (verdict := rule.find(analysis)) is not None]
        if found:
            return max(found, key=_wait_ms)
    return Verdict("unknown", figure="No rule says anything.")


def sentence(verdict: Verdict) -> str:
    """Return the verdict on one line: headline, who, and the figure.

    >>> sentence(Verdict("held", "template", "the view itself", "40 rows were made over 1.9 s."))
    'Held until the end by the view itself. 40 rows were made over 1.9 s.'
    """
    return " ".join(filter(None, (f"{verdict.headline}{after_headline(verdict)}", verdict.figure)))


def after_headline(verdict: Verdict) -> str:
    """Return what ends the first sentence after its headline: since when, by whom, and the full stop."""
    preposition = _PREPOSITIONS.get(verdict.kind, "")
    by = f" {preposition} {verdict.culprit}" if verdict.culprit and preposition else ""
    if not verdict.since:
        return f"{' so far' if verdict.so_far else ''}{by}."
    name, _, value = verdict.since.partition("=")
    try:
        knob = knob_of(name)
    except BadKnob:  # of another version
        return f"{by} since you set {name} to {value}."
    return f"{'' if _is_named_by(knob, verdict.culprit) else by} since you set {_set_to(knob, value)}."


def _is_named_by(knob: Knob, culprit: str) -> bool:
    """Return whether a setting is that of the culprit: then naming the setting names it."""
    nouns = [row.noun for row in BUFFERS if row.knob == knob.name] + [knob.noun]
    return any(noun and culprit.startswith(noun.partition("{")[0]) for noun in nouns)


def _set_to(knob: Knob, value: str) -> str:
    """Return what was set to what: ``the buffer to 6``, ``the client buffer to 512 B``, ``rows per yield to 5``."""
    words = knob.words_of_text(value)
    if knob.is_buffer:
        words = words.removesuffix(" items").removesuffix(" rows").removesuffix(" row")
    return f"{'' if knob.nickname.startswith('rows') else 'the '}{knob.nickname} to {words}"


def rule_of(verdict: Verdict) -> Rule | None:
    """Return the row of the rule behind a verdict, None where no rule found anything."""
    return _RULE_BY_NAME.get(verdict.evidence.rule)


def verdict_report(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as plain data: ``verdict`` of ``record --json``."""
    evidence, rule = verdict.evidence, rule_of(verdict)
    return {
        "kind": verdict.kind,
        "headline": verdict.headline,
        "so_far": verdict.so_far,
        "since": verdict.since or None,
        "layer": verdict.layer,
        "culprit": verdict.culprit,
        "figure": verdict.figure,
        "sentence": sentence(verdict),
        "advice": verdict.advice,
        "evidence": {
            "rule": evidence.rule,
            "says": evidence.says,
            "looks_for": rule.looks_for if rule is not None else "",
            "in_this_run": evidence.in_this_run,
            "changes_if": rule.changes_if if rule is not None else "",
            "numbers": dict(evidence.numbers),
            "bytes": list(evidence.bytes) if evidence.bytes else None,
        },
        "cure": dict(verdict.cure) if verdict.cure else None,
    }


def _wait_ms(verdict: Verdict) -> float:
    wait_ms = verdict.evidence.numbers.get("wait_ms", 0.0)
    return float(wait_ms) if isinstance(wait_ms, int | float) else 0.0
