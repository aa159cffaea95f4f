"""The filters that chart, timeline and map share: state, agency, calibre, period, case number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QWidget

from app.casework.graph import ChartFilter, Wanted
from widgets import theme
from widgets.common.parts import button, choice, label, line

_WAIT_MS = 150
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
ANY_AGENCY, ANY_CALIBRE = "any agency", "any calibre"


class FilterBar(QFrame):
    """``changed`` is called a moment after the last change."""

    def __init__(self, name: str, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName(f"{name}_filter")
        self.setProperty("panel", True)
        self._only = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(changed)
        self.state = choice(f"{name}_state", "Which links are shown (S)", list(Wanted))
        self.agency = choice(f"{name}_agency", "Agency of a linked case", (ANY_AGENCY,))
        self.calibre = choice(f"{name}_calibre", "Calibre in a linked case", (ANY_CALIBRE,))
        self.since = line(f"{name}_since", "Events from this day on: year-month-day", "from")
        self.until = line(f"{name}_until", "Events up to this day: year-month-day", "until")
        self.number = line(f"{name}_number", "Case number, or part of it (Ctrl+F)", "case number")
        self._clear = button("Clear", f"{name}_clear", "Take all filters off (X)", self.clear)
        self._build()

    @property
    def wanted(self) -> ChartFilter:
        """What is chosen; a day that is none yet counts as not given."""
        return ChartFilter(
            Wanted(self.state.currentText()),
            "" if self.agency.currentIndex() <= 0 else self.agency.currentText(),
            "" if self.calibre.currentIndex() <= 0 else self.calibre.currentText(),
            _day(self.since.text()),
            _day(self.until.text()),
            self.number.text().strip(),
            self._only,
        )

    @property
    def waiting(self) -> bool:
        """Whether a change has not been told yet."""
        return self._timer.isActive()

    def add(self, *widgets: QWidget) -> None:
        """More, at the end of the line."""
        for widget in widgets:
            self._line.addWidget(widget)

    def show_only(self, case_id: str) -> None:
        """Only what hangs together with one case."""
        self.clear()
        self._only = case_id
        self._begin()

    def clear(self) -> None:
        """Everything."""
        self._only = ""
        for box in (self.state, self.agency, self.calibre):
            box.setCurrentIndex(0)
        for field in (self.since, self.until, self.number):
            field.clear()
        self._begin()

    def take_focus(self) -> None:
        """Write a case number."""
        self.number.setFocus()
        self.number.selectAll()

    def next_state(self) -> None:
        """Hits and leads, hits, leads."""
        self.state.setCurrentIndex((self.state.currentIndex() + 1) % self.state.count())

    def offer(self, agencies: Sequence[str], calibres: Sequence[str]) -> None:
        """What can be chosen; what is chosen stays."""
        _fill(self.agency, (ANY_AGENCY, *agencies))
        _fill(self.calibre, (ANY_CALIBRE, *calibres))

    def _build(self) -> None:
        for box, width in ((self.state, 128), (self.agency, 170), (self.calibre, 120)):
            box.setFixedWidth(width)
            box.currentIndexChanged.connect(lambda _: self._begin())
        for field, width in ((self.since, 96), (self.until, 96), (self.number, 130)):
            field.setFixedWidth(width)
            field.textChanged.connect(lambda _: self._begin())
        layout = self._line = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(6)
        layout.addWidget(label("Show", "dim"))
        for widget in (self.state, self.agency, self.calibre, self.since, self.until, self.number):
            layout.addWidget(widget)
        layout.addWidget(self._clear)
        layout.addStretch(1)

    def _begin(self) -> None:
        for field in (self.since, self.until):
            wrong = bool(field.text().strip()) and not _day(field.text())
            field.setStyleSheet(f"color: {theme.colours().amber}" if wrong else "")
        self._timer.start()


def _day(text: str) -> str:
    """A year, a month or a day as it is written in records, "" for anything else."""
    found = _DAY.fullmatch(text.strip())
    return found[0] if found else ""


def _fill(box: QComboBox, entries: Sequence[str]) -> None:
    if [box.itemText(at) for at in range(box.count())] == list(entries):
        return
    kept = box.currentText()
    box.blockSignals(True)
    box.clear()
    box.addItems(list(entries))
    box.setCurrentIndex(max(box.findText(kept), 0))
    box.blockSignals(False)
