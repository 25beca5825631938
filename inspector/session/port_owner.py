"""Finds the process that listens on a port of this machine, to sample its memory when a URL names a server here."""

from __future__ import annotations

from urllib.parse import urlsplit

_OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class PortOwners:
    """Process ids by port, looked up once each. Thread: that of the session; a look-up takes some milliseconds."""

    def __init__(self) -> None:
        self._pids: dict[int, list[int]] = {}

    def pids_of(self, url: str) -> list[int]:
        """Return the process that serves a URL of this machine, none where it is another's or the system won't say."""
        parts = urlsplit(url)
        if parts.hostname not in _OWN_HOSTS:
            return []
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        known = self._pids.get(port)
        if not known or not _exist(known):
            known = self._pids[port] = _pids_listening_on(port)
        return known


def _pids_listening_on(port: int) -> list[int]:
    import psutil

    try:
        connections = psutil.net_connections(kind="tcp")
    except (psutil.Error, OSError, NotImplementedError):
        return []
    found = {
        one.pid
        for one in connections
        if one.pid and one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port
    }
    # Forked workers share the socket; the oldest is the one whose children they are.
    return sorted(found)[:1]


def _exist(pids: list[int]) -> bool:
    import psutil

    return all(psutil.pid_exists(pid) for pid in pids)
