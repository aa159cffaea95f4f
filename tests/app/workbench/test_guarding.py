"""The journal as a list, its export; backups by plan, restored; checks by plan, acknowledged."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from casework_parts import SECOND, SURE, acquired, as_person, concluded

from app.domain import Author, CancelledError, CaseheadError
from app.jobs import Job
from app.store.backup import Retention
from app.store.guard import BackupPlan, CheckPlan
from app.store.journal_list import JournalFilter
from app.workbench import Registration, Workbench
from app.workbench.blinding import HIDDEN

EVERYTHING = JournalFilter()


def later(days: float) -> str:
    """A moment so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")


@pytest.fixture
def book(empty_workbench: Workbench) -> Workbench:
    """With two people's records."""
    for number in range(3):
        empty_workbench.register(Registration(f"2026-{number}", "1", f"{number}A"))
    author = empty_workbench.author
    assert author is not None
    empty_workbench.set_author(Author(author.agency, author.station, "M. Lindqvist", author.ori))
    empty_workbench.register(Registration("2026-9", "1", "9A"))
    return empty_workbench


def found(book: Workbench, **wanted: str) -> list[int]:
    """The lines of a filter, oldest first."""
    return sorted(book.journal_seqs(JournalFilter(**wanted), limit=1000))


def test_pages_follow_one_another_newest_first(book: Workbench) -> None:
    last = book.journal_last()
    first = book.journal_seqs(EVERYTHING, limit=3)
    assert first == (last, last - 1, last - 2)
    assert book.journal_seqs(EVERYTHING, below=first[-1], limit=2) == (last - 3, last - 4)
    assert [line.seq for line in book.journal_page(first)] == list(first)


def test_filters_are_by_person_action_subject_period_and_words(book: Workbench) -> None:
    everything = list(book.journal_page(tuple(found(book))))
    by = {line.seq for line in everything if line.author.examiner == "M. Lindqvist"}
    assert set(found(book, who="M. Lindqvist")) == by
    cases = found(book, action="case added")
    assert len(cases) == 4
    case = book.journal_page((cases[0],))[0].subject
    assert cases[0] in found(book, subject=case)
    assert found(book, text="2026-9") and not found(book, text="100%")
    assert (
        found(book, text="EXHIBIT ADDED", who="M. Lindqvist")
        == [line.seq for line in reversed(everything) if line.action == "exhibit added"][-1:]
    )
    assert found(book, since=later(-1), until=later(1)) == found(book)
    assert found(book, since=later(1)) == found(book, until=later(-1)) == []


def test_words_to_filter_by_are_all_there_are(book: Workbench) -> None:
    actions, people = book.journal_words()
    lines = book.journal_page(tuple(found(book)))
    assert set(actions) == {line.action for line in lines}
    assert set(people) == {line.author.examiner for line in lines}


