"""The environment that the window stands on: Qt's calls must not use up the references to None.

PySide6 6.12.0 on Python 3.11 and older takes one reference too many from None with each call that returns nothing, and
the interpreter aborts with "deallocating None" after some thousand of them. ``pyproject.toml`` keeps that pair out.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from typing_extensions import override

CALLS = 1000
#: The interpreter itself may make and drop a few; a lost reference a call shows as a thousand.
NOISE = 100


class EmptyRows(QAbstractListModel):
    """A list whose every answer is None."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return self.count

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return None

    def append(self) -> None:
        self.beginInsertRows(QModelIndex(), self.count, self.count)
        self.count += 1
        self.endInsertRows()

    def clear(self) -> None:
        self.beginResetModel()
        self.count = 0
        self.endResetModel()


def insert_rows(model: EmptyRows) -> None:
    for _ in range(CALLS):
        model.append()


def reset(model: EmptyRows) -> None:
    for _ in range(CALLS):
        model.clear()


def read_through_qt(model: EmptyRows) -> None:
    model.append()
    # The proxy lives in C++: its data() calls ours from there.
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(model)
    index = proxy.index(0, 0)
    for _ in range(CALLS):
        proxy.data(index)


@pytest.mark.parametrize("work", [insert_rows, reset, read_through_qt])
def test_that_calls_of_qt_do_not_use_up_the_references_to_none(work: Any) -> None:
    model = EmptyRows()
    work(model)
    before = sys.getrefcount(None)
    work(model)
    drift = sys.getrefcount(None) - before
    assert drift > -NOISE, f"{-drift} references to None lost in {CALLS} calls"
