"""Profiles across striae against lines whose lag, direction and stretch are known."""

from __future__ import annotations

import numpy as np
import pytest

from correlation.errors import CorrelationError
from correlation.profile import Profile, match, profile_of
from correlation.surface import Bools, Floats

PITCH = 6.25


def line(seed: int, samples: int = 400) -> Floats:
    rng = np.random.default_rng(seed)
    kernel = np.exp(-(np.linspace(-3, 3, 13) ** 2))
    return np.convolve(rng.standard_normal(samples), kernel, "same").astype(np.float32)


def strip(seed: int, across_deg: float, noise: float = 0.5) -> tuple[Floats, Bools]:
    """Striae of one line, running square to ``across_deg``, on a square of 161 pixels."""
    source, rng = line(seed), np.random.default_rng(seed + 100)
    axis = np.arange(161) - 80.0
    angle = np.deg2rad(across_deg)
    place = axis[None, :] * np.cos(angle) - axis[:, None] * np.sin(angle)
    along = axis[None, :] * np.sin(angle) + axis[:, None] * np.cos(angle)
    values = np.interp(place + 200, np.arange(source.size), source)
    values = values + noise * rng.standard_normal(values.shape)
    mask = (np.abs(place) < 75) & (np.abs(along) < 30)
    return np.where(mask, values, 0).astype(np.float32), mask


def whole(values: Floats) -> Profile:
    centred = (values - values.mean()) / values.std()
    return Profile(centred.astype(np.float32), np.ones(values.size, bool), PITCH, 0.0, 0.0, 9.0)


@pytest.mark.parametrize("across", [0.0, 12.5, 60.0, 91.0, 170.0])
def test_the_direction_and_the_line_are_found(across: float) -> None:
    made = profile_of(*strip(3, across), PITCH)
    assert abs((made.across_deg - across + 90) % 180 - 90) <= 1.0
    found = match(made, whole(line(3)[100:301]))
    assert found.ccf > 0.97
    assert abs(found.lag_um) <= PITCH


def test_a_strip_upside_down_is_turned_round() -> None:
    values, mask = strip(3, 20.0)
    there = profile_of(values[::-1, ::-1].copy(), mask[::-1, ::-1].copy(), PITCH)
    found = match(profile_of(values, mask, PITCH), there)
    assert found.reversed and found.ccf > 0.97


@pytest.mark.parametrize("lag", [-30, -7, 0, 12, 31])
def test_a_lag_is_found_with_its_overlap(lag: int) -> None:
    source = line(5)
    left, right = whole(source[100:221]), whole(source[100 - lag : 221 - lag])
    found = match(left, right)
    assert found.lag_um == pytest.approx(-lag * PITCH)
    assert found.ccf == pytest.approx(1.0, abs=1e-3)
    assert found.overlap == pytest.approx((121 - abs(lag)) / 121, abs=1e-6)
    inner = [one for one in found.segments if one.congruent]
    assert len(inner) >= 3
    for one in inner:
        assert one.left_um - one.right_um == pytest.approx(-lag * PITCH)


def test_too_little_overlap_does_not_count() -> None:
    source = line(5)
    found = match(whole(source[100:200]), whole(source[170:270]))
    assert found.overlap >= 0.6
    assert found.ccf < 0.9


def test_a_stretch_is_found() -> None:
    source = line(7)
    stretched = np.interp(np.arange(-60, 61) / 1.02, np.arange(-200, 200), source)
    found = match(whole(stretched.astype(np.float32)), whole(source[140:261]))
    assert found.stretch == pytest.approx(1.02)
    assert found.ccf > 0.99


def test_lines_of_others_do_not_agree() -> None:
    tried = [match(whole(line(a)[100:260]), whole(line(b)[100:260])) for a, b in ((1, 2), (3, 4))]
    assert max(found.ccf for found in tried) < 0.7
    assert max(sum(one.congruent for one in found.segments) for found in tried) <= 3


def test_noise_and_short_pieces_are_refused() -> None:
    rng = np.random.default_rng(1)
    mask = np.ones((161, 161), bool)
    with pytest.raises(CorrelationError, match="No parallel striae"):
        profile_of(rng.standard_normal((161, 161)).astype(np.float32), mask, PITCH)
    values, mask = strip(3, 0.0)
    mask[:, :60] = mask[:, 101:] = False
    with pytest.raises(CorrelationError, match="um across the striae"):
        profile_of(np.where(mask, values, 0).astype(np.float32), mask, PITCH)


def test_profiles_of_two_pitches_are_refused() -> None:
    other = Profile(line(1), np.ones(400, bool), 5.0, 0.0, 0.0, 9.0)
    with pytest.raises(CorrelationError, match="different pitches"):
        match(whole(line(1)), other)
