"""Writes the configuration of nginx in front of one server process, as text. Pure.

All its paths are relative to the folder that `nginx_launcher` runs it in, so nothing is written anywhere else and no
path has to be quoted. It listens on the loopback interface alone and needs no rights.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Answered by nginx itself, so that `nginx_launcher` sees when it serves.
READY_PATH = "/-/ready"
#: By which the server behind it knows the port in a client's ``Host``; `server.validation` has the same name.
PROXY_PORT_HEADER = "Streaming-Inspector-Proxy-Port"
#: Longest silence of a server; the knob delay_ms goes up to a minute, which is also nginx's own limit.
_PATIENCE = "1h"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

_TEMPLATE = """\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
{user}
events {{ worker_connections 256; }}
http {{
    access_log off;
    {temporary}
    # No view reads a body.
    client_max_body_size 64k;
    # Any other name may be DNS rebinding.
    server {{
        listen 127.0.0.1:{port} default_server;
        location = {ready_path} {{ return 204; }}
        location / {{
            default_type text/plain;
            return 421 "This proxy answers only requests for 127.0.0.1:{port} or localhost:{port}.\\n";
        }}
    }}
    server {{
        listen 127.0.0.1:{port};
        server_name 127.0.0.1 localhost;
        location / {{
            proxy_pass http://127.0.0.1:{upstream_port};
            # The server looks itself whom a request is for and where it comes from.
            proxy_set_header Host $http_host;
            proxy_set_header {port_header} {port};
            proxy_http_version {proxy_http_version};
            proxy_read_timeout {patience};
            proxy_send_timeout {patience};
            send_timeout {patience};
            proxy_buffering {proxy_buffering};
            proxy_buffer_size {proxy_buffer_size};
            proxy_buffers 8 {proxy_buffer_size};
            gzip {proxy_gzip};
            gzip_types *;
            gzip_min_length 0;
        }}
    }}
}}
"""


def configuration(
    port: int, upstream_port: int, knobs: Mapping[str, str], *, build: str = "", is_root: bool = False
) -> str:
    """Return ``nginx.conf``. ``knobs`` are all those of the proxy by name, as texts.

    ``build`` is what ``nginx -V`` prints: modules that are not built in have no folders.
    As root it runs as root, as all else here does: it would otherwise hand its folders to another user.
    """
    built_in = [name for name in _TEMPORARY if f"--without-http_{name}_module" not in build]
    return _TEMPLATE.format(
        user="user root;" if is_root else "",
        temporary="\n    ".join(f"{name}_temp_path {name}_temp;" for name in built_in),
        port=port,
        port_header=PROXY_PORT_HEADER,
        ready_path=READY_PATH,
        upstream_port=upstream_port,
        patience=_PATIENCE,
        **knobs,
    )
