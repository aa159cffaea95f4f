"""A drawer that asks for what one operation needs, and does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain import CaseheadError
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, add_row, button, form, label, row

Operation = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Question:
    """``fields`` by their labels ("" for one that speaks for itself).

    ``read`` takes what was filled in, on the GUI thread, and gives the operation; it raises
    CaseheadError with a sentence where something does not go together. ``said`` is told after.
    """

    title: str
    why: str
    fields: Sequence[tuple[str, QWidget]]
    do: str
    read: Callable[[], Operation]
    said: str = ""


class AskDrawer(Drawer):
    """One question at a time; Enter in a line does it, Esc leaves it."""

    def __init__(self, name: str, bridge: Bridge) -> None:
        super().__init__(name, "")
        self._name, self._bridge = name, bridge
        self._question: Question | None = None
        self._do = button("", f"{name}_do", "Do it (Enter)", self.go, primary=True)
        self.foot.addLayout(row(self._do, stretch_last=True))
        self._asked = QWidget()
        self.body.addWidget(self._asked)
        self.body.addStretch(1)

    def ask(self, question: Question) -> None:
        """Open with this question in place of any other."""
        self._question = question
        self.title.setText(question.title)
        self.setAccessibleName(question.title)
        self._do.setText(question.do)
        self._do.setAccessibleName(question.do)
        self._do.setEnabled(True)
        self._say("")
        self._replace(question)
        self.show()
        if question.fields:
            question.fields[0][1].setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self) -> None:
        """Do what was asked."""
        question = self._question
        if question is None or not self._do.isEnabled():
            return
        try:
            operation = question.read()
        except CaseheadError as error:
            self._say(str(error))
            return
        self._do.setEnabled(False)
        self._bridge.run(
            operation,
            lambda _: self._done(question),
            lambda error: self._refused(question, error),
            owner=self,
        )

    def _replace(self, question: Question) -> None:
        fresh = QWidget()
        inside = QVBoxLayout(fresh)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(label(question.why, "dim", wrap=True))
        fields = form()
        for words, field in question.fields:
            if words:
                add_row(fields, words, field)
            else:
                fields.addRow(field)
            if isinstance(field, QLineEdit):
                field.returnPressed.connect(self.go)
                field.textEdited.connect(lambda _: self._say(""))
        inside.addLayout(fields)
        self.body.replaceWidget(self._asked, fresh)
        self._asked.hide()
        self._asked.deleteLater()
        self._asked = fresh

    def _done(self, question: Question) -> None:
        if self._question is question:
            self.close_drawer()
        self._bridge.tell(question.said)

    def _refused(self, question: Question, error: CaseheadError) -> None:
        if self._question is question and not self.isHidden():
            self._do.setEnabled(True)
            self._say(str(error))
        else:  # something else is asked now, or nothing
            self._bridge.tell(str(error), attention=True)
