"""Harm done on purpose: how much a comparison stands is told by what it loses.

Each harm is a function of the surface and of its file's digest, so a run can be repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import CaseheadError
from correlation.filters import form
from correlation.region import Disc, find_region
from correlation.surface import Bools, Floats, Mark, Surface

DEGRADING: Final = "2"
BLUR_UM: Final = 25.0
SECTORS: Final = 36
DENTS: Final = 4
Grid = NDArray[np.floating[Any]]
Harm = Callable[[Surface, np.random.Generator, Mark], Surface]


def degrade(surface: Surface, name: str, digest: str, mark: Mark = "breech face") -> Surface:
    """The surface after the harm called ``name``; the same for the same file, always.

    Shares of the area are shares of the mark's. Raises CorrelationError where there is no mark.
    """
    seed = int.from_bytes(hashlib.sha256(f"{name} {digest}".encode()).digest()[:8], "big")
    return _HARMS[name][1](surface, np.random.default_rng(seed), mark)


def described(name: str) -> str:
    """What the harm does, in words."""
    return _HARMS[name][0]


def chosen(texts: Sequence[str]) -> tuple[str, ...]:
    """The harms named in ``texts``, each a name or several with commas; "all" is every one.

    Raises CaseheadError for a name that is none.
    """
    names = [part.strip().lower() for text in texts for part in text.split(",") if part.strip()]
    if "all" in names:
        return DEGRADATIONS
    for name in names:
        if name not in _HARMS:
            raise CaseheadError(
                f"'{name}' is no way to degrade the inputs; there are {', '.join(DEGRADATIONS)}, "
                "and all."
            )
    return tuple(dict.fromkeys(names))


def _points(surface: Surface, mark: Mark) -> tuple[Disc, Grid, Grid, Bools]:
    """The mark's disc, every pixel's place from its centre in micrometres, and what is measured."""
    disc = find_region(surface, mark).outer
    rows, columns = surface.values.shape
    x = np.arange(columns)[None, :] * surface.pixel_um - disc.x_um
    y = np.arange(rows)[:, None] * surface.pixel_um - disc.y_um
    inside = np.isfinite(surface.values) & (np.hypot(x, y) <= disc.radius_um)
    if surface.mask is not None:
        inside &= surface.mask
    return disc, x, y, np.asarray(inside, np.bool_)


def _without(surface: Surface, lost: Bools) -> Surface:
    return replace(surface, values=np.where(lost, np.nan, surface.values).astype(np.float32))


def _sectors(share: float) -> Harm:
    def harm(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
        _, x, y, inside = _points(surface, mark)
        turn = np.arctan2(y, x) / (2 * np.pi) + random.random()
        sector = (turn * SECTORS).astype(np.intp) % SECTORS
        area = np.bincount(sector[inside], minlength=SECTORS)
        order = random.permutation(SECTORS)
        count = int(np.searchsorted(np.cumsum(area[order]), share * area.sum())) + 1
        return _without(surface, np.isin(sector, order[:count]))

    return harm


def _crop(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
    return _halved(surface, random.uniform(0, 2 * np.pi), mark)


def _left(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
    return _halved(surface, 0.0, mark)


def _halved(surface: Surface, angle: float, mark: Mark) -> Surface:
    """Without what lies beyond a line across ``angle`` that has half of the mark on each side."""
    _, x, y, inside = _points(surface, mark)
    along = x * np.cos(angle) + y * np.sin(angle)
    return _without(surface, np.asarray(along > np.median(along[inside]), np.bool_))


def _sq(surface: Surface, mark: Mark) -> float:
    """Root mean square of the mark's heights or greys without its form."""
    _, _, _, inside = _points(surface, mark)
    fitted, followed = form(np.where(inside, surface.values, 0).astype(np.float32), inside, 2)
    return float((surface.values - fitted)[followed].std())


