"""A started session that windows borrow one after another, so that not each test starts a server and a recorder."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from inspector.session import Run, Session, Target
from tests.sessions import Driver


class LentSession(Session):
    """A session that a window only borrows: its `close` ends the runs, and the child processes stay for the next."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: list[Run] = []

    @override
    def record(self, target: Target, **options: Any) -> Run:
        run = super().record(target, **options)
        self._asked.append(run)
        return run

    @override
    def record_pair(self, target_a: Target, target_b: Target) -> tuple[Run, Run]:
        runs = super().record_pair(target_a, target_b)
        self._asked += runs
        return runs

    @override
    def close(self) -> None:
        """Stop what still runs, and wait until it has its ending."""
        self._live.close()
        asked, self._asked = self._asked, []
        under_way = [run for run in asked if not run.has_ended]
        for run in under_way:
            self.stop(run)
        Driver(self).until(lambda: all(run.has_ended for run in under_way), "the end of all runs")

    def end(self) -> None:
        """Close it for good."""
        super().close()


class WarmSession:
    """Keeps one `LentSession` of this process running from the first test that borrows it to the last."""

    def __init__(self) -> None:
        self._session: LentSession | None = None
        self._pids: dict[str, int] = {}

    def warm_up(self) -> None:
        """See that it runs and that all of it is ready; called before a test begins, so that none has started it."""
        if self._session is None:
            self._session = LentSession()
            self._session.start()
            run, _ = Driver(self._session).record("/timeline?rows=1")
            run.recording.close()
            self._pids = self._session.child_pids

    @property
    def session(self) -> LentSession:
        """The session, warmed up."""
        assert self._session is not None, "a test that borrows it names the fixture `warm_session`"
        return self._session

    def take_back(self) -> None:
        """Let go of it where a test has changed its child processes: the next one gets another."""
        if self._session is not None and self._session.child_pids != self._pids:
            self.end()

    def end(self) -> None:
        """End its child processes."""
        session, self._session = self._session, None
        if session is not None:
            session.end()
