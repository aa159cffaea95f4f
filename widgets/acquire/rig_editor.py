"""Where the lights of the stand are: directions entered, or found on a mirror ball."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import CaseheadError
from app.store.light_rigs import LightRig, RigLight
from app.workbench.combining import AZIMUTHS_DEG
from widgets.acquire.relief_work import ReliefWork
from widgets.acquire.stepping import switch
from widgets.common.parts import add_row, button, form, label, line, row

_ELEVATION_DEG = 25.0
_ROWS = 8


class RigEditor(QWidget):
    """A row for each light: name, azimuth from the right counter-clockwise, elevation."""

    def __init__(self, work: ReliefWork, leave: Callable[[], None]) -> None:
        super().__init__()
        self._work, self._leave = work, leave
        self.name = line("rig_name", "Name of the stand and its lights", "stand 1")
        self.table = QTableWidget(_ROWS, 3)
        self._says = label("", "dim", "rig_says", wrap=True)
        self._enter = _small("Keep directions", "rig_enter", "As written in the table", self.enter)
        self._ball = _small("", "rig_ball", "The ball, this light alone", self.take)
        self._find = _small("From the ball", "rig_calibrate", "Find the directions", self.calibrate)
        self._again = _small("Anew", "rig_ball_again", "Drop the ball's pictures", self._drop_ball)
        self._back = _small("Back", "rig_back", "To the relief", leave)
        self._build()

    def begin(self, rig: LightRig | None) -> None:
        """Show the rig chosen, or usual lights to begin with."""
        usual = [(name, azimuth, _ELEVATION_DEG) for name, azimuth in AZIMUTHS_DEG.items()]
        lights = usual if rig is None else [_row(one) for one in rig.lights]
        self.name.setText("" if rig is None else rig.name)
        for number in range(_ROWS):
            cells = [""] * 3
            if number < len(lights):
                name, *angles = lights[number]
                cells = [name, *(f"{angle:g}" for angle in angles)]
            for at, text in enumerate(cells):
                self.table.setItem(number, at, QTableWidgetItem(text))
        self.show_work()

    def lights(self) -> dict[str, tuple[float, float]]:
        """What is written. Raises CaseheadError for what is no angle."""
        found = {}
        for number in range(_ROWS):
            name, *angles = (_text(self.table, number, at) for at in range(3))
            if not name:
                continue
            try:
                azimuth, elevation = (float(text.replace(",", ".")) for text in angles)
            except ValueError:
                raise CaseheadError(f"Write both angles of the light {name} in degrees.") from None
            found[name] = (azimuth, elevation)
        return found

    def enter(self) -> None:
        """Keep what is written."""
        try:
            lights = self.lights()
        except CaseheadError as error:
            self._says.setText(str(error))
            return
        self._work.enter_rig(self.name.text(), lights)
        self._leave()

    def take(self) -> None:
        """The picture seen is the ball under the next light."""
        name = self._next
        if name:
            self._work.take_ball(name)
            bench = self._work.station.camera.bench
            if bench is not None and self._next:
                switch(bench, self._next)

    def calibrate(self) -> None:
        """Find the directions from the pictures taken."""
        self._work.calibrate(self.name.text())

    def show_work(self) -> None:
        """How far the ball is."""
        name = self._next
        self._ball.setText(f"Take ball: {name}" if name else "All taken")
        self._ball.setEnabled(bool(name))
        self._find.setEnabled(len(self._work.ball) >= 3)
        self._again.setEnabled(bool(self._work.ball))
        self._says.setText(self._work.sentence)

    @property
    def _next(self) -> str:
        names = [_text(self.table, number, 0) for number in range(_ROWS)]
        return next((name for name in names if name and name not in self._work.ball), "")

    def _drop_ball(self) -> None:
        self._work.ball = {}
        self.show_work()

    def _build(self) -> None:
        self.table.setObjectName("rig_lights")
        self.table.setAccessibleName("Lights: name, azimuth, elevation")
        self.table.setHorizontalHeaderLabels(["light", "azimuth °", "elevation °"])
        self.table.setToolTip(
            "Azimuth from the right, counter-clockwise as seen; elevation over the plane"
        )
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(170)
        self.table.cellChanged.connect(lambda *_: self.show_work())
        fields = form()
        add_row(fields, "&Name", self.name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(fields)
        layout.addWidget(self.table, 1)
        layout.addLayout(row(self._enter, self._back))
        layout.addWidget(label("Or: a mirror ball under each light", "dim"))
        layout.addLayout(row(self._ball, self._find, self._again))
        layout.addWidget(self._says)


def _row(light: RigLight) -> tuple[str, float, float]:
    return light.name, light.azimuth_deg, light.elevation_deg


def _text(table: QTableWidget, number: int, at: int) -> str:
    item = table.item(number, at)
    return "" if item is None else " ".join(item.text().split())


def _small(text: str, name: str, tip: str, do: Callable[[], object]) -> QPushButton:
    made = button(text, name, tip, do)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
