"""The searches of one cartridge case's pictures joined: by cartridge case, then by gun.

A search stays one picture against others. What is joined here is derived from the stored lists
each time it is asked for, so it is never older than they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import cast

from app.domain import (
    Acquired,
    Candidate,
    CartridgeCase,
    CaseheadError,
    Firearm,
    Light,
    MarkKind,
    Provenance,
    Review,
    Role,
    Score,
    Search,
    SearchState,
)
from app.matching.plan import same_light
from app.store import Casebook
from correlation.fusion import DEFAULTS, Curves, Gathered, MarkScore, fuse, gather
from correlation.method import VERSION
from correlation.surface import Kind, Mark

Shown = Callable[[Mapping[str, str]], Mapping[str, str]]
UNENDED = (SearchState.WAITING, SearchState.RUNNING)
_MARK_ORDER = {kind: number for number, kind in enumerate(MarkKind)}


class Missing(StrEnum):
    """Why there is no score: the words are shown."""

    NO_PICTURE = "no picture"
    NO_SCALE = "no scale"
    NOT_YET = "not yet"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True)
class Column:
    """The searches of one mark's pictures made alike; takes of one picture share it."""

    mark: MarkKind
    kind: Kind
    light: Light
    searches: tuple[Search, ...]

    @property
    def running(self) -> bool:
        """Whether its lists may still grow."""
        return any(search.state in UNENDED for search in self.searches)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one column says of a reference cartridge case: a score, or why there is none.

    ``query_id`` is the picture searched with; without a candidate the one a comparison on demand
    would take, against ``reference_id``. ``log_odds`` is None where nothing is added: without a
    candidate, and for a score of another version of the method.
    """

    column: Column
    query_id: str
    reference_id: str = ""
    candidate: Candidate | None = None
    missing: Missing | None = None
    log_odds: float | None = None


@dataclass(frozen=True, slots=True)
class Specimen:
    """A reference cartridge case; ``findings`` has one entry for each column of the list."""

    provenance: Provenance
    findings: tuple[Finding, ...]
    value: float
    rank: int = 0

    @property
    def compared(self) -> tuple[Finding, ...]:
        """Those with a candidate, the most telling first."""
        found = [f for f in self.findings if f.candidate is not None]
        return tuple(sorted(found, key=_telling, reverse=True))

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates behind it, the most telling first."""
        return tuple(f.candidate for f in self.compared if f.candidate is not None)

    @property
    def review(self) -> Review:
        """What was said of any of its marks; kept goes before later, and that before dismissed."""
        said = {candidate.review for candidate in self.candidates}
        order = (Review.KEPT, Review.LATER, Review.DISMISSED)
        return next((review for review in order if review in said), Review.NEW)


def _telling(finding: Finding) -> tuple[float, float]:
    score = finding.candidate.score.score if finding.candidate else 0.0
    return (-9.0 if finding.log_odds is None else finding.log_odds), score


@dataclass(frozen=True, slots=True)
class Gun:
    """Specimens known to be of one gun, the highest first; ``id`` names the group."""

    id: str
    name: str
    specimens: tuple[Specimen, ...]
    gathered: Gathered
    rank: int = 0


@dataclass(frozen=True, slots=True)
class FusedList:
    """One cartridge case against all those its searches found, best first both ways."""

    query: Provenance
    columns: tuple[Column, ...]
    specimens: tuple[Specimen, ...]
    guns: tuple[Gun, ...]

    @property
    def searches(self) -> tuple[Search, ...]:
        """All searches behind it."""
        return tuple(search for column in self.columns for search in column.searches)

    @property
    def not_compared(self) -> tuple[Finding, ...]:
        """What a comparison on demand would fill in."""
        return tuple(
            finding
            for specimen in self.specimens
            for finding in specimen.findings
            if finding.missing is Missing.NOT_COMPARED
        )


