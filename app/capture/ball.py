"""Where lights stand, from their highlights on a mirror ball.

The eye looks straight down on the ball (the lens of a microscope is nearly telecentric, so
perspective is left out, and the light counts as distant). Where the highlight is seen, the
ball's normal n halves the way from the light l to the eye v: l = 2 (n.v) n - v. An error of the
place on the ball counts twice, the more the nearer the rim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.capture.opencv import cv2
from app.domain import CaseheadError
from app.store.light_rigs import LightRig, RigLight
from correlation.photometric import angles
from correlation.surface import Bools, Floats

Doubles = NDArray[np.float64]

LEAST_RADIUS_PX: Final = 20.0
_TRIES: Final = 3000
_RAYS: Final = 360
_COVERED: Final = 0.6
_STRAY_PX: Final = 0.75
_STRAY: Final = 0.01
_INNER: Final = 0.97
_SECOND: Final = 0.35
_PLACE_PX: Final = 0.2
"""Of a highlight's middle, beside what its size adds."""
_OF_SIZE: Final = 0.08


@dataclass(frozen=True, slots=True)
class Ball:
    """The ball's outline in pixels (x right, y down); ``rms_px`` is how far its rim strays, the
    others the standard uncertainties of centre and radius."""

    x_px: float
    y_px: float
    radius_px: float
    rms_px: float = 0.0
    centre_sd_px: float = 0.0
    radius_sd_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Highlight:
    """The middle of a light's reflection in pixels, and its standard uncertainty."""

    x_px: float
    y_px: float
    sd_px: float


def rig_from_ball(pictures: Mapping[str, Floats], name: str, ball: Ball | None = None) -> LightRig:
    """The directions of lights from pictures of one mirror ball that did not move.

    ``pictures`` are grey from 0 to 1 (rows, columns) by the names of their lights, one light on
    in each. The rim is found where ``ball`` does not give it. Raises CaseheadError when rim or
    highlight cannot be found, or a highlight cannot be that of a light above the plane.
    """
    if not pictures or len({p.shape for p in pictures.values()}) != 1:
        raise CaseheadError(
            "The pictures of the ball must be of one size, one for each light; take them again "
            "without changing the camera."
        )
    # the brightest of all lights: the ball's shadow on its ground is gone, its own dark stays
    ball = ball or find_ball(np.max(list(pictures.values()), axis=0))
    lights = tuple(_light(which, picture, ball) for which, picture in pictures.items())
    residual = float(np.sqrt(np.mean([(light.sd_deg or 0.0) ** 2 for light in lights])))
    note = f"ball of {ball.radius_px:.1f} px radius, rim true to {ball.rms_px:.2f} px"
    return LightRig(name, lights, "ball", round(residual, 3), note=note)


def _light(name: str, picture: Floats, ball: Ball) -> RigLight:
    try:
        found = find_highlight(picture, ball)
    except CaseheadError as error:
        raise CaseheadError(f"Light {name}: {error}") from error
    towards, sd_deg = direction_of(found, ball)
    azimuth, elevation = angles(towards)
    if elevation <= 0:
        raise CaseheadError(
            f"Light {name}: The highlight lies so near the rim that the light would stand below "
            "the specimen; raise the light or give the outline of the ball."
        )
    return RigLight(name, round(azimuth, 2), round(elevation, 2), round(sd_deg, 2))


def direction_of(highlight: Highlight, ball: Ball) -> tuple[Doubles, float]:
    """The unit vector towards the light, and its standard uncertainty in degrees (both ways
    together). Raises CaseheadError for a highlight that is not on the ball."""
    at = np.array([highlight.x_px, highlight.y_px, ball.x_px, ball.y_px, ball.radius_px])
    sd = np.array([highlight.sd_px] * 2 + [ball.centre_sd_px] * 2 + [ball.radius_sd_px])
    towards = _mirrored(at)
    moved = [_mirrored(at + step) - towards for step in np.diag(np.full(5, 1e-3))]
    errors = np.linalg.norm(moved, axis=1) / 1e-3 * sd
    return towards, float(np.degrees(np.sqrt(np.sum(errors**2))))


