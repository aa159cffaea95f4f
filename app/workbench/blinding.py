"""Blind verification: what is not shown to whom until the own conclusion is entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from app.casework.links import pair_of
from app.casework.people import name_key
from app.casework.reviews import Verification, VerificationTask, same_person
from app.domain import (
    AnnotationSet,
    Candidate,
    CaseheadError,
    ClassNote,
    Conclusion,
    Remarks,
    Review,
    SavedView,
)
from app.workbench.base import Base
from app.workbench.veil import Veil, veil_of

HIDDEN = (
    "A blind verification of this comparison waits for you: what others said of it is shown once "
    "your own conclusion is entered."
)
FIRST_YOURS = (
    "A blind verification of this comparison waits for you; enter your own conclusion as the "
    "verification first."
)
WITHHELD = (
    "A blind verification waits for you, and what this would write tells of its specimens; enter "
    "your own conclusion first."
)
_Said = AnnotationSet | SavedView | Conclusion | Verification
_Veiled = tuple[tuple[int, ...], str | None, Veil]


class Blinding(Base):
    """What the person at work must not see yet, asked by all operations that show it."""

    _veiled: _Veiled | None = None

    def hidden(self, comparison_id: str) -> str:
        """Why what others said of a comparison is not shown to the person at work; "" it is.

        With the comparison that is to be verified blind all others of the same two cartridge
        cases are hidden.
        """
        return HIDDEN if comparison_id in self._veil().comparisons else ""

    def hidden_comparisons(self) -> frozenset[str]:
        """The comparisons of which nothing is shown to the person at work."""
        return self._veil().comparisons

    def hidden_subjects(self) -> frozenset[str]:
        """The ids of records whose journal lines tell what must not be seen yet."""
        veil = self._veil()
        if not veil.specimens:
            return frozenset()
        return self._casebook.said_of(veil.sides, veil.cases, veil.guns, veil.unsorted)

    def _refuse_hidden(self, comparison_id: str) -> None:
        if self.hidden(comparison_id):
            raise CaseheadError(FIRST_YOURS)

    def _refuse_touched(self, cartridge_case_ids: Iterable[str]) -> None:
        """Raises CaseheadError where one of them is a specimen of a hidden comparison, whatever
        was said of it, or is in a gun with both, which must not show either.
        """
        veil = self._veil()
        if not (veil.touched | veil.loose).isdisjoint(cartridge_case_ids):
            raise CaseheadError(FIRST_YOURS)

    def _refuse_hidden_pair(self, left_id: str, right_id: str) -> None:
        """Raises CaseheadError where what was said of two pictures must not be seen yet."""
        if frozenset((left_id, right_id)) in self._veil().pictures:
            raise CaseheadError(FIRST_YOURS)

    def _refuse_hidden_cases(self, one: str, other: str) -> None:
        """Raises CaseheadError where what links two cases must not be seen yet."""
        if pair_of(one, other) in self._veil().cases:
            raise CaseheadError(FIRST_YOURS)

    def _veil(self) -> Veil:
        """What is hidden from the person at work now; worked out anew when something was added
        that it could follow from."""
        me = name_key(self.author.examiner) if self.author else None
        stamp, known = self._casebook.blind_stamp(), self._veiled
        settled = self._casebook.settled
        if known is not None and known[:2] == (stamp, me) and settled:
            return known[2]
        tasks = [task for task in self._casebook.blind_tasks() if self._hides(task)]
        found = self._casebook.comparisons_of([task.comparison_id for task in tasks])
        veil = veil_of(self._casebook, tuple(found.values()))
        if settled:
            self._veiled = (stamp, me, veil)
        return veil

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

    def _is_mine(self, record: _Said) -> bool:
        return record.author is not None and self._is_me(record.author.examiner)

    def _is_me(self, name: str) -> bool:
        return self.author is not None and same_person(name, self.author.examiner)

    def _seen_drawing(self, comparison_id: str) -> AnnotationSet | None:
        """What is drawn and noted, as far as the person at work may see it: while it is hidden,
        what that person drew and noted last, without what others had before."""
        if not self.hidden(comparison_id):
            return self._casebook.annotation_set(comparison_id)
        versions = self._casebook.annotation_sets(comparison_id)
        mine = [number for number, one in enumerate(versions) if self._is_mine(one)]
        if not mine:
            return None
        return _own(versions[: mine[-1] + 1], self._is_mine)

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
        pairs = self._veil().pictures
        if not pairs:
            return candidates
        return tuple(
            replace(c, review=Review.NEW) if frozenset((query_id, c.acquired_id)) in pairs else c
            for c in candidates
        )


def _own(
    versions: Sequence[AnnotationSet], is_mine: Callable[[AnnotationSet], bool]
) -> AnnotationSet:
    """The last version, with nothing but what came into it by a version of one's own."""
    drawn, notes, flags = dict[str, bool](), dict[ClassNote, bool](), dict[str, bool]()
    for version in versions:
        mine = is_mine(version)
        for annotation in version.annotations:
            drawn.setdefault(annotation.id, mine)
        for note in version.remarks.class_notes:
            notes.setdefault(note, mine)
        if version.remarks.subclass:
            flags.setdefault("", mine)
            flags.setdefault(version.remarks.subclass_reason, mine)
    last = versions[-1]
    noted = last.remarks
    own = Remarks(
        tuple(note for note in noted.class_notes if notes[note]),
        noted.subclass and flags[""],
        noted.subclass_reason if flags.get(noted.subclass_reason) else "",
    )
    annotations = tuple(one for one in last.annotations if drawn[one.id])
    return replace(last, annotations=annotations, remarks=own)


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
