"""What writes a grown casebook: rows, and the lines of the journal that tell them."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain import (
    Author,
)
from app.store.codec import Codec
from app.store.codecs import (
    PICTURES,
)
from app.store.journal import FIRST

_BATCH = 20_000
_JOURNAL = (
    'INSERT INTO journal (seq, at, agency, station, examiner, ori, "action", subject, detail, '
    "previous, digest, signed_by, signature) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_text = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(slots=True)
class Ink:
    """Rows to be written, with the lines of the journal that tell them."""

    raw: sqlite3.Connection
    random: random.Random
    key: bytes
    signer: str
    pool: ProcessPoolExecutor
    who: Author
    lines: int = 0
    previous: str = FIRST
    at: str = ""
    rows: dict[str, tuple[Codec[Any], list[tuple[Any, ...]]]] = field(default_factory=dict)
    journal: list[tuple[Any, ...]] = field(default_factory=list)
    seqs: dict[str, int] = field(default_factory=dict)

    def id(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def add(self, codec: Codec[Any], record: Any, **told: Any) -> None:
        """A record, with its line."""
        row = self.put(codec, record)
        self.tell(
            f"{codec.words} added", row["id"], {**told, "content": content_digest(codec, row)}
        )

    def put(self, codec: Codec[Any], value: Any, **more: Any) -> dict[str, Any]:
        """A record of which the journal does not vouch."""
        row = codec.row(value)
        made = (self.at, self.who.examiner, self.who.station, self.who.agency)
        _, rows = self.rows.setdefault(codec.table, (codec, []))
        rows.append((*row.values(), *made, *more.values()))
        return row

    def tell(self, action: str, subject: str, detail: dict[str, Any]) -> None:
        """A line of the journal, chained to the one before."""
        who = self.who
        facts = (
            *(self.lines + 1, self.at, who.agency, who.station, who.examiner, who.ori),
            *(action, subject, _text(detail)),
        )
        digest = hashlib.sha256(f"{self.previous}\n{_text(list(facts))}".encode()).hexdigest()
        self.journal.append((*facts, self.previous, digest))
        self.lines, self.previous = self.lines + 1, digest
        if len(self.journal) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what there is; in the order in which tables were first used."""
        for table, (codec, rows) in self.rows.items():
            names = [*codec.columns, "created_at", "examiner", "station", "agency"]
            if table == "comparison":
                names.append("changed_at")
            written = self._acquired(table, names, rows) if table in PICTURES else rows
            marks = ", ".join("?" * len(names))
            columns = ", ".join(f'"{name}"' for name in names)
            self.raw.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', written)
        for _, rows in self.rows.values():
            rows.clear()
        self.raw.executemany(_JOURNAL, self._signed())
        self.journal.clear()

    def _acquired(
        self, kind: str, names: list[str], rows: list[tuple[Any, ...]]
    ) -> list[tuple[Any, ...]]:
        """Pictures have their number from the table that knows them all."""
        first = self.seqs.get("acquired", 0) + 1
        self.seqs["acquired"] = first + len(rows) - 1
        at = names.index("id")
        known = [(first + n, row[at], kind) for n, row in enumerate(rows)]
        self.raw.executemany("INSERT INTO acquired (seq, id, kind) VALUES (?, ?, ?)", known)
        names.insert(0, "seq")
        return [(first + n, *row) for n, row in enumerate(rows)]

    def _signed(self) -> Iterator[tuple[Any, ...]]:
        digests = [row[-1] for row in self.journal]
        half = len(digests) // 2
        parts = self.pool.map(_sign, (self.key, self.key), (digests[:half], digests[half:]))
        signatures = [one for part in parts for one in part]
        for row, signature in zip(self.journal, signatures, strict=True):
            yield (*row, self.signer, signature)


def _sign(key: bytes, digests: Sequence[str]) -> list[str]:
    private = Ed25519PrivateKey.from_private_bytes(key)
    return [private.sign(digest.encode()).hex() for digest in digests]


def content_digest(codec: Codec[Any], row: dict[str, Any]) -> str:
    return hashlib.sha256(_text(codec.content(row)).encode()).hexdigest()
