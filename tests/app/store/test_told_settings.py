"""Settings that the journal tells, changed by another program: each is found and named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from store_parts import JANE, plant

from app.store import Casebook
from app.store.backup import FILE_NAME
from app.store.guard import BackupPlan, CheckPlan


@pytest.fixture
def told(casebook: Casebook, folder: Path) -> Iterator[sqlite3.Connection]:
    """Every setting that the journal tells was set twice; SQLite's own tool beside it."""
    own = plant(casebook).cartridge_case.id
    other = casebook.add_cartridge_case(
        replace(casebook.cartridge_case(own), id="other", label="3B")
    ).id
    for last in (False, True):
        casebook.set_record_rules(not last)
        casebook.set_search_area(["x"] if last else None, "agreed")
        casebook.set_backup_plan(BackupPlan("backups", "day" if last else "week"))
        casebook.set_check_plan(CheckPlan(3 if last else 30))
        casebook.set_qualified_people(["Ada Li", "渡辺"] if last else ["Ada Li"])
        casebook.tell_label("L2" if last else "L1", own if last else other)
    casebook.set_author(replace(JANE, ori="XX0990199"))
    casebook.set_setting("look", "light")
    assert casebook.check() == ()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        yield raw
        raw.rollback()


CHANGED = [
    ("record_rules", "true", "Whether required fields are enforced is not what line"),
    ("search_area", "null", "The search area is not what line"),
    ("search_area", '["x","y"]', "The search area is not"),
    ("search_area", "no json", "The search area is not"),
    ("backup_plan", '{"folder":"elsewhere"}', "The plan of backups is not"),
    ("check_plan", '{"every_days":0}', "The plan of checks is not"),
    ("qualified_people", '["Ada Li","Eve"]', "Who may sign for instruments is not"),
    ("label.L1", '"elsewhere"', "label.L1"),
    ("author", json.dumps({"agency": JANE.agency, "ori": "XX"}), "Who works here"),
]


@pytest.mark.parametrize(("key", "value", "sentence"), CHANGED)
def test_a_changed_setting_is_found(
    casebook: Casebook, told: sqlite3.Connection, key: str, value: str, sentence: str
) -> None:
    done = told.execute("UPDATE setting SET value = ? WHERE key = ?", (value, key))
    assert done.rowcount == 1
    told.commit()
    (found,) = casebook.check()
    assert sentence in found and "another program" in found


@pytest.mark.parametrize("key", sorted({key for key, _, _ in CHANGED}))
def test_a_setting_taken_away_is_found(
    casebook: Casebook, told: sqlite3.Connection, key: str
) -> None:
    told.execute("DELETE FROM setting WHERE key = ?", (key,))
    told.commit()
    (found,) = casebook.check()
    assert "gone" in found or "Who works here" in found


@pytest.mark.parametrize("key", ["label.new", "anything"])
def test_a_setting_put_in_is_found(casebook: Casebook, told: sqlite3.Connection, key: str) -> None:
    told.execute("INSERT INTO setting VALUES (?, '1', '2026-01-01')", (key,))
    told.commit()
    (found,) = casebook.check()
    assert key in found and "the journal does not tell it" in found


@pytest.mark.parametrize("name", ["record_rules", "search_area", "check_plan"])
def test_one_that_was_never_set_is_found_in_a_new_casebook(
    casebook: Casebook, folder: Path, name: str
) -> None:
    assert casebook.check() == ()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.execute("INSERT INTO setting VALUES (?, 'false', '2026-01-01')", (name,))
        raw.commit()
    (found,) = casebook.check()
    assert "was set by another program" in found


def test_setting_it_again_mends_it(casebook: Casebook, told: sqlite3.Connection) -> None:
    told.execute("UPDATE setting SET value = '[]' WHERE key = 'search_area'")
    told.commit()
    assert casebook.check()
    casebook.set_search_area(["x"], "mended")
    assert casebook.check() == ()


@pytest.mark.parametrize("field", ["agency", "station", "examiner", "ori"])
def test_another_seat_is_found(casebook: Casebook, told: sqlite3.Connection, field: str) -> None:
    (text,) = told.execute("SELECT value FROM setting WHERE key = 'author'").fetchone()
    changed = json.dumps({**json.loads(text), field: "Somebody"})
    told.execute("UPDATE setting SET value = ? WHERE key = 'author'", (changed,))
    told.commit()
    (found,) = casebook.check()
    assert "Who works here" in found
