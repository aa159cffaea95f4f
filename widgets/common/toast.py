"""A sentence over the screen for a while; it stays while there is something to read closely."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from widgets import theme
from widgets.bridge import Notice
from widgets.common.parts import button, label, row

_SHOWN_MS = 5000
_MARGIN = 16
_DRAWER_PX = 506
"""The widest drawer and a margin: the buttons at its foot are never covered."""


class Toast(QFrame):
    """In the lower middle of its parent, clear of the drawers; details unfold on demand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._sentence = label("", name="toast_sentence", wrap=True)
        self._details = QPlainTextEdit()
        self._details.setObjectName("toast_details")
        self._details.setReadOnly(True)
        self._details.setAccessibleName("Details for a bug report")
        self._details.setFixedHeight(220)
        self._details.hide()
        self._more = button("Details", "toast_more", "What to send with a bug report", self._unfold)
        close = button("", "toast_close", "Put this message away", self.hide, icon="mdi6.close")
        close.setProperty("flat", True)
        layout = self._rows = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 6, 8)
        line = row(self._sentence, self._more, close)
        line.setStretch(0, 1)
        layout.addLayout(line)
        layout.addWidget(self._details)
        self._away = QTimer(self)
        self._away.setSingleShot(True)
        self._away.timeout.connect(self.hide)
        parent.installEventFilter(self)
        if isinstance(parent, QStackedWidget):  # a page turned to would cover it
            parent.currentChanged.connect(lambda _: self.raise_())
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says now, nothing while it is hidden."""
        return "" if self.isHidden() else self._sentence.text()

    def show_notice(self, notice: Notice) -> None:
        """Say it; a bug's details are not covered by its own sentence said again."""
        if notice.sentence == self.sentence and not notice.details:
            return
        self._sentence.setText(notice.sentence)
        self._details.setPlainText(notice.details)
        self._details.hide()
        self._more.setVisible(bool(notice.details))
        theme.set_tone(self, "attention", notice.attention)
        self.show()
        self.raise_()
        self._place()
        if notice.details:
            self._away.stop()
        else:
            self._away.start(_SHOWN_MS + 40 * len(notice.sentence))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _unfold(self) -> None:
        self._details.setVisible(self._details.isHidden())
        self._place()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None or self.isHidden():
            return
        width = min(560, parent.width() - 2 * _MARGIN)
        self.setFixedWidth(width)
        self._rows.activate()
        height = max(self._rows.heightForWidth(width), self.sizeHint().height())
        self.resize(width, height)
        beside_drawer = parent.width() - _DRAWER_PX - width
        left = max(min((parent.width() - width) // 2, beside_drawer), _MARGIN)
        self.move(left, parent.height() - height - _MARGIN)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
