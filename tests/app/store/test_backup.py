"""Backups of a casebook in use, and what is made of them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from app.domain import CancelledError, CaseheadError
from app.jobs import Job
from app.store import Casebook
from app.store.backup import Retention, restore, snapshots, thin
from app.store.casebook import FILE_NAME
from app.store.signing import Keys
from tests.app.store.store_parts import JANE, plant, save


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "other disk"


def fill(casebook: Casebook, first: int, count: int) -> None:
    mark = casebook.marks()[0] if casebook.cases() else plant(casebook).mark
    for number in range(first, first + count):
        save(casebook, mark.id, f"pixels {number}".encode())


def test_a_snapshot_becomes_the_same_casebook(
    casebook: Casebook, target: Path, tmp_path: Path
) -> None:
    fill(casebook, 0, 3)
    made = casebook.backup(target)
    lines = casebook.journal()
    assert lines[-1].action == "backup written"
    assert (made.lines, made.head) == (lines[-2].seq, lines[-2].digest)
    fill(casebook, 3, 2)
    restore(made, tmp_path / "again")
    with Casebook.open(tmp_path / "again") as again:
        assert again.check() == ()
        assert again.journal() == lines[:-1]
        assert len(again.provenances()) == 3
        fill(again, 9, 1)
        assert again.check() == ()


def test_pictures_are_copied_once_and_shared(casebook: Casebook, target: Path) -> None:
    fill(casebook, 0, 3)
    casebook.backup(target)
    before = {path: path.stat().st_mtime_ns for path in (target / "pixels").glob("??/*")}
    fill(casebook, 3, 1)
    second = casebook.backup(target)
    after = {path: path.stat().st_mtime_ns for path in (target / "pixels").glob("??/*")}
    assert len(before) == 3 and len(after) == 4 and before.items() <= after.items()
    assert second.pictures == 4
    assert [one.pictures for one in snapshots(target)] == [3, 4]


def test_it_is_written_while_others_write(casebook: Casebook, target: Path, tmp_path: Path) -> None:
    fill(casebook, 0, 1)
    writer = Thread(target=fill, args=(casebook, 1, 30))
    writer.start()
    made = [casebook.backup(target) for _ in range(3)]
    writer.join()
    for number, one in enumerate(made):
        folder = tmp_path / f"again {number}"
        restore(one, folder)
        with Casebook.open(folder, read_only=True) as again:
            assert again.check() == ()
            assert again.audit().lines == one.lines


def test_a_damaged_picture_is_named_and_not_copied(casebook: Casebook, target: Path) -> None:
    fill(casebook, 0, 2)
    path = sorted((casebook.folder / "pixels").glob("??/*"))[0]
    path.chmod(0o644)
    path.write_bytes(b"something else")
    made = casebook.backup(target)
    assert made.damaged == (path.name,) and made.pictures == 1
    assert not list((target / "pixels").glob(f"??/{path.name}"))


def test_a_stopped_or_refused_backup_leaves_no_snapshot(casebook: Casebook, target: Path) -> None:
    fill(casebook, 0, 3)
    job = Job(lambda done, total, what: job.cancel() if done == 1 else None)
    with pytest.raises(CancelledError):
        casebook.backup(target, job)
    assert snapshots(target) == () and not list((target / "snapshots").iterdir())
    assert casebook.backup(target).pictures == 3
    with pytest.raises(CaseheadError, match="belongs on another disk"):
        casebook.backup(casebook.folder / "backups")


def test_a_damaged_backup_is_not_restored(casebook: Casebook, target: Path, tmp_path: Path) -> None:
    fill(casebook, 0, 2)
    made = casebook.backup(target)
    path = sorted((target / "pixels").glob("??/*"))[0]
    path.write_bytes(b"bad")
    with pytest.raises(CaseheadError, match="1 pictures of the backup are damaged"):
        restore(made, tmp_path / "again")
    assert not (tmp_path / "again" / FILE_NAME).exists()
    with pytest.raises(CaseheadError, match="is damaged; restore an earlier one"):
        restore(replace(made, digest="0" * 64), tmp_path / "third")
    with pytest.raises(CaseheadError, match="There is a casebook in"):
        restore(made, casebook.folder)


def test_a_backup_put_back_is_told_by_the_journal(
    folder: Path, target: Path, tmp_path: Path
) -> None:
    keys = Keys(tmp_path / "keys")
    with Casebook.open(folder, keys=keys) as casebook:
        casebook.set_author(JANE)
        fill(casebook, 0, 1)
        made = casebook.backup(target)
        fill(casebook, 1, 2)
        last = casebook.journal()[-1]
    folder.rename(tmp_path / "away")
    restore(made, folder)
    with Casebook.open(folder, read_only=True, keys=keys) as casebook:
        assert [one.seq for one in casebook.audit().breaks] == [made.lines + 1]
    with Casebook.open(folder, keys=keys) as casebook:
        with pytest.raises(RuntimeError), casebook.transaction():
            fill(casebook, 7, 1)
            raise RuntimeError  # what is not kept must not count
        fill(casebook, 5, 1)
        told = casebook.journal()[made.lines]
        assert told.action == "earlier lines missing"
        assert told.detail == {"signed_to": last.seq, "digest": last.digest}
        found = casebook.audit()
    assert found.breaks == [] and [one.seq for one in found.lost] == [made.lines + 1]


def test_thinning_keeps_the_newest_of_days_weeks_and_months(
    casebook: Casebook, target: Path
) -> None:
    fill(casebook, 0, 1)
    made = casebook.backup(target)
    start = datetime.fromisoformat(made.at)
    for day in range(1, 100):
        _like(made.folder, start - timedelta(days=day))
        _like(made.folder, start - timedelta(days=day, hours=1))
    gone = thin(target, Retention(days=7, weeks=4, months=3))
    stay = snapshots(target)
    assert len(gone) + len(stay) == 199
    assert stay[-1] == made
    days = {one.at[:10] for one in stay}
    assert len(stay) == len(days)  # of one day only the newest
    assert {(start - timedelta(days=n)).date().isoformat() for n in range(7)} <= days
    assert 9 <= len(stay) <= 7 + 4 + 3
    assert thin(target, Retention(0, 0, 0)) == stay[:-1]


def _like(folder: Path, moment: datetime) -> None:
    """A snapshot of another moment."""
    made = folder.with_name(f"{moment:%Y%m%dT%H%M%SZ}")
    made.mkdir()
    (made / FILE_NAME).write_bytes((folder / FILE_NAME).read_bytes())
    facts = (folder / "facts.json").read_text(encoding="utf-8")
    old = facts.split('"at": "')[1].split('"')[0]
    text = facts.replace(old, moment.isoformat(timespec="seconds"))
    (made / "facts.json").write_text(text, encoding="utf-8")
