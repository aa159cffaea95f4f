"""The review clock of the record chosen: the stages of an exhibit, or how a case's exhibits stand.

What is not needed can be said here, and taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.casework.record import RecordKind
from app.casework.stages import SETTLED, TITLES, TO_DO, Stage
from app.domain import CaseheadError
from app.workbench import Workbench
from widgets.casework.board_words import stage_line
from widgets.common.parts import block, button, choice, line, reading

MOST = 300
NEEDED, NOT_NEEDED = "needed after all", "not needed"
Submit = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class ClockShown:
    """``stages`` of one exhibit, or ``exhibits`` of a case with how each stands."""

    stages: tuple[Stage, ...] = ()
    exhibits: tuple[tuple[str, str], ...] = ()
    more: int = 0


def load_clock(
    workbench: Workbench, kind: RecordKind, record_id: str, exhibit_id: str
) -> ClockShown:
    """What the page shows of a record, off the GUI thread."""
    if exhibit_id:
        try:
            return ClockShown(workbench.clock(exhibit_id))
        except CaseheadError:  # it went with its case meanwhile
            return ClockShown()
    node = workbench.case_node(record_id) if kind == "case" else None
    if node is None:
        return ClockShown()
    shown = [one.exhibit for one in node.exhibits[:MOST]]
    words = workbench.clock_words([one.id for one in shown])
    lines = tuple((f"Exhibit {one.number}", words[one.id]) for one in shown)
    return ClockShown((), lines, len(node.exhibits) - len(shown))


class ClockPage(QWidget):
    """``submit(stage, what, reason)`` is called with a stage that is not needed, or is again."""

    def __init__(self, submit: Submit) -> None:
        super().__init__()
        self.setObjectName("clock_page")
        self.setProperty("panel", True)
        self._submit = submit
        self._offered: list[tuple[str, str]] = []
        self.lines = reading("record_clock", "The review clock of this record")
        self.stage = choice("clock_settle_stage", "Which stage", ())
        self.reason = line("clock_settle_reason", "Why", "why nobody needs to do this, or does")
        self.record = button(
            "Record", "clock_settle", "The clock keeps it with the reason (Enter)", self.submit
        )
        rows = (("Sta&ge", self.stage), ("&Reason", self.reason))
        self._form = block("Not needed, or needed after all", rows, self.record)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.lines, 1)
        layout.addWidget(self._form)

    def show_clock(self, shown: ClockShown, *, writable: bool) -> None:
        """All of it; what can be said of a stage only by those who may."""
        self.lines.setPlainText(clock_text(shown))
        self._offered = offers(shown.stages)
        held = self.stage.currentText()
        self.stage.clear()
        self.stage.addItems([f"{TO_DO[stage]}: {what}" for stage, what in self._offered])
        self.stage.setCurrentIndex(max(self.stage.findText(held), 0))
        self._form.setVisible(writable and bool(self._offered))

    def clear(self) -> None:
        """Nothing is written any more."""
        self.reason.clear()

    def submit(self) -> None:
        """Hand on what is chosen."""
        at = self.stage.currentIndex()
        if self._form.isVisible() and 0 <= at < len(self._offered):
            self._submit(*self._offered[at], self.reason.text())


def offers(stages: tuple[Stage, ...]) -> list[tuple[str, str]]:
    """Of which stages something can be said, and what."""
    back = [(one.name, NEEDED) for one in stages if one.state == "settled"]
    off = [(one.name, NOT_NEEDED) for one in stages if one.name in SETTLED and one.open]
    return back + off


def said_words(stage: str, what: str) -> str:
    """What was recorded, as a sentence."""
    if what == NEEDED:
        return f"Recorded: '{TITLES[stage]}' is needed after all; it is on the board again."
    return f"Recorded: '{TITLES[stage]}' is not needed; it is off the board."


def clock_text(shown: ClockShown) -> str:
    """The stages of an exhibit one a line, or the exhibits of a case."""
    if shown.stages:
        return "\n\n".join(map(stage_line, shown.stages))
    lines = [f"{name}\n    {words or 'nothing yet'}" for name, words in shown.exhibits]
    if shown.more:
        lines.append(f"... and {shown.more} more exhibits; the board (Leads) has them all.")
    return "\n\n".join(lines) or "No exhibit is recorded yet: the clock starts with the first."
