"""Light sets against truth: shifts in micrometres, rotations, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from combine_parts import NOISE, PIXEL_UM, inner, picture

from app.capture.bench.sequences import exposed, placed
from app.capture.combine import Lighting, LightSet, register_lights
from app.domain import CaseheadError

NAMES = ("ring", "left", "top", "right")
LAID = [(0.0, 0.0, 0.0), (4.3, -2.6, 0.3), (-7.2, 1.1, -0.45), (21.4, 9.7, 1.1)]
BOX = np.s_[440:1160, 440:1160]


def taken() -> list[np.ndarray]:
    return [
        exposed(placed(picture(name, 3), (x, y), turn)[BOX], NOISE, name)
        for name, (x, y, turn) in zip(NAMES, LAID, strict=True)
    ]


@pytest.fixture(scope="module")
def light_set() -> LightSet:
    return register_lights(taken(), Lighting(PIXEL_UM, NAMES))


def test_lights_are_laid_on_each_other_to_half_a_micrometre(light_set: LightSet) -> None:
    for place, (x, y, turn) in zip(light_set.placed, LAID, strict=True):
        angle = np.radians(turn)
        turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        true = -np.linalg.inv(turned) @ (x, y) * PIXEL_UM
        assert np.hypot(*(np.array(place.shift_um) - true)) < 0.8  # measured: 0.5
        assert abs(place.rotation_deg + turn) < 0.03
        assert place.trusted and place.residual_um < 6.0
        assert place.shift_sd_um < 1.5


def test_what_is_kept_lies_on_the_reference(light_set: LightSet) -> None:
    assert np.array_equal(light_set.aligned[0], taken()[0])
    assert np.array_equal(light_set.pixels, light_set.aligned[0])
    for name, pixels in zip(NAMES[1:], light_set.aligned[1:], strict=True):
        assert pixels.dtype == np.uint8
        there = inner(pixels, 60).astype(float), inner(picture(name, 3)[BOX], 60)
        # the side lights turned with the picture, so only what they show alike can agree
        assert np.corrcoef(there[0].ravel(), there[1].ravel())[0, 1] > 0.95


def test_another_specimen_and_noise_are_refused_in_words() -> None:
    frames = taken()
    other = exposed(picture("top", 9)[BOX], NOISE, 9)
    with pytest.raises(CaseheadError, match='light "top" cannot be laid on "ring"'):
        register_lights([frames[0], other], Lighting(PIXEL_UM, ("ring", "top")))
    noise = np.random.default_rng(0).integers(0, 255, frames[0].shape).astype(np.uint8)
    made = register_lights(
        [frames[0], noise], Lighting(PIXEL_UM, ("ring", "left")), allow_doubt=True
    )
    assert not made.placed[1].trusted and made.recipe.notes
    assert np.array_equal(made.aligned[1], noise)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("ring",), "name one for each"),
        (("ring", "ring"), "same light"),
        (("ring", " "), "same light or none"),
    ],
)
def test_names_that_cannot_be_are_refused(names: tuple[str, ...], said: str) -> None:
    with pytest.raises(CaseheadError, match=said):
        register_lights(taken()[:2], Lighting(PIXEL_UM, names))


def test_one_frame_and_a_black_one_are_refused() -> None:
    first = taken()[0]
    with pytest.raises(CaseheadError, match="one frame"):
        register_lights([first], Lighting(PIXEL_UM, ("ring",)))
    with pytest.raises(CaseheadError, match='light "left" is black'):
        register_lights([first, first // 200], Lighting(PIXEL_UM, ("ring", "left")))
