"""Aligning a pair from where the examiner laid it, by an area, and by landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot

from app.domain import Alignment, CaseheadError, Score
from app.matching.scores import score_of
from app.workbench.base import Base
from correlation.errors import CorrelationError
from correlation.landmarks import Landmarks, calibration_sentence, rigid_motion
from correlation.method import settings_for
from correlation.motion import Point
from correlation.nearby import REACH_DEG, Nearby, align_near, reach_um
from correlation.outline import Outline
from correlation.placement import score_at
from correlation.prepare import Prepared

PointPair = tuple[Point, Point]
_RIVAL = 0.8
_BY_HAND = "Align the pair by landmarks or by hand."


@dataclass(frozen=True, slots=True)
class Aligned:
    """Where the right specimen was laid, and what is to be told of it.

    ``score`` is what software says of both whole marks as they lie there, None where it can say
    nothing; ``sentence`` then says why. ``landmarks`` are what the points told, when it was
    aligned by them.
    """

    alignment: Alignment
    sentence: str
    score: Score | None = None
    landmarks: Landmarks | None = None


def by_landmarks(pairs: Sequence[PointPair]) -> Aligned:
    """Turn and shift from pairs of points (left, right), micrometres from their arrays' centres.

    Raises CaseheadError with a sentence when there are fewer than two, or they tell no turn.
    """
    try:
        found = rigid_motion([left for left, _ in pairs], [right for _, right in pairs])
    except CorrelationError as error:
        raise CaseheadError(str(error)) from error
    alignment = Alignment(found.rotation_deg, found.shift_um)
    return Aligned(alignment, landmarks_sentence(found), landmarks=found)


def landmarks_sentence(found: Landmarks) -> str:
    """How well the points lie on each other, and whether the pixel sizes agree with them."""
    count = len(found.residuals_um)
    points = f"{count} points lie {found.rms_um:.1f} µm apart (root mean square)"
    ratio = f"distances left to right {found.distance_ratio:.3f}"
    return " ".join(part for part in (f"{points}, {ratio}.", calibration_sentence(found)) if part)


class Aligning(Base):
    """Operations that lay one picture on the other; none of them records anything."""

    def align_near(
        self,
        left_id: str,
        right_id: str,
        start: Alignment,
        area: Sequence[Point] | None = None,
    ) -> Aligned:
        """The best place near ``start``, of the marks or of an ``area`` outlined on the left one.

        ``area`` is a polygon in micrometres from the centre of the left picture's array. Raises
        CaseheadError with a sentence when one of the two cannot be prepared, when the area holds
        too little, and when they hardly lie on each other at the start.
        """
        left, right = self._both(left_id, right_id)
        try:
            outline = None if area is None else Outline(tuple(area))
            found = align_near(left, right, start.rotation_deg, start.shift_um, area=outline)
        except CorrelationError as error:
            raise CaseheadError(str(error)) from error
        alignment = Alignment(found.rotation_deg, found.shift_um)
        score, why = _said(left, right, alignment)
        if score is not None:
            score = _with_facts(score, found, start, outline)
        sentence = near_sentence(found, reach_um(settings_for(left.kind, left.mark)), outline)
        return Aligned(alignment, f"{sentence} {why}".strip(), score)

    def place(self, left_id: str, right_id: str, pairs: Sequence[PointPair]) -> Aligned:
        """The alignment by landmarks, with what software says of the pair there.

        It needs no prepared marks: where software can say nothing, ``sentence`` says why.
        Raises CaseheadError as ``by_landmarks`` does.
        """
        placed = by_landmarks(pairs)
        score, why = self._score_of_place(left_id, right_id, placed.alignment)
        return replace(placed, score=score, sentence=f"{placed.sentence} {why}".strip())

    def score_here(self, left_id: str, right_id: str, alignment: Alignment) -> Score:
        """What software says of the pair as it lies, its cells included; nothing is looked for.

        Raises CaseheadError with a sentence where it can say nothing.
        """
        score, why = self._score_of_place(left_id, right_id, alignment)
        if score is None:
            raise CaseheadError(why)
        return replace(score, alignment=alignment)

    def _score_of_place(
        self, left_id: str, right_id: str, alignment: Alignment
    ) -> tuple[Score | None, str]:
        try:
            return _said(*self._both(left_id, right_id), alignment)
        except CaseheadError as error:
            return None, str(error)

    def _both(self, left_id: str, right_id: str) -> tuple[Prepared, Prepared]:
        """Both marks; what keeps software from preparing one is told with what still works."""
        try:
            return self._matcher.prepared(left_id), self._matcher.prepared(right_id)
        except (CorrelationError, CaseheadError) as error:
            raise CaseheadError(
                f"Software cannot align this pair: {_without_stop(str(error))}. {_BY_HAND}"
            ) from error


def near_sentence(found: Nearby, reach: float, area: Outline | None = None) -> str:
    """What was found near a placement: how far away, how well, how surely."""
    what = "the outlined area" if area else "where it lay"
    moved = f"turned {found.turned_deg:+.1f}° and moved {hypot(*found.moved_um):.0f} µm"
    seen = found.overlap_um2 * 1e-6
    told = [f"Aligned from {what}: {moved}; correlation {found.ccf:.2f} over {seen:.2f} mm²"]
    if found.rotation_sd_deg is None or found.shift_sd_um is None:
        told = [f"{told[0]}; no best place stands out."]
    else:
        told = [f"{told[0]}, ±{found.rotation_sd_deg:.2g}° and ±{found.shift_sd_um:.2g} µm."]
    if found.at_edge:
        told.append(
            f"This is the edge of what was looked through ({REACH_DEG:.0f}°, {reach:.0f} µm): "
            "lay it closer by hand, or align automatically."
        )
    if found.rival >= _RIVAL:
        told.append("Another place nearby agrees almost as well.")
    return " ".join(told)


def _said(left: Prepared, right: Prepared, alignment: Alignment) -> tuple[Score | None, str]:
    """The score of a place, or why there is none."""
    try:
        return score_of(score_at(left, right, alignment.rotation_deg, alignment.shift_um)), ""
    except CorrelationError as error:
        return None, str(error)


def _with_facts(score: Score, found: Nearby, start: Alignment, area: Outline | None) -> Score:
    """The score with the uncertainty of the place, and what it takes to find it again."""
    facts = {
        "from": [start.rotation_deg, *start.shift_um],
        "within": [REACH_DEG, score.parameters["shift_um"] / 2],
        "area_um": None if area is None else [list(point) for point in area.points_um],
        "ccf": found.ccf,
    }
    return replace(
        score,
        rotation_sd_deg=found.rotation_sd_deg,
        shift_sd_um=found.shift_sd_um,
        parameters={**score.parameters, "aligned_near": facts},
    )


def _without_stop(sentence: str) -> str:
    return sentence.rstrip(". ")
