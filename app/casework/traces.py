"""Trace requests: what is asked about a gun, how urgent it is, how far it has come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.casework.clock import Policy
from app.casework.trace_form import Form, need_complete, tidy
from app.domain import Author, CaseheadError, new_id

ROUTINE, URGENT = "routine", "urgent"
SENT, ANSWERED = "trace sent", "trace answered"
"""The stages of the review clock."""


class TraceStatus(StrEnum):
    """How far a request has come; the newest step tells."""

    PENDING = "pending"
    SENT = "sent"
    IN_PROCESS = "in process"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ERROR = "error"


_S = TraceStatus
NEXT: Mapping[TraceStatus, tuple[TraceStatus, ...]] = {
    _S.PENDING: (_S.SENT, _S.CANCELLED, _S.ERROR),
    _S.SENT: (_S.IN_PROCESS, _S.COMPLETED, _S.ERROR, _S.CANCELLED),
    _S.IN_PROCESS: (_S.COMPLETED, _S.ERROR, _S.CANCELLED),
    _S.COMPLETED: (_S.CLOSED, _S.IN_PROCESS),
    _S.ERROR: (_S.SENT, _S.CANCELLED),
    _S.CLOSED: (),
    _S.CANCELLED: (),
}
OPEN = (_S.PENDING, _S.SENT, _S.IN_PROCESS, _S.ERROR)
"""Statuses in which somebody still has to do something, or an answer is awaited."""
_SAYING = {_S.CANCELLED: "it is cancelled", _S.ERROR: "it is in error", _S.CLOSED: "it is closed"}


@dataclass(frozen=True, slots=True)
class TraceRequest:
    """What is asked about one firearm; never changed once recorded.

    ``fields`` are by the keys of ``resources/trace.json``. ``raised_by`` is why the program made
    it urgent, "" where nobody but a person did. ``due_at`` is when it must have gone out.
    ``replaces`` is the request it stands for, which then is over.
    """

    firearm_id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    raised_by: str = ""
    replaces: str | None = None
    form_version: str = ""
    due_at: str = ""
    author: Author | None = None
    requested_at: str = ""
    id: str = field(default_factory=new_id)

    @property
    def priority(self) -> str:
        """``routine`` or ``urgent``."""
        return self.fields.get("priority", ROUTINE)

    @property
    def urgent(self) -> bool:
        """Whether it goes before others."""
        return self.priority == URGENT


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A request came further: who said so, when, with what words; ``answer`` where one came."""

    trace_id: str
    status: TraceStatus
    text: str = ""
    answer: Mapping[str, str] = field(default_factory=dict)
    author: Author | None = None
    stepped_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A request as it stands; ``raised_by`` is the hit that makes it urgent now.

    ``due_at`` is what is due next: to send it, then the answer; "" when nothing is.
    """

    request: TraceRequest
    status: TraceStatus
    gun: str
    case: str
    due_at: str = ""
    due_for: str = ""
    raised_by: str = ""
    steps: tuple[TraceStep, ...] = ()
    replaced_by: str = ""

    @property
    def urgent(self) -> bool:
        """Whether it goes before others, as asked or because of a hit since."""
        return self.request.urgent or bool(self.raised_by)

    @property
    def answer(self) -> Mapping[str, str]:
        """What came back, the newest; empty before."""
        told = [step.answer for step in self.steps if step.answer]
        return told[-1] if told else {}

    def overdue(self, at: str) -> bool:
        """Whether what is due next should have been done by a moment (ISO 8601)."""
        return bool(self.due_at) and datetime.fromisoformat(self.due_at) < datetime.fromisoformat(
            at
        )


def prefilled(form: Form, firearm_id: str, known: Mapping[str, str]) -> TraceRequest:
    """A request with all that the record says; ``known`` is by dotted names (``firearm.make``).

    What the form cannot take (a type without a code) is left empty, for a person to say.
    """
    values = {}
    for one in form.fields:
        told = next((known[name] for name in one.sources if known.get(name)), one.preset)
        try:
            values.update(tidy((one,), {one.key: told}))
        except CaseheadError:
            continue
    return TraceRequest(firearm_id, values, form_version=form.version)


def raised(request: TraceRequest, reason: str) -> TraceRequest:
    """The request made urgent because of ``reason``; a person's own justification stays."""
    if not reason:
        return request
    told = request.fields.get("justification", "")
    why = told if reason in told else "\n".join(filter(None, (told, reason)))
    fields = {**request.fields, "priority": URGENT, "justification": why}
    return replace(request, fields=fields, raised_by=reason)


def lowered(request: TraceRequest) -> TraceRequest:
    """The request as it was before ``raised``, for who must not see the reason yet."""
    told = request.fields.get("justification", "").splitlines()
    why = "\n".join(line for line in told if line not in request.raised_by.splitlines())
    fields = {**request.fields, "justification": why}
    if not why:
        fields["priority"] = ROUTINE
    return replace(request, fields=fields, raised_by="")


