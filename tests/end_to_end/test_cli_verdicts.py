"""``record`` of a run that its knobs shape: the verdict as a sentence and as data, and what can't be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.analysis.diagnosis.finding import KIND_WORDS
from tests.command_line import report_of, run_cli
from tests.needs import needs

ROWS = "/large.csv?rows=15&delay_ms=20"


def last_line(errors: bytes) -> str:
    return errors.decode().splitlines()[-1]


@needs("waitress")
def test_that_the_object_has_the_verdict_and_the_statistics_of_the_run(tmp_path: Path) -> None:
    knobs = ("-k", "engine=waitress", "-k", "send_bytes=18000", "-k", "middleware=lint,gzip-flush")
    result = run_cli(tmp_path, "record", ROWS, *knobs, "--json")
    report = report_of(result)
    verdict, statistics = report["verdict"], report["statistics"]
    assert (verdict["kind"], verdict["layer"]) == ("held", "server")
    assert "waitress" in verdict["culprit"]
    assert verdict.keys() >= {"figure", "advice", "evidence", "cure"}
    assert verdict["sentence"] == last_line(result.stderr)
    assert verdict["evidence"]["numbers"]["items_in"] == statistics["layers"]["write"]["count"]
    assert list(statistics["gaps"])[:4] == ["template", "middleware.1", "middleware.2", "server"]
    assert report["request"]["knobs"]["engine"] == "waitress"
    assert "engine" not in report["request"]["url"]


@needs("nginx")
def test_that_the_table_ends_with_the_verdict_behind_a_proxy_too(tmp_path: Path) -> None:
    result = run_cli(tmp_path, "record", f"{ROWS}&proxy=nginx")
    assert result.returncode == 0
    assert last_line(result.stderr).startswith("Held until the end by nginx")
    assert len(result.stdout.splitlines()) == 2


def test_that_a_healthy_stream_ends_with_that_word(tmp_path: Path) -> None:
    result = run_cli(tmp_path, "record", ROWS)
    assert last_line(result.stderr).startswith(f"{KIND_WORDS['streams']}. ")


@pytest.mark.parametrize(
    ("knob", "words"),
    [("engine=apache", "engine takes one of werkzeug,"), ("proxy=squid", "proxy takes one of none, nginx")],
)
def test_that_a_part_that_there_is_not_is_wrong_usage(tmp_path: Path, knob: str, words: str) -> None:
    result = run_cli(tmp_path, "record", ROWS, "-k", knob)
    assert result.returncode == 2
    assert words in result.stderr.decode()
    assert not (tmp_path / "recordings").exists()
