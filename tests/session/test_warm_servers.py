"""Servers are warm before two runs are compared: ours by a short request that nobody sees, those of others never."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest

from inspector.session import Target
from inspector.session.warm_servers import WarmServers, shortest
from tests.raw_server import sending
from tests.sessions import driven
from tests.waiting import wait_until

SLOW = "/large.csv?rows=0&delay_ms=60000&middleware=gzip-flush"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Place:
    """Something that serves routes on a port of its own."""

    def __init__(self, port: int | None) -> None:
        self.address = None if port is None else f"http://127.0.0.1:{port}"
        self.pids = [1]

    def address_of(self, target: Target) -> str | None:
        return self.address

    def pids_of(self, target: Target) -> list[int]:
        return self.pids


def test_that_the_request_is_for_the_same_code_and_over_at_once() -> None:
    target = shortest(Target.parse(SLOW))
    assert target.knobs == {"rows": "1", "delay_ms": "0", "row_bytes": "0", "middleware": "gzip-flush"}
    assert shortest(Target.parse("/stream?name=Jo&delay_ms=900")).knobs == {"name": "Jo", "delay_ms": "0"}


def test_that_a_server_is_asked_once_and_again_when_it_is_another_one() -> None:
    target, another = Target.parse("/large.csv?rows=3"), Target.parse("/large.csv?rows=9&middleware=gzip")
    with sending(RESPONSE, connections=3) as port:  # fewer requests, and this waits in vain; more are refused
        place = Place(port)
        warmth = WarmServers(place)
        wait_until(lambda: warmth.are_warm([target, Target.parse("/large.csv?rows=7")]), "the first answer")
        wait_until(lambda: warmth.are_warm([another]), "that of another middleware")
        place.pids = [2]
        wait_until(lambda: warmth.are_warm([target]), "the answer of the process that took its place")


def test_that_a_url_is_never_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        assert WarmServers(Place(None)).are_warm([Target.parse(url)])
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_that_a_server_that_never_answers_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.session.warm_servers.LONGEST_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        warmth = WarmServers(Place(listener.getsockname()[1]))
        assert not warmth.are_warm([Target.parse("/large.csv")])
        wait_until(lambda: warmth.are_warm([Target.parse("/large.csv")]), "giving up")


def test_that_a_port_where_nobody_is_counts_as_warm() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        assert WarmServers(Place(unused.getsockname()[1])).are_warm([Target.parse("/large.csv")])


def test_that_an_answer_for_which_nobody_waits_any_more_is_let_go() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        warmth = WarmServers(Place(listener.getsockname()[1]))
        assert not warmth.are_warm([Target.parse("/large.csv")])
        connection, _ = listener.accept()
        with connection:
            warmth.poll()
            assert not warmth.is_at_rest
            connection.sendall(RESPONSE)

        def rests() -> bool:
            warmth.poll()
            return warmth.is_at_rest

        wait_until(rests, "the end of the connection")


def test_that_a_request_under_way_is_let_go_at_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        warmth = WarmServers(Place(listener.getsockname()[1]))
        warmth.are_warm([Target.parse("/large.csv")])
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            assert connection.recv(4_096).startswith(b"GET /large.csv")
            warmth.close()
            assert connection.recv(4_096) == b""


def test_that_both_sides_of_a_pair_have_answered_before_they_are_recorded(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        runs = driver.session.record_pair(Target.parse("/large.csv?rows=2"), Target.parse("/timeline?rows=2"))
        for run in runs:
            assert driver.until_ended(run).kind == "complete"
            assert driver.session._warm_servers.are_warm([run.target])
            run.recording.close()
