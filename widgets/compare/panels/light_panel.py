"""The light on the evidence: virtual for scans, switched for images of several lights."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.picture.light import DETAIL_RANGE, FORM_RANGE
from app.picture.view import Which
from widgets.common.parts import button, column, label, row
from widgets.compare.desk import Desk
from widgets.compare.desk.lighting import (
    SURFACES,
    exaggerated,
    has_scan,
    in_hand,
    light_words,
    pointed,
    preset,
    set_light,
    set_linked,
    set_surface,
)
from widgets.compare.panels.controls import Act, follow
from widgets.compare.panels.hemisphere import Hemisphere
from widgets.compare.work.switching import SIDES, choose_light, light_names, shown_light, switches

Do = Callable[[Callable[[Desk], None]], None]
_PER_UNIT = 20
_PRESETS = (
    # name, icon, tip, key, line and place among the others
    ("above", "mdi6.circle-outline", "Ring-like, from straight above", "Home", 1, 1),
    ("left", "mdi6.arrow-right", "Grazing from the left", "Left", 1, 0),
    ("top", "mdi6.arrow-down", "Grazing from the top", "Up", 0, 1),
    ("right", "mdi6.arrow-left", "Grazing from the right", "Right", 1, 2),
    ("bottom", "mdi6.arrow-up", "Grazing from the bottom", "Down", 2, 1),
)
_SURFACE_WORDS = {"light": "Light", "height": "Heights", "slope": "Slopes"}
NO_OTHER_LIGHT = (
    "Neither image has another one of the same mark, size and scale: there is no light to switch."
)


class LightPanel(QWidget):
    """``act`` gets the names of actions, ``do`` what is to be done to the desk in hand."""

    def __init__(self, act: Act, do: Do) -> None:
        super().__init__()
        self.setObjectName("light_panel")
        self._act, self._do = act, do
        self._held: Which = "right"
        self._link = QCheckBox("One light for both sides (Ctrl+L)")
        self._link.setObjectName("lights_linked")
        self._link.setToolTip("Unlinked, each side has its own light; keys turn the right one's")
        self._link.clicked.connect(
            lambda on: do(lambda desk: set_linked(desk, on, self.hemisphere.held))
        )
        self._virtual = self._made_virtual()
        self._sets = LightSets(do)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label("Light", "heading"))
        layout.addWidget(self._virtual)
        layout.addWidget(self._sets)
        layout.addWidget(self._link)

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        view = desk.view
        scans = has_scan(desk)
        self._virtual.setVisible(scans)
        self._sets.setVisible(not scans or switches(desk))
        self._sets.show_desk(desk)
        self._link.setChecked(view.lights_linked)
        if view.lights_linked:
            self._held = in_hand(view)
        self.hemisphere.show_lights(view.lights, linked=view.lights_linked, held=self._held)
        self._degrees.setText(light_words(view))
        light = view.lights[SIDES.index(self._held)]
        self._detail.show_value(light.detail)
        self._form.show_value(light.form)
        for surface, made in self._surfaces.items():
            made.setChecked(view.surface == surface)
        lit = view.surface == "light"
        for widget in (self.hemisphere, self._detail, *self._presets):
            widget.setEnabled(lit)

    def _made_virtual(self) -> QWidget:
        def over() -> None:
            self._do(lambda desk: desk.end_gesture())

        self.hemisphere = Hemisphere(self._dragged, over)
        self._degrees = label("", name="light_degrees", wrap=True)
        self._degrees.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._detail = Amount(
            "light_detail", "Fine detail", DETAIL_RANGE[1], "Alt+I, Alt+J", self._set_detail, over
        )
        self._form = Amount(
            "light_form", "Form", FORM_RANGE[1], "Alt+Shift+I, Alt+Shift+J", self._set_form, over
        )
        inside = QWidget()
        layout = column(self._made_surfaces())
        layout.addLayout(self._made_direction())
        layout.addWidget(self._detail)
        layout.addWidget(self._form)
        layout.addWidget(_hint("I, J turn the light, Shift+I, J raise and lower it; Q circles it."))
        layout.addWidget(
            button("9  3D view", "relief", "Both scans as solids (9)", lambda: self._act("relief"))
        )
        inside.setLayout(layout)
        return inside

    def _made_direction(self) -> QHBoxLayout:
        """The hemisphere, and beside it where it often stands."""
        self._presets: list[QPushButton] = []
        grid = QGridLayout()
        grid.setSpacing(3)
        for name, icon, tip, key, line, place in _PRESETS:
            made = self._preset_button(name, icon, f"{tip} (Ctrl+Shift+{key})")
            grid.addWidget(made, line, place)
            self._presets.append(made)
        beside = QVBoxLayout()
        beside.addStretch(1)
        beside.addLayout(grid)
        beside.addWidget(self._degrees)
        beside.addStretch(1)
        line_up = row(self.hemisphere)
        line_up.addLayout(beside, 1)
        return line_up

    def _made_surfaces(self) -> QWidget:
        """How scans are drawn."""
        self._surfaces: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        for surface in SURFACES:
            made = button(
                _SURFACE_WORDS[surface],
                f"surface_{surface}",
                f"Scans as {_SURFACE_WORDS[surface].lower()} (Shift+L goes through them)",
                lambda s=surface: self._do(lambda desk: set_surface(desk, s)),  # type: ignore[misc]
                checkable=True,
            )
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(made)
            self._surfaces[surface] = made
        held = QWidget()
        held.setLayout(row(*self._surfaces.values()))
        return held

    def _preset_button(self, name: str, icon: str, tip: str) -> QPushButton:
        made = button(
            "",
            f"light_{name}",
            tip,
            lambda: self._do(
                lambda desk: set_light(desk, lambda light: preset(light, name), self._held, "")
            ),
            icon=icon,
        )
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setFixedSize(34, 30)
        return made

    def _dragged(self, which: Which, azimuth_deg: float, elevation_deg: float) -> None:
        self._held = which
        self._do(
            lambda desk: set_light(
                desk, lambda light: pointed(light, azimuth_deg, elevation_deg), which
            )
        )

    def _set_detail(self, value: float) -> None:
        self._exaggerate(detail=value)

    def _set_form(self, value: float) -> None:
        self._exaggerate(form=value)

    def _exaggerate(self, detail: float | None = None, form: float | None = None) -> None:
        self._do(
            lambda desk: set_light(
                desk, lambda light: exaggerated(light, detail, form), self._held, "exaggerate"
            )
        )


class Amount(QWidget):
    """A slider with its name and its value as a factor; ``over`` is called when it is let go."""

    def __init__(
        self,
        name: str,
        words: str,
        most: float,
        keys: str,
        changed: Callable[[float], None],
        over: Callable[[], None],
    ) -> None:
        super().__init__()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName(name)
        self._slider.setAccessibleName(words)
        self._slider.setToolTip(f"{words} ({keys})")
        self._slider.setRange(0, round(most * _PER_UNIT))
        self._slider.setPageStep(_PER_UNIT // 2)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slider.valueChanged.connect(lambda value: changed(value / _PER_UNIT))
        self._slider.sliderReleased.connect(lambda: over())
        title = QLabel(words)
        title.setMinimumWidth(76)
        self._value = label("", name=f"{name}_value")
        self._value.setMinimumWidth(44)
        layout = row(title, self._slider, self._value)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_value(self, value: float) -> None:
        """Bring it to a value without telling anyone."""
        follow(self._slider, round(value * _PER_UNIT), shown=True)
        self._value.setText(f"×{value:.2f}".rstrip("0").rstrip("."))


class LightSets(QWidget):
    """A button for every light an image was taken in; a row for each side when not linked."""

    def __init__(self, do: Do) -> None:
        super().__init__()
        self.setObjectName("light_sets")
        self._do = do
        self._shown: tuple[object, ...] = ()
        self._buttons: dict[tuple[Which, str], QPushButton] = {}
        self._layout = column()
        self.setLayout(self._layout)

    def show_desk(self, desk: Desk) -> None:
        """Offer the lights there are; mark those seen."""
        wanted = (desk.light_sets, desk.view.lights_linked)
        if wanted != self._shown:
            self._shown = wanted
            self._rebuild(desk)
        for (which, name), made in self._buttons.items():
            made.setChecked(shown_light(desk, which) == name)

    def _rebuild(self, desk: Desk) -> None:
        self._buttons.clear()
        while self._layout.count():
            item = self._layout.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not switches(desk):
            self._layout.addWidget(_hint(NO_OTHER_LIGHT))
            return
        for which, title in _rows(desk):
            self._layout.addWidget(label(title, "dim"))
            self._layout.addWidget(self._choices(desk, which))
        self._layout.addWidget(_hint("I and J switch to the next and the previous light."))

    def _choices(self, desk: Desk, which: Which) -> QWidget:
        held = QWidget()
        grid = QGridLayout(held)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        for index, name in enumerate(light_names(desk, which)):
            made = button(
                name,
                f"shown_{which}_{name}",
                f"The image taken in this light: {name} (I, J)",
                lambda n=name: self._do(lambda d: choose_light(d, n, which)),  # type: ignore[misc]
                checkable=True,
            )
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            grid.addWidget(made, index // 3, index % 3)
            self._buttons[which, name] = made
        return held


def _rows(desk: Desk) -> list[tuple[Which, str]]:
    """Whose lights are offered, and what they are called."""
    sides = [side for side in SIDES if len(light_names(desk, side)) > 1]
    if desk.view.lights_linked:
        return (
            [(sides[0], "Both images were taken in")]
            if len(sides) == 2
            else [(sides[0], f"The {sides[0]} image was taken in")]
        )
    return [(side, f"The {side} image was taken in") for side in sides]


def _hint(text: str) -> QLabel:
    return label(text, "dim", wrap=True)
