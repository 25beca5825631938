"""What goes into ``--json``: plain numbers, the table of rules, and sentences."""

from __future__ import annotations

import json

import pytest

from inspector.analysis.diagnosis.finding import KIND_WORDS, Evidence, Verdict
from inspector.analysis.diagnosis.rules import RULES
from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.diagnosis.statistics_report import statistics_report
from inspector.analysis.diagnosis.verdict import judge, sentence, verdict_report
from inspector.analysis.formatting import bytes_text, one_text, ratio_text, time_text
from tests.analysis.judging import analysis_of, verdict_of
from tests.analysis.simulated_road import Road, joining, simulate


def test_that_statistics_are_those_of_the_road() -> None:
    report = statistics_report(analysis_of(simulate(Road(parts_per_row=3, template=joining(5)))))
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
    assert statistics_report(RunAnalysis()) == {"layers": {}, "gaps": {}, "framing_overhead": None, "server": None}


def test_that_a_verdict_is_plain_data() -> None:
    road = Road(title="/timeline", parts_per_row=3, template=joining(5), knobs={"template_buffer": "5"})
    report = verdict_report(verdict_of(road))
    assert json.loads(json.dumps(report)) == report
    assert (report["kind"], report["layer"], report["culprit"]) == (
        "coalesced",
        "template",
        "Jinja2's buffer of 5 items",
    )
    assert report["headline"] == "Buffered 5 into 1"
    assert report["figure"] == "A part waits 20 ms (median)."
    assert report["sentence"] == "Buffered 5 into 1 by Jinja2's buffer of 5 items. A part waits 20 ms (median)."
    assert report["evidence"]["rule"] == "coalesced"
    assert report["cure"] == {"template_buffer": "0"}


def test_that_the_table_of_rules_is_in_order_and_every_kind_has_words() -> None:
    priorities = [rule.priority for rule in RULES]
    assert priorities == sorted(priorities)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.looks_for.endswith(".") and rule.says for rule in RULES)
    assert all(sentence(Verdict(kind)) == f"{words}." for kind, words in KIND_WORDS.items())


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Verdict("held", "server", "waitress (send_bytes=9)", "X."),
         "Held until the end by waitress (send_bytes=9). X."),
        (Verdict("held", "m", "the gzip middleware", so_far=True), "Held so far by the gzip middleware."),
        (Verdict("coalesced", "m", "Flask-Compress", "Y.", claim="Buffered 3 into 1", so_far=True),
         "Buffered 3 into 1 so far by Flask-Compress. Y."),
        (Verdict("streams", since="template_buffer=6"), "Streams since you set the buffer to 6."),
        (Verdict("streams", since="middleware="), "Streams since you set the middlewares to none."),
        (Verdict("coalesced", culprit="Jinja2's buffer of 6 items", since="template_buffer=6"),
         "Buffered since you set the buffer to 6."),
        (Verdict("coalesced", culprit="the gzip middleware", since="rows_per_yield=5"),
         "Buffered by the gzip middleware since you set rows per yield to 5."),
        (Verdict("coalesced", culprit="the client's buffer of 512 bytes", since="client_buffer=512"),
         "Buffered since you set the client buffer to 512 B."),
        (Verdict("unknown", figure="Too little."), "Can't tell. Too little."),
        (Verdict("back_pressure", "server", "the slow reader", "Z."), "Slow reader. Z."),
    ],
)  # fmt: skip
def test_that_a_sentence_starts_with_its_headline(verdict: Verdict, text: str) -> None:
    assert sentence(verdict) == text


def test_that_every_verdict_names_its_rule() -> None:
    names = {rule.name for rule in RULES}
    for road in (Road(), Road(count=1), Road(send_bytes=18_000), Road(client_buffer=99)):
        assert verdict_of(road).evidence.rule in names
    assert judge(analysis_of(simulate(Road()))).evidence != Evidence("none", "")


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
