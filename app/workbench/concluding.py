"""What an examiner concludes of a comparison, by the rules of the scale."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from app.domain import CaseheadError, Changes, Conclusion, now
from app.workbench.blinding import Blinding
from app.workbench.class_notes import Noted, noted
from app.workbench.scale import ConclusionScale, Draft, load_scale


class Concluding(Blinding):
    """Operations on conclusions."""

    def scale(self) -> ConclusionScale:
        """The scale conclusions are given on, with its rules."""
        return self._scale

    @cached_property
    def _scale(self) -> ConclusionScale:
        return load_scale()

    def conclude(self, comparison_id: str, draft: Draft | str, reasons: str = "") -> Conclusion:
        """Record the examiner's conclusion of a saved comparison; earlier ones stay.

        ``draft`` may be the key of a value that needs nothing but ``reasons``.
        Raises CaseheadError for a value that is not on the scale, while a blind verification of
        it waits for this examiner, and with a sentence for every rule of the scale that is not met
        by it and what is noted of the comparison; then nothing is recorded.
        """
        self._refuse_hidden(comparison_id)
        if isinstance(draft, str):
            draft = Draft(draft, reasons)
        facts = self.noted(comparison_id)
        lacking = self._scale.missing(draft, noted=facts)
        if lacking:
            raise CaseheadError(f"Nothing was recorded. {' '.join(lacking)}")
        draft = self._signed_by_me(self._scale.tidied(draft, facts))
        self._casebook.comparison(comparison_id)
        conclusion = Conclusion(
            comparison_id,
            self._scale.name,
            draft.value,
            draft.reasons,
            author=self.author,
            recorded_at=now(),
            basis=draft.basis,
            basis_reason=draft.basis_reason,
            examined_physically=draft.examined_physically,
            examined_by=draft.examined_by,
            examined_at=draft.examined_at,
            subclass_excluded=draft.subclass_excluded,
        )
        self._casebook.add_conclusion(conclusion)
        self._publish(Changes(comparisons=frozenset({comparison_id})))
        return conclusion

    def _signed_by_me(self, draft: Draft) -> Draft:
        """With the own name written as it is on record, where it is the own."""
        if self.author is not None and self._is_me(draft.examined_by):
            return replace(draft, examined_by=self.author.examiner)
        return draft

    def noted(self, comparison_id: str) -> Noted:
        """What is noted of a comparison that bears on its conclusion."""
        found = self._seen_drawing(comparison_id)
        return noted(found.remarks, found.annotations) if found else Noted()

    def conclusions(self, comparison_id: str) -> tuple[Conclusion, ...]:
        """All conclusions of a comparison, oldest first; the last one is in force.

        Only one's own while a blind verification waits for who looks (``hidden``).
        """
        found = self._casebook.conclusions(comparison_id)
        if self.hidden(comparison_id):
            return tuple(one for one in found if self._is_mine(one))
        return found
