"""R15: own agency and neighbours are searched; wider only on request, with a reason kept."""

from __future__ import annotations

import pytest
from stand_in import StandIn
from workbench_parts import AUTHOR, frame, registration

from app.domain import Author, CaseheadError
from app.matching import WIDENED
from app.workbench import Workbench

NEAR = Author("Near County", "bench", "N. Near", "NN1")
FAR = Author("Far County", "bench", "F. Far", "FF1")


@pytest.fixture
def query(workbench: Workbench, library: StandIn) -> str:
    """A picture of the own agency, beside one of each of two others."""
    for seed, author in enumerate((NEAR, FAR, AUTHOR), 1):
        workbench.set_author(author)
        mark = workbench.register(registration(f"{seed}A"))
        kept = workbench.capture(mark.id, frame(seed))
    workbench.register(registration("9A"))
    workbench.capture(workbench.register(registration("9A")).id, frame(9))
    return kept.id


def agencies(workbench: Workbench, search_id: str) -> set[str]:
    return {line.provenance.agency.name for line in workbench.candidates(search_id)}


def test_without_an_area_all_are_searched(workbench: Workbench, query: str) -> None:
    assert workbench.search_area() is None
    found = workbench.search(query)
    assert agencies(workbench, found.id) == {AUTHOR.agency, NEAR.agency, FAR.agency}


def test_neighbours_are_searched_and_others_counted(workbench: Workbench, query: str) -> None:
    workbench.set_search_area([NEAR.agency], "regional agreement of May")
    area = workbench.search_area()
    assert area is not None and [one.name for one in area] == [AUTHOR.agency, NEAR.agency]
    found = workbench.search(query)
    assert agencies(workbench, found.id) == {AUTHOR.agency, NEAR.agency}
    assert "left out: 1." in found.message and found.planned == 2
    told = workbench._casebook.journal(3)
    assert any(line.action == "search area set" for line in workbench._casebook.journal())
    assert not any(line.action == "search widened" for line in told)


def test_wider_only_with_a_reason_that_the_journal_keeps(workbench: Workbench, query: str) -> None:
    workbench.set_search_area([], "own cases only")
    wide = workbench.search(query, beyond="gun seized on the border")
    assert wide.message.startswith(WIDENED) and wide.planned == 3
    assert agencies(workbench, wide.id) == {AUTHOR.agency, NEAR.agency, FAR.agency}
    line = next(one for one in workbench._casebook.journal() if one.action == "search widened")
    assert (line.subject, line.detail["reason"]) == (wide.id, "gun seized on the border")
    assert workbench.search(query).planned == 1
    workbench.set_search_area(None, "no limit any more")
    assert workbench.search(query).planned == 3 and workbench.check() == ()


def test_a_wide_search_in_the_background_stays_wide(workbench: Workbench, query: str) -> None:
    workbench.set_search_area([], "own cases only")
    begun = workbench.search_in_background(query, beyond="border case")
    assert workbench.wait_idle(30)
    done = next(one.search for one in workbench.searches() if one.search.id == begun.id)
    assert done.planned == 3 and WIDENED in done.message


def test_an_area_needs_known_agencies_and_a_reason(workbench: Workbench, query: str) -> None:
    with pytest.raises(CaseheadError, match="Say why"):
        workbench.set_search_area([], " ")
    with pytest.raises(CaseheadError, match="No agency 'Nowhere'"):
        workbench.set_search_area(["Nowhere"], "x")
    assert workbench.search_area() is None
