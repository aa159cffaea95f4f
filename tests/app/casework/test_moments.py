"""Days and moments: as written, as kept, in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from app.casework.moments import earlier, shown_moment, sort_key, tidy_moment
from app.domain import CaseheadError


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer nine hours before UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_east")
def test_what_is_written_is_local_and_kept_in_utc() -> None:
    kept = tidy_moment("2026-04-12 08:40", "collected")
    assert kept == "2026-04-11T23:40:00+00:00"
    assert shown_moment(kept) == "2026-04-12 08:40"
    assert tidy_moment("2026-04-12", "collected") == "2026-04-12"
    assert tidy_moment(shown_moment(kept), "collected") == kept


@pytest.mark.usefixtures("far_east")
def test_a_day_and_a_moment_are_compared_as_days_of_this_place() -> None:
    early = tidy_moment("2026-04-12 00:30", "x")  # still the 11th in UTC
    assert not earlier(early, "2026-04-12") and not earlier("2026-04-12", early)
    assert earlier("2026-04-11", early) and earlier(early, "2026-04-13")
    assert sort_key("2026-04-12") < sort_key(early)


@pytest.mark.parametrize("wrong", ["yesterday", "2026-13-01", "12.4.2026", "2026-02-30", "12:30"])
def test_what_is_no_date_is_said_so(wrong: str) -> None:
    with pytest.raises(CaseheadError, match="is not a date"):
        tidy_moment(wrong, "collected")


def test_the_future_is_refused_to_the_minute() -> None:
    ahead = datetime.now(UTC) + timedelta(minutes=10)
    with pytest.raises(CaseheadError, match="future"):
        tidy_moment(ahead.isoformat(), "received")
    with pytest.raises(CaseheadError, match="future"):
        tidy_moment((date.today() + timedelta(days=2)).isoformat(), "received")
    assert tidy_moment(date.today().isoformat(), "received")
    assert tidy_moment((ahead - timedelta(minutes=11)).isoformat(), "received")


def test_what_is_no_moment_is_shown_as_it_is() -> None:
    assert shown_moment("spring") == "spring" and not earlier("spring", "2026-01-01")
