"""TLS for a connection: which certificates are trusted, the handshake, and plain words for its failures.

Loaded for https alone, by `request`, before it connects.
"""

from __future__ import annotations

import os
import socket
import ssl

import httpx
from typing_extensions import override

from .cancellation import Cancellation
from .connection import ConnectFailed, Connection
from .socket_receiver import AbruptEnd, Received, UserReceiver

#: OpenSSL's numbers of what is wrong with a certificate (its ``X509_V_ERR_...``).
_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN, _EXPIRED, _NOT_YET, _WRONG_HOST, _WRONG_ADDRESS = 18, 19, 10, 9, 62, 64
_NO_ISSUER = (2, 20, 21)
_REASONS = {
    _SELF_SIGNED: "Self-signed certificate, for {host}",
    _SELF_SIGNED_IN_CHAIN: "Certificate for {host}, signed by a private authority that isn't trusted here",
    _EXPIRED: "Expired certificate, for {host}",
    _NOT_YET: "Certificate that isn't valid yet, for {host}",
    _WRONG_HOST: "Certificate of another host, not of {host}",
    _WRONG_ADDRESS: "Certificate of another host, not of {host}",
}
_NO_TLS_SPOKEN = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")


class TlsReceiver(UserReceiver):
    """Reads over TLS: stamped on the line after the read. Raises `AbruptEnd` for a close that was not announced."""

    def __init__(self, sock: ssl.SSLSocket) -> None:
        super().__init__(sock)
        self._secure = sock

    @override
    def receive(self, view: memoryview) -> Received:
        try:
            return super().receive(view)
        except ssl.SSLEOFError as error:
            raise AbruptEnd from error

    @override
    def receive_waiting(self, view: memoryview) -> Received | None:
        # What TLS has decrypted is not seen by select, and a record that is not whole would block.
        return self.receive(view) if self._secure.pending() else None

    @override
    def _any_waits(self) -> bool:
        return self._secure.pending() > 0 or super()._any_waits()


class SecureConnection(Connection):
    """A connection over TLS."""

    is_secure = True

    def __init__(self, sock: ssl.SSLSocket, cancellation: Cancellation) -> None:
        super().__init__(sock, cancellation, TlsReceiver(sock))

    @override
    def send(self, octets: bytes) -> None:
        try:
            super().send(octets)
        except ssl.SSLEOFError as error:
            raise AbruptEnd from error


def trusting_context() -> ssl.SSLContext:
    """Return what certificates are checked by: ``SSL_CERT_FILE``, ``SSL_CERT_DIR``, or the authorities that come along.

    Raises `ConnectFailed` where that can't be read.
    """
    try:
        context = httpx.create_ssl_context()
    except (OSError, ValueError) as error:
        raise ConnectFailed("not_started", _unreadable(error)) from error
    context.set_alpn_protocols(["http/1.1"])
    return context


def secured(
    sock: socket.socket, context: ssl.SSLContext, host: str, cancellation: Cancellation, timeout_s: float
) -> ssl.SSLSocket:
    """Shake hands; return the socket to use from now on. Raises `ConnectFailed`; ``sock`` is closed then."""
    cancellation.attach(sock)
    sock.settimeout(timeout_s)
    try:
        # An end without close_notify is an error then: only so can a whole body be distinguished from a cut one.
        secure = context.wrap_socket(
            sock, server_hostname=host, do_handshake_on_connect=False, suppress_ragged_eofs=False
        )
    except (OSError, ValueError) as error:
        sock.close()
        raise _failure(error, host, timeout_s) from error
    try:
        cancellation.attach(secure)
        secure.do_handshake()
        secure.settimeout(None)
    except (OSError, ValueError) as error:
        secure.close()
        raise _failure(error, host, timeout_s) from error
    return secure


def _failure(error: Exception, host: str, timeout_s: float) -> ConnectFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _NO_ISSUER:
            reason = f"Certificate for {host}, signed by an authority that isn't known here"
        else:
            reason = _REASONS.get(error.verify_code, f"Certificate for {{host}}: {error.verify_message}")
        advice = "Nothing was sent. Use http, or name a certificate to trust in SSL_CERT_FILE."
        return ConnectFailed("untrusted", f"{reason.format(host=host)}. {advice}")
    if isinstance(error, TimeoutError):
        return ConnectFailed("timed_out", f"{host} did not finish the TLS handshake in {timeout_s:g} seconds.")
    return ConnectFailed("refused", f"The TLS handshake with {host} failed: {_plain(error)}")


def _plain(error: Exception) -> str:
    if isinstance(error, ssl.SSLEOFError):
        return "the server closed the connection. Does the port speak https?"
    reason = getattr(error, "reason", None)
    if isinstance(error, ssl.SSLError) and reason:
        if reason in _NO_TLS_SPOKEN:
            return "the answer is not TLS. Use http://."
        return f"{reason.replace('_', ' ').lower()}. Does the port speak https?"
    return f"{getattr(error, 'strerror', None) or error}. Does the port speak https?"


def _unreadable(error: Exception) -> str:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if named := os.environ.get(name):
            reason = "there is no certificate in it" if isinstance(error, ssl.SSLError) else error
            reason = getattr(reason, "strerror", None) or reason
            return f"Can't load certificates to check https: {name} names {named}, but {reason}. Correct or unset it."
    return f"Can't load certificates to check https: {getattr(error, 'strerror', None) or error}."