def checked(form: Form, request: TraceRequest) -> TraceRequest:
    """The request tidied. Raises CaseheadError naming all that is missing or not a code."""
    fields = tidy(form.fields, request.fields)
    need_complete(form.fields, fields, "The trace request")
    return replace(request, fields=fields, form_version=form.version)


def checked_step(form: Form, status: TraceStatus, step: TraceStep) -> TraceStep:
    """The step tidied, where it can follow ``status``. Raises CaseheadError where it cannot."""
    if step.status not in NEXT[status]:
        after = ", ".join(NEXT[status]) or "nothing"
        raise CaseheadError(
            f"A trace request that is {status} cannot become {step.status}; after {status} comes "
            f"{after}."
        )
    answer = tidy(form.answer, step.answer)
    if step.status is _S.COMPLETED:
        need_complete(form.answer, answer, "The answer")
    elif answer:
        raise CaseheadError("An answer belongs to the step 'completed'; nothing was recorded.")
    if step.status in _SAYING and not step.text.strip():
        raise CaseheadError(f"Say why {_SAYING[step.status]}; the words stay with the request.")
    return replace(step, text=step.text.strip(), answer=answer)


def after_hours(moment: str, hours: int) -> str:
    """A moment so many hours later (24 hours of the clock, not business hours)."""
    later = datetime.fromisoformat(moment) + timedelta(hours=hours)
    return later.isoformat(timespec="seconds")


def due_next(
    form: Form,
    policy: Policy,
    request: TraceRequest,
    steps: Sequence[TraceStep],
    hit_since: str = "",
) -> tuple[str, str]:
    """When something is due next and what: ``to send``, ``answer``; ("", "") when nothing is.

    An urgent one is to be answered within the hours of the form, counted from the hit where that
    came later (``hit_since``, "" where there is none); a routine one by the laboratory's target.
    """
    status = status_of(steps)
    if status is _S.PENDING:
        return request.due_at, "to send"
    if status is _S.ERROR:
        return after_hours(steps[-1].stepped_at, form.send_within_hours), "to send again"
    if status in (_S.SENT, _S.IN_PROCESS):
        sent = next(s for s in reversed(steps) if s.status is _S.SENT)
        if not request.urgent and not hit_since:
            return policy.due(ANSWERED, sent.stepped_at), "answer"
        since = sent.stepped_at if request.urgent else max(sent.stepped_at, hit_since)
        return after_hours(since, form.urgent_answer_within_hours), "answer"
    return "", ""


def status_of(steps: Sequence[TraceStep]) -> TraceStatus:
    """Of a request with these steps, oldest first; pending before any."""
    return steps[-1].status if steps else _S.PENDING


def time_to_crime(line: TraceLine) -> int | None:
    """Days from the first purchase to the recovery; None where either is not known."""
    bought = line.answer.get("purchased_on", "")
    found = line.request.fields.get("recovered_on", "")
    if not bought or not found:
        return None
    return (date.fromisoformat(found) - date.fromisoformat(bought)).days


def document(form: Form, line: TraceLine) -> str:
    """The request as JSON, the same text for the same record.

    An object with ``format`` "casehead-trace-request", ``format_version`` 1, ``id``, ``form``
    (name, version), ``firearm_id``, ``gun``, ``case``, ``requested_at``, ``requested_by``
    (agency, ori, station, examiner), ``priority`` (value, raised_by), ``due_at`` (of sending),
    ``status``, ``fields`` (by group: key to value, with ``<key>_words`` beside a code),
    ``answer``, ``time_to_crime_days`` (or null), ``replaces``, ``replaced_by`` and ``steps``
    (status, at, by, text, answer), oldest first. Keys are sorted, two spaces indent, UTF-8.
    """
    request = line.request
    told: dict[str, Any] = {
        "format": "casehead-trace-request",
        "format_version": 1,
        "id": request.id,
        "form": {"name": form.name, "version": request.form_version},
        "firearm_id": request.firearm_id,
        "gun": line.gun,
        "case": line.case,
        "requested_at": request.requested_at,
        "requested_by": _by(request.author),
        "priority": {"value": URGENT if line.urgent else ROUTINE, "raised_by": line.raised_by},
        "due_at": request.due_at,
        "status": str(line.status),
        "fields": _grouped(form, request.fields),
        "answer": dict(line.answer),
        "time_to_crime_days": time_to_crime(line),
        "replaces": request.replaces or "",
        "replaced_by": line.replaced_by,
        "steps": [_step(one) for one in line.steps],
    }
    return json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _by(author: Author | None) -> dict[str, str]:
    known = author or Author("", "", "")
    return {
        "agency": known.agency,
        "ori": known.ori,
        "station": known.station,
        "examiner": known.examiner,
    }


def _grouped(form: Form, fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = {key: {} for key, _ in form.groups}
    for one in form.fields:
        if one.key in fields:
            value = fields[one.key]
            told[one.group][one.key] = value
            if one.codes is not None:
                told[one.group][f"{one.key}_words"] = one.codes.get(value, value)
    return told


def _step(step: TraceStep) -> dict[str, Any]:
    told = {"status": str(step.status), "at": step.stepped_at, "text": step.text}
    return {**told, "by": _by(step.author), "answer": dict(step.answer)}
