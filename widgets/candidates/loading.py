"""What the candidates screen shows, read in one go off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain import CaseheadError
from app.workbench import CandidateLine, FusedList, Grouping, SearchLine, Workbench


@dataclass(frozen=True, slots=True)
class Listed:
    """All searches, and the candidates of the one chosen or those of its cartridge case.

    ``place`` is the candidate the examiner was at last, nothing when at none.
    """

    searches: tuple[SearchLine, ...]
    chosen: SearchLine | None
    grouping: Grouping
    candidates: tuple[CandidateLine, ...] = ()
    fused: FusedList | None = None
    refusal: str = ""
    place: str = ""


def load(workbench: Workbench, search_id: str, grouping: Grouping) -> Listed:
    """The candidates of a search; of the newest nobody looked at where that is not there."""
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
