"""A pair on the screen: the evidence, its names, view modes, and the drawer beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain import Alignment
from app.picture import score_sentence
from app.picture.caption import AID
from app.workbench import brief as meaning_in_brief
from widgets.compare.canvas import Canvas
from widgets.compare.desk import Desk
from widgets.compare.drawer import Drawer
from widgets.compare.footer import Act, BottomBar, CandidateBar, ModeBar, NameRow
from widgets.compare.loading import Walk

NOT_COMPARED = f"Not compared by software yet: press A. What it says is {AID}"
NOT_COMPARED_BRIEF = "Not compared by software: press A"


class PairView(QWidget):
    """Everything seen of a desk.

    ``act`` gets the names of actions, ``record`` the button, ``on_key`` the picture's keys.
    """

    def __init__(
        self, act: Act, record: Callable[[], None], on_key: Callable[[QKeyEvent], bool]
    ) -> None:
        super().__init__()
        self._desk: Desk | None = None
        self.canvas = Canvas(on_key)
        self.drawer = Drawer(
            act,
            lambda alignment, what: self._do(lambda d: d.set_alignment(alignment, what)),
            record,
        )
        self._names = NameRow()
        self._modes = ModeBar(
            act,
            lambda opacity: self._do(lambda d: d.set_opacity(opacity)),
            lambda milliseconds: self._do(lambda d: d.set_blink_ms(milliseconds)),
        )
        self._list = CandidateBar(act)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._column(), 1)
        row.addWidget(self.drawer)

    def set_desk(self, desk: Desk | None) -> None:
        """Show this pair."""
        self._desk = desk
        self.canvas.set_desk(desk)

    def refresh(self, walk: Walk, *, aligning: bool, read_only: bool) -> None:
        """Bring everything to the desk; the picture is drawn at the next paint."""
        desk = self._desk
        if desk is None:
            return
        self.canvas.refresh()
        seen = desk.seen
        self._names.show_pair(desk.left, desk.right, seen, _sentences(desk, aligning))
        self._modes.show_view(seen)
        self._list.show_place(walk.place, len(walk.siblings), walk.review, read_only)
        self.drawer.show_desk(desk, aligning)

    def take_keys(self) -> None:
        """The keyboard goes to the picture."""
        if self._desk is not None and self.isVisible():
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.canvas, 1)
        column.addWidget(self._names)
        column.addWidget(BottomBar(self._modes, self._list))
        return column

    def _set_alignment(self, alignment: Alignment, gesture: str) -> None:
        self._do(lambda desk: desk.set_alignment(alignment, gesture))

    def _do(self, what: Callable[[Desk], None]) -> None:
        if self._desk is not None:
            what(self._desk)


def _sentences(desk: Desk, aligning: bool) -> tuple[str, ...]:
    """What software says of the pair, as long as there is room for."""
    if aligning:
        return ("Aligning ...",)
    if desk.score is None:
        return NOT_COMPARED, NOT_COMPARED_BRIEF
    full, brief = score_sentence(desk.score), score_sentence(desk.score, brief=True)
    meaning = meaning_in_brief(desk.meaning) if desk.meaning else ""
    if meaning:
        numbers, _, _ = brief.partition("; an aid")
        cells = numbers.partition(";")[0]
        return (
            f"{numbers}; {meaning}; {AID}",
            f"{cells}; {meaning}; {AID}",
            brief,
            f"{brief.partition(';')[0]}; {AID}",
            AID,
        )
    return full, brief, f"{brief.partition(';')[0]}; {AID}", AID
