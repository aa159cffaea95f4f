"""Everything the comparison screen needs of a pair, read in one go off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain import (
    Alignment,
    Annotation,
    Candidate,
    Comparison,
    Conclusion,
    Provenance,
    Remarks,
    Review,
    Role,
    Score,
)
from app.picture import Side
from widgets.compare.work.checking import Checked, check

if TYPE_CHECKING:
    from app.workbench import CandidateLine, ConclusionScale, Workbench


@dataclass(frozen=True, slots=True)
class Loaded:
    """A pair ready to be seen: evidence left, known right."""

    comparison: Comparison
    left: Side
    right: Side
    left_place: Provenance
    right_place: Provenance
    score: Score | None
    scale: ConclusionScale
    conclusions: tuple[Conclusion, ...]
    annotations: tuple[Annotation, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)
    checked: Checked = field(default_factory=Checked)


@dataclass(frozen=True, slots=True)
class Sibling:
    """A candidate of the list the pair was opened from.

    ``also`` are the candidates folded under it in the list: what is said of it holds for them.
    ``alignment`` brings it onto the query.
    """

    query_id: str
    candidate_id: str
    acquired_id: str
    rank: int
    review: Review
    also: tuple[str, ...] = ()
    alignment: Alignment = field(default_factory=Alignment)


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in a list of candidates; ``order`` is the list's own, if it has one."""

    candidate_id: str | None = None
    order: tuple[str, ...] = ()
    siblings: tuple[Sibling, ...] = ()

    @property
    def place(self) -> int | None:
        """The place, from 0; None when the pair is of no list."""
        ids = [s.candidate_id for s in self.siblings]
        return ids.index(self.candidate_id) if self.candidate_id in ids else None

    @property
    def review(self) -> Review:
        """What was said of the candidate in hand."""
        return Review.NEW if self.place is None else self.siblings[self.place].review

    def neighbour(self, steps: int) -> Sibling | None:
        """The candidate so many places on; None past the ends."""
        if self.place is None or not 0 <= self.place + steps < len(self.siblings):
            return None
        return self.siblings[self.place + steps]


def load(
    workbench: Workbench,
    left_id: str,
    right_id: str,
    candidate_id: str | None = None,
    side: Callable[[str], Side] | None = None,
) -> Loaded:
    """Read both pictures and what is known of the pair.

    When exactly one of the two is a test fire it goes to the right. ``side`` gives the pictures,
    where they are not to be read anew.
    Raises CaseheadError when one of the pictures cannot be shown.
    """
    places = workbench.provenance(left_id), workbench.provenance(right_id)
    if _is_known(places[0]) and not _is_known(places[1]):
        places = places[1], places[0]
    side = side or (lambda one: workbench.side(one).warm(contrast=False))
    left, right = (side(p.acquired.id) for p in places)
    ids = (places[0].acquired.id, places[1].acquired.id)
    comparison = workbench.open_comparison(*ids, candidate_id)
    return Loaded(
        comparison,
        left,
        right,
        *places,
        workbench.score_of(comparison),
        workbench.scale(),
        workbench.conclusions(comparison.id),
        workbench.annotations(comparison.id),
        workbench.remarks(comparison.id),
        check(workbench, comparison.id),
    )


def siblings_of(
    workbench: Workbench, pair: tuple[str, str], candidate_id: str | None, order: tuple[str, ...]
) -> tuple[Sibling, ...]:
    """The candidates among which the pair stands, in ``order`` (ids) or as ranked."""
    if candidate_id is None:
        return ()
    if candidate_id in order:
        return tuple(
            _sibling(one.query_id, one.candidate, one.also) for one in workbench.listed(order)
        )
    for line in workbench.searches():
        if line.provenance.acquired.id not in pair:
            continue
        lines = workbench.candidates(line.search.id)
        if any(found.candidate.id == candidate_id for found in lines):
            return _ordered(line.search.acquired_id, lines, order)
    return ()


def _ordered(
    query_id: str, lines: tuple[CandidateLine, ...], order: tuple[str, ...]
) -> tuple[Sibling, ...]:
    by_id = {line.candidate.id: _sibling(query_id, line.candidate) for line in lines}
    if any(i in by_id for i in order):
        return tuple(by_id[i] for i in order if i in by_id)
    return tuple(by_id.values())


def _sibling(query_id: str, c: Candidate, also: tuple[str, ...] = ()) -> Sibling:
    return Sibling(query_id, c.id, c.acquired_id, c.rank, c.review, also, c.score.alignment)


def _is_known(place: Provenance) -> bool:
    return place.cartridge_case.role is Role.TEST_FIRE


def name_for_file(loaded: Loaded) -> str:
    """A file name, without suffix, for what is exported of the pair."""
    names = f"{loaded.left_place.name} with {loaded.right_place.name}"
    return "".join(c if c.isalnum() or c in " -_." else "-" for c in names.replace(" / ", "-"))
