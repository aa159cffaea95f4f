"""What stands where the evidence will be: nothing yet, loading, or why it cannot be shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget


class MessagePage(QWidget):
    """A title, a sentence, and at most two ways on."""

    def __init__(self, to_candidates: Callable[[], None], to_casebook: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("compare_message")
        self._title, self._sentence = QLabel(), QLabel()
        self._title.setObjectName("compare_message_title")
        self._sentence.setObjectName("compare_message_sentence")
        self._title.setProperty("tone", "title")
        self._sentence.setWordWrap(True)
        self._sentence.setFixedWidth(520)
        self._candidates = QPushButton("Go to the candidates")
        self._candidates.setObjectName("to_candidates")
        self._casebook = QPushButton("Go to the casebook")
        self._casebook.setObjectName("to_casebook")
        self._candidates.clicked.connect(lambda: to_candidates())
        self._casebook.clicked.connect(lambda: to_casebook())
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        for widget in (self._title, self._sentence, self._candidates, self._casebook):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_empty(self) -> None:
        """No pair was opened yet."""
        self._show(
            "Open a candidate to compare",
            "Choose a search under Candidates and open a candidate of its list. The evidence comes "
            "left, the known specimen right, aligned as the search found them.",
            ways=True,
        )

    def show_loading(self) -> None:
        """The pictures are being read."""
        self._show("Opening the pair ...", "Both pictures are read and aligned.", ways=False)

    def show_error(self, sentence: str) -> None:
        """The pair cannot be shown."""
        self._show("This pair cannot be shown", sentence, ways=True)

    def _show(self, title: str, sentence: str, *, ways: bool) -> None:
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setFixedHeight(self._sentence.heightForWidth(self._sentence.width()))
        self._candidates.setVisible(ways)
        self._casebook.setVisible(ways)
