"""What must be hidden with a comparison: its specimens, their other pictures, guns and cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from app.casework.reviews import VerificationTask
from app.store.casework_codecs import TASK
from app.store.codec import canonical
from app.store.link_facts import PLACES
from app.store.notices import Notices

WAITING = (
    "NOT EXISTS (SELECT 1 FROM verification v WHERE v.task_id = verification_task.id) "
    "AND seq = (SELECT max(t.seq) FROM verification_task t "
    "WHERE t.comparison_id = verification_task.comparison_id)"
)
_STAMPED = (
    *("verification_task", "verification", "conclusion", "comparison", "gun_group", "gun_step"),
    *("acquired", "correction", "lead"),
)
_STAMP = "SELECT " + ", ".join(f"(SELECT coalesce(max(seq), 0) FROM {one})" for one in _STAMPED)
_PICTURES = """
SELECT m.cartridge_case_id, i.id FROM mark m JOIN image i ON i.mark_id = m.id
WHERE m.cartridge_case_id IN (SELECT value FROM json_each(?1))
UNION ALL
SELECT m.cartridge_case_id, s.id FROM mark m JOIN scan s ON s.mark_id = m.id
WHERE m.cartridge_case_id IN (SELECT value FROM json_each(?1))
"""
_GUNS = """
SELECT cartridge_case_id, gun_id FROM gun_step
WHERE cartridge_case_id IN (SELECT value FROM json_each(?1))
UNION
SELECT c.id, g.id FROM cartridge_case c JOIN gun_group g ON g.firearm_id = c.firearm_id
WHERE c.id IN (SELECT value FROM json_each(?1))
UNION
SELECT c.id, m.gun_id FROM cartridge_case c JOIN cartridge_case o ON o.id <> c.id
    AND (o.firearm_id = c.firearm_id OR (c.firearm_id IS NULL AND o.firearm_id IS NULL
    AND o.exhibit_id = c.exhibit_id AND c.role = 'test fire' AND o.role = 'test fire'))
    JOIN gun_member m ON m.cartridge_case_id = o.id
WHERE c.id IN (SELECT value FROM json_each(?1))
"""
_BETWEEN = (
    "(left_id IN (SELECT value FROM json_each(?1)) "
    "AND right_id IN (SELECT value FROM json_each(?2)) "
    "OR left_id IN (SELECT value FROM json_each(?2)) "
    "AND right_id IN (SELECT value FROM json_each(?1)))"
)
_LISTS = (
    "FROM candidate k JOIN search s ON s.id = k.search_id WHERE "
    "s.acquired_id IN (SELECT value FROM json_each(?1)) "
    "AND k.acquired_id IN (SELECT value FROM json_each(?2)) "
    "OR s.acquired_id IN (SELECT value FROM json_each(?2)) "
    "AND k.acquired_id IN (SELECT value FROM json_each(?1))"
)
# Of two specimens (?1 and ?2 are their pictures): what people recorded of both.
_SAID_OF_SPECIMENS = f"""
WITH n (id) AS (SELECT id FROM comparison WHERE {_BETWEEN}),
    k (id, search_id) AS (SELECT k.id, k.search_id {_LISTS})
SELECT id FROM n
UNION ALL SELECT id FROM conclusion WHERE comparison_id IN n
UNION ALL SELECT id FROM annotation_set WHERE comparison_id IN n
UNION ALL SELECT id FROM saved_view WHERE comparison_id IN n
UNION ALL SELECT b.id FROM saved_view_label b JOIN saved_view v ON v.id = b.saved_view_id
    WHERE v.comparison_id IN n
UNION ALL SELECT id FROM verification_task WHERE comparison_id IN n
UNION ALL SELECT id FROM verification WHERE comparison_id IN n
UNION ALL SELECT id FROM k
UNION ALL SELECT id FROM search_review WHERE search_id IN (SELECT search_id FROM k)
"""
# Of two cases (?1 and ?2, whichever is first): what links them or was told of it, and the traces
# of their guns, which a hit makes urgent.
_SAID_OF_CASES = """
WITH l (id) AS (SELECT id FROM lead WHERE case_a = ?1 AND case_b = ?2
    OR case_a = ?2 AND case_b = ?1),
t (id) AS (SELECT id FROM trace_request WHERE firearm_id IN (SELECT firearm_id FROM gun_case
    WHERE case_id IN (?1, ?2))),
c (id) AS (SELECT DISTINCT n.subject_id FROM notice n JOIN clock_side s
    ON s.comparison_id = n.subject_id WHERE n.kind = 'hit'
    AND (s.left_case = ?1 AND s.right_case = ?2 OR s.left_case = ?2 AND s.right_case = ?1)),
