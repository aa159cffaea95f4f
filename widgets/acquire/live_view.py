"""The live picture: each frame drawn once, zoomed and stretched for the screen only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.capture import Frame
from app.capture.white import Gains
from widgets import theme
from widgets.acquire.newest import Newest
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.acquire.pointing import Pointed, Pointing, Segment
from widgets.acquire.rendering import ALL, Limits, Rendered, Wanted, render
from widgets.acquire.viewport import Viewport
from widgets.common.images import paint_scale_bar, paint_words

_NOTCH = 1.25
_BLINK_MS = 250
_NOTHING = Wanted((0.0, 0.0, 1.0, 1.0), (1, 1))


class LiveView(QWidget):
    """Shows the frame offered last. Scaling is done on a thread of its own, newest frame only.

    ``shown`` is called when another frame is about to be painted, ``painted`` when it was.
    """

    def __init__(self, failed: Callable[[BaseException], object] = lambda _: None) -> None:
        super().__init__()
        self.setObjectName("live_view")
        self.setAccessibleName("Live picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.frames_drawn = 0
        self.shown: Callable[[Frame], None] = lambda _: None
        self.painted: Callable[[Frame], None] = lambda _: None
        self._renderer: Newest[Frame, Rendered] = Newest(
            self._render, self._take, failed, "live picture"
        )
        self._rendered: Rendered | None = None
        self._wanted = _NOTHING
        self._viewport = Viewport()
        self._drawn: Frame | None = None
        self._pixel_um: float | None = None
        self._words = self._dimmed = ""
        self._frozen = False
        self._limits: Limits = ALL
        self._gains = Gains()
        self._flashing = self._lit = False
        self._pointing = Pointing()
        self._overlays: list[LiveOverlay] = [self._pointing]
        self._dragging: LiveOverlay | None = None
        self._panned: QPointF | None = None
        self._blink = QTimer(self)
        self._blink.timeout.connect(self._turn_flash)

    # --- frames ----------------------------------------------------------------------------
    @property
    def frame(self) -> Frame | None:
        """The frame seen."""
        return self._rendered.frame if self._rendered else None

    @property
    def seen(self) -> Seen | None:
        """The frame seen and where it lies."""
        frame = self.frame
        return None if frame is None else Seen(frame, self._pixel_um, self._place(frame))

    def offer(self, frame: Frame) -> None:
        """Show this next, unless a newer one comes before; safe from any thread."""
        self._renderer.give(frame)

    def show_frame(self, frame: Frame | None) -> None:
        """Show a frame soon, or none from now on; the same one again costs nothing."""
        if frame is None:
            self._renderer.forget()
            self._rendered = self._drawn = None
            self._viewport = Viewport()
            self.update()
        elif frame is not self.frame:
            self.offer(frame)

    def close_down(self) -> None:
        """End the thread behind it; safe from any other thread."""
        self._renderer.close()

    def _render(self, frame: Frame) -> Rendered:
        return render(frame, self._wanted_for(frame))

    def _wanted_for(self, frame: Frame) -> Wanted:
        # read on the renderer's thread: values only, each replaced as a whole
        ratio, room, viewport = self.devicePixelRatioF(), QSizeF(self.size()), self._viewport
        rows, columns = frame.pixels.shape[:2]
        rect = viewport.rect(columns, rows, room)
        place = (rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio)
        size = (max(round(room.width() * ratio), 1), max(round(room.height() * ratio), 1))
        return Wanted(place, size, self._limits, self._flashing and self._lit, self._gains)

    def _take(self, rendered: Rendered) -> None:
        new = rendered.frame is not self.frame
        self._rendered = rendered
        if new:
            self.shown(rendered.frame)
        if rendered.wanted != self._wanted_for(rendered.frame):
            self._renderer.give_if_idle(rendered.frame)
        self.update()

    def _again(self) -> None:
        """The same frame in another way, unless a newer one is on its way."""
        frame = self.frame
        if frame is not None:
            self._renderer.give_if_idle(frame)

    # --- how it is shown -------------------------------------------------------------------
    def show_state(
        self, *, pixel_um: float | None, words: str, dimmed: str, frozen: bool, clipped: bool
    ) -> None:
        """``words`` stand where no frame is; ``dimmed`` over a last frame that is not live."""
        state = (pixel_um, words, dimmed, frozen, clipped)
        before = (self._pixel_um, self._words, self._dimmed, self._frozen, self._flashing)
        if state == before:
            return
        self._pixel_um, self._words, self._dimmed = pixel_um, words, dimmed
        self._frozen = frozen
        if clipped != self._flashing:
            self._flash(clipped)
        self.update()

    def stretch(self, limits: Limits) -> None:
        """Black and white of the display (shares of full scale); the frames stay as they are."""
        if limits != self._limits:
            self._limits = limits
            self._again()

    def balance(self, gains: Gains) -> None:
        """White balance of the display; the frames stay as they are."""
        if gains != self._gains:
            self._gains = gains
            self._again()

    def _flash(self, on: bool) -> None:
        self._flashing = self._lit = on
        if on and self.isVisible():
            self._blink.start(_BLINK_MS)
        elif not on:
            self._blink.stop()
        self._again()

    def _turn_flash(self) -> None:
        self._lit = not self._lit
        self._again()

    # --- overlays --------------------------------------------------------------------------
    def add_overlay(self, overlay: LiveOverlay) -> None:
        """Drawn over those before; the last one added is asked first about a press."""
        self._overlays.append(overlay)
        self.update()

    def show_marks(self, marks: tuple[Segment, ...]) -> None:
        """Draw these segments over the picture (its pixels; a point has both ends alike)."""
        self._pointing.marks = marks
        self.update()

    def point_with(self, pointed: Pointed | None) -> None:
        """While given, dragging on the picture sets two points, which it is called with."""
        self._pointing.pointed = pointed
        self._show_cursor(QPointF(self.mapFromGlobal(self.cursor().pos())))

    @property
    def _marks(self) -> tuple[Segment, ...]:
        return self._pointing.marks

    # --- zoom ------------------------------------------------------------------------------
    @property
    def zoom(self) -> float | None:
        """Screen pixels for one of the picture; None while the whole of it is fitted."""
        return self._viewport.zoom

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Larger or smaller about a point of the widget, its middle where none is given."""
        frame = self.frame
        if frame is not None:
            about = QPointF(self.rect().center()) if at is None else at
            rows, columns = frame.pixels.shape[:2]
            room = QSizeF(self.size())
            self._view(self._viewport.zoomed(factor, about, columns, rows, room))

    def zoom_fit(self) -> None:
        """The whole picture."""
        self._view(Viewport())

    def zoom_full(self) -> None:
        """A pixel of the picture is one of the screen; fitted when it is already."""
        full = 1 / self.devicePixelRatioF()
        zoom = self._viewport.zoom
        if zoom is not None and abs(zoom / full - 1) < 1e-6:
            self.zoom_fit()
        else:
            self._view(Viewport(full, self._viewport.middle))

    def _view(self, viewport: Viewport) -> None:
        if viewport != self._viewport:
            self._viewport = viewport
            self._again()
            self.update()

    def _place(self, frame: Frame) -> QRectF:
        rows, columns = frame.pixels.shape[:2]
        return self._viewport.rect(columns, rows, QSizeF(self.size()))

    # --- events ----------------------------------------------------------------------------
    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(_NOTCH ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        seen, at = self.seen, event.position()
        if seen is None:
            return
        if event.button() is Qt.MouseButton.LeftButton:
            takers = (o for o in reversed(self._overlays) if o.press(seen, at))
            self._dragging = next(takers, None)
        if self._dragging is None and self._viewport.zoom is not None:
            self._panned = at
        self._show_cursor(at)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        seen, at = self.seen, event.position()
        if seen is not None and self._dragging is not None:
            self._dragging.move(seen, at)
            self.update()
        elif seen is not None and self._panned is not None:
            rows, columns = seen.frame.pixels.shape[:2]
            by, self._panned = at - self._panned, at
            self._view(self._viewport.moved(by, columns, rows, QSizeF(self.size())))
        self._show_cursor(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        dragging, self._dragging, self._panned = self._dragging, None, None
        seen = self.seen
        if dragging is not None and seen is not None:
            dragging.release(seen, event.position())
        self._show_cursor(event.position())
        self.update()

    def _show_cursor(self, at: QPointF) -> None:
        seen = self.seen
        shape = None
        if self._panned is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif seen is not None:
            told = (overlay.cursor(seen, at) for overlay in reversed(self._overlays))
            shape = next((found for found in told if found is not None), None)
        if shape is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)

    def minimumSizeHint(self) -> QSize:
        """Small enough for any window."""
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._again()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._flashing:
            self._blink.start(_BLINK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._blink.stop()

    # --- painting --------------------------------------------------------------------------
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.EVIDENCE))
        seen = self.seen
        if seen is None or self._rendered is None:
            painter.setPen(QColor(theme.DIM_ON_EVIDENCE))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(40, 40, -40, -40), flags, self._words)
            return
        self._paint_picture(painter, self._rendered, seen)
        for overlay in self._overlays:
            painter.save()
            overlay.paint(painter, seen)
            painter.restore()
        self._paint_words(painter, seen)
        painter.end()
        if seen.frame is not self._drawn:
            self._drawn = seen.frame
            self.frames_drawn += 1
            self.painted(seen.frame)

    def _paint_picture(self, painter: QPainter, rendered: Rendered, seen: Seen) -> None:
        ratio = self.devicePixelRatioF()
        wanted, had = self._wanted_for(rendered.frame), rendered.wanted
        if (wanted.rect, wanted.size) == (had.rect, had.size):
            rendered.image.setDevicePixelRatio(ratio)
            painter.drawImage(rendered.at / ratio, rendered.image)
            return
        # until it is rendered anew: where it lies now, roughly scaled
        part, px = rendered.part, seen.px
        corner = seen.rect.topLeft() + part.topLeft() / px
        rendered.image.setDevicePixelRatio(1.0)
        painter.drawImage(QRectF(corner, part.size() / px), rendered.image)

    def _paint_words(self, painter: QPainter, seen: Seen) -> None:
        room = seen.rect.intersected(QRectF(self.rect()))
        if self._dimmed:
            painter.fillRect(room, QColor(0, 0, 0, 150))
        if self._pixel_um and not any(o.covers for o in self._overlays):
            paint_scale_bar(painter, room, self._pixel_um * seen.px)
        held = "FROZEN  (F lets it live)" if self._frozen else ""
        if word := self._dimmed or held:
            paint_words(painter, room.topLeft() + QPointF(16, 26), word, theme.AMBER_ON_EVIDENCE)
