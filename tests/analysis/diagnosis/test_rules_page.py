"""The page about the rules is made from their rows, and the rows leave nothing out that a rule compares with."""

from __future__ import annotations

import ast
from pathlib import Path

from inspector.analysis.diagnosis import rules
from inspector.analysis.diagnosis.rules import RULES
from inspector.analysis.diagnosis.rules.rule import Threshold
from inspector.analysis.diagnosis.rules_page import PAGE, rules_page, thresholds


def test_that_the_page_is_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(), "python -m inspector.analysis.diagnosis.rules_page"


def test_that_each_threshold_is_in_the_row_of_a_rule() -> None:
    told = {id(each) for rule in RULES for each in rule.thresholds}
    assert [name for name, threshold in thresholds() if id(threshold) not in told] == []
    assert len(told) > 50


def test_that_a_rule_compares_with_no_number_that_has_no_reason() -> None:
    """Constants of the rules' modules that are bare numbers would stay out of the page."""
    bare = []
    for path in Path(rules.__path__[0]).glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                bare += [ast.unparse(node)] * isinstance(node.value.value, int | float)
    assert bare == []


def test_that_a_threshold_is_the_number_that_it_is() -> None:
    threshold = Threshold(0.9, "share", "So much.")
    assert threshold == 0.9
    assert threshold < 0.95
    assert (threshold.text, Threshold(500.0, "ms", "So long.").text, Threshold(3, "count", "So many.").text) == (
        "90 %", "500 ms", "3",
    )  # fmt: skip


def test_that_rules_are_asked_in_the_order_of_the_table() -> None:
    assert [rule.priority for rule in RULES] == sorted(rule.priority for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
