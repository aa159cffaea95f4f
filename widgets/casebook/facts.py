"""What is known of the image chosen; where its scale is not, the question and the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain import Acquired, Light, Provenance, Region
from app.importing.making import NO_SCALE
from widgets.common.parts import add_row, button, choice, column, form, label, line, row

Unit = Literal["m", "mm", "um"]
_WORDS: dict[str, Unit] = {"metres": "m", "millimetres": "mm", "micrometres": "um"}
SettleImage = Callable[[str], None]
SettleScan = Callable[[Unit, Unit], None]


def facts_of(place: Provenance, region: Region | None) -> tuple[tuple[str, str], ...]:
    """Names and values, in the order they are read."""
    acquired, case = place.acquired, place.cartridge_case
    record = acquired.record
    when = record.captured_at.replace("T", " ").replace("+00:00", " UTC")
    light = "" if record.light is Light.UNKNOWN else f"{record.light} light"
    found = (
        ("Mark", f"{place.name}, {place.mark.kind}"),
        ("Role", str(case.role)),
        ("Calibre", case.calibre or "unknown"),
        ("Firing pin", case.firing_pin_shape or "unknown"),
        ("Breech face", case.breech_face_class or "unknown"),
        ("Captured", when),
        ("By", f"{record.author.examiner}, {record.author.station}"),
        ("Agency", place.agency.name),
        ("Camera", record.camera),
        ("File", record.origin),
        ("Light", light or "not recorded"),
        ("Objective", record.objective),
        ("Size", _size(acquired)),
        ("Pixel", f"{acquired.pixel_um:.4g} µm" if acquired.pixel_um else "not known"),
        ("Region", _region(region)),
        ("Stored as", _stored(acquired)),
        ("SHA-256", acquired.digest),
        ("Software", record.software),
    )
    return tuple((name, value) for name, value in found if value)


def _size(acquired: Acquired) -> str:
    return f"{acquired.width} x {acquired.height} {'points' if acquired.kind == 'scan' else 'px'}"


def _stored(acquired: Acquired) -> str:
    loss = ", compressed with loss when it came" if acquired.lossy else ", as it came"
    return f"{acquired.file_format}, {acquired.bits} bit{loss}"


def _region(region: Region | None) -> str:
    if region is None:
        return ""
    if region.source == "examiner":
        return "drawn by the examiner"
    return f"found automatically, confidence {region.confidence:.0%}"


class FactsPanel(QWidget):
    """The facts, warnings in amber, and the settling of a scale."""

    def __init__(self, settle_image: SettleImage, settle_scan: SettleScan) -> None:
        super().__init__()
        self.setObjectName("facts")
        self.setProperty("panel", True)
        self._settle_image, self._settle_scan = settle_image, settle_scan
        self._warnings = label("", "amber", "facts_warnings", wrap=True)
        self._pixel = line("settle_pixel_um", "Size of a pixel in micrometres", "2.53")
        self._pixel.returnPressed.connect(self._say_pixel)
        self._image_question = self._ask_pixel()
        self._xy = choice("settle_xy", "Unit of the distances", _WORDS)
        self._z = choice("settle_z", "Unit of the heights", _WORDS)
        self._scan_question = self._ask_units()
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(6)
        self._grid.setHorizontalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._holder.setProperty("panel", True)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("panel", True)
        stacked = QVBoxLayout(inside)
        stacked.setContentsMargins(16, 12, 16, 12)
        stacked.setSpacing(10)
        for widget in (self._warnings, self._image_question, self._scan_question, self._holder):
            stacked.addWidget(widget)
        stacked.addStretch(1)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.show_nothing()

    def show_nothing(self) -> None:
        """No image is chosen."""
        for widget in (self._warnings, self._image_question, self._scan_question):
            widget.hide()
        self._fill(())

    def show_facts(self, place: Provenance, region: Region | None, *, read_only: bool) -> None:
        """What is known of this one."""
        acquired = place.acquired
        # the missing scale of an image is the question below
        warnings = [warning for warning in acquired.warnings if warning != NO_SCALE]
        self._warnings.setText("\n".join(warnings))
        self._warnings.setVisible(bool(warnings))
        unsettled = acquired.pixel_um is None and not read_only
        self._image_question.setVisible(unsettled and acquired.kind == "image")
        self._scan_question.setVisible(unsettled and acquired.kind == "scan")
        self._fill(facts_of(place, region))

    def _ask_pixel(self) -> QWidget:
        settle = button(
            "Settle",
            "settle_image",
            "Record this pixel size; the image is then searched",
            self._say_pixel,
            primary=True,
        )
        return _question(
            "How many micrometres does one pixel measure? It is in the microscope's calibration; "
            "without it the image is kept, but cannot be searched.",
            row(self._pixel, settle),
        )

    def _ask_units(self) -> QWidget:
        settle = button(
            "Settle",
            "settle_scan",
            "Record these units; the scan is then searched",
            self._say_units,
            primary=True,
        )
        fields = form()
        add_row(fields, "Distances", self._xy)
        add_row(fields, "Heights", self._z)
        return _question("In which units did the microscope write this scan?", fields, settle)

    def _say_pixel(self) -> None:
        self._settle_image(self._pixel.text())

    def _say_units(self) -> None:
        self._settle_scan(_WORDS[self._xy.currentText()], _WORDS[self._z.currentText()])

    def _fill(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Rows are reused: taking them away and making new ones would flicker."""
        while len(self._rows) < len(facts):
            self._add_row()
        for number, (words, value) in enumerate(self._rows):
            words.setVisible(number < len(facts))
            value.setVisible(number < len(facts))
            if number < len(facts):
                _fill_row(words, value, *facts[number])

    def _add_row(self) -> None:
        words, value = label(tone="dim"), label(wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(words, len(self._rows), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, len(self._rows), 1)
        self._rows.append((words, value))


def _fill_row(words: QLabel, value: QLabel, name: str, text: str) -> None:
    words.setText(name)
    value.setText(f"{text[:12]} ... {text[-6:]}" if name == "SHA-256" else text)
    value.setObjectName(f"fact_{name.lower().replace(' ', '_')}")
    value.setToolTip(text)


def _question(text: str, answer: QLayout, *below: QWidget) -> QWidget:
    made = QWidget()
    layout = column(label(text, "amber", wrap=True))
    layout.addLayout(answer)
    for widget in below:
        layout.addWidget(widget)
    made.setLayout(layout)
    return made
