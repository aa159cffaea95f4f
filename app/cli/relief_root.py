"""``casehead relief ...``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import CasebookOption, JsonOption, OverwriteOption
from app.cli.places import default_casebook
from app.cli.voice import Voice

relief = typer.Typer(
    help="Relief from pictures under several lights: for viewing and comparing, not a calibrated "
    "topography.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

RigOption = Annotated[
    str, typer.Option("--rig", metavar="NAME", help="The light rig. Default: the newest.")
]


@relief.command()
def lights(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the stand's lights.")],
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="LIGHT=...",
            help="For each light LIGHT=FILE, a picture of a mirror ball under that light alone, "
            "or LIGHT=AZIMUTH,ELEVATION in degrees (azimuth counter-clockwise from the right).",
        ),
    ],
    rim: Annotated[
        str,
        typer.Option(metavar="X,Y,X,Y,...", help="Points on the ball's rim, in pixels, by hand."),
    ] = "",
    note: Annotated[str, typer.Option(help="A remark kept with entered lights.")] = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep where the lights of a stand are; do it again when they are moved."""
    with Voice(as_json) as voice:
        from app.cli.relief import lights_command

        lights_command(voice, casebook or default_casebook(), name, given, rim, note)


@relief.command("rigs")
def rigs(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """List the light rigs, oldest first; the newest of a name is in force."""
    with Voice(as_json) as voice:
        from app.cli.relief import rigs_command

        rigs_command(voice, casebook or default_casebook())


@relief.command()
def make(
    picture: Annotated[str, typer.Argument(metavar="ID", help="A picture of the set, by its id.")],
    given: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LIGHT=ID",
            help="The pictures by their lights, where the capture records do not say.",
        ),
    ] = None,
    rig: RigOption = "",
    form_um: Annotated[
        float, typer.Option(metavar="UM", help="Waves longer than this are taken out.")
    ] = 1000.0,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work out the relief of a multi-light set and keep it as a scan of the mark."""
    with Voice(as_json) as voice:
        from app.cli.relief import make_command

        folder = casebook or default_casebook()
        make_command(voice, folder, picture, given or [], rig, form_um)


@relief.command()
def check(
    which: Annotated[str, typer.Argument(metavar="RELIEF", help="The relief, by its id.")],
    scan: Annotated[str, typer.Argument(metavar="SCAN", help="A measured scan of the same mark.")],
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay a measured scan on a relief and keep how far they agree."""
    with Voice(as_json) as voice:
        from app.cli.relief import check_command

        check_command(voice, casebook or default_casebook(), which, scan)


@relief.command()
def export(
    which: Annotated[str, typer.Argument(metavar="RELIEF", help="The relief, by its id.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="FILE.x3p")],
    overwrite: OverwriteOption = False,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a relief as x3p, with its recipe and what it is not."""
    with Voice(as_json) as voice:
        from app.cli.relief import export_command

        export_command(voice, casebook or default_casebook(), which, out, overwrite)
