"""One drawer for everything that is asked in a few fields before it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain import CaseheadError
from app.workbench import Workbench, language_warnings
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, button, choice, label, line, row

Values = Mapping[str, str]
_TEXT_PX = 96


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked for: a line, a text of several lines or a choice of (key, words).

    Of an ``open`` choice other words may be written, too; they are their own key.
    """

    key: str
    what: str
    kind: Literal["line", "text", "choice"] = "line"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; ``does`` stands on the button, ``said`` is told once it is recorded."""

    title: str
    does: str
    fields: tuple[Field, ...] = ()
    facts: str = ""
    said: str = ""


_Asked = tuple[Question, Callable[[Values], Any], Callable[[Any], None]]


class AskDrawer(Drawer):
    """What was written stays until it is recorded; a refusal is said under it.

    ``name`` goes before the names of the fields; ``opened`` and ``closed`` are called.
    """

    def __init__(self, name: str, workbench: Workbench, bridge: Bridge, width: int = 380) -> None:
        super().__init__(name, "", width)
        self.opened: Callable[[], None] = lambda: None
        self._workbench, self._bridge = workbench, bridge
        self._name = name
        self._fields: dict[str, QWidget] = {}
        self._choices: dict[str, dict[str, str]] = {}
        self._asked: _Asked = (Question("", ""), lambda _: None, lambda _: None)
        self.facts = label("", "dim", f"{name}_facts", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._warnings = label("", "amber", f"{name}_warnings", wrap=True)
        self._do = button("", f"{name}_do", "Record it (Ctrl+Enter)", self.submit, primary=True)
        self.body.addWidget(self.facts)
        self.body.addLayout(self._rows)
        self.body.addWidget(self._warnings)
        self.body.addStretch(1)
        self.foot.addLayout(row(self._do, stretch_last=True))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            made = QShortcut(QKeySequence(key), self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(self.submit)

    @property
    def values(self) -> dict[str, str]:
        """What is filled in now, by field."""
        return {key: self._value(key, field) for key, field in self._fields.items()}

    def ask(
        self,
        question: Question,
        work: Callable[[Values], Any],
        done: Callable[[Any], None] = lambda _: None,
    ) -> None:
        """Open for this; ``work`` runs off the GUI thread with what was filled in."""
        self._asked = (question, work, done)
        self.title.setText(question.title)
        self.setAccessibleName(question.title)
        self.facts.setText(question.facts)
        self.facts.setVisible(bool(question.facts))
        self._do.setText(question.does)
        self._do.setAccessibleName(question.does)
        self._do.setEnabled(True)
        self._lay_out(question.fields)
        self._say("")
        self._warn()
        self.show()
        self.opened()
        self.take_focus()

    def forget(self) -> None:
        """Close it: something else is in hand, which it is not about."""
        if not self.isHidden():
            self.close_drawer()

    def take_focus(self) -> None:
        """The keyboard goes to the first field, or to the button."""
        first = next(iter(self._fields.values()), self._do)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Record what is filled in."""
        if not self._do.isEnabled():
            return
        if self._workbench.read_only:
            self._say(self._workbench.notice)
            return
        values, asked = self.values, self._asked
        question, work, done = asked

        def still_here() -> bool:
            return self._asked is asked and not self.isHidden()

        def recorded(value: Any) -> None:
            if still_here():
                self.close_drawer()
            self._bridge.tell(question.said)
            done(value)

        def refused(error: CaseheadError) -> None:
            if still_here():
                self._do.setEnabled(True)
                self._say(str(error))
            else:  # something else is asked now, or nothing
                self._bridge.tell(str(error), attention=True)

        self._do.setEnabled(False)
        self._bridge.run(lambda: work(values), recorded, refused, owner=self)

    def _warn(self) -> None:
        """Words a report should not carry, told while they are written."""
        texts = (f.toPlainText() for f in self._fields.values() if isinstance(f, QPlainTextEdit))
        found = language_warnings(*texts)
        self._warnings.setText("\n".join(("Worth rewording:", *found)))
        self._warnings.setVisible(bool(found))

    def _lay_out(self, fields: tuple[Field, ...]) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields.clear()
        self._choices.clear()
        for field in fields:
            made = self._made(field)
            words = label(field.what, "dim")
            words.setTextFormat(Qt.TextFormat.AutoText)
            words.setBuddy(made)
            self._rows.addWidget(words)
            self._rows.addWidget(made)
            self._fields[field.key] = made

    def _made(self, field: Field) -> QWidget:
        name, what = f"{self._name}_{field.key}", field.what.replace("&", "")
        if field.kind == "choice":
            return self._made_choice(field, name, what)
        if field.kind == "line":
            made = line(name, what, field.hint)
            made.setText(field.value)
            return made
        text = QPlainTextEdit(field.value)
        text.setObjectName(name)
        text.setAccessibleName(what)
        text.setPlaceholderText(field.hint)
        text.setTabChangesFocus(True)
        text.setFixedHeight(_TEXT_PX)
        text.textChanged.connect(self._warn)
        return text

    def _made_choice(self, field: Field, name: str, what: str) -> QComboBox:
        self._choices[field.key] = {words: key for key, words in field.choices}
        words = tuple(words for _, words in field.choices)
        made = choice(
            name, what, words, editable=field.open, empty=field.hint if field.open else ""
        )
        shown = dict(field.choices).get(field.value, field.value)
        if field.open:
            made.setEditText(shown)
            self._from_its_start(made)
        elif shown in words:
            made.setCurrentText(shown)
        return made

    def _from_its_start(self, made: QComboBox) -> None:
        written = made.lineEdit()
        if written is not None:
            written.setCursorPosition(0)

    def _value(self, key: str, field: QWidget) -> str:
        if isinstance(field, QLineEdit):
            return field.text().strip()
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText().strip()
        assert isinstance(field, QComboBox)
        words = field.currentText().strip()
        return self._choices[key].get(words, words)
