"""What the catalogue says is said there alone: names of its rows stand elsewhere only in the code that acts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.catalogue import BUFFERS, ENGINES, KNOBS, MIDDLEWARES, NO_PROXY, PROXIES, TEMPLATES, VIEWS
from inspector.catalogue.middlewares import ADVICE_WHEN_COMPRESSED
from inspector.catalogue.proxies import ADVICE_BEHIND_PROXY, ADVICE_IN_FRONT
from tests.modules import Module, modules

CATALOGUE = "inspector.catalogue"
VIEW_MODULES = "server.views"

#: The modules that act on a knob. A knob that is not here is only handed on, by the name that it has in its row.
ACTS_ON_KNOBS: dict[str, tuple[str, ...]] = {
    "rows": ("server.rows",),
    "delay_ms": ("server.rows", "server.running_streams"),
    "jitter": ("server.running_streams",),
    "seed": ("server.running_streams",),
    "row_bytes": ("server.rows",),
    "fetch_rows": ("server.rows",),
    "rows_per_yield": ("server.buffering_views",),
    "template_buffer": ("server.buffering_views", "server.views.template_recipe"),
    "x_accel": ("server.flask_hooks",),
    "middleware": ("server.middleware_stack",),
    "send_bytes": ("server.engines.waitress_server",),
    "send_buffer": ("server.engines.engine_settings",),
    "client_buffer": ("inspector.capture.client_buffer",),
    "receive_buffer": ("inspector.capture.read_throttle",),
    "read_size": ("inspector.capture.read_throttle",),
    "read_rate": ("inspector.capture.read_throttle",),
}
#: The modules that are an engine, a middleware or a proxy, or start one.
ACTS_AS_ROWS: dict[str, tuple[str, ...]] = {
    **{row.name: ("server.engines", "server.engines.waitress_server", "server.engines.cheroot_server")
       for row in ENGINES},
    **{row.name: ("server.flask_hooks" if row.is_hook else "server.middleware_stack",) for row in MIDDLEWARES},
    **{row.name: ("inspector.session.nginx_launcher",) for row in PROXIES},
}  # fmt: skip
#: Words that mean something else, too: a gap or layer, a content coding, a key of a figure, a word of Python. Only
#: where a knob is asked for do they name one.
ALSO_OTHER_WORDS = {
    "name", "rows", "delay_ms", "template", "middleware", "proxy", NO_PROXY, "gzip", "join", "content_length", "/",
}  # fmt: skip
#: Calls and look-ups that take the name of a knob.
TAKES_A_KNOB = {"knob_of", "text", "whole", "number", "default", "acts", "belongs", "set_text", "shown", "idle_text"}


def named(module: Module, names: set[str]) -> Iterator[str]:
    """Yield each of these names that stands in a module as a text of its own, or asks for a knob."""
    asked = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and node.args:
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in TAKES_A_KNOB:
                asked.add(id(node.args[0]))
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.value not in names:
            continue
        if node.value not in ALSO_OTHER_WORDS or id(node) in asked:
            yield node.value


def texts_of(module: Module) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def outside() -> list[Module]:
    """Return all modules of the product but those of the catalogue."""
    found = [each for each in modules("inspector", "server") if not each.name.startswith(CATALOGUE)]
    assert len(found) > 250
    return found


def module_with(text: str, name: str = "inspector.gui.made_up") -> Module:
    """Return a module that only a test has."""
    return Module(name, Path(name.replace(".", "/") + ".py"), text, ast.parse(text))


def misplaced_names(module: Module) -> list[str]:
    """Return names of knobs, engines, middlewares and proxies that a module has no business to know."""
    rows = set(ACTS_AS_ROWS)
    knobs = {knob.name for knob in KNOBS}
    wrong = [name for name in named(module, knobs) if module.name not in ACTS_ON_KNOBS.get(name, ())]
    return wrong + [name for name in named(module, rows) if module.name not in ACTS_AS_ROWS[name]]


def misplaced_routes(module: Module) -> list[str]:
    """Return routes that stand in a module, alone or in a sentence."""
    if module.name.startswith(VIEW_MODULES):
        return []  # where they are registered; a test compares them with the table
    routes = [re.escape(view.route) for view in VIEWS if view.route != "/"]
    pattern = re.compile(rf"(?<![\w.])({'|'.join(routes)})(?![\w-]|\.\w)")
    return [match[1] for text in texts_of(module) for match in pattern.finditer(text)]


SENTENCES = {
    *(row.cure for row in BUFFERS),
    *(row.cure for row in TEMPLATES),
    *(row.cure for row in MIDDLEWARES if row.cure),
    *(row.cure for row in ENGINES if row.cure),
    *(row.noun for row in TEMPLATES),
    *(row.noun for row in MIDDLEWARES if " " in row.noun),
    *(remedy.advice for row in PROXIES for remedy in row.remedies),
    *(knob.advice for knob in KNOBS if knob.advice),
    *(row.note for row in MIDDLEWARES if row.note),
    *(row.sentence for row in ENGINES),
    *(row.sentence for row in MIDDLEWARES),
    *(row.sentence for row in PROXIES),
    *(knob.sentence for knob in KNOBS),
    *(view.sentence for view in VIEWS),
    ADVICE_WHEN_COMPRESSED, ADVICE_BEHIND_PROXY, ADVICE_IN_FRONT,
}  # fmt: skip


def misplaced_sentences(module: Module) -> list[str]:
    """Return what a module says in the words of a row."""
    return [text for text in texts_of(module) if any(each in text for each in SENTENCES)]


@pytest.mark.parametrize("module", outside(), ids=lambda module: module.name)
def test_that_a_module_names_no_row_of_the_catalogue_unless_it_acts(module: Module) -> None:
    assert misplaced_names(module) == []
    assert misplaced_routes(module) == []
    assert misplaced_sentences(module) == []


def kinds_asked_for(module: Module) -> list[str]:
    """Return where a module finds out by itself which kind of target it has, in place of asking for a fact."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            if text.endswith((".title.startswith", "kind.view", "target.route")):
                found.append(text)
        elif isinstance(node, ast.ImportFrom):
            found += [each.name for each in node.names if each.name in ("view_of", "ADDRESS")]
    return found


