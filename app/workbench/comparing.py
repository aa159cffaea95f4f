"""Comparisons of two pictures by an examiner: where they start, what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.casework.people import name_key
from app.domain import (
    Alignment,
    Candidate,
    CaseheadError,
    Changes,
    Comparison,
    Score,
    new_id,
    now,
)
from app.importing.making import SOFTWARE
from app.matching import reversed_score
from app.picture import ViewState, comparison_picture, write_png
from app.workbench.class_notes import flag_lines
from app.workbench.concluding import Concluding
from app.workbench.pictures import Pictures
from app.workbench.telling import Telling
from correlation.errors import CorrelationError
from correlation.similarity import SimilarityMap


class Comparing(Pictures, Telling, Concluding):
    """Operations on comparisons."""

    def compare(self, left_id: str, right_id: str) -> Score:
        """What software says of the pair, computed now.

        Raises CaseheadError when one of the two cannot be prepared.
        """
        try:
            return self._matcher.compare(left_id, right_id)
        except CorrelationError as error:
            raise CaseheadError(str(error)) from error

    def open_comparison(
        self, left_id: str, right_id: str, candidate_id: str | None = None
    ) -> Comparison:
        """The comparison of the two, or a new one, recorded only when it is saved.

        A new one starts from the alignment of the candidate given, else of the newest search of
        either picture that found the other, else from ``compare``. Where software cannot prepare
        one of them it starts unaligned. So does one that is to be verified blind: how others
        aligned it is not shown, and the own alignment is kept apart from theirs.
        """
        _check_two(left_id, right_id)
        found = self._casebook.find_comparison(left_id, right_id)
        if found is not None and self.hidden(found.id):
            own = self._own_way(found)
            if own is not None:
                return own
            return self._started(left_id, right_id, candidate_id or found.candidate_id, found.id)
        if found is not None:
            return found
        return self._started(left_id, right_id, candidate_id)

    def _started(
        self, left_id: str, right_id: str, candidate_id: str | None, comparison_id: str = ""
    ) -> Comparison:
        """A comparison nobody has aligned yet."""
        made = comparison_id or new_id()
        candidate = self._candidate(left_id, right_id, candidate_id)
        if candidate is None:
            return Comparison(left_id, right_id, self._first_alignment(left_id, right_id), id=made)
        score = _turned(candidate, right_id)
        return Comparison(left_id, right_id, score.alignment, candidate_id=candidate.id, id=made)

    def score_of(self, comparison: Comparison) -> Score | None:
        """The score of the candidate it came from, seen from left to right; None without one."""
        if comparison.candidate_id is None:
            return None
        candidate = self._casebook.candidate(comparison.candidate_id)
        return _turned(candidate, comparison.right_id)

    def save_comparison(self, comparison: Comparison) -> Comparison:
        """Keep its alignment and view; the pair has one comparison, whoever opened it first.

        While it is to be verified blind by who keeps it, the alignment and view of others stay
        in the record, and the own are remembered apart from it until the verification is entered.
        """
        known = self._casebook.find_comparison(comparison.left_id, comparison.right_id)
        if known is not None and self.hidden(known.id):
            return self._keep_own_way(replace(comparison, id=known.id))
        with self._casebook.transaction():
            found = self._casebook.find_comparison(comparison.left_id, comparison.right_id)
            if found is None:
                self._casebook.add_comparison(comparison)
            else:
                comparison = replace(comparison, id=found.id)
                self._casebook.update_comparison(comparison)
        self._publish(Changes(comparisons=frozenset({comparison.id})))
        return comparison

    def comparison(self, comparison_id: str) -> Comparison:
        """A saved one, without how others aligned it while it is to be verified blind.

        Raises CaseheadError when there is none of that id.
        """
        return self._as_seen(self._casebook.comparison(comparison_id))

    def comparisons(self) -> tuple[Comparison, ...]:
        """All that were saved."""
        return tuple(self._as_seen(one) for one in self._casebook.comparisons())

    def export_picture(
        self, comparison: Comparison, path: Path, size: tuple[int, int] = (1600, 1000)
    ) -> Path:
        """Write what the comparison shows, with names, scale bar and caption, as PNG."""
        view = ViewState.from_dict(comparison.view)
        picture = comparison_picture(
            self.side(comparison.left_id),
            self.side(comparison.right_id),
            comparison.alignment,
            view,
            self.score_of(comparison),
            (*self._flagged(comparison), self._caption()),
            size,
            self.similarity_of(comparison) if view.similarity else None,
        )
        return write_png(path, picture)

    def similarity_of(self, comparison: Comparison) -> SimilarityMap | None:
        """The map that the view asks for; None where there is none to draw."""
        try:
            return self.similarity(comparison.left_id, comparison.right_id, comparison.alignment)
        except CaseheadError:
            return None

    def _as_seen(self, stored: Comparison) -> Comparison:
        """A stored comparison as who looks may see it: not how others aligned a hidden one."""
        if not self.hidden(stored.id):
            return stored
        return self._own_way(stored) or replace(stored, alignment=Alignment(), view={})

    def _keep_own_way(self, comparison: Comparison) -> Comparison:
        kept = {
            "rotation_deg": comparison.alignment.rotation_deg,
            "shift_um": list(comparison.alignment.shift_um),
            "view": dict(comparison.view),
        }
        self.set_setting(self._own_key(comparison), kept)
        self._publish(Changes(comparisons=frozenset({comparison.id})))
        return comparison

    def _own_way(self, stored: Comparison) -> Comparison | None:
        """A hidden comparison as the person at work left it; None where that person did not."""
        kept = self.setting(self._own_key(stored))
        if not isinstance(kept, dict):
            return None
        x_um, y_um = kept["shift_um"]
        alignment = Alignment(float(kept["rotation_deg"]), (float(x_um), float(y_um)))
        return replace(stored, alignment=alignment, view=kept["view"])

    def _own_key(self, comparison: Comparison) -> str:
        who = name_key(self.author.examiner) if self.author else ""
        return f"blind.{comparison.id}.{who}"

    def _flagged(self, comparison: Comparison) -> tuple[str, ...]:
        """Lines of a caption about subclass influence."""
        found = self._seen_drawing(comparison.id)
        return flag_lines(found.remarks, found.annotations) if found else ()

    def _caption(self) -> str:
        author = self.author
        who = f"{author.examiner}, {author.agency}, {author.station}   " if author else ""
        return f"{who}{now()}   {SOFTWARE}"

    def _first_alignment(self, left_id: str, right_id: str) -> Alignment:
        try:
            return self._matcher.compare(left_id, right_id).alignment
        except CorrelationError:
            return Alignment()

    def _candidate(self, left_id: str, right_id: str, candidate_id: str | None) -> Candidate | None:
        if candidate_id is not None:
            candidate = self._casebook.candidate(candidate_id)
            query = self._casebook.search(candidate.search_id).acquired_id
            if {query, candidate.acquired_id} != {left_id, right_id}:
                raise CaseheadError("This candidate is of other pictures; open it from its search.")
            return candidate
        return self._found(left_id, right_id) or self._found(right_id, left_id)

    def _found(self, query_id: str, reference_id: str) -> Candidate | None:
        search = self._casebook.search_of(query_id)
        if search is None:
            return None
        candidates = self._casebook.candidates(search.id)
        return next((c for c in candidates if c.acquired_id == reference_id), None)


def _turned(candidate: Candidate, right_id: str) -> Score:
    if candidate.acquired_id == right_id:
        return candidate.score
    return reversed_score(candidate.score)


def _check_two(left_id: str, right_id: str) -> None:
    if left_id == right_id:
        raise CaseheadError("A picture cannot be compared with itself; choose another one.")
