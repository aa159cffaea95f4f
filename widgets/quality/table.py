"""All checks of an instrument in a table, newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTableView

from app.instruments import FIGURES, InstrumentCheck, InstrumentRelease
from app.workbench.instrument_words import (
    OUTCOME_WORDS,
    figure_label,
    local_day,
    local_moment,
    value_words,
)
from widgets import theme
from widgets.common.lines import as_lines

_SIGNS = {"within": "●", "warning": "△", "out": "⊠"}
_HEADS = ("Checked", "Outcome", *(figure_label(figure) for figure in FIGURES), "Cells", "By", "Why")
_WIDTHS = (142, 122, 90, 70, 84, 72, 74, 104, 0)
_ROW_PX = 26
_CELLS, _BY, _WHY = 6, 7, 8
_Index = QModelIndex | QPersistentModelIndex


class CheckModel(QAbstractTableModel):
    """Row 0 is the newest check."""

    def __init__(self) -> None:
        super().__init__()
        self.checks: tuple[InstrumentCheck, ...] = ()
        self._signed: dict[str, InstrumentRelease] = {}

    def set_checks(
        self, checks: tuple[InstrumentCheck, ...], releases: tuple[InstrumentRelease, ...]
    ) -> None:
        """Show these, given oldest first."""
        self.beginResetModel()
        self.checks = checks[::-1]
        self._signed = {release.check_id: release for release in releases}
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.checks)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        check = self.checks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(check, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((*check.reasons, self._signature(check))).strip()
        if role == Qt.ItemDataRole.ForegroundRole and self._remarkable(check, index.column()):
            return QColor(theme.colours().amber)
        return None

    def _remarkable(self, check: InstrumentCheck, column: int) -> bool:
        if column == 1:
            return check.outcome != "within"
        return 2 <= column < _CELLS and check.outcome_of(FIGURES[column - 2]) != "within"

    def _words(self, check: InstrumentCheck, column: int) -> str:
        if column == 0:
            return local_moment(check.checked_at)
        if column == 1:
            return f"{_SIGNS[check.outcome]} {OUTCOME_WORDS[check.outcome]}"
        if column == _CELLS:
            known = "cells" in check.facts
            return f"{check.facts['congruent_cells']} of {check.facts['cells']}" if known else ""
        if column == _BY:
            return check.author.examiner if check.author else ""
        if column == _WHY:
            return " ".join(filter(None, (self._signature(check), *check.reasons)))
        return value_words(FIGURES[column - 2], check)

    def _signature(self, check: InstrumentCheck) -> str:
        found = self._signed.get(check.id)
        if found is None:
            return ""
        when = local_day(found.signed_at)
        return f"Signed {when} by {found.signer} ({found.standing}): {found.reason}"


class CheckTable(QTableView):
    """``moved`` hears the number of the check (oldest is 0) the cursor is on."""

    def __init__(self, moved: Callable[[int], None]) -> None:
        super().__init__()
        self.setObjectName("check_table")
        self.setAccessibleName("Checks of this instrument, newest first")
        self.lines = CheckModel()
        self.setModel(self.lines)
        self._moved = moved
        as_lines(self, _ROW_PX, _WIDTHS)
        self.selectionModel().currentRowChanged.connect(self._cursor_moved)

    def choose(self, number: int) -> None:
        """Put the cursor on the check of that number."""
        row = len(self.lines.checks) - 1 - number
        if 0 <= row < len(self.lines.checks):
            self.setCurrentIndex(self.lines.index(row, 0))

    def _cursor_moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = current.row()
        self._moved(len(self.lines.checks) - 1 - row if row >= 0 else -1)
