"""What the journal vouches for of every record: its content, and who added it when.

Of a million records all is held at once, so that it is packed: 32 bytes of digest, the second, and
the number of whoever it was.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from app.store.codec import Codec

MADE_COLUMNS = ("created_at", "agency", "station", "examiner")
_APART_S = 60
"""A record and its line are written one after the other; a slow disk may lie between."""
_MADE = struct.Struct(">qI")
_DIGEST = 32


class Vouching:
    """Hears every line of the journal, then is asked about every record."""

    def __init__(self, codecs: Sequence[Codec[Any]]) -> None:
        self._told: dict[str, dict[str, bytes]] = {codec.words: {} for codec in codecs}
        self._people: dict[tuple[str, ...], int] = {}

    def __len__(self) -> int:
        """How many records are vouched for."""
        return sum(map(len, self._told.values()))

    def hear(self, row: Sequence[Any]) -> None:
        """A line as stored; one that is no JSON is told by the audit."""
        words, _, verb = row[6].rpartition(" ")
        told = self._told.get(words)
        if told is None or '"content":"' not in row[8]:
            return
        with suppress(ValueError, KeyError, TypeError, struct.error):
            digest = bytes.fromhex(json.loads(row[8])["content"])
            before = told.get(row[7], b"")
            made = before[_DIGEST:] if before and verb != "added" else self._made(row[1], row[2:5])
            told[row[7]] = digest + made

    def look(self, codec: Codec[Any], record: Mapping[str, Any], made: Sequence[str]) -> str:
        """What is wrong with a record, "" when nothing is; ``made`` is as ``MADE_COLUMNS``."""
        told = self._told[codec.words].pop(record["id"], b"")
        if told[:_DIGEST] != bytes.fromhex(codec.digest(record)):
            return "is not what the journal says was stored"
        at, person = _MADE.unpack(told[_DIGEST:])
        if self._people.get(tuple(made[1:])) != person or abs(_second(made[0]) - at) > _APART_S:
            return "was not added by whom or when it says"
        return ""

    def left(self) -> Iterator[tuple[str, str]]:
        """Kind and id of what was vouched for and nobody asked about."""
        for words, ids in sorted(self._told.items()):
            for record_id in sorted(ids):
                yield words, record_id

    def _made(self, at: str, who: Sequence[str]) -> bytes:
        number = self._people.setdefault(tuple(who), len(self._people))
        return _MADE.pack(_second(at), number)


def _second(at: str) -> int:
    """The moment in seconds; far away from all others where it is none."""
    try:
        return int(datetime.fromisoformat(at).timestamp())
    except ValueError:
        return -(2**60)
