"""Reference cases, checks and signatures: kept whole, never changed, vouched for by the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.domain import CaseheadError, Light, Optics, ReadOnlyError
from app.instruments import (
    InstrumentCheck,
    InstrumentRelease,
    Limits,
    Outcome,
    ReferenceCase,
    Schedule,
)
from app.store import Casebook
from app.store.casebook import FILE_NAME
from app.store.schema import APPLICATION_ID, STEPS, migrations
from app.store.schema_instrument import TABLES
from tests.app.store.store_parts import JANE

OPTICS = Optics("USB camera", "4x", "1.5")


@pytest.fixture
def reference(casebook: Casebook) -> ReferenceCase:
    return casebook.add_reference_case(
        ReferenceCase(
            *(OPTICS, "SRM 2461", casebook.keep_pixels(b"golden", ".png"), 1296, 972, 2.53),
            light=Light.RING,
            figures={"focus": 12.5, "brightness": 0.4},
            captured_at="2026-11-22T08:00:00+00:00",
            note="drawer 3",
            schedule=Schedule(7, (0, 2), False),
        )
    )


def check_of(casebook: Casebook, reference: ReferenceCase, outcome: Outcome) -> InstrumentCheck:
    limits = {"correlation": Limits(0.95, 0.01, 20, 0.93, None, 0.92, None)}
    return casebook.add_instrument_check(
        InstrumentCheck(
            *(reference.id, casebook.keep_pixels(b"again", ".png"), {"correlation": 0.9}, limits),
            *(outcome, ("too low",), {"cells": 40, "shift_um": [1.5, -2.0]}),
        )
    )


def test_what_was_kept_comes_back(
    casebook: Casebook, reference: ReferenceCase, reopened: Callable[[], Casebook]
) -> None:
    assert reference.author == JANE and reference.made_at
    check = check_of(casebook, reference, "out")
    release = casebook.add_instrument_release(
        InstrumentRelease(reference.id, check.id, "A. Mbeki", "quality manager", "lamp replaced")
    )
    assert casebook.check() == ()
    again = reopened()
    assert again.reference_cases() == (reference,) == (again.reference_case(reference.id),)
    assert again.instrument_checks(reference.id) == (check,)
    assert again.instrument_check(check.id) == check
    assert again.last_instrument_check(reference.id) == check
    assert again.instrument_releases(reference.id) == (release,)
    for change in (
        lambda: again.add_reference_case(reference),
        lambda: again.add_instrument_check(check),
        lambda: again.add_instrument_release(release),
        lambda: again.set_qualified_people(["A. Mbeki"]),
    ):
        with pytest.raises(ReadOnlyError):
            change()
    again.close()


def test_a_schedule_and_an_end_are_further_records(
    casebook: Casebook, reference: ReferenceCase
) -> None:
    other = casebook.change_reference_case(reference.id, Schedule(1))
    assert other.schedule == Schedule(1) and not other.withdrawn_at
    count = len(casebook.journal())
    assert casebook.change_reference_case(reference.id, Schedule(1)) == other
    assert len(casebook.journal()) == count  # nothing changed, nothing told
    gone = casebook.change_reference_case(reference.id, reason="case lost")
    assert gone.withdrawn_at and gone.schedule == Schedule(1)
    assert casebook.journal(1)[0].detail["reason"] == "case lost"


def test_a_signature_answers_its_check_and_the_ones_before(
    casebook: Casebook, reference: ReferenceCase
) -> None:
    assert casebook.unanswered_check(reference.id) is None
    check_of(casebook, reference, "within")
    assert casebook.unanswered_check(reference.id) is None
    check_of(casebook, reference, "out")
    second = check_of(casebook, reference, "out")
    check_of(casebook, reference, "within")
    assert casebook.unanswered_check(reference.id) == second
    release = InstrumentRelease(reference.id, second.id, "A. Mbeki", "quality manager", "cleaned")
    casebook.add_instrument_release(release)
    assert casebook.unanswered_check(reference.id) is None
    third = check_of(casebook, reference, "out")
    assert casebook.unanswered_check(reference.id) == third


@pytest.mark.parametrize("blank", ["signer", "standing", "reason"])
def test_a_blank_signature_is_refused(
    casebook: Casebook, reference: ReferenceCase, blank: str
) -> None:
    check = check_of(casebook, reference, "out")
    told = {"signer": "A. Mbeki", "standing": "quality manager", "reason": "cleaned"}
    with pytest.raises(CaseheadError, match=blank):
        casebook.add_instrument_release(
            InstrumentRelease(reference.id, check.id, **(told | {blank: "  "}))
        )
    assert casebook.unanswered_check(reference.id) == check


def test_who_may_sign_is_told_by_the_journal_only_there(casebook: Casebook) -> None:
    assert casebook.qualified_people() == ()
    assert casebook.set_qualified_people([" A.  Mbeki ", "", "J. Doe", "A. Mbeki"]) == (
        "A. Mbeki",
        "J. Doe",
    )
    line = casebook.journal(1)[0]
    assert line.action == "qualified people told" and line.detail["names"] == ["A. Mbeki", "J. Doe"]
    casebook.set_setting("qualified_people", ["somebody else"])  # a setting of that name is not it
    assert casebook.qualified_people() == ("A. Mbeki", "J. Doe")
    casebook.set_qualified_people([])
    assert casebook.qualified_people() == ()
    assert casebook.journal(1)[0].detail["before"] == ["A. Mbeki", "J. Doe"]
    assert casebook.check() == ()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET created_at = 'never'"])
def test_nothing_is_changed_or_deleted(
    casebook: Casebook, reference: ReferenceCase, folder: Path, table: str, statement: str
) -> None:
    check = check_of(casebook, reference, "out")
    casebook.add_instrument_release(
        InstrumentRelease(reference.id, check.id, "A. Mbeki", "quality manager", "cleaned")
    )
    casebook.close()
    with (
        closing(sqlite3.connect(folder / FILE_NAME)) as raw,
        pytest.raises(sqlite3.IntegrityError, match="never"),
    ):
        raw.execute(statement.format(table))


def test_a_check_made_better_from_outside_is_found(
    casebook: Casebook, reference: ReferenceCase, folder: Path
) -> None:
    check_of(casebook, reference, "out")
    casebook.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.execute("DROP TRIGGER instrument_check_never_changed")
        raw.execute("UPDATE instrument_check SET outcome = 'within'")
        raw.commit()
    with Casebook.open(folder, read_only=True) as opened:
        (problem,) = opened.check()
        assert "instrument check" in problem and "not what the journal says" in problem


def test_a_damaged_golden_picture_is_found(casebook: Casebook, reference: ReferenceCase) -> None:
    path = casebook.pixels_path(reference.digest)
    path.chmod(0o644)
    path.write_bytes(b"another")
    (problem,) = casebook.check()
    assert "SRM 2461" in problem and "damaged" in problem


def test_a_casebook_of_before_gets_the_tables(folder: Path) -> None:
    step = next(n for n, one in enumerate(STEPS) if one.__name__ == "m011_instrument_checks")
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as raw:
        migrations(STEPS[:step]).apply(Database(raw))
        raw.execute(f"PRAGMA user_version = {step}")
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    with Casebook.open(folder) as opened:
        opened.set_author(JANE)
        assert opened.reference_cases() == ()
        digest = opened.keep_pixels(b"golden", ".png")
        kept = opened.add_reference_case(ReferenceCase(OPTICS, "SRM", digest, 10, 10, 2.5))
        assert opened.reference_case(kept.id) == kept and opened.check() == ()
    assert len(list((folder / "backups").iterdir())) == 1
