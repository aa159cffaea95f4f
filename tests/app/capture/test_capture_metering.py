"""Metering by software: the exposure time reaches the spot's target and stays; white balance."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture import BenchSource, Frame
from app.capture.bench import firearm_number
from app.capture.controls import Dial, Reformat, Turn
from app.capture.metering import SHARES, TARGET, Metering, Spot, read_spot
from app.capture.white import SETTING, Gains, grey_here, one_push
from app.domain import CaseheadError


def frame(pixels: np.ndarray, number: int = 1) -> Frame:
    return Frame(pixels, number, "2026-11-22T08:00:00+00:00", 0.0)


@pytest.mark.parametrize("share", SHARES)
def test_a_spot_has_its_share_of_the_field_and_stays_within(share: float) -> None:
    for x, y in ((0.5, 0.5), (0.0, 1.0), (1.0, 0.0)):
        left, top, right, bottom = Spot(x, y, share).box(2592, 1944)
        assert 0 <= left < right <= 2592 and 0 <= top < bottom <= 1944
        assert (right - left) * (bottom - top) == pytest.approx(share * 2592 * 1944, rel=0.02)


def test_a_spot_is_read_where_it_is() -> None:
    pixels = np.full((400, 400), 20, np.uint8)
    pixels[300:, 300:] = 255
    assert read_spot(frame(pixels), Spot(0.2, 0.2, 0.01)).mean == pytest.approx(20 / 255)
    reading = read_spot(frame(pixels), Spot(0.9, 0.9, 0.01))
    assert (reading.mean, reading.clipped) == (1.0, 1.0)
    deep = read_spot(frame(np.full((40, 40, 3), 6553, np.uint16)), Spot())
    assert deep.mean == pytest.approx(0.1, rel=0.01)


@pytest.mark.parametrize("start_ms", [0.5, 300.0])
@pytest.mark.parametrize("spot", [Spot(), Spot(0.5, 0.3, 0.01), Spot(0.4, 0.35, 0.001)])
def test_the_bench_is_driven_to_the_target(start_ms: float, spot: Spot) -> None:
    source = BenchSource(firearm_number(1), 1, rate=0, pixel_um=20.0)
    source.open()
    controls = source.apply(Turn("exposure", value=start_ms))
    metering, changes = Metering(), 0
    for _ in range(60):
        wanted = metering.next_ms(source.read(), spot, controls.exposure)
        if wanted is not None:
            changes += 1
            controls = source.apply(Turn("exposure", value=wanted))
    reading = read_spot(source.read(), spot)
    source.close()
    assert reading.mean == pytest.approx(TARGET, rel=0.12)
    assert changes < 14


def test_a_camera_that_does_not_tell_its_time_is_left_alone() -> None:
    dark = frame(np.zeros((40, 40), np.uint8))
    assert Metering().next_ms(dark, Spot(), Dial()) is None
    assert Metering().next_ms(dark, Spot(), Dial(True, None, 0, 1)) is None


def test_the_effect_of_a_change_is_waited_for_and_limits_are_kept() -> None:
    dial = Dial(True, 10.0, 1.0, 15.0, "ms")
    metering = Metering()
    dark = np.full((40, 40), 10, np.uint8)
    assert metering.next_ms(frame(dark, 5), Spot(), dial) == 15.0
    assert metering.next_ms(frame(dark, 6), Spot(), dial) is None
    at_limit = Dial(True, 15.0, 1.0, 15.0, "ms")
    assert metering.next_ms(frame(dark, 20), Spot(), at_limit) is None
    metering.begin_anew()
    assert metering.next_ms(frame(dark, 6), Spot(), dial) == 15.0


def test_grey_is_made_grey_for_the_eye_and_the_frame_is_left_alone() -> None:
    source = BenchSource(firearm_number(1), 1, rate=0, pixel_um=20.0)
    source.open()
    source.apply(Reformat("RGB3"))
    source.apply(Turn("white_balance", value=6000.0))
    seen = source.read()
    source.close()
    before = seen.pixels.copy()
    for gains in (one_push(seen), grey_here(seen, Spot(0.5, 0.25, 0.01))):
        means = seen.pixels.reshape(-1, 3).mean(axis=0) * (gains.red, gains.green, gains.blue)
        assert np.ptp(means) / means.mean() < 0.03 and not gains.neutral
        assert Gains.of({SETTING: gains.as_json()}) == gains
    assert np.array_equal(seen.pixels, before)


def test_what_cannot_be_balanced_is_told() -> None:
    grey = frame(np.full((20, 20), 90, np.uint8))
    black = frame(np.zeros((20, 20, 3), np.uint8))
    red = frame(np.tile(np.array([240, 20, 20], np.uint8), (20, 20, 1)))
    with pytest.raises(CaseheadError, match="grey pictures"):
        one_push(grey)
    with pytest.raises(CaseheadError, match="black or at full scale"):
        one_push(black)
    with pytest.raises(CaseheadError, match="too dark"):
        grey_here(black, Spot())
    with pytest.raises(CaseheadError, match="colour of its own"):
        grey_here(red, Spot())


@pytest.mark.parametrize("told", [None, "x", {"red": 1}, {"red": 99, "green": 1, "blue": 1}])
def test_gains_that_make_no_sense_are_none(told: object) -> None:
    assert Gains.of({SETTING: told}).neutral
