"""Database rows, read lazily through a cursor of a real SQLite database, any number of them, at the requested pace.

This is ``iter_all_rows()`` of Flask's page. The database lives in memory and its rows come from a recursive query, so
there is nothing to set up and nothing is held: each fetch makes the next rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from typing import NamedTuple

from flask import Response, after_this_request

from inspector.catalogue import KnobValues

from .request_context import ClientLeft, ServerStopping, Waiting, current_waiting
from .running_streams import Pauses, RunningStream, current_stream

_NAMES = (
    "Ada Lovelace", "Zoë Fischer", "Li Wei", "Søren Holm", "Maria Rossi", "Jack O'Neill", "Łukasz & Synowie",
    "Amara Okafor", "Ines Duarte", "Kenji Sato", "Fatima Haddad", "Tom Becker", "Renée Dubois",
)  # fmt: skip
_CITIES = ("Lisboa", "Kraków", "Osaka", "Nairobi", "Zürich", "Quito", "Cork", "Tromsø", "Pune", "Reykjavík", "Lyon")
_STATES = ("paid", "paid", "paid", "open", "paid", "due")

_SCHEMA = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE state (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
"""
_QUERY = f"""
WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter LIMIT ?)
SELECT CAST(n AS TEXT), person.name, city.name, printf('%.2f', (n * 7919 % 100003) / 100.0), state.name
FROM counter
CROSS JOIN person ON person.id = n * 5 % {len(_NAMES)}
CROSS JOIN city ON city.id = n * 7 % {len(_CITIES)}
CROSS JOIN state ON state.id = n % {len(_STATES)}
"""


Fields = tuple[str, str, str, str, str]


class Row(NamedTuple):
    """One row of the database, all text, without commas, so that ``",".join(row)`` is a line of CSV."""

    id: str
    name: str
    city: str
    amount: str
    state: str


def iter_all_rows(live: RunningStream, waiting: Waiting) -> Generator[Row, None, None]:
    """Yield the rows that the knobs ask for, each made when it is asked for, and close the database at the end.

    Thread: whichever iterates. Raises `ServerStopping` when the server stops, `ClientLeft` once nobody reads.
    """
    with closing(_database()) as database, closing(database.cursor()) as cursor:
        cursor.execute(_QUERY, (live.values.whole("rows") or -1,))
        values, row_of = live.values, _row_maker(live.values)
        is_stopping = waiting.stop.is_set
        for fields in _fetched(cursor, live, waiting):
            if is_stopping():
                raise ServerStopping
            if live.client_left:
                raise ClientLeft
            if live.values is not values:
                values, row_of = live.values, _row_maker(live.values)
            yield row_of(fields)


def _fetched(cursor: sqlite3.Cursor, live: RunningStream, waiting: Waiting) -> Iterator[Fields]:
    """Yield the rows of each fetch. The pauses of its rows are spent before it, as a slow database would."""
    pauses, total, done = Pauses(live), live.values.whole("rows"), 0
    while True:
        values = live.values
        if values.number("delay_ms"):
            wanted = min(values.whole("fetch_rows"), total - done) if total else values.whole("fetch_rows")
            # The first row comes without a pause.
            waiting.pause_while(pauses.draw(wanted if done else wanted - 1), live.turned)
            fetched = cursor.fetchmany(wanted) if wanted else []
            yield from fetched
            done += len(fetched)
            if not fetched:
                return
            continue
        # Without pauses nobody can see single fetches, and a cursor gives single rows faster.
        for fields in cursor:
            yield fields
            if live.values is not values:
                done = int(fields[0])
                break
        else:
            return


def rows_asked_for() -> Callable[[], Generator[Row, None, None]]:
    """Return ``iter_all_rows`` of Flask's page, which takes nothing: bound to the knobs of the active request.

    Its databases are closed at the latest when the response is, also where the response's iterable has no ``close()``
    (as Jinja2's `TemplateStream`). Raises ``RuntimeError`` outside of a request.
    """
    live, waiting = current_stream(), current_waiting()
    opened: list[Generator[Row, None, None]] = []

    def bound() -> Generator[Row, None, None]:
        rows = iter_all_rows(live, waiting)
        opened.append(rows)
        return rows

    def close_all() -> None:
        for rows in opened:
            rows.close()

    @after_this_request
    def closes_with_response(response: Response) -> Response:
        response.call_on_close(close_all)
        return response

    return bound


def _database() -> sqlite3.Connection:
    # A stream that was abandoned may be finalised by another thread, which has to be able to close it.
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript(_SCHEMA)
    for table, names in (("person", _NAMES), ("city", _CITIES), ("state", _STATES)):
        database.executemany(f"INSERT INTO {table} VALUES (?, ?)", enumerate(names))
    return database


def _row_maker(values: KnobValues) -> Callable[[Fields], Row]:
    return partial(_padded, row_bytes=values.whole("row_bytes")) if values.whole("row_bytes") else Row._make


def _padded(fields: Fields, row_bytes: int) -> Row:
    """Return a row, padded so that its line of CSV, newline included, measures ``row_bytes`` at least."""
    *others, state = fields
    missing_bytes = row_bytes - len(",".join(fields).encode()) - 1
    return Row._make((*others, state + "." * missing_bytes))
