"""A new knob is one row of the catalogue and the code that acts: shown on a copy of the program with rows more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fresh_python import ROOT

ROWS = """
    Knob("echo_ms", "int", 0, 100, 7, "ms", "How long a row echoes.", "view", (0, 7, 50),
         acts_on=("csv",), live=True, label="echo", shown_at="template"),
    Knob("nap_bytes", "int", 0, 100, 0, "bytes", "How much the engine naps.", "server", (0, 5),
         only_with=("engine", ("cheroot",)), shown_at="server"),
    Knob("foam_size", "int", 1, 100, 2, "items", "How much foam the proxy makes.", "proxy", (1, 2),
         only_with=("proxy", ("nginx",)), shown_at="server"),
    Knob("sip_bytes", "int", 0, 1000, 3, "bytes", "How much the client sips.", "client", (0, 3, 9),
         live=True, zero_text="gulps", shown_at="client"),
"""
NAMES = ("echo_ms", "nap_bytes", "foam_size", "sip_bytes")
TABLE = "KNOBS: tuple[Knob, ...] = ("


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program whose table of knobs has the rows above, and nothing else that is new."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("inspector", "server"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / "inspector" / "catalogue" / "knobs.py"
    before = table.read_text(encoding="utf-8")
    assert before.count(TABLE) == 1
    table.write_text(before.replace(TABLE, TABLE + ROWS), encoding="utf-8")
    return folder


def run_in(copy: Path, *arguments: str) -> str:
    """Run Python with the copy in front of the path; return what it prints."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{copy}{os.pathsep}{ROOT}",
        "QT_QPA_PLATFORM": "offscreen",
        "STREAMING_INSPECTOR_HOME": str(copy / "home"),
    }
    run = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, timeout=25, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def facts_of(copy: Path, code: str) -> Any:
    """Run code that prints JSON."""
    return json.loads(run_in(copy, "-c", f"import json\n{code}"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "inspector", "routes"),
        ("-m", "inspector", "record", "--help"),
        ("-c", "from server.readme_tables import catalogue_markdown; print(catalogue_markdown())"),
        ("-c", "from server.app import create_app; print(create_app().test_client().get('/').text)"),
    ],
    ids=["routes", "help", "readme", "index"],
)
def test_that_a_row_is_told_wherever_knobs_are_told(copy: Path, arguments: tuple[str, ...]) -> None:
    told = run_in(copy, *arguments)
    assert all(name in told for name in NAMES)
    assert "How much the client sips." in told


def test_that_a_row_makes_an_option_of_the_process_that_it_is_told_to(copy: Path) -> None:
    assert "--nap-bytes" in run_in(copy, "-m", "server", "--help")
    assert "--foam-size" in run_in(copy, "-m", "inspector.session.nginx_launcher", "--help")


def test_that_a_row_says_where_it_can_be_used_and_is_parsed_there(copy: Path) -> None:
    facts = facts_of(copy, """
from inspector.catalogue import ADDRESS, BadKnob, kind_of, parse_knobs, view_of
def refusal(route, texts):
    try: parse_knobs(view_of(route), texts)
    except BadKnob as error: return str(error)
chosen = {"engine": "cheroot", "proxy": "nginx"}
values = parse_knobs(view_of("/large.csv"), {**chosen, "echo_ms": "9", "foam_size": "4"})
print(json.dumps({
    "values": [values[name] for name in ("echo_ms", "nap_bytes", "foam_size", "sip_bytes")],
    "csv": kind_of("/large.csv").acting({}), "chosen": kind_of("/timeline").acting(chosen), "address": ADDRESS.knobs,
    "elsewhere": refusal("/timeline", {"echo_ms": "9"}), "alone": refusal("/large.csv", {"nap_bytes": "5"}),
    "range": refusal("/large.csv", {"echo_ms": "101"}),
}))
""")  # fmt: skip
    assert facts["values"] == [9, 0, 4, 3]
    assert set(NAMES) & set(facts["csv"]) == {"echo_ms", "sip_bytes"}
    assert set(NAMES) & set(facts["chosen"]) == {"nap_bytes", "foam_size", "sip_bytes"}
    assert set(NAMES) & set(facts["address"]) == {"sip_bytes"}
    assert facts["elsewhere"].startswith("echo_ms does nothing on /timeline.")
    assert facts["alone"].endswith("It acts with engine=cheroot.")
    assert facts["range"] == "echo_ms=101 is refused: echo_ms takes a whole number, 0 to 100 ms."


