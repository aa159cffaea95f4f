"""Domain values as rows and back."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from app.domain import Author

T = TypeVar("T")


def plain(value: Any) -> Any:
    """What JSON can say of a value: tuples as lists, numpy numbers as numbers, NaN as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def canonical(value: Any) -> str:
    """JSON that is the same text for the same content."""
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def canonical_flat(value: Any) -> str:
    """The same text as ``canonical``, sooner, for what SQLite holds: texts and numbers."""
    try:
        return _FLAT.encode(value)
    except (TypeError, ValueError):
        return canonical(value)


_FLAT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def who(author: Author | None, at: str) -> tuple[str, ...]:
    """The columns of who did something and when, in the order of ``schema_parts.who``."""
    known = author or Author("", "", "")
    return (known.agency, known.station, known.examiner, known.ori, at)


def who_columns(verb: str) -> str:
    """The names of those columns, as a codec lists them."""
    parts = ("agency", "station", "examiner", "ori", "at")
    return " ".join(f"{verb}_{part}" for part in parts)


def by(row: Sequence[Any], at: int) -> tuple[Author, str]:
    """Who and when, out of those columns from the number ``at`` on."""
    return Author(*row[at : at + 4]), row[at + 4]


def told(row: Sequence[Any], at: int) -> tuple[Any, ...]:
    """A row that begins with its identifier and has those columns from ``at`` on, in the order of
    a record's fields: what was said, who and when, and the identifier last."""
    return (*row[1:at], *by(row, at), row[0])


class Codec(Generic[T]):
    """How values of one kind are stored: table, columns, and the two ways between.

    ``open_columns`` may change after the record was made, and are no part of its content.
    ``late_columns`` came with a later version: they are content where they are filled in, so
    that records of before keep the digest the journal knows.
    """

    def __init__(
        self,
        table: str,
        columns: str,
        encode: Callable[[T], Sequence[Any]],
        decode: Callable[[Sequence[Any]], T],
        open_columns: frozenset[str] = frozenset(),
        late_columns: frozenset[str] = frozenset(),
    ) -> None:
        self.table = table
        self.words = table.replace("_", " ")
        self.columns = tuple(columns.split())
        self.id_at = self.columns.index("id")
        self._encode = encode
        self.decode = decode
        self._open = open_columns
        self._late = late_columns

    def row(self, value: T) -> dict[str, Any]:
        """The columns of a value."""
        return dict(zip(self.columns, self._encode(value), strict=True))

    def select(self, alias: str = "") -> str:
        """The columns as SQL, in the order ``decode`` takes them."""
        prefix = f"{alias}." if alias else ""
        return ", ".join(f'{prefix}"{column}"' for column in self.columns)

    def content(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What of a row never changes."""
        return {
            key: row[key]
            for key in self.columns
            if key not in self._open and not (key in self._late and row[key] in (None, ""))
        }

    def digest(self, row: Mapping[str, Any]) -> str:
        """SHA-256 of the content, which the journal keeps with the line that added it."""
        return hashlib.sha256(canonical_flat(self.content(row)).encode()).hexdigest()
