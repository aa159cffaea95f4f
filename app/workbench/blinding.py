"""Blind verification: what is not shown to whom until the own conclusion is entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.casework.reviews import VerificationTask, same_person
from app.domain import (
    AnnotationSet,
    Candidate,
    CaseheadError,
    Remarks,
    Review,
    SavedView,
)
from app.workbench.base import Base

HIDDEN = (
    "A blind verification of this comparison waits for you: what others said of it is shown once "
    "your own conclusion is entered."
)
Pictures = frozenset[str]
"""The ids of the two pictures of a comparison, whichever is left."""


class Blinding(Base):
    """What the person at work must not see yet, asked by all operations that show it."""

    _blind: tuple[tuple[int, int], tuple[VerificationTask, ...]] | None = None

    def hidden(self, comparison_id: str) -> str:
        """Why what others said of a comparison is not shown to the person at work; "" it is."""
        tasks = self._casebook.verification_tasks(comparison_id, waiting=True)
        return HIDDEN if any(self._hides(task) for task in tasks) else ""

    def hidden_comparisons(self) -> frozenset[str]:
        """The comparisons of which nothing is shown to the person at work."""
        return frozenset(task.comparison_id for task in self._hiding())

    def hidden_subjects(self) -> frozenset[str]:
        """The ids of records whose journal lines tell what must not be seen yet."""
        found: set[str] = set()
        for comparison_id in self.hidden_comparisons():
            found |= self._casebook.said_of(comparison_id)
        return frozenset(found)

    def _refuse_hidden(self, comparison_id: str) -> None:
        if self.hidden(comparison_id):
            raise CaseheadError(
                "A blind verification of this comparison waits for you; enter your own "
                "conclusion as the verification first."
            )

    def _hiding(self) -> tuple[VerificationTask, ...]:
        stamp = self._casebook.tasks_stamp()
        if self._blind is None or self._blind[0] != stamp:
            self._blind = (stamp, self._casebook.blind_tasks())
        return tuple(task for task in self._blind[1] if self._hides(task))

    def _hidden_pictures(self) -> frozenset[Pictures]:
        found = (self._casebook.comparison(one) for one in self.hidden_comparisons())
        return frozenset(frozenset((c.left_id, c.right_id)) for c in found)

    def _hides(self, task: VerificationTask) -> bool:
        """From whom it was asked; where nobody is named, from all who had no part in it yet.

        While nobody is signed in, from everybody.
        """
        if task.mode != "blind":
            return False
        if self.author is None:
            return True
        name = self.author.examiner
        if task.verifier:
            return same_person(task.verifier, name)
        return not any(same_person(name, one) for one in self._part_in(task))

    def _part_in(self, task: VerificationTask) -> Iterable[str]:
        """Who concluded, verified or asked, and so knows what was said."""
        if task.author:
            yield task.author.examiner
        for conclusion in self._casebook.conclusions(task.comparison_id):
            yield conclusion.author.examiner if conclusion.author else ""
        for verification in self._casebook.verifications(task.comparison_id):
            yield verification.examiner

    def _is_mine(self, record: AnnotationSet | SavedView) -> bool:
        me = self.author
        return (
            me is not None
            and record.author is not None
            and same_person(record.author.examiner, me.examiner)
        )

    def _seen_drawing(self, comparison_id: str) -> AnnotationSet | None:
        """What is drawn and noted, as far as the person at work may see it."""
        newest = self._casebook.annotation_set(comparison_id)
        if newest is None or not self.hidden(comparison_id):
            return newest
        if not self._is_mine(newest):
            return None
        under = self._covered(comparison_id)
        return _without(newest, under) if under else newest

    def _covered(self, comparison_id: str) -> AnnotationSet | None:
        """The newest that others drew."""
        found = self._casebook.annotation_sets(comparison_id)
        return next((one for one in reversed(found) if not self._is_mine(one)), None)

    def _kept_under(self, drawn: AnnotationSet) -> AnnotationSet:
        """What a blind verifier drew on top of what others did, which stays below it unseen."""
        if not self.hidden(drawn.comparison_id):
            return drawn
        under = self._covered(drawn.comparison_id)
        return _on_top(drawn, under) if under else drawn

    def _unreviewed(
        self, query_id: str, candidates: tuple[Candidate, ...]
    ) -> tuple[Candidate, ...]:
        """Candidates of a search without what others said of those that must be seen afresh."""
        pairs = self._hidden_pictures()
        if not pairs:
            return candidates
        return tuple(
            replace(c, review=Review.NEW) if frozenset((query_id, c.acquired_id)) in pairs else c
            for c in candidates
        )


def _without(drawn: AnnotationSet, under: AnnotationSet) -> AnnotationSet:
    hidden = {one.id for one in under.annotations}
    noted, below = drawn.remarks, under.remarks
    own = Remarks(
        tuple(note for note in noted.class_notes if note not in below.class_notes),
        noted.subclass and not below.subclass,
        "" if noted.subclass_reason == below.subclass_reason else noted.subclass_reason,
    )
    annotations = tuple(one for one in drawn.annotations if one.id not in hidden)
    return replace(drawn, annotations=annotations, remarks=own)


def _on_top(drawn: AnnotationSet, under: AnnotationSet) -> AnnotationSet:
    noted, below = drawn.remarks, under.remarks
    fresh = {note.key for note in noted.class_notes}
    both = Remarks(
        (*(note for note in below.class_notes if note.key not in fresh), *noted.class_notes),
        noted.subclass or below.subclass,
        noted.subclass_reason or below.subclass_reason,
    )
    drawn_ids = {one.id for one in drawn.annotations}
    kept = tuple(one for one in under.annotations if one.id not in drawn_ids)
    return replace(drawn, annotations=(*kept, *drawn.annotations), remarks=both)
