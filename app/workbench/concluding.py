"""What an examiner concludes of a comparison, by the rules of the scale."""

from __future__ import annotations

from functools import cached_property

from app.domain import CaseheadError, Changes, Conclusion, now
from app.workbench.base import Base
from app.workbench.scale import ConclusionScale, Draft, load_scale


class Concluding(Base):
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
        Raises CaseheadError for a value that is not on the scale, and with a sentence for every
        rule of the scale that is not met; then nothing is recorded.
        """
        if isinstance(draft, str):
            draft = Draft(draft, reasons)
        lacking = self._scale.missing(draft)
        if lacking:
            raise CaseheadError(f"Nothing was recorded. {' '.join(lacking)}")
        draft = self._scale.tidied(draft)
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
        )
        self._casebook.add_conclusion(conclusion)
        self._publish(Changes(comparisons=frozenset({comparison_id})))
        return conclusion

    def conclusions(self, comparison_id: str) -> tuple[Conclusion, ...]:
        """All conclusions of a comparison, oldest first; the last one is in force."""
        return self._casebook.conclusions(comparison_id)
