"""The two curves of a profile in one plot, with a cursor that is a dot on both pictures.

Left is a solid blue line, right a dashed orange one: told apart by style as well as by colours
that stay apart with every colour vision (Okabe and Ito 2008).
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np
import pyqtgraph
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.picture.profile import Curve, Profile, profile_words, unit_words

LEFT_COLOUR, RIGHT_COLOUR = "#56b4e9", "#e69f00"
_LINES = ((LEFT_COLOUR, Qt.PenStyle.SolidLine), (RIGHT_COLOUR, Qt.PenStyle.DashLine))
_PNG_SIZE = (1600, 900)
_CAPTION_PX = 120
_PNG_SCALE = 1.6


class ProfilePlot(QWidget):
    """``on_cursor`` hears where along the line the pointer stands, None when it has left."""

    def __init__(self, on_cursor: Callable[[float | None], None], name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._on_cursor = on_cursor
        self._profile: Profile | None = None
        self._names = ("left", "right")
        self.plot = pyqtgraph.PlotWidget()
        self.plot.setObjectName(f"{name}_plot")
        self.plot.setAccessibleName("Profile of both specimens")
        self.plot.setToolTip(
            "Solid: left specimen; dashed: right specimen. Heights are about the mean of what "
            "both cover."
        )
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        pens = [pyqtgraph.mkPen(colour, width=1.6, style=style) for colour, style in _LINES]
        self.curves = [self.plot.plot(pen=pen, connect="finite") for pen in pens]
        self._cursor = pyqtgraph.InfiniteLine(angle=90, pen=pyqtgraph.mkPen(width=1))
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.plot.scene().sigMouseMoved.connect(self._pointed)
        self._says = QLabel()
        self._says.setObjectName(f"{name}_says")
        self._says.setWordWrap(True)
        self._says.setTextFormat(Qt.TextFormat.RichText)
        self._cursor_says = QLabel()
        self._cursor_says.setObjectName(f"{name}_cursor")
        self._cursor_says.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._cursor_says)
        layout.addWidget(self._says)
        self._colour()

    def show_profile(
        self, found: Profile | None, names: tuple[str, str], along_um: float | None
    ) -> None:
        """Draw both curves; a gap is a gap in the line. None empties the plot."""
        if found is not self._profile or names != self._names:
            self._profile, self._names = found, names
            self._draw(found)
        self._show_cursor(found, along_um)

    def png(self) -> bytes:
        """The plot with its caption, as a PNG file."""
        width, height = _PNG_SIZE
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tall = height - _CAPTION_PX
        drawn = self._as_large(round(width / _PNG_SCALE), round(tall / _PNG_SCALE))
        room, shape = QRectF(0, 0, width, tall), drawn.plot.viewport().rect()
        drawn.plot.render(painter, room, shape)
        self._write_caption(painter, QRectF(24, tall, width - 48, _CAPTION_PX))
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        return bytes(buffer.data().data())

    def _as_large(self, width: int, height: int) -> ProfilePlot:
        """The same curves in a plot of another size that is not shown."""
        other = ProfilePlot(lambda _along: None, f"{self.objectName()}_printed")
        other.setPalette(self.palette())
        other._colour()
        other.show_profile(self._profile, self._names, None)
        other.plot.setParent(None)
        other.plot.resize(width, height)
        other.plot.grab()  # lays the axes out
        return other

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._on_cursor(None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_says"):
            self._colour()

    def _draw(self, found: Profile | None) -> None:
        if found is None:
            for curve in self.curves:
                curve.setData([], [])
            self._says.setText("")
            return
        values, axis = plotted(found)
        for curve, line in zip(self.curves, values, strict=True):
            curve.setData(found.at_um, line)
        self.plot.setLabel("bottom", "along the line (µm)")
        self.plot.setLabel("left", axis)
        self.plot.autoRange(padding=0.03)
        self._says.setText(f"{_key(self._names)}<br>{profile_words(found)}")

    def _show_cursor(self, found: Profile | None, along_um: float | None) -> None:
        visible = found is not None and along_um is not None
        self._cursor.setVisible(visible)
        if found is None or along_um is None:
            self._cursor_says.setText(" ")
            return
        self._cursor.setPos(along_um)
        self._cursor_says.setText(cursor_words(found, along_um))

    def _pointed(self, point: QPointF) -> None:
        found = self._profile
        if found is None:
            return
        x = float(self.plot.plotItem.vb.mapSceneToView(point).x())
        inside = 0.0 <= x <= float(found.at_um[-1])
        self._on_cursor(x if inside else None)

    def _colour(self) -> None:
        ground = self.palette().color(QPalette.ColorRole.Base)
        ink = self.palette().color(QPalette.ColorRole.Text)
        self.plot.setBackground(ground)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(QColor(ink))
            axis.setTextPen(QColor(ink))
        self._cursor.setPen(pyqtgraph.mkPen(ink, width=1))

    def _write_caption(self, painter: QPainter, room: QRectF) -> None:
        if self._profile is None:
            return
        left, right = self._names
        lines = (
            f"solid: {left} (left)     dashed: {right} (right)",
            profile_words(self._profile),
            "Heights are about the mean of what both cover. A profile is an aid, not a conclusion.",
        )
        font = painter.font()
        font.setPixelSize(24)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, "\n".join(lines))


def plotted(found: Profile) -> tuple[tuple[Curve, Curve], str]:
    """Both curves as they are drawn, and the words of their axis.

    Heights are about the mean of what both cover: their zero says nothing. Curves of different
    kinds are each in their own standard deviations.
    """
    left, right = found.left, found.right_shifted
    both = np.isfinite(left) & np.isfinite(right)
    if not both.any():
        both = np.isfinite(left) | np.isfinite(right)
    if found.units[0] != found.units[1]:
        return (_scaled(left, both), _scaled(right, both)), "standard deviations"
    if found.units[0] == "grey":
        return (left, right), unit_words("grey")
    return (left - _mean(left, both), right - _mean(right, both)), "height (µm)"


def cursor_words(found: Profile, along_um: float) -> str:
    """Both values at one place, as measured."""
    index = min(max(round(along_um / found.step_um), 0), len(found.at_um) - 1)
    values = float(found.left[index]), float(found.right_shifted[index])
    said = (_value(v, unit) for v, unit in zip(values, found.units, strict=True))
    left, right = said
    return f"at {along_um:.1f} µm: left {left}, right {right}"


def _value(value: float, unit: str) -> str:
    if not isfinite(value):
        return "no data"
    return f"{value:.2f} µm" if unit == "µm" else f"grey {value:.0f}"


def _mean(values: Curve, where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    known = values[where & np.isfinite(values)]
    return float(known.mean()) if known.size else 0.0


def _scaled(values: Curve, where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Curve:
    known = values[where & np.isfinite(values)]
    spread = float(known.std()) if known.size else 0.0
    return np.asarray((values - _mean(values, where)) / (spread if spread > 0 else 1.0))


def _key(names: tuple[str, str]) -> str:
    """Which line is whose."""
    lines = (("──", LEFT_COLOUR, names[0]), ("╌╌", RIGHT_COLOUR, names[1]))
    return "<br>".join(f"<span style='color:{c}'>{dash}</span> {n}" for dash, c, n in lines)
