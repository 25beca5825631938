"""Numbers the source lines that produced items, and writes each to ``sources.jsonl`` once."""

from __future__ import annotations

import threading
from pathlib import Path
from types import CodeType, FrameType, GeneratorType
from typing import Any

from inspector.recording.layers import NO_SOURCE
from inspector.recording.source_lines import SOURCES_NAME, SourceFile, SourceLine, encode_row

from .mark_files import MarkFile
from .source_location import SourceLocation, included_generator, innermost_generator, place_of

#: Stands for the line of an instruction that hands on what an included template makes.
_INCLUDES = -2
_NO_CODE = (lambda: None).__code__


class SourceLineWriter:
    """Writer of ``sources.jsonl``. A line is written before the first mark that points to it. Any thread."""

    __slots__ = ("_by_code", "_file", "_file_numbers", "_last", "_line_numbers", "_lock")

    def __init__(self, folder: Path) -> None:
        """Make the file. Raises ``OSError``."""
        self._file = MarkFile(folder / SOURCES_NAME)
        # For each code object the lines by instruction. Found by identity, for to hash one costs as much as a mark;
        # the code object itself is kept so that no other takes its identity.
        self._by_code: dict[int, tuple[CodeType, dict[int, int]]] = {}
        self._last: tuple[CodeType, dict[int, int]] = (_NO_CODE, {})
        self._file_numbers: dict[object, int] = {}
        self._line_numbers: dict[tuple[int, int, str], int] = {}
        self._lock = threading.RLock()  # a loader that is asked for a text may stream something itself

    def line_of(self, producer: object) -> int:
        """Return the number of the line that made a suspended iterable's last item, `NO_SOURCE` if not known."""
        generator = innermost_generator(producer)
        if generator is None:
            return NO_SOURCE
        frame: FrameType | None = generator.gi_frame
        if frame is None:  # it has ended
            return NO_SOURCE
        code, lines = self._last
        if code is not generator.gi_code:
            lines = self._lines_of(generator.gi_code)
        line = lines.get(frame.f_lasti)
        if line is None:
            line = self._learn(frame, lines, includes=included_generator(generator) is not None)
        return self._line_of_include(generator) if line == _INCLUDES else line

    def close(self) -> None:
        """Close the file and forget the code objects and templates that were met."""
        self._file.close()
        with self._lock:
            self._by_code.clear()
            self._last = (_NO_CODE, {})
            self._file_numbers.clear()

    def _lines_of(self, code: CodeType) -> dict[int, int]:
        with self._lock:
            self._last = known = self._by_code.setdefault(id(code), (code, {}))
        return known[1]

    def _learn(self, frame: FrameType, lines: dict[int, int], *, includes: bool) -> int:
        place = None if includes else place_of(frame)
        with self._lock:
            lines[frame.f_lasti] = line = _INCLUDES if place is None else self._line_number(place)
        return line

    def _line_of_include(self, generator: GeneratorType[Any, Any, Any]) -> int:
        included = included_generator(generator)
        return NO_SOURCE if included is None else self.line_of(included)

    def _line_number(self, place: SourceLocation) -> int:
        file_number = self._file_numbers.get(place.file_key)
        if file_number is None:
            file_number = len(self._file_numbers)
            row = SourceFile(file=file_number, name=place.name, language=place.language, text=place.read_text())
            if not self._file.write(encode_row(row)):
                return NO_SOURCE
            self._file_numbers[place.file_key] = file_number
        key = (file_number, place.number, place.function)
        line_number = self._line_numbers.get(key)
        if line_number is None:
            line_number = len(self._line_numbers)
            line = SourceLine(line=line_number, file=file_number, number=place.number, function=place.function)
            if not self._file.write(encode_row(line)):
                return NO_SOURCE
            self._line_numbers[key] = line_number
        return line_number
