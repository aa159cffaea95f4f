"""The options of ``casehead validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.options import JsonOption, PixelOption, XyUnitOption, ZUnitOption
from app.cli.voice import Voice

MarkName = Literal["breech face", "firing pin", "ejector", "aperture shear"]


def validate(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Images and scans of known origin.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where scores, summary and report go.")],
    truth: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="Columns file and gun; gun unknown-...: not known. Default: FOLDER/truth.csv.",
        ),
    ] = None,
    pixel_um: PixelOption = None,
    xy_unit: XyUnitOption = None,
    z_unit: ZUnitOption = None,
    mark: Annotated[
        MarkName, typer.Option("--mark", help="The kind of mark that all the files show.")
    ] = "breech face",
    baseline: Annotated[
        bool | None,
        typer.Option(
            "--baseline/--no-baseline",
            help="Compare all pairs by a plain masked correlation, too (two more columns). "
            "Default: only beside degraded inputs.",
        ),
    ] = None,
    robustness: Annotated[
        bool,
        typer.Option("--robustness", help="The same as --degrade all."),
    ] = False,
    degrade: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Repeat the pairs on degraded inputs and chart what is lost: area30, area50, "
            "noise0.5, noise1, crop, half, pixel2, rotate, blur, dents, or all; several with "
            "commas.",
        ),
    ] = None,
    non_mates: Annotated[
        int | None,
        typer.Option(
            "--non-mates",
            min=1,
            metavar="N",
            help="On degraded inputs compare N pairs of two firearms, drawn by chance, and all "
            "pairs of one firearm. Default: all pairs.",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many work at once.")] = 2,
    as_json: JsonOption = False,
) -> None:
    """Compare all pairs of FOLDER and tell how well the scores separate firearms.

    Writes scores.csv (a row a pair), summary.json, summary.csv, failing-pairs.csv, validation.pdf
    and with degraded inputs robustness.csv into DIR. A run that was stopped goes on where it was;
    Ctrl-C keeps what is done. Pairs with a firearm that is not known are scored and not counted.
    The exit code is 1 when a file could not be prepared or a pair not compared.
    """
    with Voice(as_json) as voice:
        from dataclasses import asdict

        from app.cli.pictures import Units
        from app.cli.validate import validate_command, validation_lines
        from app.validation import Wanted, chosen

        units = Units(pixel_um, xy_unit, z_unit)
        harms = chosen([*(degrade or ()), *(["all"] if robustness else [])])
        wanted = Wanted(folder, out, truth, harms, jobs, asdict(units), mark, baseline, non_mates)
        found = validate_command(voice, wanted, units)
        voice.result(found.summary, lambda: validation_lines(found))
        voice.refused = found.refused