#: It makes targets, the others have defaults for what nothing is known of.
MAKES_KINDS = ("inspector.session.target", "inspector.analysis.pipeline.settings_in_force", "server")


@pytest.mark.parametrize(
    "module",
    [each for each in outside() if each.name not in MAKES_KINDS and each.name.startswith("inspector")],
    ids=lambda module: module.name,
)
def test_that_a_module_asks_a_target_for_facts_and_not_for_its_kind(module: Module) -> None:
    # Editors that show no target yet begin with those of an address.
    allowed = {"ADDRESS"} if module.name == "inspector.gui.editors.knob_editors" else set()
    assert set(kinds_asked_for(module)) <= allowed


def test_that_asking_for_the_kind_of_a_target_is_found() -> None:
    assert kinds_asked_for(module_with('meta.title.startswith("/")')) == ["meta.title.startswith"]
    assert kinds_asked_for(module_with("if target.kind.view is None: pass")) == ["target.kind.view"]
    assert kinds_asked_for(module_with("from inspector.catalogue import KNOBS, view_of")) == ["view_of"]


def test_that_each_module_that_is_said_to_act_on_a_knob_does() -> None:
    by_name = {module.name: module for module in outside()}
    for name, places in ACTS_ON_KNOBS.items():
        assert 1 <= len(places) <= 2
        for place in places:
            assert name in set(named(by_name[place], {name})) or f'"{name}"' in by_name[place].text, (name, place)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('_LIVE = ("client_buffer", 5)', ["client_buffer"]),
        ('settings.number("rows")', ["rows"]),
        ('gap == "template"', []),
        ('knob_of("template")', ["template"]),
        ('{"waitress": 1}', ["waitress"]),
        ('row = "flask-compress"', []),
    ],
)
def test_that_a_name_of_a_row_is_found(text: str, found: list[str]) -> None:
    assert misplaced_names(module_with(text)) == found


def test_that_a_route_and_a_sentence_are_found() -> None:
    assert misplaced_routes(module_with('x = "Try /large.csv?rows=5 or /stream."')) == ["/large.csv", "/stream"]
    assert misplaced_routes(module_with('"""Docstrings may show /large.csv."""\nx = "http://a.b/streams"')) == []
    cure = MIDDLEWARES[0].cure
    assert misplaced_sentences(module_with(f"advice = {cure!r}")) == [cure]
