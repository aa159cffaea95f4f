"""The time zone of this computer, as far as it can be found out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.casework import zones
from app.casework.clock import Calendar
from app.casework.zones import computer_zone


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A computer that tells nothing; its clock is set right again afterwards."""
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(zones, "_LINK", tmp_path / "localtime")
    monkeypatch.setattr(zones, "_NAMED", tmp_path / "timezone")
    yield monkeypatch
    monkeypatch.undo()
    _set_clock()


def _set_clock() -> None:
    if hasattr(time, "tzset"):
        time.tzset()


def test_this_computer_has_one_that_a_calendar_takes() -> None:
    found = computer_zone()
    assert not found or Calendar(zone=found).zone == found
    assert "America/Chicago" in zones.zones()


@pytest.mark.parametrize("written", ["Europe/Oslo", ":Europe/Oslo"])
def test_the_variable_goes_first(nowhere: pytest.MonkeyPatch, written: str) -> None:
    nowhere.setenv("TZ", written)
    assert computer_zone() == "Europe/Oslo"


@pytest.mark.parametrize("below", ["", "posix/"])
def test_what_localtime_leads_to(nowhere: pytest.MonkeyPatch, tmp_path: Path, below: str) -> None:
    target = tmp_path / "zoneinfo" / below / "America" / "Argentina" / "Ushuaia"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"")
    try:
        (tmp_path / "localtime").symlink_to(target)
    except OSError:
        pytest.skip("links cannot be made here")
    assert computer_zone() == "America/Argentina/Ushuaia"


def test_a_written_name(nowhere: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "timezone").write_text("Asia/Kathmandu\n")
    assert computer_zone() == "Asia/Kathmandu"
    (tmp_path / "timezone").write_bytes(b"\xff\xfe")
    nowhere.setenv("TZ", "UTC0")
    _set_clock()
    assert computer_zone() == "UTC"  # a name that is none; the clock goes as UTC


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the clock cannot be set so there")
def test_a_clock_that_goes_as_several_zones_names_none(nowhere: pytest.MonkeyPatch) -> None:
    nowhere.setenv("TZ", "XYZ-1XYS,M3.5.0,M10.5.0/3")
    _set_clock()
    assert computer_zone() == ""  # Oslo, Berlin, Rome ...: it has to be chosen
