"""Fields of the record as something to write in: a line or a list, made from their data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.casework.record import YES_NO, Field, shown
from widgets.common.parts import button, choice, line

Editor = QLineEdit | QComboBox
_SHOWN = 32


def editor(of: Field, picks: Mapping[str, tuple[str, ...]], prefix: str) -> Editor:
    """Something to write the field's value in, named after it."""
    name = f"{prefix}_{of.record}_{of.key}"
    if of.value == "yes-no":
        return choice(name, of.help, YES_NO, editable=True, empty="unknown")
    if of.value == "pick":
        return choice(name, of.help, picks.get(of.list, ()), editable=True, empty="unknown")
    hint = of.hint or ("year-month-day" if of.value in ("date", "moment") else "")
    made = line(name, of.label, hint)
    made.setToolTip(of.help)
    return made


def text_of(made: Editor) -> str:
    """What is written in it."""
    return (made.currentText() if isinstance(made, QComboBox) else made.text()).strip()


def fill(made: Editor, of: Field, value: str) -> None:
    """Put a stored value into it, as people read it."""
    write(made, shown(of, value))


def write(made: Editor, text: str) -> None:
    """Put words into it."""
    if isinstance(made, QComboBox):
        made.setCurrentText(text)
    else:
        made.setText(text)
        made.setCursorPosition(0)


def take_focus(made: Editor) -> None:
    """Write here next."""
    made.setFocus(Qt.FocusReason.OtherFocusReason)
    inside = made.lineEdit() if isinstance(made, QComboBox) else made
    if inside is not None:
        inside.selectAll()


class Fold(QWidget):
    """A heading that shows and hides what is under it, by mouse, Space and Enter."""

    def __init__(self, name: str, title: str, opened: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("panel", True)
        self._title, self._note, self._opened = title, "", opened
        self.head: QPushButton = button(title, f"{name}_fold", "Show or hide", self.toggle)
        self.head.setProperty("flat", True)
        self.head.setStyleSheet("text-align: left; font-weight: 600;")
        self.inside = QWidget()
        self.inside.setProperty("panel", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.head)
        layout.addWidget(self.inside)
        self.inside.hide()
        self._say()

    @property
    def unfolded(self) -> bool:
        """Whether what is under it is to be seen."""
        return not self.inside.isHidden()

    def note(self, words: str) -> None:
        """A few words after the title."""
        self._note = words
        self._say()

    def unfold(self, wanted: bool = True) -> None:
        """Show or hide what is under it."""
        if wanted and self._opened is not None:
            self._opened()
        self.inside.setVisible(wanted)
        self._say()

    def toggle(self) -> None:
        """The other way round."""
        self.unfold(not self.unfolded)

    def _say(self) -> None:
        sign = "▾" if self.unfolded else "▸"
        title = self._title if len(self._title) <= _SHOWN else f"{self._title[:_SHOWN]} …"
        self.head.setText("  ".join(filter(None, (f"{sign}  {title}", self._note))))
        self.head.setToolTip(self._title)
        self.head.setAccessibleName(f"{self._title} {self._note}".strip())


def grouped(fields: Iterable[Field]) -> dict[str, list[Field]]:
    """Fields by their group, in their order."""
    found: dict[str, list[Field]] = {}
    for one in fields:
        found.setdefault(one.group, []).append(one)
    return found
