"""Who must not get in: pages of other sites, foreign names behind a proxy, requests that would fill memory or disk,
and strangers on the control channel.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import psutil
import pytest

from inspector.catalogue import MIDDLEWARES, VIEWS, BadKnob, parse_knobs, view_of
from inspector.catalogue.knob_values import LONGEST_PLAIN_ROW_BYTES
from inspector.catalogue.views import MOST_HELD_BYTES
from inspector.session import Target, control_client
from inspector.session.control_client import ControlClient
from inspector.session.nginx_configuration import PROXY_PORT_HEADER
from server import control_channel, validation
from server.control_channel import MOST_STRANGERS, ControlChannel
from server.running_streams import RunningStream, RunningStreams
from tests.needs import needs
from tests.served import Served, serving
from tests.sessions import driven
from tests.waiting import DEADLINE_S

OTHER_SITES = [
    "Origin: http://evil.example", "Origin: null", "Origin: ", "Origin: https://127.0.0.1:{port}",
    "Origin: http://127.0.0.1", "Origin: http://127.0.0.1.evil.example:{port}", "Origin: http://127.0.0.1:{port}@evil",
    "Origin: file://", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: Cross-Site",
    "Origin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site",
    "Origin: http://evil.example\r\nSec-Fetch-Site: same-origin",
]  # fmt: skip
OWN_PAGES = [
    "", "Origin: http://127.0.0.1:{port}", "Origin: http://localhost:{port}", "Sec-Fetch-Site: none",
    "Sec-Fetch-Site: same-origin", "Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin",
]  # fmt: skip


def fields_of(text: str, port: int) -> str:
    return f"{text.format(port=port)}\r\n" if text else ""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as one:
        yield one


@pytest.mark.parametrize("fields", OTHER_SITES)
def test_that_a_page_of_another_site_gets_a_403_and_starts_nothing(served: Served, fields: str) -> None:
    for path in ("/large.csv?rows=1", "/", "/nowhere", "/large.csv?rows=x"):
        with served.get(path, fields=fields_of(fields, served.port)) as wire:
            assert wire.status == 403
            assert wire.text() == (
                "This request comes from a page of another site, so it is refused. Type or paste the address instead.\n"
            )


@pytest.mark.parametrize("fields", OWN_PAGES)
def test_that_its_own_pages_and_typed_addresses_are_served(served: Served, fields: str) -> None:
    with served.get("/large.csv?rows=1", fields=fields_of(fields, served.port)) as wire:
        assert wire.status == 200


def test_that_the_name_of_the_proxys_header_is_the_same_on_both_sides(served: Served) -> None:
    assert validation.PROXY_PORT_HEADER == PROXY_PORT_HEADER
    for host, status in (("127.0.0.1:77", 200), ("evil.example:77", 421), ("127.0.0.1:78", 421)):
        with served.get("/large.csv?rows=1", host=host, fields=f"{PROXY_PORT_HEADER}: 77\r\n") as wire:
            assert wire.status == status


@needs("nginx")
def test_that_a_foreign_name_and_another_site_are_refused_behind_nginx_too(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with driven(tmp_path) as driver:
        target = Target.parse("/stream?proxy=nginx&delay_ms=0&name=x")
        run = driver.session.record(target)
        driver.until_ended(run)
        run.recording.close()
        port = urlsplit(str(driver.session.address_of(target))).port
        assert port is not None

        def status_of(**headers: str) -> int:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
            try:
                connection.putrequest("GET", "/stream?name=x&delay_ms=0", skip_host=True)
                for name, value in headers.items():
                    connection.putheader(name.replace("_", "-"), value)
                connection.endheaders()
                return connection.getresponse().status
            finally:
                connection.close()

        for own in (f"127.0.0.1:{port}", f"localhost:{port}"):
            assert status_of(Host=own) == 200
            assert status_of(Host=own, Origin=f"http://{own}") == 200
            assert status_of(Host=own, Origin="http://evil.example") == 403
            assert status_of(Host=own, Sec_Fetch_Site="cross-site") == 403
        for foreign in ("evil.example", f"evil.example:{port}", "127.0.0.1:1", "localhost.evil.example", ""):
            assert status_of(Host=foreign) in (400, 421), foreign
        assert status_of(Host=f"evil.example:{port}", Streaming_Inspector_Proxy_Port=str(port)) == 421


# Memory and disk.

COLLECTING = [f"middleware={row.name}" for row in MIDDLEWARES if row.collects]
TOO_MUCH = [
    *(f"/large.csv?{query}&rows={rows}" for query in COLLECTING for rows in ("0", "1500&row_bytes=1048576")),
    "/large.csv?rows=10000000&middleware=gzip-flush,join",
    "/timeline?rows=0&template=macro",
    "/timeline?rows=300000&template=macro",
    "/my-large-page.html?rows=300000&middleware=join",
    "/timeline?rows=1500&row_bytes=1048576&template=async",
    "/in-memory.csv?rows=0",
    "/in-memory.csv?rows=1500&row_bytes=1048576",
    "/through-a-file.csv?rows=1500&row_bytes=1048576",
    "/large.csv?rows=0&row_bytes=1048576&rows_per_yield=100000",
    "/timeline?rows=0&row_bytes=1048576&template_buffer=100000",
    "/my-large-page.html?rows=1500&row_bytes=1048576&template_buffer=100000",
]


@pytest.mark.parametrize("path", TOO_MUCH)
def test_that_a_request_for_more_than_one_response_may_hold_is_a_400_with_the_numbers(
    served: Served, path: str
) -> None:
    before_bytes = psutil.Process().memory_info().rss
    with served.get(path) as wire:
        sentence = wire.text()
        assert wire.status == 400
    assert " is refused: " in sentence
    assert any(character.isdigit() for character in sentence.partition(": ")[2])
    assert psutil.Process().memory_info().rss - before_bytes < MOST_HELD_BYTES / 4


def test_that_every_middleware_that_waits_for_the_whole_body_is_bounded() -> None:
    csv = view_of("/large.csv")
    assert csv is not None
    assert {row.name for row in MIDDLEWARES if row.collects} == {
        "join", "get_data", "etag", "profiler", "content_length",
    }  # fmt: skip
    most = MOST_HELD_BYTES // LONGEST_PLAIN_ROW_BYTES
    for query in COLLECTING:
        texts = dict([query.split("=")])
        parse_knobs(csv, texts | {"rows": str(most)})
        with pytest.raises(BadKnob, match=f"rows={most + 1} is refused: the middleware .* 1 to {most} rows"):
            parse_knobs(csv, texts | {"rows": str(most + 1)})


@pytest.mark.parametrize("view", VIEWS, ids=[view.route for view in VIEWS])
def test_that_a_buffer_of_items_is_bounded_in_bytes(view) -> None:  # type: ignore[no-untyped-def]
    for name in {"rows_per_yield", "template_buffer"} & set(view.knobs) if "rows" in view.knobs else ():
        parse_knobs(view, {name: "100000", "rows": "0"})
        parse_knobs(view, {name: "128", "row_bytes": "1048576", "rows": "0"})
        with pytest.raises(BadKnob, match=f"{name}=129 is refused: with row_bytes=1048576 .* Take 128 or fewer"):
            parse_knobs(view, {name: "129", "row_bytes": "1048576", "rows": "0"})


def test_that_a_running_stream_can_not_be_turned_beyond_what_may_be_held() -> None:
    csv = view_of("/large.csv")
    assert csv is not None
    turned = RunningStream(parse_knobs(csv, {"rows": "0", "rows_per_yield": "1000"}), csv)
    with pytest.raises(BadKnob, match="rows_per_yield=1000 is refused"):
        turned.apply({"row_bytes": "1048576"})
    assert turned.values["row_bytes"] == 0


# The control channel.


@pytest.fixture
def channel() -> Iterator[ControlChannel]:
    made = ControlChannel("the token")
    made.serve(RunningStreams())
    yield made
    made.close()


def connected(made: ControlChannel) -> socket.socket:
    return socket.create_connection(("127.0.0.1", made.port), timeout=DEADLINE_S)


def ask(connection: socket.socket, token: str) -> bytes:
    line = json.dumps({"token": token, "id": "x", "knobs": {"delay_ms": "1"}}).encode() + b"\n"
    connection.sendall(line)
    return connection.recv(4096)


def test_that_idle_strangers_keep_nobody_from_turning(channel: ControlChannel) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(connected(channel)) for _ in range(4 * MOST_STRANGERS)]
        window = stack.enter_context(connected(channel))
        assert json.loads(ask(window, "the token"))["ok"] is False
        # The oldest had to go; the window stays however many come.
        assert idle[0].recv(1) == b""
        for _ in range(2 * MOST_STRANGERS):
            stack.enter_context(connected(channel))
        assert json.loads(ask(window, "the token"))["ok"] is False


def test_that_several_lines_at_once_are_answered_each(channel: ControlChannel) -> None:
    with connected(channel) as window:
        line = json.dumps({"token": "the token", "id": "x", "left": True}).encode() + b"\n"
        window.sendall(line * 3)
        with window.makefile("rb") as replies:
            assert [json.loads(replies.readline()) for _ in range(3)] == [{"ok": True}] * 3


def test_that_a_token_line_that_takes_too_long_is_cut_off(
    channel: ControlChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_channel, "TOKEN_WITHIN_S", 0.05)
    with connected(channel) as slow:
        slow.sendall(b'{"token": ')
        assert slow.recv(1) == b""


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"GET / HTTP/1.1\r\n", b'{"token": "wrong"}\n', b"[" * 60_000 + b"\n", b"\xff\n"]
)
def test_that_what_has_no_token_is_closed_without_a_word(channel: ControlChannel, line: bytes) -> None:
    with connected(channel) as stranger:
        stranger.sendall(line or b"{}\n")
        try:
            assert stranger.recv(1) == b""
        except ConnectionResetError:
            return  # closed with something left to read


def test_that_a_server_that_never_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_client, "ANSWER_WITHIN_S", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        window = ControlClient("the token")
        window.send_knobs(silent.getsockname()[1], "x", {"delay_ms": "1"})
        said: list[str] = []
        while not said:
            said = window.poll()
        window.close()
    assert said[0].startswith("The running stream can't be changed: its server does not answer (")