class Fusion:
    """Joins stored searches; ``curves`` say what a score of each mark is worth."""

    def __init__(self, casebook: Casebook, curves: Curves = DEFAULTS) -> None:
        self._casebook = casebook
        self._curves = curves

    def of_cartridge_case(self, cartridge_case_id: str, shown: Shown = dict) -> FusedList:
        """The fused list; ``shown`` leaves out of guns by cartridge case what is not to be told.

        Raises CaseheadError when nothing of the case was searched yet.
        """
        columns = self._columns(cartridge_case_id)
        if not columns:
            raise CaseheadError(
                "No picture of this cartridge case has been searched yet; search one first."
            )
        query = self._casebook.provenance(columns[0].searches[0].acquired_id)
        specimens = self._specimens(columns)
        return FusedList(query, columns, specimens, self._guns(specimens, shown))

    def filled(self, finding: Finding, score: Score) -> Candidate:
        """Store the score of a comparison on demand among the candidates of its search."""
        with self._casebook.transaction():
            search = self._casebook.search_of(finding.query_id)
            if search is None:
                raise CaseheadError("The search this belongs to is not there; search again.")
            new = Candidate(search.id, finding.reference_id, 0, score)
            listed = [
                c
                for c in self._casebook.candidates(search.id)
                if c.acquired_id != finding.reference_id
            ]
            stored = self._casebook.replace_candidates(search.id, _inserted(listed, new))
            return next(c for c in stored if c.acquired_id == finding.reference_id)

    def _columns(self, cartridge_case_id: str) -> tuple[Column, ...]:
        """The newest search of each picture, by what it pictures."""
        found: defaultdict[tuple[MarkKind, Kind, Light], list[Search]] = defaultdict(list)
        for mark in self._casebook.marks(cartridge_case_id):
            for acquired in self._casebook.acquired_of(mark.id):
                search = self._casebook.search_of(acquired.id)
                if search is not None:
                    found[mark.kind, acquired.kind, acquired.record.light].append(search)
        order = sorted(found, key=lambda key: (_MARK_ORDER[key[0]], key[1] != "scan", key[2]))
        return tuple(Column(*key, tuple(found[key])) for key in order)

    def _specimens(self, columns: tuple[Column, ...]) -> tuple[Specimen, ...]:
        found = list(self._all_found(columns))
        places = self._casebook.provenances_of(finding.reference_id for _, finding in found)
        held: dict[str, Provenance] = {}
        best: defaultdict[str, dict[int, Finding]] = defaultdict(dict)
        for number, finding in found:
            place = places[finding.reference_id]
            case = place.cartridge_case.id
            held.setdefault(case, place)
            before = best[case].get(number)
            if before is None or _telling(finding) > _telling(before):
                best[case][number] = finding
        made = [self._specimen(held[case], columns, best[case]) for case in held]
        made.sort(key=_specimen_order)
        return tuple(replace(one, rank=rank) for rank, one in enumerate(made, start=1))

    def _all_found(self, columns: tuple[Column, ...]) -> Iterator[tuple[int, Finding]]:
        for number, column in enumerate(columns):
            for search in column.searches:
                for candidate in self._casebook.candidates(search.id):
                    yield number, self._found(column, search, candidate)

    def _found(self, column: Column, search: Search, candidate: Candidate) -> Finding:
        worth = None
        curve = self._curves.get((column.kind, _mark(column)))
        if curve is not None and candidate.score.version == VERSION:
            worth = curve.evidence(candidate.score.score)
        return Finding(column, search.acquired_id, candidate.acquired_id, candidate, log_odds=worth)

    def _specimen(
        self, place: Provenance, columns: tuple[Column, ...], found: dict[int, Finding]
    ) -> Specimen:
        findings = tuple(
            found.get(number) or self._missing(column, place.cartridge_case)
            for number, column in enumerate(columns)
        )
        counted = [
            _mark_score(f.column, f.candidate.score)
            for f in findings
            if f.candidate is not None and f.log_odds is not None
        ]
        return Specimen(place, findings, fuse(counted, self._curves).value)

    def _missing(self, column: Column, reference: CartridgeCase) -> Finding:
        query_id = column.searches[0].acquired_id
        alike = self._alike(column, reference)
        usable = [acquired for acquired in alike if acquired.pixel_um is not None]
        if not usable:
            why = Missing.NO_SCALE if alike else Missing.NO_PICTURE
            return Finding(column, query_id, missing=why)
        why = Missing.NOT_YET if column.running else Missing.NOT_COMPARED
        return Finding(column, query_id, usable[-1].id, missing=why)

    def _alike(self, column: Column, reference: CartridgeCase) -> tuple[Acquired, ...]:
        mark = self._casebook.find_mark(reference.id, column.mark)
        pictures = () if mark is None else self._casebook.acquired_of(mark.id)
        return tuple(
            a
            for a in pictures
            if a.kind == column.kind and same_light(a.record.light, column.light)
        )

    def _guns(self, specimens: tuple[Specimen, ...], shown: Shown) -> tuple[Gun, ...]:
        firearms = {firearm.id: firearm for firearm in self._casebook.firearms()}
        known = shown(self._casebook.known_guns(s.provenance.cartridge_case for s in specimens))
        names = self._casebook.gun_names(known.values())
        groups: defaultdict[str, list[Specimen]] = defaultdict(list)
        for specimen in specimens:
            groups[group_of(specimen.provenance.cartridge_case, known)].append(specimen)
        made = [_gun(key, members, firearms, names) for key, members in groups.items()]
        made.sort(key=lambda gun: (-gun.gathered.value, gun.specimens[0].rank))
        return tuple(replace(gun, rank=rank) for rank, gun in enumerate(made, start=1))


