"""A journal against somebody with SQLite's own tools: every change is found and located."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain import CaseheadError
from app.store import Casebook, journal
from app.store.casebook import FILE_NAME
from app.store.signing import Keys, key_id
from tests.app.store.store_parts import JANE as AUTHOR
from tests.app.store.store_parts import plant, save

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "resources" / "verify_journal.py"
LINE = 'seq, at, agency, station, examiner, ori, "action", subject, detail, previous, digest'
WHOLE = f"{LINE}, signed_by, signature"
Row = list[Any]
AUTHOR_TOO = replace(AUTHOR, examiner="John Poe", station="Bench 2")


def written(folder: Path, keys: Keys | None = None) -> Keys:
    """A casebook of some lines, closed again."""
    keys = keys or Keys()
    with Casebook.open(folder, keys=keys) as casebook:
        casebook.set_author(AUTHOR)
        mark = plant(casebook).mark
        for number in range(8):
            save(casebook, mark.id, bytes([number]))
        assert casebook.check() == ()
    return keys


def lines(raw: sqlite3.Connection) -> list[Row]:
    return [list(row) for row in raw.execute(f"SELECT {WHOLE} FROM journal ORDER BY seq")]


def rewrite(raw: sqlite3.Connection, rows: list[Row]) -> None:
    """Everything anew, as a tool without our triggers would."""
    raw.execute("DELETE FROM journal")
    raw.executemany(f"INSERT INTO journal ({WHOLE}) VALUES ({','.join('?' * 13)})", rows)


def chained(rows: list[Row], start: int) -> None:
    """Numbers and digests made right again from a row on; signatures cannot be."""
    for at in range(start, len(rows)):
        rows[at][0] = at + 1
        rows[at][9] = rows[at - 1][10] if at else journal.FIRST
        rows[at][10] = journal.digest_of(rows[at][:10])


def edit(rows: list[Row], at: int, rng: random.Random) -> int:
    rows[at][rng.choice([1, 2, 3, 4, 6, 7])] += "x"
    return at + 1


def edit_well(rows: list[Row], at: int, rng: random.Random) -> int:
    edit(rows, at, rng)
    chained(rows, at)
    return at + 1


def delete(rows: list[Row], at: int, _rng: random.Random) -> int:
    del rows[at]
    return at + 1


def delete_well(rows: list[Row], at: int, _rng: random.Random) -> int:
    del rows[at]
    chained(rows, at)
    return at + 1


def swap(rows: list[Row], at: int, _rng: random.Random) -> int:
    other = at - 1 if at else 1
    rows[at], rows[other] = rows[other], rows[at]
    rows[at][0], rows[other][0] = rows[other][0], rows[at][0]
    return min(at, other) + 1


def swap_well(rows: list[Row], at: int, _rng: random.Random) -> int:
    other = at - 1 if at else 1
    rows[at], rows[other] = rows[other], rows[at]
    chained(rows, min(at, other))
    return min(at, other) + 1


def insert_well(rows: list[Row], at: int, _rng: random.Random) -> int:
    made = list(rows[at])
    made[6] = "lead added"
    rows.insert(at, made)
    chained(rows, at)
    return at + 1


def replay(rows: list[Row], at: int, _rng: random.Random) -> int:
    rows.append(list(rows[at]))
    chained(rows, len(rows) - 1)
    return len(rows)


def unsign(rows: list[Row], at: int, _rng: random.Random) -> int:
    rows[at][11] = rows[at][12] = ""
    return at + 1 if at else 1


def other_signature(rows: list[Row], at: int, _rng: random.Random) -> int:
    rows[at][12] = rows[at - 1][12]
    return at + 1


TAMPERING: tuple[Callable[[list[Row], int, random.Random], int], ...] = (
    *(edit, edit_well, delete, delete_well, swap, swap_well),
    *(insert_well, replay, unsign, other_signature),
)


def strip(folder: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(folder / FILE_NAME)
    raw.execute("DROP TRIGGER journal_never_changed")
    raw.execute("DROP TRIGGER journal_never_deleted")
    return raw


def test_a_hundred_tamperings_are_found_where_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    keys = written(folder)
    rng = random.Random(6)
    with closing(strip(folder)) as raw:
        sound = lines(raw)
        for number in range(100):
            rows = [list(row) for row in sound]
            how = TAMPERING[number % len(TAMPERING)]
            # what follows an unsigned first line is signed: only later ones show by themselves
            least = 1 if how in (unsign, other_signature) else 0
            place = how(rows, rng.randrange(least, len(rows)), rng)
            rewrite(raw, rows)
            raw.commit()
            with Casebook.open(folder, read_only=True, keys=keys) as casebook:
                breaks = casebook.audit().breaks
            assert breaks and breaks[0].seq == place, (how.__name__, place, breaks)
        rewrite(raw, sound)
        raw.commit()
    with Casebook.open(folder, read_only=True, keys=keys) as casebook:
        assert casebook.check() == ()


def test_a_cut_end_is_known_from_what_this_computer_signed(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    keys = written(folder)
    with closing(strip(folder)) as raw:
        rewrite(raw, lines(raw)[:-3])
        raw.commit()
    with Casebook.open(folder, read_only=True, keys=keys) as casebook:
        (found,) = casebook.audit().breaks
        last = casebook.journal()[-1].seq
    assert found.seq == last + 1 and "this computer signed them" in found.what


def test_an_end_written_anew_is_known(tmp_path: Path) -> None:
    """Cut, and grown again to the same length with the station's own program."""
    folder = tmp_path / "casebook"
    keys = written(folder)
    with closing(strip(folder)) as raw:
        rewrite(raw, lines(raw)[:-1])
        raw.commit()
    before = keys.sealed(_first(folder), folder)
    assert before is not None
    apart = Keys(tmp_path / "apart")
    (tmp_path / "apart").mkdir()
    (tmp_path / "apart" / "station.pem").write_bytes((keys.folder / "station.pem").read_bytes())
    with Casebook.open(folder, keys=apart) as casebook:
        casebook.set_author(AUTHOR_TOO)
    with Casebook.open(folder, read_only=True, keys=keys) as casebook:
        breaks = casebook.audit().breaks
    assert [one.seq for one in breaks] == [before.seq]


