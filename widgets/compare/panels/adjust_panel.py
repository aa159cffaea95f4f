"""Brightness, contrast and the like of what is shown: a recipe beside the evidence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.picture import FALSE_COLOURS
from app.picture.view import Which
from widgets.common.parts import button, label, row
from widgets.compare.desk import Desk
from widgets.compare.desk.adjusting import (
    AS_CAPTURED,
    RANGES,
    changed,
    recipe_of,
    recipe_words,
    set_adjust_linked,
    set_recipe,
)
from widgets.compare.desk.lighting import in_hand
from widgets.compare.panels.controls import Act, follow
from widgets.compare.panels.light_panel import Do

_STEPS = {"gamma": 100}
_TITLES = {
    "brightness": ("Brightness", "Ctrl+PgUp, Ctrl+PgDown"),
    "contrast": ("Contrast", "Shift+PgUp, Shift+PgDown"),
    "gamma": ("Gamma", "Ctrl+Shift+PgUp, Ctrl+Shift+PgDown"),
    "local_contrast": ("Local contrast", "Alt+PgUp, Alt+PgDown"),
    "sharpen": ("Sharpening", "Alt+Shift+PgUp, Alt+Shift+PgDown"),
}
NO_COLOUR = "none"


class AdjustPanel(QWidget):
    """``act`` gets the names of actions, ``do`` what is to be done to the desk in hand."""

    def __init__(self, act: Act, do: Do) -> None:
        super().__init__()
        self.setObjectName("adjust_panel")
        self._do = do
        self._which: Which = "right"
        self._link = QCheckBox("Both sides alike (Ctrl+Shift+L)")
        self._link.setObjectName("adjust_linked")
        self._link.setToolTip("Apart, each side has its own recipe; keys change the right one's")
        self._link.clicked.connect(lambda on: do(lambda d: set_adjust_linked(d, on, self._which)))
        self._sliders = {name: self._slider(name) for name in RANGES}
        self._values = {name: label("", name=f"adjust_{name}_value") for name in RANGES}
        self._invert = QCheckBox("Invert (Ctrl+I)")
        self._invert.setObjectName("adjust_invert")
        self._invert.setToolTip("Dark for light (Ctrl+I)")
        self._invert.clicked.connect(lambda on: self._set(invert=on))
        self._colour = self._made_colour()
        self._words = label("", name="adjust_recipe", wrap=True)
        self._reset = button(
            "Reset both sides (Backspace)",
            "adjust_reset",
            "As captured again (Backspace); B shows it while held",
            lambda: act("adjust reset"),
        )
        self._original = button(
            "B  As captured, while held",
            "original",
            "Everything as captured for as long as the button or the key is down (B)",
            lambda: None,
        )
        self._original.pressed.connect(lambda: do(lambda desk: desk.hold_original(True)))
        self._original.released.connect(lambda: do(lambda desk: desk.hold_original(False)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label("Adjust what is shown", "heading"))
        layout.addWidget(self._link)
        layout.addWidget(self._made_sides())
        for name in RANGES:
            layout.addLayout(self._line(name))
        layout.addWidget(self._invert)
        layout.addLayout(row(QLabel("False colour"), self._colour))
        layout.addWidget(self._words)
        layout.addWidget(self._original)
        layout.addWidget(self._reset)
        layout.addWidget(label("B shows the original while held.", "dim", wrap=True))

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        view = desk.view
        if view.adjust_linked:
            self._which = in_hand(view)
        self._sides.setVisible(not view.adjust_linked)
        self._link.setChecked(view.adjust_linked)
        for which, made in self._choices.items():
            made.setChecked(which == self._which)
        recipe = recipe_of(view, self._which)
        for name, slider in self._sliders.items():
            value = getattr(recipe, name)
            follow(slider, round(value * _STEPS.get(name, 1)), shown=True)
            self._values[name].setText(f"{value:.2f}" if name == "gamma" else f"{value:g}")
        self._invert.setChecked(recipe.invert)
        self._colour.setCurrentText(recipe.false_colour or NO_COLOUR)
        words = recipe_words(view)
        self._words.setText("Shown as captured." if words == AS_CAPTURED else f"Recipe. {words}")
        self._reset.setEnabled(words != AS_CAPTURED)

    def _slider(self, name: str) -> QSlider:
        title, keys = _TITLES[name]
        made = QSlider(Qt.Orientation.Horizontal)
        made.setObjectName(f"adjust_{name}")
        made.setAccessibleName(title)
        made.setToolTip(f"{title} ({keys})")
        per_unit = _STEPS.get(name, 1)
        made.setRange(*(round(end * per_unit) for end in RANGES[name]))
        made.setPageStep(10)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.valueChanged.connect(lambda value: self._set(name, **{name: value / per_unit}))
        made.sliderReleased.connect(lambda: self._do(lambda desk: desk.end_gesture()))
        return made

    def _line(self, name: str) -> QHBoxLayout:
        title = QLabel(_TITLES[name][0])
        title.setMinimumWidth(90)
        self._values[name].setMinimumWidth(36)
        line = row(title, self._sliders[name], self._values[name])
        line.setStretch(1, 1)
        return line

    def _made_colour(self) -> QComboBox:
        made = QComboBox()
        made.setObjectName("adjust_false_colour")
        made.setAccessibleName("False colour")
        made.setToolTip("Grey values as colours (Ctrl+F goes through the scales)")
        made.addItems([NO_COLOUR, *FALSE_COLOURS])
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.activated.connect(
            lambda _: self._set(
                false_colour="" if made.currentText() == NO_COLOUR else made.currentText()
            )
        )
        return made

    def _made_sides(self) -> QWidget:
        """Whose recipe the controls show, when each side has its own."""
        self._choices: dict[Which, QPushButton] = {}
        group = QButtonGroup(self)
        sides: tuple[Which, Which] = ("left", "right")
        for which in sides:
            made = button(
                f"{which.capitalize()} specimen",
                f"adjust_{which}",
                f"The recipe of the {which} specimen",
                lambda w=which: self._choose(w),  # type: ignore[misc]
                checkable=True,
            )
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(made)
            self._choices[which] = made
        self._sides = QWidget()
        self._sides.setLayout(row(*self._choices.values()))
        return self._sides

    def _choose(self, which: Which) -> None:
        self._which = which
        self._do(self.show_desk)

    def _set(self, gesture: str = "", **values: float | bool | str) -> None:
        which = self._which
        self._do(lambda d: set_recipe(d, lambda r: changed(r, **values), which, gesture))
