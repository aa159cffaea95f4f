"""Labels, buttons and fields made the same way everywhere: named, explained, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from widgets import theme

W = TypeVar("W", bound=QWidget)
_LABEL_PX = 92
_SENTENCE_PX = 720
_WORD_PX = 150
_WIDE = 1000
"""Its share of the width, so that it has all up to its most."""


class _Wrapped(QLabel):
    """One long word is cut, rather than the panel widened and all in it cut."""

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _WORD_PX), hint.height())


def label(text: str = "", tone: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text; ``tone`` is dim, amber, title or heading."""
    made = _Wrapped(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setObjectName(name)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


class Elided(QLabel):
    """One line that ends in an ellipsis where there is no room for all of it."""

    elide = Qt.TextElideMode.ElideRight

    def __init__(self, name: str, tone: str = "", most_px: int = 0) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self._most_px = most_px

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width(), self._most_px), hint.height()) if self._most_px else hint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, inside = QPainter(self), self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self.elide, inside.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(inside, self.alignment() | Qt.TextFlag.TextSingleLine, shown)


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
    made = _named(QLineEdit(), name, what)
    made.setPlaceholderText(hint)
    made.setToolTip(what)
    return made


def choice(
    name: str, what: str, entries: Iterable[str], *, editable: bool = False, empty: str = ""
) -> QComboBox:
    """A list to choose from; ``editable`` takes other words too, ``empty`` offers not to say."""
    made = _named(QComboBox(), name, what)
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


def reading(name: str, what: str) -> QPlainTextEdit:
    """A long text to read, which Tab leaves."""
    made = _named(QPlainTextEdit(), name, what)
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    return made


def wrapped_list(name: str, what: str) -> QListWidget:
    """A list whose long lines are broken."""
    made = _named(QListWidget(), name, what)
    made.setWordWrap(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def block(heading: str, rows: Iterable[tuple[str, QWidget]], do: QPushButton) -> QWidget:
    """Labelled fields and the button that records them, to be shown and hidden as one."""
    fields = form()
    for text, field in rows:
        add_row(fields, text, field)
    inside = column(label(heading, "heading"))
    inside.addLayout(fields)
    inside.addWidget(do)
    made = QWidget()
    made.setProperty("panel", True)
    made.setLayout(inside)
    return made


def _named(widget: W, name: str, what: str) -> W:
    widget.setObjectName(name)
    widget.setAccessibleName(what)
    return widget


def _takes_keys(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return by_tab and widget.isVisible() and widget.isEnabled()


class Drawer(QFrame):
    """A panel over the right side of a screen: a title, a way to close it, what is in it.

    At its foot stands what is refused, or is to be known before; ``says`` names that label.
    Esc closes it.
    """

    def __init__(self, name: str, title: str, width: int = 380, *, says: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("drawer", True)
        self.setFixedWidth(width)
        self.title = label(title, "heading", wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(6)
        self._says = label("", "amber", says or f"{name}_says", wrap=True)
        self._says.hide()
        self.foot.addWidget(self._says)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        else:
            super().keyPressEvent(event)

    def _say(self, sentence: str) -> None:
        self._says.setText(sentence)
        self._says.setVisible(bool(sentence))

    def focusNextPrevChild(self, ahead: bool) -> bool:
        """The keyboard of a button that is disabled while it works stays in the drawer."""
        now = self.window().focusWidget()
        if now is None or now.isEnabled() or not self.isAncestorOf(now):
            return super().focusNextPrevChild(ahead)
        before = now.previousInFocusChain()
        while before is not None and before is not now:
            if _takes_keys(before) and self.isAncestorOf(before):
                before.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            before = before.previousInFocusChain()
        return super().focusNextPrevChild(ahead)


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
            words.setMaximumWidth(_SENTENCE_PX)
            across = QHBoxLayout()
            across.addStretch(1)
            across.addWidget(words, _WIDE)
            across.addStretch(1)
            layout.addLayout(across)
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
