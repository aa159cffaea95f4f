"""Opening the casebook for commands that record something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.places import DATABASE, require_casebook
from app.cli.voice import Voice
from app.domain import Author, CaseheadError, ReadOnlyError
from app.store import Casebook
from app.workbench import Workbench

POLL_SECONDS = 0.2


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
) -> Iterator[Workbench]:
    """The casebook in ``folder``, open for writing, with an author.

    Raises CaseheadError when it is open elsewhere, absent (unless ``create``), or nobody has said
    yet who works with it.
    """
    if not create:
        require_casebook(folder)
    workbench = Workbench(folder, automatic_search=automatic_search)
    try:
        if workbench.read_only:
            raise ReadOnlyError(workbench.notice or f"The casebook in {folder} cannot be written.")
        _settle_author(workbench, names or Names())
        if workbench.notice:
            voice.note(workbench.notice)
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


def _settle_author(workbench: Workbench, names: Names) -> None:
    known = workbench.author
    if names.given:
        base = known or Author("", "", "")
        workbench.set_author(
            Author(
                names.agency or base.agency,
                names.station or base.station,
                names.examiner or base.examiner,
                names.ori or base.ori,
            )
        )
    elif known is None:
        raise CaseheadError(
            "This casebook does not know yet who works with it; say so once with --agency, "
            "--station and --examiner, or start the window with 'casehead gui'."
        )
