"""What was captured of the mark, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from app.capture.quality import Quality
from app.domain import Acquired, CaseheadError
from app.workbench import Workbench
from widgets.acquire.verdicts import said_of, with_sign
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
    newest = workbench.pictures_of(mark_id)[::-1][:LENGTH]
    return tuple(Strip(a, workbench.thumbnail(a.id, SIDE_PX)) for a in newest)


class Filmstrip(QListWidget):
    """``opened(acquired id)`` is called for a double click or Enter, ``chosen`` for a picture."""

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
        self.chosen: Callable[[Acquired], None] = lambda _: None
        self._strips: tuple[Strip, ...] = ()
        self.itemClicked.connect(lambda item: self._choose(self.row(item)))
        self.currentRowChanged.connect(self._choose)
        self.itemActivated.connect(lambda item: opened(item.data(Qt.ItemDataRole.UserRole)))

    def show_strip(self, strips: tuple[Strip, ...]) -> None:
        """Show these, in this order."""
        self._strips = ()
        self.clear()
        for strip in strips:
            quality = quality_in(strip.acquired)
            picture = QPixmap.fromImage(to_image(strip.pixels))
            if quality is not None:
                picture = with_sign(picture, quality.verdict)
            item = QListWidgetItem(QIcon(picture), _words(strip.acquired, quality))
            item.setData(Qt.ItemDataRole.UserRole, strip.acquired.id)
            item.setToolTip(_tip(strip.acquired, quality))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _tip(strip.acquired, quality))
            self.addItem(item)
        self._strips = strips

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._strips):
            self.chosen(self._strips[number].acquired)


def quality_in(acquired: Acquired) -> Quality | None:
    """What its capture record says of its quality; None for what was not captured here."""
    kept = acquired.record.settings.get("quality")
    try:
        return Quality.from_json(kept) if isinstance(kept, dict) else None
    except CaseheadError:
        return None


def _words(acquired: Acquired, quality: Quality | None) -> str:
    at = acquired.record.captured_at[11:19]
    scale = "  no scale" if acquired.pixel_um is None else ""
    redo = "  redo" if quality is not None and quality.verdict == "redo" else ""
    return f"{at} {acquired.record.light}{scale}{redo}"


def _tip(acquired: Acquired, quality: Quality | None) -> str:
    said = f"{acquired.record.captured_at}  {acquired.record.camera}"
    return said if quality is None else f"{said}\n{said_of(quality)}"
