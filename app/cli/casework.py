"""``casehead leads|hits|verifications``: what stands between cases, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.casework.links import Link
from app.casework.reviews import LEAD_STATES, LeadLine, LeadState, TaskLine
from app.cli.books import looking
from app.cli.voice import table
from app.domain import CaseheadError

_HIDDEN = "(hidden: a blind verification waits)"


def leads_command(folder: Path, state: str, owner: str) -> tuple[LeadLine, ...]:
    """The leads of a state and an owner, "" all. Raises CaseheadError for an unknown state."""
    if state and state not in LEAD_STATES:
        raise CaseheadError(f"No lead is '{state}'; write one of: {', '.join(LEAD_STATES)}.")
    wanted: LeadState | None = next((one for one in LEAD_STATES if one == state), None)
    with looking(folder) as workbench:
        return workbench.leads(wanted, owner or None)


def lead_document(line: LeadLine) -> dict[str, Any]:
    """What ``--json`` prints of a lead."""
    feedback = line.last_feedback
    return {
        "id": line.lead.id,
        "state": line.state,
        "cases": list(line.case_names),
        "owner": line.owner,
        "business_days": line.age,
        "proposed_by": line.lead.author.examiner if line.lead.author else "",
        "proposed_at": line.lead.proposed_at,
        "agreed_by": line.agreed_by,
        "agreed_at": line.agreed_at,
        "reason": line.lead.reason,
        "feedback": feedback.outcome if feedback else "",
        "notices": line.told,
        "hidden": line.hidden,
    }


def leads_lines(lines: Sequence[LeadLine]) -> list[str]:
    """The ledger for people."""
    if not lines:
        return ["There are no such leads."]
    rows = [
        (
            line.state,
            " - ".join(line.case_names),
            line.owner,
            line.age,
            line.last_feedback.outcome if line.last_feedback else "none",
            _HIDDEN if line.hidden else line.lead.reason,
        )
        for line in lines
    ]
    return [
        "Leads (associations seen on screen, not confirmed unless it says so):",
        *table(("state", "cases", "owner", "business days", "feedback", "reason"), rows),
    ]


def hits_command(folder: Path) -> tuple[tuple[Link, tuple[str, str]], ...]:
    """The hits with the numbers of their cases, newest first."""
    with looking(folder) as workbench:
        found = ((link, sorted(workbench.names_of(link))) for link in workbench.hits())
        return tuple((link, (one, other)) for link, (one, other) in found)


def hit_document(link: Link, names: tuple[str, str]) -> dict[str, Any]:
    """What ``--json`` prints of a hit."""
    return {
        "cases": list(names),
        "since": link.since,
        "counted": link.counted,
        "why_not": link.why_not,
        "comparisons": list(link.comparisons),
        "leads": list(link.leads),
        "started_by": link.started_by,
        "confirmed_by": link.confirmed_by,
    }


def hits_lines(found: Sequence[tuple[Link, tuple[str, str]]]) -> list[str]:
    """The hits for people."""
    if not found:
        return ["There are no hits."]
    rows = [
        (link.since[:10], " - ".join(names), "yes" if link.counted else link.why_not)
        for link, names in found
    ]
    count = sum(link.counted for link, _ in found)
    return [
        f"Hits (links between two cases, confirmed on the specimens and verified), {count} "
        "counted:",
        *table(("since", "cases", "counted"), rows),
    ]


def verifications_command(folder: Path, everything: bool) -> tuple[TaskLine, ...]:
    """What was asked for and waits; ``everything`` what was answered too."""
    with looking(folder) as workbench:
        return workbench.verification_tasks(waiting_only=not everything)


def task_document(line: TaskLine) -> dict[str, Any]:
    """What ``--json`` prints of a verification asked for."""
    task = line.task
    return {
        "id": task.id,
        "comparison": task.comparison_id,
        "specimens": list(line.names),
        "mode": task.mode,
        "third": task.third,
        "verifier": task.verifier,
        "asked_by": task.author.examiner if task.author else "",
        "asked_at": task.asked_at,
        "waiting": line.waiting,
    }


def tasks_lines(lines: Sequence[TaskLine]) -> list[str]:
    """The same for people."""
    if not lines:
        return ["No verification waits."]
    rows = [
        (
            line.task.asked_at[:10],
            " against ".join(line.names),
            f"{line.task.mode}{', third' if line.task.third else ''}",
            line.task.verifier or "anybody qualified",
            "waits" if line.waiting else "over",
        )
        for line in lines
    ]
    return ["Verifications:", *table(("asked", "specimens", "mode", "of whom", "state"), rows)]
