"""Which frames a combined picture still needs, and the picture a series makes."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture import Frame
from app.capture.bench.sequences import Noise, bracket, exposed
from app.capture.combine import LightSet, Merged, Stacked
from app.capture.combine.ratios import black_level, exposure_ratios
from app.capture.combine_series import (
    combine_series,
    depth_picture,
    exposure_of,
    picture_of,
    preview,
    result_words,
)
from app.capture.opencv import cv2
from app.capture.series import LIGHTS, STOPS, Series
from app.domain import CancelledError, CaseheadError, now
from app.jobs import Job

RNG = np.random.default_rng(3)
SCENE = cv2.GaussianBlur(RNG.normal(size=(240, 320)).astype(np.float32), (0, 0), 2.0)
SCENE = 110 + 40 * SCENE / SCENE.std()


def frame(number: int, pixels: np.ndarray | None = None, **settings: object) -> Frame:
    pixels = exposed(SCENE, Noise(), number) if pixels is None else pixels
    return Frame(pixels, number, now(), 0.0, settings, 2.5)


def filled(series: Series, frames: list[Frame]) -> Series:
    for one in frames:
        series = series.with_frame(one)
    return series


def test_an_average_counts_to_its_number_and_refuses_the_same_frame() -> None:
    series = Series("average", count=4)
    assert "4 frames" in series.instruction and series.counted == "0 of 4"
    first = frame(1)
    series = series.with_frame(first)
    with pytest.raises(CaseheadError, match="taken already"):
        series.with_frame(first)
    assert series.missing == "The average needs at least 1 more frame."
    series = filled(series, [frame(n) for n in (2, 3, 4)])
    assert series.full and not series.missing
    with pytest.raises(CaseheadError, match="has all its frames"):
        series.with_frame(frame(5))


def test_frames_taken_out_or_dropped_can_be_brought_back() -> None:
    series = filled(Series("stitch"), [frame(n) for n in range(3)])
    assert series.counted == "3 fields"
    fewer = series.without(1)
    assert [one.frame.number for one in fewer.taken] == [0, 2]
    assert fewer.brought_back().taken == series.taken
    empty = series.emptied()
    assert not empty.taken and empty.emptied().brought_back().taken == series.taken
    assert empty.with_frame(frame(9)).brought_back().counted == "1 field"


def test_the_next_light_is_the_first_that_is_missing() -> None:
    series = Series("lights")
    assert "ring" in series.instruction
    series = filled(series, [frame(n) for n in range(len(LIGHTS))])
    assert [one.light for one in series.taken] == list(LIGHTS) and series.full
    again = series.without(2)
    assert again.next_light == "top"
    assert again.with_frame(frame(9)).taken[-1].light == "top"


def test_a_bracket_begins_as_it_is_set_then_shorter_then_longer() -> None:
    series = Series("exposure")
    said = []
    for number in range(3):
        said.append(series.instruction)
        series = series.with_frame(frame(number))
    assert "shows most" in said[0] and "4 times shorter" in said[1] and "4 times longer" in said[2]
    assert [one.exposure for one in series.taken] == [2.0**stop for stop in STOPS]


def test_unlike_frames_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    series = Series("focus").with_frame(frame(1))
    with pytest.raises(CaseheadError, match="9 x 9 pixels now"):
        series.with_frame(frame(2, np.zeros((9, 9), np.uint8)))
    monkeypatch.setattr("app.capture.series.LARGEST_BYTES", 2 * SCENE.size)
    with pytest.raises(CaseheadError, match="No more than 2 frames"):
        filled(series, [frame(2), frame(3)])


def test_an_average_is_made_of_it_and_told() -> None:
    series = filled(Series("average", count=4), [frame(n) for n in range(4)])
    heard: list[tuple[int, int, str]] = []
    made = combine_series(series, 2.5, job=Job(lambda *a: heard.append(a)))
    assert made.pixels.dtype == np.uint16 and picture_of(made).dtype == np.uint8
    assert result_words(made).startswith("4 of 4 frames; noise ")
    assert {what for *_, what in heard} == {"Registering", "Averaging"}
    assert depth_picture(made) is None


def test_it_can_be_stopped_and_says_what_is_missing() -> None:
    job = Job()
    job.cancel()
    series = filled(Series("average", count=4), [frame(n) for n in range(4)])
    with pytest.raises(CancelledError):
        combine_series(series, 2.5, job=job)
    with pytest.raises(CaseheadError, match="at least 3 more frames"):
        combine_series(Series("focus"), 2.5)
    fields = filled(Series("stitch"), [frame(n) for n in range(2)])
    with pytest.raises(CaseheadError, match="calibrate the camera"):
        combine_series(fields, None)


def test_exposures_are_measured_where_the_camera_does_not_tell() -> None:
    times = (1.0, 0.23, 3.6)
    frames = [frame(n, one) for n, one in enumerate(bracket(SCENE * 0.6, times, Noise()))]
    ratios = np.array(exposure_ratios([one.pixels for one in frames]))
    assert ratios == pytest.approx(np.array(times) / 0.23, rel=0.02)
    made = combine_series(filled(Series("exposure"), frames), None)
    assert isinstance(made, Merged)
    assert made.recipe.parameters["exposures_s"] == pytest.approx(ratios)
    assert "3 exposures over 4.0 stops" in result_words(made)


def test_told_exposures_count_first() -> None:
    assert exposure_of(frame(1, exposure_ms=12.0)) == pytest.approx(0.012)
    assert exposure_of(frame(1, exposure=-6)) is None and exposure_of(frame(1)) is None
    times = (1.0, 0.25, 4.0)
    shots = bracket(SCENE * 0.6, times, Noise())
    frames = [
        frame(n, one, exposure=t) for n, (one, t) in enumerate(zip(shots, times, strict=True))
    ]
    made = combine_series(filled(Series("exposure"), frames), 2.5)
    assert made.recipe.parameters["exposures_s"] == times


def test_a_black_level_is_found_and_taken_off() -> None:
    times = (1.0, 0.25, 4.0)
    shots = bracket(SCENE * 0.3, times, Noise(), black=4.0)
    assert black_level(shots, times) == pytest.approx(4.0, abs=0.6)
    frames = [
        frame(n, one, exposure=t) for n, (one, t) in enumerate(zip(shots, times, strict=True))
    ]
    made = combine_series(filled(Series("exposure"), frames), 2.5)
    assert isinstance(made, Merged)
    off = np.abs(made.light / (SCENE * 0.3) - 1)[20:-20, 20:-20]
    assert float(np.median(off)) < 0.03
    assert black_level(bracket(SCENE, (0.02, 2.2), Noise()), (0.02, 2.2)) == 0.0


def test_frames_that_do_not_differ_or_are_not_linear_make_no_bracket() -> None:
    with pytest.raises(CaseheadError, match="the same exposure"):
        exposure_ratios([exposed(SCENE, Noise(), n) for n in range(3)])
    bent = [
        np.rint(255 * (one / 255) ** p).astype(np.uint8)
        for one, p in ((exposed(SCENE, None), 1.0), (exposed(SCENE, None), 0.6))
    ]
    with pytest.raises(CaseheadError, match="gamma"):
        exposure_ratios(bent)
    dark, light = bracket(SCENE, (0.02, 2.2), Noise())
    with pytest.raises(CaseheadError, match="too far apart"):
        exposure_ratios([dark, light])


def test_heights_of_the_focus_are_used_where_they_are_told() -> None:
    blurs = (4.0, 0.6, 4.0, 7.0)
    shots = [exposed(cv2.GaussianBlur(SCENE, (0, 0), b), Noise(), n) for n, b in enumerate(blurs)]
    frames = [frame(n, one, focus_um=10.0 * n) for n, one in enumerate(shots)]
    made = combine_series(filled(Series("focus"), frames), 2.5)
    assert isinstance(made, Stacked) and made.depth_unit == "um"
    assert float(np.median(made.depth)) == pytest.approx(10.0, abs=3.0)
    depth = depth_picture(made)
    assert depth is not None and depth.shape == SCENE.shape
    assert "µm, sure in" in result_words(made)


def test_a_preview_grows_with_the_fields() -> None:
    wide = exposed(np.tile(SCENE, (1, 1)), Noise())
    fields = [frame(n, np.ascontiguousarray(wide[:, x : x + 200])) for n, x in enumerate((0, 100))]
    series = Series("stitch")
    assert preview(series, 2.5) is None
    one = preview(series.with_frame(fields[0]), 2.5)
    two = preview(filled(series, fields), 2.5)
    assert one is not None and two is not None and one.shape[1] == 200 and two.shape[1] == 300
    apart = [fields[0], frame(9, RNG.integers(0, 255, fields[0].pixels.shape).astype(np.uint8))]
    last = preview(filled(series, apart), 2.5)
    assert last is not None and last.shape == apart[1].pixels.shape


def test_a_light_set_names_its_lights() -> None:
    down, right = np.gradient(SCENE)
    lit = [np.clip(np.rint(110 + 3 * slope), 0, 255).astype(np.uint8) for slope in (right, down)]
    series = filled(
        Series("lights", lights=("left", "top")), [frame(n, p) for n, p in enumerate(lit)]
    )
    made = combine_series(series, 2.5)
    assert isinstance(made, LightSet)
    assert [one.name for one in made.placed] == ["left", "top"]
    assert "of 2 lights registered" in result_words(made)
