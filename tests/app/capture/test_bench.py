"""The synthetic bench: seeded, physically scaled, lit and moved as the real thing."""

from __future__ import annotations

import statistics
import time
from hashlib import sha256
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.capture import Frame, SourceLost, focus_measure, saturation
from app.capture.bench import (
    MACHININGS,
    PIXEL_UM,
    BenchSource,
    Machining,
    VirtualFirearm,
    breech_face_of,
    demo_specimens,
    heights_of,
    image_of,
    render,
    scan_of,
    shot_of,
)
from app.capture.bench.case_head import polar
from app.domain import CaseheadError, Light
from correlation.compare import compare
from correlation.prepare import Prepared, prepare
from correlation.surface import Surface

GUN = VirtualFirearm(1, "milled")


def picture(source: BenchSource) -> NDArray[Any]:
    source.open()
    frame = source.read()
    source.close()
    return frame.pixels


def turned_back(pixels: NDArray[Any], source: BenchSource) -> NDArray[np.float32]:
    """As the firearm saw it, bore in the middle, 800 pixels square, lightly smoothed."""
    stage, size = source.stage, pixels.shape[::-1]
    middle = ((size[0] - 1) / 2, (size[1] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -stage.turn_deg, 1.0)
    at = matrix[:, :2] @ (np.array([stage.x_um, stage.y_um]) / source.pixel_um)
    seat = np.array(shot_of(source.specimen.firearm, source.specimen.shot).seat_um)
    matrix[:, 2] += (399.5, 399.5) - np.array(middle) - at + seat / source.pixel_um
    smooth = cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), 2.0)
    return np.asarray(cv2.warpAffine(smooth, matrix, (800, 800)), np.float32)


def likeness(left: NDArray[Any], right: NDArray[Any]) -> float:
    """Correlation in the breech-face annulus, wavelengths under about 300 um."""
    axis = (np.arange(800) - 399.5) * PIXEL_UM
    radius = np.hypot(axis[None, :], axis[:, None])
    ring = (radius > 1300) & (radius < 1650)
    bands = [(a - cv2.GaussianBlur(a, (0, 0), 12.0))[ring] for a in (left, right)]
    return float(np.corrcoef(*bands)[0, 1])


def test_the_same_seed_gives_the_same_pixels_and_another_gives_others() -> None:
    def digest(shot: int) -> str:
        return sha256(picture(BenchSource(GUN, shot, rate=0)).tobytes()).hexdigest()

    first = digest(1)
    breech_face_of.cache_clear()
    heights_of.cache_clear()
    assert digest(1) == first
    assert digest(2) != first
    faces = [breech_face_of(VirtualFirearm(gun)) for gun in (1, 2)]
    assert abs(np.corrcoef(faces[0].ravel(), faces[1].ravel())[0, 1]) < 0.1


@pytest.mark.parametrize("machining", MACHININGS)
def test_breech_faces_have_a_relief_of_micrometres_at_toolmark_wavelengths(
    machining: Machining,
) -> None:
    face = breech_face_of(VirtualFirearm(7, machining))
    assert face.dtype == np.float32
    assert 1.0 < face.std() < 5.0
    window = np.hanning(face.shape[0])
    power = np.abs(np.fft.fft2(face * window[:, None] * window[None, :])) ** 2
    cycles = np.fft.fftfreq(face.shape[0], PIXEL_UM)
    wavelength = 1.0 / np.maximum(np.hypot(cycles[None, :], cycles[:, None]), 1e-9)
    toolmark = power[(wavelength > 20) & (wavelength < 500)].sum()
    assert toolmark / power[wavelength < 2000].sum() > 0.6


def test_machinings_have_the_direction_of_their_tool() -> None:
    def sideways(machining: Machining) -> float:
        """Mean energy of slopes to the right over that of slopes downwards."""
        faces = [breech_face_of(VirtualFirearm(gun, machining)) for gun in (2, 3)]
        smooth = [cv2.GaussianBlur(face, (0, 0), 3.0) for face in faces]
        energy = [[np.square(np.diff(face, axis=a)).mean() for a in (1, 0)] for face in smooth]
        return float(np.mean([right / down for right, down in energy]))

    assert sideways("milled") > 2.5
    assert sideways("filed") < 0.8
    assert 0.8 < sideways("cast") < 1.25


def test_the_case_head_has_its_true_sizes() -> None:
    heights, pixel_um = heights_of(GUN, 1)
    radius, _ = polar()
    assert pixel_um == PIXEL_UM and heights.dtype == np.float32
    levels = {
        name: float(np.nanmedian(heights[(radius > low) & (radius < high)]))
        for name, low, high in (
            ("crater", 0, 100),
            ("face", 1400, 1600),
            ("groove", 2300, 2400),
            ("brass", 2700, 2900),
        )
    }
    assert levels["crater"] < -180
    assert abs(levels["face"]) < 10
    assert levels["groove"] < -400
    assert 50 < levels["brass"] < 90
    assert np.isnan(heights[radius > 5000]).all()


def test_mates_agree_moderately_and_non_mates_of_one_machining_do_not() -> None:
    views = {}
    for gun in (1, 2):
        for shot in (1, 2):
            source = BenchSource(VirtualFirearm(gun, "milled"), shot, rate=0)
            views[gun, shot] = turned_back(picture(source), source)
    mates = [likeness(views[gun, 1], views[gun, 2]) for gun in (1, 2)]
    others = [likeness(views[1, a], views[2, b]) for a in (1, 2) for b in (1, 2)]
    assert min(mates) > 0.1 and max(mates) < 0.7
    assert max(others) < 0.5 * min(mates)


