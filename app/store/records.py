"""What all kinds of records share: read, add once, journal."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from app.domain import Author, CaseheadError, ReadOnlyError, now
from app.store import journal
from app.store.codec import Codec, canonical
from app.store.connection import Connection

T = TypeVar("T")
AUTHOR_SETTING = "author"
ORDER = ' ORDER BY "seq"'


class Acting(threading.local):
    """In whose name the thread at work records, where that is not who was seated last."""

    author: Author | None = None


class Records:
    """Base of the areas of the casebook; not used on its own."""

    _connection: Connection
    _acting: Acting
    read_only: bool
    notice: str

    @property
    def author(self) -> Author | None:
        """Who works here, on this thread; None until the first start asked for it."""
        if self._acting.author is not None:
            return self._acting.author
        found = self._setting(AUTHOR_SETTING)
        return Author(**found) if found else None

    @contextmanager
    def acting(self, author: Author | None) -> Iterator[None]:
        """While inside, this thread records in the name of ``author``; None leaves it as it is."""
        before = self._acting.author
        self._acting.author = author or before
        try:
            yield
        finally:
            self._acting.author = before

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Atomic and nestable: everything inside is one commit, on the disk when it returns.

        Other threads wait, so nothing slow belongs inside. Raises ReadOnlyError, and
        CaseheadError when the disk or the file refuses (then nothing of it was kept).
        """
        self._refuse_when_read_only()
        with self._connection.transaction():
            yield

    def _refuse_when_read_only(self) -> None:
        if self.read_only:
            reason = self.notice or "The casebook was opened for reading only."
            raise ReadOnlyError(f"{reason} Nothing can be changed here.")

    @contextmanager
    def _change(self) -> Iterator[Author]:
        """A transaction by a known author."""
        with self.transaction():
            author = self.author
            if author is None:
                raise CaseheadError(
                    "The casebook does not know yet who works here; give agency, station and "
                    "examiner's name first."
                )
            yield author

    def _setting(self, key: str, default: Any = None) -> Any:
        found = self._connection.row("SELECT value FROM setting WHERE key = ?", (key,))
        return json.loads(found[0]) if found else default

    def _set_setting(self, key: str, value: Any) -> None:
        text = canonical(value)
        with self.transaction():
            self._connection.run(
                "INSERT INTO setting (key, value, changed_at) VALUES (?, ?, ?) ON CONFLICT (key) "
                "DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
                (key, text, now()),
            )

    def _all(
        self, codec: Codec[T], where: str, parameters: Sequence[Any] = (), order: str = ORDER
    ) -> tuple[T, ...]:
        sql = f'SELECT {codec.select()} FROM "{codec.table}" WHERE {where}{order}'
        return tuple(codec.decode(row) for row in self._connection.rows(sql, parameters))

    def _first(
        self, codec: Codec[T], where: str, parameters: Sequence[Any], order: str = ORDER
    ) -> T | None:
        found = self._all(codec, where, parameters, f"{order} LIMIT 1")
        return found[0] if found else None

    def _by_id(self, codec: Codec[T], record_id: str) -> T:
        found = self._first(codec, "id = ?", (record_id,))
        if found is None:
            raise CaseheadError(f"There is no {codec.words} {record_id} in this casebook.")
        return found

    def _add(
        self,
        codec: Codec[T],
        value: T,
        detail: Mapping[str, Any],
        taken: str = "",
        number: int | None = None,
    ) -> bool:
        """Insert a record with its journal line; False when the very same is there already.

        ``taken`` is the sentence for a number or label in use; ``number`` the row's, when it is
        given. Raises CaseheadError when the id belongs to a record of other content.
        """
        row = codec.row(value)
        with self._change() as author:
            stored = self._stored(codec, row["id"])
            if stored is not None:
                _refuse_different(codec, stored, row)
                return False
            made = {"created_at": now(), "examiner": author.examiner, "station": author.station}
            self._insert(codec.table, row | made | {"agency": author.agency}, taken, number)
            self._journal(codec, row, "added", detail)
        return True

    def _journal(
        self, codec: Codec[T], row: Mapping[str, Any], verb: str, detail: Mapping[str, Any]
    ) -> None:
        """A line that also vouches for the content of the record."""
        facts = {**detail, "content": codec.digest(row)}
        self._tell(f"{codec.words} {verb}", row["id"], facts)

    def _tell(self, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        with self._change() as author:
            journal.append(self._connection, author, action, subject, detail)

    def _stored(self, codec: Codec[T], record_id: str) -> dict[str, Any] | None:
        sql = f'SELECT {codec.select()} FROM "{codec.table}" WHERE id = ?'
        found = self._connection.row(sql, (record_id,))
        return dict(zip(codec.columns, found, strict=True)) if found else None

    def _insert(self, table: str, row: dict[str, Any], taken: str, number: int | None) -> None:
        if number is not None:
            row = {"seq": number, **row}
        names = ", ".join(f'"{name}"' for name in row)
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(row))})'
        try:
            self._connection.run(sql, tuple(row.values()))
        except sqlite3.IntegrityError as error:
            if taken and error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise CaseheadError(taken) from error
            raise

    def _update(self, codec: Codec[T], row: Mapping[str, Any], **more: Any) -> None:
        """Write all columns of an existing record that may change."""
        values = {**row, **more}
        names = ", ".join(f'"{name}" = ?' for name in values)
        sql = f'UPDATE "{codec.table}" SET {names} WHERE id = ?'
        self._connection.run(sql, (*values.values(), row["id"]))


def _refuse_different(codec: Codec[T], stored: dict[str, Any], row: dict[str, Any]) -> None:
    if codec.content(stored) != codec.content(row):
        raise CaseheadError(
            f"This casebook already holds another {codec.words} under the identifier "
            f"{row['id']}; nothing was changed. Ask the sender which of the two is right."
        )
