"""The tree of cases; it keeps what is chosen and unfolded when its rows are read anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from widgets import theme
from widgets.casebook.nodes import Row, Rows, Sort

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_UNFOLD_ALL = 120
_ICONS: dict[Sort, str] = {
    "case": "mdi6.folder-outline",
    "exhibit": "mdi6.package-variant-closed",
    "cartridge_case": "mdi6.bullet",
    "mark": "mdi6.circle-double",
    "acquired": "mdi6.image-outline",
}


class TreeModel(QAbstractItemModel):
    """Rows as a Qt model; ``fetch(case id)`` asks for what is not read yet."""

    def __init__(self) -> None:
        super().__init__()
        self.fetch: Callable[[str], None] = lambda _: None
        self.more = False
        self._asked: set[str] = set()
        self._root = Row("case", "", "")
        self._by_id: dict[str, Row] = {}
        self._icons = {sort: theme.icon(name, theme.colours().dim) for sort, name in _ICONS.items()}
        self._warning = theme.icon("mdi6.ruler", theme.colours().amber)

    def set_rows(self, rows: Rows) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._root, self._by_id, self.more = rows.root, rows.by_id, rows.more
        self._asked.clear()
        self.endResetModel()

    def fill(self, filled: Row) -> None:
        """What is below a case, which was not read before."""
        row = self._by_id.get(filled.id)
        if row is None or row.read:
            return
        row.read = True
        if filled.rows:
            self.beginInsertRows(self.index_of(row.id), 0, len(filled.rows) - 1)
            for below in filled.rows:
                row.add(below)
            self._by_id.update((one.id, one) for one in row.walk())
            self.endInsertRows()
        at = self.index_of(row.id)
        self.dataChanged.emit(at, at)

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        row = self.row_at(parent)
        return bool((row or self._root).rows) or (row is not None and not row.read)

    def canFetchMore(self, parent: Index) -> bool:
        row = self.row_at(parent)
        return row is not None and not row.read and row.id not in self._asked

    def fetchMore(self, parent: Index) -> None:
        row = self.row_at(parent)
        if row is not None and row.id not in self._asked:
            self._asked.add(row.id)
            self.fetch(row.id)

    def row_at(self, index: Index) -> Row | None:
        """The row under an index."""
        row = index.internalPointer() if index.isValid() else None
        return row if isinstance(row, Row) else None

    def index_of(self, row_id: str) -> QModelIndex:
        """Where a row is; invalid when there is none."""
        row = self._by_id.get(row_id)
        return _NOWHERE if row is None else self.createIndex(row.number, 0, row)

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        rows = (self.row_at(parent) or self._root).rows
        if column != 0 or not 0 <= row < len(rows):
            return QModelIndex()
        return self.createIndex(row, 0, rows[row])

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        row = self.row_at(index)
        above = row.parent if row is not None else None
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.number, 0, above)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return len((self.row_at(parent) or self._root).rows)

    def columnCount(self, _parent: Index = _NOWHERE) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.text
        if role == Qt.ItemDataRole.DecorationRole:
            return self._warning if row.attention else self._icons[row.sort]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.attention or row.text
        return None


class CaseTree(QTreeView):
    """``chosen`` is called whenever the choice may have changed."""

    def __init__(self, chosen: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("case_tree")
        self.setAccessibleName("Cases, exhibits and images")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._rows = TreeModel()
        self._chosen = chosen
        self._shown_once = False
        self._fetch_more: Callable[[], None] = lambda: None
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._settling = True
        self.setModel(self._rows)
        self._settling = False

    def selectionChanged(self, now: QItemSelection, before: QItemSelection) -> None:
        super().selectionChanged(now, before)
        if not self._settling:
            self._chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are the screen's keys, not a search in the tree: that is what the filter does."""
        others = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if event.text().strip() and not others:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @property
    def current_row(self) -> Row | None:
        """The row the cursor is on."""
        return self._rows.row_at(self.currentIndex())

    @property
    def selected_rows(self) -> tuple[Row, ...]:
        """All rows selected, in the order of the tree's choice."""
        found = (self._rows.row_at(index) for index in self.selectedIndexes())
        return tuple(row for row in found if row is not None)

    @property
    def open_cases(self) -> tuple[str, ...]:
        """The cases that are unfolded, and that of the row in hand."""
        current = self.current_row
        case = current.above("case") if current is not None else None
        return (*self._unfolded(), *((case.id,) if case is not None else ()))

    @property
    def case_count(self) -> int:
        """How many cases are listed."""
        return self._rows.rowCount()

    def fetch_with(self, fetch: Callable[[str], None], fetch_more: Callable[[], None]) -> None:
        """How what is not read yet is asked for: below a case, and further cases."""
        self._rows.fetch, self._fetch_more = fetch, fetch_more

    def fill(self, filled: Row) -> None:
        """What is below a case that was opened."""
        self._rows.fill(filled)

    def show_rows(self, rows: Rows, *, unfold: bool = False) -> None:
        """Show the rows; keep choice and unfolding, or unfold all there is."""
        unfolded = self._unfolded()
        chosen = [row.id for row in self.selected_rows]
        current = self.current_row
        place = self.verticalScrollBar().value()
        self._settling = True
        self._rows.set_rows(rows)
        few = len(rows.by_id) <= _UNFOLD_ALL
        if few and (unfold or not (self._shown_once or rows.count)):
            self.expandAll()
        for row_id in unfolded:
            self.expand(self._rows.index_of(row_id))
        self._shown_once = self._shown_once or bool(rows.by_id)
        if current is not None:
            self.setCurrentIndex(self._rows.index_of(current.id))
        selection = QItemSelection()
        for row_id in chosen:
            index = self._rows.index_of(row_id)
            selection.select(index, index)
        self.selectionModel().select(selection, self.selectionModel().SelectionFlag.ClearAndSelect)
        if rows.count:  # a part of the casebook: the eye stays where it was
            self.doItemsLayout()
            self.verticalScrollBar().setValue(place)
        self._settling = False
        self._chosen()

    def choose(self, row_id: str) -> bool:
        """Put the cursor on a row and unfold the way to it; False when it is not there."""
        index = self._rows.index_of(row_id)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.expand(index)
        self.scrollTo(index)
        return True

    def _scrolled(self, value: int) -> None:
        """Ask for further cases once the end of the list is in sight."""
        if self._rows.more and not self._settling and value >= self.verticalScrollBar().maximum():
            self._rows.more = False
            self._fetch_more()

    def _unfolded(self) -> list[str]:
        found: list[str] = []

        def look(parent: QModelIndex) -> None:
            for number in range(self._rows.rowCount(parent)):
                index = self._rows.index(number, 0, parent)
                row = self._rows.row_at(index)
                if row is not None and self.isExpanded(index):
                    found.append(row.id)
                    look(index)

        look(QModelIndex())
        return found
