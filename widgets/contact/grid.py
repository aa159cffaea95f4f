"""Tiles in rows under each other: only those in sight are drawn, one of them has the cursor."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip

from app.domain import Review
from widgets import theme
from widgets.contact.look import Look
from widgets.contact.tiles import Entry, Tile

GAP, CAPTION = 8, 40
_NAME_LINE = 18

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: -(10**9),
    Qt.Key.Key_End: 10**9,
}
_LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_HELD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.AltModifier
)


class Grid(QAbstractScrollArea):
    """``tile(entry)`` gives what is drawn of an entry.

    ``moved(index)`` is called for the cursor, ``opened()`` for Enter and a double click,
    ``scrolled()`` when other entries come into sight, ``zoomed(factor)`` and ``panned(dx, dy)``
    (pixels of the screen) for Ctrl and the wheel, and for a drag.
    """

    def __init__(
        self,
        tile: Callable[[Entry], Tile | None],
        moved: Callable[[int], None],
        opened: Callable[[], None],
        scrolled: Callable[[], None],
        zoomed: Callable[[float], None],
        panned: Callable[[float, float], None],
    ) -> None:
        super().__init__()
        self.setObjectName("contact_grid")
        self.setAccessibleName("Contact sheet: candidates aligned to the query")
        self._tile, self._moved, self._opened = tile, moved, opened
        self._scrolled, self._zoomed, self._panned = scrolled, zoomed, panned
        self._entries: tuple[Entry, ...] = ()
        self._current = -1
        self._columns = 4
        self._look: Look | None = None
        self._last: QPointF | None = None
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._has_scrolled())
        self.viewport().setAutoFillBackground(False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return self._entries

    @property
    def current(self) -> int:
        """Where the cursor is, -1 when there is nothing."""
        return self._current

    @property
    def columns(self) -> int:
        """How many tiles stand beside each other."""
        return self._columns

    @property
    def tile_px(self) -> int:
        """The side of a tile's picture, in pixels of the widget."""
        room = self.viewport().width() - GAP
        return max(room // self._columns - GAP, 24)

    @property
    def in_sight(self) -> tuple[Entry, ...]:
        """The entries seen now and then those of the next row, in the order they are wanted."""
        step = self.tile_px + CAPTION + GAP
        top = self.verticalScrollBar().value()
        first = max((top - GAP) // step, 0) * self._columns
        last = ceil((top + self.viewport().height()) / step) * self._columns
        return self._entries[first : last + self._columns]

    def set_columns(self, columns: int) -> None:
        """Fewer are larger."""
        self._columns = min(max(columns, 1), 12)
        self._lay_out()

    def show_entries(self, entries: tuple[Entry, ...], current: int, look: Look) -> None:
        """These, with the cursor on the one of this number."""
        moved = current != self._current or len(entries) != len(self._entries)
        self._entries, self._current, self._look = entries, current, look
        self._lay_out()
        if moved:
            self._to_current()

    def show_look(self, look: Look) -> None:
        """All tiles are wanted so now; until they are drawn, old ones stand in, scaled."""
        self._look = look
        self.viewport().update()

    def rect_of(self, index: int) -> QRect:
        """The picture of an entry on the viewport."""
        line, column = divmod(index, self._columns)
        side = self.tile_px
        top = GAP + line * (side + CAPTION + GAP) - self.verticalScrollBar().value()
        return QRect(GAP + column * (side + GAP), top, side, side)

    def index_at(self, at: QPoint) -> int:
        """The entry under a point, -1 when there is none."""
        for index in range(len(self._entries)):
            if self.rect_of(index).adjusted(0, 0, 0, CAPTION).contains(at):
                return index
        return -1

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    # --- what it is told -------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & _HELD:
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._opened()
        elif key in _STEPS:
            self._go(_STEPS[key])
        elif key in _LINES:
            self._go(_LINES[key] * self._columns)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            lines = max(self.viewport().height() // (self.tile_px + CAPTION + GAP), 1)
            way = 1 if key == Qt.Key.Key_PageDown else -1
            self._go(way * lines * self._columns)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._last, self._dragged = event.position(), False
            index = self.index_at(event.position().toPoint())
            if index >= 0:
                self._moved(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is None:
            return
        way = event.position() - self._last
        if self._dragged or way.manhattanLength() >= QApplication.startDragDistance():
            self._dragged = True
            self._last = event.position()
            self._panned(way.x(), way.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.index_at(event.position().toPoint()) >= 0:
            self._opened()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoomed(1.15 ** (event.angleDelta().y() / 120))
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self._to_current()

    def viewportEvent(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.index_at(event.pos())
            words = spoken(self._entries[index], self._tile) if index >= 0 else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return bool(super().viewportEvent(event))  # type: ignore[arg-type]

    # --- painting --------------------------------------------------------------------------
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(theme.colours().ground))
        for index, entry in enumerate(self._entries):
            rect = self.rect_of(index)
            if rect.bottom() + CAPTION < 0:
                continue
            if rect.top() > self.viewport().height():
                break
            paint_tile(painter, rect, entry, self._tile(entry), self._look)
            paint_caption(painter, rect, entry)
            if index == self._current:
                painter.setPen(QPen(QColor(theme.colours().accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(-3, -3, 2, CAPTION - 2))

    def _go(self, steps: int) -> None:
        if self._entries:
            last = len(self._entries) - 1
            there = self._current + steps
            # a step of a line that leads past the end stays in its column
            if abs(steps) < 10**6 and not 0 <= there <= last and abs(steps) != 1:
                return
            self._moved(min(max(there, 0), last))

    def _lay_out(self) -> None:
        lines = ceil(len(self._entries) / self._columns)
        step = self.tile_px + CAPTION + GAP
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(step // 4, 1))
        bar.setRange(0, max(lines * step + GAP - self.viewport().height(), 0))
        self._has_scrolled()

    def _to_current(self) -> None:
        """The whole tile of the cursor in sight."""
        if self._current < 0:
            return
        rect = self.rect_of(self._current).adjusted(0, -GAP, 0, CAPTION + GAP)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if rect.top() < 0 or rect.height() > height:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() > height:
            bar.setValue(bar.value() + rect.bottom() - height)

    def _has_scrolled(self) -> None:
        self.viewport().update()
        self._scrolled()


def spoken(entry: Entry, tile: Callable[[Entry], Tile | None]) -> str:
    """An entry in one sentence; why there is no picture, where there is none."""
    if entry.is_query:
        return f"Query: {entry.name}"
    drawn = tile(entry)
    refusal = f"\n{drawn.refusal}" if drawn is not None and drawn.refusal else ""
    others = f", {entry.others}" if entry.others else ""
    said = f"Candidate {entry.rank}: {entry.name}, {entry.about}{others}, {entry.review}"
    return said + refusal


def paint_tile(
    painter: QPainter, rect: QRect, entry: Entry, tile: Tile | None, look: Look | None
) -> None:
    """The picture; one of an earlier look is scaled and moved to where it will be."""
    painter.fillRect(rect, QColor(theme.EVIDENCE))
    if tile is None or look is None:
        return
    if tile.image is None:
        painter.setPen(QColor(theme.DIM_ON_EVIDENCE))
        words = f"Cannot be shown. {tile.refusal}"
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(10, 10, -10, -10), int(flags), words)
        return
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if entry.review is Review.DISMISSED:
        painter.setOpacity(0.45)
    painter.drawImage(_target(rect, tile, look), tile.image)
    painter.restore()


def _target(rect: QRect, tile: Tile, look: Look) -> QRectF:
    old = tile.look
    factor = look.zoom / old.zoom
    px = rect.width() / look.size[0] / (tile.um_per_px / factor)
    side = rect.width() * factor
    middle = QRectF(rect).center()
    x = middle.x() + (old.pan_um[0] - look.pan_um[0]) * px
    y = middle.y() + (old.pan_um[1] - look.pan_um[1]) * px
    return QRectF(x - side / 2, y - side / 2, side, side)


def review_colour(review: Review) -> QColor:
    """Never alone: the word stands beside."""
    c = theme.colours()
    said = {Review.KEPT: c.accent, Review.LATER: c.amber, Review.DISMISSED: c.faint}
    return QColor(said.get(review, c.text))


def paint_caption(painter: QPainter, rect: QRect, entry: Entry) -> None:
    """Rank and name, and under them what was said of it and what is folded in."""
    line = QRect(rect.left() + 2, rect.bottom() + 2, rect.width() - 4, _NAME_LINE)
    font = QFont(painter.font())
    painter.setPen(QColor(theme.colours().text))
    name = entry.name if entry.is_query else f"{entry.rank}  {entry.name}"
    _elided(painter, line, name)
    under = line.translated(0, _NAME_LINE - 1)
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() - 1)
    small.setBold(entry.review in (Review.KEPT, Review.LATER))
    painter.setFont(small)
    painter.setPen(QColor(theme.colours().dim) if entry.is_query else review_colour(entry.review))
    words = "query" if entry.is_query else str(entry.review)
    _elided(painter, under, "   ".join(filter(None, (words, entry.about, entry.others))))
    painter.setFont(font)


def _elided(painter: QPainter, rect: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, shown)
