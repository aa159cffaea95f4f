"""The bench as it follows the steps of a protocol: from the head to close-ups and back."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture import BenchSource
from app.capture.bench import firearm_number
from app.capture.bench.source import CLOSER
from app.domain import MarkKind

PIXEL_UM = 12.0


def bench(**how: bool) -> BenchSource:
    source = BenchSource(firearm_number(2), 1, rate=0, pixel_um=PIXEL_UM, **how)
    source.open()
    return source


def test_a_close_up_has_its_own_scale_stage_and_picture() -> None:
    source = bench()
    head = source.read()
    source.move(300.0, 0.0)
    source.look_at(MarkKind.FIRING_PIN)
    pin = source.read()
    assert pin.pixel_um == pytest.approx(PIXEL_UM / CLOSER)
    assert pin.settings["seen"] == "firing pin" and "seen" not in head.settings
    assert pin.pixels.shape == head.pixels.shape
    assert source.stage.x_um == 0.0
    source.turn(30.0)
    turned = source.stage.turn_deg
    source.look_at(MarkKind.EJECTOR)
    source.look_at(MarkKind.FIRING_PIN)
    assert source.stage.turn_deg == turned
    source.look_at(MarkKind.BREECH_FACE)
    assert source.mark is None and source.read().pixel_um == PIXEL_UM
    assert source.stage.x_um != 0.0


def test_marks_without_a_close_up_are_seen_on_the_head() -> None:
    source = bench()
    for kind in (MarkKind.EXTRACTOR, MarkKind.CHAMBER):
        source.look_at(kind)
        assert source.mark is None


def test_close_ups_are_in_focus_and_of_one_specimen() -> None:
    first, again = bench(), bench()
    for source in (first, again):
        source.look_at(MarkKind.APERTURE_SHEAR)
    pixels = first.read().pixels
    assert np.array_equal(pixels, again.read().pixels)
    again.focus(200.0)
    blurred = again.read().pixels
    assert pixels.astype(float).std() > 1.3 * blurred.astype(float).std()


def test_a_camera_that_tells_no_scale_stays_over_the_head() -> None:
    source = bench(tells_scale=False)
    source.look_at(MarkKind.FIRING_PIN)
    assert source.mark is None and source.read().pixel_um is None
