"""What leads and hits are derived from: read once, and from then on only what came since.

All of it only ever adds up, so the number of the last row read of each table says how far the
memory of it goes; a correction of the record, which may move a specimen, empties it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from app.casework.links import Confirmation, Pair, StandingLead, Warm, pair_of
from app.casework.reviews import same_person
from app.casework.verdicts import lead_state, settle
from app.casework.wording import CaseworkWords
from app.store.codec import canonical
from app.store.connection import Connection

CONCLUDED_ANEW = "Another conclusion was recorded after the verification."
DRAWN_ANEW = "What is drawn or noted was changed after the verification."
CORRECTED = "A record it rests on was corrected after the verification."
NOT_ON_THE_SPECIMENS = (
    "No hit: the examiner who concluded did not examine the specimens physically."
)
KINDS = ("cartridge_case", "exhibit", "case", "event", "firearm", "exhibit", "case")
"""Of what kind the records of a ``Place`` are, in its order."""
Place = Sequence[str | None]
"""What a specimen sits in: its own cartridge case, exhibit, case and event; for a test fire its
gun, with the exhibit and case of that."""
NOWHERE: Place = (None,) * len(KINDS)

PLACES = """
SELECT p.id, c.id, x.id, x.case_id, x.event_id, f.id, g.id, g.case_id
FROM (SELECT a.id, coalesce(i.mark_id, s.mark_id) AS mark_id
    FROM json_each(?) j JOIN acquired a ON a.id = j.value
    LEFT JOIN image i ON i.seq = a.seq LEFT JOIN scan s ON s.seq = a.seq) p
JOIN mark m ON m.id = p.mark_id
JOIN cartridge_case c ON c.id = m.cartridge_case_id
JOIN exhibit x ON x.id = c.exhibit_id
LEFT JOIN firearm f ON f.id = c.firearm_id AND c.role = 'test fire'
LEFT JOIN exhibit g ON g.id = f.exhibit_id
"""
_VERIFIED = """
SELECT v.seq, v.comparison_id, t.third, v.scale, v.value, v.annotation_id, v.corrections_seen,
    v.verified_at, v.conclusion_id, c.scale, c.value, c.concluded_agency, c.concluded_ori,
    c.concluded_examiner, c.examined_physically, c.examined_by, c.recorded_at,
    m.left_id, m.right_id
