"""Reference populations: pairs of known origin that tell what a score means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain import CaseheadError, MarkKind, new_id, now
from app.store.codec import Codec, canonical
from app.store.records import Records
from correlation.surface import Kind


@dataclass(frozen=True, slots=True)
class KnownPairs:
    """Scores of pairs whose firearms are known, as columns of one length.

    ``left`` and ``right`` number the firearms of each pair; a pair with twice the same number is
    of one firearm.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    score: tuple[float, ...]
    ccf: tuple[float, ...]
    cells: tuple[int, ...]
    congruent_cells: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class ReferencePopulation:
    """Where known pairs come from and which scores they say something about.

    They fit scores of the same mark, modality (``kind``), method, version and parameters.
    ``digest`` is the SHA-256 of the table they were read from, ``origin`` its place, ``files``
    are the digests of the pictures that were compared.
    ``withdrawn_at`` is "" while it is in use.
    """

    name: str
    mark: MarkKind
    kind: Kind
    method: str
    version: str
    parameters: Mapping[str, Any]
    origin: str
    digest: str
    firearms: int
    same_pairs: int
    different_pairs: int
    files: tuple[str, ...] = field(repr=False)
    pairs: KnownPairs = field(repr=False)
    added_at: str = ""
    added_by: str = ""
    withdrawn_at: str = ""
    id: str = field(default_factory=new_id)


_COLUMNS = (
    "name mark kind method version parameters origin digest firearms same_pairs different_pairs "
    "files pairs added_at added_by withdrawn_at id"
)
_PAIR_COLUMNS = ("left", "right", "score", "ccf", "cells", "congruent_cells")


def _encode(p: ReferencePopulation) -> Sequence[Any]:
    pairs = canonical({name: list(getattr(p.pairs, name)) for name in _PAIR_COLUMNS})
    facts = (p.name, str(p.mark), p.kind, p.method, p.version, canonical(p.parameters))
    counts = (p.firearms, p.same_pairs, p.different_pairs)
    made = (p.added_at, p.added_by, p.withdrawn_at, p.id)
    return (*facts, p.origin, p.digest, *counts, canonical(p.files), pairs, *made)


def _decode(r: Sequence[Any]) -> ReferencePopulation:
    columns = json.loads(r[12])
    pairs = KnownPairs(*(tuple(columns[name]) for name in _PAIR_COLUMNS))
    return ReferencePopulation(
        name=r[0],
        mark=MarkKind(r[1]),
        kind=r[2],
        method=r[3],
        version=r[4],
        parameters=json.loads(r[5]),
        origin=r[6],
        digest=r[7],
        firearms=r[8],
        same_pairs=r[9],
        different_pairs=r[10],
        files=tuple(json.loads(r[11])),
        pairs=pairs,
        added_at=r[13],
        added_by=r[14],
        withdrawn_at=r[15],
        id=r[16],
    )


POPULATION: Codec[ReferencePopulation] = Codec(
    "population", _COLUMNS, _encode, _decode, frozenset({"withdrawn_at"})
)


class Populations(Records):
    """The reference populations of a casebook; one that was withdrawn stays on the record."""

    def add_population(self, population: ReferencePopulation) -> ReferencePopulation:
        """Keep a population, with who added it and when.

        Raises CaseheadError when one in use has its name, or has the very same table for the
        same mark and modality.
        """
        with self._change() as author:
            self._refuse_twice(population)
            kept = replace(population, added_at=now(), added_by=author.examiner, withdrawn_at="")
            self._add(POPULATION, kept, _facts(kept))
            return kept

    def populations(self, withdrawn: bool = False) -> tuple[ReferencePopulation, ...]:
        """Those in use, oldest first; all that ever were with ``withdrawn``."""
        return self._all(POPULATION, "1" if withdrawn else "withdrawn_at = ''")

    def population(self, population_id: str) -> ReferencePopulation:
        """One population. Raises CaseheadError when there is none of that id."""
        return self._by_id(POPULATION, population_id)

    def population_ids(self) -> tuple[str, ...]:
        """The ids of those in use, oldest first; quick."""
        sql = "SELECT id FROM population WHERE withdrawn_at = '' ORDER BY seq"
        return tuple(row[0] for row in self._connection.rows(sql))

    def withdraw_population(self, population_id: str) -> ReferencePopulation:
        """Take a population out of use. Raises CaseheadError when there is none of that id."""
        with self._change():
            population = self.population(population_id)
            if not population.withdrawn_at:
                population = replace(population, withdrawn_at=now())
                sql = "UPDATE population SET withdrawn_at = ? WHERE id = ?"
                self._connection.run(sql, (population.withdrawn_at, population_id))
                self._tell("population withdrawn", population_id, _facts(population))
            return population

    def _refuse_twice(self, population: ReferencePopulation) -> None:
        for other in self.populations():
            if other.name.casefold() == population.name.casefold():
                raise CaseheadError(
                    f"There is a reference population called '{other.name}' already; remove it "
                    "first or give another name."
                )
            same_table = other.digest == population.digest
            if same_table and (other.mark, other.kind) == (population.mark, population.kind):
                raise CaseheadError(
                    f"These very scores are kept already as '{other.name}'; nothing was added."
                )


def _facts(population: ReferencePopulation) -> dict[str, Any]:
    return {
        "name": population.name,
        "mark": str(population.mark),
        "kind": population.kind,
        "version": population.version,
        "table": population.digest,
        "firearms": population.firearms,
        "pairs": len(population.pairs),
    }
