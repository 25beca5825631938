"""The table of proxies that can stand in front of the server. Pure standard library.

The program is the system's; the session writes its configuration, starts it and ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

NO_PROXY = "none"


@dataclass(frozen=True, slots=True)
class ProxyRow:
    """One proxy. ``program`` is the name of its program, None for no proxy at all; ``install`` installs it."""

    name: str
    label: str
    sentence: str
    program: str | None = None
    install: str = ""
    needs: str | None = None
    platforms: tuple[str, ...] = ()


PROXIES: tuple[ProxyRow, ...] = (
    ProxyRow(NO_PROXY, "No proxy", "The client connects to the server itself."),
    ProxyRow("nginx", "nginx",
             "With proxy_buffering on and HTTP/1.0 towards the server, its defaults before 1.29.7, it fills a buffer "
             "before it sends; chunks of HTTP/1.1 it hands on.",
             program="nginx", install="apt install nginx-light",
             platforms=("linux", "darwin", "freebsd")),
)  # fmt: skip

PROXY_BY_NAME: dict[str, ProxyRow] = {row.name: row for row in PROXIES}


def proxy_of(name: str) -> ProxyRow:
    """Return a proxy of the table. Raises ``KeyError``."""
    return PROXY_BY_NAME[name]
