"""Checks with a reference case on the bench: what is measured, when it is out, when it is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.capture.bench import BenchSource, firearm_number
from app.capture.checks import (
    Golden,
    check_settings,
    due_of,
    golden_of,
    judged,
    limits_of,
    measured,
)
from app.capture.checks.limits import deviations
from app.domain import CaseheadError
from app.instruments import FIGURES, InstrumentCheck, Schedule

PIXEL_UM = 10.0
DAYS = 10
Picture = NDArray[np.uint8]


def picture(
    day: int = 0,
    *,
    gun: int = 1,
    focus_um: float = 0.0,
    exposure: float = 1.0,
    larger: float = 1.0,
) -> Picture:
    """The reference case put under the microscope on a day, a little otherwise each time."""
    rng = np.random.default_rng(day)
    source = _source(gun, larger)
    (dx, dy), turn = rng.normal(0, 60, 2), rng.normal(0, 2)
    source.move(dx, dy)
    source.turn(turn)
    source.focus(focus_um)
    source.expose(exposure * rng.normal(1, 0.01))
    frame = source.read()
    source.turn(-turn)
    source.move(-dx, -dy)
    return np.asarray(frame.pixels, np.uint8)


@cache
def _source(gun: int, larger: float) -> BenchSource:
    made = BenchSource(firearm_number(gun), 1, rate=0, pixel_um=PIXEL_UM / larger)
    made.open()
    return made


@pytest.fixture(scope="module")
def golden() -> Golden:
    return golden_of(picture(1000), PIXEL_UM)


def made(figures: dict[str, float], earlier: Sequence[InstrumentCheck]) -> InstrumentCheck:
    found = judged(figures, earlier)
    return InstrumentCheck("r", "d", figures, found.limits, found.outcome, found.reasons)


@pytest.fixture(scope="module")
def history(golden: Golden) -> tuple[InstrumentCheck, ...]:
    """Days on which nothing is wrong."""
    checks: list[InstrumentCheck] = []
    for day in range(DAYS):
        checks.append(made(dict(measured(golden, picture(day), PIXEL_UM).figures), checks))
    return tuple(checks)


def test_days_in_control_lock_nothing(history: tuple[InstrumentCheck, ...]) -> None:
    assert [check.outcome for check in history].count("out") == 0
    assert [check.outcome for check in history].count("warning") <= 3
    assert all(not one.count for one in history[4].limits.values())
    assert all(one.count == 5 for one in history[5].limits.values())
    last = limits_of("scale", history)
    assert last.count == DAYS and last.mean == pytest.approx(1, abs=5e-4)


def outcome_after(
    golden: Golden, history: tuple[InstrumentCheck, ...], **wrong: float
) -> InstrumentCheck:
    shown = picture(500, **wrong)  # type: ignore[arg-type]
    return made(dict(measured(golden, shown, PIXEL_UM).figures), history)


@pytest.mark.parametrize(
    ("wrong", "figure", "least", "most"),
    [
        ({"exposure": 0.9}, "brightness", 0.85, 0.93),
        ({"larger": 1.01}, "scale", 1.0085, 1.0115),
        ({"larger": 0.99}, "scale", 0.9885, 0.9915),
        ({"focus_um": 120.0}, "focus", 0.2, 0.8),
    ],
)
def test_what_is_wrong_is_found_at_the_first_check_and_measured(
    golden: Golden,
    history: tuple[InstrumentCheck, ...],
    wrong: dict[str, float],
    figure: str,
    least: float,
    most: float,
) -> None:
    check = outcome_after(golden, history, **wrong)
    assert check.outcome == "out"
    assert least < check.figures[figure] < most
    label = check_settings().figures[figure].label  # type: ignore[index]
    assert any(reason.startswith(label) for reason in check.reasons)


def test_another_case_is_out_even_at_the_very_first_check(
    golden: Golden, history: tuple[InstrumentCheck, ...]
) -> None:
    for earlier in ((), history):
        check = made(dict(measured(golden, picture(3, gun=2), PIXEL_UM).figures), earlier)
        assert check.outcome == "out" and check.outcome_of("correlation") == "out"
        assert check.figures["correlation"] < 0.5


def test_a_slow_drift_is_found_before_it_is_large(
    golden: Golden, history: tuple[InstrumentCheck, ...]
) -> None:
    checks = list(history)
    for step in range(1, 8):
        shown = picture(700 + step, exposure=1 - 0.015 * step)
        checks.append(made(dict(measured(golden, shown, PIXEL_UM).figures), checks))
        if checks[-1].outcome == "out":
            break
    assert checks[-1].outcome == "out"
    assert checks[-1].figures["brightness"] > 0.87


def test_a_black_picture_is_no_figure_and_out(golden: Golden) -> None:
    found = measured(golden, np.zeros((491, 656), np.uint8), PIXEL_UM)
    assert found.figures == {} and found.sentence
    check = judged(found.figures, ())
    assert check.outcome == "out" and len(check.reasons) == len(FIGURES)


def test_colour_and_sixteen_bits_tell_the_same(golden: Golden) -> None:
    grey = picture(5)
    plain = measured(golden, grey, PIXEL_UM).figures
    for other in (cv2.merge([grey] * 3), grey.astype(np.uint16) * 257):
        same = measured(golden, other, PIXEL_UM).figures
        assert same == pytest.approx(plain, rel=1e-5)


def test_what_cannot_be_golden_is_refused() -> None:
    with pytest.raises(CaseheadError, match="cannot be a golden picture"):
        golden_of(np.full((491, 656), 90, np.uint8), PIXEL_UM)
    with pytest.raises(CaseheadError, match="clipped"):
        golden_of(picture(1, exposure=4.0), PIXEL_UM)


# --- limits and rules ----------------------------------------------------------------------
def test_few_checks_widen_the_limits_to_those_of_many() -> None:
    assert deviations(3.0, 5) > deviations(3.0, 20) > 3.0
    assert deviations(3.0, 5, widened=False) == 3.0
    assert deviations(2.0, 10_000) == pytest.approx(2.0, abs=1e-3)


def test_sound_checks_are_seldom_out_whatever_the_number_behind_the_limits() -> None:
    """Of many series, as many sound checks are beyond three deviations as of a normal variate."""
    rng = np.random.default_rng(8)
    for count in (5, 10, 20):
        first = rng.normal(size=(20_000, count))
        following = rng.normal(size=20_000)
        reach = deviations(3.0, count) * first.std(axis=1, ddof=1)
        beyond = np.mean(np.abs(following - first.mean(axis=1)) > reach)
        assert beyond == pytest.approx(0.0027, abs=0.0012), count


def sound(value: float = 1.0, **figures: float) -> dict[str, float]:
    return dict.fromkeys(FIGURES, value) | {"correlation": 0.95} | figures


def series(values: Sequence[float], start: Sequence[InstrumentCheck] = ()) -> list[InstrumentCheck]:
    checks = list(start)
    for value in values:
        checks.append(made(sound(brightness=value), checks))
    return checks


STEADY = (1.0, 1.01, 0.99, 1.005, 0.995) * 4


def test_limits_come_from_the_first_sound_checks_only() -> None:
    checks = series((*STEADY[:3], 0.7, *STEADY[3:], 1.02, 1.02))
    assert checks[3].outcome == "out"
    limits = limits_of("brightness", checks)
    assert limits.count == 20 and limits.mean == pytest.approx(1.0)
    assert limits.sd == pytest.approx(np.std(STEADY, ddof=1))
    assert limits_of("brightness", checks[:5]) == check_settings().figures["brightness"].fixed


def test_a_run_on_one_side_is_a_warning_and_no_lock() -> None:
    checks = series((1.004,) * 8, series(STEADY))
    assert [check.outcome for check in checks[-8:]] == ["within"] * 7 + ["warning"]
    assert checks[-1].reasons == ("Brightness: The last 8 checks lie on one side of the mean.",)
    broken = series((1.004,) * 7 + (0.996,), series(STEADY))
    assert broken[-1].outcome == "within"


def test_two_of_three_beyond_two_deviations_are_told() -> None:
    checks = series((1.0175, 1.0, 1.0175), series(STEADY))
    assert any("2 of the last 3" in reason for reason in checks[-1].reasons)
    opposite = series((0.9825, 1.0, 1.0175), series(STEADY))
    assert not any("2 of the last 3" in reason for reason in opposite[-1].reasons)


@given(st.lists(st.floats(0.5, 1.5), min_size=5, max_size=40))
def test_limits_are_never_beyond_the_fixed_ones(values: list[float]) -> None:
    checks = [InstrumentCheck("r", "d", sound(brightness=v), {}, "within") for v in values]
    limits, fixed = limits_of("brightness", checks), check_settings().figures["brightness"].fixed
    assert limits.act_low is not None and limits.act_high is not None
    assert limits.act_low >= fixed.act_low and limits.act_high <= fixed.act_high  # type: ignore[operator]


def test_the_gravest_reason_comes_first() -> None:
    found = judged(sound(brightness=0.87, scale=1.05), series(STEADY))
    assert found.reasons[0].startswith("Scale +5.00 % is above the action limit of")


def test_the_scale_of_another_cartridge_case_is_not_the_first_thing_told() -> None:
    found = judged(sound(correlation=0.3, scale=1.028), series(STEADY))
    assert "that it is the reference case" in found.reasons[0]
    assert found.reasons[1].startswith("Scale")


# --- when ----------------------------------------------------------------------------------
Clock = Callable[[int], str]


def at(day: int, hour: int = 12) -> str:
    """A moment in November 2026, whose 23rd is a Monday."""
    return f"2026-11-{day:02d}T{hour:02d}:00:00+00:00"


def test_due_on_working_days() -> None:
    every = Schedule()
    assert due_of(every, "", at(22)).now
    assert not due_of(every, at(23), at(23)).now
    assert due_of(every, at(23), at(24)).now and due_of(every, at(23), at(24)).late_days == 0
    assert due_of(every, at(23), at(26)).late_days == 2
    friday, sunday, monday = at(20), at(22), at(23)
    assert not due_of(every, friday, sunday).now
    assert due_of(every, friday, monday).now and due_of(every, friday, monday).late_days == 0
    weekly = replace(every, every_days=7)
    assert due_of(weekly, at(16), at(22)).day.day == 23
    assert due_of(replace(weekly, weekdays=()), at(15), at(16)).day.day == 22


def test_due_after_a_new_calibration() -> None:
    weekly = Schedule(every_days=7)
    due = due_of(weekly, at(23), at(24), calibrated_at=at(24, 9))
    assert due.now and due.calibrated and due.late_days == 0
    assert not due_of(weekly, at(23), at(24), calibrated_at=at(22)).now
    assert not due_of(replace(weekly, after_calibration=False), at(23), at(24), at(24, 9)).now
