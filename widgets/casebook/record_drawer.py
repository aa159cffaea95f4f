"""The record of the row chosen: fields to complete and correct, history, custody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from app.casework.moments import shown_moment, sort_key
from app.casework.people import Right
from app.casework.record import HandOver, RecordKind
from app.domain import CaseheadError, Changes
from app.workbench import Workbench
from app.workbench.recording import FieldLine, HistoryLine, RecordSheet
from widgets.bridge import Bridge
from widgets.casebook.clock_page import NEEDED, ClockPage, ClockShown, load_clock, said_words
from widgets.casebook.custody import CustodyPage
from widgets.casebook.fields import take_focus, write
from widgets.casebook.record_correct import CorrectPage
from widgets.casebook.record_sheet import PickLists, SheetView
from widgets.common.parts import Drawer, button, reading, row
from widgets.common.refresh import Refresh

PAGES = ("Fields", "History", "Custody", "Clock")
_FIELDS, _HISTORY, _CUSTODY, _CLOCK, _CORRECT = range(5)
Draft = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown of one row, read in one go."""

    of: tuple[RecordKind, str]
    sheets: tuple[RecordSheet, ...]
    history: tuple[tuple[str, HistoryLine], ...]
    picks: PickLists
    exhibit_id: str
    chain: tuple[HandOver, ...]
    gaps: tuple[str, ...]
    clock: ClockShown
    refusal: str = ""


