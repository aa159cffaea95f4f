"""``casehead instrument ...``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import (
    CasebookOption,
    JsonOption,
    LightName,
    OverwriteOption,
    PixelOption,
    light_of,
)
from app.cli.places import default_casebook
from app.cli.voice import Voice

CameraOption = Annotated[str, typer.Option("--camera", help="The camera's name, as captures say.")]
ObjectiveOption = Annotated[str, typer.Option("--objective", help="The objective in use.")]
ZoomOption = Annotated[str, typer.Option("--zoom", help="The zoom in use, where there is one.")]
LightOption = Annotated[LightName, typer.Option("--light", help="How the reference case was lit.")]
FileArgument = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A picture of the reference case: PNG, TIFF, BMP, JPEG."),
]
EveryOption = Annotated[
    int | None,
    typer.Option("--every", min=1, max=366, metavar="DAYS", help="Days from check to check."),
]
DaysOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DAYS", help="Days of the week, such as mo,tu,we,th,fr."),
]
AfterOption = Annotated[
    bool | None,
    typer.Option("--after-calibration/--not-after-calibration", help="Also after a calibration."),
]

instrument = typer.Typer(
    help="Check cameras with a reference cartridge case; out of limits they are locked.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@instrument.command("list")
def list_them(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """List the instruments and whether they may be used; exit code 1 when one may not."""
    with Voice(as_json) as voice:
        from app.cli.instrument import list_command

        list_command(voice, casebook or default_casebook())


@instrument.command()
def declare(
    file: FileArgument,
    name: Annotated[str, typer.Option("--name", help="Such as 'SRM 2461, no. 166'.")],
    camera: CameraOption,
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    light: LightOption = "unknown",
    pixel_um: PixelOption = None,
    every: EveryOption = None,
    days: DaysOption = None,
    after: AfterOption = None,
    note: Annotated[str, typer.Option("--note", help="For the record.")] = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set a cartridge case aside for an instrument; FILE becomes its golden picture."""
    with Voice(as_json) as voice:
        from app.cli.instrument import Plan, declare_command

        plan = Plan(every, days, after)
        optics = (camera, objective, zoom)
        folder = casebook or default_casebook()
        declare_command(voice, folder, file, optics, name, light_of(light), pixel_um, plan, note)


@instrument.command()
def check(
    file: FileArgument,
    camera: CameraOption,
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    light: LightOption = "unknown",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold a new picture of the reference case against the golden one, and keep the outcome.

    Exit code 1 when it is out of limits: the instrument is locked then.
    """
    with Voice(as_json) as voice:
        from app.cli.instrument import check_command

        folder = casebook or default_casebook()
        check_command(voice, folder, file, (camera, objective, zoom), light_of(light))


@instrument.command()
def chart(
    camera: CameraOption,
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="FILE.csv. Default: stdout.")
    ] = None,
    overwrite: OverwriteOption = False,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all checks of an instrument with their limits as CSV, oldest first."""
    with Voice(as_json) as voice:
        from app.cli.instrument import chart_command

        folder = casebook or default_casebook()
        chart_command(voice, folder, (camera, objective, zoom), out, overwrite)


@instrument.command()
def sign(
    signer: Annotated[str, typer.Option("--signer", help="Who signs.")],
    standing: Annotated[str, typer.Option("--standing", help="What qualifies them.")],
    reason: Annotated[str, typer.Option("--reason", help="What was found and done.")],
    camera: CameraOption,
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let an instrument that is locked be used again; the signature stays on the record."""
    with Voice(as_json) as voice:
        from app.cli.instrument import sign_command

        optics = (camera, objective, zoom)
        sign_command(voice, casebook or default_casebook(), optics, signer, standing, reason)


@instrument.command()
def schedule(
    camera: CameraOption,
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    every: EveryOption = None,
    days: DaysOption = None,
    after: AfterOption = None,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have an instrument checked at other times."""
    with Voice(as_json) as voice:
        from app.cli.instrument import Plan, schedule_command

        optics = (camera, objective, zoom)
        schedule_command(voice, casebook or default_casebook(), optics, Plan(every, days, after))


@instrument.command()
def withdraw(
    camera: CameraOption,
    reason: Annotated[str, typer.Option("--reason", help="For the record.")],
    objective: ObjectiveOption = "",
    zoom: ZoomOption = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check an instrument no more; what there is stays on the record."""
    with Voice(as_json) as voice:
        from app.cli.instrument import withdraw_command

        optics = (camera, objective, zoom)
        withdraw_command(voice, casebook or default_casebook(), optics, reason)


@instrument.command()
def people(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="All who may sign from now on.")
    ] = None,
    nobody: Annotated[
        bool, typer.Option("--nobody", help="Name nobody: anybody with a standing signs.")
    ] = False,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who is qualified to sign, or, without names, list them; the journal tells changes."""
    with Voice(as_json) as voice:
        from app.cli.instrument import people_command

        people_command(voice, casebook or default_casebook(), names or [], nobody)
