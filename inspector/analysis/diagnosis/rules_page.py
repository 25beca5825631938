"""The page about all rules, made from their own rows: ``python -m inspector.analysis.diagnosis.rules_page`` writes it.

It is the README.md beside this module; a test compares it with what is made here.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

from . import rules
from .rules import RULES, Rule
from .rules.rule import Needs, Threshold

PAGE = Path(__file__).with_name("README.md")
_NEEDS: Mapping[Needs, str] = {
    "taps": "Needs the taps in the app: it compares what went in with what came out.",
    "no taps": "Only asked where the app has no taps, so from outside.",
    "either": "With taps or without.",
}
_HEAD = """\
# Why the verdict says what it says

One recording gets one verdict. Each rule below looks at the measurements of the run for one thing. They are asked from
top to bottom by their priority, and the first that finds something speaks; of those with the same priority, the one
whose bytes wait longest. The last one always has something to say: that it can't tell.

An item is what one layer passes on: a part (of your generator or template), a yield (of your view), a write (to the
server), a read (from the client's socket), a chunk (of HTTP/1.1) or a piece (for the reader). What an item waits is the
time until the item of the next layer left that carried its last byte. Shares and medians count, never one outlier.

"Why?" in the window, and `evidence` in `record --json`, give the rule with the numbers of your run.

This page is made from the rules themselves: `python -m inspector.analysis.diagnosis.rules_page` writes it again.
"""


def rules_page() -> str:
    """Return the page as Markdown."""
    names = {id(threshold): name for name, threshold in thresholds()}
    return "\n".join([_HEAD, *(_section(rule, names) for rule in RULES)])


def thresholds() -> Iterator[tuple[str, Threshold]]:
    """Yield every threshold that a module of the rules defines, with the name of its constant."""
    for found in pkgutil.iter_modules(rules.__path__):
        module = import_module(f"{rules.__name__}.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, Threshold):
                yield name, value
            elif is_dataclass(value) and not isinstance(value, type | Rule):
                each = ((field.name, getattr(value, field.name)) for field in fields(value))
                yield from ((f"{name}.{part}", inner) for part, inner in each if isinstance(inner, Threshold))


def _section(rule: Rule, names: Mapping[int, str]) -> str:
    lines = [f"## {rule.name}", "", f"{rule.looks_for} {_NEEDS[rule.needs]} Priority {rule.priority}.", ""]
    lines += [
        "| says | which means |",
        "|---|---|",
        *(f"| `{name}` | {text} |" for name, text in rule.says.items()),
        "",
    ]
    if rule.thresholds:
        lines += ["| threshold | value | what it decides, and why |", "|---|---|---|"]
        lines += [f"| `{names[id(each)]}` | {each.text} | {each.why} |" for each in rule.thresholds]
        lines.append("")
    return "\n".join([*lines, f"What would change it: {rule.changes_if}", ""])


if __name__ == "__main__":
    PAGE.write_text(rules_page(), encoding="utf-8")
