"""The few things to choose for each kind of combined picture."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QVBoxLayout, QWidget

from app.capture.series import COUNTS, LIGHTS
from widgets.acquire.frames_work import FramesWork
from widgets.common.parts import choice, label, line, row

_BRACKETS = {
    "3 exposures, 2 stops apart": (0.0, -2.0, 2.0),
    "3 exposures, 1 stop apart": (0.0, -1.0, 1.0),
    "5 exposures, 2 stops apart": (0.0, -4.0, -2.0, 2.0, 4.0),
    "2 exposures, the second 2 stops shorter": (0.0, -2.0),
}


class FrameOptions(QWidget):
    """One row, that of the kind chosen."""

    def __init__(self, work: FramesWork) -> None:
        super().__init__()
        self._work = work
        self.count = choice("frames_number", "Frames to average", map(str, COUNTS))
        self.bracket = choice("frames_bracket", "Exposures to take", _BRACKETS)
        self.lights = line("frames_lights", "Lights in their order, with commas", ", ".join(LIGHTS))
        self.lights.setText(", ".join(LIGHTS))
        self.follow = QCheckBox("Capture by itself when sharp and at rest")
        self.follow.setObjectName("frames_follow")
        self.follow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._pages = QStackedWidget()
        rows = {
            "average": _named("Frames", self.count),
            "exposure": _named("Bracket", self.bracket),
            "lights": _named("Lights", self.lights),
            "focus": self.follow,
        }
        self._places = {kind: self._pages.addWidget(widget) for kind, widget in rows.items()}
        self._places["stitch"] = self._places["focus"]
        self._pages.setFixedHeight(30)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.count.setCurrentText(str(work.series.count))
        self.count.activated.connect(lambda _: self._counted())
        self.bracket.activated.connect(lambda _: self._bracketed())
        self.lights.editingFinished.connect(self._named_lights)
        self.follow.toggled.connect(self._followed)

    def show_options(self) -> None:
        """Those of the kind in hand."""
        kind = self._work.series.kind
        self.setVisible(kind in self._places)
        if kind in self._places:
            self._pages.setCurrentIndex(self._places[kind])
        begun = bool(self._work.series.taken)
        for field in (self.count, self.bracket, self.lights):
            field.setEnabled(not begun)
        self.follow.setChecked(self._work.follow.by_itself)

    def _counted(self) -> None:
        self._work.choose(replace(self._work.series, count=int(self.count.currentText())))

    def _bracketed(self) -> None:
        stops = _BRACKETS[self.bracket.currentText()]
        self._work.choose(replace(self._work.series, stops=stops))

    def _named_lights(self) -> None:
        names = tuple(" ".join(part.split()) for part in self.lights.text().split(","))
        names = tuple(dict.fromkeys(filter(None, names))) or LIGHTS
        self.lights.setText(", ".join(names))
        if names != self._work.series.lights and not self._work.series.taken:
            self._work.choose(replace(self._work.series, lights=names))

    def _followed(self, by_itself: bool) -> None:
        self._work.follow_by_itself(by_itself)


def _named(words: str, field: QWidget) -> QWidget:
    holder = QWidget()
    beside = row(label(words, "dim"), field)
    beside.setStretch(1, 1)
    holder.setLayout(beside)
    return holder
