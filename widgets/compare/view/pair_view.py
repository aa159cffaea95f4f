"""A pair on the screen: the evidence, its names, view modes, and the drawer beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.picture import score_sentence
from app.picture.caption import AID
from app.workbench import brief as meaning_in_brief
from widgets.compare.desk import Desk
from widgets.compare.panels.controls import Act
from widgets.compare.panels.drawer import Drawer, Page
from widgets.compare.view.canvas import Canvas
from widgets.compare.view.footer import BottomBar, CandidateBar, NameRow
from widgets.compare.view.helpers import Helpers
from widgets.compare.view.modes import ModeBar, Setters
from widgets.compare.view.strip import Strip
from widgets.compare.work.loading import Walk

NOT_COMPARED = f"Not compared by software yet: press A. What it says is {AID}"
NOT_COMPARED_BRIEF = "Not compared by software: press A"


class PairView(QWidget):
    """Everything seen of a desk.

    ``act`` gets the names of actions, ``on_key`` the picture's keys; ``pages`` fill the drawer.
    """

    def __init__(
        self, act: Act, on_key: Callable[[QKeyEvent], bool], pages: Sequence[Page], strip: Strip
    ) -> None:
        super().__init__()
        self._desk: Desk | None = None
        self.canvas = Canvas(on_key)
        self.helpers = Helpers(self.canvas, on_key, self._helped)
        self.drawer = Drawer(act, pages)
        self._names = NameRow()
        setters = Setters(
            opacity=lambda opacity: self._do(lambda d: d.set_opacity(opacity)),
            blink_ms=lambda ms: self._do(lambda d: d.set_blink_ms(ms)),
            checker_um=lambda um: self._do(lambda d: d.set_checker_um(um)),
        )
        self._modes = ModeBar(act, setters)
        self._list, self._strip = CandidateBar(act), strip
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._column(), 1)
        row.addWidget(self.drawer)

    def set_desk(self, desk: Desk | None) -> None:
        """Show this pair."""
        self._desk = desk
        self.canvas.set_desk(desk)
        self.helpers.set_desk(desk)

    def set_bare(self, bare: bool) -> None:
        """The evidence alone, without bars and drawer, or all again."""
        for widget in (self.helpers.line, self._names, self._bottom, self.drawer):
            widget.setVisible(not bare)
        self._strip.set_bare(bare)

    def refresh(self, walk: Walk, *, read_only: bool) -> None:
        """Bring everything to the desk; the picture is drawn at the next paint."""
        desk = self._desk
        if desk is None:
            return
        self.canvas.refresh()
        self.helpers.refresh()
        seen = desk.seen
        self._names.show_pair(desk.left, desk.right, seen, _sentences(desk))
        self._modes.show_view(seen)
        self._list.show_place(walk.place, len(walk.siblings), walk.review, read_only)
        self._bottom.fit()
        self._strip.show_walk(walk)
        self.drawer.show_desk(desk)

    def take_keys(self) -> None:
        """The keyboard goes to the picture."""
        if self._desk is not None and self.isVisible():
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _column(self) -> QVBoxLayout:
        self._bottom = BottomBar(self._modes, self._list)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.helpers.line)
        column.addWidget(self._names)
        column.addWidget(self._strip)
        column.addWidget(self._bottom)
        return column

    def _helped(self) -> None:
        """A helper came or went."""
        if self._desk is not None:
            self.drawer.show_desk(self._desk)

    def _do(self, what: Callable[[Desk], None]) -> None:
        if self._desk is not None:
            what(self._desk)


def _sentences(desk: Desk) -> tuple[str, ...]:
    """What software says of the pair, as long as there is room for."""
    if desk.aligning:
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
