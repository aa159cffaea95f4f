"""Who had the exhibit: every hand-over in order, and the next one to be recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.casework.moments import shown_moment
from app.casework.record import HandOver
from widgets.casebook.record_sheet import PickLists
from widgets.common.parts import block, button, choice, label, line, reading

Submit = Callable[[dict[str, str]], None]


class CustodyPage(QWidget):
    """``submit`` is called with what is written of a hand-over, by the names of its fields."""

    def __init__(self, submit: Submit) -> None:
        super().__init__()
        self.setObjectName("custody_page")
        self.setProperty("panel", True)
        self._submit = submit
        self.chain = reading("custody_chain", "Hand-overs, in order")
        self.chain.setMinimumHeight(120)
        self._gaps = label("", "amber", "custody_gaps", wrap=True)
        self.lines = {
            "given_by": line("custody_given_by", "From whom", "who hands it over"),
            "received_by": line("custody_received_by", "To whom", "who receives it"),
            "handed_at": line("custody_handed_at", "When", "2026-04-12 21:40"),
            "place": line("custody_place", "Where it is kept or was handed over", "optional"),
            "note": line("custody_note", "What else is to be said", "optional"),
        }
        self.picks = {
            "purpose": choice("custody_purpose", "What for", (), editable=True),
            "seal": choice("custody_seal", "Seal and condition", (), editable=True),
        }
        self.record = button(
            "Record hand-over", "custody_record", "It cannot be changed later (Enter)", self.submit
        )
        rows = [(text, self.lines.get(name) or self.picks[name]) for text, name in _ROWS]
        self._form = block("Next hand-over", rows, self.record)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.chain, 1)
        layout.addWidget(self._gaps)
        layout.addWidget(self._form)

    def show_chain(
        self, chain: Sequence[HandOver], gaps: Sequence[str], picks: PickLists, *, writable: bool
    ) -> None:
        """What is recorded, and whether there may be more."""
        self.chain.setPlainText("\n\n".join(map(_words, chain)) or "No hand-over is recorded yet.")
        self.chain.moveCursor(QTextCursor.MoveOperation.End)  # the newest is seen
        self._gaps.setText("\n".join(gaps))
        self._gaps.setVisible(bool(gaps))
        self._form.setVisible(writable)
        for name, listed in (("purpose", "hand_over_purposes"), ("seal", "seals")):
            _offer(self.picks[name], picks.get(listed, ()))
        if not self.lines["given_by"].text() and chain:
            self.lines["given_by"].setText(chain[-1].received_by)
        if not self.lines["handed_at"].text():
            self.lines["handed_at"].setText(datetime.now().strftime("%Y-%m-%d %H:%M"))

    def clear(self) -> None:
        """Nothing is written any more: another exhibit, or it is recorded."""
        for one in self.lines.values():
            one.clear()
        for pick in self.picks.values():
            pick.setCurrentText("")

    def submit(self) -> None:
        """Hand on what is written."""
        texts = {name: one.text() for name, one in self.lines.items()}
        texts |= {name: pick.currentText() for name, pick in self.picks.items()}
        self._submit(texts)


_ROWS = (
    ("From", "given_by"),
    ("To", "received_by"),
    ("When", "handed_at"),
    ("Purpose", "purpose"),
    ("Seal", "seal"),
    ("Place", "place"),
    ("Note", "note"),
)


def _offer(pick: QComboBox, entries: Sequence[str]) -> None:
    written = pick.currentText()
    pick.clear()
    pick.addItems(["", *entries])
    pick.setCurrentText(written)


def _words(one: HandOver) -> str:
    who = one.author.examiner if one.author else ""
    more = "; ".join(filter(None, (one.seal, one.place, one.note)))
    lines = (
        f"{shown_moment(one.handed_at)}  {one.given_by} → {one.received_by}",
        f"    {one.purpose}" + (f"; {more}" if more else ""),
        f"    recorded {shown_moment(one.noted_at)} by {who}",
    )
    return "\n".join(lines)
