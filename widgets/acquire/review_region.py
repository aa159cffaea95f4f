"""A captured picture in the place of the live one, with its region to be corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter

from app.domain import Acquired, CaseheadError, Circle, Region
from app.workbench import Workbench
from widgets import theme
from widgets.acquire import circles
from widgets.acquire.circles import Handle, Which
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.acquire.station import Station
from widgets.common.images import Shown, fitted, paint_words, to_image

SIDE_PX = 1600
_LEAVE = "Go back to the live picture first (Esc); then capture."


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    acquired: Acquired
    pixels: Shown
    region: Region | None
    sentence: str = ""


def _read(workbench: Workbench, acquired_id: str) -> _Picture:
    acquired = workbench.provenance(acquired_id).acquired
    pixels = workbench.thumbnail(acquired_id, SIDE_PX)
    try:
        return _Picture(acquired, pixels, workbench.region(acquired_id))
    except CaseheadError as error:
        return _Picture(acquired, pixels, None, str(error))


class _Keys(QObject):
    """Enter and Esc, while ``open`` says that a captured picture is seen."""

    def __init__(
        self,
        parent: QObject,
        open_: Callable[[], bool],
        keep: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._open = open_
        self._does = {Qt.Key.Key_Return: keep, Qt.Key.Key_Enter: keep, Qt.Key.Key_Escape: leave}

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keeps them from whoever else they do something for on the picture."""
        if not isinstance(event, QKeyEvent) or not self._open():
            return False
        act = self._does.get(Qt.Key(event.key()))
        if act is None:
            return False
        if event.type() is QEvent.Type.KeyPress:
            act()
        event.accept()
        return event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class RegionReview(LiveOverlay):
    """A picture of the filmstrip with its circles; Enter keeps what was dragged, Esc goes back."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._picture: _Picture | None = None
        self._image: QImage | None = None
        self._drawn: dict[Which, Circle] = {}
        self._held: Handle | None = None
        self._asked = ""
        station.on_chosen(self.show)
        station.before_keeping.append(lambda _: _LEAVE if self.open else "")
        keys = _Keys(station.live, lambda: self.open, self.keep, self.leave)
        station.live.installEventFilter(keys)
        station.live.add_overlay(self)

    @property
    def open(self) -> bool:
        """Whether a captured picture hides the live one."""
        return self._picture is not None

    @property
    def drawn(self) -> dict[Which, Circle]:
        """The circles as they are seen."""
        return self._drawn

    @property
    def changed(self) -> bool:
        """Whether there is something to keep."""
        return self.open and self._drawn != self._kept()

    def show(self, acquired_id: str) -> None:
        """Show that picture of the filmstrip; "" goes back."""
        self._asked = acquired_id
        if not acquired_id:
            self._take(None)
            return
        workbench = self._station.workbench
        self._station.bridge.run(
            lambda: _read(workbench, acquired_id),
            lambda found: self._take(found) if acquired_id == self._asked else None,
            owner=self._station,
        )

    def leave(self) -> None:
        """First what was dragged is dropped, then the live picture comes back."""
        if self.changed:
            self._drawn = self._kept()
            self._station.live.update()
        else:
            self.show("")

    def keep(self) -> None:
        """Record the region as it is drawn."""
        picture, outer = self._picture, self._drawn.get("outer")
        if picture is None or outer is None or not self.changed:
            return
        workbench, inner = self._station.workbench, self._drawn.get("inner")
        acquired_id = picture.acquired.id
        self._station.bridge.run(
            lambda: workbench.correct_region(acquired_id, outer, inner),
            lambda _: self._recorded(acquired_id),
            owner=self._station,
        )

    def _recorded(self, acquired_id: str) -> None:
        self._station.tell("The region is recorded; the image is searched again with it.")
        if acquired_id == self._asked:
            self.show(acquired_id)

    def _take(self, picture: _Picture | None) -> None:
        self._picture = picture
        self._image = None if picture is None else to_image(picture.pixels)
        self._drawn = self._kept()
        if picture is not None and picture.sentence:
            self._station.tell(picture.sentence, attention=True)
        self._station.live.update()

    def _kept(self) -> dict[Which, Circle]:
        region = None if self._picture is None else self._picture.region
        if region is None:
            return {}
        inner: dict[Which, Circle] = {} if region.inner is None else {"inner": region.inner}
        return {"outer": region.outer, **inner}

    # --- the picture -----------------------------------------------------------------------
    def _as_seen(self, seen: Seen) -> Seen | None:
        """The stored picture where it is drawn: in the place of the live one."""
        picture, view = self._picture, QRectF(self._station.live.rect())
        if picture is None:
            return None
        acquired = picture.acquired
        rect = fitted(acquired.width, acquired.height, view)
        return _Still(seen.frame, acquired.pixel_um, rect, acquired.width)

    def paint(self, painter: QPainter, seen: Seen) -> None:
        """The stored picture over everything, with its circles."""
        still = self._as_seen(seen)
        if still is None or self._image is None or self._picture is None:
            return
        painter.fillRect(self._station.live.rect(), QColor(theme.EVIDENCE))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(still.rect, self._image)
        colour = theme.ACCENT_ON_EVIDENCE
        region = self._picture.region
        drawn = self.changed or (region is not None and region.source == "examiner")
        circles.paint(painter, still, self._drawn, colour, handles=True, bold=drawn)
        words = "CAPTURED PICTURE  (Esc: back to the live one)"
        if self.changed:
            words = "Enter keeps this region, Esc goes back"
        paint_words(painter, still.rect.topLeft() + QPointF(16, 26), words, theme.AMBER_ON_EVIDENCE)

    def press(self, seen: Seen, at: QPointF) -> bool:
        """Takes hold of a handle; nothing below is reached."""
        still = self._as_seen(seen)
        if still is None:
            return False
        known = still.pixel_um is not None and not self._station.workbench.read_only
        self._held = circles.under(still, self._drawn, at) if known else None
        return True

    def move(self, seen: Seen, at: QPointF) -> None:
        """Drags it."""
        still = self._as_seen(seen)
        if still is None or self._held is None:
            return
        which = self._held[0]
        self._drawn = {
            **self._drawn,
            which: circles.dragged(still, self._drawn[which], self._held, at),
        }

    def release(self, seen: Seen, at: QPointF) -> None:
        """Lets go."""
        self._held = None

    def cursor(self, seen: Seen, at: QPointF) -> Qt.CursorShape | None:
        """A cross of arrows over a handle."""
        still = self._as_seen(seen)
        if still is None:
            return None
        over = circles.under(still, self._drawn, at) if still.pixel_um is not None else None
        return Qt.CursorShape.ArrowCursor if over is None else Qt.CursorShape.SizeAllCursor


@dataclass(frozen=True, slots=True, eq=False)
class _Still(Seen):
    """As ``Seen``, of a stored picture ``columns`` wide."""

    columns: int = 1

    @property
    def px(self) -> float:
        """Pixels of the stored picture that one of the screen is."""
        return self.columns / max(self.rect.width(), 1e-6)
