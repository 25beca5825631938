"""What goes into ``--json``: plain numbers, the table of rules, and sentences."""

from __future__ import annotations

import json

import pytest

from inspector.analysis.case import Case
from inspector.analysis.findings import KIND_WORDS, Evidence, Verdict
from inspector.analysis.rules import RULES
from inspector.analysis.statistics_report import statistics_report
from inspector.analysis.verdict import judge, sentence, verdict_report
from inspector.analysis.wording import bytes_text, one_text, ratio_text, time_text
from tests.analysis.judging import case_of, verdict_of
from tests.analysis.simulated_road import Road, joining, simulate


def test_that_statistics_are_those_of_the_road() -> None:
    report = statistics_report(case_of(simulate(Road(parts_per_row=3, template=joining(5)))))
    assert json.loads(json.dumps(report)) == report
    assert list(report["gaps"]) == ["template", "middleware.1", "server", "framing", "client"]
    template, part = report["gaps"]["template"], report["layers"]["part"]
    assert (template["items_in"], template["items_out"], template["coalescing"]) == (120, 24, 5.0)
    assert template["delay_ms"]["median"] == pytest.approx(20, abs=1)
    assert (part["count"], part["total_bytes"], part["size_median_bytes"]) == (120, 2_400, 20)
    assert part["gaps_ms"]["p95"] == pytest.approx(20, abs=1)
    assert part["ttfb_ms"] == pytest.approx(2, abs=1)
    assert report["framing_overhead"] == 1.0


def test_that_an_empty_case_has_an_empty_report() -> None:
    assert statistics_report(Case()) == {"layers": {}, "gaps": {}, "framing_overhead": None, "server": None}


def test_that_a_verdict_is_plain_data() -> None:
    report = verdict_report(verdict_of(Road(parts_per_row=3, template=joining(5), knobs={"template_buffer": "5"})))
    assert json.loads(json.dumps(report)) == report
    assert (report["kind"], report["layer"], report["culprit"]) == (
        "coalesced",
        "template",
        "template buffer of 5 items",
    )
    assert report["figure"].startswith("5 to 1: a part waits")
    assert report["sentence"] == ("Coalesced 5 to 1 by the template buffer of 5 items: a part waits 20 ms (median).")
    assert report["evidence"]["rule"] == "coalesced"
    assert report["cure"] == {"template_buffer": "0"}


def test_that_the_table_of_rules_is_in_order_and_every_kind_has_words() -> None:
    priorities = [rule.priority for rule in RULES]
    assert priorities == sorted(priorities)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.looks_for.endswith(".") and rule.facts for rule in RULES)
    assert all(sentence(Verdict(kind)) == f"{words}." for kind, words in KIND_WORDS.items())


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Verdict("held", "server", "waitress (send_bytes=9)", "x"), "Held to the end by waitress (send_bytes=9): x."),
        (Verdict("held", "m", "gzip middleware", so_far=True), "Held so far by the gzip middleware."),
        (Verdict("coalesced", "m", "Flask-Compress", "3 to 1: y", so_far=True),
         "Coalesced 3 to 1 so far by Flask-Compress: y."),
        (Verdict("unknown", figure="too little"), "Unknown: too little."),
        (Verdict("back_pressure", "server", "slow reader", "z"), "Back-pressure from the slow reader: z."),
    ],
)  # fmt: skip
def test_that_a_sentence_starts_with_the_kind_in_words(verdict: Verdict, text: str) -> None:
    assert sentence(verdict) == text


def test_that_every_verdict_names_its_rule() -> None:
    names = {rule.name for rule in RULES} | {"gap_stall"}
    for road in (Road(), Road(count=1), Road(send_bytes=18_000), Road(client_buffer=99)):
        assert verdict_of(road).evidence.rule in names
    assert judge(case_of(simulate(Road()))).evidence != Evidence("none")


def test_that_numbers_are_written_as_people_read_them() -> None:
    assert [time_text(each) for each in (0.02, 0.43, 40.2, 1_234, 90_000)] == [
        "20 µs", "0.4 ms", "40 ms", "1.2 s", "1.5 min",
    ]  # fmt: skip
    sizes = (0, 12, 1_331, 200_000, 3_100_000, 2**31, 2**45)
    assert [bytes_text(each) for each in sizes] == [
        "0 B", "12 B", "1.3 KB", "200 KB", "3.1 MB", "2.1 GB", "35.2 TB",
    ]  # fmt: skip
    assert [ratio_text(each) for each in (5.0, 2.18, 286.4)] == ["5", "2.2", "286"]
    assert [one_text(each) for each in ("part", "write.1", "piece")] == ["a part", "an item", "a piece"]
