"""What leaves the casebook as a file: the view at evidence resolution, the report of a pair."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain import Annotation, CaseheadError, Comparison, Remarks, Score, now
from app.importing.making import SOFTWARE
from app.jobs import Job
from app.picture import Side, ViewState, render
from app.picture.arrays import Pixels
from app.picture.exporting import Plan, captioned, plan_export
from app.picture.saving import (
    SUFFIXES,
    Labels,
    check_target,
    picture_bytes,
)
from app.picture.solid_view import SolidView, draw_solids, plan_solid, solid_of
from app.picture.wording import view_lines
from app.picture.writing import check_free, write_whole
from app.reporting import comparison_pdf
from app.reporting.templates import FOLDER, template
from app.workbench.annotating import Annotating
from app.workbench.class_notes import flag_lines
from app.workbench.lights import Lights
from app.workbench.report_values import ReportMaker
from app.workbench.views_kept import solid_view_lines

_STEPS = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """What is on the desk and perhaps not yet saved: given, it is used instead of the record."""

    score: Score | None = None
    annotations: tuple[Annotation, ...] = ()
    sides: tuple[Side, Side] | None = None
    remarks: Remarks = field(default_factory=Remarks)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A picture with its caption drawn below, the caption as text, and what a pixel of it is."""

    picture: Pixels
    caption: str
    um_per_px: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file; ``sentence`` says what one pixel of a picture is."""

    path: Path
    sentence: str = ""


class Exporting(Annotating, Lights):
    """Operations that write files for others."""

    def export_view(
        self,
        comparison: Comparison,
        path: Path,
        *,
        whole: bool = False,
        overwrite: bool = False,
        shown: Shown | None = None,
        job: Job | None = None,
    ) -> Exported:
        """Write the view as PNG or TIFF (by the name of ``path``), caption and scale bar in it.

        One pixel is one of the finer evidence picture. ``whole``: both pictures to their edges,
        else the field that is seen. A view that says so is drawn in 3D, as it is seen. A file that
        is there is replaced only with ``overwrite``.
        Raises CaseheadError when it cannot be written, CancelledError when ``job`` was stopped;
        then no file was left or changed.
        """
        check_target(path, overwrite=overwrite)
        job = job or Job()
        job.report(0, _STEPS, "reading the pictures")
        shown = shown or self._recorded(comparison)
        view = ViewState.from_dict(comparison.view)
        sides = shown.sides or self.sides_of(comparison, view)
        solid = solid_of(comparison.view)
        job.report(1, _STEPS, "drawing")
        if solid is not None:
            made = self._drawn_solid(comparison, sides, solid, shown)
        else:
            plan = plan_export(*sides, comparison.alignment, view, whole=whole)
            made = self._drawn(comparison, sides, plan, shown)
        job.report(2, _STEPS, "packing")
        labels = Labels(made.um_per_px, SOFTWARE, made.caption)
        data = picture_bytes(made.picture, SUFFIXES[path.suffix.lower()], labels)
        job.report(3, _STEPS, "writing the file")
        job.check()
        write_whole(path, data, overwrite=overwrite)
        self._note(comparison, "picture", path, data)
        return Exported(path, made.sentence)

    def plan_of(self, comparison: Comparison, sides: tuple[Side, Side], whole: bool) -> Plan:
        """How large an export would be, and what a pixel of it is."""
        view = ViewState.from_dict(comparison.view)
        return plan_export(*sides, comparison.alignment, view, whole=whole)

    def export_report(
        self,
        comparison: Comparison,
        path: Path,
        *,
        overwrite: bool = False,
        shown: Shown | None = None,
        made_at: str = "",
        job: Job | None = None,
    ) -> Exported:
        """Write the comparison as PDF: facts, manner, views, what is marked, conclusions.

        The saved views that are wanted in the report are in it; without one, the view of
        ``comparison``. The same record and ``made_at`` (now, where not given) give the same bytes.
        Raises as ``export_view`` does.
        """
        if path.suffix.lower() != ".pdf":
            raise CaseheadError(f"A report is written as PDF; let {path.name!r} end in .pdf.")
        self._refuse_hidden(comparison.id)
        check_free(path, overwrite=overwrite)
        job = job or Job()
        shown = shown or self._recorded(comparison)
        maker = ReportMaker(self, self._casebook, comparison, shown)
        words = template("comparison", self.folder / FOLDER).words
        data = comparison_pdf(maker.report(made_at or now(), job), words)
        job.check()
        write_whole(path, data, overwrite=overwrite)
        self._note(comparison, "report", path, data)
        return Exported(path)

    def sides_of(self, comparison: Comparison, view: ViewState) -> tuple[Side, Side]:
        """Both pictures as ``view`` shows them: in another light of the set, where it says so."""
        ids = comparison.left_id, comparison.right_id
        left, right = (
            self.side_lit(own, other) if other else self.side(own)
            for own, other in zip(ids, view.shown, strict=True)
        )
        return left, right

    def _drawn(
        self, comparison: Comparison, sides: tuple[Side, Side], plan: Plan, shown: Shown
    ) -> Made:
        """The picture of a field that is seen flat."""
        view, alignment, score = plan.view, comparison.alignment, shown.score
        similarity = self.similarity_of(comparison) if view.similarity else None
        lines = view_lines(sides, alignment, view, score, similarity)
        lines = (*_flags(shown), *lines, plan.sentence, self._caption())
        names = _names(sides, view)
        cells = score.cell_list if score else ()
        notes, size = shown.annotations, plan.size
        # the field is nowhere kept beside the captioned picture: both are large
        picture = captioned(
            render(*sides, alignment, view, size, cells, similarity, notes), names, lines
        )
        return Made(picture, _caption_text(names, lines), plan.um_per_px, plan.sentence)

    def _drawn_solid(
        self, comparison: Comparison, sides: tuple[Side, Side], solid: SolidView, shown: Shown
    ) -> Made:
        """The picture of both scans seen in 3D."""
        if not any(side.relief is not None for side in sides):
            raise CaseheadError("Neither specimen was scanned; only scans can be seen in 3D.")
        view, alignment = ViewState.from_dict(comparison.view), comparison.alignment
        solid, sentence = plan_solid(*sides, solid)
        lines = (*_flags(shown), *solid_view_lines(solid, sides, alignment, view), sentence)
        lines = (*lines, self._caption())
        names = _names(sides, view)
        picture = captioned(draw_solids(sides, alignment, view, solid), names, lines)
        return Made(picture, _caption_text(names, lines), solid.camera.um_per_px, sentence)

    def _recorded(self, comparison: Comparison) -> Shown:
        drawn, noted = self.annotations(comparison.id), self.remarks(comparison.id)
        return Shown(self.score_of(comparison), drawn, remarks=noted)

    def _note(self, comparison: Comparison, what: str, path: Path, data: bytes) -> None:
        """The journal hears of the file, where there is something to write it to."""
        stored = self._casebook.find_comparison(comparison.left_id, comparison.right_id)
        if stored is None or self.read_only or self.author is None:
            return
        digest = hashlib.sha256(data).hexdigest()
        self._casebook.note_export(stored.id, what, {"file": path.name, "sha256": digest})


def _names(sides: tuple[Side, Side], view: ViewState) -> list[tuple[str, str]]:
    """Title and role of both, as they stand in the picture."""
    return [(side.title, side.role) for side in (sides[::-1] if view.exchanged else sides)]


def _flags(shown: Shown) -> tuple[str, ...]:
    """What is flagged stands first in every caption."""
    return flag_lines(shown.remarks, shown.annotations)


def _caption_text(names: Sequence[tuple[str, str]], lines: Sequence[str]) -> str:
    heads = "  with  ".join(f"{title} ({role})" if role else title for title, role in names)
    return "\n".join((heads, *lines))
