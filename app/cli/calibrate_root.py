"""``casehead calibrate ...``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.options import (
    AgencyOption,
    CasebookOption,
    ExaminerOption,
    JsonOption,
    OriOption,
    StationOption,
)
from app.cli.places import default_casebook
from app.cli.voice import Voice

StandardName = Literal["ruling", "dot-grid", "chessboard"]
CameraOption = Annotated[str, typer.Option("--camera", help="The camera's name, as captures say.")]
ObjectiveOption = Annotated[str, typer.Option("--objective", help="The objective in use.")]
ZoomOption = Annotated[str, typer.Option("--zoom", help="The zoom in use, where there is one.")]
UntilOption = Annotated[
    str, typer.Option("--until", metavar="DAY", help="Last day it holds. Default: a year from now.")
]
StandardOption = Annotated[StandardName, typer.Option("--standard", help="What the picture shows.")]
StepOption = Annotated[
    float,
    typer.Option(
        "--step-um", min=0.1, max=100_000, metavar="UM", help="From line to line, dot to dot."
    ),
]
CertainOption = Annotated[
    float,
    typer.Option("--standard-percent", min=0, max=5, help="Standard uncertainty of that distance."),
]
NoteOption = Annotated[str, typer.Option("--note", help="For the record, such as a certificate.")]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A picture of the standard: PNG, TIFF, BMP, JPEG.")
]

calibrate = typer.Typer(
    help="Say or measure what a pixel of a camera is, and look after calibrations.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@calibrate.command()
def picture(
    file: FileArgument,
    camera: CameraOption = "",
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    standard: StandardOption = "ruling",
    step_um: StepOption = 10.0,
    certain: CertainOption = 0.05,
    until: UntilOption = "",
    note: NoteOption = "",
    casebook: CasebookOption = None,
    agency: AgencyOption = "",
    station: StationOption = "",
    examiner: ExaminerOption = "",
    ori: OriOption = "",
    as_json: JsonOption = False,
) -> None:
    """Measure a pixel on the picture of a standard; with --camera it is kept as a calibration."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.calibrate import Standard, picture_command

        asked = Standard(file, standard, step_um, certain)
        names = Names(agency, station, examiner, ori)
        folder = casebook or default_casebook()
        picture_command(voice, folder, names, asked, (camera, objective, zoom), until, note)


@calibrate.command()
def typed(
    pixel_um: Annotated[
        float, typer.Argument(metavar="UM", min=0.01, max=1000, help="Micrometres per pixel.")
    ],
    camera: CameraOption = "",
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    sd_um: Annotated[
        float | None, typer.Option("--sd-um", metavar="UM", help="Its standard uncertainty.")
    ] = None,
    until: UntilOption = "",
    note: NoteOption = "",
    casebook: CasebookOption = None,
    agency: AgencyOption = "",
    station: StationOption = "",
    examiner: ExaminerOption = "",
    ori: OriOption = "",
    as_json: JsonOption = False,
) -> None:
    """Keep a pixel size from a certificate or another program as a calibration."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.calibrate import typed_command

        names = Names(agency, station, examiner, ori)
        folder = casebook or default_casebook()
        value = pixel_um, sd_um
        typed_command(voice, folder, names, value, (camera, objective, zoom), until, note)


@calibrate.command("list")
def list_them(
    camera: CameraOption = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the calibrations, newest first: size, method, until when they hold, last check."""
    with Voice(as_json) as voice:
        from app.cli.calibrate import list_command

        list_command(voice, casebook or default_casebook(), camera)


@calibrate.command()
def check(
    which: Annotated[str, typer.Argument(metavar="ID", help="Its identifier, or how it begins.")],
    file: FileArgument,
    standard: StandardOption = "ruling",
    step_um: StepOption = 10.0,
    certain: CertainOption = 0.05,
    tolerance: Annotated[
        float, typer.Option("--tolerance-percent", min=0.001, max=10, help="What is allowed.")
    ] = 0.5,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a calibration on a new picture of a standard; exit code 1 when it does not hold."""
    with Voice(as_json) as voice:
        from app.cli.calibrate import Standard, check_command

        asked = Standard(file, standard, step_um, certain)
        check_command(voice, casebook or default_casebook(), which, asked, tolerance)


@calibrate.command()
def withdraw(
    which: Annotated[str, typer.Argument(metavar="ID", help="Its identifier, or how it begins.")],
    reason: Annotated[str, typer.Option("--reason", help="For the record.")] = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a calibration out of use; it stays on the record."""
    with Voice(as_json) as voice:
        from app.cli.calibrate import withdraw_command

        withdraw_command(voice, casebook or default_casebook(), which, reason)
