"""What the captures are of, and how they are taken: mark, light, objective, pixel size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCompleter, QPushButton, QVBoxLayout, QWidget

from app.domain import Light
from app.workbench import CaseNode
from widgets.acquire.calibration import OBJECTIVES
from widgets.common.parts import add_row, button, choice, form, label, line, row


@dataclass(frozen=True, slots=True)
class Target:
    """A mark that may be chosen."""

    mark_id: str
    words: str


def targets_of(cases: tuple[CaseNode, ...]) -> tuple[Target, ...]:
    """All marks, the newest case first."""
    return tuple(
        Target(
            mark.mark.id,
            f"{case.case.number} / {exhibit.exhibit.number} / "
            f"{cartridge_case.cartridge_case.label}   {mark.mark.kind}",
        )
        for case in reversed(cases)
        for exhibit in reversed(case.exhibits)
        for cartridge_case in reversed(exhibit.cartridge_cases)
        for mark in cartridge_case.marks
    )


class TargetPanel(QWidget):
    """Calls ``mark_chosen`` and the like for what the user changes."""

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
        self.mark = choice("mark", "Mark the captures go to", (), editable=True)
        field = self.mark.lineEdit()
        assert field is not None
        field.setPlaceholderText("choose, or register a new one")
        completer = self.mark.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._new = button(
            "New", "new_mark", "Register a cartridge case (Ctrl+N)", new_mark, icon="mdi6.plus"
        )
        self.objective = choice("objective", "Objective in use", OBJECTIVES, editable=True)
        self.zoom = line("zoom", "Zoom of the microscope, where it has one", "zoom")
        self.zoom.setFixedWidth(76)
        self.pixel = line("pixel_um", "Micrometres per pixel", "not known")
        self._calibrate = button(
            "Calibrate", "calibrate_open", "Calibrate this camera (Ctrl+K)", calibrate
        )
        self._scale_says = label("", "amber", "scale_says", wrap=True)
        self._lights = QButtonGroup(self)
        self._light_chosen = light_chosen
        self._build()
        self.mark.currentIndexChanged.connect(lambda _: mark_chosen())
        self.objective.currentTextChanged.connect(lambda _: objective_chosen())
        self.zoom.editingFinished.connect(objective_chosen)
        self.pixel.editingFinished.connect(pixel_written)

    @property
    def mark_id(self) -> str:
        """The mark chosen; nothing where what is written names none."""
        if self.mark.currentText() != self.mark.itemText(self.mark.currentIndex()):
            return ""
        return str(self.mark.currentData() or "")

    @property
    def light(self) -> Light:
        """The light chosen."""
        chosen = self._lights.checkedButton()
        return Light.UNKNOWN if chosen is None else Light(str(chosen.property("light")))

    def show_targets(self, targets: tuple[Target, ...], mark_id: str) -> None:
        """Offer these; keep the one chosen, or choose ``mark_id`` where it is there."""
        self.mark.blockSignals(True)
        self.mark.clear()
        for target in targets:
            self.mark.addItem(target.words, target.mark_id)
        self.mark.setCurrentIndex(self.mark.findData(mark_id) if mark_id else -1)
        self._show_start()
        self.mark.blockSignals(False)

    def _show_start(self) -> None:
        self.mark.setToolTip(self.mark.currentText() or "Mark the captures go to")
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
        self.pixel.setToolTip(told or mine)
        if words == self.pixel.text() and from_camera == self.pixel.isReadOnly():
            return
        self.pixel.setText(words)
        self.pixel.setReadOnly(from_camera)

    def say_scale(self, sentence: str) -> None:
        """What follows from a missing scale."""
        self._scale_says.setText(sentence)
        self._scale_says.setVisible(bool(sentence))

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label("Captures go to", "heading"))
        first = row(self.mark, self._new)
        first.setStretch(0, 1)
        layout.addLayout(first)
        lights: list[QPushButton] = []
        for light, words in ((Light.RING, "Ring"), (Light.SIDE, "Side"), (Light.UNKNOWN, "Other")):
            made = button(
                words,
                f"light_{light}",
                f"Recorded with each capture: {words.lower()} light",
                partial(self._light_chosen, light),
                checkable=True,
            )
            made.setProperty("light", str(light))
            self._lights.addButton(made)
            lights.append(made)
        lights[-1].setChecked(True)
        holder = QWidget()
        holder.setLayout(row(*lights))
        fields = form()
        add_row(fields, "Light", holder)
        add_row(fields, "&Objective", _beside(self.objective, self.zoom))
        add_row(fields, "&µm per pixel", _beside(self.pixel, self._calibrate))
        layout.addLayout(fields)
        layout.addWidget(self._scale_says)


def _beside(first: QWidget, second: QWidget) -> QWidget:
    holder = QWidget()
    holder.setLayout(row(first, second))
    holder.setFocusProxy(first)
    return holder
