"""One request by httpx and its response head, with the connection handed over for the body.

Between a command (`recorder`) and the body (`body`). httpx does URL, headers and TLS; httpcore and h11 send the request
and read the head; the body is never asked of them, since they lose chunk boundaries, extensions and trailers.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import httpcore
import httpx
from typing_extensions import override

from inspector import __version__
from inspector.recording.folder import RECORDING_HEADER
from inspector.recording.meta import EndingKind

from .command import RecordCommand
from .head import RawHead, find_head
from .interrupt import Interrupt
from .network import ConnectFailed, Network, StampedStream
from .reading import Reading
from .receive import Received
from .resolve import is_loopback

CONNECT_TIMEOUT_SECONDS = 10.0
_USER_AGENT = f"streaming-inspector/{__version__}"


class ExchangeFailed(Exception):
    """No head that can be used: how it ended, and the head as far as it could be read."""

    def __init__(self, kind: EndingKind, text: str) -> None:
        super().__init__(text)
        self.kind: EndingKind = kind
        self.text = text


@dataclass(frozen=True, slots=True)
class Head:
    """A response head. ``first`` is the read that completed it, with the body octets it brought, None for none."""

    raw: RawHead
    t_ns: int
    first: tuple[Received, bytes] | None


class Exchange:
    """One request and the connection it goes over. A context manager that closes the connection."""

    def __init__(self, command: RecordCommand, interrupt: Interrupt) -> None:
        """Prepare the request. Raises `ExchangeFailed` for a URL or a header that can't be sent."""
        self._interrupt = interrupt
        self._network = Network(interrupt, Reading.of(command))
        self._closing = contextlib.ExitStack()
        url = _checked_url(command.url)
        defaults = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": _USER_AGENT}
        if is_loopback(url.host):
            defaults[RECORDING_HEADER] = command.id
        ssl_context = httpx.create_ssl_context() if url.scheme == "https" else None
        pool = httpcore.ConnectionPool(ssl_context=ssl_context, network_backend=self._network)
        timeout = httpx.Timeout(None, connect=CONNECT_TIMEOUT_SECONDS)
        self._client = httpx.Client(transport=_Transport(pool), headers=defaults, timeout=timeout, trust_env=False)
        self._closing.enter_context(self._client)
        try:
            self._request = self._client.build_request(command.method, url, headers=command.headers)
        except (TypeError, ValueError) as error:
            self._closing.close()
            raise ExchangeFailed("protocol_error", f"The request can't be sent: {error}.") from error

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()
        for stream in self._network.streams:
            stream.close()

    @property
    def request_headers(self) -> list[tuple[str, str]]:
        """The request's headers as sent."""
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._request.headers.raw]

    @property
    def stream(self) -> StampedStream | None:
        """The connection, None while there is none."""
        return self._network.stream

    @property
    def sent_t_ns(self) -> int:
        """Monotonic time of the sending, 0 until then."""
        return self.stream.sent_t_ns if self.stream else 0

    def send(self) -> Head:
        """Send the request and wait for the head. Raises `ExchangeFailed`."""
        try:
            response = self._client.send(self._request, stream=True)
        except ConnectFailed as error:
            raise ExchangeFailed(error.kind, error.text) from error
        except httpcore.LocalProtocolError as error:
            raise ExchangeFailed("protocol_error", f"The request can't be sent: {error}.") from error
        except (httpcore.RemoteProtocolError, httpcore.NetworkError) as error:
            raise self._failed_head(error) from error
        self._closing.callback(response.close)
        head = self.head()
        if head is None:
            raise ExchangeFailed("protocol_error", "The response head has no end.")
        return head

    def head(self) -> Head | None:
        """Return the head in what was read so far, also where h11 refused it; None if it is not whole."""
        reads = self.stream.reads if self.stream else []
        raw = find_head(b"".join(data for _, data in reads))
        if raw is None:
            return None
        start = 0
        for received, data in reads:
            if start + len(data) >= raw.end:
                rest = data[raw.end - start :]
                first = (received._replace(size_bytes=len(rest)), rest) if rest else None
                return Head(raw, received.t_ns, first)
            start += len(data)
        raise AssertionError("a head can't end behind what was read")

    def _failed_head(self, error: Exception) -> ExchangeFailed:
        """Tell how a connection ended before a usable head."""
        reads = self.stream.reads if self.stream else []
        size = sum(len(data) for _, data in reads)
        if isinstance(error, httpcore.NetworkError):
            text = f"The connection broke before the response head was whole, after {size} bytes ({error})."
            return ExchangeFailed("cut_short", text)
        if reads and not reads[-1][1] and find_head(b"".join(data for _, data in reads)) is None:
            text = f"The server closed the connection before the response head was whole, after {size} bytes."
            return ExchangeFailed("cut_short", text)
        return ExchangeFailed("protocol_error", f"The response head breaks HTTP/1.1: {error}.")


class _Transport(httpx.BaseTransport):
    """httpx over a pool of ours: the public way to give it a network backend."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        assert isinstance(request.stream, httpx.SyncByteStream)
        response = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Unread(response), extensions=response.extensions
        )

    @override
    def close(self) -> None:
        self._pool.close()


class _Unread(httpx.SyncByteStream):
    """The body that nobody reads through httpx; closing it closes the connection."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    @override
    def close(self) -> None:
        self._response.close()


def _checked_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ExchangeFailed("refused", f"{text!r} is not a URL: {error}.") from error
    # Name resolution takes a port modulo 65536.
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > 65_535:
        raise ExchangeFailed(
            "refused", f"{text!r} is not a URL that can be recorded: give http://HOST/ or https://HOST/."
        )
    return url
