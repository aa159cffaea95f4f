"""What trace requests owe on the board is what their own page says, whatever became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.casework.board import BoardFilter
from app.casework.clock import default_policy
from app.casework.guns import GunRecord, GunStep
from app.casework.trace_form import load_form
from app.casework.traces import (
    NEXT,
    OPEN,
    TraceRequest,
    TraceStatus,
    TraceStep,
    after_hours,
    due_next,
)
from app.domain import CartridgeCase, Conclusion, Exhibit, Firearm, new_id
from app.store import Casebook
from tests.app.store.linked_parts import hit_between, pictured
from tests.app.store.store_parts import JANE

ASKED, SENT = "2026-03-02T08:00:00+00:00", "2026-03-03T08:00:00+00:00"
LATE = "2099-01-01T00:00:00+00:00"
ROUTINE_DUE = default_policy().due("trace answered", SENT)


def gun_of(casebook: Casebook, case_id: str) -> Firearm:
    exhibit = casebook.add_exhibit(Exhibit(case_id, "gun"))
    return casebook.add_firearm(Firearm(exhibit.id, "Rovera", "R9", "A1"))


def ask(casebook: Casebook, gun: Firearm, priority: str = "routine") -> TraceRequest:
    due = after_hours(ASKED, 24)
    fields = {"priority": priority}
    return casebook.add_trace_request(
        TraceRequest(gun.id, fields, due_at=due, author=JANE, requested_at=ASKED)
    )


def sent(casebook: Casebook, gun: Firearm) -> str:
    """A routine request that went out; its id."""
    request = ask(casebook, gun)
    casebook.add_trace_step(TraceStep(request.id, TraceStatus.SENT, stepped_at=SENT))
    return request.id


def owed(casebook: Casebook) -> dict[str, tuple[str, str]]:
    """By request: when something is due, and what."""
    casebook.bring_clock_up_to_date()
    assert casebook.clock_differences() == ()
    lines = casebook.clock_lines(BoardFilter(), LATE, 10_000, 0)
    return {x.subject_id: (x.due_at, x.stage) for x in lines if x.kind == "trace"}


def walks(status: TraceStatus, length: int) -> Iterator[tuple[TraceStatus, ...]]:
    """Every way a request can go on, so many steps far."""
    yield ()
    if length:
        for following in NEXT[status]:
            yield from ((following, *rest) for rest in walks(following, length - 1))


@pytest.mark.parametrize("priority", ["routine", "urgent"])
def test_every_way_a_request_can_go_is_due_as_its_page_says(
    casebook: Casebook, priority: str
) -> None:
    gun, expected = gun_of(casebook, pictured(casebook, "1")[0]), dict[str, tuple[str, str]]()
    for walk in walks(TraceStatus.PENDING, 6):
        request, steps, at = ask(casebook, gun, priority), list[TraceStep](), ASKED
        for status in walk:
            at = after_hours(at, 5)
            step = TraceStep(request.id, status, "x", author=JANE, stepped_at=at)
            steps.append(casebook.add_trace_step(step))
        due, what = due_next(load_form(), default_policy(), request, steps)
        if what:
            expected[request.id] = due, "trace answered" if what == "answer" else "trace sent"
    assert owed(casebook) == expected and len(expected) > 20
    assert {status for walk in walks(TraceStatus.PENDING, 6) for status in walk} > {*OPEN[1:]}


def test_a_hit_makes_it_urgent_from_then_on_and_its_end_routine_again(casebook: Casebook) -> None:
    one, other = pictured(casebook, "1"), pictured(casebook, "2")
    trace_id = sent(casebook, gun_of(casebook, one[0]))
    assert owed(casebook) == {trace_id: (ROUTINE_DUE, "trace answered")}
    comparison, verified = hit_between(casebook, one, other)
    soon = after_hours(verified.verified_at, 24)
    assert owed(casebook) == {trace_id: (soon, "trace answered")}
    casebook.add_conclusion(Conclusion(comparison.id, "AFTE", "elimination", "They differ."))
    assert owed(casebook) == {trace_id: (ROUTINE_DUE, "trace answered")}


def test_a_hit_before_it_was_sent_counts_from_the_sending(casebook: Casebook) -> None:
    one, other = pictured(casebook, "1"), pictured(casebook, "2")
    _, verified = hit_between(casebook, other, one)  # the gun's case on the other side
    request = ask(casebook, gun_of(casebook, one[0]))
    at = after_hours(verified.verified_at, 1)
    casebook.add_trace_step(TraceStep(request.id, TraceStatus.SENT, stepped_at=at))
    assert owed(casebook) == {request.id: (after_hours(at, 24), "trace answered")}


def test_a_test_fire_recorded_later_ties_the_gun_in(casebook: Casebook) -> None:
    one, other = pictured(casebook, "1"), pictured(casebook, "2")
    _, verified = hit_between(casebook, one, other)
    gun = gun_of(casebook, pictured(casebook, "3")[0])
    trace_id = sent(casebook, gun)
    assert owed(casebook)[trace_id][0] == ROUTINE_DUE
    exhibit = next(x for x in casebook.exhibits() if x.case_id == one[0])
    fired = CartridgeCase(exhibit.id, "TF", role="test fire", firearm_id=gun.id)
    casebook.add_cartridge_case(fired)
    assert owed(casebook)[trace_id][0] == after_hours(verified.verified_at, 24)
    assert set(casebook.cases_of_gun(gun.id)) == {gun_case(casebook, gun), one[0]}
    assert casebook.traces_of_cases({one[0]}) == {trace_id}


def gun_case(casebook: Casebook, gun: Firearm) -> str:
    return casebook.exhibit(gun.exhibit_id).case_id


def test_joining_and_leaving_a_gun_group_ties_in_and_loosens(casebook: Casebook) -> None:
    one, other = pictured(casebook, "1"), pictured(casebook, "2")
    _, verified = hit_between(casebook, one, other)
    gun = gun_of(casebook, pictured(casebook, "3")[0])
    trace_id = sent(casebook, gun)
    group = casebook.add_gun(GunRecord("Gun A", None, gun.id))
    fired = next(
        c for c in casebook.cartridge_cases() if casebook.exhibit(c.exhibit_id).case_id == one[0]
    )
    step = GunStep(group.id, fired.id, "joined", "made", new_id())
    casebook.add_gun_step(step)
    assert owed(casebook)[trace_id][0] == after_hours(verified.verified_at, 24)
    casebook.add_gun_step(replace(step, kind="left", act="left", id=new_id()))
    assert owed(casebook)[trace_id][0] == ROUTINE_DUE
