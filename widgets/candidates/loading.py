"""What the candidates screen shows, read in one go off the GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.casework.reviews import SearchReview
from app.domain import CaseheadError
from app.workbench import CandidateLine, FusedList, Grouping, SearchLine, Workbench

_NEWEST = 200
"""Of how many searches it is told who reviewed their lists."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All searches, and the candidates of the one chosen or those of its cartridge case.

    ``place`` is the candidate the examiner was at last, nothing when at none. ``reviews`` are those
    recorded of the chosen search, ``last_reviews`` the one that holds by search; ``own`` are the
    candidates of the chosen search where several are listed together.
    """

    searches: tuple[SearchLine, ...]
    chosen: SearchLine | None
    grouping: Grouping
    candidates: tuple[CandidateLine, ...] = ()
    fused: FusedList | None = None
    refusal: str = ""
    place: str = ""
    reviews: tuple[SearchReview, ...] = ()
    last_reviews: Mapping[str, SearchReview] = field(default_factory=dict)
    own: tuple[CandidateLine, ...] = ()


def load(workbench: Workbench, search_id: str, grouping: Grouping) -> Listed:
    """The candidates of a search; of the newest nobody looked at where that is not there."""
    listed = _load(workbench, search_id, grouping)
    if listed.chosen is None:
        return listed
    chosen = listed.chosen.search.id
    newest = [line.search.id for line in listed.searches[:_NEWEST]]
    found = ((one, workbench.search_reviews(one)) for one in dict.fromkeys((*newest, chosen)))
    reviews = {one: made for one, made in found if made}
    return replace(
        listed,
        reviews=reviews.get(chosen, ()),
        last_reviews={one: made[-1] for one, made in reviews.items()},
        own=() if grouping is Grouping.MARK else workbench.candidates(chosen),
    )


def _load(workbench: Workbench, search_id: str, grouping: Grouping) -> Listed:
    searches = workbench.searches()
    chosen = next((s for s in searches if s.search.id == search_id), None)
    if chosen is None and searches:
        chosen = next((s for s in searches if s.unseen), searches[0])
    if chosen is None:
        return Listed(searches, None, grouping)
    if grouping is Grouping.MARK:
        found = workbench.candidates(chosen.search.id)
        place = workbench.place_in((chosen.search.id,))
        return Listed(searches, chosen, grouping, found, place=place)
    try:
        fused = workbench.fused(chosen.provenance.cartridge_case.id)
    except CaseheadError as error:
        return Listed(searches, chosen, grouping, refusal=str(error))
    place = workbench.place_in(search.id for search in fused.searches)
    return Listed(searches, chosen, grouping, fused=fused, place=place)
