"""A hundred tamperings with the records of casework by plain SQLite: each is found and located."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from app.store import Casebook
from app.store.backup import FILE_NAME
from app.store.checks import VOUCHED
from app.store.codec import Codec
from tests.tasks import killed_casework

NEEDED = {
    *("person", "qualification", "fact", "correction", "hand_over", "search_review", "lead"),
    *("lead_step", "conclusion", "verification_task", "verification", "notice"),
    *("notice_receipt", "trace_request", "trace_step"),
}
Tamper = Callable[[sqlite3.Connection, Codec[Any], random.Random], str]


class _EnoughError(Exception):
    """Ends the casework after one round."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with records of every kind of casework, twice over."""
    folder = tmp_path_factory.mktemp("tampered") / "casebook"
    backups: list[str] = []

    def confirm(**told: Any) -> None:
        backups.extend(told.get("backup", "") and ["made"])
        if len(backups) == 3:
            raise _EnoughError

    with pytest.raises(_EnoughError) as ended:
        killed_casework.through_casework(folder, 1, confirm)
    trace: TracebackType | None = ended.tb
    while trace is not None:
        made = trace.tb_frame.f_locals.get("workbench")
        if made is not None:
            made.close()
            break
        trace = trace.tb_next
    return folder


def rows(raw: sqlite3.Connection, codec: Codec[Any]) -> list[dict[str, Any]]:
    """The records of a kind."""
    found = raw.execute(f'SELECT * FROM "{codec.table}"')
    names = [one[0] for one in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def edit(raw: sqlite3.Connection, codec: Codec[Any], rng: random.Random) -> str:
    """Another value in any column, those of who made it and when included."""
    row = rng.choice(rows(raw, codec))
    column = rng.choice([name for name, value in row.items() if _may_change(name, value)])
    value = row[column]
    other = _other(value)
    raw.execute(f'UPDATE "{codec.table}" SET "{column}" = ? WHERE id = ?', (other, row["id"]))
    return str(row["id"])


def _may_change(name: str, value: Any) -> bool:
    return name not in ("seq", "id") and value is not None


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("{", '{"x": "y",', 1) if value.startswith("{") else f"{value}x"
    return value + 1


def delete(raw: sqlite3.Connection, codec: Codec[Any], rng: random.Random) -> str:
    """One record less."""
    row = rng.choice(rows(raw, codec))
    raw.execute(f'DELETE FROM "{codec.table}" WHERE id = ?', (row["id"],))
    return str(row["id"])


def insert(raw: sqlite3.Connection, codec: Codec[Any], rng: random.Random) -> str:
    """One record more, made of one there is."""
    row = rng.choice(rows(raw, codec))
    row |= {"id": f"{rng.getrandbits(128):032x}", "seq": 10**6}
    while True:
        try:
            _put(raw, codec, row)
        except sqlite3.IntegrityError as error:
            column = str(error).rsplit(".", 1)[1]  # what must be another one
            row[column] = f"{row[column]}x"
        else:
            break
    return str(row["id"])


def replay(raw: sqlite3.Connection, codec: Codec[Any], rng: random.Random) -> str:
    """A record under the name of another of its kind."""
    one, other = rng.sample(rows(raw, codec), 2)
    keep = {"id": other["id"], "seq": other["seq"]}
    raw.execute(f'DELETE FROM "{codec.table}" WHERE id IN (?, ?)', (one["id"], other["id"]))
    _put(raw, codec, {**one, **keep})
    return str(other["id"])


def swap(raw: sqlite3.Connection, codec: Codec[Any], rng: random.Random) -> str:
    """Two records under each other's names."""
    one, other = rng.sample(rows(raw, codec), 2)
    raw.execute(f'DELETE FROM "{codec.table}" WHERE id IN (?, ?)', (one["id"], other["id"]))
    _put(raw, codec, {**one, "id": other["id"]})
    _put(raw, codec, {**other, "id": one["id"]})
    return str(one["id"])


def _put(raw: sqlite3.Connection, codec: Codec[Any], row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    raw.execute(f'INSERT INTO "{codec.table}" ({names}) VALUES ({marks})', tuple(row.values()))


TAMPERING: tuple[Tamper, ...] = (edit, edit, edit, delete, insert, replay, swap)


def opened(folder: Path) -> sqlite3.Connection:
    """As any program opens it: no triggers, no references, no checks."""
    raw = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    raw.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')
    return raw


def test_a_hundred_tamperings_with_casework_are_found_and_located(
    sound: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(sound / FILE_NAME)) as raw:
        held = [codec for codec in VOUCHED if len(rows(raw, codec)) > 1]
    assert {codec.table for codec in held} >= NEEDED
    rng = random.Random(26)
    folder = tmp_path / "casebook"
    shutil.copytree(sound, folder)
    for number in range(100):
        shutil.copyfile(sound / FILE_NAME, folder / FILE_NAME)
        codec = held[number % len(held)]
        how = TAMPERING[number % len(TAMPERING)]
        with closing(opened(folder)) as raw:
            record_id = how(raw, codec, rng)
        with Casebook.open(folder, read_only=True) as casebook:
            problems = casebook.check()
        told = [one for one in problems if record_id in one and codec.words in one]
        assert told, (number, how.__name__, codec.table, record_id, problems)


def test_the_untouched_casebook_is_sound(sound: Path) -> None:
    with Casebook.open(sound, read_only=True) as casebook:
        assert casebook.check() == ()
