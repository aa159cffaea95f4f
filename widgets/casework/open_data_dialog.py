"""Open data: everything that would go out is seen before it is written."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.casework.open_data import OpenData
from app.domain import CaseheadError
from app.workbench import Workbench
from app.workbench.linking import Written
from widgets.bridge import Bridge
from widgets.common.parts import button, label, row

AskFolder = Callable[[QWidget, str], Path | None]
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Lines(QAbstractTableModel):
    """The lines of a CSV file as they will be written."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns, *self._lines = csv.reader(StringIO(text))

    def rowCount(self, _parent: Index = _NOWHERE) -> int:
        return len(self._lines)

    def columnCount(self, _parent: Index = _NOWHERE) -> int:
        return len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return self._lines[index.row()][index.column()] if role in shown else None

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        across = way == Qt.Orientation.Horizontal
        return self._columns[section] if across and role == Qt.ItemDataRole.DisplayRole else None


class OpenDataDialog(QDialog):
    """A tab for each file, what was held back, and only then the way out."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, parent: QWidget, ask_folder: AskFolder
    ) -> None:
        super().__init__(parent)
        self.setObjectName("open_data")
        self.setWindowTitle("Open data: look through it before it is written")
        self.resize(780, 560)
        self._workbench, self._bridge, self._ask_folder = workbench, bridge, ask_folder
        self.shown: OpenData | None = None
        self._says = label("Working out what may go out ...", "", "open_data_says", wrap=True)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("open_data_files")
        self._write = button(
            "Write ...",
            "open_data_write",
            "Write these files into a folder",
            self.write,
            primary=True,
        )
        self._write.setEnabled(False)
        close = button("Close", "open_data_close", "Write nothing (Esc)", self.reject)
        buttons = row(close, self._write)
        buttons.insertStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(self._says)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(buttons)

    def open_preview(self) -> None:
        """Show the dialog and what would go out."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()
        self._bridge.run(self._workbench.open_data, self._show, self._refused, self, long=True)

    def write(self) -> None:
        """Ask where to, and write what is shown."""
        shown = self.shown
        folder = self._ask_folder(self, "Folder for the open data") if shown else None
        if shown is None or folder is None:
            return
        self._write.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.write_open_data(shown, folder),
            self._written,
            self._refused,
            self,
            long=True,
        )

    def _show(self, shown: OpenData) -> None:
        self.shown = shown
        self._says.setText("\n".join(shown.told))
        for name, text in shown.files:
            self.tabs.addTab(self._page(name, text), name)
        self._write.setEnabled(not self._workbench.read_only)

    def _page(self, name: str, text: str) -> QWidget:
        if not name.endswith(".csv"):
            page = QPlainTextEdit(text.replace("\r\n", "\n\n").strip())
            page.setReadOnly(True)
            page.setAccessibleName(name)
            return page
        table = QTableView()
        table.setAccessibleName(name)
        table.setModel(Lines(text, table))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setWordWrap(False)
        mode = QHeaderView.ResizeMode.ResizeToContents
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.horizontalHeader().setResizeContentsPrecision(50)
        table.horizontalHeader().setSectionResizeMode(mode)
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def _written(self, written: Written) -> None:
        self._bridge.tell(written.sentence)
        self.accept()

    def _refused(self, error: CaseheadError) -> None:
        self._says.setText(str(error))
        self._write.setEnabled(self.shown is not None)
