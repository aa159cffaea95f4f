"""The ``candidates`` command and its options."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import CasebookOption, JsonOption
from app.cli.places import default_casebook
from app.cli.voice import Voice


def candidates(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CASE", help="A cartridge case, by identifier or as case/exhibit/label."
        ),
    ],
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Join the stored searches of a cartridge case's marks: by cartridge case and by gun.

    Every mark keeps its own score; one that was not compared adds nothing. Nothing is searched
    or recorded. The exit code is 1 when no search has found anything.
    """
    with Voice(as_json) as voice:
        from app.cli.candidates import (
            candidates_command,
            candidates_document,
            candidates_lines,
        )

        fused = candidates_command(casebook or default_casebook(), name)
        voice.result(candidates_document(fused), lambda: candidates_lines(fused))
        voice.refused = not fused.specimens
