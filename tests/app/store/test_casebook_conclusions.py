"""Conclusions: what they rest on is stored and vouched for, also in casebooks of before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain import Alignment, Comparison, Conclusion
from app.store import Casebook
from app.store.casebook import FILE_NAME
from tests.app.store.store_parts import JANE, plant, save

_LATE = (
    *("basis", "basis_reason", "examined_physically", "examined_by", "examined_at"),
    "subclass_excluded",
)


def _compared(casebook: Casebook) -> Comparison:
    left, right = (save(casebook, plant(casebook, n).mark.id, n.encode()) for n in "12")
    return casebook.add_comparison(Comparison(left.id, right.id, Alignment()))


def _full(comparison_id: str) -> Conclusion:
    said = ("individual", "No class differs", True, "Ada", "2024-01-02")
    return Conclusion(
        *(comparison_id, "AFTE", "elimination", "Striae differ", None, "", *said),
        subclass_excluded="No broach was used",
    )


def test_everything_said_comes_back(casebook: Casebook) -> None:
    pair = _compared(casebook)
    first = casebook.add_conclusion(_full(pair.id))
    second = casebook.add_conclusion(Conclusion(pair.id, "AFTE", "unsuitable"))
    third = casebook.add_conclusion(Conclusion(pair.id, "A", "b", examined_physically=False))
    assert casebook.conclusions(pair.id) == (first, second, third)
    assert second.examined_physically is None and third.examined_physically is False
    line = casebook.journal()[-3]
    assert line.detail["basis"] == "individual" and line.detail["examined_physically"] is True
    assert casebook.check() == ()


@pytest.mark.parametrize("column", _LATE)
def test_what_was_said_cannot_be_changed_unseen(
    casebook: Casebook, folder: Path, column: str
) -> None:
    conclusion = casebook.add_conclusion(_full(_compared(casebook).id))
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            raw.execute("UPDATE conclusion SET reasons = ''")
        raw.execute("DROP TRIGGER conclusion_never_changed")
        value = 0 if column == "examined_physically" else ""
        raw.execute(f"UPDATE conclusion SET {column} = ?", (value,))
        raw.commit()
    assert any(conclusion.id in problem for problem in casebook.check())


def test_conclusions_of_before_keep_their_digest(folder: Path) -> None:
    with Casebook.open(folder) as casebook:
        casebook.set_author(JANE)
        pair = _compared(casebook)
        before = casebook.add_conclusion(Conclusion(pair.id, "AFTE", "inconclusive-a", "few"))
        steps = int((casebook._connection.row("PRAGMA user_version") or (0,))[0])
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:  # as the earlier version left it
        for column in _LATE:
            raw.execute(f"ALTER TABLE conclusion DROP COLUMN {column}")
        raw.execute("ALTER TABLE annotation_set DROP COLUMN remarks")
        for step in ("m008_examination", "m015_remarks"):
            raw.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (step,))
        raw.execute(f"PRAGMA user_version = {steps - 2}")
        raw.commit()
    with Casebook.open(folder) as casebook:
        assert casebook.conclusions(pair.id) == (before,)
        after = casebook.add_conclusion(_full(pair.id))
        assert casebook.conclusions(pair.id) == (before, after)
        assert casebook.check() == ()


def test_an_export_is_in_the_journal(casebook: Casebook) -> None:
    pair = _compared(casebook)
    casebook.note_export(pair.id, "report", {"file": "a.pdf", "sha256": "ab"})
    line = casebook.journal()[-1]
    assert (line.action, line.subject) == ("report exported", pair.id)
    assert line.detail == {"file": "a.pdf", "sha256": "ab"} and line.author == JANE
    assert casebook.check() == ()
