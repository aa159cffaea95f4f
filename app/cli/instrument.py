"""Checks of instruments on the command line."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.capture import Frame
from app.capture.checks import check_settings
from app.cli.books import looking, recording
from app.cli.voice import Voice, table
from app.domain import CaseheadError, Light, Optics, now
from app.importing.decode import decode, read_bytes
from app.instruments import FIGURES, InstrumentCheck, ReferenceCase, Schedule
from app.picture.writing import write_whole
from app.workbench.instrument import Instrument
from app.workbench.instrument_words import (
    CONDITION_WORDS,
    WEEKDAYS,
    check_sentence,
    local_day,
    schedule_words,
)

Names3 = tuple[str, str, str]
_BOUNDS = ("mean", "warn_low", "warn_high", "act_low", "act_high")


@dataclass(frozen=True, slots=True)
class Plan:
    """What was said of the schedule; None: as it is."""

    every: int | None = None
    days: str | None = None
    after: bool | None = None

    def onto(self, known: Schedule) -> Schedule:
        """The schedule with what was said. Raises CaseheadError for days there are not."""
        return Schedule(
            known.every_days if self.every is None else self.every,
            known.weekdays if self.days is None else _weekdays(self.days),
            known.after_calibration if self.after is None else self.after,
        )


def list_command(voice: Voice, folder: Path) -> None:
    """Do what ``casehead instrument list`` says; also while the window is open."""
    with looking(folder) as workbench:
        found = workbench.instruments()
    for one in found:
        if one.state.locked:
            voice.refuse(one.state.sentence)
    none = ["No instruments: see casehead instrument declare --help."]
    voice.result([_facts(one) for one in found], lambda: _lines(found) if found else none)


def declare_command(
    voice: Voice,
    folder: Path,
    file: Path,
    optics: Names3,
    name: str,
    light: Light,
    pixel_um: float | None,
    plan: Plan,
    note: str,
) -> None:
    """Do what ``casehead instrument declare`` says."""
    frame = _frame(file)
    schedule = plan.onto(check_settings().schedule)
    with recording(voice, folder) as workbench:
        kept = workbench.declare_reference_case(
            *(Optics(*optics), name, frame),
            light=light,
            pixel_um=pixel_um,
            schedule=schedule,
            note=note,
        )
    voice.result(_reference_facts(kept), lambda: [_declared(kept)])


def check_command(voice: Voice, folder: Path, file: Path, optics: Names3, light: Light) -> None:
    """Do what ``casehead instrument check`` says."""
    frame = _frame(file)
    with recording(voice, folder) as workbench:
        kept = workbench.run_check(Optics(*optics), frame, light=light)
    if kept.outcome == "out":
        voice.refuse(check_sentence(kept))
    voice.result(_check_facts(kept), lambda: [check_sentence(kept)])


def chart_command(
    voice: Voice, folder: Path, optics: Names3, out: Path | None, overwrite: bool
) -> None:
    """Do what ``casehead instrument chart`` says; also while the window is open."""
    with looking(folder) as workbench:
        references = workbench.reference_cases(Optics(*optics))
        if not references:
            raise CaseheadError(
                f"There is no reference case for {Optics(*optics).words}; see casehead instrument "
                "list."
            )
        checks = [c for one in references for c in workbench.instrument_checks(one.id)]
        signed = {s.check_id for one in references for s in workbench.instrument_releases(one.id)}
    text = csv_of(checks, signed)
    if out is None:
        voice.result([_check_facts(check) for check in checks], lambda: text.splitlines())
        return
    write_whole(out, text.encode("utf-8"), overwrite=overwrite)
    count = f"{len(checks)} check{'' if len(checks) == 1 else 's'}"
    voice.result({"file": out, "checks": len(checks)}, lambda: [f"{count} written to {out}."])


def sign_command(
    voice: Voice, folder: Path, optics: Names3, signer: str, standing: str, reason: str
) -> None:
    """Do what ``casehead instrument sign`` says."""
    with recording(voice, folder) as workbench:
        kept = workbench.sign_instrument(Optics(*optics), signer, standing, reason)
    words = f"Signed by {kept.signer}; {Optics(*optics).words} may be used again."
    voice.result(asdict(kept), lambda: [words])


def schedule_command(voice: Voice, folder: Path, optics: Names3, plan: Plan) -> None:
    """Do what ``casehead instrument schedule`` says."""
    used = Optics(*optics)
    with recording(voice, folder) as workbench:
        known = workbench.reference_case_for(used)
        schedule = plan.onto(known.schedule if known else check_settings().schedule)
        kept = workbench.reschedule_checks(used, schedule)
    voice.result(_reference_facts(kept), lambda: [_declared(kept)])


def withdraw_command(voice: Voice, folder: Path, optics: Names3, reason: str) -> None:
    """Do what ``casehead instrument withdraw`` says."""
    with recording(voice, folder) as workbench:
        kept = workbench.withdraw_reference_case(Optics(*optics), reason)
    words = f"{kept.name} is withdrawn; {kept.optics.words} is not checked any more."
    voice.result(_reference_facts(kept), lambda: [words])


def people_command(voice: Voice, folder: Path, names: list[str], nobody: bool) -> None:
    """Do what ``casehead instrument people`` says."""
    with recording(voice, folder) as workbench:
        changed = bool(names) or nobody
        kept = workbench.set_qualified_people(names) if changed else workbench.qualified_people()
    none = ["Nobody is named as qualified; a signer's name and standing are kept instead."]
    voice.result({"qualified": kept}, lambda: list(kept) or none)


def csv_of(checks: list[InstrumentCheck], signed: set[str]) -> str:
    """A line a check: its figures, the limits each was held against, and whether it was signed."""
    heads = ["checked_at", "examiner", "outcome", "signed"]
    heads += [part for one in FIGURES for part in (one, *(f"{one}_{name}" for name in _BOUNDS))]
    heads += ["congruent_cells", "cells", "method", "version", "picture", "reasons"]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(_row(check, check.id in signed) for check in checks)
    return stream.getvalue()


def _row(check: InstrumentCheck, signed: bool) -> list[Any]:
    who = check.author.examiner if check.author else ""
    row: list[Any] = [check.checked_at, who, check.outcome, "yes" if signed else ""]
    for figure in FIGURES:
        limits = check.limits.get(figure)
        bounds = [getattr(limits, name, None) for name in _BOUNDS]
        row += [_short(value) for value in (check.figures.get(figure), *bounds)]
    cells = [check.facts.get("congruent_cells", ""), check.facts.get("cells", "")]
    return [*row, *cells, check.method, check.version, check.digest, " ".join(check.reasons)]


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _frame(file: Path) -> Frame:
    try:
        decoded = decode(file, read_bytes(file), file.name)
    except CaseheadError as error:
        raise CaseheadError(f"{file.name}: {error}") from error
    if decoded.scan is not None or decoded.array.dtype not in (np.uint8, np.uint16):
        raise CaseheadError(f"{file.name} is no picture; give a PNG, TIFF, BMP or JPEG.")
    return Frame(decoded.array, 1, now(), 0.0, {"file": file.name})


def _weekdays(text: str) -> tuple[int, ...]:
    short = [day[:2].casefold() for day in WEEKDAYS]
    wanted = [part.strip().casefold()[:2] for part in text.split(",") if part.strip()]
    if not wanted or not set(wanted) <= set(short):
        raise CaseheadError(f"'{text}' are no days of the week; write them as {','.join(short)}.")
    return tuple(sorted({short.index(day) for day in wanted}))


def _declared(reference: ReferenceCase) -> str:
    when = schedule_words(reference.schedule)
    return f"{reference.name} for {reference.optics.words}: a check {when}."


def _facts(one: Instrument) -> dict[str, Any]:
    return {
        "camera": one.optics.camera,
        "objective": one.optics.objective,
        "zoom": one.optics.zoom,
        "condition": one.state.condition,
        "sentence": one.state.sentence or None,
        "due": one.due.day.isoformat() if one.due else None,
        "reference": _reference_facts(one.reference) if one.reference else None,
        "last_check": _check_facts(one.last) if one.last else None,
    }


def _reference_facts(reference: ReferenceCase) -> dict[str, Any]:
    return {
        "id": reference.id,
        "name": reference.name,
        "optics": reference.optics.words,
        "picture": reference.digest,
        "pixel_um": reference.pixel_um,
        "light": str(reference.light),
        "figures": dict(reference.figures),
        "schedule": asdict(reference.schedule),
        "declared_at": reference.made_at,
        "withdrawn_at": reference.withdrawn_at or None,
        "note": reference.note,
    }


def _check_facts(check: InstrumentCheck) -> dict[str, Any]:
    return {
        "id": check.id,
        "checked_at": check.checked_at,
        "examiner": check.author.examiner if check.author else None,
        "outcome": check.outcome,
        "reasons": check.reasons,
        "figures": dict(check.figures),
        "limits": {name: asdict(one) for name, one in check.limits.items()},
        "facts": dict(check.facts),
        "picture": check.digest,
    }


def _lines(found: tuple[Instrument, ...]) -> list[str]:
    heads = ("camera", "objective", "zoom", "reference case", "state", "last check", "due")
    rows = []
    for one in found:
        reference = one.reference.name if one.reference else ""
        state = CONDITION_WORDS[one.state.condition] if one.reference else "not checked"
        last = f"{local_day(one.last.checked_at)}, {one.last.outcome}" if one.last else ""
        due = one.due.day.isoformat() if one.due else ""
        optics = (one.optics.camera, one.optics.objective, one.optics.zoom)
        rows.append((*optics, reference, state, last, due))
    return table(heads, rows)
