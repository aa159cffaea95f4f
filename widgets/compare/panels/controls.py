"""Buttons and sliders of the bars: as wide as their words; the keys stay with the picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSlider, QWidget

Act = Callable[[str], None]


def lay_out(bar: QWidget) -> None:
    """At once: the next paint must not show words cut."""
    layout = bar.layout()
    if layout is not None:
        layout.activate()


def make_button(text: str, name: str, *, checkable: bool = False, tip: str = "") -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setCheckable(checkable)
    button.setToolTip(tip)
    # a click leaves the keys with the picture
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_text(button, text)
    return button


def set_text(button: QPushButton, text: str) -> None:
    """The style's least width for buttons is more than these words need."""
    button.setText(text)
    button.setFixedWidth(button.fontMetrics().horizontalAdvance(text) + 26)


def make_slider(name: str, low: int, high: int, tip: str) -> QSlider:
    """A short slider."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setObjectName(name)
    slider.setRange(low, high)
    slider.setToolTip(tip)
    slider.setAccessibleName(tip)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    slider.setFixedWidth(110)
    return slider


def follow(slider: QSlider, value: int, *, shown: bool) -> None:
    """Bring a slider to a value without telling anyone."""
    slider.blockSignals(True)
    slider.setValue(value)
    slider.blockSignals(False)
    slider.setVisible(shown)
