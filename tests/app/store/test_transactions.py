"""Transactions: kept whole or undone, inner ones for themselves, also where SQLite undoes all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.domain import CaseheadError
from app.store.connection import Connection


class UndoError(Exception):
    """Somebody changed their mind."""


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    made = Connection(tmp_path / "some.sqlite", read_only=False)
    with made.transaction():
        made.run("CREATE TABLE word (word TEXT PRIMARY KEY)")
    return made


def say(connection: Connection, word: str) -> None:
    connection.run("INSERT INTO word VALUES (?)", (word,))


def said(connection: Connection) -> list[str]:
    return [row[0] for row in connection.rows("SELECT word FROM word ORDER BY word")]


def test_an_inner_one_is_undone_for_itself(connection: Connection) -> None:
    with connection.transaction():
        say(connection, "before")
        with pytest.raises(UndoError), connection.transaction():
            say(connection, "inside")
            with connection.transaction():
                say(connection, "deeper")
            raise UndoError
        with connection.transaction():
            say(connection, "inside again")
        say(connection, "after")
    assert said(connection) == ["after", "before", "inside again"]
    assert not connection.in_transaction and not connection._raw.in_transaction
    connection.close()


def test_the_outer_one_undoes_all_of_it(connection: Connection) -> None:
    with pytest.raises(UndoError), connection.transaction():
        with connection.transaction():
            say(connection, "inside")
        raise UndoError
    assert said(connection) == [] and not connection._raw.in_transaction
    connection.close()


def test_an_error_of_sqlite_undoes_all_of_it(connection: Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError), connection.transaction():
        say(connection, "once")
        say(connection, "once")
    assert said(connection) == []
    connection.close()


def test_where_sqlite_undid_everything_nothing_is_kept_and_it_is_told(
    connection: Connection,
) -> None:
    lost = pytest.raises(CaseheadError, match="Nothing of this change was kept")
    with lost, connection.transaction():
        say(connection, "before")
        with connection.transaction():
            connection._raw.execute("ROLLBACK")  # as for a full disk
        say(connection, "after")
    assert said(connection) == []
    with connection.transaction():
        say(connection, "later")
    assert said(connection) == ["later"]
    connection.close()


def test_what_is_there_outside_is_not_begun_twice(connection: Connection) -> None:
    with connection.transaction():
        assert connection.in_transaction
    assert not connection.in_transaction
    with pytest.raises(CaseheadError):
        say(connection, "outside")
    connection.close()
