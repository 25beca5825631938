"""Every example of the page about taps is run as it stands, and records what it says."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from inspector.recording.layers import track_file_name
from inspector.recording.tap_log import TAPS_NAME
from tests.command_line import report_of, run_cli
from tests.fresh_python import ROOT
from tests.tapping import Recorded, environ_of, exchange, new_recording

PAGE = (ROOT / "inspector" / "tap" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SAID = re.compile(r"# Recorded: (.*)\.\n")
ROUTE = "/numbers"


def app_of(example: str) -> Any:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(example, "README.md", "exec"), names)
    return names["app"]


def counts_said(example: str) -> dict[str, int]:
    found = SAID.search(example)
    assert found is not None
    pairs = [text.split(" ") for text in found[1].split(", ")]
    return {name if "." in name else name.removesuffix("s"): int(count) for count, name in pairs}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STREAMING_INSPECTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_that_an_example_records_what_it_says(example: str, home: Path) -> None:
    spool = home / "recordings"
    recording_id = new_recording(spool)
    seen = exchange(app_of(example), environ_of(recording_id, ROUTE))
    assert seen.content == b"".join(b"%d\n" % number for number in range(10))
    recorded = Recorded(spool / recording_id)
    marked = {layer: len(recorded.times_ns(layer)) for layer in counts_said(example)}
    assert marked == counts_said(example)
    assert {path.name for path in (spool / recording_id).glob("*.marks")} == {track_file_name(name) for name in marked}


def test_that_the_names_of_buffers_and_middlewares_are_recorded(home: Path) -> None:
    told = []
    for example in EXAMPLES:
        recording_id = new_recording(home / "recordings")
        exchange(app_of(example), environ_of(recording_id, ROUTE))
        lines = (home / "recordings" / recording_id / TAPS_NAME).read_text(encoding="utf-8").splitlines()
        told += [json.loads(line) for line in lines]
    assert ["rows_per_yield:4"] in [row.get("buffers") for row in told]
    assert {"in_pairs", "joined"} <= {row.get("name") for row in told}


def test_that_the_command_of_the_page_records_the_parts_of_an_app(home: Path) -> None:
    command = re.search(r"^    streaming-inspector (record http\S+)$", PAGE, re.MULTILINE)
    assert command is not None
    server = make_server("127.0.0.1", 0, app_of(EXAMPLES[0]), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        words = command[1].replace(":5000", f":{server.server_port}").split()
        report = report_of(run_cli(home, *words, "--json"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    layers = report["layers"]
    assert {name: len(layers[name]["marks"]) for name in ("part", "yield", "write")} == counts_said(EXAMPLES[0])