o (id) AS (SELECT n.id FROM notice n WHERE n.kind = 'lead' AND n.subject_id IN l
    OR n.kind = 'hit' AND n.subject_id IN c OR n.kind = 'trace' AND n.subject_id IN t)
SELECT id FROM l
UNION ALL SELECT id FROM lead_step WHERE lead_id IN l
UNION ALL SELECT id FROM c
UNION ALL SELECT id FROM t
UNION ALL SELECT id FROM trace_step WHERE trace_id IN t
UNION ALL SELECT id FROM o
UNION ALL SELECT id FROM notice_receipt WHERE notice_id IN o
UNION ALL SELECT id FROM warm_link WHERE case_a = ?1 AND case_b = ?2
    OR case_a = ?2 AND case_b = ?1
"""
_SAID_OF_GUNS = """
SELECT id FROM gun_group WHERE id IN (SELECT value FROM json_each(?1))
UNION ALL SELECT id FROM gun_step WHERE gun_id IN (SELECT value FROM json_each(?1))
    OR other_id IN (SELECT value FROM json_each(?1))
    OR cartridge_case_id IN (SELECT value FROM json_each(?2))
"""


class Sides(NamedTuple):
    """What a picture's specimen sits in; ``case_id`` is its own, ``linked_case`` what it links.

    ``gun_exhibit`` is the exhibit of a test fire's gun, None without.
    """

    cartridge_case: str
    exhibit: str
    case_id: str
    linked_case: str
    gun_exhibit: str | None

    @property
    def exhibits(self) -> tuple[str, ...]:
        """Its own, and its gun's."""
        return (self.exhibit,) if self.gun_exhibit is None else (self.exhibit, self.gun_exhibit)


class Blind(Notices):
    """Only reading."""

    def blind_tasks(self) -> tuple[VerificationTask, ...]:
        """The blind ones that wait, oldest first."""
        return self._all(TASK, f"mode = 'blind' AND {WAITING}")

    def blind_stamp(self) -> tuple[int, ...]:
        """The same while nothing was added that changes what is hidden, and from whom."""
        return tuple(self._connection.row(_STAMP) or ())

    def sides_compared(self, acquired_ids: Collection[str]) -> dict[str, Sides]:
        """What the specimens of pictures sit in, by picture."""
        rows = self._connection.rows(PLACES, (canonical(sorted(acquired_ids)),))
        return {r[0]: Sides(r[1], r[2], r[3], r[7] or r[3], r[6]) for r in rows}

    def pictures_by_specimen(self, cartridge_case_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """All pictures of cartridge cases, superseded ones too."""
        wanted = sorted(set(cartridge_case_ids))
        found: dict[str, tuple[str, ...]] = dict.fromkeys(wanted, ())
        for case_id, acquired_id in self._connection.rows(_PICTURES, (canonical(wanted),)):
            found[case_id] = (*found[case_id], acquired_id)
        return found

    def comparisons_between(self, some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
        """The comparisons of one of some pictures with one of others, whichever is left."""
        sql = f"SELECT id FROM comparison WHERE {_BETWEEN}"
        rows = self._connection.rows(sql, (canonical(list(some)), canonical(list(others))))
        return tuple(row[0] for row in rows)

    def guns_ever(self, cartridge_case_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """By cartridge case: every gun it is or ever was of, by steps or by what is recorded."""
        wanted = canonical(sorted(set(cartridge_case_ids)))
        found: dict[str, set[str]] = {}
        for case_id, gun_id in self._connection.rows(_GUNS, (wanted,)):
            found.setdefault(case_id, set()).add(gun_id)
        return {case_id: frozenset(guns) for case_id, guns in found.items()}

    def said_of(
        self,
        pictures: Iterable[tuple[Sequence[str], Sequence[str]]],
        cases: Iterable[tuple[str, str]],
        guns: Collection[str],
        unsorted: Collection[str],
    ) -> frozenset[str]:
        """The ids, as the journal names them, of all that people recorded of pairs of specimens
        (by their pictures) and of cases, and of guns and the sorting of cartridge cases."""
        found: set[str] = set()
        for some, others in pictures:
            own = (canonical(list(some)), canonical(list(others)))
            found.update(row[0] for row in self._connection.rows(_SAID_OF_SPECIMENS, own))
        for pair in cases:
            found.update(row[0] for row in self._connection.rows(_SAID_OF_CASES, pair))
        if guns or unsorted:
            own = (canonical(sorted(guns)), canonical(sorted(unsorted)))
            found.update(row[0] for row in self._connection.rows(_SAID_OF_GUNS, own))
        return frozenset(found)
