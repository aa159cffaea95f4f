"""Asks for verifications, and records the one that is given on the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.casework.reviews import Mode, Verification
from app.domain import CaseheadError, Changes
from widgets.common.refresh import Refresh
from widgets.compare.desk import Desk
from widgets.compare.panels.conclude import NOTHING_CHOSEN, ConcludePanel
from widgets.compare.panels.verify_panel import BLIND, OPEN, VerifyPanel
from widgets.compare.work.checking import Checked, check
from widgets.compare.work.loading import Loaded

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge


class Verifying:
    """Follows one pair at a time. ``reload(keep)`` opens it anew where more of it may be seen,
    or somebody else works here; then what the one before left unsaved is not kept."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        conclude: ConcludePanel,
        reload: Callable[[bool], None],
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._conclude, self._reload = conclude, reload
        self.panel = VerifyPanel(self._ask, self._ask_third)
        self._pair: Loaded | None = None
        self._desk: Desk | None = None
        self._checked = Checked()
        self._recording = False
        self._refresh: Refresh[Checked] = Refresh(bridge, owner, self._read, self._came)

    @property
    def waits(self) -> bool:
        """Whether a verification waits for the one who works here: then that is what is given."""
        return self._checked.task is not None

    def set_pair(self, pair: Loaded | None, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._pair, self._desk, self._recording = pair, desk, False
        if pair is not None:
            self._show(pair.checked)
            self._refresh.ask()

    def hear(self, changes: Changes) -> None:
        """Somebody changed comparisons or casework, or somebody else works here now."""
        pair = self._pair
        if pair is None:
            return
        mine = pair.comparison.id in changes.comparisons or self._id in changes.comparisons
        if mine or changes.casework or changes.people or changes.settings:
            self._refresh.ask()

    def record(self) -> None:
        """Record the verification as it is filled in."""
        pair, desk, line = self._pair, self._desk, self._checked.task
        if pair is None or desk is None or line is None or self._recording:
            return
        draft = self._conclude.draft
        if not draft.value:
            self._conclude.say(NOTHING_CHOSEN)
            return
        self._recording = True
        self._conclude.set_recording(False)
        workbench, comparison, now = self._workbench, desk.as_comparison(), desk.setting
        unkept, task_id = desk.drawings_unkept, line.task.id

        def work() -> Verification:
            if unkept:
                workbench.annotate(comparison, now.annotations, now.remarks)
            return workbench.verify(task_id, draft)

        self._bridge.run(work, self._recorded, self._not_recorded, owner=self._owner)

    @property
    def _id(self) -> str:
        return self._desk.comparison.id if self._desk is not None else ""

    def _read(self) -> Checked:
        return check(self._workbench, self._id)

    def _came(self, checked: Checked) -> None:
        if checked.comparison_id != self._id or self._pair is None:
            return
        before = self._checked
        if (before.examiner, before.blind) != (checked.examiner, checked.blind):
            self._reload(before.examiner == checked.examiner)
        elif not self._recording:
            self._show(checked)

    def _show(self, checked: Checked) -> None:
        pair = self._pair
        self._checked = checked
        if pair is None:
            return
        words = "" if checked.task is None else BLIND if checked.blind else OPEN
        self._conclude.set_manner(words)
        self._conclude.show_earlier(() if checked.blind else checked.conclusions)
        self.panel.show_checked(checked, pair.scale)

    def _ask(self, mode: Mode, verifier: str) -> None:
        comparison_id = self._id
        self._bridge.run(
            lambda: self._workbench.ask_verification(comparison_id, mode, verifier),
            lambda _: self._bridge.tell(f"A verification is asked for, {mode}."),
            owner=self._owner,
        )

    def _ask_third(self, verifier: str) -> None:
        comparison_id = self._id
        self._bridge.run(
            lambda: self._workbench.ask_third(comparison_id, verifier),
            lambda _: self._bridge.tell("A third examiner is asked."),
            owner=self._owner,
        )

    def _recorded(self, _made: Verification) -> None:
        self._bridge.tell("Verification recorded; both are shown side by side.")
        if self._pair is not None:
            self._reload(True)

    def _not_recorded(self, error: CaseheadError) -> None:
        self._recording = False
        self._conclude.set_recording(True)
        self._conclude.say(str(error))
