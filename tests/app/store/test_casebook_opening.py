"""Which folders open, for whom, and what is said of the others."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.domain import Author, Case, CaseheadError, ReadOnlyError, Search
from app.store import Casebook, migrate
from app.store.casebook import FILE_NAME
from app.store.connection import Connection
from app.store.schema import APPLICATION_ID, STEPS, migrations
from tests.app.store.store_parts import JANE, candidate, plant, save

_OTHER_PROGRAM = """
import sys
from pathlib import Path
from app.domain import Author, Case
from app.store import Casebook
casebook = Casebook.open(Path(sys.argv[1]))
casebook.set_author(Author("Lab North", "Bench 9", "Other"))
print("open", casebook.read_only, flush=True)
for line in sys.stdin:
    casebook.add_case(Case(line.strip()))
    print("added", flush=True)
casebook.close()
"""


@contextmanager
def another_program(folder: Path) -> Iterator[Callable[[str], str]]:
    """A second process that has the casebook open, and adds a case for each call."""
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER_PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def add(number: str) -> str:
            stdin.write(number + "\n")
            stdin.flush()
            return stdout.readline().strip()

        assert stdout.readline() == "open False\n"
        yield add
        stdin.close()
        assert process.wait(30) == 0


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def older(folder: Path, steps: int = 1) -> sqlite3.Connection:
    """A casebook as an earlier version of the program left it, with one case in it."""
    folder.mkdir()
    raw = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    migrations(STEPS[:steps]).apply(Database(raw))
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute(f"PRAGMA user_version = {steps}")
    raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    who = "'2025-01-01', 'Jane Doe', 'Bench 1', 'Lab North'"
    raw.execute(f"INSERT INTO agency VALUES (1, 'a1', 'Lab North', 'OR0010000', {who})")
    raw.execute(f"""INSERT INTO "case" VALUES (1, 'c1', 'a1', '2025-0001', '', {who})""")
    return raw


def test_a_new_folder_becomes_a_casebook(tmp_path: Path) -> None:
    folder = tmp_path / "below" / "casebook"
    with Casebook.open(folder) as casebook:
        assert (casebook.read_only, casebook.notice, casebook.folder) == (False, "", folder)
        assert {p.name for p in folder.iterdir() if p.is_dir()} == {"pixels", "prepared", "backups"}
        assert casebook.check() == ()
    raw = sqlite3.connect(folder / FILE_NAME)
    with closing(raw):
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        tables = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
    assert tables >= {
        "agency",
        "case",
        "event",
        "exhibit",
        "firearm",
        "cartridge_case",
        "mark",
        "image",
        "scan",
        "region",
        "search",
        "candidate",
        "comparison",
        "conclusion",
        "journal",
        "outbox",
        "setting",
    }
    assert not list((folder / "backups").iterdir())


def test_commits_reach_the_disk_before_they_are_confirmed(casebook: Casebook) -> None:
    assert casebook._connection.row("PRAGMA synchronous") == (2,)
    assert casebook._connection.row("PRAGMA foreign_keys") == (1,)


def test_a_folder_without_a_casebook_is_told(tmp_path: Path) -> None:
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(CaseheadError, match="There is no casebook in"):
            Casebook.open(tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hello")
    with pytest.raises(CaseheadError):
        Casebook.open(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "hello"


def test_reading_only_refuses_every_change_in_words(casebook: Casebook, folder: Path) -> None:
    planted = plant(casebook)
    acquired = save(casebook, planted.mark.id)
    casebook.close()
    before = (folder / FILE_NAME).read_bytes()
    with Casebook.open(folder, read_only=True) as reader:
        assert reader.read_only
        assert reader.notice == ""
        assert reader.pixels(acquired.digest) == b"pixels"
        for change in (
            lambda: reader.add_case(Case("1")),
            lambda: reader.keep_pixels(b"1", "png"),
            lambda: reader.set_setting("a", 1),
            lambda: reader.set_author(Author("Lab", "S", "E")),
            lambda: reader.queue_entry(planted.exhibit.id, "x"),
            lambda: reader.transaction().__enter__(),
        ):
            with pytest.raises(ReadOnlyError, match="reading only"):
                change()
        reader.keep_prepared("key", b"1")
        assert reader.prepared("key") is None
        assert reader.check() == ()
    assert (folder / FILE_NAME).read_bytes() == before


def test_the_second_program_is_told_and_reads_what_the_first_writes(folder: Path) -> None:
    with another_program(folder) as add, Casebook.open(folder) as second:
        assert second.read_only
        assert "open in another program" in second.notice
        assert "process" in second.notice
        assert second.cases() == ()
        assert add("2026-1") == "added"
        assert [case.number for case in second.cases()] == ["2026-1"]
        assert add("2026-2") == "added"
        assert [case.number for case in second.cases()] == ["2026-1", "2026-2"]
        with pytest.raises(ReadOnlyError, match="open in another program"):
            second.add_case(Case("mine"))
        assert second.check() == ()
    with Casebook.open(folder) as third:
        assert not third.read_only
        assert len(third.cases()) == 2


def test_the_first_program_gives_the_casebook_free(casebook: Casebook, folder: Path) -> None:
    with Casebook.open(folder) as second:
        assert second.read_only
        assert str(os.getpid()) in second.notice
    casebook.close()
    casebook.close()
    with Casebook.open(folder) as third:
        assert not third.read_only


def test_an_unreadable_holder_file_decides_nothing(casebook: Casebook, folder: Path) -> None:
    (folder / "casebook.open.json").write_text("{")
    with Casebook.open(folder) as second:
        assert "could not be named" in second.notice


def test_a_closed_casebook_says_so(casebook: Casebook) -> None:
    casebook.close()
    with pytest.raises(CaseheadError, match="The casebook is closed"):
        casebook.cases()
    with pytest.raises(CaseheadError, match="The casebook is closed"):
        casebook.add_case(Case("1"))


@pytest.mark.parametrize(
    "make_newer",
    [
        f"PRAGMA user_version = {len(STEPS) + 1}",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('casebook', 'm999_something_new', '2030-01-01')",
    ],
)
def test_a_newer_casebook_is_refused_and_untouched(folder: Path, make_newer: str) -> None:
    with Casebook.open(folder) as casebook:
        casebook.set_author(JANE)
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.execute(make_newer)
        raw.commit()
    before = all_bytes(folder)
    for read_only in (False, True):
        with pytest.raises(CaseheadError, match="a newer version of Casehead; install that"):
            Casebook.open(folder, read_only=read_only)
    after = {k: v for k, v in all_bytes(folder).items() if not k.endswith(("-shm", "-wal"))}
    assert after == before


def test_a_file_of_another_program_is_refused_and_untouched(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.execute("CREATE TABLE bookmarks (url TEXT)")
    before = all_bytes(folder)
    with pytest.raises(CaseheadError, match="belongs to another program"):
        Casebook.open(folder)
    assert all_bytes(folder) == before


@pytest.mark.parametrize("junk", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 90])
def test_a_file_that_is_no_database_is_refused_and_untouched(folder: Path, junk: bytes) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(junk)
    with pytest.raises(CaseheadError, match="not a casebook file, or it is damaged"):
        Casebook.open(folder)
    assert all_bytes(folder) == {FILE_NAME: junk}


@pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_pixels_without_their_file_are_not_taken_for_a_new_casebook(
    casebook: Casebook, folder: Path, lose: Callable[[Path], object]
) -> None:
    save(casebook, plant(casebook).mark.id)
    casebook.close()
    lose(folder / FILE_NAME)
    with pytest.raises(CaseheadError, match="missing or empty; restore"):
        Casebook.open(folder)


def test_an_older_casebook_is_copied_and_brought_up_to_date(folder: Path) -> None:
    with closing(older(folder)):
        # The case is still in the write-ahead log only: the copy has to hold it all the same.
        assert (folder / f"{FILE_NAME}-wal").stat().st_size > 0
        with Casebook.open(folder) as casebook:
            assert [case.number for case in casebook.cases()] == ["2025-0001"]
            casebook.set_author(JANE)
            save(casebook, plant(casebook).mark.id)
            assert casebook.searches() == ()
    (copy,) = (folder / "backups").iterdir()
    assert copy.name.startswith("casebook-version-1-")
    with closing(sqlite3.connect(copy)) as raw:
        assert raw.execute('SELECT number FROM "case"').fetchall() == [("2025-0001",)]
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
        assert "search" not in tables
    with Casebook.open(folder):
        assert len(list((folder / "backups").iterdir())) == 1


def test_candidates_of_an_older_casebook_lack_only_what_was_not_known(folder: Path) -> None:
    with Casebook.open(folder) as casebook:
        casebook.set_author(JANE)
        query, other = (save(casebook, plant(casebook, n).mark.id, n.encode()) for n in "12")
        search = casebook.add_search(Search(query.id, planned=1, compared=1))
        (listed,) = casebook.replace_candidates(search.id, [candidate(search.id, other.id, 1)])
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        for column in ("overlap_um2", "rotation_sd_deg", "shift_sd_um"):
            raw.execute(f"ALTER TABLE candidate DROP COLUMN {column}")
        raw.execute("DELETE FROM _sqlite_migrations WHERE name = 'm006_uncertainty'")
        raw.execute("PRAGMA user_version = 5")
        raw.commit()
    before = replace(listed.score, overlap_um2=0.0, rotation_sd_deg=None, shift_sd_um=None)
    with Casebook.open(folder) as casebook:
        assert casebook.candidates(search.id) == (replace(listed, score=before),)
        casebook.replace_candidates(search.id, [listed])
        assert casebook.candidates(search.id) == (listed,)
        assert casebook.check() == ()
    assert len(list((folder / "backups").iterdir())) == 1


def test_searches_of_an_older_casebook_had_dealt_with_all_they_compared(folder: Path) -> None:
    with closing(older(folder, 3)) as raw:
        who = "'2025-01-01', 'Jane Doe', 'Bench 1', 'Lab North'"
        raw.execute("INSERT INTO acquired VALUES (1, 'p1', 'scan')")
        raw.execute(
            "INSERT INTO search VALUES (1, 's1', 'p1', 'done', 'm', '1.2', 12, 9, 4, 3, '', '', "
            f"'', 1, {who})"
        )
    with Casebook.open(folder) as casebook:
        search = casebook.search("s1")
        assert (search.planned, search.surveyed, search.compared) == (12, 12, 9)


def test_an_older_casebook_is_not_read_before_it_is_up_to_date(folder: Path) -> None:
    with closing(older(folder, 2)):
        with pytest.raises(ReadOnlyError, match="older version of Casehead; open it once"):
            Casebook.open(folder, read_only=True)
        assert not (folder / "backups").exists()


def test_a_migration_that_fails_leaves_the_file_as_it_was(folder: Path) -> None:
    def m004_breaks(db: Database) -> None:
        db.execute("CREATE TABLE half (done TEXT)")
        raise RuntimeError("defect")

    with Casebook.open(folder) as casebook:
        casebook.set_author(JANE)
    connection = Connection(folder / FILE_NAME, read_only=False)
    with pytest.raises(RuntimeError, match="defect"):
        migrate.bring_up_to_date(connection, folder / "backups", (*STEPS, m004_breaks))
    connection.close()
    assert len(list((folder / "backups").iterdir())) == 1
    with Casebook.open(folder) as casebook:
        assert casebook.author == JANE
        assert casebook.check() == ()
        assert casebook._connection.row("SELECT 1 FROM sqlite_master WHERE name = 'half'") is None


def test_a_casebook_only_just_being_made_is_told_to_readers(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).touch()
    with pytest.raises(CaseheadError, match="only just being set up"):
        Casebook.open(folder, read_only=True)


@contextmanager
def not_root() -> Iterator[None]:
    """For root, permissions mean nothing: become nobody for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def unwritable(folder: Path) -> Iterator[Path]:
    """A copy of a casebook in a place where nobody may write."""
    place = Path(tempfile.mkdtemp(prefix="casehead-medium-"))
    copy = place / "casebook"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*-shm"))
    for path in (place, copy, *copy.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield copy
    finally:
        for path in (place, copy, *copy.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(place)


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are a POSIX matter")
@pytest.mark.parametrize("in_the_log", [False, True])
def test_a_medium_that_cannot_be_written_is_read(
    casebook: Casebook, folder: Path, in_the_log: bool
) -> None:
    acquired = save(casebook, plant(casebook).mark.id)
    if not in_the_log:
        casebook.close()
    with unwritable(folder) as medium, not_root():
        assert (medium / f"{FILE_NAME}-wal").exists() == in_the_log
        with Casebook.open(medium) as reader:
            assert reader.read_only
            assert "cannot be written" in reader.notice
            assert reader.pixels(acquired.digest) == b"pixels"
            assert [p.acquired for p in reader.provenances()] == [acquired]
            assert reader.check() == ()
            with pytest.raises(ReadOnlyError, match="cannot be written"):
                reader.add_case(Case("1"))


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are a POSIX matter")
def test_a_new_casebook_where_nobody_may_write_is_told(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    told = pytest.raises(CaseheadError, match="not allowed to read or write")
    with unwritable(tmp_path / "inside") as medium, not_root(), told:
        Casebook.open(medium / "new")
