"""The previous specimen's picture of the same step over the live one, to place this one alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.domain import Light, MarkKind
from app.workbench import Workbench
from widgets import theme
from widgets.acquire import circles
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.acquire.station import Station
from widgets.common.images import Shown, to_image

SETTING = "acquire_ghost"
SIDE_PX = 1200
STEPS = (0.15, 0.25, 0.35, 0.5, 0.65, 0.8)
Step = tuple[str, MarkKind, Light]
"""Cartridge case, mark and light."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An earlier picture, ``size_um`` wide and high."""

    name: str
    pixels: Shown
    size_um: tuple[float, float]


def picture_before(workbench: Workbench, step: Step) -> Picture | None:
    """The one to be laid over; None where there is none yet."""
    found = workbench.picture_before(*step)
    if found is None:
        return None
    place = workbench.provenance(found)
    size_um = place.acquired.width, place.acquired.height
    pixel_um = place.acquired.pixel_um or 1.0
    pixels = workbench.thumbnail(found, SIDE_PX)
    return Picture(place.name, pixels, (size_um[0] * pixel_um, size_um[1] * pixel_um))


class Ghost(LiveOverlay):
    """Off until turned on; that and how strong it is are remembered. ``changed`` hears of both.

    Both pictures have the same micrometres per pixel of the screen, and their middles coincide.
    """

    def __init__(self, station: Station, step: Callable[[], Step | None]) -> None:
        self._station, self._step = station, step
        self.changed: Callable[[], None] = lambda: None
        kept = station.workbench.setting(SETTING, {})
        kept = kept if isinstance(kept, dict) else {}
        self.on = kept.get("on") is True
        opacity = kept.get("opacity")
        self.opacity = opacity if opacity in STEPS else STEPS[2]
        self._picture: Picture | None = None
        self._image: QImage | None = None
        self._scaled: QImage | None = None
        self._of: Step | None = None
        self.hidden: Callable[[], bool] = lambda: False
        station.actions |= {
            "ghost": self.turn,
            "ghost more": lambda: self._by(1),
            "ghost less": lambda: self._by(-1),
        }
        station.live.add_overlay(self)

    @property
    def words(self) -> str:
        """Whose picture it is, or that there is none."""
        if not self.on:
            return ""
        if self._picture is None:
            return "No earlier picture of this step yet."
        return f"Ghost of {self._picture.name}"

    def turn(self) -> None:
        """Show it, or do not."""
        self.on = not self.on
        self._remember()

    def set_opacity(self, opacity: float) -> None:
        """The nearest of STEPS; it is shown from now on."""
        self.opacity, self.on = min(STEPS, key=lambda step: abs(step - opacity)), True
        self._remember()

    def look_again(self) -> None:
        """Another step, or other pictures."""
        step = self._step() if self.on else None
        if step == self._of:
            return
        self._of = step
        self._show(None)
        if step is None:
            return
        workbench = self._station.workbench
        self._station.bridge.run(
            lambda: picture_before(workbench, step),
            lambda found: self._show(found) if step == self._of else None,
            owner=self._station,
            long=True,
        )

    def paint(self, painter: QPainter, seen: Seen) -> None:
        """Over the live picture, middle on middle."""
        if not self.on or self.hidden():
            return
        um_per_px = (seen.pixel_um or 0.0) * seen.px
        if self._picture is not None and um_per_px > 0:
            self._paint_picture(painter, seen, self._picture, um_per_px)
        room = seen.rect.intersected(QRectF(self._station.live.rect()))
        circles.say(painter, room, self.words, 2, theme.AMBER_ON_EVIDENCE)

    def _paint_picture(
        self, painter: QPainter, seen: Seen, picture: Picture, um_per_px: float
    ) -> None:
        width, height = (um / um_per_px for um in picture.size_um)
        middle = seen.rect.center()
        place = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        painter.setClipRect(seen.rect)
        painter.setOpacity(self.opacity)
        painter.drawImage(place, self._in_size(place))
        painter.setOpacity(1.0)

    def _in_size(self, place: QRectF) -> QImage:
        """Scaled once for many frames; larger than the screen only while painting."""
        image, size = self._image or QImage(), place.size().toSize()
        if size.width() > image.width():
            return image
        if self._scaled is None or self._scaled.size() != size:
            ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._scaled = image.scaled(size, *ways)
        return self._scaled

    def _by(self, step: int) -> None:
        at = STEPS.index(self.opacity) + step
        self.set_opacity(STEPS[min(max(at, 0), len(STEPS) - 1)])

    def _remember(self) -> None:
        kept = {"on": self.on, "opacity": self.opacity}
        workbench = self._station.workbench
        self._station.bridge.run(lambda: workbench.set_setting(SETTING, kept))
        self.look_again()
        self._station.live.update()
        self.changed()

    def _show(self, picture: Picture | None) -> None:
        self._picture = picture
        self._image = None if picture is None else to_image(picture.pixels)
        self._scaled = None
        self._station.live.update()
        self.changed()
