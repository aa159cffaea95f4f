"""The journal: every line carries the digest of the one before and its station's signature."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain import Author, JournalLine, now
from app.store.codec import canonical, canonical_flat
from app.store.connection import Connection
from app.store.signing import Keys, Seal, key_id

FIRST = "0" * 64
KEY_BEGUN = "station key begun"
LINES_LOST = "earlier lines missing"
"""Written where a journal goes on that lost lines its station had signed: an older copy of the
casebook was put in its place."""
_COLUMNS = 'seq, at, agency, station, examiner, ori, "action", subject, detail, previous, digest'
EVERY_COLUMN = f"{_COLUMNS}, signed_by, signature"
_BATCH = 2000


def append(
    connection: Connection, author: Author, action: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Add a line, inside the transaction of the change it tells; signed where there are keys."""
    keys = connection.keys
    if keys is not None:
        _know(connection, author, keys)
    if connection.lost is not None:
        _tell_lost(connection, author, keys, connection.lost)
    _add(connection, author, keys, (action, subject, canonical(dict(detail))))
    connection.told = True


def _tell_lost(connection: Connection, author: Author, keys: Keys | None, lost: Seal) -> None:
    """Once, in the first transaction that is kept."""
    facts = canonical({"signed_to": lost.seq, "digest": lost.digest})
    sql = 'SELECT 1 FROM journal WHERE "action" = ? AND detail = ?'
    if not connection.row(sql, (LINES_LOST, facts)):
        _add(connection, author, keys, (LINES_LOST, "", facts))


def _know(connection: Connection, author: Author, keys: Keys) -> None:
    """The first line of a key tells it."""
    public = keys.public
    name = key_id(public)
    if connection.row("SELECT 1 FROM station_key WHERE id = ?", (name,)):
        return
    connection.run(
        "INSERT INTO station_key (id, public, created_at, examiner, station, agency) "
        "VALUES (?,?,?,?,?,?)",
        (name, public.hex(), now(), author.examiner, author.station, author.agency),
    )
    _add(connection, author, keys, (KEY_BEGUN, name, canonical({"public": public.hex()})))


def _add(
    connection: Connection, author: Author, keys: Keys | None, what: tuple[str, str, str]
) -> None:
    seq, previous = head(connection)
    who = (author.agency, author.station, author.examiner, author.ori)
    facts = (seq + 1, now(), *who, *what, previous)
    digest = digest_of(facts)
    signed = (key_id(keys.public), keys.sign(digest).hex()) if keys is not None else ("", "")
    connection.run(
        f"INSERT INTO journal ({EVERY_COLUMN}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*facts, digest, *signed),
    )


def head(connection: Connection) -> tuple[int, str]:
    """Number and digest of the last line; 0 and zeros while there is none."""
    last = connection.row("SELECT seq, digest FROM journal ORDER BY seq DESC LIMIT 1")
    return (int(last[0]), str(last[1])) if last else (0, FIRST)


def first(connection: Connection) -> str:
    """The digest of the first line, by which a journal is known; "" while there is none."""
    found = connection.row("SELECT digest FROM journal ORDER BY seq LIMIT 1")
    return str(found[0]) if found else ""


def digest_of(facts: Sequence[Any]) -> str:
    """SHA-256 of the previous digest followed by the line's facts, in the order of the columns."""
    *line, previous = facts
    return hashlib.sha256(f"{previous}\n{canonical_flat(line)}".encode()).hexdigest()


def lines(connection: Connection, limit: int | None = None) -> tuple[JournalLine, ...]:
    """The newest ``limit`` lines (all when None), oldest first."""
    sql = f"SELECT {_COLUMNS} FROM journal ORDER BY seq DESC LIMIT ?"
    rows = connection.rows(sql, (-1 if limit is None else limit,))
    return tuple(_line(row) for row in reversed(rows))


def raw_rows(connection: Connection) -> Iterator[tuple[Any, ...]]:
    """All lines as stored with key and signature, oldest first, a batch in memory at a time."""
    last = -(2**63)
    sql = f"SELECT {EVERY_COLUMN} FROM journal WHERE seq > ? ORDER BY seq LIMIT {_BATCH}"
    while batch := connection.rows(sql, (last,)):
        yield from batch
        last = batch[-1][0]


def _line(row: Sequence[Any]) -> JournalLine:
    author = Author(row[2], row[3], row[4], row[5])
    return JournalLine(row[0], row[1], author, row[6], row[7], json.loads(row[8]), row[9], row[10])