class RecordDrawer(Drawer):
    """Follows the row chosen in the tree while it is open; what was written stays until saved."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__("record", "Record", 400)
        self._workbench, self._bridge = workbench, bridge
        self._of: tuple[RecordKind, str] | None = None
        self._shown: Shown | None = None
        self._views: list[SheetView] = []
        self._unfolded: set[str] = set()
        self._drafts: dict[Draft, str] = {}
        self._page = _FIELDS
        self._recording = False
        self.tabs = QTabBar()
        self.tabs.setObjectName("record_tabs")
        self.tabs.setAccessibleName("Pages of the record")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for title in PAGES:
            self.tabs.addTab(title)
        self.pages: list[QWidget] = []
        self._sheets = QVBoxLayout()
        self._sheets.setContentsMargins(0, 0, 0, 0)
        self.history = reading("record_history", "What was done to this record, newest first")
        self.correcting = CorrectPage(self._correct, self._back)
        self.custody = CustodyPage(self._hand_over)
        self.clock = ClockPage(self._settle)
        self._save = button(
            "Save", "record_save", "Record what was filled in (Enter)", self.save, primary=True
        )
        self._refresh: Refresh[Shown | None] = Refresh(bridge, self, self._load, self._show)
        self._build()
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what is shown is the row asked for."""
        return not self._refresh.loading and (
            self._of is None or (self._shown is not None and self._shown.of == self._of)
        )

    def open_for(self, kind: RecordKind, record_id: str) -> None:
        """Show a record, and those it hangs together with."""
        if self._of != (kind, record_id):
            self._say("")
            self._keep_drafts()
            self.custody.clear()
            self.clock.clear()
            self._leave_correction()
        self._of = (kind, record_id)
        self.show()
        self._refresh.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        page = self._page
        if event.key() == Qt.Key.Key_Escape:
            if page == _CORRECT:
                self._back()
            else:
                self.close_drawer()
        elif enter and page == _CORRECT:
            self.correcting.submit()
        elif enter and page in (_CUSTODY, _CLOCK):
            (self.custody if page == _CUSTODY else self.clock).submit()
        elif enter and page == _FIELDS:
            self.save()
        else:
            super().keyPressEvent(event)

    def save(self) -> None:
        """Record all that was written into empty fields."""
        work = [(view.sheet, view.written) for view in self._views if view.written]
        if not work:
            self._say("Nothing new is written; empty fields can be filled in, others corrected.")
            return
        exhibit_id = self._shown.exhibit_id if self._shown else ""
        drafts = [(s.kind, s.record_id, key) for s, written in work for key in written]

        def record() -> None:
            for sheet, written in work:
                self._record(sheet, written, exhibit_id)

        def done(_: object) -> None:
            for draft in drafts:
                self._drafts.pop(draft, None)
            self._clear_editors()
            self._done("Recorded.")

        self._run(record, done)

    # --- building ---------------------------------------------------------------------------
    def _build(self) -> None:
        fields = QWidget()
        fields.setProperty("panel", True)
        stacked = QVBoxLayout(fields)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addLayout(self._sheets)
        stacked.addStretch(1)
        self.tabs.currentChanged.connect(self._turn)
        self.body.addWidget(self.tabs)
        self.pages = [fields, self.history, self.custody, self.clock, self.correcting]
        for page in self.pages:
            self.body.addWidget(page, 1)
        self.foot.addLayout(row(self._save, stretch_last=True))
        self._turn(_FIELDS)

    def _turn(self, page: int) -> None:
        """Show one page."""
        self._page = page
        for number, held in enumerate(self.pages):
            held.setVisible(number == page)
        self._save.setVisible(page == _FIELDS and not self._workbench.read_only)

    # --- loading ----------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        of_record = changes.cases or changes.casework or changes.acquired or changes.searches
        if self.isVisible() and (of_record or changes.settings or changes.people):
            self._refresh.ask()

    def _load(self) -> Shown | None:
        of = self._of
        if of is None:
            return None
        sheets = self._workbench.sheets(*of)
        lines = [
            (sheet.title, line)
            for sheet in sheets
            if sheet.record_id
            for line in self._workbench.history(sheet.kind, sheet.record_id)
        ]
        lines.sort(key=lambda one: sort_key(one[1].at))
        lines.reverse()
        exhibit_id = next((s.record_id for s in sheets if s.kind == "exhibit"), "")
        return Shown(
            of,
            sheets,
            tuple(lines),
            self._workbench.pick_lists(),
            exhibit_id,
            self._workbench.hand_overs(exhibit_id) if exhibit_id else (),
            self._workbench.custody_gaps(exhibit_id) if exhibit_id else (),
            load_clock(self._workbench, *of, exhibit_id),
            self._workbench.may(Right.RECORD),
        )

    def _show(self, shown: Shown | None) -> None:
        if shown is None or shown.of != self._of:
            return
        same = self._shown is not None and self._shown.of == shown.of
        if same and self._shown == shown:
            return
        self._keep_drafts()
        self._shown = shown
        writable = not self._workbench.read_only and not shown.refusal
        self.title.setText(shown.sheets[0].title)
        self._show_sheets(shown, writable=writable, first=not same)
        self.history.setPlainText("\n\n".join(_words(*one) for one in shown.history))
        self.custody.show_chain(
            shown.chain,
            shown.gaps,
            shown.picks,
            writable=writable and bool(shown.exhibit_id) and shown.sheets[0].own,
        )
        self.clock.show_clock(shown.clock, writable=writable and shown.sheets[0].own)
        if shown.refusal:
            self._say(shown.refusal)
        self._save.setEnabled(writable)
        self.tabs.setTabEnabled(_CUSTODY, bool(shown.exhibit_id))

    def _show_sheets(self, shown: Shown, *, writable: bool, first: bool) -> None:
        focused = self._focused_field()
        for view in self._views:
            self._sheets.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._views = []
        for number, sheet in enumerate(shown.sheets):
            view = SheetView(sheet, shown.picks, writable=writable, correct=self._ask)
            view.changed = self._order
            if (first and number == 0) or (not first and view.objectName() in self._unfolded):
                view.unfold()
            self._sheets.addWidget(view)
            view.show()  # at once: the layout would let the next key press pass it by
            self._views.append(view)
        self._put_drafts()
        self._order()
        if focused:
            self._focus(focused)

    def _order(self) -> None:
        """Tab goes from the tabs through the fields to the button, as the eye does."""
        stops: list[QWidget] = [self.tabs]
        for view in self._views:
            stops += view.stops
        for one, other in pairwise((*stops, self._save)):
            self.setTabOrder(one, other)

    # --- what is written and not yet saved --------------------------------------------------
    def _keep_drafts(self) -> None:
        self._unfolded = {view.objectName() for view in self._views if view.unfolded}
        for view in self._views:
            for key, text in view.written.items():
                self._drafts[view.sheet.kind, view.sheet.record_id, key] = text

    def _put_drafts(self) -> None:
        for view in self._views:
            sheet = view.sheet
            wanted = {k: t for (a, b, k), t in self._drafts.items() if (a, b) == _name(sheet)}
            if wanted and sheet.record_id:
                view.unfold()
            for key, text in wanted.items():
                found = view.editors.get(key)
                if found is not None and sheet.record_id:
                    write(found[1], text)

    def _clear_editors(self) -> None:
        for view in self._views:
            for _, made in view.editors.values():
                write(made, "")

    def _focused_field(self) -> tuple[str, str]:
        for view in self._views:
            for key, (_, made) in view.editors.items():
                if made.hasFocus():
                    return view.sheet.kind, key
        return ("", "")

    def _focus(self, wanted: tuple[str, str]) -> None:
        for view in self._views:
            if view.sheet.kind == wanted[0] and wanted[1] in view.editors:
                take_focus(view.editors[wanted[1]][1])
                return

    # --- acting -----------------------------------------------------------------------------
    def _record(self, sheet: RecordSheet, written: dict[str, str], exhibit_id: str) -> None:
        if sheet.record_id:
            self._workbench.set_facts(sheet.kind, sheet.record_id, written)
        elif sheet.kind == "event":
            self._workbench.record_event(exhibit_id, written)
        else:
            self._workbench.record_firearm(exhibit_id, written)

    def _ask(self, sheet: RecordSheet, one: FieldLine) -> None:
        if self._shown is None:
            return
        self._say("")
        self._turn(_CORRECT)
        self.tabs.setEnabled(False)
        self.correcting.open_for(sheet, one, self._shown.picks)

    def _correct(self, sheet: RecordSheet, one: FieldLine, value: str, reason: str) -> None:
        def done(_: object) -> None:
            self._back()
            self._done(f"{one.field.label} is corrected; the earlier value is kept.")

        kind, record_id, key = sheet.kind, sheet.record_id, one.field.key
        self._run(lambda: self._workbench.correct(kind, record_id, key, value, reason), done)

    def _hand_over(self, texts: dict[str, str]) -> None:
        exhibit_id = self._shown.exhibit_id if self._shown else ""

        def done(_: object) -> None:
            self.custody.clear()
            self._done("The hand-over is recorded.")

        self._run(lambda: self._workbench.hand_over(exhibit_id, **texts), done)

    def _settle(self, stage: str, what: str, reason: str) -> None:
        exhibit_id = self._shown.exhibit_id if self._shown else ""
        back = what == NEEDED
        record = self._workbench.reopen_stage if back else self._workbench.settle_stage

        def done(_: object) -> None:
            self.clock.clear()
            self._done(said_words(stage, what))

        self._run(lambda: record(exhibit_id, stage, reason), done)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """One at a time: Enter pressed twice would record a hand-over twice."""
        if self._recording:
            return

        def recorded(value: Any) -> None:
            self._recording = False
            done(value)

        def refused(error: CaseheadError) -> None:
            self._recording = False
            self._say(str(error))

        self._recording = True
        self._say("")
        self._bridge.run(work, recorded, refused, owner=self)

    def _done(self, sentence: str) -> None:
        self._say("")
        self._bridge.tell(sentence)
        self._refresh.ask()

    def _back(self) -> None:
        self._leave_correction()
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_correction(self) -> None:
        if self._page == _CORRECT:
            self.tabs.setEnabled(True)
            self._turn(self.tabs.currentIndex())
            self._say("")


def _name(sheet: RecordSheet) -> tuple[str, str]:
    return sheet.kind, sheet.record_id


def _words(title: str, line: HistoryLine) -> str:
    head = f"{shown_moment(line.at)}  {line.who}" + (f" ({line.station})" if line.station else "")
    why = f"\n    Why: {line.why}" if line.why else ""
    return f"{head}\n    {title}: {line.what}{why}"
