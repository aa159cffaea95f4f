"""Raw scans as instruments deliver them: what is not the mark does not change the mark."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from app.capture.bench import VirtualFirearm, heights_of, scan_of
from correlation.compare import compare
from correlation.prepare import Prepared, prepare
from correlation.surface import Surface

GUN = VirtualFirearm(2)
Heights = NDArray[np.float32]


@lru_cache(maxsize=1)
def mate() -> Prepared:
    return prepare(Surface(*scan_of(GUN, 1), "scan"))


@lru_cache(maxsize=1)
def plain() -> float:
    return compare(mate(), prepare(Surface(*scan_of(GUN, 2), "scan"))).ccf


def spiked(heights: Heights) -> Heights:
    where = np.random.default_rng(1).random(heights.shape) < 0.01
    return np.where(where, heights + 300, heights)


def dented(heights: Heights) -> Heights:
    y, x = np.mgrid[: heights.shape[0], : heights.shape[1]]
    out = heights.copy()
    for row, column in ((160, 330), (560, 420), (300, 120)):
        out -= 40 * np.exp(-(((x - column) ** 2 + (y - row) ** 2) / 12.0**2)).astype(np.float32)
    return out


def tilted(heights: Heights) -> Heights:
    axis = np.linspace(-1, 1, heights.shape[0], dtype=np.float32)
    return heights + 90 * axis[None, :] - 60 * axis[:, None]


def domed(heights: Heights) -> Heights:
    axis = np.linspace(-1, 1, heights.shape[0], dtype=np.float32)
    return heights + 50 * (axis[None, :] ** 2 + axis[:, None] ** 2)


def ringed(heights: Heights) -> Heights:
    """Metal that flowed back around the firing pin, 40 um high."""
    y, x = np.mgrid[: heights.shape[0], : heights.shape[1]]
    middle = (heights.shape[0] - 1) / 2
    radius = np.hypot(x - middle, y - middle) * 6.25
    return (heights + 40 * np.exp(-(((radius - 1050) / 50) ** 2))).astype(np.float32)


@pytest.mark.parametrize("spoil", [spiked, dented, tilted, domed, ringed])
def test_a_spoilt_scan_still_agrees_with_its_mate(spoil: Callable[[Heights], Heights]) -> None:
    heights, pixel_um = scan_of(GUN, 2)
    spoilt = prepare(Surface(spoil(heights).astype(np.float32), pixel_um, "scan"))
    assert compare(mate(), spoilt).ccf > 0.75 * plain()


def test_a_whole_base_with_its_headstamp_agrees_with_the_primer_alone() -> None:
    heights, pixel_um = heights_of(GUN, 2)
    base = prepare(Surface(heights.copy(), pixel_um, "scan"))
    assert base.finding.confidence > 0.5
    assert 1700 < base.finding.outer.radius_um < 2050
    assert compare(mate(), base).ccf > 0.85 * plain()
