"""The ``export`` command and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import CasebookOption, ExaminerOption, JsonOption, OverwriteOption
from app.cli.places import default_casebook
from app.cli.voice import Voice


def export(
    left: Annotated[str, typer.Argument(metavar="A", help="A mark of the casebook.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="PICTURE.png or PICTURE.tif: the view; REPORT.pdf: the report of the comparison.",
        ),
    ],
    casebook: CasebookOption = None,
    view: Annotated[
        str, typer.Option(metavar="NAME", help="A saved view. Default: as it was left.")
    ] = "",
    whole: Annotated[
        bool, typer.Option("--whole", help="Both pictures to their edges, not the field seen.")
    ] = False,
    made_at: Annotated[
        str,
        typer.Option(
            "--as-of",
            metavar="MOMENT",
            help="The moment a report names (ISO 8601); the same one gives the same bytes.",
        ),
    ] = "",
    overwrite: OverwriteOption = False,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write a comparison as it was left: its view at evidence resolution, or its report.

    Marks are named by identifier or as case/exhibit/label.
    """
    with Voice(as_json) as voice:
        from app.cli.export import Wanted, export_command

        wanted = Wanted(left, right, out, view, whole, made_at, overwrite, examiner)
        document = export_command(voice, casebook or default_casebook(), wanted)
        voice.result(document, lambda: filter(None, (document["file"], document["pixel"])))
