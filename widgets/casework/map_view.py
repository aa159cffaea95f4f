"""Events on a map: plain coordinates with graticule and scale bar, over tiles where there are any.

Nothing is asked of a network: tiles are read from a folder in the usual layout z/x/y.png.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QMouseEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPolygonItem

from app.casework.graph import CaseFacts, EventFacts
from app.casework.mercator import (
    degrees_words,
    graticule,
    graticule_step,
    place,
    plane,
    scale_bar,
    tile_zoom,
    tiles,
)
from app.casework.timeline import Located
from widgets import theme
from widgets.casework.zoom_view import ZoomView

WORLD = 1_000_000.0
_KEPT_TILES = 200
_TILES_A_TIME = 6
_ENDINGS = (".png", ".jpg", ".jpeg")
_BAR_PX = 150.0
_SIZE = 8.0


class PlaceItem(QGraphicsPolygonItem):
    """An event; it keeps its size while the map is zoomed."""

    def __init__(self, event: EventFacts, case: CaseFacts) -> None:
        super().__init__(QPolygonF([QPointF(*p) for p in _shape(event)]))
        self.event, self.case = event, case
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setPos(_on_scene(event))
        self.setToolTip("\n".join(filter(None, (case.number, event.kind, event.day, event.place))))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setZValue(2)


class MapView(ZoomView):
    """``chosen`` is called with the event in hand."""

    def __init__(
        self, chosen: Callable[[EventFacts, CaseFacts], None], opened: Callable[[], None]
    ) -> None:
        super().__init__("places_map", "Map of the events of linked cases")
        self._chosen, self._opened = chosen, opened
        self.limits = (0.0006, 400.0)
        self.located = Located()
        self.items_shown: list[PlaceItem] = []
        self.current = -1
        self.tiles_folder: Path | None = None
        self._tiles: OrderedDict[tuple[int, int, int], QPixmap | None] = OrderedDict()
        self._deepest = 0
        self.setSceneRect(-WORLD, -WORLD, 3 * WORLD, 3 * WORLD)
        self.setViewportUpdateMode(ZoomView.ViewportUpdateMode.FullViewportUpdate)

    @property
    def largest_fit(self) -> float:
        """See ZoomView."""
        return 60.0

    def show_located(self, located: Located) -> None:
        """Draw them anew."""
        if located == self.located:
            return
        self.located = located
        self.current = -1
        self.redraw()
        self.show_at_first()

    def redraw(self) -> None:
        """In the colours of the look in use."""
        self.wear()
        scene, look = self.scene(), theme.colours()
        scene.clear()
        for one in self.located.lines:
            pen = QPen(QColor(look.text), 2.6 if one.state == "hit" else 1.4)
            pen.setCosmetic(True)
            if one.state != "hit":
                pen.setDashPattern([6, 5])
            a, b = _on_scene(one.start), _on_scene(one.end)
            scene.addLine(a.x(), a.y(), b.x(), b.y(), pen)
        self.items_shown = [PlaceItem(event, case) for event, case in self.located.moments]
        for item in self.items_shown:
            scene.addItem(item)
        self._colour_items()
        places = [item.pos() for item in self.items_shown]
        self.whole = _around(places) if places else QRectF()

    def use_tiles(self, folder: Path | None) -> None:
        """Read tiles from a folder, or from none."""
        self.tiles_folder = folder
        self._tiles.clear()
        self._deepest = max(zoom_levels(folder), default=0) if folder is not None else 0
        self.viewport().update()

    def step(self, by: int) -> None:
        """The next or previous event, in the order of the cases."""
        if self.items_shown:
            self.choose((self.current + by) % len(self.items_shown) if self.current >= 0 else 0)

    def choose(self, number: int) -> None:
        """Put an event in hand."""
        self.current = number
        self._colour_items()
        item = self.items_shown[number]
        self.show_point(item.pos())
        self._chosen(item.event, item.case)

    def point_of(self, number: int) -> QPointF:
        """Where an event is seen, in pixels of the view."""
        return QPointF(self.mapFromScene(self.items_shown[number].pos()))

    def show_point(self, point: QPointF) -> None:
        """Bring a point into sight, without changing the scale."""
        seen = self.viewport().rect().adjusted(40, 40, -40, -40)
        if not seen.contains(self.mapFromScene(point)):
            self.centerOn(point)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for item in self.items(event.position().toPoint()):
            if isinstance(item, PlaceItem):
                self.choose(self.items_shown.index(item))
                break
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if any(isinstance(i, PlaceItem) for i in self.items(event.position().toPoint())):
            self._opened()
        else:
            super().mouseDoubleClickEvent(event)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(QRectF(rect), QColor(theme.colours().ground))
        if self.tiles_folder is not None:
            self._draw_tiles(painter)

    def drawForeground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        painter.save()
        painter.resetTransform()
        self._draw_graticule(painter)
        self._draw_scale(painter)
        painter.restore()

    # --- parts -----------------------------------------------------------------------------
    def _colour_items(self) -> None:
        look = theme.colours()
        for number, item in enumerate(self.items_shown):
            chosen = number == self.current
            ink = QColor(look.accent if chosen else look.text)
            item.setPen(QPen(ink, 3.0 if chosen else 1.8))
            filled = item.event.outcome == "fatal"
            item.setBrush(QBrush(ink if filled else QColor(look.panel)))
            item.setZValue(3 if chosen else 2)

    def _seen(self) -> QRectF:
        """The part of the plane that is seen, 1 being all of it."""
        box = self.mapToScene(self.viewport().rect()).boundingRect()
        return QRectF(box.x() / WORLD, box.y() / WORLD, box.width() / WORLD, box.height() / WORLD)

    def _draw_tiles(self, painter: QPainter) -> None:
        seen = self._seen()
        zoom = tile_zoom(WORLD * self.scale_now, self._deepest)
        side, read = WORLD / 2**zoom, 0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for x, y in tiles(seen.left(), seen.top(), seen.right(), seen.bottom(), zoom):
            key = (zoom, x, y)
            if key not in self._tiles:
                if read >= _TILES_A_TIME:
                    self.viewport().update()  # the rest when the window is drawn again
                    break
                self._keep_tile(key)
                read += 1
            pixmap = self._tiles[key]
            if pixmap is not None:
                box = QRectF(x * side, y * side, side, side)
                painter.drawPixmap(box, pixmap, QRectF(pixmap.rect()))

    def _keep_tile(self, key: tuple[int, int, int]) -> None:
        zoom, x, y = key
        folder = (self.tiles_folder or Path()) / str(zoom) / str(x)
        found = next((p for e in _ENDINGS if (p := folder / f"{y}{e}").is_file()), None)
        pixmap = QPixmap(str(found)) if found is not None else QPixmap()
        self._tiles[key] = None if pixmap.isNull() else pixmap
        while len(self._tiles) > _KEPT_TILES:
            self._tiles.popitem(last=False)

    def _draw_graticule(self, painter: QPainter) -> None:
        seen, look = self._seen(), theme.colours()
        north, west = place(max(seen.left(), 0.0), max(seen.top(), 0.0))
        south, east = place(min(seen.right(), 1.0), min(seen.bottom(), 1.0))
        step = graticule_step(max(east - west, 1e-6))
        painter.setPen(QPen(QColor(look.line), 1, Qt.PenStyle.DotLine))
        width, height = self.viewport().width(), self.viewport().height()
        labels: list[tuple[int, int, str]] = []
        for longitude in graticule(west, east, step):
            x = self.mapFromScene(QPointF(plane(0, longitude)[0] * WORLD, 0)).x()
            painter.drawLine(x, 0, x, height)
            labels.append((x + 3, height - 5, degrees_words(longitude, "EW")))
        for latitude in graticule(south, north, step):
            y = self.mapFromScene(QPointF(0, plane(latitude, 0)[1] * WORLD)).y()
            painter.drawLine(0, y, width, y)
            labels.append((4, y - 3, degrees_words(latitude, "NS")))
        self._small_font(painter)
        for x, y, words in labels:
            self._haloed(painter, x, y, words, QColor(look.dim))

    def _draw_scale(self, painter: QPainter) -> None:
        seen = self._seen()
        latitude, _ = place(seen.center().x(), min(max(seen.center().y(), 0.0), 1.0))
        length, words = scale_bar(WORLD * self.scale_now, latitude, _BAR_PX)
        right, y = self.viewport().width() - 16, self.viewport().height() - 26
        left = right - round(length)
        painter.setPen(QPen(QColor(theme.colours().ground), 6))
        painter.drawLine(left, y, right, y)
        painter.setPen(QPen(QColor(theme.colours().text), 2))
        for ends in ((left, y, right, y), (left, y - 5, left, y + 5), (right, y - 5, right, y + 5)):
            painter.drawLine(*ends)
        self._small_font(painter)
        self._haloed(painter, left + 4, y - 8, words, QColor(theme.colours().text))

    def _small_font(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)

    def _haloed(self, painter: QPainter, x: int, y: int, words: str, ink: QColor) -> None:
        painter.setPen(QColor(theme.colours().ground))
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawText(x + dx, y + dy, words)
        painter.setPen(ink)
        painter.drawText(x, y, words)


def zoom_levels(folder: Path) -> list[int]:
    """The levels that a folder has tiles of; none where it cannot be read."""
    try:
        return [int(one.name) for one in folder.iterdir() if one.name.isdecimal()]
    except OSError:
        return []


def _on_scene(event: EventFacts) -> QPointF:
    x, y = plane(event.latitude or 0.0, event.longitude or 0.0)
    return QPointF(x * WORLD, y * WORLD)


def _around(points: list[QPointF]) -> QRectF:
    """All points with some room; a single one with about two kilometres around it."""
    xs, ys = [p.x() for p in points], [p.y() for p in points]
    room = max(max(xs) - min(xs), max(ys) - min(ys), 40.0) * 0.15
    box = QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys)))
    return box.adjusted(-room, -room, room, room)


def _shape(event: EventFacts) -> list[tuple[float, float]]:
    """The outline of its sign; see EVENT_SIGNS."""
    r = _SIZE
    if event.outcome == "fatal":
        return [(0, -r * 1.2), (r * 1.2, 0), (0, r * 1.2), (-r * 1.2, 0)]
    if event.outcome == "non-fatal":
        turns = (2 * pi * part / 24 for part in range(24))
        return [(r * cos(turn), r * sin(turn)) for turn in turns]
    if event.kind.startswith("shots"):
        return [(0, -r * 1.1), (r, r * 0.8), (-r, r * 0.8)]
    if event.kind == "recovery":
        return [(-r * 0.8, -r * 0.8), (r * 0.8, -r * 0.8), (r * 0.8, r * 0.8), (-r * 0.8, r * 0.8)]
    return _cross(r)


def _cross(r: float) -> list[tuple[float, float]]:
    """A lying cross of two broad strokes."""
    near, far = 0.35 * r, 0.65 * r
    right = [(0.0, near), (far, r), (r, far), (near, 0.0), (r, -far), (far, -r), (0.0, -near)]
    return [*right, *((-x, y) for x, y in reversed(right[1:-1]))]
