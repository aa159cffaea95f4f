"""The journal, its verification, checks, backups and retention in words."""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.domain import JournalLine
from app.store.audit import Audit
from app.store.backup import Retention, Snapshot
from app.store.guard import CheckRun
from app.store.journal_list import SignedLine
from app.workbench.guarding import Guarded, Kept, StationKey
from app.workbench.instrument_words import local_day, local_moment

EVERY_WORDS = {"never": "only by hand", "day": "every day", "week": "every week"}
_SHORT = 110


def summary(line: JournalLine) -> str:
    """The detail of a line on one line, without the digest that vouches for a record."""
    told = [f"{key} {_plain(value)}" for key, value in line.detail.items() if key != "content"]
    text = ", ".join(told)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def readable(line: JournalLine) -> str:
    """The detail as JSON for people."""
    return json.dumps(line.detail, indent=2, ensure_ascii=False, sort_keys=True)


def signed_words(one: SignedLine, keys: Sequence[StationKey]) -> str:
    """Who signed a line, and whether this computer knows that key."""
    if not one.signed_by:
        return "Not signed: it is older than signing; the first signed line vouches for it."
    key = next((key for key in keys if key.id == one.signed_by), None)
    if key is None:
        return f"Signed with a key that the casebook does not hold ({one.signed_by})."
    known = "known here" if key.trusted else "NOT known here"
    return f"Signed by station {key.station}, key {key.id[:8]}…, {known}."


def keys_words(keys: Sequence[StationKey]) -> str:
    """All keys of the journal, and which are known."""
    told = [
        f"{key.station} ({key.id[:8]}…, {'known here' if key.trusted else 'NOT known here'})"
        for key in keys
    ]
    return f"Keys: {'; '.join(told)}" if told else "No line is signed yet."


def verdict(found: Audit) -> tuple[str, bool]:
    """Whether the journal holds, in words, and whether anything needs attention."""
    if found.breaks:
        first = found.breaks[0]
        more = f" There are {len(found.breaks) - 1} more breaks." if found.breaks[1:] else ""
        return (
            f"The journal does NOT hold. Line {first.seq} {first.what}.{more} Keep a copy of the "
            "folder; restore a backup from before and compare.",
            True,
        )
    if found.strangers:
        names = ", ".join(one.station for one in found.strangers)
        return (
            f"All {found.lines} lines hold together, but keys of {names} are not known on this "
            "computer; ask for their public key and say casehead audit trust.",
            True,
        )
    told = [f"All {found.lines} lines are as their stations signed them."]
    if found.unsigned_to:
        told.append(
            f"Lines 1 to {found.unsigned_to} are older than signing; the next one vouches for them."
        )
    told += [f"Line {one.seq} {one.what}. Was a backup put back?" for one in found.lost]
    return " ".join(told), bool(found.lost)


def break_words(found: Audit | None, seq: int) -> str:
    """What is wrong with a line; "" when nothing is."""
    told = [one.what for one in found.breaks if one.seq == seq] if found is not None else []
    return f"This line {'; it '.join(told)}." if told else ""


def check_words(run: CheckRun) -> str:
    """What came of a check, on one line."""
    if not run.problems:
        return f"{run.lines} lines, every record and picture hold"
    what = "problem" if run.problems == 1 else "problems"
    if run.acknowledged_at:
        when = local_day(run.acknowledged_at)
        return (
            f"{run.problems} {what}; acknowledged {when} by {run.acknowledged_by}: "
            f"{run.acknowledged_why}"
        )
    return f"{run.problems} {what}: {run.sentences[0] if run.sentences else ''}"


def guard_words(one: Guarded) -> str:
    """What was done last and what is due, in a few sentences."""
    told = []
    if one.last_backup is None:
        told.append("There is no backup yet.")
    else:
        told.append(f"Last backup {local_moment(one.last_backup.at)}.")
    if one.backup_due:
        told.append("A backup is due.")
    if one.last_check is None:
        told.append("The casebook was never checked.")
    else:
        said = check_words(one.last_check).rstrip(".")
        told.append(f"Last check {local_moment(one.last_check.at)}: {said}.")
    if one.check_due:
        told.append("A check is due.")
    return " ".join(told)


def attention(one: Guarded) -> str:
    """What must stay in sight wherever one works; "" when nothing must."""
    if not one.failed:
        return ""
    return (
        f"The casebook check of {local_moment(one.failed[0].at)} found "
        f"{one.failed[0].problems} problems: see Lab, Backups."
    )


def plan_words(one: Guarded) -> str:
    """Both plans, in words."""
    plan, days = one.backup_plan, one.check_plan.every_days
    where = f" to {plan.folder}" if plan.folder else ""
    check = f"checked by itself every {days} days" if days else "checked only by hand"
    thin = f"; of old ones {keep_words(plan.keep)} stay" if plan.thin else "; all stay"
    return f"Backups {EVERY_WORDS[plan.every]}{where}{thin}. The casebook is {check}."


def keep_words(keep: Retention) -> str:
    """Which backups stay."""
    return f"one for each of {keep.days} days, {keep.weeks} weeks and {keep.months} months"


def snapshot_words(one: Snapshot) -> str:
    """What a backup holds."""
    damaged = f", {len(one.damaged)} damaged pictures left out" if one.damaged else ""
    return f"{one.lines} lines of the journal, {one.pictures} pictures{damaged}"


def kept_words(kept: Kept) -> str:
    """How long a kind of record is kept, and what is past that."""
    past = f"; past its time: {kept.count}" if kept.count else ""
    names = ", ".join(one.name for one in kept.past[:5])
    return f"{kept.rule.what}: {kept.rule.words}{past}{f' ({names} ...)' if names else ''}"
