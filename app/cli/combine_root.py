"""The ``combine`` command and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.options import (
    AgencyOption,
    CasebookOption,
    ExaminerOption,
    JsonOption,
    LightName,
    OriOption,
    PixelOption,
    RoleOption,
    StationOption,
    light_of,
    role_of,
)
from app.cli.places import default_casebook
from app.cli.voice import Voice

Way = Literal["average", "exposure", "focus", "stitch", "lights"]


def combine(
    way: Annotated[Way, typer.Argument(metavar="WAY", help="How, one of the five.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The frames, in order.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="PICTURE.png", help="Write the picture, and its recipe as .json."),
    ] = None,
    exposures: Annotated[
        str, typer.Option(metavar="S,S,...", help="Exposure times, seconds (for exposure).")
    ] = "",
    black: Annotated[float, typer.Option(help="Grey level without light (for exposure).")] = 0.0,
    focus: Annotated[
        str, typer.Option(metavar="UM,UM,...", help="Focus heights, micrometres (for focus).")
    ] = "",
    places: Annotated[
        str, typer.Option(metavar="X:Y,...", help="Places of the fields, micrometres (for stitch).")
    ] = "",
    names: Annotated[
        str, typer.Option(metavar="NAME,...", help="ring, left, top, right, ... (for lights).")
    ] = "",
    casebook: CasebookOption = None,
    case: Annotated[str, typer.Option("--case", help="Keep it: case number.")] = "",
    exhibit: Annotated[str, typer.Option("--exhibit", help="Exhibit number.")] = "",
    label: Annotated[str, typer.Option("--label", help="Label of the cartridge case.")] = "",
    role: RoleOption = "evidence",
    light: Annotated[LightName, typer.Option("--light", help="How it was lit.")] = "unknown",
    objective: Annotated[str, typer.Option(help="The objective in use, for the record.")] = "",
    pixel_um: PixelOption = None,
    agency: AgencyOption = "",
    station: StationOption = "",
    examiner: ExaminerOption = "",
    ori: OriOption = "",
    as_json: JsonOption = False,
) -> None:
    """Combine frames into one picture: into a file, or kept in the casebook with its frames.

    WAY is average (less noise), exposure (bracketed exposures, linear 16 bits), focus (sharp
    everywhere), stitch (overlapping fields) or lights (a light set, registered).
    """
    given = [case.strip(), exhibit.strip(), label.strip()]
    if any(given) and not all(given):
        raise typer.BadParameter("Give --case, --exhibit and --label together.")
    if out is None and not all(given):
        raise typer.BadParameter("Give --out, or --case, --exhibit and --label to keep it.")
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.combine import Home, Wanted, combine_command
        from app.workbench import Registration

        registration = Registration(case, exhibit, label, role_of(role)) if all(given) else None
        wanted = Wanted(way, files, out, exposures, black, focus, places, names, pixel_um)
        home = Home(
            casebook or default_casebook(),
            Names(agency, station, examiner, ori),
            registration,
            light_of(light),
            objective,
        )
        combine_command(voice, wanted, home)
