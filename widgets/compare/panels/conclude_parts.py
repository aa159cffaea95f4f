"""The parts the conclusion is filled in with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from app.workbench import Basis

Heard = Callable[[], None]


class Choice(QWidget):
    """One question with a few answers, none chosen beforehand."""

    def __init__(self, name: str, changed: Heard) -> None:
        super().__init__()
        self.setObjectName(name)
        self._changed = changed
        self._asked: Basis | None = None
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(lambda: changed())
        self._label = hint("")
        self._label.setObjectName(f"{name}_label")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(self._label)
        self.hide()

    @property
    def chosen(self) -> str:
        """The key of the answer, "" without one."""
        button = self._group.checkedButton()
        return "" if button is None else str(button.property("key"))

    def choose(self, key: str) -> None:
        """Give the answer under ``key``, as a click on it would."""
        for button in self._group.buttons():
            if button.property("key") == key:
                button.setChecked(True)
                self._changed()

    def show_choice(self, asked: Basis | None) -> None:
        """Ask this, with no answer yet; None: ask nothing."""
        self._asked = asked
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.setVisible(asked is not None)
        if asked is None:
            return
        self._label.setText(f"{asked.label} ...")
        self._label.show()
        for option in asked.options:
            button = choice_button(f"{self.objectName()}_{option.key}", option.key, option.label)
            button.setAccessibleName(f"{asked.label} {option.label}")
            button.setToolTip(f"{asked.label} {option.label}")
            self._group.addButton(button)
            self._layout.addWidget(button)
            button.show()

    def take_focus(self) -> None:
        """The keyboard goes to the answers."""
        for button in self._group.buttons()[:1]:
            button.setFocus(Qt.FocusReason.TabFocusReason)


class ExaminedBox(QWidget):
    """Whether the specimens themselves were examined, by whom and when."""

    def __init__(self, changed: Heard) -> None:
        super().__init__()
        self.setObjectName("examined")
        self._offered = ("", "")
        self._changed = changed
        self._group = QButtonGroup(self)
        self._yes = choice_button("examined_yes", "yes", "yes")
        self._no = choice_button("examined_no", "no", "no")
        label = hint("Examined physically")
        label.setParent(self)  # shown without one, it would be a window for a moment
        label.show()
        row = QHBoxLayout()
        row.addWidget(label, 1)
        for button, answer in ((self._yes, "yes"), (self._no, "no, pictures only")):
            self._group.addButton(button)
            button.setAccessibleName(f"Specimens examined physically: {answer}")
            button.setToolTip(f"Specimens examined physically: {answer}")
            row.addWidget(button)
        self._by = _field("examined_by", "by", "Who examined the specimens", changed)
        self._at = _field("examined_at", "2026-03-31", "The day of the examination", changed)
        self._at.setMaximumWidth(96)
        self._more = QWidget()
        fields = QHBoxLayout(self._more)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.addWidget(self._by, 1)
        fields.addWidget(self._at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self._more)
        self._more.hide()
        self._group.buttonClicked.connect(lambda: self._answered())

    @property
    def physically(self) -> bool | None:
        """The answer; None while there is none."""
        button = self._group.checkedButton()
        return None if button is None else button is self._yes

    @property
    def by(self) -> str:
        """Who examined."""
        return self._by.text()

    @property
    def at(self) -> str:
        """The day, as written."""
        return self._at.text()

    def offer(self, by: str, at: str) -> None:
        """What stands in the fields when yes is chosen and they are empty."""
        self._offered = (by, at)

    def reset(self) -> None:
        """No answer."""
        self._group.setExclusive(False)
        for button in (self._yes, self._no):
            button.setChecked(False)
        self._group.setExclusive(True)
        self._by.clear()
        self._at.clear()
        self._more.hide()

    def take_focus(self) -> None:
        """The keyboard goes to the first thing that is missing."""
        if not self.physically:
            self._yes.setFocus(Qt.FocusReason.TabFocusReason)
        elif not self.by.strip():
            self._by.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._at.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answered(self) -> None:
        if self.physically:
            for field, offered in zip((self._by, self._at), self._offered, strict=True):
                if not field.text().strip():
                    field.setText(offered)
        self._more.setVisible(bool(self.physically))
        self._changed()


class OfferBox(QWidget):
    """Class characteristics noted as different, to be written into the reasons by a click.

    What follows from them is the examiner's to say: nothing is chosen here.
    """

    def __init__(self, take: Heard) -> None:
        super().__init__()
        self.setObjectName("class_differences_box")
        self._words = hint("")
        self._words.setObjectName("class_differences")
        self._take = QPushButton("Write into the reasons")
        self._take.setObjectName("take_differences")
        self._take.setToolTip("Write these differences into the reasons; change them as you like")
        self._take.setAccessibleName(self._take.toolTip())
        self._take.clicked.connect(lambda: take())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._words)
        layout.addWidget(self._take)
        self.hide()

    def show_offer(self, sentence: str, *, offered: bool) -> None:
        """What was noted; ``offered`` where the value chosen may rest on it."""
        self._words.setText(f"≠  {sentence}" if sentence else "")
        self._words.setVisible(bool(sentence))
        self._take.setVisible(offered and bool(sentence))
        self.setVisible(bool(sentence))


def list_in(label: QLabel, title: str, sentences: Sequence[str]) -> None:
    """Sentences one below another; none: nothing is seen."""
    label.setText("\n".join((title, *(f"•  {sentence}" for sentence in sentences))))
    label.setVisible(bool(sentences))


def named(label: QLabel, name: str) -> QLabel:
    """The label with a name to be found by."""
    label.setObjectName(name)
    return label


def choice_button(name: str, key: str, label: str) -> QRadioButton:
    """A radio button that carries the key of what it chooses."""
    button = QRadioButton(label)
    button.setObjectName(name)
    button.setProperty("key", key)
    button.setAccessibleName(label)
    return button


def pad(name: str, asks: str, changed: Heard, height: int = 44) -> QPlainTextEdit:
    """A field for a few lines of text; Tab leaves it."""
    field = QPlainTextEdit()
    field.setObjectName(name)
    field.setPlaceholderText(asks)
    field.setAccessibleName(asks)
    field.setToolTip(asks)
    field.setTabChangesFocus(True)
    field.setFixedHeight(height)
    field.textChanged.connect(changed)
    return field


def _field(name: str, asks: str, tip: str, changed: Heard) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setPlaceholderText(asks)
    field.setAccessibleName(tip)
    field.setToolTip(tip)
    field.textChanged.connect(lambda _: changed())
    return field


def heading(text: str) -> QLabel:
    """The title of a panel."""
    label = QLabel(text)
    label.setProperty("tone", "heading")
    return label


def hint(text: str, tone: str = "dim") -> QLabel:
    """Small explaining text that wraps."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    label.setProperty("tone", tone)
    if not text:
        label.hide()
    return label