def test_a_line_says_what_it_is_about(book: Workbench) -> None:
    mark = book.journal_page((found(book, action="mark added")[0],))[0]
    assert book.journal_subject(mark.subject).kind == "mark"
    assert book.journal_subject("nothing").kind == ""


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_export_is_whole_and_told(book: Workbench, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"lines.{ending}"
    wanted = JournalFilter(who="M. Lindqvist")
    count = book.export_journal(wanted, path)
    lines = _csv(path) if ending == "csv" else json.loads(path.read_text("utf-8"))["lines"]
    assert len(lines) == count
    assert {line["examiner"] for line in lines} == {"M. Lindqvist"}
    told = book.journal_page(book.journal_seqs(EVERYTHING, limit=1))[0]
    assert told.action == "journal exported"
    assert (told.detail["lines"], told.detail["filter"]) == (count, {"who": "M. Lindqvist"})


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_export_that_is_stopped_leaves_nothing(book: Workbench, tmp_path: Path) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(CancelledError):
        book.export_journal(EVERYTHING, tmp_path / "lines.csv", job)
    with pytest.raises(CaseheadError, match=r"\.csv or \.json"):
        book.export_journal(EVERYTHING, tmp_path / "lines.txt")
    assert list(tmp_path.glob("lines*")) == []


def test_a_name_like_a_formula_is_no_formula_in_the_table(book: Workbench, tmp_path: Path) -> None:
    author = book.author
    assert author is not None
    book.set_author(Author(author.agency, author.station, "=1+1", author.ori))
    book.register(Registration("2026-10", "1", "1A"))
    book.export_journal(JournalFilter(who="=1+1"), tmp_path / "lines.csv")
    assert {line["examiner"] for line in _csv(tmp_path / "lines.csv")} == {"'=1+1"}


def test_verify_finds_and_places_a_break(book: Workbench) -> None:
    assert book.verify_journal().breaks == []
    (key,) = book.station_keys()
    assert key.trusted
    _change(book, "UPDATE journal SET detail = '{}' WHERE seq = 5")
    assert [one.seq for one in book.verify_journal().breaks] == [5]


def _change(book: Workbench, sql: str) -> None:
    with closing(sqlite3.connect(book.folder / "casebook.sqlite")) as raw:
        raw.execute("DROP TRIGGER journal_never_changed")
        raw.execute(sql)
        raw.commit()


def test_check_that_fails_stays_until_it_is_acknowledged(book: Workbench) -> None:
    assert book.check_casebook().problems == 0
    _change(book, "UPDATE journal SET detail = '{}' WHERE seq = 5")
    run = book.check_casebook()
    assert run.problems and "line 5" in run.sentences[0]
    (failed,) = book.guarded().failed
    assert failed.seq == run.seq
    with pytest.raises(CaseheadError, match="Say what"):
        book.acknowledge_check(run.seq, " ")
    book.acknowledge_check(run.seq, "Restored from the backup of Monday")
    assert book.guarded().failed == ()
    assert book.check_runs()[0].acknowledged_why == "Restored from the backup of Monday"
    with pytest.raises(CaseheadError, match="acknowledged"):
        book.acknowledge_check(run.seq, "again")


def test_a_check_stopped_half_way_records_nothing(book: Workbench) -> None:
    stopped = Event()

    def stop(_done: int, _total: int, what: str) -> None:
        if what == "records":
            job.cancel()
            stopped.set()

    job = Job(stop)
    with pytest.raises(CancelledError):
        book.check_casebook(job)
    assert stopped.is_set() and book.check_runs() == ()


def test_checks_and_backups_are_due_by_their_plans(book: Workbench, tmp_path: Path) -> None:
    assert not book.guarded().check_due
    assert book.guarded(later(8)).check_due
    book.plan_checks(CheckPlan(0))
    assert not book.guarded(later(800)).check_due
    assert not book.guarded(later(800)).backup_due
    book.plan_backups(BackupPlan(str(tmp_path / "backups"), "day"))
    assert book.guarded().backup_due
    assert len(book.guard_by_plan()) == 1
    assert not book.guarded().backup_due
    assert book.guarded(later(1.1)).backup_due
    with pytest.raises(CaseheadError, match="0 \\(never\\)"):
        book.plan_checks(CheckPlan(1000))
    with pytest.raises(CaseheadError, match="Choose the folder"):
        book.plan_backups(BackupPlan("", "day"))
    with pytest.raises(CaseheadError, match="another disk"):
        book.plan_backups(BackupPlan(str(book.folder / "b"), "day"))


def test_backup_is_restored_beside_and_is_sound(book: Workbench, tmp_path: Path) -> None:
    book.plan_backups(BackupPlan(str(tmp_path / "backups"), "day", True, Retention(1, 0, 0)))
    first, second = book.make_backup(), book.make_backup()
    kept = book.backups()
    assert [one.folder for one in kept] == [second.folder] and not first.folder.exists()
    assert book.restore_backup(kept[0], tmp_path / "again") == ()
    with pytest.raises(CaseheadError, match="already"):
        book.restore_backup(kept[0], tmp_path / "again")
    for own in (book.folder, book.folder / "inside"):
        with pytest.raises(CaseheadError, match="open casebook"):
            book.restore_backup(kept[0], own)
    told = book.journal_page(book.journal_seqs(JournalFilter(action="backup restored")))
    assert told[0].detail["problems"] == 0


def test_retention_tells_what_is_past_its_time_and_deletes_nothing(book: Workbench) -> None:
    before = book.journal_last()
    rules = {kept.rule.key: kept for kept in book.retention()}
    assert rules["journal"].rule.words == "for ever"
    assert all(kept.count == 0 for kept in rules.values())
    rules = {kept.rule.key: kept for kept in book.retention(later(26 * 366))}
    assert {one.name for one in rules["case"].past} == {"2026-0", "2026-1", "2026-2", "2026-9"}
    assert book.journal_last() == before


def test_journal_keeps_a_blind_verifier_blind(workbench: Workbench, tmp_path: Path) -> None:
    pictures = [acquired(workbench, f"2026-{n}", 80 + n) for n in range(2)]
    comparison = concluded(workbench, *pictures)
    workbench.ask_verification(comparison.id, "blind", SECOND)
    told = _all_text(workbench)
    assert SURE.reasons in told or SURE.value in told
    as_person(workbench, SECOND)
    hidden = _all_text(workbench)
    assert SURE.reasons not in hidden and SURE.value not in hidden
    assert HIDDEN in hidden
    assert workbench.journal_seqs(JournalFilter(text=SURE.value)) == ()
    with pytest.raises(CaseheadError, match="blind"):
        workbench.export_journal(EVERYTHING, tmp_path / "lines.csv")


def _all_text(book: Workbench) -> str:
    lines = book.journal_page(book.journal_seqs(EVERYTHING, limit=1000))
    single = [book.journal_line(line.seq) for line in lines]
    return repr(lines) + repr(single)


@pytest.fixture(autouse=True)
def no_leftovers(tmp_path: Path) -> Iterator[None]:
    """Nothing half-written stays."""
    yield
    assert not list(tmp_path.rglob("*.part"))