def _mirrored(at: Doubles) -> Doubles:
    x, y = (at[:2] - at[2:4]) / at[4]
    if x * x + y * y >= 1.0:
        raise CaseheadError("The highlight does not lie on the ball; outline the ball again.")
    up = np.sqrt(1.0 - x * x - y * y)
    return np.array([2 * up * x, 2 * up * y, 2 * up * up - 1.0])


def find_highlight(picture: Floats, ball: Ball) -> Highlight:
    """The one bright spot on the ball. Raises CaseheadError when there is none or several."""
    inside = _within(picture.shape, ball, _INNER)
    base, top = float(np.median(picture[inside])), float(picture[inside].max())
    if top - base < 0.1:
        raise CaseheadError(
            "There is no highlight on the ball; switch this light on alone and expose so that the "
            "ball stays dark but for its reflection."
        )
    bright = (inside & (picture > base + 0.5 * (top - base))).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=8)
    areas = np.asarray(stats[1:, cv2.CC_STAT_AREA], float)
    first = int(areas.argmax())
    if count > 2 and np.sort(areas)[-2] > _SECOND * areas[first]:
        raise CaseheadError(
            "There are several highlights on the ball; leave only this light on and cover windows."
        )
    if areas[first] > 0.1 * inside.sum():
        raise CaseheadError(
            "The highlight covers much of the ball, so it does not tell a direction; expose "
            "shorter or use a mirror ball, not a matt one."
        )
    rows, columns = np.nonzero(labels == first + 1)
    weight = picture[rows, columns] - (base + 0.5 * (top - base)) + 1e-6
    x, y = (float(np.average(v, weights=weight)) for v in (columns, rows))
    return Highlight(x, y, _PLACE_PX + _OF_SIZE * float(np.sqrt(areas[first] / np.pi)))


def _within(shape: tuple[int, ...], ball: Ball, share: float) -> Bools:
    y, x = np.ogrid[: shape[0], : shape[1]]
    found = np.hypot(x - ball.x_px, y - ball.y_px) < share * ball.radius_px
    if not found.any():
        raise CaseheadError("The ball does not lie in the picture; outline it again.")
    return np.asarray(found, np.bool_)


def ball_through(points: Doubles) -> Ball:
    """The ball whose rim goes through points (n, 2) in pixels, three or more, set by hand."""
    points = np.asarray(points, np.float64)
    if len(points) < 3 or np.linalg.matrix_rank(points - points.mean(axis=0), tol=1.0) < 2:
        raise CaseheadError("Set at least three points around the rim of the ball.")
    return _fitted(points)


