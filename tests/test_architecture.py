"""The rules that keep the parts apart, each checked on every file, and each shown to find what breaks it."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.arrows import ARROWS, SOURCES, is_inside, part_of
from tests.fresh_python import ROOT, run_python
from tests.modules import Module, forget_modules, modules

EVERYTHING = (*SOURCES, "tests")
#: What tests may ask a window for, besides what it does itself: the values that its parts show, and what runs them.
PUBLIC_MODELS = ("analysis", "document", "preferences", "replay", "session", "stories", "time_range")

#: Libraries that only the parts named here may import.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "PySide6": ("inspector.gui",),
    "flask": ("server", "inspector.tap"),
    "jinja2": ("server", "inspector.tap"),
    "werkzeug": ("server", "inspector.tap"),
    "httpx": ("inspector.capture",),
}
#: The pure core is told the time and never asks, and waits for nobody.
NOT_PURE = {"asyncio", "multiprocessing", "select", "selectors", "socket", "subprocess", "threading", "time"}
PURE = ("inspector.recording", "inspector.analysis", "inspector.export")
STANDARD_LIBRARY_ONLY = ("inspector.catalogue", "inspector.assets")
FORBIDDEN_NAMES = re.compile(r"(utils?|helpers?|managers?|common|misc|stuff)")
MOST_LINES_OF_A_FUNCTION = 60


def is_package(name: str) -> bool:
    return (ROOT / name.replace(".", "/")).is_dir()


def forbidden_arrows(module: Module) -> Iterator[str]:
    part = part_of(module.name)
    allowed = (*ARROWS[part], part, "inspector.__version__") if part != "inspector" else ()
    for name in module.imports():
        ours = is_inside(name, "inspector") or is_inside(name, "server")
        if ours and not any(is_inside(name, each) for each in allowed):
            yield f"imports {name}"


def forbidden_libraries(module: Module) -> Iterator[str]:
    for name in module.imports():
        library = name.partition(".")[0]
        parts = LIBRARIES.get(library)
        if parts and not any(is_inside(module.name, part) for part in parts):
            yield f"imports {name}"
        if library in NOT_PURE and any(is_inside(module.name, part) for part in PURE):
            yield f"is pure, but imports {name}"
        standard = library in sys.stdlib_module_names or is_inside(name, "inspector.catalogue")
        if any(is_inside(module.name, part) for part in STANDARD_LIBRARY_ONLY) and not standard:
            yield f"needs the standard library alone, but imports {name}"


def sleeps(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"sleep", "msleep", "usleep", "qSleep"}:
            yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom) and any(each.name == "sleep" for each in node.names):
            yield f"line {node.lineno}: imports sleep"


def missing_docstring(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield "does not say its purpose in a docstring"


def forbidden_name(module: Module) -> Iterator[str]:
    for word in module.name.split("."):
        if FORBIDDEN_NAMES.fullmatch(word) or FORBIDDEN_NAMES.fullmatch(word.rpartition("_")[2]):
            yield f"{word} says nothing"


def too_many_lines(module: Module) -> Iterator[str]:
    lines, most = len(module.text.splitlines()), 700 if is_inside(module.name, "tests") else 450
    if lines > most:
        yield f"has {lines} lines, {most} are the most"


def too_long_functions(module: Module) -> Iterator[str]:
    for function in module.functions():
        first = function.body[0]
        has_docstring = ast.get_docstring(function, clean=False) is not None
        docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
        lines = (function.end_lineno or 0) - function.lineno + 1 - docstring
        if lines > MOST_LINES_OF_A_FUNCTION:
            yield f"{function.name} has {lines} lines, {MOST_LINES_OF_A_FUNCTION} are the most"


def anatomy_of_the_window(module: Module) -> Iterator[str]:
    """Tell where a test reaches through a window: its parts have object names (`tests.gui.window_driver`).

    The public models of the window are what its parts are made from, not what it is made of: those may be asked.
    """
    windows = {"window"}
    for node in module.nodes:
        call = node.value if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.Assign) and isinstance(call, ast.Call) and ast.unparse(call.func) == "create_window":
            windows |= {ast.unparse(target) for target in node.targets}
    for node in module.nodes:
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Attribute):
            continue
        part = node.value
        if part.attr not in PUBLIC_MODELS and ast.unparse(part.value) in windows:
            yield f"line {node.lineno}: {ast.unparse(node)}"


Rule = Callable[[Module], Iterator[str]]
RULES: dict[Rule, tuple[str, ...]] = {
    forbidden_arrows: SOURCES,
    forbidden_libraries: SOURCES,
    sleeps: EVERYTHING,
    missing_docstring: EVERYTHING,
    forbidden_name: EVERYTHING,
    too_many_lines: EVERYTHING,
    too_long_functions: EVERYTHING,
    anatomy_of_the_window: ("tests",),
}
BREACHES: list[tuple[Rule, str, str]] = [
    (forbidden_arrows, "inspector.recording.track", "from inspector.capture import command"),
    (forbidden_arrows, "inspector.recording.track", "from ..analysis import gaps"),
    (forbidden_arrows, "inspector.session.run", "import inspector.capture.socket_receiver"),
    (forbidden_arrows, "inspector.session.run", "from server.app import create_app"),
    (forbidden_arrows, "inspector.cli.record_command", "def run():\n    from inspector.gui import app"),
    (
        forbidden_arrows,
        "inspector.gui.startup.application",
        "from inspector.capture.recorder_commands import RecordCommand",
    ),
    (forbidden_arrows, "inspector.gui.startup.application", "from inspector import capture"),
    (forbidden_arrows, "inspector.new", "from inspector.recording import track"),
    (forbidden_arrows, "server.app", "from inspector.recording import folder"),
    (forbidden_arrows, "inspector.gui.models.document", "from inspector.gui.views import overview"),
    (forbidden_arrows, "inspector.gui.style.theme", "from inspector.gui.models import preferences"),
    (forbidden_arrows, "inspector.gui.views.overview", "from inspector.gui.shell import main_window"),
    (forbidden_arrows, "inspector.analysis.tracks.axes", "from inspector.analysis.diagnosis import verdict"),
    (forbidden_arrows, "inspector.catalogue", "from inspector.recording import track"),
    (forbidden_arrows, "inspector.session.run", "from server import app"),
    (forbidden_libraries, "inspector.session.run", "from PySide6.QtCore import QObject"),
    (forbidden_libraries, "inspector.gui.startup.application", "import httpx"),
    (forbidden_libraries, "inspector.analysis.metrics.gap_metrics", "from time import monotonic_ns"),
    (forbidden_libraries, "inspector.catalogue", "import msgspec"),
    (sleeps, "server.rows", "import time\ntime.sleep(1)"),
    (sleeps, "server.rows", "from time import sleep"),
    (sleeps, "inspector.gui.startup.application", "QThread.msleep(1)"),
    (missing_docstring, "server.rows", "x = 1"),
    (forbidden_name, "inspector.utils", ""),
    (forbidden_name, "inspector.gui.run_manager", ""),
    (too_many_lines, "server.rows", "x = 1\n" * 451),
    (anatomy_of_the_window, "tests.test_rows", "window.toolbar.run_button.click()"),
    (anatomy_of_the_window, "tests.test_rows", "first = create_window(run=False)\nfirst.ladder.canvas.repaint()"),
    (too_many_lines, "tests.test_rows", "x = 1\n" * 701),
    (too_long_functions, "server.rows", "def f():\n" + "    x = 1\n" * 60),
]
GOOD: list[tuple[Rule, str, str]] = [
    (anatomy_of_the_window, "tests.test_rows", "window.document.tracks['chunk']; window.show_view('sweep')"),
    (forbidden_arrows, "inspector.session.run", "from inspector.capture.recorder_commands import RecordCommand"),
    (forbidden_arrows, "inspector.cli.window_commands", "from inspector.gui.startup.application import create_window"),
    (forbidden_arrows, "inspector.gui.views.table", "from ..models import marks"),
    (forbidden_arrows, "inspector.analysis.runs.run_summary", "from ..diagnosis import verdict"),
    (forbidden_arrows, "inspector.capture.response_head", "from inspector import __version__"),
    (forbidden_libraries, "inspector.gui.startup.application", "from PySide6 import QtCore"),
    (too_many_lines, "tests.test_rows", "x = 1\n" * 700),
    (too_long_functions, "server.rows", 'def f():\n    """A\n\n    B.\n    """\n' + "    x = 1\n" * 59),
]


@pytest.fixture(autouse=True, scope="module")
def forgets_what_it_read() -> Iterator[None]:
    yield
    forget_modules()


def module_of(name: str, text: str) -> Module:
    return Module(name, Path(name.replace(".", "/") + ".py"), text, ast.parse(text))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_that_no_file_breaks_the_rule(rule: Rule) -> None:
    found = [f"{module.path.relative_to(ROOT)} {text}" for module in modules(*RULES[rule]) for text in rule(module)]
    assert found == []


@pytest.mark.parametrize(("rule", "name", "text"), BREACHES)
def test_that_the_rule_finds_what_breaks_it(rule: Rule, name: str, text: str) -> None:
    assert list(rule(module_of(name, text)))


@pytest.mark.parametrize(("rule", "name", "text"), GOOD)
def test_that_the_rule_leaves_the_rest_alone(rule: Rule, name: str, text: str) -> None:
    assert list(rule(module_of(name, text))) == []


def test_that_no_two_modules_have_the_same_name() -> None:
    names = [module.name.rpartition(".")[2] for module in modules(*SOURCES) if not module.is_package]
    assert {name for name in names if names.count(name) > 1} <= {"__main__"}


def test_that_the_root_of_a_big_part_has_few_modules() -> None:
    for part in ("inspector", "inspector.gui", "inspector.analysis"):
        inside = [module.name for module in modules("inspector") if module.name.rpartition(".")[0] == part]
        assert len([name for name in inside if not is_package(name)]) < 8, inside


def test_that_every_module_is_read() -> None:
    names = {module.name for module in modules(*EVERYTHING)}
    assert {"inspector", "inspector.recording.track", "inspector.catalogue", "tests.test_architecture"} <= names


LOADED = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


def loaded_by(code: str) -> set[str]:
    """Return the top-level names of all that a fresh interpreter has loaded after some code."""
    result = run_python(f"{code}\n{LOADED}")
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "names",
    ["inspector.cli", "inspector.cli.record_command", "inspector.capture.__main__", "server.__main__, server.app"],
)
def test_that_what_runs_without_a_window_loads_no_qt(names: str) -> None:
    loaded = loaded_by(f"import {names}")
    assert "PySide6" not in loaded
    assert "inspector" in loaded


def test_that_recording_a_stream_loads_no_qt_no_flask_and_no_httpx() -> None:
    loaded = loaded_by("from inspector.cli import main; assert main(['record', '/large.csv', '-k', 'rows=1']) == 0")
    assert "numpy" in loaded, "the recording was read"
    assert loaded & {"PySide6", "flask", "werkzeug", "jinja2", "httpx", "httpcore"} == set()


@pytest.mark.parametrize("words", [["--help"], ["record", "--help"], ["routes"], ["record"]])
def test_that_what_only_prints_loads_next_to_nothing(words: list[str]) -> None:
    loaded = loaded_by(f"from inspector.cli import main; assert main({words}) in (0, 2)")
    assert loaded & {"PySide6", "httpx", "msgspec", "numpy", "psutil", "socket", "subprocess"} == set()


LOADED_AT_SPAWN = """
import json, subprocess, sys
from inspector.cli import main

class Popen(subprocess.Popen):
    def __init__(self, command, *arguments, **options):
        print(json.dumps([command[3], sorted(sys.modules)]), file=sys.stderr)
        super().__init__(command, *arguments, **options)

subprocess.Popen = Popen
assert main(["record", "/large.csv", "-k", "rows=1"]) == 0
"""


def test_that_recording_starts_its_processes_before_it_loads_what_is_slow() -> None:
    result = run_python(LOADED_AT_SPAWN)
    assert result.returncode == 0, result.stderr
    spawned = dict(json.loads(line) for line in result.stderr.splitlines() if line.startswith("["))
    assert spawned.keys() == {"server", "inspector.capture"}
    for loaded in spawned.values():
        slow = {"msgspec", "numpy", "inspector.analysis", "inspector.recording.meta", "ssl", "hashlib", "zipfile"}
        assert slow & set(loaded) == set()


def test_that_the_process_of_the_window_loads_no_flask_and_no_httpx() -> None:
    loaded = loaded_by("import inspector.gui.startup.application, inspector.gui.shell.main_window")
    assert "PySide6" in loaded
    assert loaded & {"flask", "werkzeug", "jinja2", "httpx", "httpcore"} == set()
