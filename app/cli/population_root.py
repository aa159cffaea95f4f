"""``casehead population ...``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import CasebookOption, JsonOption
from app.cli.places import default_casebook
from app.cli.voice import Voice

population = typer.Typer(
    help="Keep pairs of known origin, from which the meaning of scores is told.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@population.command()
def add(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="What casehead validate wrote into (--out).")
    ],
    name: Annotated[str, typer.Option(help="What to call it. Default: the folder's name.")] = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a finished validation's scores as a reference population of the casebook.

    Scores of degraded inputs and of the baseline (DIR/baseline) are refused.
    """
    with Voice(as_json) as voice:
        from app.cli.populations import add_command

        add_command(voice, casebook or default_casebook(), folder, name)


@population.command("list")
def list_them(
    everything: Annotated[
        bool, typer.Option("--all", help="Those that were removed from use as well.")
    ] = False,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the reference populations: mark, modality, version, how many firearms and pairs."""
    with Voice(as_json) as voice:
        from app.cli.populations import list_command

        list_command(voice, casebook or default_casebook(), everything)


@population.command()
def remove(
    which: Annotated[str, typer.Argument(metavar="NAME", help="Its name or identifier.")],
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a reference population out of use; it stays on the record."""
    with Voice(as_json) as voice:
        from app.cli.populations import remove_command

        remove_command(voice, casebook or default_casebook(), which)
