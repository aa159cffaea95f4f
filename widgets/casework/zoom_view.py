"""A plane to look at: the wheel zooms at the pointer, dragging moves, a click chooses."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

from widgets import theme

_STEP = 1.25


class ZoomView(QGraphicsView):
    """``whole`` is what ``fit`` shows; zooming stays between the two ``limits``.

    Until somebody zooms or moves it, it is shown as it is at first whatever room it gets.
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setScene(QGraphicsScene(self))
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.whole = QRectF()
        self.limits = (0.05, 3.0)
        self._moved = True

    @property
    def scale_now(self) -> float:
        """Pixels for a unit of the scene."""
        return self.transform().m11()

    def zoom(self, factor: float) -> None:
        """Zoom about the middle."""
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._zoom(factor)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)

    def zoom_in(self) -> None:
        """A step nearer."""
        self.zoom(_STEP)

    def zoom_out(self) -> None:
        """A step back."""
        self.zoom(1 / _STEP)

    def show_at_first(self) -> None:
        """Show something new."""
        self.begin()
        self._moved = False

    def begin(self) -> None:
        """How something new is shown: all of it."""
        self.fit()

    def fit(self) -> None:
        """All of it, not larger than life."""
        self._moved = True
        if self.whole.isEmpty():
            return
        self.fitInView(self.whole, Qt.AspectRatioMode.KeepAspectRatio)
        low, high = self.limits
        wanted = min(max(self.scale_now, low), high, self.largest_fit)
        self.scale(wanted / self.scale_now, wanted / self.scale_now)
        self.centerOn(self.whole.center())

    @property
    def largest_fit(self) -> float:
        """How large ``fit`` may show it."""
        return 1.2

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        self._zoom(_STEP**steps)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._moved = self._moved or bool(event.buttons())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._moved:
            self.show_at_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys are the page's."""
        event.ignore()

    def show_point(self, point: QPointF) -> None:
        """Bring a point into sight."""
        self._moved = True
        self.ensureVisible(QRectF(point.x() - 1, point.y() - 1, 2, 2), 90, 60)

    def wear(self) -> None:
        """Take the ground of the look in use."""
        self.setBackgroundBrush(QColor(theme.colours().ground))

    def _zoom(self, factor: float) -> None:
        self._moved = True
        low, high = self.limits
        wanted = min(max(self.scale_now * factor, low), high)
        self.scale(wanted / self.scale_now, wanted / self.scale_now)
