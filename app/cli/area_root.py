"""``casehead area``, ``casehead fields`` and ``casehead clock ...``: their options."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import CasebookOption, ExaminerOption, JsonOption
from app.cli.places import default_casebook
from app.cli.voice import Voice

clock = typer.Typer(
    help="The review clock: the lab's time zone and targets, and whether it is what the record "
    "says.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; the journal keeps it.")]


def area(
    casebook: CasebookOption = None,
    neighbours: Annotated[
        list[str] | None,
        typer.Option(
            "--neighbour",
            metavar="AGENCY",
            help="Search this agency's entries, too, by default (name or ORI); once for each.",
        ),
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Search the own agency's entries alone by default.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Search all agencies' entries by default.")
    ] = False,
    reason: ReasonOption = "",
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show which agencies are searched by default, or say it."""
    if sum((bool(neighbours), own, everything)) > 1:
        raise typer.BadParameter("give --neighbour, --own or --all, only one of them")
    with Voice(as_json) as voice:
        from app.cli.area import set_area_command, show_area_command

        folder = casebook or default_casebook()
        if neighbours or own or everything:
            searched = None if everything else neighbours or ()
            set_area_command(voice, folder, examiner, searched, reason)
        else:
            show_area_command(voice, folder)


def fields(
    casebook: CasebookOption = None,
    enforce: Annotated[
        bool | None,
        typer.Option(
            "--enforce/--only-tell",
            help="Refuse entries that lack required fields, or only tell what lacks.",
        ),
    ] = None,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """List the fields of the record with their names for --field, and what is required."""
    with Voice(as_json) as voice:
        from app.cli.area import fields_command

        fields_command(voice, casebook or default_casebook(), examiner, enforce)


@clock.command()
def show(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """Show the lab's calendar and targets."""
    with Voice(as_json) as voice:
        from app.cli.area import show_clock_command

        show_clock_command(voice, casebook or default_casebook())


@clock.command()
def zone(
    name: Annotated[str, typer.Argument(metavar="ZONE", help="Such as America/Chicago.")],
    casebook: CasebookOption = None,
    reason: ReasonOption = "",
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say in which time zone the lab works; days and business hours are counted in it."""
    with Voice(as_json) as voice:
        from app.cli.area import zone_command

        zone_command(voice, casebook or default_casebook(), examiner, name, reason)


@clock.command()
def check(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """Check that the clock shows what the record says; exit code 0 only when it does."""
    with Voice(as_json) as voice:
        from app.cli.area import check_clock_command

        check_clock_command(voice, casebook or default_casebook())


@clock.command()
def rebuild(
    casebook: CasebookOption = None, examiner: ExaminerOption = "", as_json: JsonOption = False
) -> None:
    """Make everything that the clock shows anew from the record."""
    with Voice(as_json) as voice:
        from app.cli.area import rebuild_clock_command

        rebuild_clock_command(voice, casebook or default_casebook(), examiner)
