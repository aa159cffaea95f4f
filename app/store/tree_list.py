"""Parts of the casebook's tree: of a large one only what is seen is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from app.domain import Acquired, CartridgeCase, Case, Exhibit, Mark, MarkKind
from app.store.codec import Codec
from app.store.codecs import CARTRIDGE_CASE, CASE, EXHIBIT, MARK, PICTURES
from app.store.records import Records

T = TypeVar("T")
_GIVEN = "(SELECT value FROM json_each(?))"
_EXHIBITS = f"SELECT id FROM exhibit WHERE case_id IN {_GIVEN}"
_CASES = f"SELECT id FROM cartridge_case WHERE exhibit_id IN ({_EXHIBITS})"
_MARKS = f"SELECT id FROM mark WHERE cartridge_case_id IN ({_CASES})"
_OF_PICTURE = (
    "SELECT e.case_id FROM {table} i JOIN mark m ON m.id = i.mark_id "
    "JOIN cartridge_case c ON c.id = m.cartridge_case_id JOIN exhibit e ON e.id = c.exhibit_id "
    f"WHERE i.id IN {_GIVEN}"
)
_HOLDING = (
    f'SELECT id FROM "case" WHERE id IN {_GIVEN}',
    f"SELECT case_id FROM exhibit WHERE id IN {_GIVEN}",
    "SELECT e.case_id FROM cartridge_case c JOIN exhibit e ON e.id = c.exhibit_id "
    f"WHERE c.id IN {_GIVEN}",
    "SELECT e.case_id FROM mark m JOIN cartridge_case c ON c.id = m.cartridge_case_id "
    f"JOIN exhibit e ON e.id = c.exhibit_id WHERE m.id IN {_GIVEN}",
    _OF_PICTURE.format(table="image"),
    _OF_PICTURE.format(table="scan"),
)
# Cases with a word in what the tree says of them, of their exhibits, of their cartridge cases.
_SAYING = (
    "SELECT id FROM \"case\" WHERE (number || ' ' || title) LIKE :word ESCAPE '~'",
    "SELECT case_id FROM exhibit WHERE ('Exhibit ' || number || ' ' || description) LIKE :word "
    "ESCAPE '~'",
    "SELECT case_id FROM exhibit WHERE id IN (SELECT exhibit_id FROM cartridge_case WHERE "
    "(label || ' ' || role || ' ' || calibre) LIKE :word ESCAPE '~')",
)
_BEARING = (
    "SELECT e.case_id FROM mark m JOIN cartridge_case c ON c.id = m.cartridge_case_id "
    "JOIN exhibit e ON e.id = c.exhibit_id WHERE m.kind LIKE :word ESCAPE '~'"
)


class TreeLists(Records):
    """Reading only."""

    def tree_size(self) -> tuple[int, int]:
        """How many cases and exhibits there are."""
        rows = self._connection.rows(
            'SELECT (SELECT count(*) FROM "case"), (SELECT count(*) FROM exhibit)'
        )
        return (int(rows[0][0]), int(rows[0][1]))

    def newest_cases(self, limit: int, offset: int = 0) -> tuple[Case, ...]:
        """Cases, the newest first."""
        return self._all(CASE, "1", (), f" ORDER BY seq DESC LIMIT {limit} OFFSET {offset}")

    def cases_by_id(self, case_ids: Iterable[str]) -> tuple[Case, ...]:
        """Cases of these ids, the newest first."""
        return self._all(CASE, f"id IN {_GIVEN}", (_told(case_ids),), " ORDER BY seq DESC")

    def cases_holding(self, ids: Iterable[str]) -> frozenset[str]:
        """The cases that these cases, exhibits, cartridge cases, marks or pictures are in."""
        told = _told(ids)
        sql = " UNION ".join(_HOLDING)
        return frozenset(i for (i,) in self._connection.rows(sql, (told,) * len(_HOLDING)))

    def cases_with_words(self, words: Sequence[str], limit: int) -> tuple[str, ...]:
        """Cases that say all these words somewhere, down to their marks, the newest first.

        The words may be on several paths below a case: who shows them looks closer.
        """
        found: frozenset[str] | None = None
        for word in words:
            saying = self._cases_saying(word)
            found = saying if found is None else found & saying
        rows = self._connection.rows(
            f'SELECT id FROM "case" WHERE id IN {_GIVEN} ORDER BY seq DESC LIMIT ?',
            (_told(found or ()), limit),
        )
        return tuple(case_id for (case_id,) in rows)

    def _cases_saying(self, word: str) -> frozenset[str]:
        kinds = any(word.casefold() in kind for kind in MarkKind)
        sql = " UNION ".join((*_SAYING, *((_BEARING,) if kinds else ())))
        values: Any = {"word": f"%{_escaped(word)}%"}
        return frozenset(case_id for (case_id,) in self._connection.rows(sql, values))

    def below_cases(
        self, case_ids: Iterable[str]
    ) -> tuple[
        tuple[Exhibit, ...], tuple[CartridgeCase, ...], tuple[Mark, ...], tuple[Acquired, ...]
    ]:
        """Everything below these cases: exhibits to current pictures, in the order of addition."""
        given = (_told(case_ids),)
        pictures: list[tuple[int, Acquired]] = []
        for codec in PICTURES.values():
            pictures += self._numbered(
                codec, f"superseded_by IS NULL AND mark_id IN ({_MARKS})", given
            )
        return (
            self._all(EXHIBIT, f"case_id IN {_GIVEN}", given),
            self._all(CARTRIDGE_CASE, f"exhibit_id IN ({_EXHIBITS})", given),
            self._all(MARK, f"cartridge_case_id IN ({_CASES})", given),
            tuple(a for _, a in sorted(pictures, key=lambda one: one[0])),
        )

    def _numbered(
        self, codec: Codec[T], where: str, parameters: Sequence[Any]
    ) -> list[tuple[int, T]]:
        sql = f'SELECT seq, {codec.select()} FROM "{codec.table}" WHERE {where}'
        return [(row[0], codec.decode(row[1:])) for row in self._connection.rows(sql, parameters)]


def _told(ids: Iterable[str]) -> str:
    return json.dumps(sorted(set(ids)))


def _escaped(text: str) -> str:
    for sign in "~%_":
        text = text.replace(sign, f"~{sign}")
    return text
