"""What is said where nothing is wrong, and where nothing can be told."""

from __future__ import annotations

from inspector.analysis.case import Case
from inspector.analysis.findings import Evidence, Verdict


def cannot_tell(case: Case) -> Verdict:
    """Say that nothing can be told."""
    return Verdict("unknown", figure="too little has arrived", evidence=Evidence("cannot_tell"), so_far=case.is_running)
