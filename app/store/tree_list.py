"""Parts of the casebook's tree: of a large one only what is seen is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from app.domain import Acquired, CartridgeCase, Case, Exhibit, Mark, MarkKind, Role
from app.store.codec import Codec
from app.store.codecs import CARTRIDGE_CASE, CASE, EXHIBIT, MARK, PICTURES
from app.store.records import Records
from app.store.several import escaped

T = TypeVar("T")
_DOWN_TO_EXHIBIT = "SELECT 1 FROM exhibit x WHERE x.case_id = k.id AND"
_DOWN_TO_CASE = (
    "SELECT 1 FROM exhibit x JOIN cartridge_case c ON c.exhibit_id = x.id "
    "WHERE x.case_id = k.id AND"
)
_DOWN_TO_MARK = (
    "SELECT 1 FROM exhibit x JOIN cartridge_case c ON c.exhibit_id = x.id "
    "JOIN mark m ON m.cartridge_case_id = c.id WHERE x.case_id = k.id AND"
)
_UP_FROM_CASE = "CROSS JOIN exhibit x ON x.id = c.exhibit_id"
_UP_FROM_MARK = f"JOIN cartridge_case c ON c.id = m.cartridge_case_id {_UP_FROM_CASE}"
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
_NEAR, _WIDER = 1500, 12
"""So many of the newest cases are looked through first, and so many times as many: a word that
many have is found there."""
_WORDS = 100
"""SQLite takes no question of any length; who shows the cases looks at the other words."""


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
        asked = [_Asked.of(word, f"w{number}") for number, word in enumerate(words[:_WORDS])]
        values: Any = {one.name: one.like for one in asked}
        near = " AND ".join(one.near for one in asked) or "0"
        found: tuple[str, ...] = ()
        for newest in (_NEAR, _WIDER * _NEAR):
            if len(found) * _WIDER < limit and newest > _NEAR:
                break  # they are seldom: it would take longer than looking everywhere
            last = f'(SELECT seq FROM "case" ORDER BY seq DESC LIMIT 1 OFFSET {newest})'
            which = f'FROM "case" k WHERE k.seq > coalesce({last}, 0) AND {near}'
            found = self._ids(which, values, limit)
            if len(found) == limit or not asked:
                return found
        everywhere = " AND ".join(f"k.id IN ({one.far})" for one in asked)
        return self._ids(f'FROM "case" k WHERE {everywhere}', values, limit)

    def _ids(self, which: str, values: Any, limit: int) -> tuple[str, ...]:
        sql = f"SELECT k.id {which} ORDER BY k.seq DESC LIMIT {limit}"
        return tuple(case_id for (case_id,) in self._connection.rows(sql, values))

    def below_cases(
        self, case_ids: Iterable[str]
    ) -> tuple[
        tuple[Exhibit, ...], tuple[CartridgeCase, ...], tuple[Mark, ...], tuple[Acquired, ...]
    ]:
        """Everything below these cases: exhibits to current pictures, in the order of addition."""
        given = (_told(case_ids),)
        pictures: list[tuple[int, Acquired]] = []
        where = f"+superseded_by IS NULL AND mark_id IN ({_MARKS})"  # by the index of marks
        for codec in PICTURES.values():
            pictures += self._numbered(codec, where, given)
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word and how it is looked for: in what the tree says of cases, exhibits, cartridge cases
    and marks. ``near`` is asked of one case ``k``, ``far`` selects all cases."""

    name: str
    like: str
    near: str
    far: str

    @classmethod
    def of(cls, word: str, name: str) -> Self:
        """``name`` is that of its parameter."""
        told = escaped(word)
        like = f"LIKE :{name}" + (" ESCAPE '~'" if told != word else "")
        roles, kinds = _among(word, Role), _among(word, MarkKind)
        case = f"k.number {like} OR k.title {like}"
        exhibit = f"x.number {like} OR x.description {like}"
        if _among(word, ("exhibit",)) != "()":
            exhibit = "1"
        own = f"c.label {like} OR c.calibre {like} OR c.role IN {roles}"
        far = [f'SELECT k.id FROM "case" k WHERE {case}']
        far.append(f"SELECT x.case_id FROM exhibit x WHERE {exhibit}")
        far.append(f"SELECT x.case_id FROM cartridge_case c {_UP_FROM_CASE} WHERE {own}")
        near = [f"{_DOWN_TO_EXHIBIT} ({exhibit})", f"{_DOWN_TO_CASE} ({own})"]
        if kinds != "()":
            near.append(f"{_DOWN_TO_MARK} m.kind IN {kinds}")
            far.append(f"SELECT x.case_id FROM mark m {_UP_FROM_MARK} WHERE m.kind IN {kinds}")
        nearby = " OR ".join((case, *(f"EXISTS ({one})" for one in near)))
        return cls(name, f"%{told}%", f"({nearby})", " UNION ALL ".join(far))


def _among(word: str, known: Iterable[str]) -> str:
    """Those of some known words that have this one in them, as a list of SQL."""
    found = (str(one) for one in known if word.casefold() in str(one).casefold())
    return f"({', '.join(repr(one) for one in found)})"
