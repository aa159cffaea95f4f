"""Comparing striated marks (aperture shear) by their profiles."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

from correlation.errors import CorrelationError
from correlation.method import METHOD, VERSION, settings_for
from correlation.motion import Point, turned_point, wrapped
from correlation.prepare import Prepared
from correlation.profile import SEGMENT_UM, Profile, ProfileMatch, Segment, match
from correlation.result import CellScore, PairScore


def compare_profiles(left: Prepared, right: Prepared) -> PairScore:
    """The agreement of two striated marks, over every lag and both ways round.

    The score is three quarters of the profiles' correlation and one quarter of the share of
    congruent segments (which are the cells here), times the root of the overlap. The alignment
    leaves open where along the striae the marks meet: it puts their middles side by side.
    Exchanging the marks gives the same score. Raises CorrelationError for marks without profile
    or of different kinds.
    """
    started = perf_counter()
    if left.kind != right.kind:
        raise CorrelationError(
            "An image and a scan cannot be compared with each other; choose two of one kind."
        )
    swapped = right.digest() < left.digest()
    first, second = (right, left) if swapped else (left, right)
    here, there = _profile(first), _profile(second)
    found = match(here, there)
    if swapped:
        found = _exchanged(found)
        here, there = there, here
    rotation = wrapped(here.across_deg - there.across_deg + (180.0 if found.reversed else 0.0))
    congruent = sum(segment.congruent for segment in found.segments)
    return PairScore(
        method=METHOD,
        version=VERSION,
        score=round(_score(found, congruent), 6),
        ccf=round(found.ccf, 6),
        cells=len(found.segments),
        congruent_cells=congruent,
        rotation_deg=round(rotation, 4),
        shift_um=_shift(found, left, right, here, rotation),
        overlap=round(found.overlap, 4),
        seconds=round(perf_counter() - started, 4),
        parameters=settings_for(left.kind, left.mark).as_dict(),
        cell_list=tuple(_cell(one, left, right, here, there, rotation) for one in found.segments),
    )


def _profile(mark: Prepared) -> Profile:
    if mark.profile is None:
        raise CorrelationError("This mark has no profile of striae; prepare it as aperture shear.")
    return mark.profile


def _score(found: ProfileMatch, congruent: int) -> float:
    share = congruent / len(found.segments) if found.segments else 0.0
    return float(np.sqrt(found.overlap)) * (3 * max(found.ccf, 0.0) + share) / 4


def _exchanged(found: ProfileMatch) -> ProfileMatch:
    """The same agreement told with left and right exchanged."""
    sign = 1.0 if found.reversed else -1.0
    segments = tuple(
        replace(one, left_um=one.right_um, right_um=one.left_um) for one in found.segments
    )
    return replace(found, lag_um=sign * found.lag_um / found.stretch, segments=segments)


def _along(profile: Profile, place_um: float) -> Point:
    """A place of a profile on the mark, from the middle of its levels (x right, y down)."""
    angle = np.deg2rad(profile.across_deg)
    return float(place_um * np.cos(angle)), float(-place_um * np.sin(angle))


def _shift(
    found: ProfileMatch, left: Prepared, right: Prepared, here: Profile, rotation_deg: float
) -> Point:
    centre = turned_point(right.centre_um, rotation_deg)
    moved = _along(here, found.lag_um)
    return (
        round(moved[0] + left.centre_um[0] - centre[0], 3),
        round(moved[1] + left.centre_um[1] - centre[1], 3),
    )


def _cell(
    one: Segment,
    left: Prepared,
    right: Prepared,
    here: Profile,
    there: Profile,
    rotation_deg: float,
) -> CellScore:
    on_left, on_right = _along(here, one.left_um), _along(there, one.right_um)
    return CellScore(
        left_um=(
            round(on_left[0] + left.centre_um[0], 2),
            round(on_left[1] + left.centre_um[1], 2),
        ),
        right_um=(
            round(on_right[0] + right.centre_um[0], 2),
            round(on_right[1] + right.centre_um[1], 2),
        ),
        side_um=SEGMENT_UM,
        rotation_deg=round(rotation_deg, 3),
        ccf=round(one.ccf, 4),
        congruent=one.congruent,
    )
