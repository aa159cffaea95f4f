"""Overlapping fields of one specimen joined; away from the seams every pixel is a field's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.capture.combine.frames import check_exposed, check_frames, grey
from app.capture.combine.network import Link, connected, residuals, solved
from app.capture.combine.overlaps import Field, proposed
from app.capture.combine.recipe import Recipe, SourceFrame
from app.capture.combine.registering import Layers, refined
from app.capture.combine.seams import joined
from app.capture.frame import Pixels
from app.domain import CaseheadError
from app.jobs import Job
from correlation.surface import Bools

_PURPOSE = "to stitch"
_LARGEST_PIXELS = 300_000_000
_STRAY_PX = 1.5
"""A pair that disagrees by more with all the others was seen wrong."""
_LEAST_STRENGTH = 12.0
_WIDEST_PX = 8.0
"""Narrow, as the edges of an overlap are lost by so much."""


@dataclass(frozen=True, slots=True)
class Stitching:
    """How to stitch. ``places_um`` are the fields' places (x right, y down) where they are known.

    They need only be right to ``place_sd_um``. Pairs that share less than ``least_overlap`` of a
    field, or agree less than ``least_agreement`` there, do not count. Fields blend over
    ``seam_px``.
    """

    pixel_um: float
    places_um: tuple[tuple[float, float], ...] | None = None
    place_sd_um: float = 300.0
    least_overlap: float = 0.03
    least_agreement: float = 0.35
    seam_px: int = 12


@dataclass(frozen=True, slots=True, eq=False)
class Stitched:
    """``pixels`` as the fields' kind, 0 where ``covered`` is False (rows, columns).

    ``places_um`` are the fields' first pixels as measured, (fields, 2), x right and y down from
    the first pixel of the whole; ``owner`` is the field each pixel came from (-1: blended, -2:
    none). ``residuals_um`` is what each pair disagrees with these places.
    """

    pixels: Pixels
    covered: Bools
    owner: NDArray[np.int16]
    places_um: NDArray[np.float64]
    residuals_um: NDArray[np.float64]
    recipe: Recipe


def stitch(fields: Sequence[Pixels], plan: Stitching, job: Job | None = None) -> Stitched:
    """Join overlapping fields taken under one light with the camera not turned between them.

    Pairs are measured by phase correlation, judged by the correlation of their overlap, refined
    by least squares; all places follow from all pairs by weighted least squares. Fields are put
    down at whole pixels (their ``placed_off_um`` is in the recipe), so nothing is interpolated.
    Raises CaseheadError for unlike fields and for one that overlaps no other, CancelledError when
    ``job`` is stopped.
    """
    check_frames(fields, _PURPOSE)
    check_exposed(fields, _PURPOSE)
    if plan.places_um is not None and len(plan.places_um) != len(fields):
        raise CaseheadError(
            f"There are {len(fields)} fields but {len(plan.places_um)} places; give one for each."
        )
    links, agreements = _links(fields, plan, job or Job())
    links = _consistent(len(fields), links)
    _check_joined(len(fields), links)
    places = solved(len(fields), links)
    left = residuals(places, links) * plan.pixel_um
    places -= places.min(axis=0)
    corners = np.rint(places).astype(np.intp)
    shape = fields[0].shape
    height, width = corners[:, 1].max() + shape[0], corners[:, 0].max() + shape[1]
    if height * width > _LARGEST_PIXELS:
        raise CaseheadError("The stitched picture would be too large; stitch fewer fields.")
    pixels, owner = joined(fields, corners, plan.seam_px)
    recipe = _recipe(plan, links, agreements, places, corners, left)
    covered = np.asarray(owner != -2, np.bool_)
    return Stitched(pixels, covered, owner, places * plan.pixel_um, left, recipe)


def _links(
    fields: Sequence[Pixels], plan: Stitching, job: Job
) -> tuple[list[Link], dict[tuple[int, int], float]]:
    layers = [Layers(grey(field), widest_px=_WIDEST_PX) for field in fields]
    small = [Field(one) for one in layers]
    links, agreements = [], {}
    pairs = list(combinations(range(len(fields)), 2))
    for number, (first, second) in enumerate(pairs):
        job.report(number, len(pairs) + 1, "Comparing fields")
        near = _near(plan, first, second)
        if near is not None and not _may_overlap(near, fields[0].shape):
            continue
        start = proposed(small[first], small[second], plan.least_overlap, near)
        if start is None or start.strength < _LEAST_STRENGTH:
            continue
        if start.motion.agreement < 0.5 * plan.least_agreement:
            continue
        motion = refined(layers[first], layers[second], start.motion, levels=3)
        far = np.hypot(motion.dx_px - start.motion.dx_px, motion.dy_px - start.motion.dy_px)
        if motion.agreement < plan.least_agreement or far > 3 * small[first].factor + 2:
            continue
        weight = 1 / max(motion.sd_px, 0.01) ** 2
        links.append(Link(first, second, (motion.dx_px, motion.dy_px), weight))
        agreements[first, second] = motion.agreement
    return links, agreements


def _near(plan: Stitching, first: int, second: int) -> tuple[float, float, float] | None:
    """Where the second field should lie and how far off it may be, pixels; None anywhere."""
    if plan.places_um is None:
        return None
    start, end = plan.places_um[first], plan.places_um[second]
    x, y = ((b - a) / plan.pixel_um for a, b in zip(start, end, strict=True))
    return x, y, 3 * plan.place_sd_um / plan.pixel_um


def _may_overlap(near: tuple[float, float, float], shape: tuple[int, ...]) -> bool:
    x, y, reach = near
    return abs(x) - reach < shape[1] and abs(y) - reach < shape[0]


def _consistent(count: int, links: Sequence[Link]) -> list[Link]:
    """Without the pairs that all others contradict, the worst first."""
    kept = list(links)
    while len(kept) > 2:
        group = connected(count, kept)[0]
        inner = [link for link in kept if link.first in group]
        number = {field: place for place, field in enumerate(sorted(group))}
        local = [Link(number[k.first], number[k.second], k.step, k.weight) for k in inner]
        size = np.hypot(*residuals(solved(len(group), local), local).T)
        worst = int(np.argmax(size))
        if size[worst] <= _STRAY_PX:
            break
        kept.remove(inner[worst])
    return kept


def _check_joined(count: int, links: Sequence[Link]) -> None:
    groups = connected(count, links)
    if len(groups) == 1:
        return
    if len(groups[0]) == 1:
        raise CaseheadError(
            "No two of the fields show a common part; move the stage less between them, so that "
            "neighbours share about a fifth."
        )
    apart = sorted(number + 1 for group in groups[1:] for number in group)
    told = ", ".join(map(str, apart))
    many = "Fields" if len(apart) > 1 else "Field"
    raise CaseheadError(
        f"{many} {told} cannot be joined to the others; leave {'them' if len(apart) > 1 else 'it'} "
        "out, or take one more field in between."
    )


def _recipe(
    plan: Stitching,
    links: Sequence[Link],
    agreements: dict[tuple[int, int], float],
    places: NDArray[np.float64],
    corners: NDArray[np.intp],
    left: NDArray[np.float64],
) -> Recipe:
    sizes = np.hypot(*left.T)
    off = (corners - places) * plan.pixel_um
    pairs = [
        {
            "fields": [link.first, link.second],
            "step_um": [round(step * plan.pixel_um, 4) for step in link.step],
            "residual_um": round(float(size), 4),
            "agreement": round(agreements[link.first, link.second], 4),
        }
        for link, size in zip(links, sizes, strict=True)
    ]
    figures = {
        "pairs": pairs,
        "residual_rms_um": round(float(np.sqrt(np.mean(np.square(sizes)))), 4),
        "residual_largest_um": round(float(sizes.max()), 4),
        "placed_off_largest_um": round(float(np.hypot(*off.T).max()), 4),
        "redundant_pairs": len(links) - (len(places) - 1),
    }
    sources = tuple(
        SourceFrame(
            values={
                "place_um": [round(float(v) * plan.pixel_um, 4) for v in place],
                "corner_px": [int(v) for v in corner],
                "placed_off_um": [round(float(v), 4) for v in shift],
            }
        )
        for place, corner, shift in zip(places, corners, off, strict=True)
    )
    notes = (
        ()
        if figures["redundant_pairs"]
        else ("Every field hangs on one pair only, so nothing checks the places.",)
    )
    return Recipe("stitch", asdict(plan), sources, figures, notes)
