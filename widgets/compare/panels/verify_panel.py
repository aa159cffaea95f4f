"""The verification of a conclusion: asked for, given, both seen side by side."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.casework.moments import shown_moment
from app.casework.reviews import Mode, Verification
from app.domain import Conclusion
from widgets import theme
from widgets.common.parts import choice
from widgets.compare.panels.conclude_parts import heading, hint, named
from widgets.compare.work.checking import Checked

if TYPE_CHECKING:
    from app.workbench import ConclusionScale
    from widgets.compare.desk import Desk

ANYBODY = "any qualified examiner"
BLIND = (
    "You verify this blind: what was concluded, drawn and noted before is hidden until "
    "yours is recorded."
)
OPEN = "You verify this conclusion; give your own, from the evidence."
_MODES: tuple[tuple[Mode, str], ...] = (
    ("blind", "blind: nothing said before is seen"),
    ("open", "open: what was said before is seen"),
)
_WORDS = {
    "none": "Not verified.",
    "asked": "A verification is asked for.",
    "agreed": "Verified: the second examiner came to the same conclusion.",
    "disagreed": "The second examiner came to another conclusion; a third one decides.",
    "settled": "A third examiner settled it; every version stays.",
    "unresolved": "Three examiners came to three conclusions.",
    "stale": "The verification does not hold any more; ask for it again.",
}
_ATTENTION = ("disagreed", "unresolved", "stale")
_ASKABLE = ("none", "stale", "unresolved")


class VerifyPanel(QWidget):
    """``ask(mode, verifier)`` and ``third(verifier)`` are called for the buttons."""

    def __init__(self, ask: Callable[[Mode, str], None], third: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("verify_panel")
        self._ask, self._third = ask, third
        self._scale: ConclusionScale | None = None
        self._heading = heading("Verification")
        self._state = named(hint(""), "verification_state")
        self._why = named(hint("", "amber"), "verification_why")
        self._sides = QWidget()
        across = QHBoxLayout(self._sides)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        self._first = _said("first_said")
        self._second = _said("second_said")
        for side in (self._first, self._second):
            across.addWidget(side, 1, Qt.AlignmentFlag.AlignTop)
        self._other = _said("third_said")
        self._who = choice("verifier", "Who is asked to verify", (), editable=True, empty=ANYBODY)
        words = tuple(words for _, words in _MODES)
        self._modes = choice("verify_mode", "What the verifier sees of the first", words)
        self._do = QPushButton("Ask for a verification")
        self._do.setObjectName("ask_verification")
        self._do.clicked.connect(lambda: self._asked())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._heading, self._state, self._why, self._sides, self._other):
            layout.addWidget(widget)
        for widget in (self._modes, self._who, self._do):
            layout.addWidget(widget)
        self._disagreed = False
        self.show_checked(Checked(), None)

    def show_checked(self, checked: Checked, scale: ConclusionScale | None) -> None:
        """How far it has come, and what can be asked now."""
        self._scale = scale or self._scale
        state, mine = checked.state, checked.task is not None
        self.setVisible(not mine and (bool(checked.conclusions) or state.state != "none"))
        words = " ".join(filter(None, (_WORDS[state.state], self._waits(checked))))
        self._state.setText("" if checked.blind else words)
        self._state.setVisible(not checked.blind)
        theme.set_tone(self._state, "tone", "amber" if state.state in _ATTENTION else "dim")
        told = state.state in ("asked", "stale") and not checked.blind
        shown = state.sentences if told else ()
        theme.set_tone(self._why, "tone", "amber" if state.state == "stale" else "dim")
        self._why.setText("\n".join(shown))
        self._why.setVisible(bool(shown))
        self._show_sides(checked)
        self._disagreed = state.state == "disagreed" and state.task is None
        askable = state.task is None and (state.state in _ASKABLE or self._disagreed)
        self._offer(checked.examiners, askable=askable and checked.first is not None)

    def show_desk(self, _desk: Desk) -> None:
        """It is about the pair, however it is seen."""

    def take_focus(self) -> None:
        """The keyboard goes to what can be asked."""
        to = self._modes if self._modes.isVisible() else self._who
        if self._do.isVisible():
            to.setFocus(Qt.FocusReason.TabFocusReason)

    def _asked(self) -> None:
        who = self._who.currentText().strip()
        if self._disagreed:
            self._third(who)
        else:
            self._ask(_MODES[self._modes.currentIndex()][0], who)

    def _offer(self, people: tuple[str, ...], *, askable: bool) -> None:
        for widget in (self._who, self._do):
            widget.setVisible(askable)
        self._modes.setVisible(askable and not self._disagreed)
        self._do.setText("Ask a third examiner" if self._disagreed else "Ask for a verification")
        self._do.setAccessibleName(self._do.text())
        self._do.setToolTip(f"{self._do.text()}: it waits on the page Verifications")
        _fill(self._who, people if askable else ())

    def _waits(self, checked: Checked) -> str:
        task = checked.state.task
        third = task is not None and task.third and not checked.blind
        return f"A third is asked: {task.verifier or ANYBODY}." if third and task else ""

    def _show_sides(self, checked: Checked) -> None:
        second = checked.state.verification if not checked.blind else None
        third = checked.state.third if not checked.blind else None
        first = _first_of(checked, second)
        both = first is not None and second is not None
        self._sides.setVisible(both)
        self._first.setText(self._words("First", first) if both and first else "")
        self._second.setText(self._words("Second", second) if both and second else "")
        self._other.setText(self._words("Third", third) if third else "")
        self._other.setVisible(third is not None)

    def _words(self, place: str, said: Conclusion | Verification) -> str:
        scale = self._scale
        at = said.recorded_at if isinstance(said, Conclusion) else said.verified_at
        who = said.author.examiner if said.author is not None else "unknown"
        value = scale.label(said.value) if scale else said.value
        lines = [said.reasons, said.basis_reason]
        if said.examined_physically:
            lines.append(f"Examined physically by {said.examined_by}, {said.examined_at}")
        rest = "".join(f"<br>{escape(line)}" for line in lines if line)
        return (
            f"<p><b>{place}: {escape(value)}</b><br>{escape(who)}, "
            f"{escape(shown_moment(at))}{rest}</p>"
        )


def _first_of(checked: Checked, second: Verification | None) -> Conclusion | None:
    """The conclusion that was verified, in force or superseded since."""
    wanted = second.conclusion_id if second is not None else ""
    found = (one for one in checked.conclusions if one.id == wanted)
    return next(found, checked.first)


def _said(name: str) -> QLabel:
    made = QLabel()
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    return made


def _fill(box: QComboBox, people: tuple[str, ...]) -> None:
    """Those who may be asked; what is written stays."""
    written = box.currentText()
    if [box.itemText(n) for n in range(1, box.count())] != list(people):
        box.clear()
        box.addItems(["", *people])
        box.setEditText(written)
