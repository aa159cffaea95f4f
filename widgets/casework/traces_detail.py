"""What is known of one trace request: the form as recorded, its steps, its answer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.casework.trace_form import Form
from app.casework.traces import TraceLine
from app.workbench.trace_words import fields_words, heading, steps_words
from widgets.common.parts import label, row

_WIDTH = 400


class TraceDetail(QFrame):
    """``buttons`` are what can be done with the request in hand."""

    def __init__(self, form: Form, *buttons: QPushButton) -> None:
        super().__init__()
        self.setObjectName("trace_detail")
        self.setAccessibleName("The trace request in hand")
        self.setProperty("panel", True)
        self.setFixedWidth(_WIDTH)
        self._form = form
        self.title = label("", "heading", "trace_detail_title", wrap=True)
        self.says = label("", "", "trace_detail_says", wrap=True)
        self._inside = QWidget()
        self._inside.setProperty("panel", True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName("The form as recorded, and its steps")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 12)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.says)
        layout.addWidget(self._area, 1)
        layout.addLayout(row(*buttons, stretch_last=True))

    def show_line(self, line: TraceLine | None) -> None:
        """Put a request into words; None where none is in hand."""
        self.title.setText(f"{line.gun}\n{line.case}" if line else "No request chosen")
        self.says.setText(heading(line) if line else "")
        inside = QWidget()
        inside.setProperty("panel", True)
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        if line is not None:
            self._lay_out(grid, line)
        grid.setRowStretch(grid.rowCount(), 1)
        self._area.setWidget(inside)

    def _lay_out(self, grid: QGridLayout, line: TraceLine) -> None:
        for number, words in enumerate(steps_words(self._form, line)):
            grid.addWidget(label(words, "", f"trace_step_{number}", wrap=True), number, 0, 1, 2)
        for name, value in fields_words(self._form, line):
            at = grid.rowCount()
            if value:
                top = Qt.AlignmentFlag.AlignTop
                what = label(name, "dim", wrap=True)
                what.setFixedWidth(128)
                grid.addWidget(what, at, 0, top)
                grid.addWidget(label(value, "", wrap=True), at, 1, top)
            else:
                grid.addWidget(label(name, "heading"), at, 0, 1, 2)
