"""Reference populations from what a validation wrote."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from app.domain import CaseheadError, MarkKind
from app.store.populations import KnownPairs, ReferencePopulation
from correlation.likelihood import Population, features
from correlation.method import METHOD
from correlation.surface import Kind

SCORES = "scores.csv"
MANIFEST = "manifest.json"
MOST_DIFFERENT = 50_000
_KINDS: tuple[Kind, ...] = get_args(Kind)
_WORDS: Mapping[Kind, str] = {"image": "images", "scan": "scans"}


@dataclass(frozen=True, slots=True)
class _Row:
    guns: tuple[str, str]
    score: float
    ccf: float
    cells: int
    congruent_cells: int

    @property
    def same(self) -> bool:
        return self.guns[0] == self.guns[1]


def read_populations(folder: Path, name: str = "") -> tuple[ReferencePopulation, ...]:
    """What ``casehead validate`` found on files of known origin: one population a modality.

    ``name`` is the folder's unless given. Of more than 50,000 pairs of two firearms so many are
    drawn, always the same. Raises CaseheadError for a folder without a finished validation, one
    of degraded files or of another method, and one without known pairs of both sorts.
    """
    table, manifest = _read(folder, SCORES), _manifest(folder)
    if manifest.get("degradation"):
        raise CaseheadError(
            f"{folder} holds scores of degraded files; they tell nothing of files as they are."
        )
    if manifest["method"] != METHOD:
        raise CaseheadError(
            f"The scores in {folder} were made by another method ({manifest['method']}), such as "
            "the baseline beside a validation; name the folder of Casehead's own scores, the --out "
            "of casehead validate."
        )
    by_kind: dict[Kind, list[_Row]] = {kind: [] for kind in _KINDS}
    for kind, row in _rows(table, manifest, folder):
        by_kind[kind].append(row)
    found = {kind: rows for kind, rows in by_kind.items() if _both_sorts(rows)}
    if not found:
        raise CaseheadError(
            f"{folder / SCORES} has no pairs of one and of two known firearms of one modality; "
            "give the firearms in truth.csv and run casehead validate to its end."
        )
    called = name.strip() or folder.resolve().name
    digest = hashlib.sha256(table).hexdigest()
    return tuple(
        _population(
            called if len(found) == 1 else f"{called} ({_WORDS[kind]})",
            kind,
            rows,
            manifest,
            (str(folder.resolve() / SCORES), digest),
        )
        for kind, rows in found.items()
    )


def known(population: ReferencePopulation) -> Population:
    """As the correlation library takes it."""
    pairs = population.pairs
    rows = features(pairs.congruent_cells, pairs.cells, pairs.ccf)
    return Population(rows, np.column_stack([pairs.left, pairs.right]).astype(np.intp))


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise CaseheadError(
            f"{folder} holds no {name} that can be read; name the folder that casehead validate "
            "wrote into (its --out)."
        ) from error


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(_read(folder, MANIFEST))
        whole = {"method", "version", "parameters", "files"} <= found.keys()
        if whole and str(found.get("mark", MarkKind.BREECH_FACE)) in set(MarkKind):
            return dict(found)
    except (ValueError, AttributeError):
        pass
    raise CaseheadError(
        f"{folder / MANIFEST} does not tell how the scores were made; run casehead validate again."
    )


def _rows(table: bytes, manifest: Mapping[str, Any], folder: Path) -> Iterator[tuple[Kind, _Row]]:
    """The pairs whose two firearms are known, with their modality."""
    files = manifest["files"]
    try:
        for line in csv.DictReader(io.StringIO(table.decode("utf-8"), newline="")):
            if line["same"] not in ("0", "1"):
                continue
            row = _Row(
                (line["gun_a"], line["gun_b"]),
                float(line["score"]),
                float(line["ccf"]),
                int(line["cells"]),
                int(line["congruent_cells"]),
            )
            if not np.isfinite([row.score, row.ccf]).all() or row.same != (line["same"] == "1"):
                raise ValueError
            yield files[line["file_a"]]["kind"], row
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise CaseheadError(
            f"{folder / SCORES} is not a table of casehead validate, or was changed since; "
            "run it again."
        ) from error


def _both_sorts(rows: list[_Row]) -> bool:
    return any(row.same for row in rows) and not all(row.same for row in rows)


def _population(
    name: str,
    kind: Kind,
    rows: list[_Row],
    manifest: Mapping[str, Any],
    table: tuple[str, str],
) -> ReferencePopulation:
    kept = _thinned(rows)
    guns = sorted({gun for row in kept for gun in row.guns})
    number = {gun: index for index, gun in enumerate(guns)}
    same = sum(row.same for row in kept)
    digests = {f["digest"] for f in manifest["files"].values() if f.get("kind") == kind}
    return ReferencePopulation(
        name=name,
        mark=MarkKind(manifest.get("mark", MarkKind.BREECH_FACE)),
        kind=kind,
        method=str(manifest["method"]),
        version=str(manifest["version"]),
        parameters=dict(manifest["parameters"].get(kind, {})),
        origin=table[0],
        digest=table[1],
        firearms=len(guns),
        same_pairs=same,
        different_pairs=len(kept) - same,
        files=tuple(sorted(digests)),
        pairs=KnownPairs(
            tuple(number[row.guns[0]] for row in kept),
            tuple(number[row.guns[1]] for row in kept),
            tuple(row.score for row in kept),
            tuple(row.ccf for row in kept),
            tuple(row.cells for row in kept),
            tuple(row.congruent_cells for row in kept),
        ),
    )


def _thinned(rows: list[_Row]) -> list[_Row]:
    different = [row for row in rows if not row.same]
    if len(different) <= MOST_DIFFERENT:
        return rows
    drawn = np.random.default_rng(0).choice(len(different), MOST_DIFFERENT, replace=False)
    return [row for row in rows if row.same] + [different[i] for i in np.sort(drawn)]
