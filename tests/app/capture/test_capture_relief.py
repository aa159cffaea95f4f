"""Reliefs of a real scan relit from eight directions, and sets that cannot give one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import x3pio

from app.capture.relief import NOT_CALIBRATED, LitPicture, MadeRelief, make_relief, x3p_of
from app.domain import CancelledError, CaseheadError
from app.importing.decode import read_surface
from app.jobs import Job
from app.store.light_rigs import LightRig, RigLight
from correlation.compare import PairScore, compare
from correlation.prepare import prepare
from correlation.relief_check import agreement
from correlation.surface import Surface
from correlation.x3p import read_x3p
from tests.relit import around, exposed, lit

REAL = Path(__file__).parents[4] / "shared" / "data" / "fadul3d"
ELEVATION = 30.0
MADE_AT = "2026-03-31T10:15:00+00:00"


def rig(azimuths: list[float], elevation: float = ELEVATION) -> LightRig:
    lights = tuple(RigLight(f"side {a:.0f}", a, elevation, 1.0) for a in azimuths)
    return LightRig("stand 1", lights, "ball", 1.0, made_at=MADE_AT)


def lit_set(
    heights: np.ndarray, pixel_um: float, azimuths: list[float], gloss: float = 0.0
) -> list[LitPicture]:
    lights = [lit(heights, pixel_um, a, ELEVATION, gloss) for a in azimuths]
    return [
        LitPicture(f"side {a:.0f}", Surface(picture, pixel_um, "image"), f"{k:064x}")
        for k, (a, picture) in enumerate(zip(azimuths, exposed(lights), strict=True))
    ]


@cache
def bumps() -> np.ndarray:
    rng = np.random.default_rng(4)
    from cv2 import GaussianBlur

    rough = GaussianBlur(rng.normal(size=(160, 200)).astype(np.float32), (0, 0), 2.5)
    return rough * (1.5 / rough.std())


def small_set(count: int = 5) -> list[LitPicture]:
    return lit_set(bumps(), 5.0, around(count))


@cache
def scan(name: str) -> Surface:
    path = REAL / f"{name}.x3p"
    if not path.exists():
        pytest.skip("the real scans are not beside the checkout")
    return read_surface(path)


@cache
def relief_of_real(gloss: float) -> MadeRelief:
    truth = scan("fadul-1-1")
    return make_relief(
        lit_set(truth.values, truth.pixel_um, around(8), gloss), rig(around(8)), made_at=MADE_AT
    )


def against(relief: Surface, name: str) -> PairScore:
    return compare(prepare(relief), prepare(scan(name)))


@pytest.mark.real_data
@pytest.mark.parametrize(("gloss", "gain"), [(0.0, (0.94, 1.02)), (0.6, (1.0, 1.25))])
def test_a_relit_scan_comes_back_and_finds_its_scan_and_its_mate(
    gloss: float, gain: tuple[float, float]
) -> None:
    relief = relief_of_real(gloss).surface
    own, mate = against(relief, "fadul-1-1"), against(relief, "fadul-1-2")
    told = agreement(relief, scan("fadul-1-1"), own.rotation_deg, own.shift_um)
    print(own.score, own.rotation_deg, own.shift_um, told)
    assert own.rotation_deg == pytest.approx(0.0, abs=0.2)
    assert own.shift_um == pytest.approx((0.0, 0.0), abs=2.0)
    assert own.score > 0.98
    assert told.correlation > 0.995
    assert gain[0] < told.gain < gain[1]
    assert told.rms_um < 0.15 < 0.8 < told.scan_rms_um
    measured = against(scan("fadul-1-1"), "fadul-1-2")
    print(mate.score, mate.rotation_deg, mate.shift_um, "scans:", measured.score)
    assert mate.rotation_deg == pytest.approx(measured.rotation_deg, abs=0.3)
    assert mate.shift_um == pytest.approx(measured.shift_um, abs=3.0)
    assert mate.score == pytest.approx(measured.score, abs=0.02)


@pytest.mark.real_data
def test_a_relief_of_one_gun_does_not_score_with_anothers_scan() -> None:
    assert against(relief_of_real(0.6).surface, "fadul-2-1").score < 0.4


def test_the_recipe_says_how_it_was_made_and_the_file_what_it_is_not(tmp_path: Path) -> None:
    made = make_relief(small_set(), rig(around(5)), 300.0, made_at=MADE_AT)
    recipe = made.recipe
    assert [one["digest"] for one in recipe["sources"]] == [p.digest for p in sorted_set()]
    assert recipe["parameters"]["form_um"] == 300.0
    assert recipe["figures"]["valid_share"] > 0.95
    assert made.notes == (NOT_CALIBRATED,)
    path = tmp_path / "relief.x3p"
    path.write_bytes(x3p_of(made.surface, recipe, "J. Doe", ["Verified so and so."]))
    told = x3pio.read(path).metadata
    assert told.comment.startswith(f"{NOT_CALIBRATED}\nVerified so and so.\nRecipe: ")
    assert json.loads(told.comment.partition("Recipe: ")[2]) == json.loads(json.dumps(recipe))
    assert (told.creator, told.instrument.manufacturer) == ("J. Doe", "Casehead")
    back = read_x3p(path)
    np.testing.assert_allclose(back.heights_um, made.surface.values, atol=1e-5)
    assert np.corrcoef(made.surface.values.ravel(), bumps().ravel())[0, 1] > 0.98


def sorted_set() -> list[LitPicture]:
    return sorted(small_set(), key=lambda one: one.light)


def test_three_lights_are_enough_and_say_so() -> None:
    made = make_relief(small_set(3), rig(around(3)), 300.0)
    assert any("three lights" in note for note in made.notes)
    assert made.recipe["figures"]["residual"] is None


def _small(one: LitPicture, values: np.ndarray, pixel_um: float = 5.0) -> LitPicture:
    return LitPicture(one.light, Surface(values, pixel_um, "image"), one.digest)


def test_bad_sets_get_one_clear_sentence_each() -> None:
    good, stand = small_set(), rig(around(5))
    values = good[1].surface.values
    shifted = _small(good[1], np.roll(values, (5, -4), (0, 1)))
    scan_in = LitPicture(good[1].light, Surface(values, 5.0, "scan"), "")
    black = [_small(one, np.zeros_like(values)) for one in good]
    cases = (
        (good[:2], stand, "at least three lights of known direction, not 2"),
        ([], stand, "at least three lights of known direction, not 0"),
        (good, rig([10, 20, 82, 30, 154, 226, 298][:4]), "no light called"),
        ([good[0], _small(good[1], values[:50]), *good[2:]], stand, "differ in size or scale"),
        ([good[0], _small(good[1], values, 5.1), *good[2:]], stand, "differ in size or scale"),
        ([good[0], shifted, *good[2:]], stand, r"under side 82 the specimen is 6\.\d pixels off"),
        ([good[0], scan_in, *good[2:]], stand, "is a scan; relief needs images"),
        ([good[0], good[0], *good[2:]], stand, "two pictures under the light side 10"),
        (black, stand, "Hardly a pixel"),
    )
    for pictures, lights, said in cases:
        with pytest.raises(CaseheadError, match=said):
            make_relief(pictures, lights, 300.0)
    one_side = LightRig("s", tuple(RigLight(p.light, 10.0 * k, 40.0) for k, p in enumerate(good)))
    with pytest.raises(CaseheadError, match="on one side"):
        make_relief(good, one_side, 300.0)
    with pytest.raises(CaseheadError, match="choose between"):
        make_relief(good, stand, 1e6)
    stopped = Job()
    stopped.cancel()
    with pytest.raises(CancelledError):
        make_relief(good, stand, 300.0, stopped)
