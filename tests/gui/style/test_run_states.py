"""Every way a run can end has its look and its words."""

from __future__ import annotations

from typing import get_args

import pytest

from inspector.gui.style.run_states import STATE_OF_ENDING, RunState
from inspector.gui.views.detail.head_facts import ENDING_WORDS, FRAMING_SENTENCES
from inspector.recording.meta import EndingKind, Framing


def test_that_every_ending_and_every_framing_has_words() -> None:
    assert set(ENDING_WORDS) == set(STATE_OF_ENDING) == set(get_args(EndingKind))
    assert set(FRAMING_SENTENCES) == set(get_args(Framing))


@pytest.mark.parametrize("kind", ["untrusted", "bad_coding"])
def test_that_what_could_not_be_read_is_shown_as_failed(kind: EndingKind) -> None:
    assert STATE_OF_ENDING[kind] is RunState.FAILED
