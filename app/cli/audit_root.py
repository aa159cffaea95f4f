"""``casehead audit ...``: its commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import CasebookOption, JsonOption
from app.cli.places import default_casebook
from app.cli.voice import Voice

audit = typer.Typer(
    help="Whether the journal, the records and the pictures are what was written.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@audit.command()
def verify(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """Verify every line's digest and signature, every record and every picture.

    Exit code 0 only when all of it holds and every key that signed is known to this computer.
    """
    with Voice(as_json) as voice:
        from app.cli.audit import verify_command

        verify_command(voice, casebook or default_casebook())


@audit.command()
def key(as_json: JsonOption = False) -> None:
    """Show this station's public key, for others to verify its journal with."""
    with Voice(as_json) as voice:
        from app.cli.audit import key_command

        key_command(voice)


@audit.command()
def trust(
    public: Annotated[
        str, typer.Argument(metavar="KEY", help="64 digits, as the other station shows them.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Know another station's public key from now on; ask for it there, not in the casebook."""
    with Voice(as_json) as voice:
        from app.cli.audit import trust_command

        trust_command(voice, public)


@audit.command()
def script(as_json: JsonOption = False) -> None:
    """Print a short Python program that verifies a journal without Casehead."""
    with Voice(as_json) as voice:
        from app.cli.audit import script_command

        script_command(voice)
