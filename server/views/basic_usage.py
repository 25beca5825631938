"""Flask's "Basic Usage": an inner generator over ``iter_all_rows()``, in today's form and in the older one.

https://flask.palletsprojects.com/en/stable/patterns/streaming/#basic-usage
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response

from server.buffering_views import CsvAnswer, rows_joined

from ..rows import rows_asked_for

section = Blueprint("basic_usage", __name__)


@section.route("/large.csv")
@rows_joined
def generate_large_csv() -> CsvAnswer:
    """Each yield expression is directly sent to the browser."""
    iter_all_rows = rows_asked_for()

    def generate() -> Iterator[str]:
        for row in iter_all_rows():
            yield f"{','.join(row)}\n"

    return generate(), {"Content-Type": "text/csv"}


@section.route("/classic/large.csv")
@rows_joined
def generate_large_csv_classic() -> CsvAnswer:
    """The same with a Response object, as documented before Flask 2.2."""
    iter_all_rows = rows_asked_for()

    def generate() -> Iterator[str]:
        for row in iter_all_rows():
            yield ",".join(row) + "\n"

    return Response(generate(), mimetype="text/csv")
