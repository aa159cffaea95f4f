"""Relief from lights on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.capture.ball import Ball, ball_through
from app.capture.relief import NOT_CALIBRATED, RELIEF
from app.cli.books import recording
from app.cli.places import require_casebook
from app.cli.voice import Voice, table
from app.domain import CaseheadError
from app.store import Casebook
from app.store.light_rigs import LightRig


def lights_command(
    voice: Voice, folder: Path, name: str, given: Sequence[str], rim: str, note: str
) -> None:
    """Do what ``casehead relief lights`` says."""
    parts = dict(_split(text) for text in given)
    angles = {light: _angles(value) for light, value in parts.items()}
    entered = {light: one for light, one in angles.items() if one is not None}
    if entered and len(entered) < len(parts):
        raise CaseheadError(
            "Give either a picture of the ball for every light, or every direction."
        )
    with recording(voice, folder) as workbench:
        if entered:
            rig = workbench.enter_light_rig(name, entered, note)
        else:
            files = {light: Path(value) for light, value in parts.items()}
            rig = workbench.calibrate_light_rig(name, files, _ball(rim))
    voice.result(_rig_facts(rig), lambda: _rig_lines([rig]))


def rigs_command(voice: Voice, folder: Path) -> None:
    """Do what ``casehead relief rigs`` says; also while the window is open."""
    require_casebook(folder)
    with Casebook.open(folder, read_only=True) as casebook:
        found = casebook.light_rigs()
    none = ["No light rigs: see casehead relief lights --help."]
    voice.result([_rig_facts(rig) for rig in found], lambda: _rig_lines(found) if found else none)


def make_command(
    voice: Voice, folder: Path, picture: str, given: Sequence[str], rig: str, form_um: float
) -> None:
    """Do what ``casehead relief make`` says."""
    lights = dict(_split(text) for text in given) or None
    with recording(voice, folder) as workbench:
        made = workbench.relief(picture, workbench.light_rig(rig), lights, form_um, voice.job)
        place = workbench.provenance(made.id).name
    recipe = made.record.settings[RELIEF]
    for sentence in made.warnings:
        voice.note(sentence)
    facts = {"id": made.id, "mark": place, "digest": made.digest, "recipe": recipe}
    voice.result(facts, lambda: [f"{place}: relief {made.id}", *_figures(recipe["figures"])])


def check_command(voice: Voice, folder: Path, relief_id: str, scan_id: str) -> None:
    """Do what ``casehead relief check`` says."""
    with recording(voice, folder) as workbench:
        check = workbench.check_relief(relief_id, scan_id)
    facts = {"id": check.id, "relief": relief_id, "scan": scan_id, **check.figures}
    voice.result(facts, lambda: _figures(check.figures))


def export_command(voice: Voice, folder: Path, relief_id: str, out: Path, overwrite: bool) -> None:
    """Do what ``casehead relief export`` says."""
    with recording(voice, folder) as workbench:
        path = workbench.export_relief(relief_id, out, overwrite=overwrite)
        checks = len(workbench.relief_checks(relief_id))
    voice.result(
        {"file": str(path), "checks": checks, "statement": NOT_CALIBRATED},
        lambda: [str(path), NOT_CALIBRATED],
    )


def _split(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name.strip() or not value.strip():
        raise CaseheadError(f"'{text}' does not name a light; write it as LIGHT=..., say left=.")
    return name.strip(), value.strip()


def _angles(text: str) -> tuple[float, float] | None:
    """Azimuth and elevation; None where the text is a file's name."""
    try:
        azimuth, elevation = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return azimuth, elevation


def _ball(rim: str) -> Ball | None:
    if not rim:
        return None
    try:
        points = np.array([float(part) for part in rim.split(",")]).reshape(-1, 2)
    except ValueError as error:
        raise CaseheadError("The rim is given as X,Y,X,Y,... in pixels.") from error
    return ball_through(points)


def _rig_facts(rig: LightRig) -> dict[str, Any]:
    return {
        "id": rig.id,
        "name": rig.name,
        "method": rig.method,
        "residual_deg": rig.residual_deg,
        "note": rig.note,
        "made_at": rig.made_at,
        "by": rig.author.examiner if rig.author else "",
        "lights": [
            {
                "name": one.name,
                "azimuth_deg": one.azimuth_deg,
                "elevation_deg": one.elevation_deg,
                "sd_deg": one.sd_deg,
            }
            for one in rig.lights
        ],
    }


def _rig_lines(rigs: Iterable[LightRig]) -> list[str]:
    rows = [
        (
            *(rig.name, rig.made_at[:10], rig.method, one.name),
            *(f"{one.azimuth_deg:.1f}", f"{one.elevation_deg:.1f}"),
            "" if one.sd_deg is None else f"{one.sd_deg:.1f}",
        )
        for rig in rigs
        for one in rig.lights
    ]
    return table(("rig", "made", "method", "light", "azimuth", "elevation", "sd"), rows)


def _figures(figures: Any) -> list[str]:
    return [f"  {name}: {value}" for name, value in figures.items()]
