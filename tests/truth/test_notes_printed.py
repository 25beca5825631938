"""What was odd about a response is told to whoever reads a table or an object, not only to who opens the recording."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import report_of, run_cli
from tests.raw_server import sending

BOTH = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"


def test_that_a_note_is_printed_and_in_the_object(tmp_path: Path) -> None:
    with sending(BOTH, connections=2) as port:
        table = run_cli(tmp_path, "record", f":{port}/x")
        report = report_of(run_cli(tmp_path, "record", f":{port}/x", "--json"))
    (note,) = report["notes"]
    assert "Content-Length" in note
    assert f"note: {note}" in table.stderr.decode().splitlines()


def test_that_a_response_without_oddities_has_no_note(tmp_path: Path) -> None:
    with sending(PLAIN, connections=2) as port:
        table = run_cli(tmp_path, "record", f":{port}/x")
        report = report_of(run_cli(tmp_path, "record", f":{port}/x", "--json"))
    assert report["notes"] == []
    assert b"note: " not in table.stderr
