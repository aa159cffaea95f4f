"""What is due and overdue: exhibits, leads, verifications and traces, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.casework.board import OF_LEADS, Board, BoardFilter, BoardLine, Place
from app.casework.stages import SETTLED, TO_DO, Stage, moment_words
from app.domain import CaseheadError, Changes
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casework import board_words as words
from widgets.casework.board_detail import ClockPanel
from widgets.casework.board_policy import PolicyDrawer
from widgets.common.asking import AskDrawer, Field, Question
from widgets.common.lines import PAGE, LineModel, LineTable, TableOrNothing, bind, read_on
from widgets.common.paged import lay_out, work_column
from widgets.common.parts import EmptyState, button, choice, label, line, row
from widgets.common.refresh import Refresh
from widgets.keys_clock import BOARD
from widgets.navigator import Navigator

_MINUTE_MS = 60_000
_TYPING_MS = 250
_PAGES_MOST = 10 * PAGE


@dataclass(frozen=True, slots=True)
class _Loaded:
    wanted: BoardFilter
    board: Board
    notice: str = ""


class BoardPage(QWidget):
    """The table with its filters, the clock of the exhibit in hand, and two drawers."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("board_page")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self.wanted = self._shown = BoardFilter()
        self.board: Board | None = None
        self.asking = AskDrawer("board_ask", workbench, bridge)
        self.policy = PolicyDrawer(workbench, bridge)
        self.panel = ClockPanel()
        self._loading: Refresh[_Loaded] = Refresh(bridge, self, self._load, self._show, long=True)
        self._choosing = False
        self._build()
        bind(self, BOARD, self._actions())
        bridge.changed.connect(self._hear)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._look_again)
        self._minute.start()

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return self.board is not None and not self._loading.loading

    @property
    def line(self) -> BoardLine | None:
        """The line in hand."""
        return self.table.current if self._stack.currentWidget() is self.table else None

    def place(self) -> tuple[str, ...]:
        """What the header says."""
        return () if self.board is None else (words.counts_words(self.board)[0],)

    # --- what can be done ------------------------------------------------------------------
    def want(self, wanted: BoardFilter) -> None:
        """Show what fits this."""
        if wanted != self.wanted:
            self.wanted = wanted
            self._loading.ask()

    def turn_overdue(self) -> None:
        """Only what is overdue, or everything again."""
        self.overdue_only.setChecked(not self.overdue_only.isChecked())
        self._filtered()

    def step_stage(self, by: int) -> None:
        """The next stage to choose from."""
        self.stage.setCurrentIndex((self.stage.currentIndex() + by) % self.stage.count())

    def mine(self) -> None:
        """Only what waits for the one who works here."""
        author = self._workbench.author
        at = self.person.findData(author.examiner) if author else -1
        if at < 0:
            self._bridge.tell("Nothing waits for you.")
        else:
            self.person.setCurrentIndex(at)

    def everything(self) -> None:
        """No filter at all."""
        self._choosing = True
        self.overdue_only.setChecked(False)
        self.case.clear()
        for one in (self.stage, self.person):
            one.setCurrentIndex(0)
        self._choosing = False
        self._filtered()

    def settle(self) -> None:
        """Ask why what is in hand is not needed."""
        held = self.line
        if held is None:
            return
        if held.kind != "exhibit" or held.stage not in SETTLED:
            self._bridge.tell(
                "This cannot be left out: open it and do it, or close the lead with a reason.",
                attention=True,
            )
            return
        asked = held
        self.policy.close_drawer()
        self.asking.ask(
            Question(
                f"Not needed: {asked.to_do}",
                "Record",
                (Field("reason", "&Reason", "text", "why nobody needs to do this"),),
                f"{asked.what}. It goes off the board; the clock of the exhibit keeps the reason.",
                "Recorded: it is off the board.",
            ),
            lambda told: self._workbench.settle_stage(
                asked.exhibit_id, asked.stage, told["reason"]
            ),
        )

    def targets(self) -> None:
        """Open the lab's calendar and targets."""
        self.asking.close_drawer()
        said = self.board is None or self.board.zone_said
        self.policy.open_for(self._workbench.clock_policy(), said=said)

    def export(self) -> None:
        """Write what fits the filters as CSV."""
        name, _ = QFileDialog.getSaveFileName(self, "Write the board", "board.csv", "CSV (*.csv)")
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write it there."""
        wanted = self.wanted
        self._bridge.run(
            lambda: self._workbench.export_board(path, wanted, overwrite=True),
            lambda written: self._bridge.tell(f"The board is written to {written}."),
            owner=self,
            long=True,
        )

    def open_line(self, held: BoardLine) -> None:
        """Go to where it is done."""
        if held.kind == "lead":
            self._navigator.show_leads("ledger", held.subject_id)
        elif held.kind == "verification":
            self._navigator.show_leads("verify", held.subject_id)
        elif held.kind == "trace":
            self._navigator.show_leads("traces", held.subject_id)
        elif held.kind == "comparison":
            self._bridge.run(
                lambda: self._workbench.clock_pair(held.subject_id),
                lambda pair: self._navigator.show_compare(*pair),
                owner=self,
            )
        else:
            self._bridge.run(
                lambda: self._workbench.clock_place(held.exhibit_id),
                lambda place: self._go(held, place),
                owner=self,
            )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.counted = label("", "title", "board_overdue")
        self.rest = label("", "dim", "board_rest")
        self.shown = label("", "dim", "board_shown")
        self.notice = label("", "amber", "board_notice", wrap=True)
        self.notice.hide()
        model = LineModel(words.columns(lambda: self.board), words.line_id, self._more)
        what = "What is due, the most urgent first"
        self.table = LineTable(model, "board_table", what, self._moved, self.open_line)
        self._all = button("Everything", "board_everything", "No filter (A)", self.everything)
        self._empty = EmptyState("board_empty", self._all)
        self._stack = TableOrNothing(self.table, self._empty)
        self.setFocusProxy(self._stack)
        work = work_column()
        work.addLayout(self._head())
        work.addWidget(self.notice)
        work.addLayout(self._filters())
        work.addWidget(self._stack, 1)
        lay_out(self, work, self.panel, self.asking, self.policy)
        self.asking.closed = self.policy.closed = self._drawer_closed
        self.asking.opened = self.policy.opened = self.panel.hide

    def _head(self) -> QHBoxLayout:
        top = row(self.counted, self.rest, stretch_last=True)
        top.setSpacing(14)
        self._settle = button(
            "Not needed ...", "board_settle", "Say why nobody does it (N)", self.settle
        )
        for made in (
            self._settle,
            button("Targets ...", "board_targets", "Calendar and targets (T)", self.targets),
            button("CSV ...", "board_export", "Write what is shown as CSV (E)", self.export),
        ):
            top.addWidget(made)
        return top

    def _filters(self) -> QHBoxLayout:
        self.stage = choice("board_stage", "Which stage (S)", (words.ANY_STAGE,))
        self.stage.setMinimumContentsLength(22)
        self.person = choice("board_person", "For whom", (words.ANYBODY,))
        self.person.setMinimumContentsLength(16)
        self.case = line("board_case", "Part of a case number (Ctrl+F)", "case number")
        self.case.setMaximumWidth(190)
        self.overdue_only = button(
            "Overdue only", "board_overdue_only", "Only what is overdue (O)", self._filtered,
            checkable=True,
        )  # fmt: skip
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._filtered)
        self.case.textChanged.connect(lambda _: self._typing.start())
        self.case.returnPressed.connect(self.table.setFocus)
        for one in (self.stage, self.person):
            one.currentIndexChanged.connect(lambda _: self._filtered())
        made = row(self.stage, self.overdue_only, self.case, self.person, stretch_last=True)
        made.addWidget(self.shown)
        return made

    def _actions(self) -> dict[str, Callable[[], None]]:
        return {
            "overdue": self.turn_overdue,
            "stage": lambda: self.step_stage(1),
            "stage back": lambda: self.step_stage(-1),
            "filter": self.case.setFocus,
            "mine": self.mine,
            "everything": self.everything,
            "settle": self.settle,
            "targets": self.targets,
            "export": self.export,
        }

    # --- showing ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        concerns = changes.casework or changes.traces or changes.people or changes.settings
        if self.isVisible() and (concerns or changes.cases or changes.acquired or changes.searches):
            self._loading.ask()

    def _look_again(self) -> None:
        """What was due becomes overdue while nobody touches anything."""
        if self.isVisible():
            self._loading.ask()

    def _load(self) -> _Loaded:
        wanted, shown = self.wanted, len(self.table.rows.lines)
        board = self._workbench.board(wanted, min(max(PAGE, shown), _PAGES_MOST))
        return _Loaded(wanted, board, self._workbench.clock_notice())

    def _more(self, count: int) -> None:
        wanted = self.wanted

        def read() -> tuple[tuple[BoardLine, ...], bool]:
            board = self._workbench.board(wanted, PAGE, count)
            return board.lines, count + len(board.lines) >= board.total

        read_on(self._bridge, self, self.table.rows, count, read)

    def _show(self, loaded: _Loaded) -> None:
        if loaded.wanted != self.wanted:
            self._loading.ask()
            return
        self.board = board = loaded.board
        late, rest = words.counts_words(board)
        self.counted.setText(late)
        notice = " ".join(filter(None, (loaded.notice, words.zone_words(board))))
        self.notice.setText(notice)
        self.notice.setVisible(bool(notice))
        self.rest.setText(rest)
        self.shown.setText(words.shown_words(board))
        self._offer(board)
        self._show_lines(loaded)
        filtered = self.wanted != BoardFilter()
        self._empty.say(words.NO_MORE if filtered else words.NOTHING, words.HOW)
        self._all.setVisible(filtered)
        self._stack.show_rows(bool(board.lines))
        self._moved(self.line)
        if self.isVisible():
            self._navigator.say_place("leads", ("Board", *self.place()))

    def _show_lines(self, loaded: _Loaded) -> None:
        """The lines anew; where nothing else is wanted, the eye finds them where they were."""
        lines, bar = loaded.board.lines, self.table.verticalScrollBar()
        at = bar.value() if loaded.wanted == self._shown else 0
        self.table.show_lines(lines, complete=len(lines) >= loaded.board.total)
        if loaded.wanted == self._shown:
            bar.setValue(at)
        self._shown = loaded.wanted

    def _offer(self, board: Board) -> None:
        """The stages and people there are now; what is chosen stays chosen."""
        self._choosing = True
        chosen = self.wanted.stages[0] if self.wanted.stages else ""
        self.stage.clear()
        for stage, text in words.stage_choices(board):
            self.stage.addItem(text, stage)
        if chosen and self.stage.findData(chosen) < 0:
            self.stage.addItem(TO_DO[chosen], chosen)
        self.stage.setCurrentIndex(max(self.stage.findData(chosen), 0))
        self.person.clear()
        self.person.addItem(words.ANYBODY, "")
        for name in dict.fromkeys((*board.people, self.wanted.person)):
            if name:
                self.person.addItem(name, name)
        self.person.setCurrentIndex(max(self.person.findData(self.wanted.person), 0))
        self._choosing = False

    def _filtered(self) -> None:
        if self._choosing:
            return
        stage, person = self.stage.currentData(), self.person.currentData()
        self.want(
            BoardFilter(
                (stage,) if stage else (),
                self.overdue_only.isChecked(),
                self.case.text().strip(),
                person or "",
            )
        )

    def _moved(self, held: BoardLine | None) -> None:
        since = ""
        if held is not None and self.board is not None:
            since = f"waits since {moment_words(held.since, self.board.policy.calendar)}"
            if held.kind != "exhibit":
                since += "; below, the clock of the exhibit of the first"
        self.panel.show_line(held, since)
        self._settle.setEnabled(held is not None)
        if held is not None and held.exhibit_id:
            self._bridge.run(
                lambda: self._stages(held),
                lambda stages: self._show_stages(held, stages),
                owner=self,
                long=True,
            )

    def _stages(self, held: BoardLine) -> tuple[Stage, ...]:
        try:
            return self._workbench.clock(held.exhibit_id)
        except CaseheadError:
            return ()

    def _show_stages(self, held: BoardLine, stages: tuple[Stage, ...]) -> None:
        if held == self.line:
            self.panel.show_stages(stages)

    # --- going -----------------------------------------------------------------------------
    def _go(self, held: BoardLine, place: Place) -> None:
        if held.stage == "entered" and place.mark_id:
            self._navigator.show_acquire(place.mark_id)
        elif held.stage == "reviewed" and place.search_id:
            self._navigator.show_candidates(place.search_id)
        elif held.stage == OF_LEADS:
            self._navigator.show_leads("ledger")
        elif held.stage == "traced" and place.firearm_id:
            self._navigator.show_leads("traces", place.firearm_id)
        elif place.acquired_id:
            self._navigator.show_casebook(place.acquired_id)
        else:
            self._navigator.show_casebook()
            self._bridge.tell(f"Register what belongs to {held.what}, then acquire its images.")

    def _drawer_closed(self) -> None:
        self.panel.show()
        widget = self._stack.currentWidget()
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
