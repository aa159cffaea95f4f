"""Calibrations: kept whole, ended and checked by further records, vouched for by the journal."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.domain import Calibration, CalibrationCheck, CaseheadError, Optics, ReadOnlyError
from app.store import Casebook
from app.store.casebook import FILE_NAME
from app.store.schema import APPLICATION_ID, STEPS, migrations
from tests.app.store.store_parts import JANE

OPTICS = Optics("USB camera", "4x", "1.5")
PICTURE = b"a stage micrometer"
MEASURED = Calibration(
    OPTICS,
    2.53,
    2.54,
    "ruling",
    0.003,
    1296,
    972,
    1.25,
    -0.06,
    {"lines": 101, "length_um": 1000.0},
    hashlib.sha256(PICTURE).hexdigest(),
    "Casehead 0",
    "micrometer 4711",
    expires_at="2030-01-01T00:00:00+00:00",
)


@pytest.fixture
def casebook(casebook: Casebook) -> Casebook:
    """With the picture the calibration was measured on."""
    casebook.keep_pixels(PICTURE, ".png")
    return casebook


def test_what_was_kept_comes_back(casebook: Casebook, reopened: Callable[[], Casebook]) -> None:
    kept = casebook.add_calibration(MEASURED)
    assert (kept.author, kept.optics, kept.facts) == (JANE, OPTICS, MEASURED.facts)
    assert kept.made_at and kept.expires_at == MEASURED.expires_at and kept.checks == ()
    assert casebook.calibrations() == (kept,)
    assert casebook.check() == ()
    again = reopened()
    assert again.calibration(kept.id) == kept
    with pytest.raises(ReadOnlyError):
        again.add_calibration(MEASURED)
    again.close()


def test_terms_and_checks_are_further_records(casebook: Casebook) -> None:
    kept = casebook.add_calibration(MEASURED)
    later = casebook.end_calibration(
        kept.id, expires_at="2029-06-01T00:00:00+00:00", reason="moved"
    )
    assert later.expires_at.startswith("2029-06") and not later.withdrawn_at
    checked = casebook.add_calibration_check(CalibrationCheck(kept.id, 1000.0, 1003.0, 0.5))
    (check,) = checked.checks
    assert check.passed and check.author == JANE and check.checked_at
    gone = casebook.end_calibration(kept.id, reason="wrong objective")
    assert gone.withdrawn_at and gone.expires_at == later.expires_at
    assert casebook.end_calibration(kept.id) == gone
    assert casebook.calibration(kept.id) == gone == casebook.calibrations()[0]
    actions = [line.action for line in casebook.journal() if "calibration" in line.action]
    assert actions == [
        "calibration added",
        "calibration term added",
        "calibration term added",
        "calibration check added",
        "calibration term added",
    ]
    assert casebook.journal()[-1].detail["reason"] == "wrong objective"
    assert casebook.check() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE calibration SET pixel_um_x = 5",
        "DELETE FROM calibration",
        "UPDATE calibration_term SET expires_at = ''",
        "DELETE FROM calibration_check",
    ],
)
def test_nothing_of_it_can_be_changed(casebook: Casebook, folder: Path, statement: str) -> None:
    kept = casebook.add_calibration(MEASURED)
    casebook.add_calibration_check(CalibrationCheck(kept.id, 1000.0, 1003.0, 0.5))
    casebook.close()
    with (
        closing(sqlite3.connect(folder / FILE_NAME)) as raw,
        pytest.raises(sqlite3.IntegrityError, match="never"),
    ):
        raw.execute(statement)


def test_a_change_from_outside_is_found(casebook: Casebook, folder: Path) -> None:
    casebook.add_calibration(MEASURED)
    casebook.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.execute("DROP TRIGGER calibration_never_changed")
        raw.execute("UPDATE calibration SET pixel_um_x = 5.06")
        raw.commit()
    with Casebook.open(folder, read_only=True) as opened:
        (problem,) = opened.check()
        assert "calibration" in problem and "not what the journal says" in problem


def test_unknown_ones_are_told(casebook: Casebook) -> None:
    with pytest.raises(CaseheadError, match="no calibration"):
        casebook.calibration("nothing")
    with pytest.raises(CaseheadError, match="no calibration"):
        casebook.end_calibration("nothing")


def test_a_casebook_of_before_gets_the_tables(folder: Path) -> None:
    step = next(n for n, one in enumerate(STEPS) if one.__name__ == "m010_calibrations")
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as raw:
        migrations(STEPS[:step]).apply(Database(raw))
        raw.execute(f"PRAGMA user_version = {step}")
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    with Casebook.open(folder) as opened:
        opened.set_author(JANE)
        opened.keep_pixels(PICTURE, ".png")
        assert opened.calibrations() == ()
        opened.add_calibration(MEASURED)
        assert opened.check() == ()
    assert len(list((folder / "backups").iterdir())) == 1