def _noise(times: float) -> Harm:
    def harm(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
        extra = random.standard_normal(surface.values.shape, np.float32)
        return _bounded(surface, surface.values + extra * np.float32(times * _sq(surface, mark)))

    return harm


def _bounded(surface: Surface, values: Floats) -> Surface:
    """An image cannot be darker than black or brighter than full scale."""
    if surface.kind == "image":
        values = np.clip(values, 0, 1)
    return replace(surface, values=values.astype(np.float32))


def _pixel2(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
    if min(surface.values.shape) < 2:
        return surface
    kept = np.isfinite(surface.values)
    count = _in_fours(kept.astype(np.float32))
    total = _in_fours(np.where(kept, surface.values, 0).astype(np.float32))
    coarse = np.where(count >= 2, total / np.maximum(count, 1), np.nan).astype(np.float32)
    outline = surface.mask
    if outline is not None:
        outline = np.asarray(_in_fours(outline.astype(np.float32)) >= 2, np.bool_)
    return Surface(coarse, 2 * surface.pixel_um, surface.kind, outline)


def _in_fours(values: Floats) -> Floats:
    """Sums of 2 x 2 pixels; an odd row or column at the end is left out."""
    rows, columns = (size // 2 * 2 for size in values.shape)
    fours = values[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2)
    return np.asarray(fours.sum(axis=(1, 3)), np.float32)


def _blur(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
    sigma = BLUR_UM / surface.pixel_um
    kept = np.isfinite(surface.values)
    values = np.where(kept, surface.values, 0).astype(np.float32)
    offset = np.float32(values[kept].mean()) if kept.any() else np.float32(0)
    summed = cv2.GaussianBlur(np.where(kept, values - offset, 0).astype(np.float32), (0, 0), sigma)
    weight = cv2.GaussianBlur(kept.astype(np.float32), (0, 0), sigma)
    smooth = summed / np.maximum(weight, 1e-6) + offset
    return replace(surface, values=np.where(kept, smooth, np.nan).astype(np.float32))


def _rotate(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
    rows, columns = surface.values.shape
    angle = random.uniform(0, 360)
    cos, sin = abs(np.cos(np.deg2rad(angle))), abs(np.sin(np.deg2rad(angle)))
    size = int(np.ceil(columns * cos + rows * sin)), int(np.ceil(columns * sin + rows * cos))
    turn = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), angle, 1.0)
    turn[:, 2] += [(size[0] - columns) / 2, (size[1] - rows) / 2]

    def warped(values: Floats) -> Floats:
        return np.asarray(cv2.warpAffine(values, turn, size, flags=cv2.INTER_LINEAR), np.float32)

    kept = np.isfinite(surface.values)
    weight = warped(kept.astype(np.float32))
    values = warped(np.where(kept, surface.values, 0).astype(np.float32))
    turned = np.where(weight > 0.5, values / np.maximum(weight, 0.5), np.nan).astype(np.float32)
    outline = surface.mask
    if outline is not None:
        outline = np.asarray(warped(outline.astype(np.float32)) > 0.5, np.bool_)
    return Surface(turned, surface.pixel_um, surface.kind, outline)


def _dents(surface: Surface, random: np.random.Generator, mark: Mark) -> Surface:
    disc, x, y, _ = _points(surface, mark)
    depth, values = 6 * _sq(surface, mark), surface.values.copy()
    for _ in range(DENTS):
        angle, reach = random.uniform(0, 2 * np.pi), disc.radius_um * random.uniform(0.5, 0.9)
        radius = random.uniform(100, 250)
        away = np.hypot(x - reach * np.cos(angle), y - reach * np.sin(angle)) / radius
        values -= (depth * np.clip(1 - away**2, 0, None)).astype(np.float32)
    return _bounded(surface, values)


_HARMS: Final[dict[str, tuple[str, Harm]]] = {
    "area30": (
        f"the mark's disc is divided into {SECTORS} equal sectors from a random direction; sectors "
        "drawn by chance are set to missing until at least 30 % of the measured area is lost",
        _sectors(0.3),
    ),
    "area50": ("as area30, until at least 50 % of the measured area is lost", _sectors(0.5)),
    "noise0.5": (
        "independent Gaussian noise on every pixel, its standard deviation half the mark's Sq: the "
        "root mean square of heights (or greys) from a fitted surface of the second degree",
        _noise(0.5),
    ),
    "noise1": ("as noise0.5, with the standard deviation of Sq itself", _noise(1.0)),
    "crop": (
        "everything on one side of a straight line is set to missing; the line has a random "
        "direction in each file and half of the mark's area on each side, so that some mates "
        "have hardly anything in common",
        _crop,
    ),
    "half": ("as crop, with an upright line in every file: the left half is kept", _left),
    "pixel2": (
        "means of 2 x 2 pixels, kept where at least two were measured: pixels of twice the size",
        _pixel2,
    ),
    "rotate": (
        "turned by a random angle of the full circle, interpolated bilinearly",
        _rotate,
    ),
    "blur": (
        f"Gaussian blur with a standard deviation of {BLUR_UM:g} um; what was missing stays "
        "missing",
        _blur,
    ),
    "dents": (
        f"{DENTS} dents at random places in the outer half of the mark's disc, parabolic, with a "
        "radius of 100 to 250 um and a depth of 6 Sq",
        _dents,
    ),
}
DEGRADATIONS: Final = tuple(_HARMS)
