"""Trace requests through the workbench: prefilled, refused, urgent by a hit, stepped, kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.casework.traces import TraceRequest, TraceStatus
from app.domain import CaseheadError, Changes
from app.workbench import Registration, Workbench


@dataclass(frozen=True)
class _Link:
    case_a: str
    case_b: str
    state: str = "hit"
    since: str = "2026-03-02T10:00:00+00:00"


def register(workbench: Workbench, case: str = "2026-0412", serial: str = "A12345") -> str:
    """A recovered gun with a test fire; the firearm's id."""
    workbench.register(
        Registration(
            *(case, "1", f"{case}-TF"),
            calibre="9 mm Luger",
            firearm_make="Rovera",
            firearm_model="R9",
            firearm_serial=serial,
        )
    )
    guns = workbench.untraced_guns()
    return guns[0].firearm_id


def complete(request: TraceRequest, **more: str) -> TraceRequest:
    """With what no record of the tests says."""
    told = {"type": "P", "country": "US", "ncic_code": "0999", **more}
    return replace(request, fields={**request.fields, **told})


def test_draft_knows_the_gun_and_who_asks(empty_workbench: Workbench) -> None:
    draft = empty_workbench.trace_draft(register(empty_workbench))
    fields = draft.fields
    assert (fields["manufacturer"], fields["model"], fields["serial"]) == ("Rovera", "R9", "A12345")
    assert (fields["ori"], fields["case_number"]) == ("XX0990100", "2026-0412")
    assert draft.priority == "routine"
    assert "Country of origin" in empty_workbench.trace_lacks(draft)


def test_an_urgent_answer_is_due_on_the_board_when_the_list_says(
    empty_workbench: Workbench,
) -> None:
    wanted = complete(
        empty_workbench.trace_draft(register(empty_workbench)),
        **{"priority": "urgent", "justification": "A homicide."},
    )
    kept = empty_workbench.request_trace(wanted)
    empty_workbench.trace_step(kept.id, "sent", "By mail")
    (waits,) = (one for one in empty_workbench.board().lines if one.kind == "trace")
    due = empty_workbench.trace_line(kept.id).due_at
    assert (waits.stage, waits.due_at) == ("trace answered", due)
    assert empty_workbench.check_clock() == ()


def test_incomplete_request_is_refused_whole(empty_workbench: Workbench) -> None:
    draft = empty_workbench.trace_draft(register(empty_workbench))
    with pytest.raises(CaseheadError, match=r"Crime code.*Type.*Country"):
        empty_workbench.request_trace(draft)
    assert empty_workbench.trace_lines() == ()


def test_request_has_its_clock_and_goes_on_by_steps(empty_workbench: Workbench) -> None:
    heard: list[Changes] = []
    empty_workbench.subscribe(heard.append)
    gun = register(empty_workbench)
    kept = empty_workbench.request_trace(complete(empty_workbench.trace_draft(gun)))
    assert empty_workbench.untraced_guns() == ()
    (line,) = empty_workbench.trace_lines()
    assert (line.status, line.due_for, line.due_at) == ("pending", "to send", kept.due_at)
    assert line.gun == "Rovera R9 A12345"
    empty_workbench.trace_step(kept.id, "sent", "By mail")
    assert empty_workbench.trace_line(kept.id).due_for == "answer"
    empty_workbench.trace_step(kept.id, "completed", "", {"outcome": "purchaser"})
    empty_workbench.trace_step(kept.id, "closed", "Told to the investigator")
    line = empty_workbench.trace_line(kept.id)
    assert [str(s.status) for s in line.steps] == ["sent", "completed", "closed"]
    assert line.answer == {"outcome": "purchaser"}
    assert empty_workbench.trace_counts() == {TraceStatus.CLOSED: 1}
    assert sum(c.traces for c in heard) == 4
    with pytest.raises(CaseheadError, match="cannot become"):
        empty_workbench.trace_step(kept.id, "sent")
    with pytest.raises(CaseheadError, match="no status"):
        empty_workbench.trace_step(kept.id, "lost")


def test_second_open_request_is_refused_unless_it_replaces(empty_workbench: Workbench) -> None:
    gun = register(empty_workbench)
    first = empty_workbench.request_trace(complete(empty_workbench.trace_draft(gun)))
    with pytest.raises(CaseheadError, match="still open"):
        empty_workbench.request_trace(complete(empty_workbench.trace_draft(gun)))
    draft = replace(empty_workbench.trace_draft(gun), replaces=first.id)
    second = empty_workbench.request_trace(complete(draft, serial="A12346"))
    newer, older = empty_workbench.trace_lines()
    assert (newer.request.id, newer.status) == (second.id, "pending")
    assert (older.status, older.replaced_by) == ("cancelled", second.id)
    assert empty_workbench.trace_lines(("pending",)) == (newer,)


def test_a_hit_makes_it_urgent_before_and_after(
    empty_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gun = register(empty_workbench)
    other = empty_workbench.request_trace(complete(empty_workbench.trace_draft(gun)))
    assert not empty_workbench.trace_line(other.id).urgent
    cases = {c.case.number: c.case.id for c in empty_workbench.tree()}
    register(empty_workbench, "2026-0500", "B1")
    cases = {c.case.number: c.case.id for c in empty_workbench.tree()}
    _tie(monkeypatch, _Link(cases["2026-0412"], cases["2026-0500"]))
    line = empty_workbench.trace_line(other.id)
    assert line.urgent and "2026-0412 with 2026-0500" in line.raised_by
    told = json.loads(empty_workbench.trace_json(other.id))
    assert told["priority"] == {"raised_by": line.raised_by, "value": "urgent"}
    gun = empty_workbench.untraced_guns()[0].firearm_id
    draft = complete(empty_workbench.trace_draft(gun), priority="routine")
    assert empty_workbench.request_trace(draft).priority == "urgent"


def test_a_lead_alone_raises_nothing(
    empty_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gun = register(empty_workbench)
    (case,) = (c.case.id for c in empty_workbench.tree())
    _tie(monkeypatch, _Link(case, "another", "lead"))
    assert not empty_workbench.trace_draft(gun).urgent


def test_casebook_is_sound_with_requests(empty_workbench: Workbench) -> None:
    gun = register(empty_workbench)
    kept = empty_workbench.request_trace(complete(empty_workbench.trace_draft(gun)))
    empty_workbench.trace_step(kept.id, "error", "No such maker")
    assert empty_workbench.check() == ()
    assert empty_workbench.trace_json(kept.id) == empty_workbench.trace_json(kept.id)


def _tie(monkeypatch: pytest.MonkeyPatch, *links: _Link) -> None:
    def asked(_self: Any, case_ids: Any = None) -> tuple[_Link, ...]:
        return tuple(x for x in links if case_ids is None or {x.case_a, x.case_b} & set(case_ids))

    told: Callable[..., Any] = asked
    monkeypatch.setattr(Workbench, "links", told)
    monkeypatch.setattr(Workbench, "_all", told)
