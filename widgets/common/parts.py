"""Labels, buttons and fields made the same way everywhere: named, explained, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from widgets import theme

_LABEL_PX = 92


def label(text: str = "", tone: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text; ``tone`` is dim, amber, title or heading."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setObjectName(name)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def button(
    text: str,
    name: str,
    tip: str,
    do: Callable[[], object],
    *,
    icon: str = "",
    primary: bool = False,
    checkable: bool = False,
) -> QPushButton:
    """A button that says what it does and answers to Space and Enter."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setAccessibleName(text.replace("&", "") or tip)
    made.setAutoDefault(True)
    made.setCheckable(checkable)
    made.setProperty("primary", primary)
    if icon:
        made.setIcon(
            theme.icon(icon, theme.colours().on_accent if primary else theme.colours().text)
        )
    made.clicked.connect(lambda _=False: do())
    return made


def line(name: str, what: str, hint: str = "") -> QLineEdit:
    """A line to write in."""
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(what)
    made.setPlaceholderText(hint)
    made.setToolTip(what)
    return made


def choice(
    name: str, what: str, entries: Iterable[str], *, editable: bool = False, empty: str = ""
) -> QComboBox:
    """A list to choose from; ``editable`` takes other words too, ``empty`` offers not to say."""
    made = QComboBox()
    made.setObjectName(name)
    made.setAccessibleName(what)
    made.setToolTip(what)
    made.setEditable(editable)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(8)
    if empty or editable:
        made.addItem("" if editable else empty)
    made.addItems(list(entries))
    field = made.lineEdit()
    if field is not None:
        field.setObjectName(f"{name}_text")
        field.setPlaceholderText(empty)
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    return made


def form() -> QFormLayout:
    """Labels left, fields right, as narrow as a drawer."""
    made = QFormLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setVerticalSpacing(6)
    made.setHorizontalSpacing(10)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    made.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return made


def add_row(layout: QFormLayout, text: str, field: QWidget) -> None:
    """A field with its label, which leads the keyboard to it by Alt and the letter after &."""
    words = QLabel(text)
    words.setBuddy(field)
    words.setProperty("tone", "dim")
    words.setMinimumWidth(_LABEL_PX)
    layout.addRow(words, field)


def column(*widgets: QWidget) -> QVBoxLayout:
    """One above the other."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(6)
    for widget in widgets:
        made.addWidget(widget)
    return made


def row(*widgets: QWidget, stretch_last: bool = False) -> QHBoxLayout:
    """Side by side."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(6)
    for widget in widgets:
        made.addWidget(widget)
    if stretch_last:
        made.addStretch(1)
    return made


class Drawer(QFrame):
    """A panel over the right side of a screen: a title, a way to close it, what is in it."""

    def __init__(self, name: str, title: str, width: int = 380) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("drawer", True)
        self.setFixedWidth(width)
        self.title = label(title, "heading")
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(6)
        close = button("", f"{name}_close", "Close (Esc)", self.close_drawer, icon="mdi6.close")
        close.setProperty("flat", True)
        inside = QWidget()
        inside.setProperty("panel", True)
        inside.setLayout(self.body)
        self.body.setContentsMargins(16, 4, 16, 8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        head = row(self.title, close)
        head.setStretch(0, 1)
        head.setContentsMargins(16, 8, 8, 0)
        self.foot.setContentsMargins(16, 4, 16, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        layout.addLayout(self.foot)
        self.hide()

        self.closed: Callable[[], None] = lambda: None

    def close_drawer(self) -> None:
        """Out of the way."""
        self.hide()
        self.closed()


class EmptyState(QWidget):
    """What stands where nothing is yet: a title, a sentence, and ways on."""

    def __init__(self, name: str, *buttons: QPushButton) -> None:
        super().__init__()
        self.setObjectName(name)
        self.title = label("", "title", f"{name}_title", wrap=True)
        self.sentence = label("", "dim", f"{name}_sentence", wrap=True)
        self.buttons = row(*buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        for words in (self.title, self.sentence):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(words)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addLayout(self.buttons)
        middle.addStretch(1)
        layout.addLayout(middle)
        layout.addStretch(3)

    def say(self, title: str, sentence: str = "") -> None:
        """Put it into words."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
