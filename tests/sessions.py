"""A session driven by a test: polled until a fact is there, its notices kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from inspector.recording.meta import Ending
from inspector.session import Notice, NoticeKind, Run, Session, Target
from tests.waiting import wait_until

T = TypeVar("T")


class Driver:
    """Polls a session as the window's timer does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.notices: list[Notice] = []
        session.listen(self.notices.append)

    def until(self, fact: Callable[[], T], what: str = "") -> T:
        """Poll until ``fact()`` is true and return it."""

        def polled() -> T:
            self.session.poll()
            return fact()

        return wait_until(polled, what)

    def until_notice(self, kind: NoticeKind, number: int = 1) -> Notice:
        """Poll until the session has told a kind of notice this often; return the last."""

        def told() -> list[Notice]:
            found = [notice for notice in self.notices if notice.kind == kind]
            return found if len(found) >= number else []

        return self.until(told, f"{number} notices {kind}")[-1]

    def until_ready(self) -> str:
        """Poll until the server is ready; return its address."""
        return self.until(lambda: self.session.base_url, "a server") or ""

    def until_marks(self, run: Run, layer: str, count: int) -> None:
        """Poll until a layer of a run has this many marks."""

        def recorded() -> bool:
            run.recording.refresh()
            return len(run.recording.tracks[layer]) >= count

        self.until(recorded, f"{count} marks of {layer}")

    def until_ended(self, run: Run) -> Ending:
        """Poll until a run has its ending; its recording is then read to the end."""

        def ended() -> Ending | None:
            run.recording.refresh()
            return run.recording.meta.ending if run.recording.meta else None

        ending = self.until(ended, "an ending")
        assert ending is not None
        return ending

    def record(self, text: str, **limits: float) -> tuple[Run, Ending]:
        """Record a target to its end."""
        run = self.session.record(Target.parse(text), **limits)  # type: ignore[arg-type]
        return run, self.until_ended(run)


@contextmanager
def driven(home: Path, *, with_server: bool = True) -> Iterator[Driver]:
    """Give a started session in this home folder, and close it."""
    with Session(home, with_server=with_server) as session:
        yield Driver(session)
