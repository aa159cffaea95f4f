"""Everything the report of a comparison says, gathered from the record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from app.casework.reviews import Verification
from app.domain import CaseheadError, Comparison, Conclusion, SavedView
from app.importing.making import SOFTWARE
from app.jobs import Job
from app.matching.wording import ratio_sentence, standing_sentence
from app.picture import ViewState, alignment_sentence, render, score_sentence, settled
from app.picture.caption import precision_sentence
from app.picture.side import Pixels
from app.picture.solid_view import SolidView, draw_solids, solid_of
from app.picture.wording import adjust_words, light_words, view_lines
from app.reporting import (
    ComparisonReport,
    ReportClassLine,
    ReportConclusion,
    ReportSide,
    ReportVerification,
    ReportVerified,
    ReportView,
)
from app.store import Casebook
from app.store.extracts import is_comparison
from app.workbench.class_notes import SAID, class_lines, flag_lines
from app.workbench.views_kept import FLAGGED, solid_view_lines

if TYPE_CHECKING:
    from app.workbench.exporting import Exporting, Shown
    from app.workbench.workbench import Workbench

THE_VIEW = "The view as it stands"
_STATES = {
    "asked": "A verification was asked for and has not been entered yet.",
    "agreed": "The second examiner came to the same conclusion.",
    "disagreed": "The second examiner came to another conclusion; a third examiner is to decide.",
    "settled": "The examiners did not agree; two of three came to the same conclusion.",
    "unresolved": "Three examiners came to three conclusions; nothing is verified.",
}
_FIRST_SIZE = (1500, 900)
_WIDEST_PX = 2400


class ReportMaker:
    """Gathers one report; ``shown`` is what is on the desk, ``comparison`` its alignment."""

    def __init__(
        self, workbench: Exporting, casebook: Casebook, comparison: Comparison, shown: Shown
    ) -> None:
        self._workbench, self._casebook = workbench, casebook
        self._comparison, self._shown = comparison, shown
        self._view = ViewState.from_dict(comparison.view)

    def report(self, made_at: str, job: Job) -> ComparisonReport:
        """All of it. Raises CancelledError between two views.

        Raises CaseheadError while a blind verification keeps the comparison from this person.
        """
        self._refuse_hidden()
        left, right = (self._side(i) for i in (self._comparison.left_id, self._comparison.right_id))
        return ComparisonReport(
            left,
            right,
            self._manner(),
            tuple(self.views(job)),
            self._shown.annotations,
            self._workbench.scale().name,
            tuple(self._conclusions()),
            self._workbench.author,
            made_at,
            SOFTWARE,
            tuple(self._class_lines()),
            flag_lines(self._shown.remarks, self._shown.annotations),
            self._verified(),
        )

    def _side(self, acquired_id: str) -> ReportSide:
        place = self._casebook.provenance(acquired_id)
        events = self._casebook.events(place.case.id)
        event = next((e for e in events if e.id == place.exhibit.event_id), None)
        return ReportSide(place, event, self._casebook.firearms(place.exhibit.id))

    def _manner(self) -> Mapping[str, str]:
        comparison, score = self._comparison, self._shown.score
        sides = self._shown.sides or self._workbench.sides_of(comparison, self._view)
        kept = is_comparison(self._casebook, comparison.id)
        said = {
            "record": comparison.id if kept else "",
            "alignment": _one_line(alignment_sentence(comparison.alignment)),
            "light": light_words(self._view, sides),
            "adjust": adjust_words(self._view) or "none",
        }
        if score is None:
            return said
        found = score.alignment == comparison.alignment
        said["alignment"] += ", found by software" if found else ", set by the examiner"
        named = ", ".join(f"{name} {value}" for name, value in sorted(score.parameters.items()))
        of = "" if found else " The figures are of the alignment that software found."
        return said | {
            "precision": precision_sentence(score) if found else "",
            "method": f"{score.method} {score.version}" + (f": {named}" if named else ""),
            "score": f"{score_sentence(score, brief=True)}.{of}",
            "standing": self._standing(),
        }

    def _standing(self) -> str:
        score = self._shown.score
        if score is None:
            return ""
        ids = self._comparison.left_id, self._comparison.right_id
        try:
            meaning = self._workbench.meaning(score, *ids)
        except CaseheadError:
            return ""
        if meaning.standing is None and meaning.ratio is None:
            return ""
        return " ".join(filter(None, (standing_sentence(meaning), ratio_sentence(meaning))))

    def views(self, job: Job, *, everything: bool = False) -> Iterator[ReportView]:
        """The views kept for the report (or all), or else the one of the comparison, drawn.

        Raises CancelledError between two of them.
        """
        stored = self._stored()
        kept = self._casebook.saved_views(stored.id) if stored else ()
        wanted = [view for view in kept if view.in_report or everything]
        if not wanted:
            shown = self._shown
            wanted = [
                SavedView(
                    self._comparison.id,
                    THE_VIEW,
                    self._comparison.alignment,
                    self._comparison.view,
                    shown.annotations,
                    shown.score,
                )
            ]
        for at, view in enumerate(wanted):
            job.report(at, len(wanted), view.name)
            yield self._drawn(view)
        job.report(len(wanted), len(wanted), "setting the pages")

    def _class_lines(self) -> Iterator[ReportClassLine]:
        for line in class_lines(self._shown.remarks):
            differs = line.verdict == "differ"
            yield ReportClassLine(line.label, line.left, line.right, SAID[line.verdict], differs)

    def _flag_words(self, kept: SavedView) -> tuple[str, ...]:
        """The flags of now, and one that the view was saved under and was lifted since."""
        flags = flag_lines(self._shown.remarks, self._shown.annotations)
        kept_then = kept.view.get(FLAGGED, ())
        told = [str(line) for line in kept_then] if isinstance(kept_then, list | tuple) else []
        then = [line for line in told if line not in flags]
        return (*flags, *(f"When the view was saved: {line}" for line in then))

    def _drawn_solid(self, kept: SavedView, solid: SolidView) -> ReportView:
        """A view that was seen in 3D."""
        view = ViewState.from_dict(kept.view)
        sides = self._workbench.sides_of(replace(self._comparison, view=kept.view), view)
        solid = solid if min(solid.seen_px) > 0 else solid.sized(_FIRST_SIZE)
        picture = draw_solids(sides, kept.alignment, view, solid)
        lines = [
            *self._flag_words(kept),
            *map(_one_line, solid_view_lines(solid, sides, kept.alignment, view)),
            f"{sides[0].name}  with  {sides[1].name}",
            *_kept_lines(kept, picture),
        ]
        return ReportView(kept.name, _fitting(picture), tuple(lines))

    def _drawn(self, kept: SavedView) -> ReportView:
        solid = solid_of(kept.view)
        if solid is not None:
            return self._drawn_solid(kept, solid)
        view = ViewState.from_dict(kept.view)
        comparison = Comparison(
            self._comparison.left_id, self._comparison.right_id, kept.alignment, kept.view
        )
        sides = self._workbench.sides_of(comparison, view)
        size = view.seen_px if min(view.seen_px) > 0 else _FIRST_SIZE
        view = settled(*sides, kept.alignment, view, size)
        similarity = self._workbench.similarity_of(comparison) if view.similarity else None
        cells = kept.score.cell_list if kept.score else ()
        picture = render(*sides, kept.alignment, view, size, cells, similarity, kept.annotations)
        across, down = (length * view.um_per_px / 1000 for length in size)
        lines = [
            *self._flag_words(kept),
            *map(_one_line, view_lines(sides, kept.alignment, view, kept.score, similarity)),
            f"{sides[0].name}  with  {sides[1].name}; field {across:.3g} mm x {down:.3g} mm, "
            f"one pixel {view.um_per_px:.3g} µm",
            *_kept_lines(kept, picture),
        ]
        return ReportView(kept.name, _fitting(picture), tuple(lines))

    def _conclusions(self) -> Iterator[ReportConclusion]:
        scale = self._workbench.scale()
        explained = {value.key: value.explanation for value in scale.values}
        stored = self._stored()
        for one in self._casebook.conclusions(stored.id) if stored else ():
            own = one.scale == scale.name
            label = scale.label(one.value) if own else f"{one.value} ({one.scale})"
            explanation = explained.get(one.value, "") if own else ""
            yield ReportConclusion(one, label, explanation, scale.said(one))

    def _refuse_hidden(self) -> None:
        stored = self._stored()
        hidden = cast("Workbench", self._workbench).hidden(stored.id) if stored else ""
        if hidden:
            raise CaseheadError(f"{hidden} Until then nothing of it is written out.")

    def _verified(self) -> ReportVerified:
        stored = self._stored()
        if stored is None:
            return ReportVerified()
        return verified_of(cast("Workbench", self._workbench), self._casebook, stored.id)

    def _stored(self) -> Comparison | None:
        return self._casebook.find_comparison(self._comparison.left_id, self._comparison.right_id)


def verified_of(workbench: Workbench, casebook: Casebook, comparison_id: str) -> ReportVerified:
    """How far a comparison's verification has come, with every version that was entered."""
    state, scale = workbench.verifications(comparison_id), workbench.scale()
    of = {one.id: one.recorded_at for one in casebook.conclusions(comparison_id)}
    versions = []
    for one in casebook.verifications(comparison_id):
        task = casebook.verification_task(one.task_id)
        own = one.scale == scale.name
        label = scale.label(one.value) if own else f"{one.value} ({one.scale})"
        said = scale.said(as_conclusion(one))
        versions.append(
            ReportVerification(
                *(label, task.mode, one.author, one.verified_at, one.reasons),
                *(said, of.get(one.conclusion_id, ""), task.third),
            )
        )
    stale = state.sentences if state.state == "stale" else ()
    return ReportVerified(_STATES.get(state.state, ""), tuple(versions), stale)


