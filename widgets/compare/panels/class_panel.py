"""The panel of class characteristics: both specimens side by side, agreeing or not in words.

What agrees is marked with "=", what differs with "≠", each in its own frame, so that they are
told apart without their colours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import ClassNote
from app.workbench import (
    SAID,
    SIGNS,
    VERDICTS,
    Characteristic,
    characteristics,
    note_of,
    verdict,
)
from widgets.compare.desk import Desk
from widgets.compare.desk.noting import note_class, take_registered
from widgets.compare.panels.conclude_parts import heading, hint

if TYPE_CHECKING:
    from app.domain import CartridgeCase

Do = Callable[[Callable[[Desk], None]], None]
_BY_WORDS = "by the words"
_SAYS = (
    "From the lists or in free words. Software compares nothing but the words; you may say "
    "otherwise."
)
_TONES = {
    "agree": "color: #0b1216; background: #34cc96; border: 1px solid #34cc96; border-radius: 3px",
    "differ": "color: #0b1216; background: #f47d30; border: 2px solid #7a2c00; border-radius: 0",
    "open": "border: 1px dashed #9aa3ad; border-radius: 3px",
    "": "",
}
"""Green and round, vermilion and square, dashed: by colour and by shape."""


class ClassPanel(QWidget):
    """``do`` carries an operation out on the desk in hand."""

    def __init__(self, do: Do) -> None:
        super().__init__()
        self.setObjectName("class_panel")
        self._do = do
        self._cases: tuple[CartridgeCase, CartridgeCase] | None = None
        self._lines = tuple(_Line(one, do) for one in characteristics())
        self._take = QPushButton("Take over what is registered")
        self._take.setObjectName("class_registered")
        self._take.setToolTip("Note what is registered of both cartridge cases, where nothing is")
        self._take.setAccessibleName(self._take.toolTip())
        self._take.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._take.clicked.connect(self._take_registered)
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for column, words in enumerate(("Left specimen", "Right specimen")):
            grid.addWidget(hint(words), 0, column)
        for number, line in enumerate(self._lines):
            line.add_to(grid, 2 * number + 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading("Class characteristics"))
        layout.addWidget(hint(_SAYS))
        layout.addLayout(grid)
        layout.addWidget(self._take)

    def set_cases(self, left: CartridgeCase, right: CartridgeCase) -> None:
        """Whose characteristics are noted; what is registered of them can be taken over."""
        self._cases = left, right

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        for line in self._lines:
            line.show_note(note_of(desk.remarks, line.key))

    def take_focus(self) -> None:
        """The keyboard goes to the first field."""
        self._lines[0].take_focus()

    def _take_registered(self) -> None:
        cases = self._cases
        if cases is not None:
            self._do(lambda desk: take_registered(desk, *cases))


class _Line:
    """One characteristic: its name and verdict, and below the words of both specimens."""

    def __init__(self, one: Characteristic, do: Do) -> None:
        self.key, self._do = one.key, do
        self._note = ClassNote(one.key)
        self._label = QLabel(one.label)
        self._verdict = QComboBox()
        self._verdict.setObjectName(f"class_{one.key}_verdict")
        self._verdict.setAccessibleName(f"{one.label}: agreement or difference")
        self._verdict.setToolTip(
            f"{one.label}: agreement or difference, by the words or as you say"
        )
        self._verdict.addItems([_BY_WORDS, *(f"{SIGNS[v]}  {SAID[v]}" for v in VERDICTS)])
        self._verdict.activated.connect(self._say)
        self._fields = {side: self._field(one, side) for side in ("left", "right")}

    def add_to(self, grid: QGridLayout, row: int) -> None:
        grid.addWidget(self._label, row, 0)
        grid.addWidget(self._verdict, row, 1)
        grid.addWidget(self._fields["left"], row + 1, 0)
        grid.addWidget(self._fields["right"], row + 1, 1)

    def take_focus(self) -> None:
        self._fields["left"].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_note(self, note: ClassNote) -> None:
        self._note = note
        for side, words in (("left", note.left), ("right", note.right)):
            field = self._fields[side]
            if field.currentText() != words:
                field.blockSignals(True)
                field.setEditText(words)
                field.blockSignals(False)
        found = verdict(note)
        by_words = f"{SIGNS[found]}  {SAID[found]}" if found and not note.said else _BY_WORDS
        self._verdict.setItemText(0, by_words)
        self._verdict.setCurrentIndex(VERDICTS.index(found) + 1 if note.said and found else 0)
        self._verdict.setStyleSheet(f"QComboBox {{ {_TONES[found]} }}" if found else "")

    def _field(self, one: Characteristic, side: str) -> QComboBox:
        field = QComboBox()
        field.setObjectName(f"class_{one.key}_{side}")
        field.setAccessibleName(f"{one.label} of the {side} specimen")
        field.setToolTip(f"{one.label} of the {side} specimen")
        field.setEditable(True)
        field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        field.addItems(["", *one.choices])
        field.setMinimumContentsLength(6)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        field.setSizeAdjustPolicy(adjust)
        edit = field.lineEdit()
        if edit is not None:
            edit.setPlaceholderText("not noted")
            edit.editingFinished.connect(lambda: self._do(lambda desk: desk.end_gesture()))
        field.activated.connect(lambda _: self._do(lambda desk: desk.end_gesture()))
        field.editTextChanged.connect(lambda words: self._write(side, words))
        return field

    def _write(self, side: str, words: str) -> None:
        words = words if words.strip() else ""
        left = words if side == "left" else self._note.left
        right = words if side == "right" else self._note.right
        self._note = replace(self._note, left=left, right=right)
        note = self._note
        self._do(lambda desk: note_class(desk, note, side))

    def _say(self, place: int) -> None:
        note = replace(self._note, said=VERDICTS[place - 1] if place else "")
        self._do(lambda desk: _said(desk, note))


def _said(desk: Desk, note: ClassNote) -> None:
    desk.end_gesture()
    note_class(desk, note)
    desk.end_gesture()
