"""The row of filters over the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.store.journal_list import JournalFilter
from widgets.common.parts import button, choice, line

_ANYBODY, _ANYTHING = "anybody", "any action"
_WAIT_MS = 250


class FilterRow(QWidget):
    """``changed()`` is called a moment after the last change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("journal_filter")
        self.who = choice("journal_who", "Who did it", (), empty=_ANYBODY)
        self.action = choice("journal_action", "What was done", (), empty=_ANYTHING)
        self.since = line("journal_since", "First day: year-month-day", "from day")
        self.until = line("journal_until", "Last day: year-month-day", "to day")
        self.text = line("journal_text", "Words in the line (Ctrl+F)", "words, case, file ...")
        self.subject = line("journal_subject", "Identifier of what lines are about", "subject")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(changed)
        self._now = changed
        for box in (self.who, self.action):
            box.setMinimumContentsLength(9)
            box.currentIndexChanged.connect(lambda _: self._timer.start())
        for field in (self.since, self.until, self.text, self.subject):
            field.textChanged.connect(lambda _: self._timer.start())
        self.since.setFixedWidth(96)
        self.until.setFixedWidth(96)
        self.subject.setFixedWidth(96)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.text, 1)
        for widget in (self.who, self.action, self.since, self.until, self.subject):
            layout.addWidget(widget)
        layout.addWidget(button("All", "journal_all", "Every line again (A)", self.clear))

    @property
    def wanted(self) -> JournalFilter:
        """What is asked for; a day that is none is not asked for."""
        return JournalFilter(
            who=_chosen(self.who),
            action=_chosen(self.action),
            subject=self.subject.text().strip(),
            since=_day(self.since.text(), 0),
            until=_day(self.until.text(), 1),
            text=self.text.text().strip(),
        )

    def offer(self, actions: Sequence[str], people: Sequence[str]) -> None:
        """What there is to choose from; what is chosen stays."""
        for box, words in ((self.who, people), (self.action, actions)):
            known = [box.itemText(at) for at in range(1, box.count())]
            if known != list(words):
                held = box.currentText()
                box.blockSignals(True)
                while box.count() > 1:
                    box.removeItem(1)
                box.addItems(list(words))
                box.setCurrentText(held)
                box.blockSignals(False)

    def clear(self) -> None:
        """Every line."""
        for box in (self.who, self.action):
            box.setCurrentIndex(0)
        for field in (self.since, self.until, self.text, self.subject):
            field.clear()
        self._at_once()

    def only_subject(self, subject: str) -> None:
        """All lines of one record."""
        self.clear()
        self.subject.setText(subject)
        self._at_once()

    def _at_once(self) -> None:
        self._timer.stop()
        self._now()


def _chosen(box: QComboBox) -> str:
    return box.currentText() if box.currentIndex() > 0 else ""


def _day(text: str, later: int) -> str:
    """The beginning of a day, or of the one after it."""
    try:
        return (date.fromisoformat(text.strip()) + timedelta(days=later)).isoformat()
    except ValueError:
        return ""
