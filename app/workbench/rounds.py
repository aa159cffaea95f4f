"""How the verifications of a comparison stand to its conclusions, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from app.casework.reviews import Verification, same_person
from app.casework.verdicts import Said, Verdict, said, settle
from app.domain import Comparison, Conclusion
from app.workbench.concluding import Concluding


class Rounds(Concluding):
    """A round: the second examiner's verification of a value, and the third's after it."""

    def _round(self, comparison_id: str) -> tuple[Verification | None, Verification | None]:
        """The last second examiner's verification of what is concluded now, and the third's after
        it; of the last conclusion that was verified where this one was not.

        What counts is the value: a conclusion that examiners disagree on stays so when it is
        recorded again.
        """
        of = {one.id: said(one) for one in self._casebook.conclusions(comparison_id)}
        thirds = {
            task.id for task in self._casebook.verification_tasks(comparison_id) if task.third
        }
        rounds: dict[Said, tuple[Verification | None, Verification | None]] = {}
        for one in self._casebook.verifications(comparison_id):
            value = of[one.conclusion_id]
            before = rounds.pop(value, (None, None))[0]
            rounds[value] = (before, one) if one.task_id in thirds else (one, None)
        if not rounds:
            return None, None
        newest = next(reversed(of.values()))
        return rounds.get(newest) or next(reversed(rounds.values()))

    def _contested(self, comparison_id: str) -> bool:
        """Whether what is concluded now was verified before and is not borne out."""
        second, third = self._round(comparison_id)
        if second is None:
            return False
        first = said(self._verified_conclusion(second))
        if first != said(self._casebook.conclusions(comparison_id)[-1]):
            return False
        return not settle(first, said(second), said(third) if third else None).verified

    def _concluded_on(self, comparison_id: str, name: str) -> bool:
        found = self._casebook.conclusions(comparison_id)
        return any(same_person(examiner_of(one), name) for one in found)

    def _verified_conclusion(self, verification: Verification) -> Conclusion:
        found = self._casebook.conclusions(verification.comparison_id)
        return next(one for one in found if one.id == verification.conclusion_id)

    def _words(
        self,
        first: Conclusion,
        second: Verification,
        third: Verification | None,
        verdict: Verdict,
    ) -> Iterator[str]:
        label = self.scale().label
        yield f"{examiner_of(first)} concluded: {label(first.value)}."
        yield f"{second.examiner} verified: {label(second.value)}."
        if third is not None:
            yield f"{third.examiner}, as the third: {label(third.value)}."
        if verdict.state == "disagreed":
            yield "They disagree; a third examiner decides."
        if verdict.state == "unresolved":
            yield "Three examiners concluded three different things; it stays unresolved."
        if verdict.state == "settled":
            yield f"Two of three agree: {label(verdict.value)}."

    def _besides(
        self, comparison_id: str, second: Verification, third: Verification | None
    ) -> Iterator[str]:
        """What whoever reads of a verification should know besides: what was verified before,
        that a verifier had reviewed the lead, and pictures that newer ones have replaced."""
        label = self.scale().label
        for one in self._casebook.verifications(comparison_id):
            if one not in (second, third):
                yield f"Before that, {one.examiner} verified: {label(one.value)}."
        pair = self._casebook.comparison(comparison_id)
        reviewers = tuple(self._reviewers(pair))
        for one in filter(None, (second, third)):
            if any(same_person(one.examiner, name) for name in reviewers):
                yield f"{one.examiner} had reviewed the lead between the two before."
        for side, picture in (("left", pair.left_id), ("right", pair.right_id)):
            if self._casebook.acquired(picture).superseded_by is not None:
                yield f"The {side} picture has been replaced by a newer record of it since."

    def _reviewers(self, pair: Comparison) -> Iterator[str]:
        """Who proposed a lead between two pictures, or agreed to it."""
        leads = self._casebook.leads_of_pictures(pair.left_id, pair.right_id)
        for lead in leads:
            yield lead.author.examiner if lead.author else ""
        for steps in self._casebook.steps_of([lead.id for lead in leads]).values():
            yield from (s.author.examiner for s in steps if s.kind == "agreed" and s.author)


def examiner_of(conclusion: Conclusion) -> str:
    """Who concluded."""
    return conclusion.author.examiner if conclusion.author else ""
