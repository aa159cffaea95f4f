"""What was captured of the mark, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from app.domain import Acquired
from app.workbench import Workbench
from widgets.common.images import Shown, to_image

SIDE_PX = 150
LENGTH = 24


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A picture of the strip."""

    acquired: Acquired
    pixels: Shown


def strip_of(workbench: Workbench, mark_id: str) -> tuple[Strip, ...]:
    """The newest pictures of a mark."""
    found = [
        acquired
        for case in workbench.tree()
        for exhibit in case.exhibits
        for cartridge_case in exhibit.cartridge_cases
        for mark in cartridge_case.marks
        for acquired in mark.acquired
        if mark.mark.id == mark_id
    ]
    newest = list(reversed(found))[:LENGTH]
    return tuple(Strip(a, workbench.thumbnail(a.id, SIDE_PX)) for a in newest)


class Filmstrip(QListWidget):
    """``opened(acquired id)`` is called for a double click or Enter."""

    def __init__(self, opened: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("filmstrip")
        self.setAccessibleName("Captured images of this mark, newest first")
        self.setToolTip("Enter shows the image in the casebook")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(116, 87))
        self.setSpacing(4)
        self.setFixedHeight(132)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(lambda item: opened(item.data(Qt.ItemDataRole.UserRole)))

    def show_strip(self, strips: tuple[Strip, ...]) -> None:
        """Show these, in this order."""
        self.clear()
        for strip in strips:
            icon = QIcon(QPixmap.fromImage(to_image(strip.pixels)))
            item = QListWidgetItem(icon, _words(strip.acquired))
            item.setData(Qt.ItemDataRole.UserRole, strip.acquired.id)
            item.setToolTip(f"{strip.acquired.record.captured_at}  {strip.acquired.record.camera}")
            self.addItem(item)


def _words(acquired: Acquired) -> str:
    at = acquired.record.captured_at[11:19]
    scale = "" if acquired.searchable else "  no scale"
    return f"{at} {acquired.record.light}{scale}"
