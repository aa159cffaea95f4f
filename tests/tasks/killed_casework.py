"""The casework that test_killed kills: everything people record, in an order left to chance."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from app.capture import Frame
from app.casework.people import PersonRole, Skill
from app.casework.trace_form import load_form
from app.domain import (
    Alignment,
    Author,
    Candidate,
    CaseheadError,
    Circle,
    Light,
    Review,
    Role,
    Score,
    Search,
    SearchState,
    now,
)
from app.store.guard import BackupPlan
from app.workbench import Draft, Registration, Workbench

Confirm = Callable[..., None]
FIRST, SECOND, THIRD = "J. Doe", "K. Lind", "M. Okoye"
AUTHOR = Author("Example County Laboratory", "bench 1", FIRST, "EX0001")
WHY = "Striae agree over the whole face."


@dataclass(slots=True)
class Bench:
    """Two cases with a picture each, and a recovered gun, to do casework on."""

    workbench: Workbench
    confirm: Confirm
    chance: random.Random
    name: str
    left: str = ""
    right: str = ""
    gun: str = ""

    def by(self, person: str) -> None:
        """Who does what follows."""
        with suppress(CaseheadError):
            self.workbench.sign_out()
        self.workbench.sign_in(person)

    def kept(self, table: str, record: Any) -> None:
        """Tell that a record was saved."""
        self.confirm(kept=[table, record.id])


def through_casework(folder: Path, seed: int, confirm: Confirm) -> None:
    """Everything that is recorded of casework, until killed."""
    workbench = Workbench(folder, automatic_search=False)
    _people(workbench)
    chance = random.Random(seed)
    for turn in count():
        bench = Bench(workbench, confirm, chance, f"{seed}-{turn}")
        _register(bench)
        works = [_facts, _custody, _review, _lead, _verify, _trace, _issue, _person, _back_up]
        chance.shuffle(works)
        for work in works:
            bench.by(FIRST)
            work(bench)


def _people(workbench: Workbench) -> None:
    """Three people who may do everything, each as far as a kill before left them."""
    if workbench.open_bench:
        workbench.set_up(AUTHOR, None)
    workbench.sign_in(FIRST)
    known = {person.name: person for person in workbench.people()}
    for name in (SECOND, THIRD):
        person = known.get(name) or workbench.add_person(name, {PersonRole.EXAMINER})
        held = {one.skill for one in workbench.qualifications(person.id)}
        for skill in {Skill.ACQUIRE, Skill.REVIEW, Skill.EXAMINE} - held:
            workbench.grant_qualification(person.id, skill, "2020-01-01")
    workbench.plan_backups(BackupPlan(str(workbench.folder.parent / "backups")))


def _register(bench: Bench) -> None:
    bench.by(FIRST)
    sides = []
    for side in "ab":
        mark = bench.workbench.register(_registration(f"{bench.name}{side}", side == "b"))
        bench.kept("mark", mark)
        grey = np.frombuffer(bench.chance.randbytes(48 * 48), np.uint8).reshape(48, 48)
        frame = Frame(grey, 1, now(), 0.0, {}, 2.5, Light.RING)
        picture = bench.workbench.capture(mark.id, frame)
        bench.confirm(acquired=picture.id, digest=picture.digest)
        bench.workbench.correct_region(picture.id, Circle(50, 50, 40), None)
        sides.append(picture.id)
    bench.left, bench.right = sides
    fired = bench.workbench.provenance(bench.right).cartridge_case
    bench.gun = fired.firearm_id or ""


def _registration(case: str, recovered: bool) -> Registration:
    gun = {"firearm_make": "Norvik", "firearm_model": "N9", "firearm_serial": case}
    facts = {"exhibit.entry_reason": "crime gun"}
    if recovered:
        facts |= {"firearm.type": "pistol", "firearm.country": "US"}
    return Registration(
        *(case, "1", "1A", Role.TEST_FIRE if recovered else Role.EVIDENCE, "9 mm Luger"),
        *("circular", "parallel"),
        event_kind="shots fired",
        event_at="2026-04-12",
        event_place="Pier 4",
        facts=facts,
        **(gun if recovered else {}),
    )


def _facts(bench: Bench) -> None:
    place = bench.workbench.provenance(bench.left)
    told = {"collected_at": "2026-04-12", "received_at": "2026-04-13"}
    bench.workbench.set_facts("exhibit", place.exhibit.id, told)
    for field, value in told.items():
        bench.confirm(fact=["exhibit", place.exhibit.id, field, value])
    made = bench.workbench.correct("case", place.case.id, "title", f"Pier {bench.name}", "typo")
    bench.kept("correction", made)


def _custody(bench: Bench) -> None:
    exhibit = bench.workbench.provenance(bench.left).exhibit.id
    for giver, taker in (("Officer Grey", FIRST), (FIRST, THIRD)):
        made = bench.workbench.hand_over(exhibit, giver, taker, now()[:10], "examination")
        bench.kept("hand_over", made)


def _review(bench: Bench) -> None:
    """A list as a search leaves it; only its review is of interest here."""
    book = bench.workbench._casebook
    score = Score("m", "1", 0.5, 0.5, 40, 9, Alignment(), 0.9, 0.1)
    with book.transaction():  # as a search ends: its state and its list in one
        search = book.add_search(Search(bench.left, SearchState.DONE, compared=1))
        candidate = Candidate(search.id, bench.right, 1, score)
        book.replace_candidates(search.id, [candidate])
    bench.confirm(search=search.id, state="done", compared=1)
    bench.workbench.review(candidate.id, Review.KEPT)
    bench.kept("search_review", bench.workbench.record_review(search.id, "first list"))


def _lead(bench: Bench) -> None:
    workbench = bench.workbench
    lead = workbench.propose_lead(bench.left, bench.right, WHY)
    bench.kept("lead", lead)
    bench.by(SECOND)
    bench.kept("lead_step", workbench.agree_lead(lead.id))
    bench.kept("lead_step", workbench.assign_lead(lead.id, THIRD))
    notice = workbench.send_notice("lead", lead.id, "Det. Grey", "City", "e-mail", "See lead.")
    bench.kept("notice", notice)
    bench.kept("notice_receipt", workbench.note_receipt(notice.id, "Det. Grey"))
    bench.kept("lead_step", workbench.lead_feedback(lead.id, "under investigation", "Heard."))


def _verify(bench: Bench) -> None:
    workbench = bench.workbench
    comparison = workbench.save_comparison(workbench.open_comparison(bench.left, bench.right))
    conclusion = workbench.conclude(comparison.id, _sure(FIRST))
    bench.kept("conclusion", conclusion)
    task = workbench.ask_verification(comparison.id, "blind", SECOND)
    bench.kept("verification_task", task)
    bench.by(SECOND)
    bench.kept("verification", workbench.verify(task.id, _sure(SECOND)))


def _sure(name: str) -> Draft:
    return Draft(
        "identification",
        WHY,
        examined_physically=True,
        examined_by=name,
        examined_at=now()[:10],
    )


def _trace(bench: Bench) -> None:
    workbench = bench.workbench
    draft = workbench.trace_draft(bench.gun)
    codes = {f.key: next(iter(f.codes)) for f in load_form().fields if f.codes and f.required}
    fields = {**codes, **draft.fields, "ncic_code": "1399"}
    request = workbench.request_trace(type(draft)(draft.firearm_id, fields))
    bench.kept("trace_request", request)
    bench.kept("trace_step", workbench.trace_step(request.id, "sent", "by mail"))
    done = workbench.trace_step(request.id, "completed", "", {"outcome": "dealer"})
    bench.kept("trace_step", done)


def _issue(bench: Bench) -> None:
    case = bench.workbench.provenance(bench.left).case.id
    path = bench.workbench.folder.parent / f"summary-{bench.name}.pdf"
    issued = bench.workbench.issue("case_summary", case, path)
    bench.confirm(issued=[str(path), issued.digest])


def _person(bench: Bench) -> None:
    name = f"Examiner {bench.name}"
    person = bench.workbench.add_person(name, {PersonRole.TECHNICIAN})
    bench.kept("person", person)
    made = bench.workbench.grant_qualification(person.id, Skill.ACQUIRE, "2020-01-01")
    bench.kept("qualification", made)


def _back_up(bench: Bench) -> None:
    made = bench.workbench.make_backup()
    bench.confirm(backup=str(made.folder), lines=made.lines)
