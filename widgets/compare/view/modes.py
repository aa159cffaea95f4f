"""The view modes with their keys, and what belongs to the mode in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Literal

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from app.picture import Mode, ViewState
from app.picture.view import BLINK_MS_RANGE, CHECKER_UM_RANGE
from widgets.compare.panels.controls import Act, follow, make_button, make_slider, set_text

MODE_NAMES = {
    Mode.SPLIT: "Split field",
    Mode.SIDE: "Side by side",
    Mode.OVERLAY: "Overlay",
    Mode.BLINK: "Blink",
    Mode.DIFFERENCE: "Difference",
    Mode.CHECKER: "Checkerboard",
    Mode.EDGES: "Edges",
    Mode.RED_CYAN: "Red and cyan",
}
_SHORT = {
    Mode.SIDE: "Side",
    Mode.DIFFERENCE: "Differ.",
    Mode.CHECKER: "Checker",
    Mode.RED_CYAN: "Red/cyan",
}
_FINE = 100
Words = Literal["full", "short", "keys"]


@dataclass(frozen=True, slots=True)
class Setters:
    """What the sliders set."""

    opacity: Callable[[float], None]
    blink_ms: Callable[[int], None]
    checker_um: Callable[[float], None]


class ModeBar(QWidget):
    """View modes with their numbers, and what belongs to the mode in hand."""

    def __init__(self, act: Act, setters: Setters) -> None:
        super().__init__()
        self.setObjectName("mode_bar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self._words: Words = "full"
        self._other = "horizontal"
        self._add_modes(act, layout)
        self._divider = make_button(
            "",
            "turn_divider",
            tip="Stand or lay the dividing line (H, V); Shift and a drag turn it",
        )
        self._divider.clicked.connect(lambda: act(f"divider {self._other}"))
        self._curtain = make_button(
            "W  Curtain", "curtain", checkable=True, tip="The dividing line follows the mouse (W)"
        )
        self._curtain.clicked.connect(lambda: act("curtain"))
        self._edges = make_button("", "edges_of", tip="Whose edges are seen (Page Up)")
        self._edges.clicked.connect(lambda: act("more"))
        self._opacity = make_slider(
            "opacity_slider", 0, 100, "How strong the right specimen is (Page Up, Page Down)"
        )
        self._opacity.valueChanged.connect(lambda value: setters.opacity(value / 100))
        self._blink = _blink_slider()
        self._blink.valueChanged.connect(setters.blink_ms)
        low, high = (round(_FINE * log(um)) for um in CHECKER_UM_RANGE)
        self._checker = make_slider(
            "checker_slider", low, high, "Side of the squares (Page Up, Page Down)"
        )
        self._checker.valueChanged.connect(lambda v: setters.checker_um(2.718281828 ** (v / _FINE)))
        self._value = QLabel()
        self._value.setObjectName("mode_value")
        self._value.setMinimumWidth(self.fontMetrics().horizontalAdvance("2000 ms "))
        layout.addSpacing(6)
        for widget in self._own():
            layout.addWidget(widget)
        layout.addStretch(1)

    def set_words(self, words: Words) -> None:
        """Names as long as there is room for."""
        self._words = words
        for number, (mode, name) in enumerate(MODE_NAMES.items(), start=1):
            short = _SHORT.get(mode, name.split()[0])
            texts = {"full": f"{number}  {name}", "short": f"{number} {short}", "keys": f"{number}"}
            set_text(self._buttons[mode], texts[words])
        set_text(self._curtain, "W" if words == "keys" else "W  Curtain")
        self._name_divider()

    def show_view(self, view: ViewState) -> None:
        """Bring the controls to the view."""
        mode = view.mode
        self._buttons[mode].setChecked(True)
        self._other = "horizontal" if view.divider == "vertical" else "vertical"
        self._name_divider()
        self._divider.setVisible(mode in (Mode.SPLIT, Mode.SIDE))
        self._curtain.setVisible(mode is Mode.SPLIT)
        self._curtain.setChecked(view.curtain)
        self._edges.setVisible(mode is Mode.EDGES)
        set_text(self._edges, f"edges of the {view.edges_of} specimen")
        follow(self._opacity, round(view.opacity * 100), shown=mode is Mode.OVERLAY)
        follow(self._blink, view.blink_ms, shown=mode is Mode.BLINK)
        follow(self._checker, round(_FINE * log(view.checker_um)), shown=mode is Mode.CHECKER)
        words = {
            Mode.OVERLAY: f"{view.opacity:.0%}",
            Mode.BLINK: f"{view.blink_ms} ms",
            Mode.CHECKER: f"{view.checker_um:.0f} µm",
        }
        self._value.setText(words.get(mode, ""))
        self._value.setVisible(mode in words)

    def _add_modes(self, act: Act, layout: QHBoxLayout) -> None:
        self._buttons: dict[Mode, QPushButton] = {}
        group = QButtonGroup(self)
        for number, (mode, name) in enumerate(MODE_NAMES.items(), start=1):
            button = make_button(
                f"{number}  {name}",
                f"mode_{mode}",
                checkable=True,
                tip=f"{name} ({number})",
            )
            button.clicked.connect(lambda _=False, m=mode: act(f"mode {m}"))
            group.addButton(button)
            layout.addWidget(button)
            self._buttons[mode] = button

    def _own(self) -> tuple[QWidget, ...]:
        sliders: tuple[QSlider, ...] = (self._opacity, self._blink, self._checker)
        return (self._divider, self._curtain, self._edges, *sliders, self._value)

    def _name_divider(self) -> None:
        text = f"{self._other[0].upper()}  {self._other} line"
        set_text(self._divider, text if self._words == "full" else text[0])


def _blink_slider() -> QSlider:
    tip = "How long each specimen is seen (Page Up, Page Down)"
    slider = make_slider("blink_slider", *BLINK_MS_RANGE, tip)
    slider.setSingleStep(50)
    slider.setPageStep(250)
    return slider
