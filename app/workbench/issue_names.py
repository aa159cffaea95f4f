"""What a report is about, in the numbers of its cases: for the name of its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from app.domain import CaseheadError
from app.store import Casebook

_LONGEST: Final = 60
_WITH: Final = " with "


def file_name(casebook: Casebook, kind: str, words: str, subject_id: str) -> str:
    """A name that says what the file is, of letters and figures that every disk takes."""
    ending = "zip" if kind == "defence_package" else "pdf"
    subject = ""
    with suppress(CaseheadError):  # what there is not is refused when it is issued
        subject = _SUBJECTS[kind](casebook, subject_id)
    return f"{_harmless(words)}-{_harmless(subject or subject_id) or 'all'}.{ending}"


def _compared(casebook: Casebook, comparison_id: str) -> str:
    found = casebook.comparison(comparison_id)
    return _WITH.join(casebook.provenance(one).name for one in (found.left_id, found.right_id))


def _between_cases(casebook: Casebook, lead_id: str) -> str:
    lead = casebook.lead(lead_id)
    numbers = casebook.case_numbers((lead.case_a, lead.case_b))
    return _WITH.join(numbers[one] for one in (lead.case_a, lead.case_b))


def _case(casebook: Casebook, case_id: str) -> str:
    return casebook.case_numbers((case_id,)).get(case_id, "")


def _kept(casebook: Casebook, record_id: str) -> str:
    try:
        exhibit = casebook.exhibit(record_id)
    except CaseheadError:
        return _case(casebook, record_id)
    return f"{_case(casebook, exhibit.case_id)} {exhibit.number}"


def _packed(casebook: Casebook, record_id: str) -> str:
    try:
        return _compared(casebook, record_id)
    except CaseheadError:
        return _case(casebook, record_id)


def _traced(casebook: Casebook, trace_id: str) -> str:
    gun = casebook.known_gun(casebook.trace_request(trace_id).firearm_id)
    return f"{gun.case.number} {gun.exhibit.number}"


_SUBJECTS: Final[Mapping[str, Callable[[Casebook, str], str]]] = {
    "comparison": _compared,
    "lead_notice": _between_cases,
    "hit_notice": _compared,
    "trace_request": _traced,
    "case_summary": _case,
    "custody": _kept,
    "statistics": lambda _casebook, span: span,
    "defence_package": _packed,
}


def _harmless(text: str) -> str:
    """Runs of anything else become one dash."""
    kept = "".join(c if c.isalnum() or c in "_" else " " for c in text)
    return "-".join(kept.split())[:_LONGEST].strip("-")
