"""What may be drawn over the live picture and dragged on it, by whoever has something to show."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.capture import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The frame on the screen: ``rect`` is where the whole of it lies, seen or not."""

    frame: Frame
    pixel_um: float | None
    rect: QRectF

    @property
    def px(self) -> float:
        """Pixels of the picture that one of the screen is."""
        return float(self.frame.pixels.shape[1]) / max(self.rect.width(), 1e-6)

    def to_screen(self, spot: tuple[float, float]) -> QPointF:
        """Where a point of the picture is on the widget; (0, 0) is the first pixel's centre."""
        x, y = (value + 0.5 for value in spot)
        return self.rect.topLeft() + QPointF(x, y) / self.px

    def to_picture(self, at: QPointF) -> tuple[float, float]:
        """The point of the picture at a point of the widget, which may lie beside the picture."""
        inside = (at - self.rect.topLeft()) * self.px
        return inside.x() - 0.5, inside.y() - 0.5

    def within(self, at: QPointF) -> tuple[float, float]:
        """As ``to_picture``, with what lies beside the picture brought to its edge."""
        rows, columns = self.frame.pixels.shape[:2]
        x, y = self.to_picture(at)
        return min(max(x, 0.0), columns - 1.0), min(max(y, 0.0), rows - 1.0)


class LiveOverlay:
    """Does nothing; override what is needed. Everything is called on the GUI thread.

    While it ``covers`` the picture with another one, that one's scale bar is its own.
    """

    covers = False

    def paint(self, painter: QPainter, seen: Seen) -> None:
        """Draw over the picture; the painter's state is restored after."""

    def press(self, seen: Seen, at: QPointF) -> bool:
        """A button went down at a point of the widget; True: the drag is mine."""
        return False

    def move(self, seen: Seen, at: QPointF) -> None:
        """My drag goes on."""

    def release(self, seen: Seen, at: QPointF) -> None:
        """My drag ends."""

    def cursor(self, seen: Seen, at: QPointF) -> Qt.CursorShape | None:
        """The pointer's shape there; None: not mine to say."""
        return None
