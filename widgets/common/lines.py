"""A long list as a table: rows come page by page, the cursor stays on its row when they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QWidget,
)

from widgets import keys, theme
from widgets.bridge import Bridge

T = TypeVar("T")
PAGE = 200
"""How many rows are read at a time."""
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW_PX = 44
_INDENT_PX = 6
"""How far the look sets the text of a cell in, under the head of its column."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _never(_: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class LineColumn(Generic[T]):
    """How a column is named and read; ``width`` 0 takes what is left. ``amber`` rows need care."""

    name: str
    width: int
    text: Callable[[T], str]
    amber: Callable[[T], bool] = _never
    tip: str = ""


class LineModel(QAbstractTableModel, Generic[T]):
    """``id_of`` names a row; ``more(count)`` asks for rows after so many, where there are more."""

    def __init__(
        self,
        columns: Sequence[LineColumn[T]],
        id_of: Callable[[T], str],
        more: Callable[[int], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._columns, self.id_of, self._more = tuple(columns), id_of, more
        self._waiting = self._complete = True
        self.lines: tuple[T, ...] = ()

    def set_lines(self, lines: Sequence[T], *, complete: bool = True) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self._complete, self._waiting = complete, False
        self.endResetModel()

    def add_lines(self, lines: Sequence[T], *, complete: bool) -> None:
        """The rows asked for have come."""
        first = len(self.lines)
        self._complete, self._waiting = complete, False
        if lines:
            self.beginInsertRows(_NOWHERE, first, first + len(lines) - 1)
            self.lines += tuple(lines)
            self.endInsertRows()

    def row_of(self, line_id: str) -> int:
        """Its row, -1 when it is not among those shown."""
        ids = (number for number, line in enumerate(self.lines) if self.id_of(line) == line_id)
        return next(ids, -1)

    def canFetchMore(self, parent: _Index = _NOWHERE) -> bool:
        return not (parent.isValid() or self._complete or self._waiting)

    def fetchMore(self, _parent: _Index = _NOWHERE) -> None:
        self._waiting = True
        self._more(len(self.lines))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].name
        return self._columns[section].tip if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(line)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = ((c.name, c.text(line).replace("\n", ", ")) for c in self._columns)
            return "; ".join(f"{name}: {text}" for name, text in said if text)
        if role == Qt.ItemDataRole.ForegroundRole and column.amber(line):
            return QColor(theme.colours().amber)
        return None


def read_on(
    bridge: Bridge,
    owner: QObject,
    rows: LineModel[T],
    count: int,
    read: Callable[[], tuple[Sequence[T], bool]],
    shown: Callable[[], None] = lambda: None,
) -> None:
    """Add the rows after so many and whether these are the last, as ``read`` tells off the GUI
    thread; not where the list is another one by the time they come."""
    before = rows.lines

    def add(found: tuple[Sequence[T], bool]) -> None:
        if rows.lines is before and len(before) == count:
            rows.add_lines(found[0], complete=found[1])
            shown()

    bridge.run(read, add, owner=owner, long=True)


def as_lines(table: QTableView, row_px: int, widths: Sequence[int]) -> None:
    """Make a table with its model a list of whole rows; a width of 0 takes what is left."""
    table.setProperty("indented", True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(True)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_px)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for number, width in enumerate(widths):
        if width:
            table.setColumnWidth(number, width + _INDENT_PX)
        else:
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)


class LineTable(QTableView, Generic[T]):
    """``moved(row or None)`` is called for the cursor, ``opened(row)`` for Enter and a double
    click. Letters are left to the page."""

    def __init__(
        self,
        model: LineModel[T],
        name: str,
        what: str,
        moved: Callable[[T | None], None],
        opened: Callable[[T], None],
        row_px: int = _ROW_PX,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.rows, self._moved, self._opened = model, moved, opened
        self._settling = False
        self.setModel(model)
        as_lines(self, row_px, [column.width for column in model._columns])
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell())

    @property
    def current(self) -> T | None:
        """What the cursor is on."""
        number = self.currentIndex().row()
        return self.rows.lines[number] if 0 <= number < len(self.rows.lines) else None

    def show_lines(self, lines: Sequence[T], *, complete: bool = True, choose: str = "") -> None:
        """Show these; the cursor stays on its row, or goes to ``choose``, or to the first."""
        held = self.current
        wanted = choose or (self.rows.id_of(held) if held is not None else "")
        self._settling = True
        self.rows.set_lines(lines, complete=complete)
        row = max(self.rows.row_of(wanted), 0)
        if lines:
            self.setCurrentIndex(self.rows.index(row, 0))
            self.scrollTo(self.rows.index(row, 0))
        self._settling = False
        self._tell()

    def choose(self, line_id: str) -> bool:
        """Put the cursor there; False when it is not among the rows."""
        row = self.rows.row_of(line_id)
        if row >= 0:
            self.setCurrentIndex(self.rows.index(row, 0))
        return row >= 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.current
        if event.key() in _ENTER and not event.modifiers() and current is not None:
            self._opened(current)
        elif event.text().strip() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.current is not None:
            self._opened(self.current)

    def _tell(self) -> None:
        if not self._settling:
            self._moved(self.current)


class TableOrNothing(QStackedWidget):
    """A table, or what is said where it has no rows; the keyboard stays with whichever is seen."""

    def __init__(self, table: QWidget, nothing: QWidget) -> None:
        super().__init__()
        nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._both = (table, nothing)
        for page in self._both:
            self.addWidget(page)
        self.setFocusProxy(table)

    def show_rows(self, there_are: bool) -> None:
        """The table when there are rows."""
        shown = self._both[0 if there_are else 1]
        had_keys = self.hasFocus() or any(page.hasFocus() for page in self._both)
        self.setFocusProxy(shown)
        self.setCurrentWidget(shown)
        if had_keys:
            self.take_keys()

    def take_keys(self) -> None:
        """The keyboard comes here."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


def bind(page: QWidget, screen: str, actions: dict[str, Callable[[], None]]) -> None:
    """The keys of ``screen`` act while the keyboard is in ``page``; fields keep their letters."""
    for row in keys.rows(screen):
        for key in row.keys if row.action in actions and row.screen == screen else ():
            made = QShortcut(QKeySequence(key), page)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(actions[row.action])
