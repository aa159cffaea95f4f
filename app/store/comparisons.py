"""Comparisons and the conclusions examiners draw from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain import CaseheadError, Comparison, Conclusion, now
from app.store.codecs import COMPARISON, CONCLUSION
from app.store.records import Records


class Comparisons(Records):
    """A comparison's alignment and view may change; conclusions only ever add up."""

    def add_comparison(self, comparison: Comparison) -> Comparison:
        """Add a comparison."""
        row = COMPARISON.row(comparison)
        with self._change() as author:
            stored = self._stored(COMPARISON, comparison.id)
            if stored is None:
                made = {
                    "created_at": now(),
                    "examiner": author.examiner,
                    "station": author.station,
                    "agency": author.agency,
                    "changed_at": now(),
                }
                self._insert("comparison", row | made, "", None)
                self._journal(COMPARISON, row, "added", _facts(comparison))
            elif stored != row:
                raise CaseheadError(
                    "This comparison is stored already with another alignment or view; "
                    "save it as a change."
                )
        return comparison

    def update_comparison(self, comparison: Comparison) -> Comparison:
        """Store the alignment and view of a comparison; its pictures stay what they are.

        Raises CaseheadError when it is not there or is of other pictures.
        """
        with self._change():
            before = self.comparison(comparison.id)
            if (before.left_id, before.right_id) != (comparison.left_id, comparison.right_id):
                raise CaseheadError("A comparison keeps its two pictures; begin a new one.")
            row = COMPARISON.row(comparison)
            if row != COMPARISON.row(before):
                self._update(COMPARISON, row, changed_at=now())
                self._journal(COMPARISON, row, "changed", _facts(comparison))
        return comparison

    def comparison(self, comparison_id: str) -> Comparison:
        """One comparison. Raises CaseheadError when there is none of that id."""
        return self._by_id(COMPARISON, comparison_id)

    def find_comparison(self, left_id: str, right_id: str) -> Comparison | None:
        """The newest comparison of two pictures, in this order."""
        return self._first(
            COMPARISON, "left_id = ? AND right_id = ?", (left_id, right_id), " ORDER BY seq DESC"
        )

    def comparisons(self) -> tuple[Comparison, ...]:
        """All comparisons, in the order of addition."""
        return self._all(COMPARISON, "1")

    def add_conclusion(self, conclusion: Conclusion) -> Conclusion:
        """Add a conclusion; who and when are filled in where they are not given."""
        if not conclusion.value.strip():
            raise CaseheadError("Choose a conclusion on the scale before recording it.")
        with self._change() as author:
            conclusion = replace(
                conclusion,
                author=conclusion.author or author,
                recorded_at=conclusion.recorded_at or now(),
            )
            self._add(CONCLUSION, conclusion, _said(conclusion))
        return conclusion

    def note_export(self, comparison_id: str, what: str, facts: Mapping[str, Any]) -> None:
        """Tell the journal that something of a comparison left the casebook as a file."""
        self._tell(f"{what} exported", comparison_id, facts)

    def conclusions(self, comparison_id: str) -> tuple[Conclusion, ...]:
        """The conclusions of a comparison, oldest first; the last one holds."""
        return self._all(CONCLUSION, "comparison_id = ?", (comparison_id,))


def _said(conclusion: Conclusion) -> dict[str, object]:
    facts: dict[str, object] = {
        "comparison_id": conclusion.comparison_id,
        "value": conclusion.value,
        "scale": conclusion.scale,
    }
    if conclusion.basis:
        facts["basis"] = conclusion.basis
    if conclusion.examined_physically is not None:
        facts["examined_physically"] = conclusion.examined_physically
    return facts


def _facts(comparison: Comparison) -> dict[str, object]:
    """All of it, so that the journal holds every alignment and view there ever was."""
    return {
        "left_id": comparison.left_id,
        "right_id": comparison.right_id,
        "rotation_deg": comparison.alignment.rotation_deg,
        "shift_um": list(comparison.alignment.shift_um),
        "view": dict(comparison.view),
    }
