"""Each fault is caught and told, a sound picture is let alone, and every figure knows its way."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import cv2
import numpy as np
import pytest
from quality_parts import PIXEL_UM, bench, compressed, judged, noisy

from app.capture.bench import firearm_number, mark_image_of
from app.capture.quality import Place, Quality, assess
from app.domain import CaseheadError, Circle, Light, MarkKind

LIGHTS = (Light.RING, Light.SIDE)
EACH = [(1, Light.RING), (1, Light.SIDE), (2, Light.RING)]


def test_sound_pictures_are_good() -> None:
    verdicts = Counter(judged(bench(gun, light), light).verdict for gun, light in EACH)
    assert verdicts == {"good": len(EACH)}


FAULTS = {
    "out of focus": lambda gun, light: bench(gun, light, 200.0),
    "too dark": lambda gun, light: bench(gun, light, 0.0, 0.08),
    "at full scale": lambda gun, light: bench(gun, light, 0.0, 4.0),
    "very noisy": lambda gun, light: noisy(bench(gun, light), 25.0),
    "outside the picture": lambda gun, light: bench(gun, light, 0.0, 1.0, (2000.0, 0.0)),
}


@pytest.mark.parametrize("words", FAULTS)
def test_every_fault_is_caught_and_told_first(words: str) -> None:
    for gun, light in EACH:
        quality = judged(FAULTS[words](gun, light), light)
        assert quality.verdict == "redo", (gun, light, quality)
        told = quality.reasons[0]
        assert words in told or "outline" in told, (gun, light, told)
        assert ":" in told and told.endswith("."), "what is wrong: what to do."


def test_a_cut_off_mark_is_never_said_to_be_whole() -> None:
    for moved in ((2600.0, 0.0), (0.0, 1900.0), (-2600.0, 900.0)):
        assert judged(bench(1, Light.RING, 0.0, 1.0, moved)).verdict == "redo", moved


def test_more_blur_never_raises_focus() -> None:
    for gun, light in EACH[:2]:
        sharp = bench(gun, light)
        found = [judged(_blurred(sharp, um), light).focus for um in (0, 2, 4, 6, 9, 12, 18)]
        assert all(a is not None and b is not None and a > b for a, b in pairwise(found)), found


def test_more_defocus_never_raises_focus() -> None:
    found = [judged(bench(1, Light.RING, um)).focus for um in (0.0, 60.0, 120.0, 200.0)]
    assert all(a is not None and b is not None and a > b for a, b in pairwise(found)), found


@pytest.mark.parametrize(("levels", "quality"), [(2.5, 95), (2.5, 85), (5.0, 85), (5.0, 95)])
@pytest.mark.parametrize(("gun", "light"), [(1, Light.RING), (4, Light.SIDE)])
def test_noise_that_a_camera_compressed_does_not_pass_for_sharpness(
    gun: int, light: Light, levels: float, quality: int
) -> None:
    for pixel_um in (PIXEL_UM, 8.0):
        for focus_um, allowed in (
            (0.0, ("good", "usable")),
            (250.0, ("redo",)),
            (500.0, ("redo",)),
        ):
            sent = compressed(
                noisy(bench(gun, light, focus_um, pixel_um=pixel_um), levels), quality
            )
            found = judged(sent, light, pixel_um)
            assert found.verdict in allowed, (pixel_um, focus_um, found.focus, found.reasons)


def test_focus_hardly_depends_on_exposure_and_noise() -> None:
    true = judged(bench(1)).focus
    assert true is not None
    for pixels in (bench(1, Light.RING, 0.0, 0.5), noisy(bench(1), 10.0)):
        assert judged(pixels).focus == pytest.approx(true, rel=0.05)


def test_noise_is_measured_and_rises_with_what_was_added() -> None:
    found = [judged(noisy(bench(2), levels)).noise * 255 for levels in (0, 5, 10, 20)]
    assert all(a < b for a, b in pairwise(found)), found
    own = found[0]
    assert found[2] == pytest.approx(np.hypot(own, 10), rel=0.1)


def test_more_light_never_lowers_saturation_nor_raises_black() -> None:
    found = [judged(bench(1, Light.RING, 0.0, light)) for light in (0.08, 0.5, 1.0, 2.0, 4.0)]
    assert all(a.saturated <= b.saturated for a, b in pairwise(found))
    assert all(a.black >= b.black for a, b in pairwise(found))
    assert all(a.level < b.level for a, b in pairwise(found))


def test_moving_out_never_raises_what_is_inside() -> None:
    face = Circle(3300.0, 2450.0, 1900.0)
    found = []
    for moved in (0.0, 1500.0, 2500.0, 3500.0):
        place = Place(Circle(face.x_um + moved, face.y_um, face.radius_um), None, 1.0)
        quality = assess(
            bench(1), pixel_um=PIXEL_UM, kind=MarkKind.BREECH_FACE, light=Light.RING, region=place
        )
        found.append(quality.inside)
    assert found[0] == 1.0 and all(a > b for a, b in pairwise(found))


def test_coverage_is_what_is_in_the_picture_and_not_spoilt() -> None:
    quality = judged(bench(1, Light.RING, 0.0, 2.0))
    shown = 1 - quality.saturated - quality.black
    assert quality.coverage == pytest.approx(quality.inside * shown)
    assert quality.coverage < 0.95


@pytest.mark.parametrize("kind", [MarkKind.FIRING_PIN, MarkKind.EJECTOR, MarkKind.APERTURE_SHEAR])
@pytest.mark.parametrize("light", LIGHTS)
def test_close_ups_are_judged_too(kind: MarkKind, light: Light) -> None:
    pixels, pixel_um = mark_image_of(firearm_number(2), 1, kind, light)
    assert judged(pixels, light, pixel_um, kind).verdict == "good"
    blurred = cv2.GaussianBlur(pixels, (0, 0), 14 / pixel_um)
    assert judged(blurred, light, pixel_um, kind).verdict == "redo"


def test_depth_and_colour_change_nothing_of_moment() -> None:
    grey = judged(bench(1))
    deep = judged(bench(1).astype(np.uint16) * 257)
    colour = judged(np.repeat(bench(1)[..., None], 3, axis=2))
    for other in (deep, colour):
        assert other.focus == pytest.approx(grey.focus, rel=1e-3)
        assert other.verdict == grey.verdict
        assert other.contrast == pytest.approx(grey.contrast, abs=0.005)


def test_a_picture_at_twice_the_resolution_has_the_same_focus() -> None:
    fine = cv2.resize(bench(1), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    assert judged(fine, pixel_um=PIXEL_UM / 2).focus == pytest.approx(
        judged(bench(1)).focus, rel=0.1
    )


def test_without_scale_focus_never_asks_for_another_picture() -> None:
    quality = judged(bench(1, Light.RING, 200.0), pixel_um=None)
    assert quality.verdict == "usable"
    assert any("scale is not known" in reason for reason in quality.reasons)


def test_what_shows_nothing_has_no_focus() -> None:
    quality = judged(np.full((600, 800), 255, np.uint8))
    assert quality.focus is None and quality.verdict == "redo"
    black = judged(np.zeros((600, 800), np.uint8))
    assert black.focus is None and black.verdict == "redo"
    assert black.reasons[0].startswith("The picture is too dark")


def test_a_tiny_picture_says_that_it_cannot_be_judged() -> None:
    quality = judged(bench(1)[:60, :60])
    assert quality.verdict == "usable" and "too small" in quality.reasons[0]


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((0, 5), np.uint8), np.zeros((9, 9), np.float32), np.zeros((9, 9, 4), np.uint8)],
)
def test_no_picture_is_a_sentence(pixels: np.ndarray) -> None:
    with pytest.raises(CaseheadError, match="neither a grey nor a colour picture"):
        judged(pixels)


def test_it_comes_back_from_the_record_as_it_went() -> None:
    quality = judged(bench(1, Light.RING, 200.0))
    again = Quality.from_json(quality.as_json())
    assert again.as_json() == quality.as_json()
    assert again.verdict == "redo" and again.reasons == quality.reasons
    for damaged in (None, {}, {"verdict": "fine"}, quality.as_json() | {"noise": "much"}):
        with pytest.raises(CaseheadError, match="cannot be understood"):
            Quality.from_json(damaged)


def _blurred(pixels: np.ndarray, sigma_um: float) -> np.ndarray:
    return cv2.GaussianBlur(pixels, (0, 0), sigma_um / PIXEL_UM) if sigma_um else pixels
