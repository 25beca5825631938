"""The table of proxies that can run in front of the server. Pure standard library.

The program is the system's; the session writes its configuration, starts it and ends it.
"""

from __future__ import annotations

from typing import NamedTuple

NO_PROXY = "none"


#: What to do where a proxy may stand that can't be seen.
ADVICE_BEHIND_PROXY = "Behind nginx use 'proxy_http_version 1.1;', or answer with the header 'X-Accel-Buffering: no'."
ADVICE_IN_FRONT = (
    "Ask the server directly, without what is in front of it; behind nginx use 'proxy_http_version 1.1;' or the header "
    "'X-Accel-Buffering: no'."
)


class ProxyRemedy(NamedTuple):
    """What to do about a proxy whose knob has a value, empty for any: advice, and the value that takes it away.

    ``noun`` is what a sentence calls the proxy then.
    """

    knob: str
    value: str
    noun: str
    advice: str
    off: str


class ProxyRow(NamedTuple):
    """One proxy. ``program`` is the name of its program, None for no proxy at all; ``install`` installs it.

    Of ``remedies`` the first whose knob has its value is the one.
    """

    name: str
    label: str
    sentence: str
    program: str | None = None
    install: str = ""
    needs: str | None = None
    platforms: tuple[str, ...] = ()
    remedies: tuple[ProxyRemedy, ...] = ()


PROXIES: tuple[ProxyRow, ...] = (
    ProxyRow(NO_PROXY, "No proxy", "The client connects to the server itself."),
    ProxyRow("nginx", "nginx",
             "With proxy_buffering on and HTTP/1.0 towards the server, its defaults before 1.29.7, it fills a buffer "
             "before it sends; chunks of HTTP/1.1 it hands on.",
             program="nginx", install="apt install nginx-light",
             platforms=("linux", "darwin", "freebsd"),
             remedies=(
                 ProxyRemedy("proxy_gzip", "on", "nginx with gzip",
                             "Leave the type of the stream out of gzip_types, or set 'gzip off;'.", "off"),
                 ProxyRemedy("proxy_http_version", "1.0", "nginx with HTTP/1.0 upstream",
                             "Set 'proxy_http_version 1.1;' in nginx, or answer with the header "
                             "'X-Accel-Buffering: no'.", "1.1"),
                 ProxyRemedy("proxy_buffering", "", "nginx with HTTP/1.1 upstream",
                             "Set 'proxy_buffering off;', or answer with 'X-Accel-Buffering: no'.", "off"),
             )),
)  # fmt: skip

PROXY_BY_NAME: dict[str, ProxyRow] = {row.name: row for row in PROXIES}


def proxy_of(name: str) -> ProxyRow:
    """Return a proxy of the table. Raises ``KeyError``."""
    return PROXY_BY_NAME[name]
