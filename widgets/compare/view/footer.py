"""Under the evidence: whose it is, what software says of it, view modes, the list's next steps."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from app.domain import Review
from app.picture import Mode, Side, ViewState
from widgets import theme
from widgets.compare.panels.controls import Act, lay_out, make_button, set_text
from widgets.compare.view.modes import ModeBar, Words

_REVIEWS = {Review.KEPT: "K  Keep", Review.DISMISSED: "D  Dismiss", Review.LATER: "L  Later"}
_MARGIN = 10
_LEVELS: tuple[tuple[Words, bool], ...] = (
    ("full", False),
    ("short", False),
    ("short", True),
    ("keys", True),
)
_NAME_SHARE = 0.31


class SentenceLabel(QLabel):
    """One line that gives way: the longest of its wordings that fits; the first in its tool tip."""

    def __init__(self, name: str, alignment: Qt.AlignmentFlag) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAlignment(alignment | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._wordings: tuple[str, ...] = ("",)

    def set_wordings(self, wordings: tuple[str, ...]) -> None:
        """The same sentence, longest first."""
        self._wordings = wordings
        self.setToolTip(wordings[0])
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def _cut(self) -> None:
        room = max(self.width() - 4, 0)
        metrics, shortest = self.fontMetrics(), self._wordings[-1]
        fitting = [w for w in self._wordings if metrics.horizontalAdvance(w) <= room]
        elided = metrics.elidedText(shortest, Qt.TextElideMode.ElideRight, room)
        self.setText(fitting[0] if fitting else elided)


class NameRow(QWidget):
    """The names of both specimens under their sides, and between them software's sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("compare_names")
        self._first, self._second = QLabel(), QLabel()
        self._first.setObjectName("left_name")
        self._second.setObjectName("right_name")
        self._shown: tuple[tuple[Side, str, bool], ...] = ()
        self._sentence = SentenceLabel("score_sentence", Qt.AlignmentFlag.AlignHCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 3, 10, 2)
        layout.setSpacing(16)
        layout.addWidget(self._first)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._second)

    def show_pair(
        self, left: Side, right: Side, view: ViewState, sentences: tuple[str, ...]
    ) -> None:
        """Name what is seen in the first and second place; while blinking, the unseen is dim."""
        first, second = (right, left) if view.exchanged else (left, right)
        upright = view.divider == "vertical" or view.mode not in (Mode.SPLIT, Mode.SIDE)
        blinking = view.mode is Mode.BLINK
        where = ("", "") if upright else ("above: ", "below: ")
        self._shown = (
            (first, where[0], blinking and view.blink_right),
            (second, where[1], blinking and not view.blink_right),
        )
        self._write_names()
        self._sentence.set_wordings(sentences)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write_names()

    def _write_names(self) -> None:
        """Long titles give way in their middle, so that the sentence keeps its room."""
        metrics = self.fontMetrics()
        for label, (side, where, dim) in zip(
            (self._first, self._second), self._shown, strict=False
        ):
            rest = metrics.horizontalAdvance(f"{where}{side.role}  ")
            room = round(self.width() * _NAME_SHARE) - rest
            elide = Qt.TextElideMode.ElideMiddle
            # bold letters are somewhat wider than those measured
            title = metrics.elidedText(side.title, elide, max(round(room * 0.9), 60))
            label.setText(_named(title, side.role, where, dim=dim))
            label.setToolTip(side.name)


def _named(title: str, role: str, where: str, *, dim: bool) -> str:
    title, role = escape(title), escape(role)
    if dim:
        return f"<span style='color:gray'>{where}{title}&nbsp; {role}</span>"
    return f"{where}<b>{title}</b>&nbsp; <span style='color:{theme.colours().accent}'>{role}</span>"


class CandidateBar(QWidget):
    """Where the pair stands in its list, and what to say of it."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.setObjectName("candidate_bar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._back = make_button("‹", "previous_candidate", tip="Previous candidate (Shift+Tab)")
        self._on = make_button("›", "next_candidate", tip="Next candidate (Tab)")
        for arrow in (self._back, self._on):
            arrow.setFixedWidth(28)
            arrow.setStyleSheet("padding: 5px 0")
        self._place = QLabel()
        self._place.setObjectName("candidate_place")
        self._says = {
            review: make_button(text, text[3:].lower(), checkable=True, tip=text[3:])
            for review, text in _REVIEWS.items()
        }
        self._back.clicked.connect(lambda: act("previous candidate"))
        self._on.clicked.connect(lambda: act("next candidate"))
        for button in self._says.values():
            button.clicked.connect(lambda _=False, b=button: act(b.objectName()))
        for widget in (self._back, self._place, self._on, *self._says.values()):
            layout.addWidget(widget)

    def set_compact(self, compact: bool) -> None:
        """Letters only where there is little room."""
        for review, button in self._says.items():
            text = _REVIEWS[review]
            set_text(button, text[0] if compact else text)

    def show_place(self, index: int | None, count: int, review: Review, read_only: bool) -> None:
        """The pair is candidate ``index`` (from 0) of ``count``; hidden when of no list."""
        self.setVisible(index is not None)
        at = index or 0
        place = f"candidate {at + 1} of {count}"
        self._place.setText(place)
        self._place.setFixedWidth(self._place.fontMetrics().horizontalAdvance(place) + 8)
        self._back.setEnabled(at > 0)
        self._on.setEnabled(at + 1 < count)
        for said, button in self._says.items():
            button.setChecked(said is review)
            button.setEnabled(not read_only)
        self.fit()

    def fit(self) -> None:
        """Take the room that the words need now; the bar around it would learn of it later."""
        lay_out(self)
        self.setFixedWidth(self.sizeHint().width())
        around = self.parentWidget()
        if around is not None:
            lay_out(around)


class BottomBar(QWidget):
    """View modes left, the list right; their words give way where there is little room."""

    def __init__(self, modes: ModeBar, candidates: CandidateBar) -> None:
        super().__init__()
        self._modes, self._candidates = modes, candidates
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 0, _MARGIN, 6)
        layout.addWidget(modes)
        layout.addStretch(1)
        layout.addWidget(candidates)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """The longest words that fit; what belongs to the mode in hand needs room as well."""
        for words, compact in _LEVELS:
            self._modes.set_words(words)
            self._candidates.set_compact(compact)
            lay_out(self._modes)
            self._candidates.fit()
            listed = 0 if self._candidates.isHidden() else self._candidates.width()
            if self._modes.sizeHint().width() + listed + 3 * _MARGIN <= self.width():
                break
        lay_out(self)
