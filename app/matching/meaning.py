"""What a score means: where it stands among known pairs, and its likelihood ratio.

Derived whenever it is looked at, from the reference populations of the casebook; a population
fits scores of the same mark, modality, method, version and parameters only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain import MarkKind, Score
from app.matching.cache import Cache
from app.matching.populations import known
from app.store import Casebook
from app.store.codec import canonical
from app.store.populations import ReferencePopulation
from correlation.likelihood import RATIO_VERSION, Calibration, Ratio, features
from correlation.surface import Kind

_KEPT_BYTES = 64 * 2**20
_MODALITY = {"image": "images", "scan": "scans"}
_NOT_MEASURED = (
    "No likelihood ratio: one of these is a relief worked out from pictures under several lights, "
    "and the populations of known pairs are of measured heights. Compare measured scans to have "
    "the score set against pairs of known origin."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a score stands: how many known pairs score how."""

    same: int
    same_below: int
    different: int
    different_as_high: int
    highest_different: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """What can be said of a score; never a conclusion.

    Without a population that fits there is neither ``standing`` nor ``ratio``. ``refusal`` says
    in words what cannot be told and why; "" when all is told.
    """

    population: str = ""
    firearms: int = 0
    standing: Standing | None = None
    ratio: Ratio | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A score with what a population must fit: mark, modality, digests of the two pictures.

    ``relief``: one of the two is a relief worked out from lights.
    """

    score: Score
    mark: MarkKind
    kind: Kind
    digests: tuple[str, ...] = ()
    relief: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ReadyPopulation:
    """A population as it is asked: its scores in order, and its calibration or why none."""

    population: ReferencePopulation
    same: NDArray[np.float64]
    different: NDArray[np.float64]
    calibration: Calibration | None
    refusal: str

    def standing(self, score: float) -> Standing:
        below = int(np.searchsorted(self.same, score, side="left"))
        as_high = self.different.size - int(np.searchsorted(self.different, score, side="left"))
        highest = float(self.different[-1])
        return Standing(self.same.size, below, self.different.size, as_high, highest)


class Meanings:
    """Answers for one casebook; safe from any thread.

    The first answer by a population takes as long as its calibration (a second for some ten
    thousand pairs), which is then kept beside the prepared marks; later ones under a millisecond.
    """

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._ready: Cache[ReadyPopulation] = Cache(_KEPT_BYTES)
        self._populations: Cache[ReferencePopulation] = Cache(_KEPT_BYTES)

    def of(self, asked: Asked) -> Meaning:
        """By the population that fits and has most firearms (the newest of equals).

        Scores of reliefs are set against nothing: the populations are of measured heights.
        """
        if asked.relief:
            return Meaning(refusal=_NOT_MEASURED)
        populations = [self._population(one) for one in self._casebook.population_ids()]
        fitting, refusal = fit_for(asked, populations)
        if not fitting:
            return Meaning(refusal=refusal)
        best = max(reversed(fitting), key=lambda p: p.firearms)
        return _told(self.make_ready(best), asked)

    def make_ready(self, population: ReferencePopulation) -> ReadyPopulation:
        """Do beforehand what the first answer would wait for."""
        return self._ready.get(population.id, lambda: self._prepared(population))

    def _population(self, population_id: str) -> ReferencePopulation:
        def read() -> tuple[ReferencePopulation, int]:
            found = self._casebook.population(population_id)
            return found, 250 * len(found.pairs)

        return self._populations.get(population_id, read)

    def _prepared(self, population: ReferencePopulation) -> tuple[ReadyPopulation, int]:
        pairs = population.pairs
        scores = np.array(pairs.score, np.float64)
        same = np.array(pairs.left) == np.array(pairs.right)
        refusal = known(population).refusal()
        calibration = None if refusal else self._calibration(population)
        ordered = np.sort(scores[same]), np.sort(scores[~same])
        size = 10**5 + 250 * len(pairs)
        return ReadyPopulation(population, *ordered, calibration, refusal), size

    def _calibration(self, population: ReferencePopulation) -> Calibration:
        key = calibration_key(population)
        kept = self._casebook.prepared(key)
        if kept is not None:
            try:
                return Calibration.from_dict(json.loads(kept))
            except (ValueError, KeyError, TypeError):
                pass  # a damaged cache file is only a reason to calibrate again
        made = known(population).calibration()
        if not self._casebook.read_only:
            self._casebook.keep_prepared(key, json.dumps(made.as_dict()).encode())
        return made


def calibration_key(population: ReferencePopulation) -> str:
    """The name of a kept calibration: everything its numbers depend on."""
    facts = (RATIO_VERSION, population.digest, population.kind, str(population.mark))
    return "ratio-" + hashlib.sha256("|".join(facts).encode()).hexdigest()


def fit_for(
    asked: Asked, populations: Sequence[ReferencePopulation]
) -> tuple[list[ReferencePopulation], str]:
    """The populations that fit, or the sentence why none does."""
    left = list(populations)
    if not left:
        return [], (
            "This casebook has no reference population, so the score cannot be set against pairs "
            "of known origin: run casehead validate on cartridge cases of known firearms and keep "
            "its outcome with casehead population add."
        )
    score = asked.score
    tests: tuple[tuple[Callable[[ReferencePopulation], bool], str], ...] = (
        (lambda p: p.mark == asked.mark, f"of {asked.mark} marks"),
        (lambda p: p.kind == asked.kind, f"of {_MODALITY[asked.kind]} of {asked.mark} marks"),
        (
            lambda p: (p.method, p.version) == (score.method, score.version),
            f"of version {score.version} of the method",
        ),
        (
            lambda p: canonical(p.parameters) == canonical(score.parameters),
            f"with the parameters this score was made with (version {score.version})",
        ),
    )
    for fits, what in tests:
        before, left = left, [p for p in left if fits(p)]
        if not left:
            return [], (
                f"There is no reference population {what}; {_those(before)}. The score cannot be "
                "set against pairs of known origin."
            )
    return left, ""


def _those(populations: Sequence[ReferencePopulation]) -> str:
    words = sorted(
        {f"{p.name} ({p.mark}, {_MODALITY[p.kind]}, version {p.version})" for p in populations}
    )
    return f"those kept are other: {', '.join(words)}"


def _told(ready: ReadyPopulation, asked: Asked) -> Meaning:
    population, score = ready.population, asked.score
    refusal, ratio = ready.refusal, None
    if set(asked.digests) & set(population.files):
        refusal = (
            "No likelihood ratio: one of these pictures is part of the population itself, which "
            "would speak of its own."
        )
    elif ready.calibration is not None:
        rows = features([score.congruent_cells], [score.cells], [score.ccf])
        ratio = ready.calibration.ratio(rows)
    standing = ready.standing(score.score)
    return Meaning(population.name, population.firearms, standing, ratio, refusal)
