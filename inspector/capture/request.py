"""Sends one request and reads its response head, then hands the connection over for the body.

Between a command (`recorder`) and the body (`body_reader`). httpx understands the URL and the headers; `response_head`
reads the head and `framing` frames the body: no library that reads bodies keeps chunk boundaries, extensions and
trailers.
"""

from __future__ import annotations

import re
import select
import ssl
from dataclasses import dataclass

import httpx

from inspector import __version__
from inspector.recording.folder import RECORDING_HEADER
from inspector.recording.meta import EndingKind
from inspector.recording.redaction import REDACTED
from inspector.recording.url_credentials import without_userinfo

from .cancellation import Cancellation
from .connection import ConnectFailed, Connection, Connector
from .name_resolution import is_loopback
from .read_throttle import ReadSettings
from .recorder_commands import RecordCommand
from .response_head import BadHead, HeadReader, RawHead
from .socket_receiver import Received
from .tls import secured, trusting_context

CONNECT_TIMEOUT_SECONDS = 10.0
_USER_AGENT = f"streaming-inspector/{__version__}"
_READ_BYTES = 65_536
#: So long the rest of an answer that isn't HTTP is waited for, to say how it begins.
_FOREIGN_REST_S = 0.5
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NO_VALUE = re.compile(rb"[\0\r\n]")


class RequestFailed(Exception):
    """No head that can be used: how it ended, and the head as far as it could be read."""

    def __init__(self, kind: EndingKind, text: str, head: ReceivedHead | None = None) -> None:
        super().__init__(text)
        self.kind: EndingKind = kind
        self.text = text
        self.head = head


@dataclass(frozen=True, slots=True)
class ReceivedHead:
    """A response head. ``first`` is the read that completed it, with the body octets it brought, None for none."""

    raw: RawHead
    t_ns: int
    first: tuple[Received, bytes] | None


