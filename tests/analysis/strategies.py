"""Pairs of tracks as a real gap makes them: what leaves came in before, in any sizes, some of them empty."""

from __future__ import annotations

from hypothesis import strategies as st

from inspector.recording.track import Int64Array, Track
from tests.sample_recording import marks_of


@st.composite
def pairs_of_tracks(draw: st.DrawFn) -> tuple[Track, Track]:
    """Draw an earlier and a later track by playing items in and buffers out in the order of time."""
    earlier: list[tuple[int, int]] = []
    later: list[tuple[int, int]] = []
    t_ns = came_in = went_out = 0
    for _ in range(draw(st.integers(0, 25))):
        t_ns += draw(st.integers(0, 5))
        if draw(st.booleans()):
            came_in += draw(st.integers(0, 6))
            earlier.append((t_ns, came_in))
        else:
            went_out += draw(st.integers(0, came_in - went_out))
            later.append((t_ns, went_out))
    return marks_of("yield", earlier), marks_of("piece", later)


@st.composite
def cuts_of(draw: st.DrawFn, pair: tuple[Track, Track]) -> list[tuple[Track, Track]]:
    """Draw how a reader saw the two tracks grow, each at its own pace, up to the whole of both."""
    earlier, later = pair
    sizes = draw(st.lists(st.tuples(st.integers(0, len(earlier)), st.integers(0, len(later))), max_size=6))
    steps = zip(sorted(size for size, _ in sizes), sorted(size for _, size in sizes), strict=True)
    return [*((head(earlier, first), head(later, second)) for first, second in steps), pair]


def head(track: Track, stop: int) -> Track:
    """Return the first marks of a track."""
    return Track(track.layer, track.rows[:stop])


def carriers_by_hand(earlier: Track, later: Track) -> list[int | None]:
    """Return, byte by byte, the item of the later track that carried each item on; None for an empty one.

    ``len(later)`` where nothing has carried the item yet.
    """
    carrier_of_byte = {
        byte: index
        for index, (start, end) in enumerate(zip(starts(later.end), later.end.tolist(), strict=True))
        for byte in range(start, end)
    }
    items = zip(starts(earlier.end), earlier.end.tolist(), strict=True)
    return [carrier_of_byte.get(end - 1, len(later)) if end > start else None for start, end in items]


def starts(ends: Int64Array) -> list[int]:
    """Return where each item begins."""
    return [0, *ends.tolist()][:-1]
