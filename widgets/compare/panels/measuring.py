"""The panel of measurements: tools, and what was measured."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.picture.measure import Measurement, as_text, place_words
from widgets.compare.desk import Desk
from widgets.compare.desk.measures import Measures
from widgets.compare.panels.conclude_parts import heading, hint
from widgets.compare.panels.controls import Act
from widgets.compare.panels.keyed_list import KeyedList

_TOOLS = (
    ("distance", "R  Distance", "Distance between two points (R)"),
    ("angle", "⇧R  Angle", "Angle between two arms (Shift+R)"),
    ("area", "Ctrl R  Area", "Area of an outline (Ctrl+R)"),
    ("profile", "P  Profile", "Profile along a line through both specimens (P)"),
)
EMPTY = "Nothing is measured yet. Take a tool and draw on a specimen; values are in micrometres."


class MeasuringPanel(QWidget):
    """``act`` gets the names of actions."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.setObjectName("measuring_panel")
        self._desk: Desk | None = None
        self._lines: tuple[str, ...] = ()
        self._tools = {name: _tool(name, text, tip, act) for name, text, tip in _TOOLS}
        self._empty = hint(EMPTY)
        self._empty.setObjectName("measurements_empty")
        tip = "What was measured; Delete takes one off, Ctrl+C copies it"
        self._list = KeyedList("measurements", "Measurements", tip, self._key)
        self._list.setWordWrap(True)
        self._list.setMinimumHeight(84)
        self._list.setMaximumHeight(96)
        self._list.currentRowChanged.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("Measure"))
        layout.addLayout(self._tool_grid())
        layout.addWidget(self._empty)
        layout.addWidget(self._list)
        layout.addLayout(self._buttons())

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        if desk is not self._desk:
            if self._desk is not None:
                self._desk.measures.listeners.remove(self._heard)
            self._desk = desk
            desk.measures.listeners.append(self._heard)
        for name, button in self._tools.items():
            button.setChecked(desk.tool == name)
        self._show_list(desk.measures)

    def _heard(self) -> None:
        if self._desk is not None and self.isVisible():
            self._show_list(self._desk.measures)

    def _show_list(self, measures: Measures) -> None:
        lines = tuple(f"{what}  {value}\n{where}" for what, value, where in self._rows(measures))
        self._list.blockSignals(True)
        if lines != self._lines:
            self._lines = lines
            self._list.clear()
            self._list.addItems(lines)
        self._list.setCurrentRow(measures.chosen)
        self._list.blockSignals(False)
        self._list.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        for button in self._on_list:
            button.setEnabled(bool(lines))

    def _rows(self, measures: Measures) -> list[tuple[str, str, str]]:
        return [_row(measures, one) for one in measures.items]

    def _choose(self, index: int) -> None:
        if self._desk is not None:
            self._desk.measures.choose(index)

    def _key(self, event: QKeyEvent) -> bool:
        """Keys of the list."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        elif event.key() == Qt.Key.Key_C and control:
            self._copy()
        else:
            return False
        return True

    def _remove(self) -> None:
        if self._desk is not None:
            measures = self._desk.measures
            measures.remove(measures.chosen if measures.chosen >= 0 else len(measures.items) - 1)

    def _draw(self) -> None:
        """The chosen one, or the last, becomes a drawing."""
        if self._desk is not None and self._desk.measures.items:
            measures = self._desk.measures
            chosen = measures.chosen
            measures.to_drawing(chosen if chosen >= 0 else len(measures.items) - 1)

    def _clear(self) -> None:
        if self._desk is not None:
            self._desk.measures.clear()

    def _copy(self) -> None:
        """The chosen line, or all when none is chosen."""
        if self._desk is None:
            return
        measures = self._desk.measures
        rows = self._rows(measures)
        chosen = measures.chosen
        QGuiApplication.clipboard().setText(as_text([rows[chosen]] if chosen >= 0 else rows))

    def _tool_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        for index, button in enumerate(self._tools.values()):
            grid.addWidget(button, index // 2, index % 2)
        return grid

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        tip = "Draw it on the specimen with its value, as in Notes: in every picture and file"
        self._on_list = (
            _button("Copy", "measurement_copy", "Copy the value (Ctrl+C)", self._copy),
            _button("To notes", "measurement_draw", tip, self._draw),
            _button("Delete", "measurement_delete", "Take it off the list (Delete)", self._remove),
            _button("Clear", "measurements_clear", "Take all off the list", self._clear),
        )
        for button in self._on_list:
            button.setStyleSheet("padding: 5px 2px")
            row.addWidget(button)
        return row


def _row(measures: Measures, one: Measurement) -> tuple[str, str, str]:
    return one.kind.value.capitalize(), measures.words(one), place_words(one.where)


def _tool(name: str, text: str, tip: str, act: Act) -> QPushButton:
    button = _button(text, f"tool_{name}", tip, lambda: act(f"tool {name}"))
    button.setCheckable(True)
    return button


def _button(text: str, name: str, tip: str, do: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: do())
    return button