class Request:
    """One request and the connection it goes over. A context manager that closes the connection."""

    def __init__(self, command: RecordCommand, cancellation: Cancellation) -> None:
        """Prepare the request. Raises `RequestFailed` for a URL or a header that can't be sent."""
        self._cancellation = cancellation
        self._read_settings = ReadSettings.of(command)
        self._url = _checked_url(command.url)
        self._host = self._url.raw_host.decode("ascii")
        self._is_authorised = bool(command.authorization)
        try:
            self._headers = self._headers_of(command)
            self._request = _encoded(command.method.upper(), self._url, self._headers)
        except UnicodeError as error:
            text = "The request can't be sent: method and headers take ASCII characters only."
            raise RequestFailed("protocol_error", text) from error
        except (TypeError, ValueError) as error:
            raise RequestFailed("protocol_error", f"The request can't be sent: {error}.") from error
        self.connection: Connection | None = None

    def __enter__(self) -> Request:
        return self

    def __exit__(self, *_: object) -> None:
        if self.connection is not None:
            self.connection.close()

    @property
    def request_headers(self) -> list[tuple[str, str]]:
        """The request's headers as sent, but for a password that came with the URL."""
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._headers.raw]
        hidden = "authorization" if self._is_authorised else None
        return [(name, REDACTED if name.lower() == hidden else value) for name, value in pairs]

    @property
    def sent_t_ns(self) -> int:
        """Monotonic time of the sending, 0 until then."""
        return self.connection.sent_t_ns if self.connection else 0

    def send(self) -> ReceivedHead:
        """Connect, send the request and wait for the head. Raises `RequestFailed`."""
        try:
            connection = self.connection = self._connect()
        except ConnectFailed as error:
            raise RequestFailed(error.kind, error.text) from error
        reader = HeadReader()
        try:
            connection.send(self._request)
            return self._receive(connection, reader)
        except OSError as error:
            what = _broken(error)
            text = f"{what} before the response head was whole, after {reader.size_bytes} bytes."
            raise RequestFailed("cut_short", text) from error

    def _connect(self) -> Connection:
        is_secure = self._url.scheme == "https"
        context = trusting_context() if is_secure else None
        port = self._url.port or (443 if is_secure else 80)
        sock = Connector(self._cancellation, self._read_settings).connect(self._host, port, CONNECT_TIMEOUT_SECONDS)
        if context is not None:
            sock = secured(sock, context, self._host, self._cancellation, CONNECT_TIMEOUT_SECONDS)
        return Connection(sock, self._cancellation)

    def _receive(self, connection: Connection, reader: HeadReader) -> ReceivedHead:
        buffer = memoryview(bytearray(self._read_settings.at_most(_READ_BYTES)))
        while True:
            received = connection.receiver.receive(buffer)
            if not received.size_bytes:
                raise self._closed(reader)
            try:
                raw = reader.feed(bytes(buffer[: received.size_bytes]))
            except BadHead as error:
                head = ReceivedHead(error.head, received.t_ns, None) if error.head else None
                raise RequestFailed(error.kind, error.text, head) from error
            if raw is not None:
                rest = reader.rest
                first = (received._replace(size_bytes=len(rest)), rest) if rest else None
                return ReceivedHead(raw, received.t_ns, first)
            if reader.is_foreign and not self._more_comes(connection):
                error_ = reader.not_http()
                raise RequestFailed(error_.kind, error_.text)

    def _more_comes(self, connection: Connection) -> bool:
        ready, _, _ = select.select([connection.sock, self._cancellation.wake], [], [], _FOREIGN_REST_S)
        return connection.sock in ready

    @staticmethod
    def _closed(reader: HeadReader) -> RequestFailed:
        if reader.is_foreign:
            bad = reader.not_http()
            return RequestFailed(bad.kind, bad.text)
        text = f"The server closed the connection before the response head was whole, after {reader.size_bytes} bytes."
        return RequestFailed("cut_short", text)

    def _headers_of(self, command: RecordCommand) -> httpx.Headers:
        headers = httpx.Headers(
            {"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "keep-alive", "User-Agent": _USER_AGENT}
        )
        if is_loopback(self._host):
            headers[RECORDING_HEADER] = command.id
        if command.authorization:
            headers["Authorization"] = command.authorization
        headers.update(command.headers)
        if command.method.upper() in ("POST", "PUT", "PATCH"):
            headers.setdefault("Content-Length", "0")
        host = [] if "Host" in headers else [(b"Host", self._url.netloc)]
        return httpx.Headers([*host, *headers.raw])


def _encoded(method: str, url: httpx.URL, headers: httpx.Headers) -> bytes:
    """Return the octets of the request (RFC 9112 sections 3 and 5). Raises ``ValueError`` for what can't be sent."""
    if not _TOKEN.fullmatch(method.encode("ascii")):
        raise ValueError(f"{method!r} is not a method")
    lines = [b"%s %s HTTP/1.1" % (method.encode(), url.raw_path or b"/")]
    for name, value in headers.raw:
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"{name.decode('latin-1')!r} can't be the name of a header")
        if _NO_VALUE.search(value):
            raise ValueError(f"the value of {name.decode()} has a line break or a zero byte in it")
        lines.append(name + b": " + value.strip(b" \t"))
    return b"\r\n".join([*lines, b"", b""])


def _broken(error: OSError) -> str:
    if isinstance(error, ssl.SSLEOFError):
        return "The server closed the connection without TLS's closing message"
    return f"The connection broke ({error.strerror or error})"


def _checked_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(without_userinfo(text)[0])
        good = url.scheme in ("http", "https") and bool(url.raw_host)
    except (httpx.InvalidURL, ValueError) as error:
        raise RequestFailed("refused", f"{text!r} is not a URL: {error}.") from error
    # Name resolution takes a port modulo 65536.
    if not good or (url.port or 0) > 65_535:
        raise RequestFailed(
            "refused", f"{text!r} is not a URL that can be recorded: give http://HOST/ or https://HOST/."
        )
    return url
