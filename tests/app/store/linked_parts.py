"""Cases with a picture each, and hits between them, straight in the store."""

from __future__ import annotations

from app.casework.reviews import Lead, LeadStep, Verification, VerificationTask
from app.domain import (
    Alignment,
    CartridgeCase,
    Case,
    Comparison,
    Conclusion,
    Exhibit,
    Mark,
    now,
)
from app.store import Casebook
from tests.app.store.store_parts import JANE, picture


def pictured(casebook: Casebook, number: str) -> tuple[str, str]:
    """A case and the picture of its one cartridge case."""
    digest = casebook.keep_pixels(b"pixels", "png")
    case = casebook.add_case(Case(number))
    exhibit = casebook.add_exhibit(Exhibit(case.id, "1"))
    cartridge_case = casebook.add_cartridge_case(CartridgeCase(exhibit.id, "A"))
    mark = casebook.add_mark(Mark(cartridge_case.id))
    return case.id, casebook.add_acquired(picture(mark.id, digest)).id


def lead_between(casebook: Casebook, one: tuple[str, str], other: tuple[str, str]) -> Lead:
    """An agreed lead."""
    lead = Lead(one[1], other[1], one[0], other[0], "Seen.", None, JANE, now())
    casebook.add_lead(lead)
    casebook.add_lead_step(LeadStep(lead.id, "agreed", author=JANE, stepped_at=now()))
    return lead


def hit_between(
    casebook: Casebook, one: tuple[str, str], other: tuple[str, str]
) -> tuple[Comparison, Verification]:
    """A verified identification on the specimens."""
    comparison = casebook.add_comparison(Comparison(one[1], other[1], Alignment()))
    conclusion = casebook.add_conclusion(
        Conclusion(
            *(comparison.id, "AFTE", "identification", "They agree."),
            examined_physically=True,
            examined_by=JANE.examiner,
            examined_at="2026-01-01",
        )
    )
    task = VerificationTask(comparison.id, conclusion.id, "blind", "", False, JANE, now())
    casebook.add_verification_task(task)
    verification = Verification(
        *(task.id, comparison.id, conclusion.id, "AFTE", "identification"),
        author=JANE,
        verified_at=now(),
    )
    return comparison, casebook.add_verification(verification)
