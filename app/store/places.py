"""What is drawn of linked cases, and shootings counted by place and time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.casework.graph import CaseFacts, ChartFilter, EventFacts, GunFacts
from app.store.records import Records
from app.store.schema_places import STANDING
from app.store.several import escaped

_GIVEN = "(SELECT value FROM json_each(?))"
_EVENT = "event_id, case_id, kind, at, place, latitude, longitude, outcome"
_CASES = (
    'SELECT k.id, k.number, a.name, k.title FROM "case" k JOIN agency a ON a.id = k.agency_id '
    f"WHERE k.id IN {_GIVEN}"
)
_CALIBRES = (
    "SELECT DISTINCT x.case_id, c.calibre FROM exhibit x JOIN cartridge_case c "
    f"ON c.exhibit_id = x.id WHERE x.case_id IN {_GIVEN} AND c.calibre <> '' ORDER BY 1, 2"
)
_CALIBRES_OF_ALL = (
    "SELECT DISTINCT c.calibre FROM exhibit x JOIN cartridge_case c ON c.exhibit_id = x.id "
    f"WHERE x.case_id IN {_GIVEN} AND c.calibre <> ''"
)
_GROUPS = (
    "SELECT DISTINCT x.case_id, g.id, g.name, c.calibre, coalesce(g.firearm_id, c.firearm_id) "
    "FROM exhibit x JOIN cartridge_case c ON c.exhibit_id = x.id "
    "JOIN gun_member m ON m.cartridge_case_id = c.id JOIN gun_group g ON g.id = m.gun_id "
    f"WHERE x.case_id IN {_GIVEN} ORDER BY g.seq"
)
_FIREARMS = (
    "SELECT x.case_id, f.id, f.make, f.model, f.serial, f.calibre FROM exhibit x "
    f"JOIN firearm f ON f.exhibit_id = x.id WHERE x.case_id IN {_GIVEN} ORDER BY f.seq"
)


@dataclass(frozen=True, slots=True)
class Count:
    """Shootings of one place, month or year; ``unsaid`` are those whose outcome is not known."""

    name: str
    fatal: int
    non_fatal: int
    unsaid: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.fatal + self.non_fatal + self.unsaid


@dataclass(frozen=True, slots=True)
class Shooting:
    """A shooting as open data is made from it; month as 2026-03, "" where not known."""

    event_id: str
    case_id: str
    month: str
    latitude: float | None
    longitude: float | None
    outcome: str

    @property
    def where(self) -> tuple[float | None, float | None]:
        """Latitude and longitude."""
        return self.latitude, self.longitude


class Places(Records):
    """All of it is read from records."""

    def case_facts(self, case_ids: Iterable[str]) -> dict[str, CaseFacts]:
        """What is drawn of cases, by id; unknown ones are left out."""
        given = (_ids(case_ids),)
        events, calibres, guns = self._events(given), self._calibres(given), self._guns(given)
        return {
            r[0]: CaseFacts(
                *(r[0], r[1], r[2], r[3]),
                calibres=tuple(calibres[r[0]]),
                events=tuple(events[r[0]]),
                guns=tuple(guns[r[0]].values()),
            )
            for r in self._connection.rows(_CASES, given)
        }

    def fitting_cases(self, case_ids: Iterable[str], wanted: ChartFilter) -> frozenset[str]:
        """Those of the cases that have the agency and calibre, and an event in the period."""
        clauses, given = [f"k.id IN {_GIVEN}"], [_ids(case_ids)]
        if wanted.agency:
            clauses.append("k.agency_id IN (SELECT id FROM agency WHERE name = ?)")
            given.append(wanted.agency)
        if wanted.calibre:
            clauses.append(
                "EXISTS (SELECT 1 FROM exhibit x JOIN cartridge_case c ON c.exhibit_id = x.id "
                "WHERE x.case_id = k.id AND c.calibre = ?)"
            )
            given.append(wanted.calibre)
        if wanted.since or wanted.until:
            clauses.append(
                "EXISTS (SELECT 1 FROM event_now e WHERE e.case_id = k.id "
                "AND substr(e.at, 1, 10) BETWEEN ? AND ? AND e.at <> '')"
            )
            given += [wanted.since, f"{wanted.until}~" if wanted.until else "9999"]
        sql = f'SELECT k.id FROM "case" k WHERE {" AND ".join(clauses)}'
        return frozenset(row[0] for row in self._connection.rows(sql, given))

    def cases_numbered(self, text: str, case_ids: Iterable[str]) -> frozenset[str]:
        """Those of the cases whose number has a text in it."""
        rows = self._connection.rows(
            f"SELECT id FROM \"case\" WHERE id IN {_GIVEN} AND number LIKE ? ESCAPE '~'",
            (_ids(case_ids), f"%{escaped(text)}%"),
        )
        return frozenset(row[0] for row in rows)

    def linked_choices(self, case_ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The agencies and the calibres there are among cases, for filters."""
        given = (_ids(case_ids),)
        agencies = self._connection.rows(
            'SELECT DISTINCT a.name FROM agency a JOIN "case" k ON k.agency_id = a.id '
            f"WHERE k.id IN {_GIVEN} ORDER BY 1",
            given,
        )
        calibres = sorted(row[0] for row in self._connection.rows(_CALIBRES_OF_ALL, given))
        return tuple(row[0] for row in agencies), tuple(calibres)

    def shootings_by_time(self, since: str = "", until: str = "") -> tuple[Count, ...]:
        """Shootings of each month from ``since`` to ``until`` (2026-03), oldest first."""
        return self._counts("month", since, until, "1")

    def shootings_by_place(
        self, since: str = "", until: str = "", limit: int = 200
    ) -> tuple[Count, ...]:
        """Shootings of each place text, the place with most first."""
        return self._counts("place", since, until, "count(*) DESC, 1", limit)

    def shootings(self) -> tuple[Shooting, ...]:
        """Every shooting, in the order of addition of its case."""
        rows = self._connection.rows(
            "SELECT event_id, case_id, month, latitude, longitude, outcome FROM event_now "
            "WHERE shooting = 1 ORDER BY month, event_id"
        )
        return tuple(Shooting(*row) for row in rows)

    def first_of_cases(self, case_ids: Iterable[str]) -> str:
        """The one of the cases that was added first."""
        row = self._connection.row(
            f'SELECT id FROM "case" WHERE id IN {_GIVEN} ORDER BY seq LIMIT 1',
            (_ids(case_ids),),
        )
        return str(row[0]) if row else ""

    def rebuild_events(self) -> int:
        """Make what is counted anew from the records; returns how many rows were not as they say.

        What another program changed there is put right; the records are not touched.
        """
        with self.transaction():
            extra = self._connection.row(
                "SELECT count(*) FROM event_now WHERE event_id NOT IN (SELECT id FROM event)"
            )
            wrong = self._connection.row(
                f"SELECT count(*) FROM (SELECT * FROM ({STANDING}) EXCEPT SELECT * FROM event_now)"
            )
            self._connection.run("DELETE FROM event_now", ())
            self._connection.run(f"INSERT INTO event_now {STANDING}", ())
        return sum(int(row[0]) for row in (wrong, extra) if row)

    def tell_export(self, action: str, subject: str, detail: dict[str, Any]) -> None:
        """A line of the journal about something that was written out."""
        self._tell(action, subject, detail)

    def _counts(
        self, by: str, since: str, until: str, order: str, limit: int = -1
    ) -> tuple[Count, ...]:
        rows = self._connection.rows(
            f"SELECT {by}, sum(outcome = 'fatal'), sum(outcome = 'non-fatal'), sum(outcome = '') "
            "FROM event_now WHERE shooting = 1 AND month BETWEEN ? AND ? "
            f"GROUP BY {by} ORDER BY {order} LIMIT ?",
            (since, until or "9999", limit),
        )
        return tuple(Count(*row) for row in rows)

    def _events(self, given: Sequence[str]) -> defaultdict[str, list[EventFacts]]:
        found: defaultdict[str, list[EventFacts]] = defaultdict(list)
        sql = f"SELECT {_EVENT} FROM event_now WHERE case_id IN {_GIVEN} ORDER BY at, event_id"
        for row in self._connection.rows(sql, given):
            found[row[1]].append(EventFacts(*row))
        return found

    def _calibres(self, given: Sequence[str]) -> defaultdict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for case_id, calibre in self._connection.rows(_CALIBRES, given):
            found[case_id].append(calibre)
        return found

    def _guns(self, given: Sequence[str]) -> defaultdict[str, dict[str, GunFacts]]:
        """Gun groups, and the firearms that are of none."""
        found: defaultdict[str, dict[str, GunFacts]] = defaultdict(dict)
        grouped: dict[str, tuple[str, str]] = {}
        for case_id, gun_id, name, calibre, firearm in self._connection.rows(_GROUPS, given):
            found[case_id].setdefault(gun_id, GunFacts(gun_id, name, calibre, bool(firearm)))
            if firearm:
                grouped[firearm] = (gun_id, name)
        for case_id, firearm, make, model, serial, calibre in self._connection.rows(
            _FIREARMS, given
        ):
            words = " ".join(filter(None, (make, model, serial))) or "firearm"
            gun_id, name = grouped.get(firearm, (firearm, words))
            found[case_id][gun_id] = GunFacts(gun_id, name, calibre, True)
        return found


def _ids(case_ids: Iterable[str]) -> str:
    return json.dumps(sorted(set(case_ids)))
