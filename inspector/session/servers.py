"""Starts and keeps the server and proxy processes of a session: one for each spec that a run needs.

The built-in server with its default settings stays for the whole session; of the others a few stay, the least recently
used go first, and never one that a run needs. Nothing here blocks but `replace_servers`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .child_process import ChildProcess, end_children
from .data_folder import DiskTrouble
from .notice import Notice, NoticeKind
from .server_spec import ProxySpec, ServerSpec
from .supervisor import Change, Supervisor
from .target import LOOPBACK, Target

#: This many processes are kept beside the built-in server with its default settings.
KEPT_WARM = 6
#: A process that is not needed any more is killed after this time.
_LEAVE_WITHIN_S = 1.0
_WATCH = "inspector.session.nginx_launcher"
_NOTICES: dict[Change, tuple[NoticeKind, str]] = {
    "ready": ("server_ready", "{title} runs on {address}."),
    "restarted": ("server_restarted", "{title} was restarted and runs on {address}."),
    "died": ("server_died", "{title} {death}; it is being restarted."),
    "failed": ("server_failed", "{title} could not be kept running: it {death}."),
}
_DEFAULT = ServerSpec()
Setup = ServerSpec | ProxySpec


@dataclass(slots=True)
class _Member:
    """One process that is kept. ``wanted`` means that it is to be started, ``failure`` why it was given up."""

    setup: Setup
    supervisor: Supervisor
    wanted: bool = True
    upstream_port: int = 0
    failure: str = ""

    @property
    def address(self) -> str | None:
        return f"http://{LOOPBACK}:{self.supervisor.port}" if self.supervisor.port else None


@dataclass(slots=True)
class _Leaving:
    child: ChildProcess
    since_s: float = field(default_factory=time.monotonic)


class Servers:
    """Starts, keeps and ends them. Thread: that of the session."""

    def __init__(
        self, arguments: Callable[[], list[str]], in_use: Callable[[], Iterable[Target]], secrets: Mapping[str, str]
    ) -> None:
        """``arguments`` and ``secrets`` go to every server; ``in_use`` are the targets of runs that have not ended."""
        self._arguments = arguments
        self._secrets = secrets
        self._in_use = in_use
        self._folder = Path()
        #: In the order of their use, the least recently used first.
        self._members: dict[Setup, _Member] = {}
        self._leaving: list[_Leaving] = []
        self._deaths: list[tuple[Setup, str]] = []
        self._number = 0

    @property
    def base_url(self) -> str | None:
        """Address of the built-in server with its default settings, while it is ready."""
        return self._address(_DEFAULT)

    @property
    def child_pids(self) -> dict[str, int]:
        """Process ids by label: ``server``, ``waitress.1``, ``nginx.2``."""
        supervisors = [member.supervisor for member in self._members.values()]
        return {supervisor.label: supervisor.child.pid for supervisor in supervisors if supervisor.child}

    @property
    def are_at_rest(self) -> bool:
        """Return whether all that are wanted are ready, and none is about to leave."""
        members = self._members.values()
        return not self._leaving and all(each.supervisor.is_at_rest and not each.wanted for each in members)

    def start(self, folder: Path) -> None:
        """Let files of the processes go into ``folder``; none is started before it is asked for."""
        self._folder = folder

    def ask(self, setups: Iterable[Setup] = (_DEFAULT,)) -> None:
        """See that these run or will; one that was given up is tried again. Raises `DiskTrouble`."""
        # A server counts as used after its proxy, so that the proxy goes first.
        for setup in sorted(setups, key=lambda setup: isinstance(setup, ServerSpec)):
            member = self._members.pop(setup, None) or self._new(setup)
            self._members[setup] = member
            if member.supervisor.has_failed or member.supervisor.child is None:
                member.failure = ""
                member.wanted = True
        self._make_room()
        self._start_wanted()

    def address_of(self, target: Target) -> str | None:
        """Return the address to request a route from, None while its server or proxy is not ready."""
        setups = setups_of(target)
        addresses = [self._address(setup) for setup in setups]
        return addresses[0] if setups and all(addresses) else None

    def child_of(self, target: Target) -> ChildProcess | None:
        """Return the server process that serves a route, not the proxy in front of it; None while there is none."""
        member = self._members.get(target.server) if target.server else None
        return member.supervisor.child if member else None

    def control_port_of(self, target: Target) -> int:
        """Return the port of the control channel of the server process that serves a route, 0 while there is none."""
        child = self.child_of(target)
        return child.ready.control_port if child and child.ready else 0

    def refusal_of(self, target: Target) -> str | None:
        """Return why a route can't be served: its server or proxy was given up."""
        members = [self._members.get(setup) for setup in setups_of(target)]
        return next((member.failure for member in members if member and member.failure), None)

    def poll(self) -> list[tuple[Notice, Supervisor]]:
        """Look after all of them; return what happened, and to which."""
        found: list[tuple[Notice, Supervisor]] = []
        for member in list(self._members.values()):
            try:
                change = member.supervisor.poll()
            except DiskTrouble as trouble:
                member.failure = str(trouble)
                self._deaths.append((member.setup, f"{member.setup.title} {member.supervisor.death}"))
                found.append((Notice("disk_trouble", member.failure), member.supervisor))
                continue
            if change is not None:
                found.append((self._notice(member, change), member.supervisor))
        try:
            self._start_wanted()
        except DiskTrouble as trouble:
            for member in self._members.values():
                if member.supervisor.child is None and member.supervisor.has_failed:
                    member.failure = member.failure or str(trouble)
                    found.append((Notice("disk_trouble", str(trouble)), member.supervisor))
        self._see_off()
        return found

    def new_deaths(self) -> list[tuple[Setup, str]]:
        """Return the processes that died since the last call, each with a clause: ``nginx was killed by SIGKILL``."""
        deaths, self._deaths = self._deaths, []
        return deaths

    def replace_servers(self) -> None:
        """Start all servers again with their arguments as they are now. Waits for the old ones to end."""
        servers = [member for setup, member in self._members.items() if isinstance(setup, ServerSpec)]
        old = [member.supervisor.replace() for member in servers if member.supervisor.child]
        end_children([child for child in old if child])

    def release(self) -> list[ChildProcess]:
        """Hand over all processes to be ended; none is kept any more."""
        children = [member.supervisor.release() for member in self._members.values()]
        children += [leaving.child for leaving in self._leaving]
        self._members.clear()
        self._leaving.clear()
        return [child for child in children if child]

    def _new(self, setup: Setup) -> _Member:
        if setup == _DEFAULT:
            return self._server_member(_DEFAULT, "server")
        self._number += 1
        if isinstance(setup, ServerSpec):
            return self._server_member(setup, f"{setup.engine}.{self._number}")
        label = f"{setup.name}.{self._number}"
        return _Member(setup, Supervisor(label, _WATCH, lambda port: self._proxy_line(setup, label, port)))

    def _server_member(self, setup: ServerSpec, label: str) -> _Member:
        return _Member(setup, Supervisor(label, "server", lambda port: self._server_line(setup, port), self._secrets))

    def _server_line(self, setup: ServerSpec, port: int) -> list[str]:
        ports = ["--port", str(port)] if port else []
        return [*setup.arguments, *self._arguments(), *ports, "--parent-pipe"]

    def _proxy_line(self, setup: ProxySpec, label: str, port: int) -> list[str]:
        folder = str(self._folder / label)
        ports = ["--port", str(port), "--upstream-port", str(self._port(setup.server))]
        return [*setup.arguments, *ports, "--folder", folder]

    def _start_wanted(self) -> None:
        """Start servers at once, proxies when their server has a port, and again when it has another."""
        for setup, member in self._members.items():
            supervisor = member.supervisor
            upstream_port = 0
            if isinstance(setup, ProxySpec):
                upstream_port = self._port(setup.server)
                if not upstream_port:
                    continue
                member.wanted |= supervisor.child is not None and member.upstream_port != upstream_port
            if not member.wanted:
                continue
            member.wanted, member.upstream_port = False, upstream_port
            if supervisor.has_failed:
                supervisor.revive()
            elif supervisor.child is None:
                supervisor.start(self._folder)
            else:
                self._let_go(supervisor.replace())

    def _make_room(self) -> None:
        """End the least recently used beyond those that are kept."""
        others = [setup for setup in self._members if setup != _DEFAULT]
        too_many = len(others) - KEPT_WARM
        if too_many <= 0:
            return
        needed = {setup for target in self._in_use() for setup in setups_of(target)}
        for setup in [setup for setup in others if setup not in needed][:too_many]:
            self._let_go(self._members.pop(setup).supervisor.release())

    def _let_go(self, child: ChildProcess | None) -> None:
        if child:
            child.hang_up()
            self._leaving.append(_Leaving(child))

    def _see_off(self) -> None:
        for leaving in self._leaving:
            if not leaving.child.has_died and time.monotonic() - leaving.since_s > _LEAVE_WITHIN_S:
                leaving.child.kill()
        self._leaving = [leaving for leaving in self._leaving if not leaving.child.has_died]

    def _notice(self, member: _Member, change: Change) -> Notice:
        kind, text = _NOTICES[change]
        notice = Notice(
            kind, text.format(title=member.setup.title, address=member.address, death=member.supervisor.death)
        )
        if change == "failed":
            member.failure = notice.text
        if change in ("died", "failed"):
            self._deaths.append((member.setup, f"{member.setup.title} {member.supervisor.death}"))
        return notice

    def _address(self, setup: Setup) -> str | None:
        member = self._members.get(setup)
        if member is None:
            return None
        if isinstance(setup, ProxySpec) and member.upstream_port != self._port(setup.server):
            return None
        return member.address

    def _port(self, setup: ServerSpec) -> int:
        member = self._members.get(setup)
        return member.supervisor.port if member else 0


def setups_of(target: Target) -> tuple[Setup, ...]:
    """Return the setups of the processes that serve a target, the one nearest to the client first; none for a URL."""
    if target.server is None:
        return ()
    return (target.proxy, target.server) if target.proxy else (target.server,)
