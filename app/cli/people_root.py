"""``casehead people ...``: its commands and their options."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer

from app.cli.options import (
    AgencyOption,
    CasebookOption,
    ExaminerOption,
    JsonOption,
    OriOption,
    StationOption,
)
from app.cli.places import default_casebook
from app.cli.voice import Voice


class RoleName(StrEnum):
    """The roles as they are typed."""

    TECHNICIAN = "technician"
    EXAMINER = "examiner"
    REVIEWER = "reviewer"
    QUALITY = "quality-manager"
    ADMINISTRATOR = "administrator"


SkillName = Literal["acquire", "review", "examine", "quality"]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The person's full name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept with the change.")]

people = typer.Typer(
    help="Who works here: roles, qualifications, passwords, how people sign in.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@people.command("list")
def list_them(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """List everybody on record with roles and qualifications."""
    with Voice(as_json) as voice:
        from app.cli.people import list_command

        list_command(voice, casebook or default_casebook())


@people.command()
def add(
    name: NameArgument,
    roles: Annotated[
        list[RoleName] | None, typer.Option("--role", help="A role; may be given several times.")
    ] = None,
    first: Annotated[
        bool, typer.Option("--first", help="The first person: administrator with all roles.")
    ] = False,
    by_name: Annotated[
        bool, typer.Option("--by-name", help="With --first: sign in by name only, no passwords.")
    ] = False,
    zone: Annotated[
        str,
        typer.Option(
            metavar="ZONE",
            help="With --first: the lab's time zone, such as America/Chicago; default: this "
            "computer's.",
        ),
    ] = "",
    casebook: CasebookOption = None,
    agency: AgencyOption = "",
    station: StationOption = "",
    ori: OriOption = "",
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put somebody on record; the password is CASEHEAD_NEW_PASSWORD, or asked for."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.people import add_command, first_command

        folder = casebook or default_casebook()
        if first:
            first_command(voice, folder, Names(agency, station, name, ori), by_name, zone)
        else:
            add_command(voice, folder, Names(examiner=examiner), name, roles or [])


@people.command()
def role(
    name: NameArgument,
    roles: Annotated[list[RoleName], typer.Argument(metavar="ROLE...", help="All of them.")],
    reason: ReasonOption = "",
    casebook: CasebookOption = None,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Give somebody these roles and no others."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.people import role_command

        folder = casebook or default_casebook()
        role_command(voice, folder, Names(examiner=examiner), name, roles, reason)


@people.command()
def retire(
    name: NameArgument,
    back: Annotated[bool, typer.Option("--back", help="They work here again.")] = False,
    reason: ReasonOption = "",
    casebook: CasebookOption = None,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Let somebody sign in no more; all they did stays."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.people import retire_command

        folder = casebook or default_casebook()
        retire_command(voice, folder, Names(examiner=examiner), name, reason, back=back)


@people.command()
def qualify(
    name: NameArgument,
    skill: Annotated[SkillName, typer.Argument(metavar="SKILL", help="What for.")],
    granted: Annotated[
        str, typer.Option("--from", metavar="DAY", help="Year-month-day; default: today.")
    ] = "",
    expires: Annotated[
        str, typer.Option("--to", metavar="DAY", help="The last day; default: without an end.")
    ] = "",
    note: Annotated[str, typer.Option("--note", help="What it rests on.")] = "",
    withdraw: Annotated[
        str, typer.Option("--withdraw", metavar="REASON", help="Withdraw those held instead.")
    ] = "",
    casebook: CasebookOption = None,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Record that somebody is qualified; lapsed, they cannot acquire, review or examine."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.people import Granted, qualify_command

        folder = casebook or default_casebook()
        wanted = Granted(skill, granted, expires, note, withdraw)
        qualify_command(voice, folder, Names(examiner=examiner), name, wanted)


@people.command()
def password(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Whose; default: the own password.")
    ] = "",
    casebook: CasebookOption = None,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Change the own password, or give another person one to be changed at once.

    The new one is CASEHEAD_NEW_PASSWORD, or asked for twice.
    """
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.people import password_command

        folder = casebook or default_casebook()
        password_command(voice, folder, Names(examiner=examiner), name)


@people.command()
def policy(
    sign_in: Annotated[
        Literal["password", "name"] | None,
        typer.Option("--sign-in", help="By name and password, or by name only."),
    ] = None,
    idle: Annotated[
        int | None,
        typer.Option("--idle", min=0, max=480, metavar="MINUTES", help="Lock after; 0: never."),
    ] = None,
    casebook: CasebookOption = None,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say or show how people sign in and when a station locks."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.people import policy_command

        folder = casebook or default_casebook()
        policy_command(voice, folder, Names(examiner=examiner), sign_in, idle)
