"""``casehead area``, ``fields`` and ``clock``: what they do and say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app.casework.clock import Policy
from app.casework.record import record_fields
from app.casework.stages import TITLES
from app.casework.zones import computer_zone
from app.cli.books import Names, looking, recording
from app.cli.voice import Voice, table
from app.domain import Agency
from app.workbench import Workbench

_SHOWN = 6


def show_area_command(voice: Voice, folder: Path) -> None:
    """Which agencies are searched by default."""
    with looking(folder) as workbench:
        _tell_area(voice, workbench)


def set_area_command(
    voice: Voice, folder: Path, examiner: str, neighbours: Sequence[str] | None, reason: str
) -> None:
    """Say it. None is all there are. Raises CaseheadError for what is refused."""
    with recording(voice, folder, Names(examiner=examiner)) as workbench:
        workbench.set_search_area(neighbours, reason)
        _tell_area(voice, workbench)


def fields_command(voice: Voice, folder: Path, examiner: str, enforce: bool | None) -> None:
    """The fields of the record; before, whether those required are enforced where that is said."""
    if enforce is not None:
        with recording(voice, folder, Names(examiner=examiner)) as workbench:
            workbench.set_record_rules(enforce)
            _tell_fields(voice, workbench)
        return
    with looking(folder) as workbench:
        _tell_fields(voice, workbench)


def show_clock_command(voice: Voice, folder: Path) -> None:
    """The lab's calendar and targets."""
    with looking(folder) as workbench:
        _tell_clock(voice, workbench)


def zone_command(voice: Voice, folder: Path, examiner: str, name: str, reason: str) -> None:
    """Say the lab's time zone. Raises CaseheadError for what is refused."""
    with recording(voice, folder, Names(examiner=examiner)) as workbench:
        policy = workbench.clock_policy()
        workbench.set_clock_policy(
            replace(policy, calendar=replace(policy.calendar, zone=name)), reason
        )
        _tell_clock(voice, workbench)


def check_clock_command(voice: Voice, folder: Path) -> None:
    """Refused when the clock shows something else than the record says."""
    with looking(folder) as workbench:
        found = workbench.check_clock()
    voice.refused = bool(found)
    holds = "The clock shows what the record says."
    voice.result({"holds": not found, "problems": found}, lambda: found or (holds,))


def rebuild_clock_command(voice: Voice, folder: Path, examiner: str) -> None:
    """Make the clock anew from the record."""
    with recording(voice, folder, Names(examiner=examiner)) as workbench:
        workbench.rebuild_clock()
        left = workbench.check_clock()
    voice.refused = bool(left)
    voice.result({"problems": left}, lambda: left or ("The clock is made anew from the record.",))


def _tell_area(voice: Voice, workbench: Workbench) -> None:
    found = workbench.search_area()
    named = None if found is None else [{"name": a.name, "ori": a.ori} for a in found]
    voice.result({"area": named}, lambda: _area_lines(found))


def _area_lines(found: tuple[Agency, ...] | None) -> Iterable[str]:
    if found is None:
        return ("No search area is set: every search looks at all agencies' entries.",)
    return ("Searched by default:", *(f"  {a.name}  {a.ori}".rstrip() for a in found))


def _tell_fields(voice: Voice, workbench: Workbench) -> None:
    enforced, lists = workbench.record_rules(), workbench.pick_lists()
    told = [
        {
            "name": one.name,
            "label": one.label,
            "required": one.required,
            "picks": [p for p in lists.get(one.list, ()) if p not in one.refused],
            "closed": one.closed,
        }
        for one in record_fields().all
    ]
    voice.result({"enforced": enforced, "fields": told}, lambda: _field_lines(told, enforced))


def _field_lines(told: Sequence[Mapping[str, Any]], enforced: bool) -> Iterator[str]:
    how = "an entry that lacks one is refused" if enforced else "what lacks is only told"
    yield f"Fields marked * are required; here {how}."
    rows = [
        (f"{one['name']}{' *' if one['required'] else ''}", one["label"], _shortly(one["picks"]))
        for one in told
    ]
    yield from table(("name", "field", "to choose from"), rows)


def _shortly(picks: Sequence[str]) -> str:
    return ", ".join((*picks[:_SHOWN], *(("...",) if len(picks) > _SHOWN else ())))


def _tell_clock(voice: Voice, workbench: Workbench) -> None:
    policy, said = workbench.clock_policy(), bool(workbench.clock_policies())
    document = {
        "calendar": asdict(policy.calendar),
        "said": said,
        "computer_zone": computer_zone(),
        "targets": [{**asdict(one), "words": one.words} for one in policy.targets],
    }
    voice.result(document, lambda: _clock_lines(policy, said))


def _clock_lines(policy: Policy, said: bool) -> Iterator[str]:
    calendar = policy.calendar
    yield f"Time zone {calendar.zone}, {calendar.opens} to {calendar.closes}"
    if not said:
        own = computer_zone() or "not known"
        yield (
            f"Nobody has said the lab's time zone yet (this computer's is {own}); say it with "
            "casehead clock zone NAME --reason ..."
        )
    for one in policy.targets:
        yield f"  {TITLES.get(one.stage, one.stage)}: {one.words}"
