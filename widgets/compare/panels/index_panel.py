"""The panel of index marks: one on each specimen, with its number and its colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain import Annotation, AnnotationKind
from app.picture.annotations import COLOURS
from widgets.compare.desk import Desk, drawn
from widgets.compare.desk.indexing import index_of, index_up, put_index
from widgets.compare.desk.pen import TOOL
from widgets.compare.desk.setting import Specimen
from widgets.compare.panels.conclude_parts import heading, hint
from widgets.compare.panels.controls import Act

Do = Callable[[Callable[[Desk], None]], None]
_SIDES: tuple[Specimen, Specimen] = ("left", "right")
_SAYS = "One on each specimen: which way was up, where its clock begins."


class IndexPanel(QWidget):
    """``act`` gets the name of the action, ``do`` carries an operation out on the desk in hand."""

    def __init__(self, act: Act, do: Do) -> None:
        super().__init__()
        self.setObjectName("index_panel")
        self._do = do
        self._place = QPushButton("⇧O  Place by a click")
        self._place.setObjectName("index_mark")
        self._place.setCheckable(True)
        self._place.setToolTip("Click where up is on a specimen (Shift+O); Insert: up as seen")
        self._place.setAccessibleName("Place an index mark by a click")
        self._place.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._place.clicked.connect(lambda: act("index mark"))
        self._rows = {side: _Row(side, do) for side in _SIDES}
        grid = QGridLayout()
        grid.setSpacing(4)
        grid.setColumnStretch(2, 1)
        for line, row in enumerate(self._rows.values()):
            for column, widget in enumerate((row.label, row.number, row.colour, row.turn)):
                grid.addWidget(widget, line, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading("Index marks"))
        layout.addWidget(hint(_SAYS))
        layout.addWidget(self._place)
        layout.addLayout(grid)

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        index = AnnotationKind.INDEX
        self._place.setChecked(desk.tool == TOOL and desk.pen.kind is index)
        for side, row in self._rows.items():
            row.show_mark(index_of(desk, side))


class _Row:
    """The mark of one specimen: number, colour, and there or not."""

    def __init__(self, side: Specimen, do: Do) -> None:
        self._side, self._do = side, do
        self._there = False
        self.label = QLabel(side.capitalize())
        self.number = QSpinBox()
        self.number.setObjectName(f"index_number_{side}")
        self.number.setAccessibleName(f"Number of the {side} index mark; 0 is none")
        self.number.setToolTip(f"Number of the {side} index mark; 0 is none")
        self.number.setRange(0, 999)
        self.number.setSpecialValueText("none")
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setFixedWidth(50)
        self.number.valueChanged.connect(lambda n: self._change(lambda a: replace(a, number=n)))
        self.colour = QComboBox()
        self.colour.setObjectName(f"index_colour_{side}")
        self.colour.setAccessibleName(f"Colour of the {side} index mark's border")
        self.colour.setToolTip(f"Colour of the {side} index mark's border")
        self.colour.addItems(["usual colour", *(name for name, _ in COLOURS.values())])
        self.colour.setMinimumContentsLength(6)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.colour.setSizeAdjustPolicy(adjust)
        keys = ["", *COLOURS]
        self.colour.activated.connect(
            lambda at: self._change(lambda a: replace(a, colour=keys[at]))
        )
        self.turn = QPushButton("Remove")
        self.turn.setObjectName(f"index_turn_{side}")
        self.turn.setStyleSheet("padding: 4px 2px")
        self.turn.setFixedWidth(70)
        self.turn.clicked.connect(lambda: do(self._turn))

    def show_mark(self, mark: Annotation | None) -> None:
        self._there = mark is not None
        self.turn.setText("Remove" if mark else "Up now")
        tip = "Draw it no more" if mark else "The mark where up is as the specimen is seen now"
        self.turn.setToolTip(tip)
        self.turn.setAccessibleName(f"{tip}: {self._side} specimen")
        for widget in (self.number, self.colour):
            widget.setEnabled(self._there)
        self.number.blockSignals(True)
        self.number.setValue(mark.number if mark else 0)
        self.number.blockSignals(False)
        self.colour.setCurrentIndex(["", *COLOURS].index(mark.colour if mark else ""))

    def _turn(self, desk: Desk) -> None:
        mark = index_of(desk, self._side)
        if mark is None:
            put_index(desk, index_up(desk, self._side))
        else:
            drawn.remove(desk, mark.id)

    def _change(self, how: Callable[[Annotation], Annotation]) -> None:
        def change(desk: Desk) -> None:
            mark = index_of(desk, self._side)
            if mark is not None:
                drawn.change(desk, how(mark), f"index {mark.id}")

        self._do(change)