def as_conclusion(one: Verification) -> Conclusion:
    """A verification with the facts a scale puts into words."""
    return Conclusion(
        one.comparison_id,
        one.scale,
        one.value,
        one.reasons,
        one.author,
        one.verified_at,
        one.basis,
        one.basis_reason,
        one.examined_physically,
        one.examined_by,
        one.examined_at,
        subclass_excluded=one.subclass_excluded,
    )


def _one_line(text: str) -> str:
    """Commas where a caption on a picture has wide gaps."""
    return text.replace("   |   ", ", ").replace("   ", ", ")


def _kept_lines(kept: SavedView, picture: Pixels) -> Iterator[str]:
    """Who kept the view, and whether it was rebuilt as it was."""
    if kept.author is not None:
        at = kept.recorded_at.replace("T", " ").replace("+00:00", " UTC")
        yield f"Saved by {kept.author.examiner}, {kept.author.agency}, {at}"
    if not kept.picture_sha256:
        return
    if hashlib.sha256(picture.tobytes()).hexdigest() == kept.picture_sha256:
        yield f"Rebuilt bit for bit as it was saved (SHA-256 {kept.picture_sha256[:16]}...)."
    else:
        yield (
            f"Rebuilt from the view as saved with {kept.software or 'another version'}; drawn by "
            f"{SOFTWARE} it differs from what was drawn then."
        )


def _fitting(picture: Pixels) -> Pixels:
    """No wider than paper can show."""
    rows, columns = picture.shape[:2]
    if columns <= _WIDEST_PX:
        return picture
    size = (_WIDEST_PX, max(1, round(rows * _WIDEST_PX / columns)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
