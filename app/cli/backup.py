"""``casehead backup``: what it does and says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.cli.voice import Voice
from app.domain import CaseheadError
from app.store import Casebook
from app.store.backup import Retention, Snapshot, restore, snapshots, thin


def make_command(voice: Voice, folder: Path, target: Path) -> None:
    """Add a snapshot; damaged pictures are named and refuse."""
    with Casebook.open(folder, create=False) as casebook:
        made = casebook.backup(target, voice.job)
    for name in made.damaged:
        voice.refuse(f"{name} is damaged in the casebook and was not copied; run casehead doctor.")
    voice.result(_facts(made), lambda: [_line(made)])


def list_command(voice: Voice, target: Path) -> None:
    """The snapshots, the oldest first."""
    found = snapshots(target)
    if not found:
        voice.note(f"There is no snapshot in {target}.")
    voice.result([_facts(one) for one in found], lambda: [_line(one) for one in found])


def restore_command(voice: Voice, target: Path, folder: Path, at: str) -> None:
    """Make a casebook of a snapshot. Raises CaseheadError when there is none of that moment."""
    found = [one for one in snapshots(target) if at in ("", one.at)]
    if not found:
        raise CaseheadError(
            f"There is no such snapshot in {target}; casehead backup list shows all."
        )
    restore(found[-1], folder, voice.job)
    with Casebook.open(folder, read_only=True) as casebook:
        audit, problems = casebook.verify(voice.job)
    for problem in problems:
        voice.refuse(problem)
    document = {**_facts(found[-1]), "casebook": folder, "lines": audit.lines}
    voice.result(document, lambda: [f"Restored into {folder}: {_line(found[-1])}"])


def thin_command(voice: Voice, target: Path, days: int, weeks: int, months: int) -> None:
    """Delete what need not stay."""
    gone = thin(target, Retention(days, weeks, months))
    voice.result(
        {"deleted": [_facts(one) for one in gone]},
        lambda: [f"{len(gone)} snapshots deleted, {len(snapshots(target))} stay."],
    )


def _facts(one: Snapshot) -> dict[str, Any]:
    return {
        "snapshot": one.folder,
        "at": one.at,
        "lines": one.lines,
        "head": one.head,
        "pictures": one.pictures,
        "damaged": one.damaged,
    }


def _line(one: Snapshot) -> str:
    return f"{one.at}  {one.lines} lines of the journal, {one.pictures} pictures  {one.folder}"
