"""Harm done on purpose does what it says, the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from app.domain import CaseheadError
from app.validation.degrading import DEGRADATIONS, chosen, degrade, described
from correlation.errors import CorrelationError
from correlation.surface import Surface
from tests.correlation.surfaces import scan


@pytest.fixture(scope="module")
def mark() -> Surface:
    return scan(5)


@pytest.fixture(scope="module")
def image(mark: Surface) -> Surface:
    grey = np.nan_to_num(mark.values) / 20 + 0.5
    return Surface(np.clip(grey, 0, 1).astype(np.float32), mark.pixel_um, "image")


def measured(surface: Surface) -> int:
    return int(np.isfinite(surface.values).sum())


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_every_harm_repeats_and_leaves_its_input_alone(name: str, mark: Surface) -> None:
    before = mark.values.copy()
    first, again, other = (degrade(mark, name, digest) for digest in ("x", "x", "y"))
    assert np.array_equal(first.values, again.values, equal_nan=True)
    assert np.array_equal(mark.values, before, equal_nan=True)
    assert first.kind == mark.kind and described(name)
    if name not in ("half", "pixel2", "blur"):
        assert not np.array_equal(first.values, other.values, equal_nan=True)


@pytest.mark.parametrize(
    ("name", "kept"), [("area30", 0.7), ("area50", 0.5), ("crop", 0.5), ("half", 0.5)]
)
def test_lost_area(name: str, kept: float, mark: Surface) -> None:
    harmed = degrade(mark, name, "x")
    assert measured(harmed) / measured(mark) == pytest.approx(kept, abs=0.04)
    left = np.isfinite(harmed.values)
    assert np.array_equal(harmed.values[left], mark.values[left])


@pytest.mark.parametrize(("name", "times"), [("noise0.5", 0.5), ("noise1", 1.0)])
def test_noise_is_measured_in_sq(name: str, times: float, mark: Surface) -> None:
    extra = degrade(mark, name, "x").values - mark.values
    assert float(np.nanstd(extra)) == pytest.approx(times * float(np.nanstd(mark.values)), rel=0.1)
    assert measured(degrade(mark, name, "x")) == measured(mark)


def test_larger_pixels_keep_the_extent(mark: Surface) -> None:
    harmed = degrade(mark, "pixel2", "x")
    assert harmed.pixel_um == 2 * mark.pixel_um
    assert harmed.values.shape == tuple(size // 2 for size in mark.values.shape)
    assert measured(harmed) * 4 == pytest.approx(measured(mark), rel=0.03)
    assert np.nanmean(harmed.values) == pytest.approx(np.nanmean(mark.values), abs=0.02)


def test_the_left_half_is_kept_in_every_file(mark: Surface) -> None:
    harmed = degrade(mark, "half", "x")
    columns = np.flatnonzero(np.isfinite(harmed.values).any(axis=0))
    middle = mark.values.shape[1] / 2
    assert columns[0] < 0.2 * middle and columns[-1] == pytest.approx(middle, abs=0.05 * middle)


def test_sectors_are_lost_whole(mark: Surface) -> None:
    lost = np.isfinite(mark.values) & ~np.isfinite(degrade(mark, "area50", "x").values)
    y, x = (at - (size - 1) / 2 for at, size in zip(np.nonzero(lost), lost.shape, strict=True))
    turns = np.degrees(np.arctan2(y, x))
    often = np.histogram(turns, 360, (-180, 180))[0]
    far = int(np.isfinite(mark.values).sum()) / 360
    assert 0.4 < float(np.mean(often > 0.8 * far)) < 0.6
    assert float(np.mean((often > 0.2 * far) & (often < 0.8 * far))) < 0.15


def test_where_there_is_no_mark_there_is_a_sentence() -> None:
    nothing = Surface(np.full((40, 40), np.nan, np.float32), 10.0, "scan")
    with pytest.raises(CorrelationError, match=r"\.$"):
        degrade(nothing, "area30", "x")


def test_a_turn_keeps_the_area_and_blur_takes_the_fine_relief(mark: Surface) -> None:
    turned = degrade(mark, "rotate", "x")
    assert measured(turned) == pytest.approx(measured(mark), rel=0.03)
    smooth = degrade(mark, "blur", "x")
    assert measured(smooth) == measured(mark)
    assert np.nanstd(np.diff(smooth.values)) < 0.5 * np.nanstd(np.diff(mark.values))


def test_dents_are_few_and_deep(mark: Surface) -> None:
    depth = mark.values - degrade(mark, "dents", "x").values
    touched = depth[np.isfinite(depth)] > 0
    assert 0 < touched.mean() < 0.3
    assert np.nanmin(depth) == 0 and np.nanmax(depth) > 3 * np.nanstd(mark.values)


@pytest.mark.parametrize("name", ["noise1", "area50", "dents", "pixel2", "rotate"])
def test_images_stay_images(name: str, image: Surface) -> None:
    harmed = degrade(image, name, "x")
    assert harmed.kind == "image" and harmed.values.dtype == np.float32
    assert np.nanmin(harmed.values) >= 0 and np.nanmax(harmed.values) <= 1


def test_names_are_chosen() -> None:
    assert chosen(()) == ()
    assert chosen(["area30,blur", " CROP "]) == ("area30", "blur", "crop")
    assert chosen(["blur", "all"]) == DEGRADATIONS
    with pytest.raises(CaseheadError, match="'dirt' is no way to degrade the inputs; there are"):
        chosen(["blur,dirt"])
