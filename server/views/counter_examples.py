"""What Flask's page advises against: the whole body in memory, and the roundtrip to the filesystem.

Both make the same rows as ``/large.csv`` and hand on nothing until the last row is there. `parts` marks the rows where
they are made, which no tap could see from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile

from flask import Blueprint, Response, request, send_file

from inspector.tap import name_buffer, parts

from ..rows import rows_asked_for

section = Blueprint("counter_examples", __name__)


@section.route("/in-memory.csv")
def large_csv_in_memory() -> tuple[str, dict[str, str]]:
    """Needs memory for the whole body, and the first byte waits for the last row."""
    iter_all_rows = rows_asked_for()

    def generate() -> Iterator[str]:
        for row in iter_all_rows():
            yield f"{','.join(row)}\n"

    name_buffer(request.environ, "join")
    return "".join(parts(generate())), {"Content-Type": "text/csv"}


@section.route("/through-a-file.csv")
def large_csv_through_a_file() -> Response:
    """Needs no memory, but a disk, and the first byte still waits for the last row.

    The file has no name where the system allows it, so nothing is left behind, however the request or the process ends.
    """
    iter_all_rows = rows_asked_for()

    def generate() -> Iterator[str]:
        for row in iter_all_rows():
            yield f"{','.join(row)}\n"

    name_buffer(request.environ, "file")
    file = TemporaryFile()  # noqa: SIM115  # closed with the response
    try:
        for line in parts(generate()):
            file.write(line.encode())
        size_bytes = file.tell()
        file.seek(0)
        response = send_file(file, mimetype="text/csv", conditional=False)
    except BaseException:
        file.close()
        raise
    # A response that is passed through to the server would never be closed, only its file.
    response.direct_passthrough = False
    response.content_length = size_bytes
    response.call_on_close(file.close)
    return response
