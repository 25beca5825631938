"""The table of lines of one recording: gives each line that produces items a number and writes it down once."""

from __future__ import annotations

import threading
from pathlib import Path
from types import CodeType, FrameType

from inspector.recording.layers import NO_SOURCE
from inspector.recording.sources import SOURCES_NAME, SourceFile, SourceLine, encode_row

from .files import RowFile
from .places import Place, innermost_frame, place_of


class SourceTable:
    """Writer of ``sources.jsonl``. A line is written before the first mark that points to it. Any thread."""

    def __init__(self, folder: Path) -> None:
        """Make the file. Raises ``OSError``."""
        self._file = RowFile(folder / SOURCES_NAME)
        # By identity and instruction: hashing a code object costs as much as writing a mark.
        self._known: dict[tuple[int, int], int] = {}
        self._codes: dict[int, CodeType] = {}  # keeps each identity taken
        self._files: dict[object, int] = {}
        self._lines: dict[tuple[int, int, str], int] = {}
        self._lock = threading.Lock()

    def line_of(self, producer: object) -> int:
        """Return the number of the line that made a suspended iterable's last item, `NO_SOURCE` if not known."""
        frame = innermost_frame(producer)
        if frame is None:
            return NO_SOURCE
        known = self._known.get((id(frame.f_code), frame.f_lasti))
        return self._learn(frame) if known is None else known

    def close(self) -> None:
        """Close the file and forget the code objects and templates that were met."""
        self._file.close()
        with self._lock:
            self._known.clear()
            self._codes.clear()
            self._files.clear()

    def _learn(self, frame: FrameType) -> int:
        code = frame.f_code
        place = place_of(frame)
        with self._lock:
            number = self._line_number(place)
            self._codes[id(code)] = code
            self._known[id(code), frame.f_lasti] = number
        return number

    def _line_number(self, place: Place) -> int:
        file_number = self._files.get(place.file_key)
        if file_number is None:
            file_number = len(self._files)
            row = SourceFile(file=file_number, name=place.name, language=place.language, text=place.read_text())
            if not self._file.write(encode_row(row)):
                return NO_SOURCE
            self._files[place.file_key] = file_number
        key = (file_number, place.number, place.function)
        line_number = self._lines.get(key)
        if line_number is None:
            line_number = len(self._lines)
            line = SourceLine(line=line_number, file=file_number, number=place.number, function=place.function)
            if not self._file.write(encode_row(line)):
                return NO_SOURCE
            self._lines[key] = line_number
        return line_number
