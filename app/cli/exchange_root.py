"""``casehead exchange ...``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import CasebookOption, JsonOption
from app.cli.places import default_casebook
from app.cli.voice import Voice

exchange = typer.Typer(
    help="Share exhibits with other agencies through a folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="The exchange folder.")]


@exchange.command()
def send(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="[EXHIBIT] FOLDER", help="Exhibit as case/exhibit, then the folder."
        ),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="All exhibits of this agency; only the folder follows.")
    ] = False,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an exhibit's entry into FOLDER; when it is not there now, the entry waits."""
    if len(what) != (1 if everything else 2):
        raise typer.BadParameter("Give an exhibit and a folder, or --all and a folder.")
    with Voice(as_json) as voice:
        from app.cli.sharing import send_command

        exhibit = None if everything else what[0]
        send_command(voice, casebook or default_casebook(), exhibit, Path(what[-1]))


@exchange.command()
def receive(
    folder: FolderArgument, casebook: CasebookOption = None, as_json: JsonOption = False
) -> None:
    """Take in other agencies' entries from FOLDER; twice makes no duplicates."""
    with Voice(as_json) as voice:
        from app.cli.sharing import receive_command

        receive_command(voice, casebook or default_casebook(), folder)


@exchange.command()
def pending(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """List what waits to be sent, and why."""
    with Voice(as_json) as voice:
        from app.cli.sharing import pending_command

        pending_command(voice, casebook or default_casebook())


@exchange.command()
def retry(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """Try again to send what waits."""
    with Voice(as_json) as voice:
        from app.cli.sharing import retry_command

        retry_command(voice, casebook or default_casebook())
