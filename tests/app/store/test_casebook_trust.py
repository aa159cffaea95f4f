"""Transactions, threads, the journal, and what the check finds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.domain import (
    Alignment,
    CancelledError,
    Case,
    CaseheadError,
    Circle,
    Comparison,
    Conclusion,
    Region,
    Search,
)
from app.jobs import Job
from app.store import Casebook, guard, journal
from app.store.casebook import FILE_NAME
from app.store.extracts import newest_moment
from tests.app.store.store_parts import JANE, Planted, plant, save


def numbers(casebook: Casebook) -> list[str]:
    """The numbers of all cases."""
    return [case.number for case in casebook.cases()]


def test_a_transaction_is_all_or_nothing(casebook: Casebook) -> None:
    before = casebook.journal()
    with pytest.raises(ZeroDivisionError), casebook.transaction():
        casebook.add_case(Case("1"))
        raise ZeroDivisionError
    assert numbers(casebook) == []
    assert casebook.journal() == before


def test_what_guards_the_casebook_changes_nothing_of_the_record(
    casebook: Casebook, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what is issued of the same record has the same moment."""
    before, later = newest_moment(casebook), "2099-01-01T00:00:00+00:00"
    monkeypatch.setattr(journal, "now", lambda: later)
    casebook.tell_guarded(guard.THINNED, "backups", {})
    casebook.tell_acknowledged(1, "Seen.")
    casebook.queue_entry(planted.exhibit.id, "folder")
    assert newest_moment(casebook) == before
    casebook.add_case(Case("another"))
    assert newest_moment(casebook) == later


def test_an_inner_failure_can_be_survived(casebook: Casebook) -> None:
    with casebook.transaction():
        casebook.add_case(Case("1"))
        with pytest.raises(ZeroDivisionError), casebook.transaction():
            casebook.add_case(Case("2"))
            raise ZeroDivisionError
        with casebook.transaction():
            casebook.add_case(Case("3"))
        with pytest.raises(CaseheadError, match="already there"):
            casebook.add_case(Case("3"))
    assert numbers(casebook) == ["1", "3"]
    assert casebook.check() == ()


def test_nothing_is_visible_to_others_before_the_outer_commit(
    casebook: Casebook, folder: Path
) -> None:
    with Casebook.open(folder, read_only=True) as other:
        with casebook.transaction():
            with casebook.transaction():
                casebook.add_case(Case("1"))
            assert numbers(other) == []
        assert numbers(other) == ["1"]


def test_threads_take_turns(casebook: Casebook) -> None:
    def work(name: int) -> None:
        with casebook.transaction():
            first = casebook.add_case(Case(f"{name} a"))
            assert casebook.find_case(first.number) == first
            casebook.add_case(Case(f"{name} b"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    found = numbers(casebook)
    assert len(found) == 80
    assert all(a[:-1] == b[:-1] for a, b in zip(found[::2], found[1::2], strict=True))
    assert casebook.check() == ()


def test_a_full_disk_is_told_and_loses_nothing(casebook: Casebook) -> None:
    casebook.add_case(Case("before"))
    (pages,) = casebook._connection.row("PRAGMA page_count") or (0,)
    casebook._connection.row(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CaseheadError, match="is full; nothing of the last change was kept"):
        casebook.add_case(Case("too much", title="x" * 100_000))
    casebook._connection.row("PRAGMA max_page_count = 1000000")
    casebook.add_case(Case("after"))
    assert numbers(casebook) == ["before", "after"]
    assert casebook.check() == ()


def test_what_sqlite_rolled_back_by_itself_is_not_half_saved(casebook: Casebook) -> None:
    with pytest.raises(CaseheadError, match="Nothing of this change"), casebook.transaction():
        casebook.add_case(Case("1"))
        casebook._connection._raw.execute("ROLLBACK")  # as after a disk error
        casebook.add_case(Case("2"))
    with pytest.raises(CaseheadError, match="Nothing of this change"), casebook.transaction():
        casebook.add_case(Case("3"))
        casebook._connection._raw.execute("ROLLBACK")
    assert numbers(casebook) == []


def test_a_file_another_program_holds_is_told(casebook: Casebook, folder: Path) -> None:
    casebook._connection.row("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CaseheadError, match="in use by another program"):
            casebook.add_case(Case("1"))
        other.execute("ROLLBACK")
    casebook.add_case(Case("1"))


def test_a_defect_stays_a_defect(casebook: Casebook) -> None:
    with pytest.raises(sqlite3.OperationalError, match="syntax error"):
        casebook._connection.rows("SELEKT")


def test_every_record_has_its_line(casebook: Casebook, planted: Planted) -> None:
    save(casebook, planted.mark.id)
    lines = casebook.journal()
    assert [line.action for line in lines] == [
        *("station key begun", "agency added", "author set", "case added", "exhibit added"),
        *("cartridge case added", "mark added", "image added"),
    ]
    assert {line.author for line in lines} == {JANE}
    assert [line.seq for line in lines] == list(range(1, 9))
    assert lines[0].previous == journal.FIRST
    assert [line.previous for line in lines[1:]] == [line.digest for line in lines[:-1]]
    assert lines[3].subject == planted.case.id
    assert lines[3].detail["number"] == "2026-0412"
    assert casebook.journal(2) == lines[-2:]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE image SET pixel_um = 9.9",
        "UPDATE image SET superseded_by = id",
        "DELETE FROM image",
        "UPDATE acquired SET kind = 'scan'",
        "DELETE FROM acquired",
        "DELETE FROM region",
        "UPDATE region SET confidence = 1",
        "UPDATE journal SET detail = '{}' WHERE seq = 1",
        "DELETE FROM journal",
        "REPLACE INTO journal SELECT * FROM journal",
        "UPDATE conclusion SET value = 'other'",
        "DELETE FROM conclusion",
        'DELETE FROM "case"',
        "DELETE FROM exhibit",
        "DELETE FROM mark",
        "DELETE FROM search",
        "DELETE FROM comparison",
    ],
)
def test_evidence_cannot_be_changed_through_the_database(
    casebook: Casebook, statement: str
) -> None:
    fill(casebook)
    if "superseded_by" in statement:
        old = casebook.all_acquired()[0]
        casebook.supersede_acquired(old.id, old)
    with pytest.raises(sqlite3.IntegrityError, match=r"never|only once"), casebook.transaction():
        casebook._connection.run(statement)
    assert casebook.check() == ()


def fill(casebook: Casebook) -> str:
    """Something in every table that counts; returns the digest of the picture."""

    planted = plant(casebook)
    image = save(casebook, planted.mark.id)
    casebook.add_region(Region(image.id, Circle(1, 2, 3), None, 0.5))
    casebook.add_search(Search(image.id))
    pair = casebook.add_comparison(Comparison(image.id, image.id, Alignment()))
    casebook.add_conclusion(Conclusion(pair.id, "afte", "unsuitable"))
    return image.digest


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE journal SET detail = '{\"a\":1}' WHERE seq = 3", "broken at line 3"),
        ("UPDATE journal SET examiner = 'Somebody' WHERE seq = 2", "broken at line 2"),
        ("DELETE FROM journal WHERE seq = 2", "broken at line 2"),
        ("DELETE FROM journal WHERE seq = 1", "broken at line 1"),
        ("UPDATE image SET pixel_um = 9.9", "The image .* is not what the journal says"),
        ("UPDATE \"case\" SET number = '7'", "The case .* is not what the journal says"),
        ("UPDATE conclusion SET value = 'other'", "The conclusion .* is not what the journal"),
        ("DELETE FROM conclusion", "The conclusion .* no longer in the casebook"),
        ("DELETE FROM mark", "Records of image that refer to a missing mark: 1"),
        (
            "INSERT INTO region SELECT 99, 'x', acquired_id, 1, 1, 1, 1, 1, 1, 1, source, "
            "created_at, examiner, station, agency FROM region",
            "The region x is not what",
        ),
    ],
)
def test_what_was_tampered_with_is_found(
    casebook: Casebook, folder: Path, statement: str, words: str
) -> None:
    fill(casebook)
    assert casebook.check() == ()
    casebook.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement)
        raw.commit()
    with Casebook.open(folder) as again:
        found = again.check()
    assert found

    assert [sentence for sentence in found if re.search(words, sentence)], found


