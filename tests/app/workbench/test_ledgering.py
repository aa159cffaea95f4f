"""What the ledger asks besides: cases by name, what is silent."""

from __future__ import annotations

import pytest
from casework_parts import FIRST, SECOND, acquired, as_person, case_of

from app.domain import CaseheadError
from app.workbench import Workbench, ledgering


@pytest.fixture
def pictures(workbench: Workbench) -> tuple[str, str]:
    return acquired(workbench, "2026-0412", 60), acquired(workbench, "2025-1107", 90)


def test_cases_are_named_and_found_by_their_number(
    workbench: Workbench, pictures: tuple[str, str]
) -> None:
    case_id, other_id = (case_of(workbench, one) for one in pictures)
    assert workbench.case_called(" 2026-0412 ") == case_id
    assert dict(workbench.case_names((case_id, other_id))) == {
        case_id: "2026-0412",
        other_id: "2025-1107",
    }
    author = workbench.author
    assert author is not None
    assert workbench.case_agencies((case_id, other_id)) == (author.agency,) * 2
    assert workbench.case_called(f"2026-0412 ({author.agency})") == case_id


def test_a_case_that_is_not_there_is_refused(
    workbench: Workbench, pictures: tuple[str, str]
) -> None:
    for name in ("2026-0413", "", "2026-0412 (Nobody)"):
        with pytest.raises(CaseheadError, match="no case"):
            workbench.case_called(name)


def test_a_lead_is_silent_by_the_targets_of_the_lab(
    workbench: Workbench, pictures: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_person(workbench, FIRST)
    lead = workbench.propose_lead(*pictures, "Striae agree")
    assert workbench.silence(workbench.lead(lead.id)) == ""
    monkeypatch.setattr(ledgering, "now", lambda: "2099-01-01T12:00:00+00:00")
    assert "second reviewer" in workbench.silence(workbench.lead(lead.id))
    as_person(workbench, SECOND)
    workbench.agree_lead(lead.id)
    assert "Nobody was told" in workbench.silence(workbench.lead(lead.id))
    workbench.send_notice("lead", lead.id, "Det. M. Alvarez", "", "e-mail")
    assert "No feedback" in workbench.silence(workbench.lead(lead.id))
