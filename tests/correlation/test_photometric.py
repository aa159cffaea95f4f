"""Slopes and heights from lights against the truth, errors in physical units."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from app.capture.bench.firearm import firing_pin_of
from app.capture.bench.lighting import SIDE_ELEVATION_DEG
from app.capture.bench.lighting import lit as as_metal
from app.capture.bench.primer import heights_of
from app.capture.bench.specimens import firearm_number
from app.domain import Light
from correlation.errors import CorrelationError
from correlation.integrate import integrate, without_form
from correlation.light_shifts import light_shifts
from correlation.photometric import Slopes, angles, direction, slopes_from_lights
from tests.relit import around, exposed, lit

GUN = 2


@cache
def primer(times: float = 1.0) -> tuple[np.ndarray, float, np.ndarray]:
    """A quarter of a primer, up to its edge and the pin's hole: heights (micrometres), pixel
    size, and where the breech face is. Made ``times`` as deep, it shades itself."""
    heights, pixel_um = heights_of(firearm_number(GUN), 1)
    part = np.array(heights[450:850, 450:850]) * np.float32(times)
    pin = firing_pin_of(firearm_number(GUN))
    y, x = (np.mgrid[450:850, 450:850] - 799.5) * pixel_um
    ring = (np.hypot(x, y) < 1700) & (np.hypot(x - pin.x_um, y - pin.y_um) > 1250)
    return part, pixel_um, ring


def towards(azimuths: list[float], elevation_deg: float) -> np.ndarray:
    return np.stack([direction(azimuth, elevation_deg) for azimuth in azimuths])


@cache
def rendered(
    count: int, elevation_deg: float, gloss: float, sharpness: float, times: float = 1.0
) -> tuple[np.ndarray, ...]:
    heights, pixel_um, _ = primer(times)
    lights = [lit(heights, pixel_um, a, elevation_deg, gloss, sharpness) for a in around(count)]
    return tuple(exposed(lights))


@dataclass(frozen=True)
class Errors:
    """Against the truth on the breech face: normals in degrees, heights in micrometres."""

    normal_deg: float
    normal_p95_deg: float
    plane_rms_um: float
    fine_rms_um: float
    fine_truth_um: float
    correlation: float
    valid: float
    gain: float


def errors(slopes: Slopes, times: float = 1.0) -> Errors:
    """Heights less a plane (plane_rms_um), and without waves over 800 um (fine)."""
    truth, pixel_um, ring = primer(times)
    down, across = np.gradient(truth.astype(np.float32), pixel_um)
    normals = np.stack([-across, -down, np.ones_like(across)], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    on = slopes.valid & ring
    cosine = np.clip((slopes.normals() * normals).sum(axis=-1)[on], -1, 1)
    apart = np.degrees(np.arccos(cosine))
    heights = integrate(slopes.across, slopes.down, slopes.valid, pixel_um)
    y, x = np.nonzero(on)
    plane = np.column_stack([np.ones(len(x)), x, y])
    off = (heights - truth)[on]
    off = off - plane @ np.linalg.lstsq(plane, off, rcond=None)[0]
    fine, true = (without_form(v, on, pixel_um, 800.0)[on] for v in (heights, truth))
    return Errors(
        normal_deg=float(np.median(apart)),
        normal_p95_deg=float(np.percentile(apart, 95)),
        plane_rms_um=float(off.std()),
        fine_rms_um=float((fine - true).std()),
        fine_truth_um=float(true.std()),
        correlation=float(np.corrcoef(fine, true)[0, 1]),
        valid=float(on.sum() / ring.sum()),
        gain=float((slopes.across * across)[on].sum() / (across[on] ** 2).sum()),
    )


@pytest.mark.parametrize(
    ("count", "gloss", "sharpness", "most"),
    [
        (8, 0.0, 1.0, Errors(0.25, 0.5, 0.3, 0.25, 0, 0.99, 0.99, 0.01)),
        (4, 0.0, 1.0, Errors(0.4, 0.8, 0.3, 0.25, 0, 0.99, 0.98, 0.02)),
        (8, 1.5, 120.0, Errors(0.5, 1.2, 0.4, 0.3, 0, 0.99, 0.98, 0.05)),
        (8, 0.6, 30.0, Errors(1.0, 2.5, 0.6, 0.4, 0, 0.99, 0.98, 0.2)),
    ],
    ids=["matt", "matt, four lights", "narrow highlights", "broad highlights"],
)
def test_relief_of_the_bench_with_shadows_and_highlights(
    count: int, gloss: float, sharpness: float, most: Errors
) -> None:
    slopes = slopes_from_lights(
        rendered(count, 25.0, gloss, sharpness), towards(around(count), 25.0)
    )
    found = errors(slopes)
    print(found)
    assert found.fine_truth_um > 1.5
    assert found.normal_deg < most.normal_deg
    assert found.normal_p95_deg < most.normal_p95_deg
    assert found.plane_rms_um < most.plane_rms_um
    assert found.fine_rms_um < most.fine_rms_um
    assert found.correlation > most.correlation
    assert found.valid > most.valid
    assert abs(found.gain - 1) < most.gain


def test_metal_of_the_bench_keeps_its_shape_but_not_its_depth() -> None:
    heights, pixel_um, _ = primer()
    pictures = exposed([as_metal(heights, pixel_um, Light.SIDE, a) for a in around(8)])
    found = errors(slopes_from_lights(pictures, towards(around(8), SIDE_ELEVATION_DEG)))
    print(found)
    assert found.correlation > 0.97
    assert 1.5 < found.gain < 3.0  # why a relief is no calibrated topography


@pytest.mark.parametrize(("elevation_deg", "gloss"), [(45.0, 1.5), (25.0, 0.0)])
def test_highlights_and_shadows_are_rejected(elevation_deg: float, gloss: float) -> None:
    times = 5.0
    pictures = rendered(8, elevation_deg, gloss, 120.0, times)
    lights = towards(around(8), elevation_deg)
    robust = slopes_from_lights(pictures, lights)
    fitted = np.tensordot(np.linalg.pinv(lights), np.stack(pictures), axes=1).astype(np.float32)
    some = robust.valid & (fitted[2] > 0.02)
    fitted[:, ~some] = np.nan
    none = np.zeros(some.shape, np.float32)
    plain = Slopes(-fitted[0] / fitted[2], -fitted[1] / fitted[2], none, none, none, some)
    found, blind = errors(robust, times), errors(plain, times)
    print(found, blind)
    assert robust.used[primer()[2]].mean() < 7.8
    assert found.normal_deg < 1.5 and found.correlation > 0.98
    assert found.normal_deg < 0.6 * blind.normal_deg
    assert found.fine_rms_um < 0.7 * blind.fine_rms_um


def test_threads_change_nothing_and_three_lights_tell_no_residual() -> None:
    pictures, lights = rendered(4, 25.0, 0.6, 30.0), towards(around(4), 25.0)
    alone = slopes_from_lights(pictures, lights)
    with ThreadPoolExecutor(2) as executor:
        spread = slopes_from_lights(pictures, lights, executor=executor)
    np.testing.assert_array_equal(alone.across, spread.across)
    np.testing.assert_array_equal(alone.used, spread.used)
    three = slopes_from_lights([p[200:260] for p in pictures[:3]], lights[:3])
    assert np.isnan(three.residual).all() and three.valid.mean() > 0.5
    assert np.isfinite(alone.residual[alone.valid]).all()


def test_dark_missing_and_saturated_pixels_have_no_height() -> None:
    pictures = [np.full((40, 40), 0.5, np.float32) for _ in range(4)]
    for picture in pictures:
        picture[:10], picture[10:20], picture[20:30] = 0.0, 1.0, np.nan
    found = slopes_from_lights(pictures, towards(around(4), 45.0))
    assert not found.valid[:30].any() and found.valid[30:].all()
    np.testing.assert_allclose(found.across[30:], 0, atol=1e-6)


def test_directions_go_there_and_back() -> None:
    assert angles(direction(250.0, 35.0)) == pytest.approx((250.0, 35.0))
    np.testing.assert_allclose(direction(90.0, 0.0), (0, -1, 0), atol=1e-12)


@pytest.mark.parametrize(
    ("azimuths", "elevation", "said"),
    [
        ([0.0, 180.0], 40.0, "at least three lights"),
        ([0.0, 20.0, 40.0, 60.0], 40.0, "on one side"),
        ([0.0, 180.0, 0.5, 179.0], 40.0, "in one line"),
        ([0.0, 120.0, 240.0], 88.0, "on one side or nearly in one line"),
        ([0.0, 120.0, 240.0], -5.0, "at or below the specimen's plane"),
    ],
)
def test_lights_that_tell_no_relief_are_refused(
    azimuths: list[float], elevation: float, said: str
) -> None:
    pictures = [np.full((20, 20), 0.5, np.float32)] * len(azimuths)
    with pytest.raises(CorrelationError, match=said):
        slopes_from_lights(pictures, towards(azimuths, elevation))


def test_pictures_that_do_not_fit_are_refused() -> None:
    pictures = [np.full((20, 20), 0.5, np.float32)] * 3
    lights = towards(around(3), 40.0)
    with pytest.raises(CorrelationError, match="differ in size"):
        slopes_from_lights([*pictures[:2], pictures[2][:, :10]], lights)
    with pytest.raises(CorrelationError, match="2 pictures and 3 lights"):
        slopes_from_lights(pictures[:2], lights)


@pytest.mark.parametrize("count", [3, 4, 8])
def test_a_picture_that_lies_off_is_found_with_its_shift(count: int) -> None:
    pictures, lights = rendered(count, 25.0, 0.6, 30.0), towards(around(count), 25.0)
    assert np.abs(light_shifts(pictures, lights)).max() < 0.4
    moved = [np.roll(p, (-2, 3), (0, 1)) if k == 1 else p for k, p in enumerate(pictures)]
    assert light_shifts(moved, lights)[1] == pytest.approx((3, -2), abs=0.3)
