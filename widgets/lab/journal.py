"""The journal: who did what, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QTableView,
    QWidget,
)

from app.domain import CaseheadError, Changes
from app.jobs import Job
from app.store.audit import Audit
from app.store.journal_list import JournalFilter, SignedLine
from app.workbench import Workbench
from app.workbench import guard_words as words
from app.workbench.guarding import StationKey
from widgets import keys_guard, theme
from widgets.bridge import Bridge, Work
from widgets.common.lines import bind
from widgets.common.paged import lay_out, work_column
from widgets.common.parts import button, label, row
from widgets.common.refresh import Refresh
from widgets.lab.journal_detail import JournalDetail
from widgets.lab.journal_filter import FilterRow
from widgets.lab.journal_model import WIDTHS, JournalModel
from widgets.navigator import Navigator

_FIRST, _STRETCH = 256, 40_000
_Loaded = tuple[int, tuple[StationKey, ...], tuple[tuple[str, ...], tuple[str, ...]]]


class JournalPage(QWidget):
    """The list, the line in hand beside it, filters above, what verification said below them."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("journal_page")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._shown = JournalFilter()
        self._last = 0
        self._keys: tuple[StationKey, ...] = ()
        self._listing = 0
        self._detailed = 0
        self._filling = False
        self._verifying: Work | None = None
        self.audit: Audit | None = None
        self.lines = JournalModel(self._load_page)
        self.filter = FilterRow(self._filter_changed)
        self.detail = JournalDetail(workbench, bridge, navigator, self.filter.only_subject)
        self._loading: Refresh[_Loaded] = Refresh(bridge, self, self._load, self._show, long=True)
        self._build()
        bind(self, keys_guard.JOURNAL, self._actions())
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        if self._loading.loading or self._filling or self.lines.waiting:
            return False
        return self._detailed == self.lines.seq_at(self.table.currentIndex().row())

    def place(self) -> tuple[str, ...]:
        """What the header says."""
        return (f"{self._last} lines",) if self._last else ()

    def choose(self, subject_id: str) -> None:
        """All lines of one record, or the line of that number."""
        if subject_id.isdecimal() and len(subject_id) < 12:
            self.go_to(int(subject_id))
        else:
            self.filter.only_subject(subject_id)

    def go_to(self, seq: int) -> None:
        """Put the cursor on a line."""
        row_number = self.lines.row_of(seq)
        if row_number >= 0:
            index = self.lines.index(row_number, 0)
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    # --- what can be done ------------------------------------------------------------------
    def verify(self) -> None:
        """Look at every line; again: stop."""
        if self._verifying is not None:
            self._verifying.job.cancel()
            return
        self._say("Every line is being looked at ...", attention=False)
        self._verifying = self._bridge.start(
            "Verifying the journal",
            self._workbench.verify_journal,
            self._verified,
            self._not_verified,
            owner=self,
        )
        self._show_verifying()

    def next_break(self) -> None:
        """The next line below that is not as it was written, or the first of all."""
        breaks = sorted({one.seq for one in self.audit.breaks}, reverse=True) if self.audit else []
        if not breaks:
            self._bridge.tell("No break is known; V verifies every line.")
            return
        current = self.lines.seq_at(self.table.currentIndex().row())
        older = [seq for seq in breaks if seq < current]
        self.go_to(older[0] if older else breaks[0])

    def export(self) -> None:
        """Write what is filtered to a file."""
        wanted = self.filter.wanted
        chosen, kind = QFileDialog.getSaveFileName(
            self, "Write these lines", "journal.csv", "CSV (*.csv);;JSON (*.json)"
        )
        if not chosen:
            return
        path = Path(chosen)
        if not path.suffix:
            path = path.with_suffix(".json" if "json" in kind else ".csv")

        def write(job: Job) -> int:
            return self._workbench.export_journal(wanted, path, job)

        self._bridge.start(
            f"Writing {path.name}",
            write,
            lambda count: self._bridge.tell(f"{count} lines written to {path}."),
            owner=self,
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._says = label("", "", "journal_says", wrap=True)
        self._about_keys = label("", "dim", "journal_keys", wrap=True)
        self._verify = button(
            "Verify",
            "journal_verify",
            "Look at every line, its chain and its signature (V)",
            self.verify,
            primary=True,
            icon="mdi6.shield-check-outline",
        )
        self._break = button(
            "Next break", "journal_break", "The next line that is not as written (B)",
            self.next_break,
        )  # fmt: skip
        export = button(
            "Export ...", "journal_export", "Write these lines as CSV or JSON (E)", self.export
        )
        self.counted = label("", "dim", "journal_counted")
        self.table = self._table()
        buttons = row(self._verify, self._break, export, self.counted, stretch_last=True)
        work = work_column()
        work.addWidget(self.filter)
        work.addLayout(buttons)
        work.addWidget(self._says)
        work.addWidget(self._about_keys)
        work.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        lay_out(self, work, self.detail)
        self._say("", attention=False)
        self._break.hide()

    def _table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("journal_table")
        table.setAccessibleName("Lines of the journal, the newest first")
        table.setModel(self.lines)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(WIDTHS):
            if width:
                table.setColumnWidth(column, width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().currentRowChanged.connect(self._moved)
        return table

    def _actions(self) -> dict[str, Callable[[], None]]:
        return {
            "filter": self._take_filter,
            "all": self.filter.clear,
            "subject": self.detail.whole_subject,
            "verify": self.verify,
            "break": self.next_break,
            "export": self.export,
        }

    # --- loading ---------------------------------------------------------------------------
    def _hear(self, _changes: Changes) -> None:
        if self.isVisible():
            self._loading.ask()

    def _load(self) -> _Loaded:
        book = self._workbench
        return book.journal_last(), book.station_keys(), book.journal_words()

    def _show(self, loaded: _Loaded) -> None:
        last, self._keys, (actions, people) = loaded
        self.filter.offer(actions, people)
        self._about_keys.setText(words.keys_words(self._keys))
        if last != self._last or not self.lines.rowCount():
            self._last = last
            self._list()
        if self.isVisible():
            self._navigator.say_place("lab", ("Journal", *self.place()))

    def _filter_changed(self) -> None:
        if self.filter.wanted != self._shown:
            self._list()

    def _list(self) -> None:
        """Show what is wanted: at once when it is all, else piece by piece."""
        held = self.lines.seq_at(self.table.currentIndex().row())
        self._shown = wanted = self.filter.wanted
        self._listing += 1
        if wanted.all:
            self._filling = False
            breaks = (one.seq for one in self.audit.breaks) if self.audit else ()
            self.lines.show_seqs(range(max(self._last, *breaks, 0), 0, -1))
            self._counted()
            self.go_to(held or self._last)
        else:
            self._filling = True
            self.lines.show_seqs(())
            self._fetch(self._listing, self._last + 1)

    def _fetch(self, listing: int, below: int) -> None:
        """Look on below a line: for words a stretch at a time, else for so many lines."""
        wanted, in_words = self._shown, bool(self._shown.text)
        least = max(below - _STRETCH, 1) if in_words else 1
        limit = _STRETCH if in_words or self.lines.rowCount() else _FIRST
        self._bridge.run(
            lambda: self._workbench.journal_seqs(wanted, below, limit, least),
            lambda seqs: self._fetched(listing, seqs, least if in_words else 0, limit),
            owner=self,
            long=True,
        )

    def _fetched(self, listing: int, seqs: tuple[int, ...], least: int, limit: int) -> None:
        if listing != self._listing:
            return
        first = not self.lines.rowCount()
        self.lines.add_seqs(seqs)
        if first and seqs:
            self.go_to(seqs[0])
        below = least or (seqs[-1] if len(seqs) == limit else 1)
        self._filling = below > 1
        if self._filling:
            self._fetch(listing, below)
        self._counted()

    def _load_page(self, page: int) -> None:
        seqs = tuple(self.lines.seqs_of(page))
        self._bridge.run(
            lambda: self._workbench.journal_page(seqs),
            lambda lines: self.lines.put(page, seqs, lines),
            owner=self,
            long=True,
        )

    # --- showing ---------------------------------------------------------------------------
    def _counted(self) -> None:
        more = " and looking for more ..." if self._filling else ""
        self.counted.setText(f"{self.lines.rowCount()} of {self._last} lines{more}")
        if not self.lines.rowCount():
            self._detailed = 0
            self.detail.show_line(None, (), "")

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        seq = self.lines.seq_at(current.row())
        if not seq:
            return
        self._bridge.run(
            lambda: self._workbench.journal_line(seq),
            lambda found: self._show_detail(seq, found),
            owner=self,
            long=True,
        )

    def _show_detail(self, seq: int, found: SignedLine | None) -> None:
        """Unless the cursor is on another line by now."""
        if self.lines.seq_at(self.table.currentIndex().row()) == seq:
            self._detailed = seq
            broken = words.break_words(self.audit, seq)
            self.detail.show_line(found, self._keys, broken, seq)

    def _verified(self, found: Audit) -> None:
        self._verifying = None
        self.audit = found
        self._show_verifying()
        sentence, attention = words.verdict(found)
        self._say(sentence, attention=attention)
        self.lines.show_breaks({one.seq: one.what for one in found.breaks})
        self._break.setVisible(bool(found.breaks))
        if found.breaks:
            if self._shown.all:
                self._list()
            self.go_to(found.breaks[0].seq)

    def _not_verified(self, error: CaseheadError) -> None:
        self._verifying = None
        self._show_verifying()
        self._say(str(error), attention=False)

    def _show_verifying(self) -> None:
        self._verify.setText("Stop" if self._verifying is not None else "Verify")

    def _say(self, sentence: str, *, attention: bool) -> None:
        self._says.setText(sentence)
        self._says.setVisible(bool(sentence))
        theme.set_tone(self._says, "tone", "amber" if attention else "")

    def _take_filter(self) -> None:
        self.filter.text.setFocus()
        self.filter.text.selectAll()