def group_of(case: CartridgeCase, guns: Mapping[str, str] = MappingProxyType({})) -> str:
    """What is the same for cartridge cases known to be of one gun.

    That is the gun they were put into (``guns`` by cartridge case, as the casebook's
    ``known_guns`` tells), else their firearm; test fires without one are of the firearm their
    exhibit is. Evidence found together may be of several guns, so each stands alone.
    """
    if case.id in guns:
        return guns[case.id]
    if case.firearm_id is not None:
        return case.firearm_id
    return case.exhibit_id if case.role is Role.TEST_FIRE else case.id


def review_of(specimens: Iterable[Specimen]) -> Review:
    """One word for specimens: kept or later when one is, dismissed only when all are."""
    said = {specimen.review for specimen in specimens}
    for review in (Review.KEPT, Review.LATER):
        if review in said:
            return review
    return Review.DISMISSED if said == {Review.DISMISSED} else Review.NEW


def _mark(column: Column) -> Mark:
    return cast(Mark, column.mark.value)


def _mark_score(column: Column, score: Score) -> MarkScore:
    return MarkScore(column.kind, _mark(column), score.score, column.light.value)


def _specimen_order(one: Specimen) -> tuple[float, float, float, str, str]:
    compared = one.compared
    score = compared[0].candidate.score if compared and compared[0].candidate else None
    first, second = (-score.score, -score.ccf) if score else (0.0, 0.0)
    place = one.provenance
    return -one.value, first, second, place.name, place.cartridge_case.id


def _gun(
    key: str, members: list[Specimen], firearms: dict[str, Firearm], names: Mapping[str, str]
) -> Gun:
    gathered = gather([member.value for member in members])
    return Gun(key, names.get(key) or _gun_name(members, firearms), tuple(members), gathered)


def _gun_name(members: list[Specimen], firearms: dict[str, Firearm]) -> str:
    place = members[0].provenance
    case = place.cartridge_case
    firearm = firearms.get(case.firearm_id or "")
    if firearm is not None:
        words = " ".join(filter(None, (firearm.make, firearm.model, firearm.serial)))
        return words or "Firearm"
    if case.role is Role.TEST_FIRE:
        return f"Test fires of {place.case.number} / {place.exhibit.number}"
    return place.name


def _inserted(listed: list[Candidate], new: Candidate) -> tuple[Candidate, ...]:
    """Before the first that scores less; the order of the others stays."""
    ours = (new.score.score, new.score.ccf)
    at = next((n for n, c in enumerate(listed) if (c.score.score, c.score.ccf) < ours), len(listed))
    every = (*listed[:at], new, *listed[at:])
    return tuple(replace(c, rank=rank) for rank, c in enumerate(every, start=1))
