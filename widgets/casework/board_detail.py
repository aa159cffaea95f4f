"""The clock of the exhibit in hand: every stage with its sign, beside the board."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.casework.board import BoardLine
from app.casework.stages import Stage
from widgets import theme
from widgets.casework.board_words import stage_line
from widgets.common.parts import label

_WIDTH_PX = 312


class ClockPanel(QFrame):
    """Says nothing while nothing is in hand."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("clock_panel")
        self.setAccessibleName("The clock of the exhibit in hand")
        self.setProperty("panel", True)
        self.setFixedWidth(_WIDTH_PX)
        self.title = label("", "heading", "clock_title", wrap=True)
        self._since = label("", "dim", "clock_since", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(7)
        inside = QWidget()
        inside.setProperty("panel", True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self._since)
        column.addLayout(self._lines)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    @property
    def words(self) -> tuple[str, ...]:
        """Every stage as it is said."""
        items = (self._lines.itemAt(at) for at in range(self._lines.count()))
        found = (item.widget() for item in items if item is not None)
        return tuple(str(one.property("words")) for one in found if one is not None)

    def show_line(self, line: BoardLine | None, since: str = "") -> None:
        """What is in hand; its stages come with ``show_stages``."""
        self.title.setText("" if line is None else line.what)
        self._since.setText(since)
        self._since.setVisible(bool(since))
        if line is None or not line.exhibit_id:
            self.show_stages(())

    def show_stages(self, stages: tuple[Stage, ...]) -> None:
        """The stages of its exhibit."""
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for stage in stages:
            tone = "amber" if stage.state in ("overdue", "done late") else ""
            if stage.state in ("not yet begun", "settled"):
                tone = "dim"
            made = label(stage_line(stage), tone, f"clock_{stage.name}", wrap=True)
            made.setProperty("words", stage.words)
            theme.set_tone(made, "tone", tone)
            self._lines.addWidget(made)