def _alter(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"altered")


@pytest.mark.parametrize(
    ("spoil", "words"), [(_alter, "has been altered"), (Path.unlink, "is missing from")]
)
def test_pixels_missing_or_altered_are_found(
    casebook: Casebook, spoil: Callable[[Path], object], words: str
) -> None:
    digest = fill(casebook)
    casebook.keep_pixels(b"what a crash left without a record", "png")
    assert casebook.check() == ()
    spoil(casebook.pixels_path(digest))
    (sentence,) = casebook.check()
    assert words in sentence
    assert "a.png" in sentence


def scribble(path: Path, first: int, last: int | None) -> None:
    """Damage pages of a file, counted as in a slice."""
    data = bytearray(path.read_bytes())
    for page in range(len(data) // 4096)[first:last]:
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)


def test_a_damaged_file_is_found(casebook: Casebook, folder: Path) -> None:
    with casebook.transaction():
        for number in range(400):
            casebook.add_case(Case(f"{number}", title="x" * 200))
    casebook.close()
    scribble(folder / FILE_NAME, -12, None)
    with Casebook.open(folder) as again:
        assert [s for s in again.check() if "is damaged" in s and "restore" in s]
    scribble(folder / FILE_NAME, 1, None)
    with pytest.raises(CaseheadError, match=r"is damaged\. Close the program, keep a copy"):
        Casebook.open(folder)


def test_the_check_tells_its_progress_and_can_be_stopped(casebook: Casebook) -> None:
    mark = plant(casebook).mark
    for number in range(3):
        save(casebook, mark.id, bytes([number]))
    heard: list[tuple[int, int, str]] = []
    casebook.check(Job(lambda *told: heard.append(told)))
    last = len(casebook.journal())
    journal_lines = [(0, last, "journal"), (last, last, "journal")]
    records = (0, 8, "records")  # agency, case, exhibit, cartridge case, mark, three images
    pictures = [(done, 3, "pictures") for done in range(4)]
    clock = [told for told in heard if told[2] == "clock"]
    assert [done for done, _, _ in clock] == list(range(clock[0][1] + 1))
    assert heard == [(0, 0, "database"), *journal_lines, records, *pictures, *clock]


@pytest.mark.parametrize("phase", ["database", "journal", "records", "pictures", "clock"])
def test_the_check_can_be_stopped_at_any_phase(casebook: Casebook, phase: str) -> None:
    save(casebook, plant(casebook).mark.id, b"1")

    def stop(_done: int, _total: int, what: str) -> None:
        if what == phase:
            job.cancel()

    job = Job(stop)
    with pytest.raises(CancelledError):
        casebook.check(job)
    assert casebook.check() == ()


def test_the_check_sees_one_moment_while_others_go_on_recording(casebook: Casebook) -> None:
    save(casebook, plant(casebook).mark.id, b"1")
    added: list[Case] = []

    def record(_done: int, _total: int, _what: str) -> None:
        added.append(casebook.add_case(Case(f"while checking {len(added)}")))

    assert casebook.check(Job(record)) == ()
    assert len(added) > 3
    assert casebook.check() == ()
