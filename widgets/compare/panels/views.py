"""The panel of saved views: kept under a name, opened again as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import SavedView
from app.workbench.views_kept import FLAGGED
from widgets import theme
from widgets.compare.desk import Desk
from widgets.compare.panels.conclude import heading, hint
from widgets.compare.panels.keyed_list import KeyedList

_LINES_HIGH = 132
_READ_ONLY = "This casebook is open for reading only; views cannot be changed."


@dataclass(frozen=True, slots=True)
class ViewCalls:
    """What the panel asks for; views by their ids."""

    save: Callable[[str], None] = lambda _name: None
    open: Callable[[str], None] = lambda _id: None
    rename: Callable[[str, str], None] = lambda _id, _name: None
    report: Callable[[str, bool], None] = lambda _id, _in_report: None
    withdraw: Callable[[str], None] = lambda _id: None


class ViewsPanel(QWidget):
    """Saved views of the pair, ticked where they go into the report; ``calls`` carries out."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("views_panel")
        self.calls = ViewCalls()
        self._views: tuple[SavedView, ...] = ()
        self._writable = True
        self._name = QLineEdit()
        self._name.setObjectName("view_name")
        self._name.setAccessibleName("Name of the view to save")
        self._name.setToolTip("Name of the view to save; without one it gets a number")
        self._name.setPlaceholderText("name of this view")
        self._name.returnPressed.connect(self._save_named)
        self._save = _button("Save", "view_save", "Keep this view under a name (Shift+S)")
        self._save.clicked.connect(self._save_named)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(self._save)
        what = "Saved views; ticked ones go into the report"
        tip = "Enter opens, Space takes into the report or out, R renames, Del withdraws"
        self._list = KeyedList("view_list", what, tip, self._key)
        self._list.setFixedHeight(_LINES_HIGH)
        self._list.itemChanged.connect(self._item_changed)
        self._list.itemDoubleClicked.connect(lambda item: self._call(self.calls.open, item))
        self._list.currentRowChanged.connect(lambda _: self._enable())
        self._open = _button("Open", "view_open", "See it as it was saved (Enter)")
        self._open.clicked.connect(lambda: self._call(self.calls.open))
        self._rename = _button("Rename", "view_rename", "Give it another name (R)")
        self._rename.clicked.connect(self._edit)
        self._withdraw = _button(
            "Withdraw", "view_withdraw", "Take it out of use; it stays on the record (Del)"
        )
        self._withdraw.clicked.connect(lambda: self._call(self.calls.withdraw))
        buttons = QHBoxLayout()
        for button in (self._open, self._rename, self._withdraw):
            buttons.addWidget(button)
        self._empty = hint("Views worth keeping are saved here; ticked ones go into the report.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading("Saved views"))
        layout.addLayout(row)
        layout.addWidget(self._list)
        layout.addLayout(buttons)
        layout.addWidget(self._empty)
        self.show_views(())

    def show_desk(self, desk: Desk) -> None:
        """The views come by ``show_views``."""

    def set_writable(self, writable: bool) -> None:
        """Whether views can be saved and changed."""
        self._writable = writable
        self._name.setEnabled(writable)
        self._save.setEnabled(writable)
        self._save.setToolTip("Keep this view under a name (Shift+S)" if writable else _READ_ONLY)
        self._enable()

    def show_views(self, views: tuple[SavedView, ...], chosen: str = "") -> None:
        """The views in use; ``chosen`` is the id of the one in hand."""
        chosen = chosen or self._chosen()
        self._views = views
        self._list.blockSignals(True)
        self._list.clear()
        for view in views:
            self._list.addItem(_item(view))
        ids = [view.id for view in views]
        self._list.setCurrentRow(ids.index(chosen) if chosen in ids else -1)
        self._list.blockSignals(False)
        self._list.setVisible(bool(views))
        for button in (self._open, self._rename, self._withdraw):
            button.setVisible(bool(views))
        self._empty.setVisible(not views)
        self._enable()

    def clear_name(self) -> None:
        """The name was used."""
        self._name.clear()

    def _chosen(self) -> str:
        row = self._list.currentRow()
        return self._views[row].id if 0 <= row < len(self._views) else ""

    def _enable(self) -> None:
        held = bool(self._chosen())
        self._open.setEnabled(held)
        self._rename.setEnabled(held and self._writable)
        self._withdraw.setEnabled(held and self._writable)

    def _save_named(self) -> None:
        self.calls.save(self._name.text())

    def _call(self, what: Callable[[str], None], item: QListWidgetItem | None = None) -> None:
        if item is not None:
            self._list.setCurrentItem(item)
        if self._chosen():
            what(self._chosen())

    def _edit(self) -> None:
        item = self._list.currentItem()
        if item is not None and self._writable:
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
            self._list.editItem(item)

    def _item_changed(self, item: QListWidgetItem) -> None:
        """A tick or a name was changed in the list."""
        view = self._views[self._list.row(item)]
        ticked = item.checkState() == Qt.CheckState.Checked
        if not self._writable:
            self.show_views(self._views)
            return
        if ticked != view.in_report:
            self.calls.report(view.id, ticked)
        if item.text() != view.name:
            self.calls.rename(view.id, item.text())

    def _key(self, event: QKeyEvent) -> bool:
        """Keys of the list; Space ticks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._call(self.calls.open)
        elif event.key() == Qt.Key.Key_R:
            self._edit()
        elif event.key() == Qt.Key.Key_Delete and self._writable:
            self._call(self.calls.withdraw)
        else:
            return False
        return True


def _item(view: SavedView) -> QListWidgetItem:
    item = QListWidgetItem(view.name)
    flag = Qt.ItemFlag
    item.setFlags(
        flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable | flag.ItemIsEditable
    )
    item.setCheckState(Qt.CheckState.Checked if view.in_report else Qt.CheckState.Unchecked)
    who = view.author.examiner if view.author else ""
    flags = [str(line) for line in view.view.get(FLAGGED, ())]
    item.setToolTip(
        f"{view.name}, saved {view.recorded_at[:16].replace('T', ' ')} UTC by {who}; "
        f"{'in the report' if view.in_report else 'not in the report'}"
        + "".join(f"\n{line}" for line in flags)
    )
    if flags:
        item.setIcon(theme.icon("mdi6.flag-outline", theme.colours().amber))
    return item


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setStyleSheet("padding: 4px 4px")
    return button
