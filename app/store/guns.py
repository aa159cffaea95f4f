"""Gun groups: what is kept and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.casework.guns import GunGroup, GunMark, GunRecord, GunStep, Member, SceneLine
from app.domain import CartridgeCase, CaseheadError, Role, now
from app.store.codec import Codec, canonical, told, who, who_columns
from app.store.codecs import CASE
from app.store.places import Places
from app.store.several import escaped

GUN: Codec[GunRecord] = Codec(
    "gun_group",
    f"id name case_id firearm_id {who_columns('made')}",
    lambda g: (g.id, g.name, g.case_id, g.firearm_id, *who(g.author, g.made_at)),
    lambda r: GunRecord(*told(r, 4)),
)
GUN_STEP: Codec[GunStep] = Codec(
    "gun_step",
    f"id gun_id cartridge_case_id kind act act_id other_id reason {who_columns('stepped')}",
    lambda s: (
        *(s.id, s.gun_id, s.cartridge_case_id, s.kind, s.act, s.act_id, s.other_id, s.reason),
        *who(s.author, s.stepped_at),
    ),
    lambda r: GunStep(*told(r, 8)),
)
VOUCHED: tuple[Codec[Any], ...] = (GUN, GUN_STEP)

_MEMBER = (
    "c.id, c.label, x.number, k.number, c.role, c.calibre, c.firearm_id, "
    "(SELECT count(*) FROM mark m JOIN image i ON i.mark_id = m.id "
    " WHERE m.cartridge_case_id = c.id AND i.superseded_by IS NULL) + "
    "(SELECT count(*) FROM mark m JOIN scan i ON i.mark_id = m.id "
    " WHERE m.cartridge_case_id = c.id AND i.superseded_by IS NULL), x.case_id"
)
_WHERE_IT_LIES = 'JOIN exhibit x ON x.id = c.exhibit_id JOIN "case" k ON k.id = x.case_id '
_CHOSEN = (
    "SELECT s.cartridge_case_id FROM gun_step s JOIN gun_member n "
    "ON n.cartridge_case_id = s.cartridge_case_id AND n.gun_id = s.gun_id AND s.seq > n.seq "
    "WHERE s.kind = 'chosen' AND s.gun_id = {gun} ORDER BY s.seq DESC LIMIT 1"
)
_GIVEN = "(SELECT value FROM json_each(?))"


class Guns(Places):
    """Guns and steps are never changed; who is of a gun is told by the newest step of each."""

    def add_gun(self, gun: GunRecord) -> GunRecord:
        """Keep a gun; who and when are filled in. Raises CaseheadError for a blank name."""
        if not gun.name.strip():
            raise CaseheadError("Give the gun a name, for example Gun A of 2026-0412.")
        with self._change() as author:
            gun = replace(gun, author=gun.author or author, made_at=gun.made_at or now())
            taken = "That firearm already is a gun of this casebook; add to it instead."
            facts = {"name": gun.name, "firearm_id": gun.firearm_id}
            self._add(GUN, gun, facts, taken)
        return gun

    def add_gun_step(self, step: GunStep) -> GunStep:
        """Keep a step; who and when are filled in."""
        with self._change() as author:
            step = replace(step, author=step.author or author, stepped_at=step.stepped_at or now())
            facts = {"gun_id": step.gun_id, "cartridge_case_id": step.cartridge_case_id}
            facts |= {"kind": step.kind, "act": step.act, "reason": step.reason}
            self._add(GUN_STEP, step, facts)
        return step

    def gun_record(self, gun_id: str) -> GunRecord:
        """One gun. Raises CaseheadError when there is none of that id."""
        return self._by_id(GUN, gun_id)

    def gun_steps(self, gun_id: str) -> tuple[GunStep, ...]:
        """All that happened to a gun, oldest first; also what it gave to others or took in."""
        return self._all(GUN_STEP, "gun_id = ? OR other_id = ?", (gun_id, gun_id))

    def gun_act(self, act_id: str) -> tuple[GunStep, ...]:
        """All steps of one act, oldest first."""
        return self._all(GUN_STEP, "act_id = ?", (act_id,))

    def gun_of_firearm(self, firearm_id: str) -> GunRecord | None:
        """The gun that is a recovered firearm."""
        return self._first(GUN, "firearm_id = ?", (firearm_id,))

    def number_of_case(self, case_id: str) -> str:
        """The number of a case. Raises CaseheadError when there is none of that id."""
        return self._by_id(CASE, case_id).number

    def gun_named(self, name: str, case_id: str) -> GunRecord | None:
        """The gun of that name first seen in a case."""
        return self._first(GUN, "name = ? AND case_id = ?", (name, case_id))

    def gun_groups(
        self, case_id: str | None = None, gun_ids: Iterable[str] | None = None
    ) -> tuple[GunGroup, ...]:
        """Guns with their members now, oldest first; of a case: those named there or with any
        member from it. Guns without a member are left out, unless they are firearms or named
        in ``gun_ids``.
        """
        where = "1"
        given: tuple[str, ...] = ()
        if gun_ids is not None:
            where, given = f"id IN {_GIVEN}", (canonical(sorted(gun_ids)),)
        elif case_id is not None:
            where, given = _IN_CASE, (case_id, case_id)
        records = self._all(GUN, where, given)
        members = self._members_of([gun.id for gun in records])
        found = (self._group(gun, members.get(gun.id, ())) for gun in records)
        return tuple(g for g in found if g.members or gun_ids is not None or g.record.firearm_id)

    def find_guns(self, words: str, limit: int = 20) -> tuple[tuple[str, str], ...]:
        """Guns (``gun``) and firearms without one (``firearm``) that have a word in their name,
        make, model, serial or case number, as pairs of "sort id" and what to show.
        """
        asked = (f"%{escaped(words.strip())}%", limit)
        rows = self._connection.rows(_FOUND_GUNS, asked)
        firearms = self._connection.rows(_FOUND_FIREARMS, asked)
        return tuple((row[0], " ".join(row[1].split())) for row in (*rows, *firearms))[:limit]

    def fired_by(self, firearm_id: str) -> tuple[str, ...]:
        """The cartridge cases recorded of a firearm."""
        sql = "SELECT id FROM cartridge_case WHERE firearm_id = ? ORDER BY seq"
        return tuple(row[0] for row in self._connection.rows(sql, (firearm_id,)))

    def guns_by_case(self, cartridge_case_ids: Iterable[str]) -> dict[str, str]:
        """The gun each cartridge case was put into; those of none are left out."""
        rows = self._connection.rows(
            f"SELECT cartridge_case_id, gun_id FROM gun_member WHERE cartridge_case_id IN {_GIVEN}",
            (canonical(sorted(set(cartridge_case_ids))),),
        )
        return {row[0]: row[1] for row in rows}

    def known_guns(self, cases: Iterable[CartridgeCase]) -> dict[str, str]:
        """The gun of each cartridge case that was put into one, or whose firearm (or, for a test
        fire without one, exhibit) has another member in one.
        """
        listed = tuple(cases)
        found = self._guns_by_firearm(listed)
        by_exhibit = self._guns_by_exhibit(listed)
        put = self.guns_by_case(case.id for case in listed)
        told: dict[str, str] = {}
        for case in listed:
            if case.firearm_id is not None:
                implied = found.get(case.firearm_id, "")
            else:
                implied = by_exhibit.get(case.exhibit_id, "") if _is_test_fire(case) else ""
            gun = put.get(case.id) or implied
            if gun:
                told[case.id] = gun
        return told

    def gun_names(self, gun_ids: Iterable[str]) -> dict[str, str]:
        """What guns are called, by their ids."""
        sql = f"SELECT id, name FROM gun_group WHERE id IN {_GIVEN}"
        return {row[0]: row[1] for row in self._connection.rows(sql, (_ids(gun_ids),))}

    def gun_marks(self, cartridge_case_ids: Iterable[str]) -> dict[str, GunMark]:
        """What the tree says of those cartridge cases that are of a gun."""
        rows = self._connection.rows(
            "SELECT m.cartridge_case_id, m.gun_id, g.name, "
            "iif(x.case_id = g.case_id, k.number, '') "
            "FROM gun_member m JOIN gun_group g ON g.id = m.gun_id "
            "JOIN cartridge_case c ON c.id = m.cartridge_case_id "
            f"{_WHERE_IT_LIES} WHERE m.cartridge_case_id IN {_GIVEN}",
            (_ids(cartridge_case_ids),),
        )
        chosen = dict(
            self._connection.rows(
                "SELECT s.gun_id, s.cartridge_case_id FROM gun_step s JOIN gun_member m "
                "ON m.cartridge_case_id = s.cartridge_case_id AND m.gun_id = s.gun_id "
                f"AND s.seq > m.seq WHERE s.kind = 'chosen' AND s.gun_id IN {_GIVEN} "
                "ORDER BY s.seq",
                (_ids(row[1] for row in rows),),
            )
        )
        return {
            case: GunMark(
                gun, name.removesuffix(f" of {number}"), chosen.get(gun) == case, gun in chosen
            )
            for case, gun, name, number in rows
        }

    def scene_lines(self, case_id: str, exhibit_id: str = "") -> tuple[SceneLine, ...]:
        """The cartridge cases of a case, or of one exhibit of it, in the order of addition."""
        rows = self._connection.rows(
            f"SELECT {_MEMBER}, coalesce(m.gun_id, ''), coalesce(g.name, ''), "
            f"coalesce(({_CHOSEN.format(gun='m.gun_id')}) = c.id, 0) "
            f"FROM cartridge_case c {_WHERE_IT_LIES}"
            "LEFT JOIN gun_member m ON m.cartridge_case_id = c.id "
            "LEFT JOIN gun_group g ON g.id = m.gun_id "
            "WHERE x.case_id = ? AND (? = '' OR x.id = ?) ORDER BY x.seq, c.seq",
            (case_id, exhibit_id, exhibit_id),
        )
        return tuple(SceneLine(_member(r), r[9], r[10], bool(r[11])) for r in rows)

    def members_for(self, cartridge_case_ids: Iterable[str]) -> tuple[Member, ...]:
        """Cartridge cases as members of no gun yet. Raises CaseheadError for an unknown one."""
        wanted = tuple(dict.fromkeys(cartridge_case_ids))
        rows = self._connection.rows(
            f"SELECT {_MEMBER} FROM cartridge_case c {_WHERE_IT_LIES}WHERE c.id IN {_GIVEN}",
            (canonical(wanted),),
        )
        held = {row[0]: _member(row) for row in rows}
        missing = [one for one in wanted if one not in held]
        if missing:
            raise CaseheadError(f"There is no cartridge case {missing[0]} in this casebook.")
        return tuple(held[one] for one in wanted)

    def firearm_words(self, firearm_ids: Iterable[str]) -> dict[str, str]:
        """What firearms are called: make, model, serial number."""
        rows = self._connection.rows(
            f"SELECT id, make, model, serial FROM firearm WHERE id IN {_GIVEN}",
            (_ids(firearm_ids),),
        )
        return {r[0]: " ".join(filter(None, r[1:])) or "a firearm" for r in rows}

    def _group(self, gun: GunRecord, members: tuple[Member, ...]) -> GunGroup:
        chosen = self._connection.row(_CHOSEN.format(gun="?"), (gun.id,))
        known = gun.firearm_id or next((m.firearm_id for m in members if m.firearm_id), None)
        words = self.firearm_words([known]).get(known, "") if known else ""
        return GunGroup(gun, members, chosen[0] if chosen else "", words)

    def _members_of(self, gun_ids: Sequence[str]) -> dict[str, tuple[Member, ...]]:
        rows = self._connection.rows(
            f"SELECT {_MEMBER}, m.joined_at, m.gun_id FROM gun_member m "
            f"JOIN cartridge_case c ON c.id = m.cartridge_case_id {_WHERE_IT_LIES}"
            f"WHERE m.gun_id IN {_GIVEN} ORDER BY m.seq",
            (_ids(gun_ids),),
        )
        found: dict[str, tuple[Member, ...]] = {}
        for row in rows:
            found[row[10]] = (*found.get(row[10], ()), replace(_member(row), joined_at=row[9]))
        return found

    def _guns_by_firearm(self, cases: Sequence[CartridgeCase]) -> Mapping[str, str]:
        firearms = _ids(case.firearm_id for case in cases if case.firearm_id is not None)
        if firearms == "[]":
            return {}
        rows = self._connection.rows(
            f"SELECT firearm_id, id FROM gun_group WHERE firearm_id IN {_GIVEN} UNION "
            "SELECT c.firearm_id, m.gun_id FROM cartridge_case c "
            f"JOIN gun_member m ON m.cartridge_case_id = c.id WHERE c.firearm_id IN {_GIVEN}",
            (firearms, firearms),
        )
        return dict(rows)

    def _guns_by_exhibit(self, cases: Sequence[CartridgeCase]) -> Mapping[str, str]:
        exhibits = _ids(case.exhibit_id for case in cases if _is_test_fire(case))
        if exhibits == "[]":
            return {}
        rows = self._connection.rows(
            "SELECT c.exhibit_id, m.gun_id FROM cartridge_case c "
            "JOIN gun_member m ON m.cartridge_case_id = c.id "
            f"WHERE c.exhibit_id IN {_GIVEN} AND c.role = 'test fire' AND c.firearm_id IS NULL",
            (exhibits,),
        )
        return dict(rows)


_FOUND_GUNS = (
    "SELECT 'gun ' || g.id, g.name FROM gun_group g WHERE g.name LIKE ?1 ESCAPE '~' "
    "AND (g.firearm_id IS NOT NULL OR EXISTS (SELECT 1 FROM gun_member m WHERE m.gun_id = g.id)) "
    "ORDER BY g.seq DESC LIMIT ?2"
)
_FOUND_FIREARMS = (
    "SELECT 'firearm ' || f.id, trim(f.make || ' ' || f.model || ' ' || f.serial) || ', exhibit ' "
    "|| x.number || ' of ' || k.number FROM firearm f JOIN exhibit x ON x.id = f.exhibit_id "
    "JOIN \"case\" k ON k.id = x.case_id WHERE (f.make LIKE ?1 ESCAPE '~' "
    "OR f.model LIKE ?1 ESCAPE '~' OR f.serial LIKE ?1 ESCAPE '~' OR k.number LIKE ?1 ESCAPE '~') "
    "AND NOT EXISTS (SELECT 1 FROM gun_group g WHERE g.firearm_id = f.id) "
    "ORDER BY f.seq DESC LIMIT ?2"
)
_IN_CASE = (
    "case_id = ? OR id IN (SELECT m.gun_id FROM exhibit x JOIN cartridge_case c "
    "ON c.exhibit_id = x.id JOIN gun_member m ON m.cartridge_case_id = c.id WHERE x.case_id = ?)"
)


def _member(r: Sequence[Any]) -> Member:
    return Member(r[0], r[1], r[2], r[3], Role(r[4]), r[5], r[6], r[7], r[8])


def _ids(ids: Iterable[str]) -> str:
    return canonical(sorted(set(ids)))


def _is_test_fire(case: CartridgeCase) -> bool:
    return case.role is Role.TEST_FIRE and case.firearm_id is None
