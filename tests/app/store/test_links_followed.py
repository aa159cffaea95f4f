"""Whatever happens, links read bit by bit are those read at once, and the review clock agrees."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from app.casework.links import derive_links
from app.casework.record import Correction
from app.casework.reviews import LeadStep, Verification, VerificationTask, WarmLink
from app.casework.wording import casework_words
from app.domain import (
    Annotation,
    AnnotationKind,
    AnnotationSet,
    CartridgeCase,
    Conclusion,
    Firearm,
    Mark,
    Role,
    now,
)
from app.store import Casebook
from app.store.link_facts import LinkFacts, LinkMemory
from tests.app.store.linked_parts import hit_between, lead_between, pictured
from tests.app.store.store_parts import JANE, picture

CASES = 6
WRITTEN = (JANE.examiner, "jane  DOE", "Jane-Doe", "Somebody Else")
"""One person's name however it is written, and another's."""
STEPS = 60


class Walk:
    """Random records on one casebook."""

    def __init__(self, casebook: Casebook, seed: int) -> None:
        self.casebook, self.random = casebook, Random(seed)
        self.cases = [pictured(casebook, str(number)) for number in range(CASES)]
        self.comparisons: list[str] = []
        self.leads: list[str] = []

    def step(self) -> None:
        does: list[Callable[[], None]] = [self.hit, self.hit, self.lead, self.follow]
        if self.comparisons:
            does += [self.conclude, self.draw, self.verify, self.correct, self.test_fire]
        self.random.choice([*does, self.warm])()

    def two(self) -> list[tuple[str, str]]:
        one = self.random.choice(self.cases)
        return [one, self.random.choice([other for other in self.cases if other[0] != one[0]])]

    def hit(self) -> None:
        """Within one case, too."""
        pair = self.random.sample(self.cases, 2)
        self.comparisons.append(hit_between(self.casebook, *pair)[0].id)

    def lead(self) -> None:
        self.leads.append(lead_between(self.casebook, *self.two()).id)

    def follow(self) -> None:
        if self.leads:
            kind = self.random.choice(("closed", "reopened", "assigned", "feedback"))
            step = LeadStep(self.random.choice(self.leads), kind, author=JANE, stepped_at=now())  # type: ignore[arg-type]
            self.casebook.add_lead_step(step)

    def warm(self) -> None:
        one, other = self.two()
        self.casebook.add_warm_link(WarmLink(one[0], other[0], "Known.", JANE, now()))

    def conclude(self) -> None:
        value = self.random.choice(("identification", "identification", "inconclusive-a"))
        physically = self.random.random() < 0.8
        self.casebook.add_conclusion(
            Conclusion(
                *(self.random.choice(self.comparisons), "AFTE", value, "They agree."),
                examined_physically=physically,
                examined_by=self.random.choice(WRITTEN) if physically else "",
            )
        )

    def draw(self) -> None:
        note = Annotation(AnnotationKind.NOTE, "left", ((1.0, 2.0),), str(self.random.random()))
        self.casebook.add_annotations(AnnotationSet(self.random.choice(self.comparisons), (note,)))

    def verify(self) -> None:
        of = self.random.choice(self.comparisons)
        conclusion = self.casebook.conclusions(of)[-1]
        rounds = self.casebook.verifications(of)
        third = bool(rounds) and rounds[-1].conclusion_id == conclusion.id
        task = VerificationTask(of, conclusion.id, "open", "", third, JANE, now())
        self.casebook.add_verification_task(task)
        drawn = self.casebook.annotation_set(of)
        self.casebook.add_verification(
            Verification(
                *(task.id, of, conclusion.id, "AFTE"),
                self.random.choice(("identification", "inconclusive-a")),
                annotation_id=drawn.id if drawn else "",
                corrections_seen=self.casebook.corrections_seen(),
                author=JANE,
                verified_at=now(),
            )
        )

    def correct(self) -> None:
        case_id = self.random.choice(self.cases)[0]
        name = self.random.choice(("title", "number"))
        self.casebook.add_correction(Correction("case", case_id, name, "a", "b", "Misread."))

    def test_fire(self) -> None:
        """A specimen of one case that stands for the case of its gun."""
        gun_exhibit = self.casebook.exhibits(self.random.choice(self.cases)[0])[0]
        own_exhibit = self.casebook.exhibits(self.random.choice(self.cases)[0])[0]
        gun = self.casebook.add_firearm(Firearm(gun_exhibit.id, "Norvik", "N9"))
        label = f"T{self.random.random()}"
        fired = CartridgeCase(own_exhibit.id, label, Role.TEST_FIRE, firearm_id=gun.id)
        mark = self.casebook.add_mark(Mark(self.casebook.add_cartridge_case(fired).id))
        digest = self.casebook.keep_pixels(b"pixels", "png")
        kept = self.casebook.add_acquired(picture(mark.id, digest))
        self.cases.append((gun_exhibit.case_id, kept.id))

    def at_once(self) -> LinkFacts:
        """As the next start reads it."""
        self.casebook._memory = LinkMemory()
        return self.casebook.link_facts(casework_words())

    def confirmed_by_the_clock(self) -> set[str]:
        self.casebook.bring_clock_up_to_date()
        rows = self.casebook._connection.rows(
            "SELECT comparison_id FROM clock_link WHERE stale_since = ''"
        )
        return {row[0] for row in rows}


@pytest.mark.parametrize("seed", range(4))
def test_links_are_the_same_read_bit_by_bit_and_at_once(casebook: Casebook, seed: int) -> None:
    walk = Walk(casebook, seed)
    seen: set[str] = set()
    for number in range(STEPS):
        walk.step()
        followed = casebook.link_facts(casework_words())
        links = derive_links(followed.confirmations, followed.leads, followed.warm)
        seen |= {link.state + (" stale" if link.stale else "") for link in links}
        if number % 10 == 9:
            memory = casebook._memory
            assert walk.at_once() == followed
            casebook._memory = memory
            hits = {one for link in links if link.state == "hit" for one in link.comparisons}
            assert walk.confirmed_by_the_clock() == hits
    assert {"hit", "lead"} <= seen
    assert casebook.check() == ()


def test_after_a_change_only_what_it_bears_on_is_worked_out(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [pictured(casebook, str(number)) for number in range(4)]
    first, _ = hit_between(casebook, cases[0], cases[1])
    hit_between(casebook, cases[1], cases[2])
    lead = lead_between(casebook, cases[2], cases[3])
    casebook.link_facts(casework_words())
    worked_out: list[str] = []
    told, led = LinkMemory._confirmation, LinkMemory._standing_lead

    def confirmation(self: LinkMemory, second: Any, *rest: Any) -> Any:
        worked_out.append(second.comparison_id)
        return told(self, second, *rest)

    def standing(self: LinkMemory, lead_id: str, agencies: Any) -> Any:
        worked_out.append(lead_id)
        return led(self, lead_id, agencies)

    monkeypatch.setattr(LinkMemory, "_confirmation", confirmation)
    monkeypatch.setattr(LinkMemory, "_standing_lead", standing)
    note = Annotation(AnnotationKind.NOTE, "left", ((1.0, 2.0),), "More.")
    casebook.add_annotations(AnnotationSet(first.id, (note,)))
    casebook.add_lead_step(LeadStep(lead.id, "closed", author=JANE, stepped_at=now()))
    found = casebook.link_facts(casework_words())
    assert worked_out == [first.id, lead.id]
    assert [one.stale for one in found.confirmations] == [True, False] and not found.leads
