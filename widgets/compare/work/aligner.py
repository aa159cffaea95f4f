"""Software lays the right specimen: anywhere, near where it lies, or by an outlined area.

It runs off the GUI thread; an answer that comes too late, for another pair, is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import CaseheadError, Score
from widgets.compare.desk import Desk
from widgets.compare.desk.positions import POSITION_ACTIONS, act_on_position

if TYPE_CHECKING:
    from app.workbench import Aligned, Workbench
    from widgets.bridge import Bridge

NO_AREA = "Outline an area on the specimens first, then align by it."


class Aligner:
    """Follows one desk at a time; ``anywhere`` is the alignment that looks everywhere.

    ``refresh`` is called when work begins and ends.
    """

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        anywhere: Callable[[], None],
        refresh: Callable[[], None],
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._anywhere, self._refresh = anywhere, refresh
        self._desk: Desk | None = None

    def set_desk(self, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._desk = desk

    def actions(self) -> dict[str, Callable[[], None]]:
        """By the names of the key table."""
        return {
            "align": self.align,
            "align near": self.near,
            "align area": self.by_area,
            "score here": self.score_here,
            **{
                action: lambda action=action: self._position(action)  # type: ignore[misc]
                for action in POSITION_ACTIONS
            },
        }

    def align(self) -> None:
        """By the area outlined, if there is one in hand; else anywhere."""
        if self._desk is not None and self._desk.area:
            self.by_area()
        else:
            self._anywhere()

    def near(self) -> None:
        """The best place near where the right specimen lies."""
        self._find(lambda desk: self._from_here(desk, None))

    def by_area(self) -> None:
        """The best place of the area outlined near where it lies; without one, to outline it."""
        desk = self._desk
        if desk is None:
            return
        if desk.area:
            self._find(lambda desk: self._from_here(desk, desk.area))
            return
        if desk.tool != "outline":
            desk.take_tool("outline")
        self._bridge.tell(NO_AREA)

    def score_here(self) -> None:
        """What software says of the pair as it lies: cells and score, nothing is moved."""
        desk = self._desk
        if desk is None or desk.aligning:
            return
        pair, alignment, workbench = desk.comparison, desk.alignment, self._workbench
        self._run(
            desk,
            lambda: workbench.score_here(pair.left_id, pair.right_id, alignment),
            lambda score: self._scored(desk, score),
        )

    def _position(self, action: str) -> None:
        if self._desk is None:
            return
        self._desk.end_gesture()
        sentence = act_on_position(self._desk, action)
        if sentence:
            self._bridge.tell(sentence)

    def _find(self, work: Callable[[Desk], Callable[[], Aligned]]) -> None:
        desk = self._desk
        if desk is not None and not desk.aligning:
            self._run(desk, work(desk), lambda found: self._found(desk, found))

    def _from_here(
        self, desk: Desk, area: tuple[tuple[float, float], ...] | None
    ) -> Callable[[], Aligned]:
        pair, start, workbench = desk.comparison, desk.alignment, self._workbench
        return lambda: workbench.align_near(pair.left_id, pair.right_id, start, area)

    def _run(self, desk: Desk, work: Callable[[], object], done: Callable[..., None]) -> None:
        desk.aligning = True
        self._refresh()

        def came(value: object) -> None:
            if self._over(desk):
                done(value)

        def failed(error: CaseheadError) -> None:
            if self._over(desk):
                self._bridge.tell(str(error), attention=True)

        self._bridge.run(work, came, failed, owner=self._owner, long=True)

    def _over(self, desk: Desk) -> bool:
        """The work for a desk has ended; whether it is still the one in hand."""
        desk.aligning = False
        if desk is self._desk:
            self._refresh()
        return desk is self._desk

    def _found(self, desk: Desk, found: Aligned) -> None:
        desk.end_gesture()
        if found.score is not None:
            desk.aligned(found.score)
        desk.set_alignment(found.alignment)
        self._bridge.tell(found.sentence)

    def _scored(self, desk: Desk, score: Score) -> None:
        if desk.alignment == score.alignment:
            desk.aligned(score)
