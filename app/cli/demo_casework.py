"""The casework of the demo: a verified hit, an open lead, a disagreement, notices, facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.casework.record import RecordKind
from app.cli.demo_cases import DISPUTED, EVIDENCE, KNOWN, LEAD
from app.cli.demo_facts import DETECTIVE, FACTS, OF_EVERY_CASE
from app.cli.demo_people import FIRST, SECOND, THIRD
from app.domain import Comparison, Provenance, now
from app.workbench import Draft, Workbench

Pictures = Mapping[str, Provenance]
"""By the names of their cartridge cases."""
_LIKE = (
    "Agreement of individual characteristics over the breech-face mark, seen in split field at the "
    "alignment of the search."
)
_UNLIKE = "Some individual characteristics agree; the mark is too shallow on one specimen for more."


def do_casework(workbench: Workbench, pictures: Pictures) -> None:
    """What people of a laboratory would have done by now, as far as it is not done yet.

    The first of them is at work when it returns.
    """
    _write_facts(workbench, pictures)
    _confirm(workbench, pictures)
    _lead(workbench, pictures)
    _disagree(workbench, pictures)
    _review_lists(workbench)
    workbench.sign_in(FIRST)


def pictured(pictures: Mapping[str, Provenance]) -> dict[str, Provenance]:
    """One picture of every cartridge case, by its name."""
    return {place.name: place for place in pictures.values()}


def _write_facts(workbench: Workbench, pictures: Pictures) -> None:
    """When exhibits came, where things happened, what the guns are."""
    done: set[str] = set()
    for place in pictures.values():
        told = FACTS.get(place.case.number)
        if told is None or place.exhibit.id in done:
            continue
        done.add(place.exhibit.id)
        sheets: dict[RecordKind, tuple[str, Mapping[str, str]]] = {
            "case": (place.case.id, {**OF_EVERY_CASE, **told.case}),
            "exhibit": (place.exhibit.id, told.exhibit()),
        }
        if place.exhibit.event_id:
            sheets["event"] = (place.exhibit.event_id, told.event)
        if place.cartridge_case.firearm_id:
            sheets["firearm"] = (place.cartridge_case.firearm_id, told.firearm)
        for kind, (record_id, values) in sheets.items():
            _fill(workbench, kind, record_id, values)


def _fill(
    workbench: Workbench, kind: RecordKind, record_id: str, values: Mapping[str, str]
) -> None:
    """What is not known yet; the rest stays as it was told first."""
    known = workbench.facts(kind, record_id)
    new = {key: value for key, value in values.items() if not known.get(key)}
    if new:
        workbench.set_facts(kind, record_id, new)


def _confirm(workbench: Workbench, pictures: Pictures) -> None:
    """A hit: concluded on the specimens, verified blind by another, told to the investigators."""
    comparison = _concluded(workbench, pictures, EVIDENCE, KNOWN)
    if workbench.verifications(comparison.id).state != "none":
        return
    task = workbench.ask_verification(comparison.id, "blind", SECOND)
    workbench.sign_in(SECOND)
    workbench.verify(task.id, _sure(SECOND))
    notice = workbench.send_notice(
        "hit", comparison.id, DETECTIVE, _agency(workbench), "e-mail", "Hit notice sent."
    )
    workbench.note_receipt(notice.id, DETECTIVE)
    workbench.sign_in(FIRST)


def _lead(workbench: Workbench, pictures: Pictures) -> None:
    """An open lead with an owner, a notice that waits for its receipt, and feedback."""
    if workbench.leads():
        return
    left, right = (pictures[name].acquired.id for name in LEAD)
    lead = workbench.propose_lead(left, right, _LIKE, _candidate(workbench, left, right))
    workbench.sign_in(SECOND)
    workbench.agree_lead(lead.id, "Seen in overlay too.")
    workbench.assign_lead(lead.id, THIRD)
    workbench.send_notice(
        "lead", lead.id, DETECTIVE, _agency(workbench), "e-mail", "Lead notice sent."
    )
    workbench.lead_feedback(lead.id, "under investigation", "Witnesses are being heard again.")
    workbench.sign_in(FIRST)


def _disagree(workbench: Workbench, pictures: Pictures) -> None:
    """Two examiners who differ, and a third who is asked."""
    comparison = _concluded(workbench, pictures, *DISPUTED)
    if workbench.verifications(comparison.id).state != "none":
        return
    task = workbench.ask_verification(comparison.id, "blind", THIRD)
    workbench.sign_in(THIRD)
    workbench.verify(task.id, replace(_sure(THIRD), value="inconclusive-a", reasons=_UNLIKE))
    workbench.sign_in(FIRST)
    workbench.ask_third(comparison.id, SECOND)


def _review_lists(workbench: Workbench) -> None:
    """The lists looked at get their recorded review; one is left for whoever looks at the board."""
    for line in workbench.searches():
        depth = workbench.reviewed_depth(line.search.id)
        if depth and not workbench.search_reviews(line.search.id):
            workbench.record_review(line.search.id, depth=depth)


def _concluded(workbench: Workbench, pictures: Pictures, left: str, right: str) -> Comparison:
    """The comparison of two cartridge cases with an identification by the first examiner."""
    comparison = workbench.save_comparison(
        workbench.open_comparison(pictures[left].acquired.id, pictures[right].acquired.id)
    )
    if not workbench.conclusions(comparison.id):
        workbench.conclude(comparison.id, _sure(FIRST))
    return comparison


def _sure(name: str) -> Draft:
    return Draft(
        "identification",
        _LIKE,
        examined_physically=True,
        examined_by=name,
        examined_at=now()[:10],
    )


def _agency(workbench: Workbench) -> str:
    return workbench.author.agency if workbench.author else ""


def _candidate(workbench: Workbench, query_id: str, found_id: str) -> str | None:
    """The candidate of the search with one picture that is the other."""
    for line in workbench.searches():
        if line.search.acquired_id == query_id:
            for one in workbench.candidates(line.search.id):
                if one.candidate.acquired_id == found_id:
                    return one.candidate.id
    return None
