"""The steps of a protocol as a list, and the row that asks why one needs no picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from app.workbench.protocols import Needs, StepLine, StepState
from widgets import theme
from widgets.common.parts import button, choice, row

ROW_PX, CLOSE_PX, MANY = 22, 20, 6
"""Height of a row; closer together from so many on."""
_ICONS = {
    StepState.DONE: "mdi6.checkbox-marked-outline",
    StepState.SETTLED: "mdi6.minus-box-outline",
    StepState.OPEN: "mdi6.checkbox-blank-outline",
}
_IN_HAND = "mdi6.chevron-right-box"
_STATES = {StepState.DONE: "done", StepState.SETTLED: "not on this case", StepState.OPEN: "open"}


def step_words(line: StepLine) -> str:
    """Name, and what there is to say besides."""
    more: list[str] = []
    if line.state is StepState.SETTLED:
        more.append("not on this case")
    if line.step.pictures > 1 or line.count > 1:
        more.append(
            f"{line.count} of {line.step.pictures}"
            if line.count <= line.step.pictures
            else f"{line.count}"
        )
    if line.redo and line.state is StepState.OPEN:
        more.append("take again")
    if line.step.optional and line.state is StepState.OPEN:
        more.append("optional")
    return line.step.name + (f"  ({', '.join(more)})" if more else "")


class StepList(QListWidget):
    """``chosen(key)`` is called for the step the user goes to."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("step_list")
        self.setAccessibleName("Steps of the protocol")
        self.setToolTip("What this cartridge case needs (PgDown, PgUp: next, previous step)")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(18, 18))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._chosen = chosen
        self.itemClicked.connect(self._go)
        self.itemActivated.connect(self._go)
        self.show_steps(None, None)

    def show_steps(self, needs: Needs | None, in_hand: StepLine | None) -> None:
        """All of them with their states."""
        lines = () if needs is None else needs.lines
        self.clear()
        high = CLOSE_PX if len(lines) >= MANY else ROW_PX
        for line in lines:
            item = _item(line, in_hand is not None and line.step.key == in_hand.step.key)
            item.setSizeHint(QSize(0, high))
            self.addItem(item)
            if in_hand is not None and line.step.key == in_hand.step.key:
                self.setCurrentRow(self.count() - 1)
        self.setFixedHeight(high * len(lines) + 2)
        self.setVisible(bool(lines))

    def _go(self, item: QListWidgetItem) -> None:
        self._chosen(str(item.data(Qt.ItemDataRole.UserRole)))


def _item(line: StepLine, in_hand: bool) -> QListWidgetItem:
    colours = theme.colours()
    here = in_hand and line.state is StepState.OPEN
    colour = colours.accent if here or line.state is StepState.DONE else colours.dim
    item = QListWidgetItem(
        theme.icon(_IN_HAND if here else _ICONS[line.state], colour), step_words(line)
    )
    item.setData(Qt.ItemDataRole.UserRole, line.step.key)
    state = "in hand" if here else _STATES[line.state]
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.step.name}: {state}")
    item.setToolTip(_tip(line))
    if line.redo and line.state is StepState.OPEN:
        item.setForeground(QColor(colours.amber))
    return item


def _tip(line: StepLine) -> str:
    if line.note is not None and line.state is StepState.SETTLED:
        who = line.note.author.examiner if line.note.author is not None else ""
        return f"{line.note.reason} ({who}, {line.note.noted_at[:10]})"
    return line.step.hint


class ReasonRow(QWidget):
    """Asks why a step needs no picture; ``given(reason)``, or ``closed()`` when it is left."""

    def __init__(self, given: Callable[[str], None], closed: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("reason_row")
        self._given, self._closed = given, closed
        self.reason = choice("settle_reason", "Why the step needs no picture", (), editable=True)
        field = self.reason.lineEdit()
        assert field is not None
        field.setPlaceholderText("why not (Enter records it, Esc leaves)")
        field.returnPressed.connect(self._give)
        record = button("Record", "settle_record", "Record the reason (Enter)", self._give)
        laid = row(self.reason, record)
        laid.setStretch(0, 1)
        self.setLayout(laid)
        self.setFocusProxy(self.reason)
        self.hide()

    def ask(self, reasons: tuple[str, ...]) -> None:
        """Offer these; others may be written."""
        self.reason.clear()
        self.reason.addItems(list(reasons))
        self.reason.setCurrentIndex(0 if reasons else -1)
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        field = self.reason.lineEdit()
        if field is not None:
            field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Nothing is recorded."""
        self.hide()
        self._closed()

    def _give(self) -> None:
        self._given(self.reason.currentText())
        self.leave()