def find_ball(picture: Floats) -> Ball:
    """The ball's rim: the circle most of whose length is an edge.

    Raises CaseheadError when no circle stands out.
    """
    level = np.float32(np.median(picture))  # highlights are no brighter than the ground, then
    smooth = cv2.GaussianBlur(np.minimum(picture, level), (0, 0), 1.5)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    steep = np.asarray(cv2.magnitude(across, down), np.float32)
    edge = steep > 0.3 * np.quantile(steep, 0.9995)
    edge &= steep >= 0.9 * cv2.dilate(steep, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero(edge)
    if len(rows) < 50:
        raise CaseheadError("There is no edge in the picture of the ball; check the focus.")
    points = np.stack([columns, rows], axis=1).astype(np.float64)
    rough, covered = _most_covered(points, picture.shape)
    ball = _refined(np.asarray(smooth, np.float32), rough) if covered >= _COVERED else rough
    if covered < _COVERED or ball.rms_px > max(_STRAY_PX, _STRAY * ball.radius_px):
        raise CaseheadError(
            "No ball stands out in the picture; put a mirror ball on a brighter ground, or set "
            "points on its rim by hand."
        )
    return ball


def _most_covered(points: Doubles, shape: tuple[int, ...]) -> tuple[Ball, float]:
    """Of circles through three edge points each, the one whose rim is an edge all around."""
    rng = np.random.default_rng(5)
    some = points[rng.choice(len(points), min(len(points), 1500), replace=False)]
    best, most = Ball(0, 0, 1), 0.0
    for x, y, radius in _circles(points[rng.integers(len(points), size=(_TRIES, 3))], shape):
        away = np.hypot(some[:, 0] - x, some[:, 1] - y)
        near = np.abs(away - radius) < max(1.5, 0.01 * radius)
        if near.sum() < 24:
            continue
        bearing = np.arctan2(some[near, 1] - y, some[near, 0] - x)
        bins = min(64, max(16, int(near.sum())))
        covered = len(np.unique((bearing * bins / (2 * np.pi)).astype(int) % bins)) / bins
        if covered * np.sqrt(radius) > most * np.sqrt(best.radius_px):
            best, most = Ball(float(x), float(y), float(radius)), covered
    return best, most


def _circles(three: Doubles, shape: tuple[int, ...]) -> Doubles:
    """Through three points each, (n, 3) of x, y, radius: those a picture can hold."""
    a, b, c = three[:, 0], three[:, 1] - three[:, 0], three[:, 2] - three[:, 0]
    cross = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    safe = np.where(np.abs(cross) < 1e-6, np.inf, cross)
    bb, cc = (b**2).sum(axis=1), (c**2).sum(axis=1)
    x = (c[:, 1] * bb - b[:, 1] * cc) / safe
    y = (b[:, 0] * cc - c[:, 0] * bb) / safe
    radius = np.hypot(x, y)
    found = np.stack([a[:, 0] + x, a[:, 1] + y, radius], axis=1)
    inside = (found[:, 0] >= 0) & (found[:, 0] < shape[1])
    inside &= (found[:, 1] >= 0) & (found[:, 1] < shape[0])
    kept: Doubles = found[inside & (radius >= LEAST_RADIUS_PX) & (radius < 0.6 * max(shape))]
    return kept


def _refined(smooth: Floats, rough: Ball) -> Ball:
    """The rim to a part of a pixel: where each ray brightens most outwards, then a circle."""
    ball = rough
    for reach in (0.06, 0.03):
        width = max(3.0, reach * ball.radius_px)
        radii = ball.radius_px + np.arange(-width, width + 0.125, 0.25)
        bearing = np.arange(_RAYS) * (2 * np.pi / _RAYS)
        x = ball.x_px + radii[None, :] * np.cos(bearing)[:, None]
        y = ball.y_px + radii[None, :] * np.sin(bearing)[:, None]
        seen = cv2.remap(smooth, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)
        steep = np.gradient(seen, axis=1)
        at = steep.argmax(axis=1)
        strong = steep[np.arange(_RAYS), at] > 0.4 * np.median(steep.max(axis=1))
        rays = np.arange(_RAYS)[strong]
        ball = _fitted(np.stack([x[rays, at[strong]], y[rays, at[strong]]], axis=1))
    return ball


def _fitted(points: Doubles) -> Ball:
    """Least squares of the distance to the circle, points far off left out."""
    keep = np.ones(len(points), bool)
    x, y = points.mean(axis=0)
    radius = float(np.hypot(*(points - (x, y)).T).mean())
    for _ in range(12):
        off = points - (x, y)
        away = np.hypot(*off.T)
        stray = away - radius
        limit = max(3 * 1.4826 * float(np.median(np.abs(stray[keep]))), 0.5)
        keep = np.abs(stray) < limit if len(points) > 6 else keep
        rays = off[keep] / away[keep, None]
        normal = np.column_stack([rays, np.ones(keep.sum())])
        step = np.linalg.lstsq(normal, stray[keep], rcond=None)[0]
        x, y, radius = x + step[0], y + step[1], radius + step[2]
    freedom = max(int(keep.sum()) - 3, 1)
    rms = float(np.sqrt(np.sum(stray[keep] ** 2) / freedom))
    spread = np.linalg.pinv(normal.T @ normal) * max(rms, 0.05) ** 2
    sd = np.sqrt(np.diag(spread))
    return Ball(float(x), float(y), radius, rms, float(np.hypot(sd[0], sd[1])), float(sd[2]))
