"""Trace requests in words: how they stand, what is due, what was said."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.casework.trace_form import Form
from app.casework.traces import NEXT, TraceLine, TraceStatus, time_to_crime
from app.store.traces import UntracedGun
from app.workbench.instrument_words import local_moment

OPEN, ANSWERED, ALL, GUNS = "open", "answered", "all", "guns without a request"
SHOWN: dict[str, tuple[TraceStatus, ...]] = {
    OPEN: (TraceStatus.PENDING, TraceStatus.SENT, TraceStatus.IN_PROCESS, TraceStatus.ERROR),
    ANSWERED: (TraceStatus.COMPLETED, TraceStatus.CLOSED),
    ALL: (),
}
"""What a list of requests shows: the statuses, none for all of them."""


def due_words(line: TraceLine, at: str) -> str:
    """What is due next and when, how late it is where it is late; "" when nothing is."""
    if not line.due_at:
        return ""
    left = datetime.fromisoformat(line.due_at) - datetime.fromisoformat(at)
    what = f"{line.due_for[0].upper()}{line.due_for[1:]}"
    if left < timedelta():
        return f"{what}: overdue by {_span(-left)}"
    return f"{what} within {_span(left)}"


def priority_words(line: TraceLine) -> str:
    """Urgent or routine."""
    return "▲ urgent" if line.urgent else "routine"


def heading(line: TraceLine) -> str:
    """How a request stands, in a sentence or two."""
    request = line.request
    asked = f"Requested {local_moment(request.requested_at)}"
    by = f" by {request.author.examiner}" if request.author else ""
    told = [f"{asked}{by}; {line.status}."]
    if line.replaced_by:
        told.append("A later request replaced it.")
    if line.raised_by:
        told.append(f"Urgent: {line.raised_by}")
    days = time_to_crime(line)
    if days is not None:
        told.append(f"{days} days from the first purchase to the recovery.")
    return " ".join(told)


def fields_words(form: Form, line: TraceLine) -> tuple[tuple[str, str], ...]:
    """Group titles ("" value) and, below each, labels with their values, empty ones left out."""
    told: list[tuple[str, str]] = []
    for key, title in form.groups:
        fields = [f for f in form.fields if f.group == key and line.request.fields.get(f.key)]
        rows = [(f.label, f.words(line.request.fields[f.key])) for f in fields]
        told += [(title, ""), *rows] if rows else []
    return tuple(told)


def steps_words(form: Form, line: TraceLine) -> tuple[str, ...]:
    """A sentence for each step, the newest first."""
    told = []
    for step in reversed(line.steps):
        by = step.author.examiner if step.author else ""
        words = [f"{local_moment(step.stepped_at)}, {by}: {step.status}.", step.text]
        words += [
            f"{f.label}: {f.words(step.answer[f.key])}."
            for f in form.answer
            if step.answer.get(f.key)
        ]
        told.append(" ".join(filter(None, words)))
    return tuple(told)


def next_statuses(line: TraceLine) -> tuple[str, ...]:
    """What a request can become from here."""
    return tuple(map(str, NEXT[line.status]))


def may_be_replaced(line: TraceLine) -> bool:
    """Whether another request may take its place: it can still be cancelled."""
    return TraceStatus.CANCELLED in NEXT[line.status] and not line.replaced_by


def gun_since(gun: UntracedGun, at: str) -> str:
    """How long a gun has been on the record without a request."""
    span = datetime.fromisoformat(at) - datetime.fromisoformat(gun.since)
    return f"on the record for {_span(span)}"


def _span(span: timedelta) -> str:
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"
