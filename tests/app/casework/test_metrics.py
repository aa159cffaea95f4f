"""How long things took, by month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.casework.clock import Calendar, Target, Unit, due, parsed, told
from app.casework.clock_tables import metrics_csv
from app.casework.metrics import (
    Metrics,
    VerifiedMonth,
    bounds,
    measured,
    months_of,
    stage_months,
)

BERLIN = Calendar("Europe/Berlin", yearly=("12-25", "12-26"))
TWO_DAYS = Target("entered", "received", "business days", 2)
spans = st.lists(
    st.tuples(
        st.datetimes(datetime(2025, 1, 1), datetime(2026, 11, 1)),
        st.timedeltas(timedelta(0), timedelta(days=30)),
    ),
    min_size=1,
    max_size=20,
)


def seconds(found: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = np.array([[parsed(at).timestamp() for at in one] for one in found], np.int64)
    return pairs[:, 0], pairs[:, 1]


@given(spans, st.sampled_from((("business days", 2), ("hours", 24), ("same day", 0), ("none", 0))))
@settings(max_examples=60, deadline=None)
def test_all_at_once_is_as_one_by_one(
    found: list[tuple[datetime, timedelta]], unit: tuple[Unit, int]
) -> None:
    target = Target("entered", "received", *unit)
    moments = [
        (told(since.replace(tzinfo=UTC)), told((since + took).replace(tzinfo=UTC)))
        for since, took in found
    ]
    spent, within = measured(target, BERLIN, *seconds(moments))
    for number, (since, done) in enumerate(moments):
        if unit[0] == "hours":
            took = (parsed(done) - parsed(since)).total_seconds() / 3600
            assert spent[number] == pytest.approx(took)
        else:
            assert spent[number] == pytest.approx(BERLIN.business_days(since, done), abs=1e-6)
        if within is not None:
            assert within[number] == (done <= due(BERLIN, target, since))
    assert (within is None) == (unit[0] == "none")


def test_months_are_those_of_the_lab_and_empty_ones_stay() -> None:
    found = [
        ("2026-08-28T10:00:00+00:00", "2026-08-31T22:30:00+00:00"),  # in Berlin it is September
        ("2026-09-01T08:00:00+00:00", "2026-09-02T08:00:00+00:00"),
        ("2026-09-01T08:00:00+00:00", "2026-09-09T08:00:00+00:00"),
    ]
    months = months_of("2026-08-01", "2026-10-31")
    assert months == ("2026-08", "2026-09", "2026-10")
    lines, whole = stage_months(TWO_DAYS, BERLIN, months, *seconds(found))
    assert [line.count for line in lines] == [0, 3, 0]
    assert lines[0].median is None and lines[0].within is None
    assert lines[1].within == whole.within == pytest.approx(2 / 3)
    assert lines[1].unit == "business days" and whole.count == 3
    assert lines[1].lower <= lines[1].median <= lines[1].upper  # type: ignore[operator]


def test_months_reach_over_years_and_a_span_has_the_lab_s_days() -> None:
    assert months_of("2025-11-15", "2026-02-01") == ("2025-11", "2025-12", "2026-01", "2026-02")
    first, last = bounds(BERLIN, "2026-08-01", "2026-08-31")
    assert (first, last) == ("2026-07-31T22:00:00+00:00", "2026-08-31T22:00:00+00:00")


def test_nothing_done_is_no_error() -> None:
    none = np.zeros(0, np.int64)
    lines, whole = stage_months(TWO_DAYS, BERLIN, ("2026-08",), none, none)
    assert (lines[0].count, whole.count, whole.median) == (0, 0, None)
    text = metrics_csv(Metrics("2026-08-01", "2026-08-31", ("2026-08",), lines, (whole,)))
    assert "2026-08,entered,0,business days,,,," in text


def test_verifications_that_did_not_agree_are_a_share() -> None:
    assert VerifiedMonth("2026-08", 8, 2).rate == 0.25
    assert VerifiedMonth("2026-08", 0, 0).rate is None