def test_that_a_row_has_an_editor_in_its_gap_of_the_ladder_and_says_when_it_acts(copy: Path) -> None:
    facts = facts_of(copy, """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from inspector.catalogue import ADDRESS, kind_of, knob_of
from inspector.gui.editors.knob_editors import KnobEditors, knob_tip
from inspector.gui.views.ladder.lane_layout import GAP_KINDS
knobs = KnobEditors()
knobs.show_kind(kind_of("/large.csv"))
shown = {name: knobs.shown(name) for name in ("echo_ms", "sip_bytes")}
knobs.set_text("sip_bytes", "0")
print(json.dumps({
    "shown": shown, "zero": knobs.shown("sip_bytes"), "values": knobs.values(), "label": knob_of("echo_ms").short_label,
    "object_name": knobs.editors["echo_ms"].objectName(), "more": {gap: kind.more for gap, kind in GAP_KINDS.items()},
    "acts": [name for name in ("echo_ms", "nap_bytes", "foam_size", "sip_bytes") if knobs.acts(name)],
    "live": knob_tip(knob_of("echo_ms")), "next": knob_tip(knob_of("nap_bytes")),
}))
""")  # fmt: skip
    assert facts["shown"] == {"echo_ms": "7 ms", "sip_bytes": "3 B"}
    assert (facts["zero"], facts["values"]["sip_bytes"], facts["label"]) == ("gulps", "0", "echo")
    assert facts["object_name"] == "knob_echo_ms"
    assert facts["acts"] == ["echo_ms", "sip_bytes"]
    assert [gap for name in NAMES for gap, more in facts["more"].items() if name in more] == [
        "template", "server", "server", "client",
    ]  # fmt: skip
    assert "at once" in facts["live"]
    assert "next run" in facts["next"]


def test_that_a_row_reaches_the_processes_under_its_own_name(copy: Path) -> None:
    facts = facts_of(copy, """
from pathlib import Path
from tests.sessions import driven
from inspector.capture.recorder_commands import RecordCommand, decode_command, encode_command
from inspector.session import Target
from inspector.session.server_spec import ProxySpec, ServerSpec
from inspector.catalogue import parse_knobs, view_of
values = parse_knobs(view_of("/large.csv"), {"engine": "cheroot", "nap_bytes": "5", "proxy": "nginx"})
target = Target.parse("/large.csv?rows=0&delay_ms=20&echo_ms=9&sip_bytes=4")
line = encode_command(RecordCommand(id="x", url="", client=target.client))
with driven(Path("home")) as driver:
    run = driver.session.record(target)
    driver.until_marks(run, "yield", 4)
    waiting = driver.session.change_knobs(run, {"echo_ms": "50", "sip_bytes": "8"})
    driver.until(lambda: run.recording.refresh() and run.recording.changes)
    changes = [[change.knob, change.before, change.after] for change in run.recording.changes]
    meta, heard = run.recording.meta, [notice.kind for notice in driver.notices]
print(json.dumps({
    "url": target.url("http://x"), "client": decode_command(line).client, "server": ServerSpec.of(values).arguments,
    "proxy": ProxySpec.of(values).arguments, "waiting": waiting, "changes": changes, "knobs": meta.request.knobs,
    "heard": heard,
}))
""")  # fmt: skip
    assert facts["url"] == "http://x/large.csv?rows=0&delay_ms=20&echo_ms=9"
    assert facts["client"]["sip_bytes"] == 4
    assert facts["server"] == ["--engine", "cheroot", "--nap-bytes", "5"]
    assert facts["proxy"] == ["--proxy", "nginx"]
    assert facts["waiting"] == [], "both are live"
    assert facts["changes"] == [["echo_ms", "9", "50"]], (
        "the server takes it; in the recorder nothing acts on the other"
    )
    assert (facts["knobs"]["echo_ms"], facts["knobs"]["sip_bytes"]) == ("9", "4")
    assert not {"live_failed", "recorder_died"} & set(facts["heard"])
