"""What is asked of the workbench for the pair in hand: alignment, saving, conclusions.

Everything runs off the GUI thread; an answer that comes too late, for another pair, is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import CaseheadError, Comparison, Conclusion, Score
from widgets.compare.desk import Desk, Setting
from widgets.compare.panels.conclude import NOTHING_CHOSEN, ConcludePanel
from widgets.compare.work.loading import Loaded

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

READ_ONLY = "This casebook is open for reading only; nothing can be recorded."


class Errands:
    """Follows one pair at a time. ``refresh`` is called when something came back."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        panel: ConcludePanel,
        refresh: Callable[[], None],
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._panel, self._refresh = panel, refresh
        self._pair: Loaded | None = None
        self._desk: Desk | None = None
        self._recording = False

    def set_pair(self, pair: Loaded | None, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._pair, self._desk, self._recording = pair, desk, False
        if pair is None:
            return
        self._panel.set_scale(pair.scale)
        author = self._workbench.author
        self._panel.set_examiner(author.examiner if author else "")
        self._panel.reset()
        self._panel.show_earlier(pair.conclusions)
        read_only = self._workbench.read_only
        self._panel.set_recording(not read_only, self.read_only_sentence() if read_only else "")

    def align(self) -> None:
        """Have software find the alignment; what it says of the pair is shown."""
        pair, desk = self._pair, self._desk
        if pair is None or desk is None or desk.aligning:
            return
        ids = pair.comparison.left_id, pair.comparison.right_id
        self.align_by(lambda: self._workbench.compare(*ids))

    def align_by(self, find: Callable[[], Score]) -> None:
        """Take the alignment of the score that ``find`` comes back with."""
        desk = self._desk
        if desk is None or desk.aligning:
            return
        desk.aligning = True
        self._refresh()
        self._bridge.run(
            find,
            lambda score: self._aligned(desk, score),
            lambda error: self._not_aligned(desk, error),
            owner=self._owner,
            long=True,
        )

    def save(self) -> None:
        """Keep alignment, view and drawings with the comparison."""
        desk = self._desk
        if desk is None or self.refused():
            return
        now = desk.setting
        self._bridge.run(
            self.keeping(desk),
            lambda saved: self._saved(desk, saved, now),
            self.tell_error,
            owner=self._owner,
        )

    def keeping(self, desk: Desk) -> Callable[[], Comparison]:
        """What saves the desk as it is now; may run on any thread."""
        workbench, comparison = self._workbench, desk.as_comparison()
        now = desk.setting if desk.drawn_on else None

        def work() -> Comparison:
            saved = workbench.save_comparison(comparison)
            if now is not None:
                workbench.annotate(saved, now.annotations, now.remarks)
            return saved

        return work

    def record(self) -> None:
        """Record the conclusion chosen, and the view with it."""
        desk, panel = self._desk, self._panel
        if desk is None or self._recording:
            return
        draft = panel.draft
        if self._workbench.read_only:
            panel.say(self.read_only_sentence())
            return
        if not draft.value:
            panel.say(NOTHING_CHOSEN)
            return
        self._recording = True
        panel.set_recording(False)
        keep, workbench, now = self.keeping(desk), self._workbench, desk.setting

        def work() -> tuple[Comparison, tuple[Conclusion, ...]]:
            saved = keep()
            workbench.conclude(saved.id, draft)
            return saved, workbench.conclusions(saved.id)

        self._bridge.run(
            work,
            lambda answer: self._recorded(desk, now, *answer),
            lambda error: self._not_recorded(desk, error),
            owner=self._owner,
        )

    def refused(self) -> bool:
        """Whether nothing can be recorded; then that has been said."""
        if self._workbench.read_only:
            self._bridge.tell(self.read_only_sentence(), attention=True)
        return self._workbench.read_only

    def read_only_sentence(self) -> str:
        """Why nothing can be recorded."""
        return self._workbench.notice or READ_ONLY

    def tell_error(self, error: CaseheadError) -> None:
        """Show the sentence of an error."""
        self._bridge.tell(str(error), attention=True)

    def _aligned(self, desk: Desk, score: Score) -> None:
        desk.aligning = False
        if desk is self._desk:
            desk.aligned(score)
            self._refresh()

    def _not_aligned(self, desk: Desk, error: CaseheadError) -> None:
        desk.aligning = False
        if desk is self._desk:
            self._refresh()
            self.tell_error(error)

    def _saved(self, desk: Desk, saved: Comparison, now: Setting) -> None:
        desk.saved(saved, now)
        if desk is self._desk:
            self._bridge.tell("View and alignment are saved with the comparison.")

    def _recorded(
        self,
        desk: Desk,
        now: Setting,
        comparison: Comparison,
        conclusions: tuple[Conclusion, ...],
    ) -> None:
        desk.saved(comparison, now)
        if desk is not self._desk or self._pair is None:
            return
        self._recording = False
        self._panel.reset()
        self._panel.set_recording(True)
        self._panel.show_earlier(conclusions)
        label = self._pair.scale.value(conclusions[-1].value).label
        self._panel.say(f"Recorded: {label}.")
        self._bridge.tell(f"Conclusion recorded: {label}.")

    def _not_recorded(self, desk: Desk, error: CaseheadError) -> None:
        if desk is self._desk:
            self._recording = False
            self._panel.set_recording(True)
            self._panel.say(str(error))
