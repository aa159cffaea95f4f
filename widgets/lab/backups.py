"""Backups and the integrity check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain import CaseheadError, Changes
from app.store.backup import Retention, Snapshot
from app.store.guard import BackupPlan, CheckPlan, CheckRun, Every
from app.workbench import Workbench
from app.workbench import guard_words as words
from app.workbench.guarding import Guarded, Kept
from app.workbench.instrument_words import local_moment
from widgets import keys_guard, theme
from widgets.bridge import Bridge, Work
from widgets.common.asking import AskDrawer, Field, Question
from widgets.common.lines import LineColumn, LineModel, LineTable, bind
from widgets.common.paged import lay_out, work_column
from widgets.common.parts import button, label, row
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

_ABOUT_RESTORE = (
    "A backup becomes a casebook of its own in a new folder, is checked there, and then can be "
    "opened. The casebook that is open now is never written over."
)
_RETENTION = "How long records are kept (nothing is deleted; what is past it is told here)"
_ROW_PX = 30
_Loaded = tuple[Guarded, tuple[Snapshot, ...], tuple[CheckRun, ...], tuple[Kept, ...], str]


class BackupsPage(QWidget):
    """Above what is done by itself, then backups and checks side by side, retention below."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("backups_page")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._guarded: Guarded | None = None
        self._checking: Work | None = None
        self._backing: Work | None = None
        self.asking = AskDrawer("guard_ask", workbench, bridge)
        self._loading: Refresh[_Loaded] = Refresh(bridge, self, self._load, self._show, long=True)
        self._build()
        bind(self, keys_guard.BACKUPS, self._actions())
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not self._loading.loading

    def place(self) -> tuple[str, ...]:
        """What the header says."""
        return ()

    # --- what can be done ------------------------------------------------------------------
    def backup_now(self) -> None:
        """Make a backup; again: stop."""
        if self._backing is not None:
            self._backing.job.cancel()
            return
        if self._guarded is None or not self._guarded.backup_plan.folder:
            self._bridge.tell("Choose the folder that backups go to first.")
            self.plan()
            return
        self._backing = self._bridge.start(
            "Backup", self._workbench.make_backup, self._backed_up, self._stopped, owner=self
        )
        self._show_work()

    def check_now(self) -> None:
        """Look at the whole casebook; again: stop."""
        if self._checking is not None:
            self._checking.job.cancel()
            return
        self._checking = self._bridge.start(
            "Casebook check",
            self._workbench.check_casebook,
            self._checked,
            self._stopped,
            owner=self,
        )
        self._show_work()

    def plan(self) -> None:
        """Ask for folder and schedule."""
        now = self._guarded
        if now is None:
            return
        plan = now.backup_plan
        every = tuple(words.EVERY_WORDS.items())
        fields = (
            Field("folder", "&Folder, on another disk", "line", "", (), plan.folder),
            Field("every", "&By itself", "choice", "", every, plan.every),
            Field("thin", "&Old ones", "choice", "", _THIN, "yes" if plan.thin else "no"),
            Field("days", "Da&ys, one backup of each stays", value=str(plan.keep.days)),
            Field("weeks", "&Weeks, one of each stays", value=str(plan.keep.weeks)),
            Field("months", "&Months, one of each stays", value=str(plan.keep.months)),
            Field("check", "&Check the casebook every so many days (0: never)",
                  value=str(now.check_plan.every_days)),
        )  # fmt: skip
        facts = (
            "What is due is done by itself while nobody works at the station. A backup holds "
            "everything; pixels that are in the folder already are not copied again."
        )
        self.asking.ask(Question("Folder and schedule", "Keep", fields, facts), self._keep_plan)
        folder = self.asking.findChild(QWidget, "guard_ask_folder")
        if isinstance(folder, QWidget):
            folder.setToolTip("The buttons above the list choose it by looking, too")

    def choose_folder(self) -> None:
        """Choose where backups go by looking."""
        now = self._guarded
        chosen = QFileDialog.getExistingDirectory(self, "Where backups go")
        if chosen and now is not None:
            plan = now.backup_plan
            kept = BackupPlan(chosen, plan.every, plan.thin, plan.keep)
            self._bridge.run(lambda: self._workbench.plan_backups(kept), owner=self)

    def restore(self) -> None:
        """Make a casebook of the backup in hand, in a new folder."""
        snapshot = self.backups.current
        if snapshot is None:
            there_are = bool(self.backups.rows.lines)
            self._bridge.tell(
                "Choose a backup to restore."
                if there_are
                else "There is no backup to restore; choose the folder they are in."
            )
            return
        chosen = QFileDialog.getExistingDirectory(self, "A new, empty folder to restore into")
        if not chosen:
            return
        folder = Path(chosen)
        self._bridge.start(
            f"Restoring into {folder.name}",
            lambda job: self._workbench.restore_backup(snapshot, folder, job),
            lambda problems: self._restored(folder, problems),
            owner=self,
        )

    def acknowledge(self) -> None:
        """Take note of the check in hand that failed, or of the last one."""
        run = self.checks.current
        failed = self._guarded.failed if self._guarded is not None else ()
        run = run if run is not None and run.open else (failed[0] if failed else None)
        if run is None:
            self._bridge.tell("No check waits to be acknowledged.")
            return
        seq = run.seq
        field = Field("reason", "What was found out and &done", "text")
        facts = f"{local_moment(run.at)}: {' '.join(run.sentences[:3])}"
        self.asking.ask(
            Question("Acknowledge the check", "Acknowledge", (field,), facts, "Acknowledged."),
            lambda told: self._workbench.acknowledge_check(seq, told["reason"]),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._failed = label("", "amber", "guard_failed", wrap=True)
        self._says = label("", "", "guard_says", wrap=True)
        self._plan_says = label("", "dim", "guard_plan_says", wrap=True)
        self._kept = label("", "dim", "guard_kept", wrap=True)
        self.backups, self.checks = self._backups_table(), self._checks_table()
        self._backup, self._check, buttons = self._make_buttons()
        self._acknowledge = button(
            "Acknowledge ...", "guard_acknowledge", "Take note of the check that failed (K)",
            self.acknowledge,
        )  # fmt: skip
        work = work_column()
        banner = row(self._failed, self._acknowledge)
        banner.setStretch(0, 1)
        work.addLayout(banner)
        for widget in (self._says, self._plan_says):
            work.addWidget(widget)
        work.addLayout(buttons)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        for title, table in (("Backups", self.backups), ("Checks", self.checks)):
            one = QVBoxLayout()
            one.addWidget(label(title, "heading"))
            one.addWidget(table, 1)
            lists.addLayout(one, 1)
        work.addLayout(lists, 1)
        work.addWidget(label(_ABOUT_RESTORE, "dim", "guard_restore_says", wrap=True))
        work.addWidget(label(_RETENTION, "heading"))
        work.addWidget(self._kept)
        lay_out(self, work, self.asking)
        self.setFocusProxy(self.backups)
        self.asking.closed = self.backups.setFocus

    def _make_buttons(self) -> tuple[QPushButton, QPushButton, QHBoxLayout]:
        backup = button(
            "Backup now", "guard_backup", "Copy everything to the folder of backups (B)",
            self.backup_now, primary=True, icon="mdi6.content-save-all-outline",
        )  # fmt: skip
        check = button(
            "Check now", "guard_check", "Look at every line, record and picture (C)", self.check_now
        )
        others = (
            button("Folder ...", "guard_folder", "Choose where backups go", self.choose_folder),
            button("Schedule ...", "guard_plan", "Folder and schedule (P)", self.plan),
            button("Restore ...", "guard_restore", "Into a new folder (R)", self.restore),
        )
        return backup, check, row(backup, check, *others, stretch_last=True)

    def _backups_table(self) -> LineTable[Snapshot]:
        columns: Sequence[LineColumn[Snapshot]] = (
            LineColumn("Made", 180, lambda s: local_moment(s.at)),
            LineColumn("Holds", 0, words.snapshot_words, lambda s: bool(s.damaged)),
        )
        model = LineModel(columns, lambda s: str(s.folder))
        return LineTable(
            model, "backups_table", "Backups, the newest first", lambda _: None,
            lambda _: self.restore(), _ROW_PX,
        )  # fmt: skip

    def _checks_table(self) -> LineTable[CheckRun]:
        columns: Sequence[LineColumn[CheckRun]] = (
            LineColumn("Checked", 180, lambda c: local_moment(c.at)),
            LineColumn("By", 110, lambda c: c.by),
            LineColumn("What came of it", 0, words.check_words, lambda c: c.open),
        )
        model = LineModel(columns, lambda c: str(c.seq))
        return LineTable(
            model, "checks_table", "Checks of the casebook, the newest first", lambda _: None,
            lambda run: self.acknowledge() if run.open else None, _ROW_PX,
        )  # fmt: skip

    def _actions(self) -> dict[str, Callable[[], None]]:
        return {
            "backup": self.backup_now,
            "plan": self.plan,
            "restore": self.restore,
            "check": self.check_now,
            "acknowledge": self.acknowledge,
        }

    # --- showing ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if changes.settings and self.isVisible():
            self._loading.ask()

    def _load(self) -> _Loaded:
        book, unreachable = self._workbench, ""
        found: tuple[Snapshot, ...] = ()
        try:
            found = book.backups()
        except CaseheadError as error:
            unreachable = str(error)
        return book.guarded(), found, book.check_runs(), book.retention(), unreachable

    def _show(self, loaded: _Loaded) -> None:
        self._guarded, found, runs, kept, unreachable = loaded
        self._says.setText(" ".join(filter(None, (words.guard_words(self._guarded), unreachable))))
        self._plan_says.setText(words.plan_words(self._guarded))
        attention = words.attention(self._guarded)
        self._failed.setText(attention)
        self._failed.setVisible(bool(attention))
        self._acknowledge.setVisible(bool(attention))
        theme.set_tone(self._says, "tone", "amber" if unreachable else "")
        self.backups.show_lines(found)
        self.checks.show_lines(runs)
        self._kept.setText("\n".join(map(words.kept_words, kept)))
        self._kept.setToolTip("\n".join(one.rule.why for one in kept))

    # --- work ------------------------------------------------------------------------------
    def _keep_plan(self, told: Mapping[str, str]) -> None:
        numbers = {}
        for key in ("days", "weeks", "months", "check"):
            if not told[key].isdecimal():
                raise CaseheadError(f"Give a number of {key}, for example 7; it is '{told[key]}'.")
            numbers[key] = int(told[key])
        keep = Retention(numbers["days"], numbers["weeks"], numbers["months"])
        plan = BackupPlan(told["folder"], cast(Every, told["every"]), told["thin"] == "yes", keep)
        if self._guarded is None or plan != self._guarded.backup_plan:
            self._workbench.plan_backups(plan)
        check = CheckPlan(numbers["check"])
        if self._guarded is None or check != self._guarded.check_plan:
            self._workbench.plan_checks(check)

    def _backed_up(self, made: Snapshot) -> None:
        self._backing = None
        self._show_work()
        if made.damaged:
            self._bridge.tell(
                f"The backup was made without {len(made.damaged)} damaged pictures; check the "
                "casebook.",
                attention=True,
            )
        else:
            self._bridge.tell(f"The backup was made: {words.snapshot_words(made)}.")
        self._loading.ask()

    def _checked(self, run: CheckRun) -> None:
        self._checking = None
        self._show_work()
        self._bridge.tell(f"Checked: {words.check_words(run)}", attention=run.open)
        self._loading.ask()

    def _stopped(self, error: CaseheadError) -> None:
        running = {id(work) for work in self._bridge.works}
        if self._backing is not None and id(self._backing) not in running:
            self._backing = None
        if self._checking is not None and id(self._checking) not in running:
            self._checking = None
        self._show_work()
        self._bridge.tell(str(error), attention=True)

    def _restored(self, folder: Path, problems: tuple[str, ...]) -> None:
        if problems:
            self._bridge.tell(
                f"Restored into {folder}, but it is not sound: {problems[0]}", attention=True
            )
        else:
            self._bridge.tell(
                f"Restored into {folder} and checked: it holds. Open it by starting Casehead with "
                "that folder."
            )

    def _show_work(self) -> None:
        self._backup.setText("Stop" if self._backing is not None else "Backup now")
        self._check.setText("Stop" if self._checking is not None else "Check now")


_THIN = (("no", "all stay"), ("yes", "only one a day, a week, a month stays"))
