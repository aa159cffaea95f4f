"""Reference populations on the record: kept, withdrawn, vouched for, never altered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain import CaseheadError, MarkKind
from app.store import Casebook
from app.store.populations import KnownPairs, ReferencePopulation

PAIRS = KnownPairs((0, 0), (0, 1), (0.9, 0.1), (0.8, 0.2), (20, 19), (17, 0))


def population(name: str = "Own guns", **changes: Any) -> ReferencePopulation:
    made = ReferencePopulation(
        *(name, MarkKind.BREECH_FACE, "scan", "cells", "2.0", {"cell_um": 450.0}),
        *("validation/scores.csv", "a" * 64, 2, 1, 1, ("c" * 64, "d" * 64), PAIRS),
    )
    return replace(made, **changes)


def test_a_population_comes_back_as_it_went(
    casebook: Casebook, reopened: Callable[[], Casebook]
) -> None:
    kept = casebook.add_population(population())
    assert kept.added_by == "Jane Doe" and kept.added_at
    assert casebook.journal(1)[0].action == "population added"
    again = reopened()
    assert again.populations() == (kept,) and again.population_ids() == (kept.id,)
    assert again.check() == ()


def test_a_withdrawn_one_stays_on_the_record(casebook: Casebook) -> None:
    kept = casebook.add_population(population())
    gone = casebook.withdraw_population(kept.id)
    assert gone.withdrawn_at and casebook.populations() == ()
    assert casebook.populations(withdrawn=True) == (gone,)
    assert casebook.journal(1)[0].action == "population withdrawn"
    assert casebook.withdraw_population(kept.id) == gone
    assert [line.action for line in casebook.journal()].count("population withdrawn") == 1
    assert casebook.check() == ()
    assert casebook.add_population(population()).id != kept.id


def test_the_same_twice_is_refused(casebook: Casebook) -> None:
    casebook.add_population(population())
    with pytest.raises(CaseheadError, match="called 'Own guns' already"):
        casebook.add_population(population("own GUNS", digest="b" * 64))
    with pytest.raises(CaseheadError, match="kept already as 'Own guns'"):
        casebook.add_population(population("Others"))
    casebook.add_population(population("Own guns (images)", kind="image"))
    assert len(casebook.populations()) == 2


@pytest.mark.parametrize(
    "sql", ["DELETE FROM population", "UPDATE population SET pairs = '{}', files = '[]'"]
)
def test_its_scores_cannot_be_touched(casebook: Casebook, sql: str) -> None:
    casebook.add_population(population())
    with pytest.raises(sqlite3.IntegrityError, match="never"), casebook.transaction():
        casebook._connection.run(sql)


def test_a_change_behind_the_program_is_found(casebook: Casebook) -> None:
    casebook.add_population(population())
    with casebook.transaction():
        casebook._connection.run("DROP TRIGGER population_never_changed")
        casebook._connection.run("UPDATE population SET firearms = 200")
    assert any("population" in sentence for sentence in casebook.check())
