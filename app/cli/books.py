"""Opening the casebook for commands that record something."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from app.cli.places import DATABASE, require_casebook
from app.cli.voice import Voice
from app.domain import Author, CaseheadError, ReadOnlyError
from app.store import Casebook
from app.workbench import Workbench

POLL_SECONDS = 0.2
PASSWORD = "CASEHEAD_PASSWORD"
EXAMINER = "CASEHEAD_EXAMINER"


@dataclass(frozen=True, slots=True)
class Names:
    """Who works here, as given with the command; empty when not given."""

    agency: str = ""
    station: str = ""
    examiner: str = ""
    ori: str = ""

    @property
    def given(self) -> bool:
        """Whether anything was given."""
        return bool(self.agency or self.station or self.examiner)


@contextmanager
def recording(
    voice: Voice,
    folder: Path,
    names: Names | None = None,
    *,
    create: bool = False,
    automatic_search: bool = False,
    may_change: bool = False,
) -> Iterator[Workbench]:
    """The casebook in ``folder``, open for writing, with an author.

    Where people are on record, whoever ``--examiner`` names signs in, with the password in the
    environment's CASEHEAD_PASSWORD or asked for; one to be changed first only where ``may_change``.
    Raises CaseheadError when it is open elsewhere, absent (unless ``create``), or nobody has said
    yet who works with it.
    """
    if not create:
        require_casebook(folder)
    workbench = Workbench(folder, automatic_search=automatic_search)
    try:
        if workbench.read_only:
            raise ReadOnlyError(workbench.notice or f"The casebook in {folder} cannot be written.")
        settle_author(voice, workbench, names or Names(), may_change=may_change)
        if workbench.notice:
            voice.note(workbench.notice)
        yield workbench
        workbench.sign_out()
    finally:
        workbench.close()


@contextmanager
def looking(folder: Path) -> Iterator[Workbench]:
    """The casebook in ``folder`` for what anybody may see, also while it is open elsewhere.

    Nobody signs in. Raises CaseheadError when it is absent.
    """
    require_casebook(folder)
    workbench = Workbench(folder, automatic_search=False)
    try:
        yield workbench
    finally:
        workbench.close()


def has_author(folder: Path) -> bool:
    """Whether the casebook in ``folder`` is there and knows who works with it."""
    if not (folder / DATABASE).is_file():
        return False
    with Casebook.open(folder, read_only=True) as casebook:
        return casebook.author is not None


def wait_for_searches(voice: Voice, workbench: Workbench) -> None:
    """Wait for the background searches, with progress; a stop leaves them for the next start."""
    total = len(_unfinished(workbench))
    if not total:
        return
    voice.note(f"Searching {total} new picture{'' if total == 1 else 's'} ...")
    while not workbench.wait_idle(POLL_SECONDS):
        left = len(_unfinished(workbench))
        running = workbench.running()
        name = running[0].name if running else ""
        voice.job.report(total - left, max(total, left), f"Searching {name}".rstrip())


def _unfinished(workbench: Workbench) -> list[str]:
    from app.domain import SearchState

    going = (SearchState.WAITING, SearchState.RUNNING)
    return [line.search.id for line in workbench.searches() if line.search.state in going]


def settle_author(
    voice: Voice, workbench: Workbench, names: Names, *, may_change: bool = False
) -> None:
    """Let whoever the command names work here. Raises CaseheadError when that is nobody."""
    if workbench.open_bench:
        _settle_open(workbench, names)
        return
    _sign_in(voice, workbench, names)
    if workbench.must_change and not may_change:
        raise CaseheadError(
            "An administrator set this password; change it first with 'casehead people password'."
        )
    known = workbench.author
    if known is not None and (names.agency or names.station or names.ori):
        wanted = _with_names(known, replace(names, examiner=known.examiner))
        if wanted != known:
            workbench.set_author(wanted)


def secret_given(name: str) -> str:
    """The password of whoever runs the command. Raises CaseheadError where none can be asked."""
    return os.environ.get(PASSWORD, "") or ask_secret(f"Password of {name}", PASSWORD)


def ask_secret(what: str, variable: str, *, twice: bool = False) -> str:
    """Ask on the terminal. Raises CaseheadError where nobody sits before one."""
    if not sys.stdin.isatty():
        raise CaseheadError(f"{what}: put it into the environment variable {variable}.")
    told: str = typer.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    return told


def _sign_in(voice: Voice, workbench: Workbench, names: Names) -> None:
    name = names.examiner or os.environ.get(EXAMINER, "")
    active = [person.name for person in workbench.people() if person.active]
    by_name = workbench.policy().by_name
    if not name and by_name and len(active) == 1:
        name = active[0]
    if not name:
        raise CaseheadError(
            "People are on record in this casebook; say who you are with --examiner, where the "
            f"command has it, or in the environment variable {EXAMINER}."
        )
    welcome = workbench.sign_in(name, "" if by_name else secret_given(name))
    for sentence in welcome.warnings:
        voice.note(sentence)


def _settle_open(workbench: Workbench, names: Names) -> None:
    known = workbench.author
    if names.given:
        workbench.set_author(_with_names(known or Author("", "", ""), names))
    elif known is None:
        raise CaseheadError(
            "This casebook does not know yet who works with it; say so once with --agency, "
            "--station and --examiner, or start the window with 'casehead gui'."
        )


def _with_names(base: Author, names: Names) -> Author:
    return Author(
        names.agency or base.agency,
        names.station or base.station,
        names.examiner or base.examiner,
        names.ori or base.ori,
    )
