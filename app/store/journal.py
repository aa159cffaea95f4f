"""The hash-chained journal: every line carries the digest of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain import Author, JournalLine, now
from app.store.codec import canonical
from app.store.connection import Connection

FIRST = "0" * 64
_COLUMNS = 'seq, at, agency, station, examiner, ori, "action", subject, detail, previous, digest'
_BATCH = 2000


def append(
    connection: Connection, author: Author, action: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Add a line, inside the transaction of the change it tells."""
    last = connection.row("SELECT seq, digest FROM journal ORDER BY seq DESC LIMIT 1")
    seq, previous = (last[0] + 1, last[1]) if last else (1, FIRST)
    who = (author.agency, author.station, author.examiner, author.ori)
    facts = (seq, now(), *who, action, subject, canonical(dict(detail)), previous)
    connection.run(
        f"INSERT INTO journal ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (*facts, digest_of(facts)),
    )


def digest_of(facts: Sequence[Any]) -> str:
    """SHA-256 of the previous digest followed by the line's facts, in the order of the columns."""
    *line, previous = facts
    return hashlib.sha256(f"{previous}\n{canonical(line)}".encode()).hexdigest()


def lines(connection: Connection, limit: int | None = None) -> tuple[JournalLine, ...]:
    """The newest ``limit`` lines (all when None), oldest first."""
    sql = f"SELECT {_COLUMNS} FROM journal ORDER BY seq DESC LIMIT ?"
    rows = connection.rows(sql, (-1 if limit is None else limit,))
    return tuple(_line(row) for row in reversed(rows))


def raw_rows(connection: Connection) -> Iterator[tuple[Any, ...]]:
    """All lines as stored, oldest first, a batch in memory at a time."""
    last = -(2**63)
    sql = f"SELECT {_COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT {_BATCH}"
    while batch := connection.rows(sql, (last,)):
        yield from batch
        last = batch[-1][0]


def _line(row: Sequence[Any]) -> JournalLine:
    author = Author(row[2], row[3], row[4], row[5])
    return JournalLine(row[0], row[1], author, row[6], row[7], json.loads(row[8]), row[9], row[10])
