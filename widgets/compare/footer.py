"""Under the evidence: whose it is, what software says of it, view modes, the list's next steps."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

from app.domain import Review
from app.picture import Mode, Side, ViewState
from app.picture.drawing import ACCENT
from app.picture.view import BLINK_MS_RANGE

Act = Callable[[str], None]
MODE_NAMES = {
    Mode.SPLIT: "Split field",
    Mode.SIDE: "Side by side",
    Mode.OVERLAY: "Overlay",
    Mode.BLINK: "Blink",
    Mode.DIFFERENCE: "Difference",
}
_REVIEWS = {Review.KEPT: "K  Keep", Review.DISMISSED: "D  Dismiss", Review.LATER: "L  Later"}
_FULL_WIDTH = 1040
_NAME_SHARE = 0.31
_ROLE_COLOUR = "#{:02x}{:02x}{:02x}".format(*ACCENT)


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
    return f"{where}<b>{title}</b>&nbsp; <span style='color:{_ROLE_COLOUR}'>{role}</span>"


class ModeBar(QWidget):
    """View modes with their numbers, and what belongs to the mode in hand."""

    def __init__(
        self, act: Act, set_opacity: Callable[[float], None], set_blink_ms: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.setObjectName("mode_bar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._compact = False
        self._buttons = {
            mode: _button(f"{number}  {name}", f"mode_{mode}", checkable=True, tip=name)
            for number, (mode, name) in enumerate(MODE_NAMES.items(), start=1)
        }
        group = QButtonGroup(self)
        for mode, button in self._buttons.items():
            group.addButton(button)
            button.clicked.connect(lambda _=False, m=mode: act(f"mode {m}"))
            layout.addWidget(button)
        self._other = "horizontal"
        self._divider = _button("", "turn_divider")
        self._divider.setToolTip("Turn the dividing line (H, V)")
        self._divider.clicked.connect(lambda: act(f"divider {self._other}"))
        self._opacity = _slider("opacity_slider", 0, 100, "How strong the right specimen is")
        self._opacity.valueChanged.connect(lambda value: set_opacity(value / 100))
        self._blink = _slider("blink_slider", *BLINK_MS_RANGE, "How long each specimen is seen")
        self._blink.setSingleStep(50)
        self._blink.setPageStep(250)
        self._blink.valueChanged.connect(set_blink_ms)
        self._value = QLabel()
        self._value.setObjectName("mode_value")
        self._value.setMinimumWidth(self.fontMetrics().horizontalAdvance("2000 ms "))
        layout.addSpacing(8)
        for widget in (self._divider, self._opacity, self._blink, self._value):
            layout.addWidget(widget)
        layout.addStretch(1)

    def set_compact(self, compact: bool) -> None:
        """First words only where there is little room."""
        self._compact = compact
        for number, (mode, name) in enumerate(MODE_NAMES.items(), start=1):
            _set_text(self._buttons[mode], f"{number}  {name.split()[0] if compact else name}")
        self._name_divider()

    def _name_divider(self) -> None:
        text = f"{self._other[0].upper()}  {self._other} line"
        _set_text(self._divider, text[0] if self._compact else text)

    def show_view(self, view: ViewState) -> None:
        """Bring the controls to the view."""
        self._buttons[view.mode].setChecked(True)
        upright = view.divider == "vertical"
        self._other = "horizontal" if upright else "vertical"
        self._name_divider()
        self._divider.setVisible(view.mode in (Mode.SPLIT, Mode.SIDE))
        _follow(self._opacity, round(view.opacity * 100), shown=view.mode is Mode.OVERLAY)
        _follow(self._blink, view.blink_ms, shown=view.mode is Mode.BLINK)
        words = {Mode.OVERLAY: f"{view.opacity:.0%}", Mode.BLINK: f"{view.blink_ms} ms"}
        self._value.setText(words.get(view.mode, ""))
        self._value.setVisible(view.mode in words)


class CandidateBar(QWidget):
    """Where the pair stands in its list, and what to say of it."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.setObjectName("candidate_bar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._back = _button("‹", "previous_candidate", tip="Previous candidate (Shift+Tab)")
        self._on = _button("›", "next_candidate", tip="Next candidate (Tab)")
        for arrow in (self._back, self._on):
            arrow.setFixedWidth(28)
            arrow.setStyleSheet("padding: 5px 0")
        self._place = QLabel()
        self._place.setObjectName("candidate_place")
        self._says = {
            review: _button(text, text[3:].lower(), checkable=True, tip=text[3:])
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
            _set_text(button, text[0] if compact else text)

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
        _lay_out(self)
        self.setFixedWidth(self.sizeHint().width())
        around = self.parentWidget()
        if around is not None:
            _lay_out(around)


class BottomBar(QWidget):
    """View modes left, the list right; the list's words give way where there is little room."""

    def __init__(self, modes: ModeBar, candidates: CandidateBar) -> None:
        super().__init__()
        self._modes, self._candidates = modes, candidates
        self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 6)
        layout.addWidget(modes)
        layout.addStretch(1)
        layout.addWidget(candidates)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < _FULL_WIDTH
        if compact == self._compact:
            return
        self._compact = compact
        for bar in (self._modes, self._candidates):
            bar.set_compact(compact)
            _lay_out(bar)
        self._candidates.fit()
        _lay_out(self)


def _lay_out(bar: QWidget) -> None:
    """At once: the next paint must not show words cut."""
    layout = bar.layout()
    if layout is not None:
        layout.activate()


def _button(text: str, name: str, *, checkable: bool = False, tip: str = "") -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setCheckable(checkable)
    button.setToolTip(tip)
    # a click leaves the keys with the picture
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    _set_text(button, text)
    return button


def _set_text(button: QPushButton, text: str) -> None:
    """The style's least width for buttons is more than these words need."""
    button.setText(text)
    button.setFixedWidth(button.fontMetrics().horizontalAdvance(text) + 26)


def _slider(name: str, low: int, high: int, tip: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setObjectName(name)
    slider.setRange(low, high)
    slider.setToolTip(tip)
    slider.setAccessibleName(tip)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    slider.setFixedWidth(110)
    return slider


def _follow(slider: QSlider, value: int, *, shown: bool) -> None:
    slider.blockSignals(True)
    slider.setValue(value)
    slider.blockSignals(False)
    slider.setVisible(shown)
