"""The ``links`` and ``open-data`` commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.options import CasebookOption, JsonOption, OverwriteOption
from app.cli.places import default_casebook
from app.cli.voice import Voice

StateName = Literal["both", "hits", "leads"]


def links(
    casebook: CasebookOption = None,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CHART.png, CHART.svg, CHART.graphml, or CHART.csv (two files: nodes, edges).",
        ),
    ] = None,
    state: Annotated[StateName, typer.Option(help="Which links.")] = "both",
    case: Annotated[
        str, typer.Option(metavar="NUMBER", help="What hangs together with a case.")
    ] = "",
    agency: Annotated[str, typer.Option(help="Links with a case of this agency.")] = "",
    calibre: Annotated[str, typer.Option(help="Links with a case of this calibre.")] = "",
    since: Annotated[
        str, typer.Option(metavar="DAY", help="Links with an event from this day on.")
    ] = "",
    until: Annotated[
        str, typer.Option(metavar="DAY", help="Links with an event up to this day.")
    ] = "",
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the links between cases, or write their chart.

    Hits are confirmed and verified; leads are unconfirmed.
    """
    with Voice(as_json) as voice:
        from app.casework.graph import ChartFilter, Wanted
        from app.cli.links import links_command

        states = {"both": Wanted.BOTH, "hits": Wanted.HITS, "leads": Wanted.LEADS}
        wanted = ChartFilter(states[state], agency, calibre, since, until, case)
        folder = casebook or default_casebook()
        document, lines = links_command(voice, folder, wanted, export, overwrite=overwrite)
        voice.result(document, lambda: lines)


def open_data(
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write into.")],
    casebook: CasebookOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write de-identified shootings as CSV, with a data dictionary and the privacy rules.

    Small counts are withheld. Look through the files before they are published.
    """
    with Voice(as_json) as voice:
        from app.cli.links import open_data_command

        folder = casebook or default_casebook()
        document, lines = open_data_command(voice, folder, out, overwrite=overwrite)
        voice.result(document, lambda: lines)
