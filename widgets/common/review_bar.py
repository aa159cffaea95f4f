"""What can be said of a candidate, with the mouse; the keys stand on the buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain import Review
from widgets.common.parts import button, row

_REVIEWS = (
    (Review.KEPT, "K  Keep", "Worth comparing; go on (K)"),
    (Review.DISMISSED, "D  Dismiss", "Not worth comparing; go on (D)"),
    (Review.LATER, "L  Later", "Look at it again later; go on (L)"),
)


class ReviewBar(QWidget):
    """Its buttons call ``review``, ``undo``, ``compare``, ``record`` (the review of the list) and
    ``propose`` (a lead). ``prefix`` goes before their names; with ``two_rows`` the bar is narrow.
    Clicks leave the keyboard where it is."""

    def __init__(
        self,
        review: Callable[[Review], None],
        undo: Callable[[], None],
        compare: Callable[[], None],
        prefix: str = "",
        *,
        record: Callable[[], None],
        propose: Callable[[], None],
        two_rows: bool = False,
    ) -> None:
        super().__init__()
        self._record = button(
            "R  Record review",
            f"{prefix}record_review",
            "Record the review of this list (R)",
            record,
        )
        self._propose = button(
            "P  Propose lead",
            f"{prefix}propose_lead",
            "Propose a lead from a kept candidate (P)",
            propose,
        )
        self._says = [
            button(text, f"{prefix}review_{said}", tip, partial(review, said))
            for said, text, tip in _REVIEWS
        ]
        self._undo = button(
            "", f"{prefix}undo_review", "Take the last review back (U)", undo, icon="mdi6.undo"
        )
        self._undo.setAccessibleName("Take the last review back")
        self._open = button(
            "Compare",
            f"{prefix}open_compare",
            "Open the pair in the comparison view (Enter)",
            compare,
            primary=True,
        )
        for one in (*self._says, self._undo, self._open, self._record, self._propose):
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        said, then = row(*self._says), row(self._undo, stretch_last=True)
        then.addWidget(self._open)
        if two_rows:
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addLayout(said)
            layout.addLayout(then)
        else:
            layout.setContentsMargins(8, 6, 8, 6)
            said.addLayout(then)
            layout.addLayout(said)
        layout.addLayout(row(self._record, self._propose, stretch_last=True))

    def allow(self, *, found: bool, writable: bool) -> None:
        """Whether there is something to compare, and whether reviews can be recorded."""
        self._open.setEnabled(found)
        for said in self._says:
            said.setEnabled(found and writable)
        self._undo.setEnabled(writable)
        for one in (self._record, self._propose):
            one.setEnabled(found and writable)
