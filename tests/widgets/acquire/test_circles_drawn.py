"""How circles look: what software proposes is dashed, what an examiner drew is not."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.capture import Frame
from app.domain import Circle
from widgets.acquire.circles import Circles, paint
from widgets.acquire.overlay import Seen

FRAME = Frame(np.zeros((400, 400), np.uint8), 1, "", 0.0)
CIRCLES: Circles = {"outer": Circle(2000, 2000, 1800), "inner": Circle(2000, 2000, 900)}


def share_seen(bold: bool, radius_px: float) -> float:
    """Of a circle of that radius, the share that is drawn in the colour."""
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    paint(painter, Seen(FRAME, 10.0, QRectF(0, 0, 400, 400)), CIRCLES, "#ffffff", handles=False,
          bold=bold)  # fmt: skip
    painter.end()
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    at = [(200 + radius_px * np.cos(a), 200 + radius_px * np.sin(a)) for a in angles]
    bright = [max(_grey(image, x + dx, y + dy) for dx in (0, 1) for dy in (0, 1)) for x, y in at]
    return float(np.mean(np.array(bright) > 90))


def _grey(image: QImage, x: float, y: float) -> int:
    return QColor(image.pixel(int(x), int(y))).red()


@pytest.mark.parametrize(("bold", "inner"), [(False, (0.3, 0.85)), (True, (0.97, 1.0))])
def test_the_inner_circle_is_dashed_until_an_examiner_drew_it(
    qtbot: QtBot, bold: bool, inner: tuple[float, float]
) -> None:
    assert share_seen(bold, 180) > 0.97
    assert inner[0] <= share_seen(bold, 90) <= inner[1]
