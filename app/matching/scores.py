"""Scores between the correlation library and the casebook, and their order."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians, sin

from app.domain import Alignment, Candidate, Cell, Score
from app.store import Reference
from correlation.compare import PairScore

Ranked = tuple[Reference, Score]


def score_of(pair: PairScore) -> Score:
    """The result of the library as a value of the domain."""
    return Score(
        method=pair.method,
        version=pair.version,
        score=float(pair.score),
        ccf=float(pair.ccf),
        cells=int(pair.cells),
        congruent_cells=int(pair.congruent_cells),
        alignment=Alignment(float(pair.rotation_deg), _point(pair.shift_um)),
        overlap=float(pair.overlap),
        seconds=float(pair.seconds),
        parameters=dict(pair.parameters),
        cell_list=tuple(
            Cell(
                _point(c.left_um),
                _point(c.right_um),
                float(c.side_um),
                float(c.rotation_deg),
                float(c.ccf),
                bool(c.congruent),
            )
            for c in pair.cell_list
        ),
        overlap_um2=float(pair.overlap_um2),
        rotation_sd_deg=_maybe(pair.rotation_sd_deg),
        shift_sd_um=_maybe(pair.shift_sd_um),
    )


def _maybe(value: float | None) -> float | None:
    return None if value is None else float(value)


def _point(point: tuple[float, float]) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def ranked(search_id: str, scores: list[Ranked], limit: int) -> tuple[Candidate, ...]:
    """The ``limit`` best as candidates, best first.

    Ties go by ``ccf`` and then by name, so that the order never depends on the threads.
    """
    scores = sorted(scores, key=_order)[:limit]
    return tuple(
        Candidate(search_id, reference.acquired_id, rank, score)
        for rank, (reference, score) in enumerate(scores, start=1)
    )


def _order(ranked: Ranked) -> tuple[float, float, str, str, str]:
    reference, score = ranked
    return -score.score, -score.ccf, reference.name, reference.digest, reference.acquired_id


def reversed_alignment(alignment: Alignment) -> Alignment:
    """The alignment that brings the left picture onto the right one."""
    turn = radians(alignment.rotation_deg)
    dx, dy = alignment.shift_um
    # y points down: this is the clockwise turn, as seen, of the shift taken backwards
    back = (-(dx * cos(turn) - dy * sin(turn)), -(dx * sin(turn) + dy * cos(turn)))
    return Alignment(-alignment.rotation_deg, back)


def reversed_score(score: Score) -> Score:
    """The same result seen with left and right exchanged."""
    cells = tuple(
        replace(c, left_um=c.right_um, right_um=c.left_um, rotation_deg=-c.rotation_deg)
        for c in score.cell_list
    )
    return replace(score, alignment=reversed_alignment(score.alignment), cell_list=cells)
