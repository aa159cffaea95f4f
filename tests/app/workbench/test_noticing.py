"""Notices to both agencies, with recipient, means and receipt (R7, R11)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from casework_parts import (
    FIRST,
    SECOND,
    THIRD,
    UNSURE,
    acquired,
    as_person,
    concluded,
    hit,
    sure,
    verified,
)
from workbench_parts import AUTHOR

from app.casework.reviews import Lead
from app.domain import CaseheadError
from app.workbench import Workbench

pytestmark = pytest.mark.usefixtures("library")
SOUTH = replace(AUTHOR, agency="South Lab", ori="SO1")


@pytest.fixture
def pair(workbench: Workbench) -> tuple[str, str]:
    """Of two agencies' cases."""
    workbench.set_author(SOUTH)
    theirs = acquired(workbench, "S-1", 90)
    workbench.set_author(AUTHOR)
    return acquired(workbench, "2026-1", 100), theirs


@pytest.fixture
def lead(workbench: Workbench, pair: tuple[str, str]) -> Lead:
    found = workbench.propose_lead(*pair, "Striae agree.")
    as_person(workbench, SECOND)
    return found


def test_a_lead_is_told_to_both_agencies_and_receipts_are_waited_for(
    workbench: Workbench, lead: Lead
) -> None:
    assert workbench.untold() == ()
    workbench.agree_lead(lead.id)
    assert {one.agency for one in workbench.untold()} == {AUTHOR.agency, "South Lab"}
    first = workbench.send_notice(
        "lead", lead.id, " Det.  Marsh ", "south lab", "e-mail", "See enclosed.", "ab" * 32
    )
    assert (first.recipient, first.means, first.digest) == ("Det. Marsh", "e-mail", "ab" * 32)
    assert first.sent_at and first.author is not None and first.author.examiner == SECOND
    (left,) = workbench.untold()
    assert (left.agency, left.kind, left.subject_id) == (AUTHOR.agency, "lead", lead.id)
    assert left.case_names == tuple(workbench.lead(lead.id).case_names) or set(
        left.case_names
    ) == set(workbench.lead(lead.id).case_names)
    workbench.send_notice("lead", lead.id, "Det. Ruiz", AUTHOR.ori, "telephone")
    assert workbench.untold() == () and workbench.lead(lead.id).told == 2
    assert len(workbench.notices(waiting=True)) == 2
    receipt = workbench.note_receipt(first.id, "Det. Marsh")
    (line,) = [one for one in workbench.notices("lead", lead.id) if one.notice == first]
    assert line.receipt == receipt
    assert [one.notice.recipient for one in workbench.notices(waiting=True)] == ["Det. Ruiz"]
    assert workbench.check() == ()


def test_what_may_not_go_out_is_refused(workbench: Workbench, lead: Lead) -> None:
    with pytest.raises(CaseheadError, match="This lead is proposed; a notice goes out only"):
        workbench.send_notice("lead", lead.id, "Det. Marsh", "South Lab", "e-mail")
    workbench.agree_lead(lead.id)
    with pytest.raises(CaseheadError, match="Say who was told"):
        workbench.send_notice("lead", lead.id, " ", "South Lab", "e-mail")
    with pytest.raises(CaseheadError, match="by what means"):
        workbench.send_notice("lead", lead.id, "Det. Marsh", "South Lab", "")
    with pytest.raises(CaseheadError, match="no notice of the kind 'rumour'"):
        workbench.send_notice("rumour", lead.id, "a", "b", "c")  # type: ignore[arg-type]
    with pytest.raises(CaseheadError, match="no lead nothing"):
        workbench.send_notice("lead", "nothing", "a", "b", "c")
    assert workbench.notices() == ()


def test_a_hit_is_told_of_by_a_comparison_it_rests_on(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = concluded(workbench, *pair)
    with pytest.raises(CaseheadError, match="bears no hit now"):
        workbench.send_notice("hit", comparison.id, "Det. Marsh", "South Lab", "letter")
    hit(workbench, *pair)
    assert {(one.kind, one.agency) for one in workbench.untold()} == {
        ("hit", AUTHOR.agency),
        ("hit", "South Lab"),
    }
    workbench.send_notice("hit", comparison.id, "Det. Marsh", "SO1", "letter")
    assert [one.agency for one in workbench.untold()] == [AUTHOR.agency]


def test_a_receipt_is_noted_once_and_makes_sense(workbench: Workbench, lead: Lead) -> None:
    workbench.agree_lead(lead.id)
    notice = workbench.send_notice("lead", lead.id, "Det. Marsh", "South Lab", "letter")
    for by, at, words in (
        (" ", "", "Say who received it"),
        ("Det. Marsh", "2020-01-01", "cannot have been received before"),
        ("Det. Marsh", "2999-01-01", "cannot lie in the future"),
        ("Det. Marsh", "soon", "'soon' is not a date"),
    ):
        with pytest.raises(CaseheadError, match=re.escape(words)):
            workbench.note_receipt(notice.id, by, at)
    with pytest.raises(CaseheadError, match="no notice nothing"):
        workbench.note_receipt("nothing", "Det. Marsh")
    workbench.note_receipt(notice.id, "Det. Marsh")
    with pytest.raises(CaseheadError, match="noted already"):
        workbench.note_receipt(notice.id, "Det. Marsh")


def test_who_was_told_of_a_hit_is_told_when_it_holds_no_more(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = hit(workbench, *pair)
    for agency in (AUTHOR.agency, "South Lab"):
        workbench.send_notice("hit", comparison.id, "Det. Marsh", agency, "letter")
    assert workbench.untold() == ()
    as_person(workbench, FIRST)
    workbench.conclude(comparison.id, UNSURE)
    ended = [one for one in workbench.untold() if one.ended]
    assert {(one.kind, one.subject_id, one.agency) for one in ended} == {
        ("hit", comparison.id, AUTHOR.agency),
        ("hit", comparison.id, "South Lab"),
    }
    with pytest.raises(CaseheadError, match="bears no hit now"):
        workbench.send_notice("hit", comparison.id, "Det. Ruiz", "Nobody told", "letter")
    told = workbench.send_notice(
        "hit", comparison.id, "Det. Marsh", "south lab", "telephone", "Concluded anew."
    )
    assert told.text == "The hit told of before holds no more. Concluded anew."
    assert [one.agency for one in workbench.untold() if one.ended] == [AUTHOR.agency]
    verified(workbench, comparison.id, UNSURE, by=THIRD)
    assert workbench.links() == (), "nothing links them any more, and still one has to be told"
    assert [one.agency for one in workbench.untold()] == [AUTHOR.agency]


def test_a_hit_that_holds_again_is_told_again_to_who_was_told_of_its_end(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = hit(workbench, *pair)
    for agency in (AUTHOR.agency, "South Lab"):
        workbench.send_notice("hit", comparison.id, "Det. Marsh", agency, "letter")
    as_person(workbench, FIRST)
    workbench.conclude(comparison.id, sure(FIRST))
    workbench.send_notice("hit", comparison.id, "Det. Marsh", "South Lab", "telephone")
    verified(workbench, comparison.id, by=THIRD)
    assert [(one.agency, one.ended) for one in workbench.untold()] == [("South Lab", False)]
    said = dict(one.split(": ") for one in workbench.issue_recipients("hit_notice", comparison.id))
    assert "not told yet" in said["S-1, South Lab"] and "; told " in said["2026-1"]