FROM verification v
JOIN verification_task t ON t.id = v.task_id
JOIN conclusion c ON c.id = v.conclusion_id
JOIN comparison m ON m.id = v.comparison_id
WHERE v.seq > ? ORDER BY v.seq
"""
_STAMPED = (
    *("correction", "verification", "conclusion", "annotation_set", "lead", "lead_step"),
    *("warm_link", "agency"),
)
_STAMP = "SELECT " + ", ".join(f"(SELECT coalesce(max(seq), 0) FROM {table})" for table in _STAMPED)
Stamp = tuple[int, ...]


class _Said(NamedTuple):
    """A verification with the conclusion it is of, in the order of ``_VERIFIED``."""

    seq: int
    comparison_id: str
    third: int
    scale: str
    value: str
    annotation_id: str
    corrections_seen: int
    at: str
    conclusion_id: str
    first_scale: str
    first_value: str
    agency: str
    ori: str
    examiner: str
    examined: int | None
    examined_by: str
    concluded_at: str
    left_id: str
    right_id: str


_Round = tuple[_Said, _Said | None]
"""The second examiner's verification, and the third's after it."""


class _Lead(NamedTuple):
    """A lead as it was proposed."""

    id: str
    case_a: str
    case_b: str
    proposed_at: str
    agency: str
    ori: str


class LinkFacts(NamedTuple):
    """What links are derived from, and the comparisons examiners disagree on."""

    confirmations: tuple[Confirmation, ...]
    leads: tuple[StandingLead, ...]
    warm: tuple[Warm, ...]
    disputed: frozenset[str] = frozenset()

    def without(self, pairs: Collection[Pair]) -> LinkFacts:
        """The same as if there were nothing between the cases of these pairs."""
        if not pairs:
            return self
        return LinkFacts(
            tuple(
                one for one in self.confirmations if pair_of(one.case_a, one.case_b) not in pairs
            ),
            tuple(one for one in self.leads if pair_of(one.case_a, one.case_b) not in pairs),
            tuple(one for one in self.warm if pair_of(one.case_a, one.case_b) not in pairs),
            self.disputed,
        )


def link_stamp(connection: Connection) -> Stamp:
    """The same while nothing was added that a link could follow from."""
    return tuple(connection.row(_STAMP) or ())


class LinkMemory:
    """What was read so far; ``bring_up_to`` reads the rest. Not for several threads at once."""

    def __init__(self) -> None:
        self._read = dict.fromkeys(_STAMPED, 0)
        self._rounds: dict[str, _Round] = {}
        self._by_value: dict[str, dict[tuple[str, str], _Round]] = {}
        self._said: dict[str, tuple[str, str]] = {}
        self._newest: dict[str, dict[str, str]] = {"conclusion": {}, "annotation_set": {}}
        self._places: dict[str, Place] = {}
        self._leads: dict[str, _Lead] = {}
        self._steps: dict[str, list[str]] = {}
        self._agreed_at: dict[str, str] = {}
        self._told: tuple[CaseworkWords, Mapping[tuple[str, str], str]] | None = None
        self._confirmed: dict[str, Confirmation | None] = {}
        self._standing: dict[str, StandingLead | None] = {}

    def bring_up_to(self, connection: Connection, stamp: Stamp) -> None:
        """Read what was added since, up to ``stamp``."""
        upto = dict(zip(_STAMPED, stamp, strict=True))
        if upto["verification"] > self._read["verification"]:
            self._read_verifications(connection)
        for table, newest in self._newest.items():
            if upto[table] > self._read[table]:
                sql = f'SELECT comparison_id, id FROM "{table}" WHERE seq > ? ORDER BY seq'
                came = dict(connection.rows(sql, (self._read[table],)))
                newest.update(came)
                self._forget(came)
        if upto["conclusion"] > self._read["conclusion"]:
            self._read_values(connection)
        if upto["lead"] > self._read["lead"]:
            self._read_leads(connection)
        if upto["lead_step"] > self._read["lead_step"]:
            self._read_steps(connection)
        if upto["correction"] > self._read["correction"]:
            self._places.clear()
            self._confirmed.clear()
        self._read = upto
        self._read_places(connection)

    def facts(
        self,
        words: CaseworkWords,
        agencies: Mapping[tuple[str, str], str],
        corrected: Mapping[tuple[str, str], int],
        warm: tuple[Warm, ...],
    ) -> LinkFacts:
        """What links are derived from, by the ids of ``agencies`` and what was ``corrected``;
        only what bears on something that came since is worked out anew."""
        if self._told is None or self._told[0] is not words or self._told[1] != agencies:
            self._told = (words, agencies)
            self._confirmed.clear()
            self._standing.clear()
        for of, said in self._rounds.items():
            if of not in self._confirmed:
                self._confirmed[of] = self._confirmation(*said, words, agencies, corrected)
        for one in self._agreed_at:
            if one not in self._standing:
                self._standing[one] = self._standing_lead(one, agencies)
        return LinkFacts(
            tuple(filter(None, map(self._confirmed.__getitem__, self._rounds))),
            tuple(filter(None, map(self._standing.__getitem__, self._agreed_at))),
            warm,
            frozenset(self._disputed()),
        )

    def _forget(self, comparison_ids: Iterable[str]) -> None:
        for one in comparison_ids:
            self._confirmed.pop(one, None)

    def _read_verifications(self, connection: Connection) -> None:
        for row in connection.rows(_VERIFIED, (self._read["verification"],)):
            said = _Said._make(row)
            self._forget((said.comparison_id,))
            of, value = said.comparison_id, (said.first_scale, said.first_value)
            rounds = self._by_value.setdefault(of, {})
            before = rounds.pop(value, None)
            if not said.third:
                rounds[value] = (said, None)
            elif before is not None:
                rounds[value] = (before[0], said)
            self._choose_round(of)

    def _read_values(self, connection: Connection) -> None:
        sql = "SELECT comparison_id, scale, value FROM conclusion WHERE seq > ? ORDER BY seq"
        for of, scale, value in connection.rows(sql, (self._read["conclusion"],)):
            self._said[of] = (scale, value)
            self._choose_round(of)

    def _choose_round(self, of: str) -> None:
        """The verifications of what is concluded now count, or the last where there are none: a
        conclusion that examiners disagree on stays so when it is recorded again."""
        rounds = self._by_value.get(of)
        if rounds:
            now = self._said.get(of)
            chosen = rounds.get(now) if now else None
            self._rounds[of] = chosen or next(reversed(rounds.values()))

    def _read_places(self, connection: Connection) -> None:
        wanted = {one for said, _ in self._rounds.values() for one in said[17:19]}
        lacking = canonical(sorted(wanted - self._places.keys()))
        if lacking != "[]":
            for acquired_id, *place in connection.rows(PLACES, (lacking,)):
                self._places[acquired_id] = place

    def _read_leads(self, connection: Connection) -> None:
        sql = (
            "SELECT id, case_a, case_b, proposed_at, proposed_agency, proposed_ori FROM lead "
            "WHERE seq > ? ORDER BY seq"
        )
        for row in connection.rows(sql, (self._read["lead"],)):
            self._leads[row[0]] = _Lead._make(row)

    def _read_steps(self, connection: Connection) -> None:
        sql = (
            "SELECT lead_id, kind, stepped_at FROM lead_step WHERE seq > ? "
            "AND kind NOT IN ('assigned', 'feedback') ORDER BY seq"
        )
        for lead_id, kind, at in connection.rows(sql, (self._read["lead_step"],)):
            self._steps.setdefault(lead_id, []).append(kind)
            self._standing.pop(lead_id, None)
            if kind == "agreed":
                self._agreed_at.setdefault(lead_id, at)

    def _disputed(self) -> Iterator[str]:
        for of, (second, third) in self._rounds.items():
            first = (second.first_scale, second.first_value)
            if self._said[of] != first:
                continue
            if (second.scale, second.value) != first:
                last = (third.scale, third.value) if third else None
                if not settle(first, (second.scale, second.value), last).value:
                    yield of

    def _standing_lead(
        self, lead_id: str, agencies: Mapping[tuple[str, str], str]
    ) -> StandingLead | None:
        """A lead that was agreed, while it is open."""
        if lead_state(self._steps[lead_id]) != "open":
            return None
        lead = self._leads[lead_id]
        by = agencies.get((lead.agency, lead.ori), "")
        agreed_at = self._agreed_at[lead_id]
        return StandingLead(lead_id, lead.case_a, lead.case_b, agreed_at, lead.proposed_at, by)

    def _confirmation(
        self,
        second: _Said,
        third: _Said | None,
        words: CaseworkWords,
        agencies: Mapping[tuple[str, str], str],
        corrected: Mapping[tuple[str, str], int],
    ) -> Confirmation | None:
        """An identification that was verified; None of anything else."""
        if not words.identifies(second.first_scale, second.first_value):
            return None
        if not _borne_out(second, third):
            return None
        left, right = self._places[second.left_id], self._places[second.right_id]
        last, of = third or second, second.comparison_id
        drawing = self._newest["annotation_set"].get(of, "")
        newest = (last.conclusion_id, self._newest["conclusion"][of], drawing)
        why = unsettled(
            last.annotation_id, last.corrections_seen, newest, (*left, *right), corrected
        )
        by = agencies.get((second.agency, second.ori), "")
        return Confirmation(
            *(of, case_at(left), case_at(right), last.at, second.concluded_at, by, by),
            " ".join(why) if why else _not_on_specimens(second),
            bool(why),
        )


def _borne_out(second: _Said, third: _Said | None) -> bool:
    first = (second.first_scale, second.first_value)
    if third is None:
        return (second.scale, second.value) == first
    return settle(first, (second.scale, second.value), (third.scale, third.value)).verified


def _not_on_specimens(said: _Said) -> str:
    same = said.examined_by == said.examiner or same_person(said.examined_by, said.examiner)
    return "" if said.examined and same else NOT_ON_THE_SPECIMENS


def unsettled(
    annotation_id: str,
    corrections_seen: int,
    of: tuple[str, str, str],
    places: Place,
    corrected: Mapping[tuple[str, str], int],
) -> tuple[str, ...]:
    """A sentence for everything that was changed after a verification.

    ``of``: the conclusion verified, the newest conclusion, the newest drawing ("" none);
    ``places`` are those of both specimens, one after the other.
    """
    verified, newest, drawing = of
    found = [CONCLUDED_ANEW] if verified != newest else []
    if annotation_id != drawing:
        found.append(DRAWN_ANEW)
    if corrected and any(corrected.get(one, 0) > corrections_seen for one in records_of(places)):
        found.append(CORRECTED)
    return tuple(found)


def records_of(places: Place) -> Collection[tuple[str, str]]:
    """Kind and id of what the specimens of these places sit in."""
    kinds = KINDS * (len(places) // len(KINDS))
    return {(kind, one) for kind, one in zip(kinds, places, strict=True) if one}


def case_at(place: Sequence[Any]) -> str:
    """The case a specimen links: its gun's for a test fire, else its own."""
    return str(place[6] or place[2])


def places_of(connection: Connection, acquired_ids: Iterable[str]) -> dict[str, Place]:
    """What the specimens of pictures sit in, by picture; unknown pictures are left out."""
    wanted = canonical(sorted(set(acquired_ids)))
    return {row[0]: row[1:] for row in connection.rows(PLACES, (wanted,))}


def corrected_since(
    connection: Connection, seen: int, words: CaseworkWords
) -> Mapping[tuple[str, str], int]:
    """By kind and id: the number of a record's last correction that unsettles, after ``seen``.

    Those of fields that leave a verification as it is do not count.
    """
    found: dict[tuple[str, str], int] = {}
    rows = connection.rows(
        "SELECT kind, record_id, field, max(seq) FROM correction WHERE seq > ? "
        "GROUP BY kind, record_id, field",
        (seen,),
    )
    for kind, record_id, name, seq in rows:
        if name not in words.does_not_unsettle.get(kind, ()):
            found[kind, record_id] = max(seq, found.get((kind, record_id), 0))
    return found
