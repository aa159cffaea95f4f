"""Correcting one value: what it was, what it is, and why; nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.workbench.recording import FieldLine, RecordSheet
from widgets.casebook.fields import Editor, editor, fill, take_focus, text_of
from widgets.casebook.record_sheet import PickLists
from widgets.common.parts import add_row, button, form, label, line, row

Record = Callable[[RecordSheet, FieldLine, str, str], None]


class CorrectPage(QWidget):
    """``record(sheet, line, value, reason)`` is called when both are written."""

    def __init__(self, record: Record, leave: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("correct_page")
        self.setProperty("panel", True)
        self._record = record
        self._sheet: RecordSheet | None = None
        self._line: FieldLine | None = None
        self._title = label("", "heading", "correct_title", wrap=True)
        self._earlier = label("", "", "correct_earlier", wrap=True)
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        self._value: Editor | None = None
        self.reason = line("correct_reason", "Why it is corrected", "typed wrongly, measured anew")
        about = "The earlier value stays in the record with the reason, your name and the time."
        self._keep = button(
            "Correct", "correct_record", "Record the correction (Enter)", self.submit, primary=True
        )
        self._leave = button("Back", "correct_back", "Leave it as it is (Esc)", leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        fields = form()
        add_row(fields, "Recorded", self._earlier)
        holder = QWidget()
        holder.setProperty("panel", True)
        holder.setLayout(self._place)
        add_row(fields, "Right value", holder)
        add_row(fields, "Reason", self.reason)
        layout.addWidget(self._title)
        layout.addLayout(fields)
        layout.addWidget(label(about, "dim", wrap=True))
        layout.addLayout(row(self._keep, self._leave, stretch_last=True))
        layout.addStretch(1)

    def open_for(self, sheet: RecordSheet, one: FieldLine, picks: PickLists) -> None:
        """Ask for the right value of a field."""
        self._sheet, self._line = sheet, one
        self._title.setText(f"{one.field.label} of {sheet.title}")
        self._earlier.setText(one.shown)
        if self._value is not None:
            self._place.removeWidget(self._value)
            self._value.deleteLater()
        self._value = editor(one.field, picks, "right")
        fill(self._value, one.field, one.recorded)
        self._place.addWidget(self._value)
        self._value.show()
        for before, after in pairwise((self._value, self.reason, self._keep, self._leave)):
            self.setTabOrder(before, after)
        self.reason.clear()
        self.show()
        take_focus(self._value)

    def submit(self) -> None:
        """Record it."""
        if self._sheet is None or self._line is None or self._value is None:
            return
        if self._value.hasFocus() and not self.reason.text().strip():
            self.reason.setFocus()
            return
        self._record(self._sheet, self._line, text_of(self._value), self.reason.text())
