"""``casehead backup ...``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import CasebookOption, JsonOption
from app.cli.places import default_casebook
from app.cli.voice import Voice

backup = typer.Typer(
    help="Copies of the casebook on another disk, made while it is in use.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FolderArgument = Annotated[
    Path, typer.Argument(metavar="FOLDER", resolve_path=True, help="The folder of backups.")
]


@backup.command()
def make(
    folder: FolderArgument, casebook: CasebookOption = None, as_json: JsonOption = False
) -> None:
    """Add a snapshot to FOLDER; pictures that are there already are not copied again."""
    with Voice(as_json) as voice:
        from app.cli.backup import make_command

        make_command(voice, casebook or default_casebook(), folder)


@backup.command(name="list")
def list_(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """List the snapshots in FOLDER."""
    with Voice(as_json) as voice:
        from app.cli.backup import list_command

        list_command(voice, folder)


@backup.command()
def restore(
    folder: FolderArgument,
    to: Annotated[
        Path,
        typer.Option("--to", metavar="DIR", resolve_path=True, help="A folder without a casebook."),
    ],
    at: Annotated[
        str, typer.Option(metavar="MOMENT", help="As listed. Default: the newest snapshot.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a casebook of a snapshot and verify all of it."""
    with Voice(as_json) as voice:
        from app.cli.backup import restore_command

        restore_command(voice, folder, to, at)


@backup.command()
def thin(
    folder: FolderArgument,
    days: Annotated[int, typer.Option(min=0, help="Days whose newest snapshot stays.")] = 14,
    weeks: Annotated[int, typer.Option(min=0, help="Weeks whose newest snapshot stays.")] = 8,
    months: Annotated[int, typer.Option(min=0, help="Months whose newest snapshot stays.")] = 24,
    as_json: JsonOption = False,
) -> None:
    """Delete the snapshots that need not stay; pictures are never deleted."""
    with Voice(as_json) as voice:
        from app.cli.backup import thin_command

        thin_command(voice, folder, days, weeks, months)
