"""Uneven light and a sensor's pattern of known size, taken out by references of a blank."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.bench.lighting import vignette
from app.capture.bench.sequences import Noise, exposed
from app.capture.shading import (
    check_reference,
    mean_frame,
    shading_of,
    shading_percent,
)
from app.domain import CaseheadError

SHAPE = (480, 640)
RNG = np.random.default_rng(11)
FALL = vignette(SHAPE[1], SHAPE[0], 0.30)
PATTERN = (1 + 0.02 * RNG.standard_normal(SHAPE)).astype(np.float32)
DARK = (4 + 2 * RNG.standard_normal((1, SHAPE[1]))).clip(0).astype(np.float32) * np.ones(
    SHAPE, np.float32
)
NOISE = Noise()


def seen(scene: np.ndarray, number: int) -> np.ndarray:
    """What the flawed camera gives of a scene in grey levels of 255."""
    return exposed(scene * FALL * PATTERN + DARK, NOISE, 5, number)


def references(count: int = 32) -> tuple[np.ndarray, np.ndarray]:
    blank = np.full(SHAPE, 190.0, np.float32)
    flat = mean_frame([seen(blank, n) for n in range(count)])
    dark = mean_frame([seen(blank * 0, 100 + n) for n in range(count)])
    return flat, dark


@pytest.fixture(scope="module")
def flat_and_dark() -> tuple[np.ndarray, np.ndarray]:
    return references()


def scene() -> np.ndarray:
    """Grey levels with structure, 60 to 170."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    return 115 + 55 * np.sin(x / 9) * np.cos(y / 13)


def test_known_shading_and_pattern_are_taken_out(
    flat_and_dark: tuple[np.ndarray, np.ndarray],
) -> None:
    shading = shading_of(*flat_and_dark)
    truth = scene()
    frames = [seen(truth, 200 + n) for n in range(64)]  # so that their own noise hardly counts
    before = np.mean(frames, axis=0) / 255
    after = np.mean([shading.taken_out(f) for f in frames], axis=0)

    def off(picture: np.ndarray) -> np.ndarray:
        ratio = picture / truth
        return (ratio / ratio.mean()).astype(np.float32)

    raw, left = shading_percent(off(before)), shading_percent(off(after))
    assert raw > 5 and left < 0.1  # percent, of slow unevenness
    fine_before, fine_after = (100 * (off(p) - 1).std() for p in (before, after))
    print(f"slow {raw:.2f} % -> {left:.3f} %, all {fine_before:.2f} % -> {fine_after:.2f} %")
    assert fine_after < 0.6 < 2 < fine_before


def test_a_flat_alone_takes_out_the_fall_of_light(
    flat_and_dark: tuple[np.ndarray, np.ndarray],
) -> None:
    shading = shading_of(flat_and_dark[0], None)
    blank = np.mean([shading.taken_out(seen(np.full(SHAPE, 120.0), n)) for n in range(8)], axis=0)
    assert shading_percent(blank.astype(np.float32)) < 1.0


def test_frames_for_combining_lose_nothing_and_stay_saturated(
    flat_and_dark: tuple[np.ndarray, np.ndarray],
) -> None:
    shading = shading_of(*flat_and_dark)
    frame = seen(scene() * 1.6, 7)
    frame[:20, :20] = 255
    made = shading.frame(frame)
    assert made.dtype == np.uint16
    assert np.array_equal(made == 65535, frame == 255)
    inner = (frame < 255) & (frame > 40)
    ratio = made[inner] / shading.taken_out(frame)[inner]
    assert np.allclose(ratio, ratio.mean(), rtol=1e-3)


def test_colour_keeps_its_balance() -> None:
    tint = np.array([0.8, 1.0, 0.6], np.float32)
    flat = np.rint(FALL[..., None] * tint * 40000).astype(np.uint16)
    shading = shading_of(flat, None)
    out = shading.taken_out(flat)
    assert np.allclose(np.ptp(out.reshape(-1, 3), axis=0), 0, atol=1e-4)
    means = out.reshape(-1, 3).mean(axis=0)
    assert np.allclose(means / means[1], tint, atol=1e-3)
    grey = np.full((*SHAPE, 3), 9, np.uint8)
    assert shading_of(np.full(SHAPE, 30000, np.uint16), None).taken_out(grey).shape == grey.shape


@pytest.mark.parametrize(
    ("kind", "picture", "words"),
    [
        ("dark", np.full(SHAPE, 20000, np.uint16), "cover the lens"),
        ("flat", np.full(SHAPE, 3000, np.uint16), "too dark"),
        ("flat", np.full(SHAPE, 65535, np.uint16), "saturated"),
        ("flat", (scene() * 257).astype(np.uint16), "structure"),
    ],
)
def test_what_cannot_be_a_reference_is_refused(kind: str, picture: np.ndarray, words: str) -> None:
    with pytest.raises(CaseheadError, match=words):
        check_reference(kind, picture)  # type: ignore[arg-type]


def test_references_of_the_bench_are_accepted_and_wrong_sizes_told(
    flat_and_dark: tuple[np.ndarray, np.ndarray],
) -> None:
    check_reference("flat", flat_and_dark[0])
    check_reference("dark", flat_and_dark[1])
    with pytest.raises(CaseheadError, match="320 x 240"):
        shading_of(*flat_and_dark).taken_out(np.zeros((240, 320), np.uint8))
    with pytest.raises(CaseheadError, match="at least 4"):
        mean_frame([np.zeros(SHAPE, np.uint8)])
    with pytest.raises(CaseheadError, match="format changed"):
        mean_frame([np.zeros((9, n), np.uint8) for n in (9, 9, 9, 8)])
