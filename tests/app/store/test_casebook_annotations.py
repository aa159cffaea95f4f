"""What is drawn over a pair and its saved views: versions add up, and nothing is altered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    AnnotationSet,
    CaseheadError,
    ClassNote,
    Comparison,
    ReadOnlyError,
    Remarks,
    SavedView,
)
from app.store import Casebook
from app.store.casebook import FILE_NAME
from app.store.schema import STEPS, migrations
from tests.app.store.store_parts import JANE, candidate, plant, save

NOTE = Annotation(AnnotationKind.NOTE, "left", ((1.5, -2.25),), "a gouge\nwith striae, µ", 1)
AREA = Annotation(
    AnnotationKind.AGREEMENT, "both", ((0.1, 0.2), (30.0, 0.0), (0.0, 40.0)), "", 2, "blue"
)
SCORE = candidate("s", "a", 1).score


@pytest.fixture
def pair(casebook: Casebook) -> Comparison:
    left, right = (save(casebook, plant(casebook, n).mark.id, n.encode()) for n in "12")
    return casebook.add_comparison(Comparison(left.id, right.id, Alignment(4.0, (1.0, 2.0))))


def view_of(pair: Comparison, name: str = "Rim") -> SavedView:
    state = {"mode": "side", "centre_um": [1.0, 2.0]}
    alignment = Alignment(12.34567890123, (0.1, -7.0))
    return SavedView(pair.id, name, alignment, state, (NOTE, AREA), SCORE, True, "ab" * 32, "C 1")


def test_every_save_is_a_version(
    casebook: Casebook, pair: Comparison, reopened: Callable[[], Casebook]
) -> None:
    assert casebook.annotation_set(pair.id) is None
    first = casebook.add_annotations(AnnotationSet(pair.id, (NOTE,)))
    second = casebook.add_annotations(AnnotationSet(pair.id, (NOTE, AREA)))
    third = casebook.add_annotations(AnnotationSet(pair.id, ()))
    assert first.author == JANE and first.recorded_at
    again = reopened()
    assert again.annotation_sets(pair.id) == (first, second, third)
    assert again.annotation_set(pair.id) == third
    last, before = again.journal()[-1], again.journal()[-2]
    assert (last.action, last.subject) == ("annotation set added", third.id)
    assert last.detail["supersedes"] == second.id
    assert before.detail["annotations"] == 2
    assert again.check() == ()


def test_the_same_drawing_again_is_no_version(casebook: Casebook, pair: Comparison) -> None:
    assert casebook.add_annotations(AnnotationSet(pair.id, ())).annotations == ()
    assert casebook.annotation_sets(pair.id) == ()
    first = casebook.add_annotations(AnnotationSet(pair.id, (AREA,)))
    assert casebook.add_annotations(AnnotationSet(pair.id, (AREA,))) == first
    assert len(casebook.annotation_sets(pair.id)) == 1


def test_remarks_are_versions_too_and_leave_earlier_digests_alone(
    casebook: Casebook, pair: Comparison, folder: Path
) -> None:
    plain = casebook.add_annotations(AnnotationSet(pair.id, (NOTE,)))
    flagged = replace(AREA, subclass="broach marks")
    remarks = Remarks((ClassNote("calibre", "a", "b", "agree"),), True, "parallel marks")
    noted = casebook.add_annotations(AnnotationSet(pair.id, (NOTE, flagged), remarks=remarks))
    lifted = casebook.add_annotations(AnnotationSet(pair.id, (NOTE, flagged)))
    assert casebook.annotation_sets(pair.id) == (plain, noted, lifted)
    line = casebook.journal()[-2]
    assert line.detail["class_notes"] == 1 and line.detail["subclass"] is True
    assert casebook.check() == ()
    casebook.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        (text,) = raw.execute("SELECT annotations FROM annotation_set LIMIT 1").fetchone()
        assert "subclass" not in text, "as an earlier version wrote it"
        raw.execute("DROP TRIGGER annotation_set_never_changed")
        raw.execute("UPDATE annotation_set SET remarks = '' WHERE remarks <> ''")
        raw.commit()
    with Casebook.open(folder) as opened:
        (problem,) = opened.check()
        assert noted.id in problem


def test_annotations_need_their_comparison(casebook: Casebook, pair: Comparison) -> None:
    with pytest.raises(CaseheadError, match="refers to another one"):
        casebook.add_annotations(AnnotationSet("nowhere", (NOTE,)))
    assert casebook.check() == ()


def test_a_saved_view_comes_back_as_it_went(
    casebook: Casebook, pair: Comparison, reopened: Callable[[], Casebook]
) -> None:
    kept = casebook.add_saved_view(view_of(pair))
    plain = casebook.add_saved_view(replace(view_of(pair, "  Plain \n one "), id="p", score=None))
    assert plain.name == "Plain one"
    again = reopened()
    assert again.saved_views(pair.id) == (kept, plain)
    assert again.saved_view(kept.id).score == SCORE
    assert again.check() == ()


def test_what_a_view_was_called_stays_on_the_record(casebook: Casebook, pair: Comparison) -> None:
    kept = casebook.add_saved_view(view_of(pair))
    casebook.label_saved_view(kept.id, name="Upper rim")
    told = casebook.label_saved_view(kept.id, in_report=False)
    assert (told.name, told.in_report) == ("Upper rim", False)
    assert casebook.label_saved_view(kept.id, name="Upper rim") == told
    gone = casebook.withdraw_saved_view(kept.id)
    assert gone.withdrawn_at and casebook.withdraw_saved_view(kept.id) == gone
    assert casebook.saved_views(pair.id) == ()
    assert casebook.saved_views(pair.id, withdrawn=True) == (gone,)
    names = [(label.name, label.in_report) for label in casebook.view_labels(kept.id)]
    assert names == [("Rim", True), ("Upper rim", True), ("Upper rim", False), ("Upper rim", False)]
    with pytest.raises(CaseheadError, match="was withdrawn"):
        casebook.label_saved_view(kept.id, name="Again")
    assert casebook.check() == ()


def test_names_are_given_once(casebook: Casebook, pair: Comparison) -> None:
    first = casebook.add_saved_view(view_of(pair))
    second = casebook.add_saved_view(view_of(pair, "Other"))
    for refused in (
        lambda: casebook.add_saved_view(view_of(pair, "rim")),
        lambda: casebook.label_saved_view(second.id, name=" RIM "),
    ):
        with pytest.raises(CaseheadError, match="called 'Rim' already"):
            refused()
    with pytest.raises(CaseheadError, match="Give the view a name"):
        casebook.label_saved_view(second.id, name="  ")
    casebook.withdraw_saved_view(first.id)
    assert casebook.label_saved_view(second.id, name="Rim").name == "Rim"


@pytest.mark.parametrize("table", ["annotation_set", "saved_view", "saved_view_label"])
def test_nothing_of_it_can_be_altered_unseen(
    casebook: Casebook, pair: Comparison, folder: Path, table: str
) -> None:
    casebook.add_annotations(AnnotationSet(pair.id, (NOTE,)))
    casebook.add_saved_view(view_of(pair))
    casebook.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET created_at = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="are never"):
                raw.execute(change)
        raw.execute(f"DROP TRIGGER {table}_never_changed")
        column = {"annotation_set": "annotations", "saved_view": "annotations"}.get(table, "name")
        raw.execute(f"UPDATE {table} SET {column} = '[]'")
        raw.commit()
    with Casebook.open(folder) as opened:
        (problem,) = opened.check()
        assert table.replace("_", " ") in problem


def test_reading_only_refuses(casebook: Casebook, pair: Comparison, folder: Path) -> None:
    kept = casebook.add_saved_view(view_of(pair))
    casebook.close()
    with Casebook.open(folder, read_only=True) as reader:
        for change in (
            lambda: reader.add_annotations(AnnotationSet(pair.id, (NOTE,))),
            lambda: reader.withdraw_saved_view(kept.id),
        ):
            with pytest.raises(ReadOnlyError):
                change()


def test_a_casebook_of_before_gets_the_tables(
    casebook: Casebook, pair: Comparison, folder: Path
) -> None:
    casebook.close()
    step = next(n for n, one in enumerate(STEPS) if one.__name__ == "m007_annotations")
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        for table in ("saved_view_label", "saved_view", "annotation_set"):
            raw.execute(f"DROP TABLE {table}")
        _undo_later_steps(raw, step)
        raw.execute(f"PRAGMA user_version = {step}")
        raw.commit()
    with Casebook.open(folder) as opened:
        assert opened.comparison(pair.id) == pair
        assert opened.annotation_set(pair.id) is None and opened.saved_views(pair.id) == ()
        opened.add_annotations(AnnotationSet(pair.id, (NOTE,)))
        opened.add_saved_view(view_of(pair))
        assert opened.check() == ()
    assert len(list((folder / "backups").iterdir())) == 1


def _undo_later_steps(raw: sqlite3.Connection, step: int) -> None:
    """Forget this step and those after it; what they added is dropped with them."""
    names = [one.__name__ for one in STEPS[step:]]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as before:
        migrations(STEPS[:step]).apply(Database(before))
        known, named = _tables(before), _named(before)
        kept = {table: _columns(before, table) for table in known}
    for kind, name in sorted(_named(raw) - named, reverse=True):
        raw.execute(f'DROP {kind} IF EXISTS "{name}"')  # views and triggers before indexes
    for table in _tables(raw) - known:
        raw.execute(f"DROP TABLE {table}")
    for table, columns in kept.items():
        for column in _columns(raw, table) - columns:
            raw.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    for name in names:
        raw.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (name,))


def _columns(raw: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in raw.execute(f'PRAGMA table_info("{table}")')}


def _named(raw: sqlite3.Connection) -> set[tuple[str, str]]:
    sql = (
        "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger', 'index') "
        "AND sql IS NOT NULL"
    )
    return set(raw.execute(sql))


def _tables(raw: sqlite3.Connection) -> set[str]:
    return {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
