"""``casehead export``: a comparison of the casebook as a picture or as its report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.cli.books import Names, looking, settle_author
from app.cli.marks import Marks
from app.cli.places import require_casebook
from app.cli.voice import Voice
from app.domain import CaseheadError, Comparison
from app.workbench import Shown, Workbench


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written where; ``view`` is the name of a saved one."""

    left: str
    right: str
    out: Path
    view: str = ""
    whole: bool = False
    made_at: str = ""
    overwrite: bool = False
    examiner: str = ""


def export_command(voice: Voice, folder: Path, wanted: Wanted) -> dict[str, str]:
    """Write it; what ``--json`` prints. Raises CaseheadError with a sentence."""
    require_casebook(folder)
    _check_moment(wanted.made_at)
    with Marks(folder) as marks:
        ids = tuple(marks.find(text).acquired.id for text in (wanted.left, wanted.right))
    with looking(folder) as workbench:
        settle_author(voice, workbench, Names(examiner=wanted.examiner))
        comparison = _comparison(workbench, ids[0], ids[1])
        written = _write(voice, workbench, comparison, wanted)
        workbench.sign_out()
    return {"file": str(written[0]), "pixel": written[1], "comparison": comparison.id}


def _write(
    voice: Voice, workbench: Workbench, comparison: Comparison, wanted: Wanted
) -> tuple[Path, str]:
    out, overwrite, job = wanted.out, wanted.overwrite, voice.job
    if out.suffix.lower() == ".pdf":
        if wanted.view or wanted.whole:
            raise CaseheadError(
                "A report holds every saved view that is wanted in it; --view and --whole are "
                "for pictures."
            )
        told = workbench.export_report(
            comparison, out, overwrite=overwrite, made_at=wanted.made_at, job=job
        )
        return told.path, told.sentence
    shown = None
    if wanted.view:
        comparison, shown = _saved(workbench, comparison, wanted.view)
    told = workbench.export_view(
        comparison, out, whole=wanted.whole, overwrite=overwrite, shown=shown, job=job
    )
    return told.path, told.sentence


def _comparison(workbench: Workbench, left_id: str, right_id: str) -> Comparison:
    """As it was left, whichever of the two stands left in it; a new one where there is none."""
    saved = workbench.comparisons()
    for one in reversed(saved):
        if {one.left_id, one.right_id} == {left_id, right_id}:
            return one
    return workbench.open_comparison(left_id, right_id)


def _saved(workbench: Workbench, comparison: Comparison, name: str) -> tuple[Comparison, Shown]:
    views = workbench.saved_views(comparison.id)
    for view in reversed(views):
        if view.name == name:
            seen = replace(comparison, alignment=view.alignment, view=view.view)
            return seen, Shown(view.score, view.annotations)
    names = ", ".join(f"'{view.name}'" for view in views) or "none"
    raise CaseheadError(f"This comparison has no saved view '{name}'; it has {names}.")


def _check_moment(text: str) -> None:
    try:
        if text:
            datetime.fromisoformat(text)
    except ValueError as error:
        raise CaseheadError(
            f"'{text}' is no moment; write it as 2026-03-31T10:15:00+00:00."
        ) from error
