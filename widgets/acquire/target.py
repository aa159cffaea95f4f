"""What the captures are of, and how they are taken: cartridge case, light, objective, scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import Light, MarkKind
from app.workbench import CaseNode
from widgets.acquire.calibration import OBJECTIVES
from widgets.common.parts import button, choice, label, line, row

_LIGHTS = ((Light.RING, "Ring"), (Light.SIDE, "Side"), (Light.UNKNOWN, "Other"))


@dataclass(frozen=True, slots=True)
class Target:
    """A cartridge case that may be chosen, with its marks by kind."""

    cartridge_case_id: str
    words: str
    marks: Mapping[MarkKind, str] = field(default_factory=dict)


def targets_of(cases: tuple[CaseNode, ...]) -> tuple[Target, ...]:
    """All cartridge cases, the newest case first."""
    return tuple(
        Target(
            cartridge_case.cartridge_case.id,
            f"{case.case.number} / {exhibit.exhibit.number} / "
            f"{cartridge_case.cartridge_case.label}",
            {mark.mark.kind: mark.mark.id for mark in cartridge_case.marks},
        )
        for case in reversed(cases)
        for exhibit in reversed(case.exhibits)
        for cartridge_case in reversed(exhibit.cartridge_cases)
    )


class TargetPanel(QWidget):
    """Calls ``mark_chosen`` and the like for what the user changes.

    ``kind`` is the kind of mark in hand, None where none is.
    """

    def __init__(
        self,
        new_mark: Callable[[], None],
        mark_chosen: Callable[[], None],
        light_chosen: Callable[[Light], None],
        objective_chosen: Callable[[], None],
        pixel_written: Callable[[], None],
        calibrate: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("target_panel")
        self.kind: MarkKind | None = None
        self._case_id = ""
        self._targets: dict[str, Target] = {}
        self.mark = _searched("mark", "Cartridge case the captures are of")
        self._new = button(
            "New", "new_mark", "Register a cartridge case (Ctrl+N)", new_mark, icon="mdi6.plus"
        )
        self.objective = choice("objective", "Objective in use", OBJECTIVES, editable=True)
        self.objective.setMinimumContentsLength(4)
        self.zoom = line("zoom", "Zoom of the microscope, where it has one", "zoom")
        self.zoom.setFixedWidth(52)
        self.pixel = line("pixel_um", "Micrometres per pixel", "µm/px")
        self.pixel.setFixedWidth(64)
        self._calibrate = button(
            "", "calibrate_open", "Calibrate this camera (Ctrl+K)", calibrate, icon="mdi6.ruler"
        )
        self._calibrate.setAccessibleName("Calibrate")
        self._scale_says = label("", "amber", "scale_says", wrap=True)
        self._lights = QButtonGroup(self)
        self._light_chosen = light_chosen
        self._build()
        self.mark.currentIndexChanged.connect(lambda _: mark_chosen())
        self.objective.currentTextChanged.connect(lambda _: objective_chosen())
        self.zoom.editingFinished.connect(objective_chosen)
        self.pixel.editingFinished.connect(pixel_written)

    @property
    def target(self) -> Target | None:
        """The cartridge case chosen; None where what is written names none."""
        if self.mark.currentText() != self.mark.itemText(self.mark.currentIndex()):
            return None
        return self._targets.get(str(self.mark.currentData() or ""))

    @property
    def mark_id(self) -> str:
        """Its mark of the kind in hand, or its first; "" where there is none yet."""
        target = self.target
        if target is None:
            return ""
        first = next(iter(target.marks.values()), "")
        return first if self.kind is None else target.marks.get(self.kind, "")

    @property
    def words(self) -> str:
        """Case, exhibit, cartridge case and mark; "" where none is chosen."""
        target = self.target
        if target is None:
            return ""
        return target.words if self.kind is None else f"{target.words}   {self.kind}"

    @property
    def light(self) -> Light:
        """The light chosen."""
        chosen = self._lights.checkedButton()
        return Light.UNKNOWN if chosen is None else Light(str(chosen.property("light")))

    def show_targets(self, targets: tuple[Target, ...], mark_id: str) -> None:
        """Offer these; keep the one chosen, or choose that of ``mark_id`` where it is there."""
        before = self.target
        wanted = self._case_id or ("" if before is None else before.cartridge_case_id)
        self._targets = {target.cartridge_case_id: target for target in targets}
        for target in targets:
            if mark_id and mark_id in target.marks.values():
                wanted = target.cartridge_case_id
        self.mark.blockSignals(True)
        self.mark.clear()
        for target in targets:
            self.mark.addItem(target.words, target.cartridge_case_id)
        self.mark.setCurrentIndex(self.mark.findData(wanted) if wanted else -1)
        self._show_start()
        self.mark.blockSignals(False)

    def show_case(self, cartridge_case_id: str) -> None:
        """Choose that one, now or as soon as it is offered."""
        self._case_id = cartridge_case_id
        at = self.mark.findData(cartridge_case_id) if cartridge_case_id else -1
        if at >= 0 and at != self.mark.currentIndex():
            self.mark.blockSignals(True)
            self.mark.setCurrentIndex(at)
            self._show_start()
            self.mark.blockSignals(False)

    def _show_start(self) -> None:
        self.mark.setToolTip(self.mark.currentText() or "Cartridge case the captures are of")
        field = self.mark.lineEdit()
        if field is not None:
            field.setCursorPosition(0)

    def show_light(self, light: Light) -> None:
        """The light the camera says is on, or the one chosen."""
        for made in self._lights.buttons():
            made.setChecked(made.property("light") == str(light))

    @property
    def optics(self) -> tuple[str, str]:
        """Objective and zoom, as written."""
        return self.objective.currentText().strip(), self.zoom.text().strip()

    def show_pixel(self, pixel_um: float | None, *, from_camera: bool, told: str = "") -> None:
        """The pixel size, which the camera may know itself or ``told`` says who does."""
        words = f"{pixel_um:.4g}" if pixel_um else ""
        mine = "The camera tells it" if from_camera else "Remembered for this camera and objective"
        self.pixel.setToolTip(f"Micrometres per pixel. {told or mine}")
        if words == self.pixel.text() and from_camera == self.pixel.isReadOnly():
            return
        self.pixel.setText(words)
        self.pixel.setReadOnly(from_camera)

    def say_scale(self, sentence: str) -> None:
        """What follows from a missing scale."""
        self._scale_says.setText(sentence)
        self._scale_says.setVisible(bool(sentence))

    def add_below(self, widget: QWidget) -> None:
        """Another row under the cartridge case."""
        self._column.insertWidget(1, widget)

    def _build(self) -> None:
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        first = QWidget()
        chosen = row(self.mark, self._new)
        chosen.setStretch(0, 1)
        first.setLayout(chosen)
        first.setFocusProxy(self.mark)
        layout.addWidget(first)
        layout.addLayout(self._light_row())
        optics = row(self.objective, self.zoom, self.pixel, label("µm/px", "dim"), self._calibrate)
        optics.setStretch(0, 1)
        layout.addLayout(optics)
        layout.addWidget(self._scale_says)

    def _light_row(self) -> QHBoxLayout:
        made: list[QPushButton] = []
        for light, words in _LIGHTS:
            one = button(
                words,
                f"light_{light}",
                f"Recorded with each capture: {words.lower()} light",
                partial(self._light_chosen, light),
                checkable=True,
            )
            one.setProperty("light", str(light))
            self._lights.addButton(one)
            made.append(one)
        made[-1].setChecked(True)
        return row(label("Light", "dim"), *made)


def _searched(name: str, what: str) -> QComboBox:
    """A list that is searched by any part of what is written."""
    made = choice(name, what, (), editable=True)
    written = made.lineEdit()
    assert written is not None
    written.setPlaceholderText("choose, or register a new one")
    completer = made.completer()
    assert completer is not None
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    return made
