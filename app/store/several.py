"""What queries share: many records by their ids, texts as LIKE takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.store.records import ORDER, Records

_AT_ONCE = 500


class Several(Records):
    """What areas share that look up lists of records."""

    def _of(self, codec: Any, column: str, ids: Sequence[str]) -> tuple[Any, ...]:
        """All records of these, oldest first, without a limit to how many are asked for."""
        found: list[tuple[int, Any]] = []
        for some in portions(ids):
            rows = self._connection.rows(
                f'SELECT seq, {codec.select()} FROM "{codec.table}" '
                f'WHERE "{column}" IN ({marks(some)}){ORDER}',
                some,
            )
            found += [(row[0], codec.decode(row[1:])) for row in rows]
        return tuple(value for _, value in sorted(found, key=lambda one: one[0]))


def portions(ids: Sequence[str]) -> list[Sequence[str]]:
    """The ids in parts that fit into one query."""
    return [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]


def escaped(text: str) -> str:
    """A text that LIKE takes for itself, with ESCAPE '~'."""
    for sign in "~%_":
        text = text.replace(sign, f"~{sign}")
    return text


def marks(some: Sequence[str]) -> str:
    """A question mark for each, for use in SQL."""
    return ", ".join("?" * len(some))
