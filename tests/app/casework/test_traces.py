"""Trace requests as values: the form, its required fields, what follows what, what is due."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest

from app.casework.clock import default_policy
from app.casework.trace_form import load_form, missing, tidy
from app.casework.traces import (
    NEXT,
    TraceLine,
    TraceRequest,
    TraceStatus,
    TraceStep,
    checked,
    checked_step,
    document,
    due_next,
    prefilled,
    raised,
    time_to_crime,
)
from app.domain import CaseheadError

FORM = load_form()
KNOWN = {
    "firearm.make": "Rovera",
    "firearm.model": "R9",
    "firearm.serial": "A 12345",
    "firearm.calibre": "9 mm Luger",
    "firearm.type": "pistol",
    "firearm.country": "Italy",
    "firearm.importer": "Import Ltd",
    "case.number": "2026-0412",
    "author.ori": "XX0990100",
    "event.ncic_code": "homicide",
}
FULL = prefilled(FORM, "gun", KNOWN)


def test_form_asks_for_the_fields_of_the_public_form() -> None:
    always = {f.key for f in FORM.fields if f.required}
    assert always == {
        *("priority", "ncic_code", "project_code", "requester", "obliterated"),
        *("manufacturer", "type", "calibre", "model", "country"),
    }
    conditional = {f.key for f in FORM.fields if f.when is not None}
    assert conditional == {
        *("justification", "organisation_code", "ori", "serial", "restoration", "importer"),
    }
    coded = {f.key for f in FORM.fields if f.codes is not None}
    assert {"priority", "ncic_code", "project_code", "type", "obliterated"} <= coded
    assert FORM.send_within_hours == 24


def test_prefilled_takes_what_the_record_knows_and_turns_words_into_codes() -> None:
    assert FULL.fields["manufacturer"] == "Rovera"
    assert FULL.fields["type"] == "P"
    assert FULL.fields["ncic_code"] == "0999"
    assert FULL.fields["obliterated"] == "no"
    assert FULL.fields["ori"] == "XX0990100"
    assert FULL.priority == "routine"
    assert not missing(FORM.fields, FULL.fields)
    assert "type" not in prefilled(FORM, "gun", {"firearm.type": "blunderbuss"}).fields


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(CaseheadError) as told:
        checked(FORM, TraceRequest("gun", {"requester": "agency", "obliterated": "no"}))
    for label in ("ORI", "Serial number", "Manufacturer", "Type", "Calibre", "Model", "Country"):
        assert label in str(told.value)
    assert "Importer" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ({"serial": "", "obliterated": "no"}, ["serial"]),
        ({"serial": "", "obliterated": "yes"}, ["restoration"]),
        ({"serial": "", "obliterated": "yes", "restoration": "12?4 after etching"}, []),
        ({"importer": ""}, ["importer"]),
        ({"importer": "", "country": "usa"}, []),
        ({"priority": "urgent"}, ["justification"]),
        ({"requester": "ATF", "ori": ""}, ["organisation_code"]),
        ({"ori": ""}, ["ori"]),
    ],
)
def test_what_is_required_depends_on_what_is_said(
    given: dict[str, str], lacking: list[str]
) -> None:
    assert [f.key for f in missing(FORM.fields, {**FULL.fields, **given})] == lacking


def test_values_are_tidied_and_unknown_ones_refused() -> None:
    tidied = tidy(
        FORM.fields, {"serial": "  A\t12 ", "possessor_sex": "Female", "possessor_name": ""}
    )
    assert tidied == {"serial": "A 12", "possessor_sex": "F"}
    for wrong in (
        {"colour": "black"},
        {"type": "blunderbuss"},
        {"ncic_code": "9a"},
        {"recovered_on": "yesterday"},
    ):
        with pytest.raises(CaseheadError):
            tidy(FORM.fields, wrong)
    assert tidy(FORM.fields, {"ncic_code": "0912"}) == {"ncic_code": "0912"}


def test_a_hit_raises_the_priority_and_keeps_a_persons_words() -> None:
    first = raised(FULL, "The gun is tied to a hit: 1 with 2.")
    assert first.urgent and first.raised_by
    assert first.fields["justification"] == "The gun is tied to a hit: 1 with 2."
    assert raised(first, first.raised_by) == first
    own = replace(FULL, fields={**FULL.fields, "justification": "Officer shot"})
    assert raised(own, "A hit.").fields["justification"] == "Officer shot\nA hit."
    assert raised(FULL, "") is FULL


@pytest.mark.parametrize(("before", "after"), tuple(product(TraceStatus, TraceStatus)))
def test_a_step_only_follows_where_it_may(before: TraceStatus, after: TraceStatus) -> None:
    answer = {"outcome": "dealer"} if after is TraceStatus.COMPLETED else {}
    step = TraceStep("trace", after, "because", answer)
    if after in NEXT[before]:
        assert checked_step(FORM, before, step).status is after
    else:
        with pytest.raises(CaseheadError):
            checked_step(FORM, before, step)


def test_an_answer_needs_its_outcome_and_an_end_its_reason() -> None:
    sent, completed = TraceStatus.SENT, TraceStatus.COMPLETED
    with pytest.raises(CaseheadError, match="Outcome"):
        checked_step(FORM, sent, TraceStep("t", completed, "", {"dealer": "Shop"}))
    with pytest.raises(CaseheadError, match="cancelled"):
        checked_step(FORM, sent, TraceStep("t", TraceStatus.CANCELLED, " "))
    with pytest.raises(CaseheadError, match="completed"):
        checked_step(FORM, sent, TraceStep("t", TraceStatus.ERROR, "x", {"outcome": "dealer"}))


def _stepped(*told: tuple[str, str]) -> tuple[TraceStep, ...]:
    return tuple(TraceStep("t", TraceStatus(status), stepped_at=at) for status, at in told)


def test_due_is_a_day_by_the_clock_then_the_answer() -> None:
    def due(steps: tuple[TraceStep, ...], hit_since: str = "", **more: str) -> tuple[str, str]:
        asked = replace(FULL, due_at="2026-03-02T10:00:00+00:00", fields={**FULL.fields, **more})
        return due_next(FORM, default_policy(), asked, steps, hit_since)

    assert due(()) == ("2026-03-02T10:00:00+00:00", "to send")
    sent = _stepped(("sent", "2026-03-06T17:00:00+00:00"))  # a Friday: weekends count
    assert due(sent, priority="urgent") == ("2026-03-07T17:00:00+00:00", "answer")
    assert due(sent) == ("2026-03-20T17:00:00+00:00", "answer"), "ten business days"
    assert due(sent, "2026-03-01T00:00:00+00:00") == ("2026-03-07T17:00:00+00:00", "answer")
    assert due(sent, "2026-03-10T09:00:00+00:00") == ("2026-03-11T09:00:00+00:00", "answer")
    failed = (*sent, *_stepped(("error", "2026-03-07T09:00:00+00:00")))
    assert due(failed, priority="urgent") == ("2026-03-08T09:00:00+00:00", "to send again")
    done = (*sent, *_stepped(("completed", "2026-03-07T09:00:00+00:00")))
    assert due(done, priority="urgent") == ("", "")


def test_overdue_compares_moments_not_texts() -> None:
    line = TraceLine(FULL, TraceStatus.PENDING, "gun", "1", due_at="2026-03-02T10:00:00+00:00")
    assert not line.overdue("2026-03-02T10:30:00+01:00")
    assert line.overdue("2026-03-02T10:00:01+00:00")


def test_document_is_the_same_text_and_tells_codes_in_words() -> None:
    answer = {"outcome": "purchaser", "purchased_on": "2025-03-01"}
    step = TraceStep("t", TraceStatus.COMPLETED, "", answer, stepped_at="2026-03-07T09:00:00+00:00")
    request = replace(FULL, fields={**FULL.fields, "recovered_on": "2026-03-01"})
    line = TraceLine(request, TraceStatus.COMPLETED, "Rovera R9", "2026-0412 / 1", steps=(step,))
    told = json.loads(document(FORM, line))
    assert document(FORM, line) == document(FORM, replace(line))
    assert told["fields"]["firearm"]["type"] == "P"
    assert told["fields"]["firearm"]["type_words"] == "pistol"
    assert told["answer"]["outcome"] == "purchaser"
    assert told["time_to_crime_days"] == time_to_crime(line) == 365
    shuffled = replace(
        line, request=replace(request, fields=dict(reversed(request.fields.items())))
    )
    assert document(FORM, shuffled) == document(FORM, line)


def test_the_form_asks_for_all_of_the_public_one_and_says_what_it_cannot_check() -> None:
    """R29: the starred fields are required, the coded ones offer their lists."""
    bare = {one.key for one in missing(FORM.fields, {"obliterated": "no"})}
    assert bare >= {"ncic_code", "serial", "manufacturer", "type", "calibre", "model", "country"}
    assert FORM.field("priority").required and FORM.field("project_code").required  # preset
    agency = {one.key for one in missing(FORM.fields, {"requester": "agency", "country": "AT"})}
    assert {"ori", "importer"} <= agency and "organisation_code" not in agency
    atf = {one.key for one in missing(FORM.fields, {"requester": "ATF", "country": "US"})}
    assert "organisation_code" in atf and not {"ori", "importer"} & atf
    urgent = {one.key for one in missing(FORM.fields, {"priority": "urgent"})}
    assert "justification" in urgent
    altered = {one.key for one in missing(FORM.fields, {"obliterated": "yes"})}
    assert "restoration" in altered and "serial" not in altered
    for key in ("priority", "ncic_code", "project_code", "type", "obliterated"):
        assert FORM.field(key).codes, key
    assert "Not checked: whether the tracing centre takes these codes" in FORM.unchecked
