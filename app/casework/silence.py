"""When a lead was silent for too long, by the targets of the review clock."""

from __future__ import annotations

from app.casework.clock import Policy, parsed
from app.casework.reviews import LeadLine


def silent(line: LeadLine, policy: Policy, at: str) -> str:
    """What has not been heard of a lead although it was due before ``at``; "" nothing.

    A proposed lead waits for a second reviewer; one that was agreed on waits to be told to the
    investigators, and then for what they say.
    """
    if line.state == "proposed":
        since = line.lead.proposed_at
        return _late(policy, "lead", since, at, "no second reviewer looked at it")
    if line.state != "open":
        return ""
    if not line.told:
        return _late(policy, "told", line.agreed_at, at, "nobody was told of it")
    heard = line.last_feedback.stepped_at if line.last_feedback else ""
    what = "nothing more was heard" if heard else "no feedback from investigators"
    return _late(policy, "answered", heard or line.agreed_at, at, what)


def _late(policy: Policy, stage: str, since: str, at: str, what: str) -> str:
    due = policy.due(stage, since) if since else ""
    if not due or parsed(due) > parsed(at):
        return ""
    days = round(policy.calendar.business_days(since, at))
    count = f"{days} business day{'' if days == 1 else 's'}"
    return f"{what} for {count}".capitalize()