def test_a_search_ranks_the_mate_first_at_its_true_rotation() -> None:
    def prepared(gun: int, shot: int) -> Prepared:
        pixels, pixel_um = image_of(VirtualFirearm(gun, "milled"), shot)
        return prepare(Surface(pixels.astype(np.float32) / 255, pixel_um, "image"))

    query = prepared(2, 1)
    scores = {gun: compare(query, prepared(gun, 2)) for gun in (1, 2)}
    assert 0.2 < scores[2].score < 0.85
    assert scores[1].score < 0.6 * scores[2].score
    turns = [shot_of(VirtualFirearm(2, "milled"), shot).turn_deg for shot in (1, 2)]
    off = (scores[2].rotation_deg - turns[0] + turns[1] + 180) % 360 - 180
    assert abs(off) < 1.0


def test_ring_light_hardly_depends_on_the_turn_and_side_light_does() -> None:
    def after_turning(light: Light) -> float:
        source = BenchSource(GUN, 1, light, rate=0)
        before = turned_back(picture(source), source)
        source.turn(90)
        return likeness(before, turned_back(picture(source), source))

    assert after_turning(Light.RING) > 0.8
    assert after_turning(Light.SIDE) < 0.5


def test_the_stage_moves_and_focuses() -> None:
    source = BenchSource(GUN, 1, rate=0)
    before = picture(source)
    source.move(40 * PIXEL_UM, -30 * PIXEL_UM)
    after = picture(source)
    shift, _ = cv2.phaseCorrelate(before.astype(np.float64), after.astype(np.float64))
    assert shift == pytest.approx((40, -30), abs=3)
    sharp = focus_measure(Frame(after, 1, "", 0.0))
    source.focus(300)
    assert focus_measure(Frame(picture(source), 1, "", 0.0)) < 0.3 * sharp


def test_frames_carry_scale_and_light_and_differ_only_by_noise() -> None:
    source = BenchSource(GUN, 1, "side", rate=0)
    source.open()
    first, second = source.read(), source.read()
    assert first.pixels.shape == (972, 1296) and first.pixels.dtype == np.uint8
    assert (first.pixel_um, first.light) == (PIXEL_UM, Light.SIDE)
    assert {"exposure", "turn_deg", "focus_um"} <= set(first.settings)
    assert second.number == first.number + 1
    difference = np.abs(first.pixels.astype(int) - second.pixels)
    assert 0.5 < difference.mean() < 6


def test_exposure_is_well_set_and_can_be_overdone() -> None:
    source = BenchSource(GUN, 1, rate=0)
    assert 30 < picture(source).mean() < 110
    source.expose(8)
    assert saturation(Frame(picture(source), 1, "", 0.0)) > 0.2


def test_a_finer_camera_sees_the_same_field() -> None:
    fine = picture(BenchSource(GUN, 1, rate=0, pixel_um=PIXEL_UM / 2))
    assert fine.shape == (1944, 2592)
    coarse = picture(BenchSource(GUN, 1, rate=0))
    halved = cv2.resize(fine, (1296, 972), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(halved.ravel(), coarse.ravel())[0, 1] > 0.95


def test_live_frames_cost_a_small_part_of_making_the_specimen() -> None:
    source = BenchSource(VirtualFirearm(4711), 1, rate=0)
    start = time.perf_counter()
    source.open()
    source.read()
    making = time.perf_counter() - start
    spent = []
    for _ in range(15):
        start = time.perf_counter()
        source.read()
        spent.append(time.perf_counter() - start)
    assert statistics.median(spent) < making / 20, (spent, making)


def test_an_unplugged_bench_refuses_in_words() -> None:
    source = BenchSource(GUN, 1, rate=0)
    source.open()
    source.unplug()
    for refused in (source.read, source.open):
        with pytest.raises(SourceLost, match="unplugged"):
            refused()
    source.plug()
    source.open()
    assert source.read().pixels.any()


def test_a_scan_has_heights_of_the_face_and_misses_the_walls() -> None:
    heights, pixel_um = scan_of(GUN, 1)
    assert heights.dtype == np.float32 and pixel_um == 6.25
    assert 0.2 < np.isnan(heights).mean() < 0.6
    middle = heights.shape[0] // 2
    assert heights.shape[0] * pixel_um == pytest.approx(4570, abs=20)
    band = heights[middle - 20 : middle + 20, int(middle + 1400 / pixel_um) :][:, :40]
    assert np.isfinite(band).mean() > 0.9
    tilt = np.polyfit(np.arange(band.shape[1]), np.nanmean(band, axis=0), 1)
    assert abs(tilt[0]) < 1.0


def test_render_pictures_any_heights() -> None:
    flat = np.zeros((60, 80), np.float32)
    flat[:, 50:] = np.nan
    bump = flat.copy()
    bump[20:40, 10:30] += 10
    plain, raised = (render(h, 5.0, Light.RING, seed=4) for h in (flat, bump))
    assert plain.dtype == np.uint8 and plain.shape == flat.shape
    assert plain[:, 60:].max() < 20
    assert raised[20:40, 8:12].std() > plain[20:40, 8:12].std() + 3


def test_demo_specimens_are_guns_by_shots_with_turns_of_their_own() -> None:
    made = demo_specimens(guns=5, shots=2)
    assert len({specimen.name for specimen in made}) == 10
    assert len({specimen.firearm for specimen in made}) == 5
    assert len({round(shot_of(s.firearm, s.shot).turn_deg) for s in made}) > 8
    assert {s.firearm for s in demo_specimens(seed=2)}.isdisjoint({s.firearm for s in made})


def test_an_unknown_machining_is_a_sentence() -> None:
    with pytest.raises(CaseheadError, match="milled, filed, turned, cast"):
        VirtualFirearm(1, "etched")  # type: ignore[arg-type]
