"""Sends one request and reads its response head, then hands the connection over for the body.

Between a command (`recorder`) and the body (`body_reader`). `request_url` understands the URL, `response_head` reads
the head, `framing` frames the body: no library that reads bodies keeps chunk boundaries, extensions and trailers. All
that a run needs is loaded before it connects.
"""

from __future__ import annotations

import re
import select
from typing import NamedTuple

from inspector import __version__
from inspector.recording.meta import EndingKind
from inspector.recording.recording_id import RECORDING_HEADER
from inspector.recording.redaction import REDACTED
from inspector.recording.url_credentials import without_userinfo

from .cancellation import Cancellation
from .connection import ConnectFailed, Connection, Connector
from .name_resolution import is_loopback
from .read_throttle import ReadSettings
from .recorder_commands import RecordCommand
from .request_url import BadUrl, RequestUrl
from .response_head import BadHead, HeadReader, RawHead
from .socket_receiver import AbruptEnd, Received, receiver_of

CONNECT_TIMEOUT_SECONDS = 10.0
_USER_AGENT = f"streaming-inspector/{__version__}"
_READ_BYTES = 65_536
#: So long the rest of an answer that isn't HTTP is waited for, to say how it begins.
_FOREIGN_REST_S = 0.5
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NO_VALUE = re.compile(rb"[\0\r\n]")
#: Names and values as they stand in the request.
Headers = list[tuple[bytes, bytes]]


class RequestFailed(Exception):
    """No head that can be used: how it ended, and the head as far as it could be read."""

    def __init__(self, kind: EndingKind, text: str, head: ReceivedHead | None = None) -> None:
        super().__init__(text)
        self.kind: EndingKind = kind
        self.text = text
        self.head = head


class ReceivedHead(NamedTuple):
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
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._headers]
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
            what = f"The connection broke ({error.strerror or error})"
            if isinstance(error, AbruptEnd):
                what = "The server closed the connection without TLS's closing message"
            text = f"{what} before the response head was whole, after {reader.size_bytes} bytes."
            raise RequestFailed("cut_short", text) from error

    def _connect(self) -> Connection:
        url, connector = self._url, Connector(self._cancellation, self._read_settings)
        if url.scheme == "http":
            sock = connector.connect(url.host, url.port, CONNECT_TIMEOUT_SECONDS)
            return Connection(sock, self._cancellation, receiver_of(sock))
        from .tls import SecureConnection, secured, trusting_context

        context = trusting_context()
        sock = connector.connect(url.host, url.port, CONNECT_TIMEOUT_SECONDS)
        secure = secured(sock, context, url.host, self._cancellation, CONNECT_TIMEOUT_SECONDS)
        return SecureConnection(secure, self._cancellation)

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

    def _headers_of(self, command: RecordCommand) -> Headers:
        """Return what is sent: our own headers, and all that a person gave, which win. Raises ``UnicodeError``."""
        own = {"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "keep-alive", "User-Agent": _USER_AGENT}
        if is_loopback(self._url.host):
            own[RECORDING_HEADER] = command.id
        if command.authorization:
            own["Authorization"] = command.authorization
        given = [(name.encode("ascii"), value.encode("ascii")) for name, value in command.headers]
        names = {name.lower() for name, _ in given}
        headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in own.items()]
        headers = [(name, value) for name, value in headers if name.lower() not in names] + given
        if command.method.upper() in ("POST", "PUT", "PATCH") and b"content-length" not in names:
            headers.append((b"Content-Length", b"0"))
        return headers if b"host" in names else [(b"Host", self._url.netloc), *headers]


def _encoded(method: str, url: RequestUrl, headers: Headers) -> bytes:
    """Return the octets of the request (RFC 9112 sections 3 and 5). Raises ``ValueError`` for what can't be sent."""
    if not _TOKEN.fullmatch(method.encode("ascii")):
        raise ValueError(f"{method!r} is not a method")
    lines = [b"%s %s HTTP/1.1" % (method.encode(), url.raw_path)]
    for name, value in headers:
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"{name.decode('latin-1')!r} can't be the name of a header")
        if _NO_VALUE.search(value):
            raise ValueError(f"the value of {name.decode()} has a line break or a zero byte in it")
        lines.append(name + b": " + value.strip(b" \t"))
    return b"\r\n".join([*lines, b"", b""])


def _checked_url(text: str) -> RequestUrl:
    try:
        return RequestUrl.parse(without_userinfo(text)[0])
    except BadUrl as error:
        why = f": {error}." if str(error) else " that can be recorded: give http://HOST/ or https://HOST/."
        raise RequestFailed("refused", f"{text!r} is not a URL{why}") from error
