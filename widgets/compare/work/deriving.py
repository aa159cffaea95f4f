"""What is derived of the pair in hand, asked off the GUI thread: meaning and similarity map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import Alignment, CaseheadError, Score
from widgets.compare.desk import Desk, Similarity

if TYPE_CHECKING:
    from app.workbench import Meaning, Workbench
    from widgets.bridge import Bridge


class Deriving:
    """Follows one desk at a time; an answer that comes too late is dropped.

    While the alignment is being changed one map is under way at most; the newest is asked next.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, owner: QObject) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._desk: Desk | None = None
        self._asked: Score | None = None
        self._mapping = False
        self._told = ""

    def set_desk(self, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._desk, self._asked, self._mapping, self._told = desk, None, False, ""

    def forget_meaning(self) -> None:
        """The reference populations may have changed: ask again."""
        self._asked = None
        self.follow()

    def follow(self) -> None:
        """Ask for what the desk lacks."""
        desk = self._desk
        if desk is None:
            return
        if desk.score is not None and desk.score is not self._asked:
            self._ask_meaning(desk, desk.score)
        if desk.lacks_similarity and not self._mapping:
            self._ask_map(desk, desk.alignment)

    def _ask_meaning(self, desk: Desk, score: Score) -> None:
        self._asked = score
        pair, workbench = desk.comparison, self._workbench
        self._bridge.run(
            lambda: workbench.meaning(score, pair.left_id, pair.right_id),
            lambda meaning: self._meant(desk, score, meaning),
            owner=self._owner,
            long=True,
        )

    def _meant(self, desk: Desk, score: Score, meaning: Meaning) -> None:
        if desk is self._desk and desk.score is score:
            desk.learn_meaning(meaning)

    def _ask_map(self, desk: Desk, alignment: Alignment) -> None:
        self._mapping = True
        pair, workbench = desk.comparison, self._workbench
        self._bridge.run(
            lambda: workbench.similarity(pair.left_id, pair.right_id, alignment),
            lambda found: self._mapped(desk, Similarity(alignment, found)),
            lambda error: self._not_mapped(desk, alignment, error),
            owner=self._owner,
            long=True,
        )

    def _mapped(self, desk: Desk, found: Similarity) -> None:
        if desk is self._desk:
            self._mapping = False
            desk.learn_similarity(found)

    def _not_mapped(self, desk: Desk, alignment: Alignment, error: CaseheadError) -> None:
        if desk is self._desk:
            if str(error) != self._told:  # not again for every step of a movement
                self._told = str(error)
                self._bridge.tell(self._told, attention=True)
            self._mapped(desk, Similarity(alignment, None, str(error)))
