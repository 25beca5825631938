"""Which gap of the ladder is tall: the one that the verdict accuses, or in which items wait longest. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

#: A shorter wait makes no gap tall.
_WORTH_ITS_HEIGHT_MS = 1.0
#: While a stream runs, another gap must wait so many times as long to take the height,
_CLEARLY_LONGER = 1.5
#: and do so each time that the run is judged, ten times a second, for so many times.
_IN_A_ROW = 6


class TallGap:
    """Chooses the tall gap anew with every judgement, but does not jump to and fro between two that are much alike.

    It stays over the beginning of another run: what held before is most likely what will hold again.
    """

    def __init__(self) -> None:
        #: The id of the tall gap, "" while nothing waited.
        self.gap_id = ""
        #: How long items wait in it, milliseconds, at the last look.
        self.wait_ms = 0.0
        self._rival = ""
        self._judgements = 0

    def follow(self, waits_ms: Mapping[str, float], accused: str, *, is_live: bool) -> bool:
        """Take note of how long items wait in each gap (by id) and which one is accused; return whether it changed."""
        has_changed = self._choose(waits_ms, accused, is_live=is_live)
        self.wait_ms = waits_ms.get(self.gap_id, 0.0)
        return has_changed

    def _choose(self, waits_ms: Mapping[str, float], accused: str, *, is_live: bool) -> bool:
        chosen = accused if accused in waits_ms else max(waits_ms, key=lambda gap: waits_ms[gap], default="")
        is_worth_it = bool(chosen) and (chosen == accused or waits_ms[chosen] >= _WORTH_ITS_HEIGHT_MS)
        if not is_worth_it or chosen == self.gap_id:
            self._rival = ""
            return False
        now_ms = waits_ms.get(self.gap_id, 0.0)
        if is_live and self.gap_id in waits_ms:
            if chosen != accused and waits_ms[chosen] < _CLEARLY_LONGER * now_ms:
                self._rival = ""
                return False
            self._judgements = self._judgements + 1 if chosen == self._rival else 1
            self._rival = chosen
            if self._judgements < _IN_A_ROW:
                return False
        self.gap_id, self._rival = chosen, ""
        return True