def test_a_journal_signed_anew_with_another_key_is_a_strangers(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    keys, other = written(folder), Keys(tmp_path / "other")
    with closing(strip(folder)) as raw:
        rows = lines(raw)
        rows[3][4] = "Somebody Else"
        public = other.public
        raw.execute("DROP TRIGGER station_key_never_changed")
        raw.execute("UPDATE station_key SET id = ?, public = ?", (key_id(public), public.hex()))
        rows[0][7], rows[0][8] = key_id(public), f'{{"public":"{public.hex()}"}}'
        chained(rows, 0)
        for row in rows:
            row[11], row[12] = key_id(public), other.sign(row[10]).hex()
        rewrite(raw, rows)
        raw.commit()
    with Casebook.open(folder, read_only=True, keys=keys) as casebook:
        found = casebook.audit()
        assert [one.station for one in found.strangers] == ["Bench 1"]
        keys.trust(public)
        assert casebook.audit().strangers == ()


def test_two_stations_write_one_journal_in_turn(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    first, second = written(folder), Keys(tmp_path / "second")
    with Casebook.open(folder, keys=second) as casebook:
        casebook.set_author(AUTHOR_TOO)
        assert [s.known for s in casebook.audit().signers.values()] == [False, True]
        second.trust(first.public)
        found = casebook.audit()
    assert found.strangers == () and found.breaks == []
    assert found.signed == found.lines


def test_lines_of_an_older_version_are_vouched_for_by_the_first_signature(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    keys = written(folder)
    with closing(strip(folder)) as raw:
        rows = lines(raw)
        for row in rows[:-2]:
            row[11] = row[12] = ""
        rewrite(raw, rows)
        raw.commit()
        with Casebook.open(folder, read_only=True, keys=keys) as casebook:
            found = casebook.audit()
        assert (found.unsigned_to, found.breaks) == (len(rows) - 2, [])
        rows[2][4] = "Somebody Else"
        chained(rows, 2)
        rewrite(raw, rows)
        raw.commit()
    with Casebook.open(folder, read_only=True, keys=keys) as casebook:
        assert casebook.audit().breaks[0].seq == len(rows) - 1


def test_altered_pixels_are_located(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    keys = written(folder)
    path = sorted((folder / "pixels").rglob("*.png"))[2]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with Casebook.open(folder, read_only=True, keys=keys) as casebook:
        (said,) = casebook.check()
    assert str(path) in said


def test_the_key_is_for_its_user_alone_and_damage_is_told(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    path = tmp_path / "keys" / "station.pem"
    assert len(keys.public) == 32
    assert path.stat().st_mode & 0o077 == 0
    assert Keys(tmp_path / "keys").public == keys.public
    path.write_text("no key")
    with pytest.raises(CaseheadError, match="is damaged"):
        Keys(tmp_path / "keys").sign("x")


def test_where_no_key_can_be_kept_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Casebook.open(tmp_path / "casebook", keys=Keys(tmp_path / "file" / "keys")) as casebook:
        with pytest.raises(CaseheadError, match="key cannot be kept"):
            casebook.set_author(AUTHOR)
        assert casebook.author is None and casebook.journal() == ()


def test_the_short_program_agrees(tmp_path: Path) -> None:
    folder = tmp_path / "casebook #1 100%"
    keys = written(folder)

    def run(public: bytes) -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-I", "-S", str(SCRIPT), str(folder / FILE_NAME), public.hex()]
        return subprocess.run(asked, capture_output=True, text=True, check=False)

    told = run(keys.public)
    assert told.returncode == 0, told.stderr
    assert "are as they were signed" in told.stdout
    assert run(Keys(tmp_path / "other").public).returncode != 0
    assert "verify_journal.py casebook.sqlite PUBLIC_KEY" in run(keys.public[:9]).stderr
    with closing(strip(folder)) as raw:
        rows = lines(raw)
        edit(rows, 4, random.Random(1))
        rewrite(raw, rows)
        raw.commit()
        assert run(keys.public).stderr.strip() == "The journal is broken at line 5."
        rows = [*rows[:4], *rows[4:]]
        chained(rows, 4)
        rewrite(raw, rows)
        raw.commit()
    assert "does not bear its signature" in run(keys.public).stderr


def _first(folder: Path) -> str:
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        return str(raw.execute("SELECT digest FROM journal ORDER BY seq").fetchone()[0])
