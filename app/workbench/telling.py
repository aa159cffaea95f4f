"""What scores mean, and where two marks agree: derived when looked at, never stored."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from app.domain import Alignment, CaseheadError, Changes, Score
from app.matching.meaning import Asked, Meaning, Meanings
from app.matching.populations import read_populations
from app.store.populations import ReferencePopulation
from app.workbench.base import Base
from correlation.errors import CorrelationError
from correlation.similarity import SimilarityMap, similarity_map


class Telling(Base):
    """Operations on reference populations and what is derived from them."""

    def populations(self, withdrawn: bool = False) -> tuple[ReferencePopulation, ...]:
        """The reference populations in use, oldest first; all there ever were if ``withdrawn``."""
        return self._casebook.populations(withdrawn)

    def add_populations(self, folder: Path, name: str = "") -> tuple[ReferencePopulation, ...]:
        """Keep what a validation in ``folder`` found; one population a modality.

        Raises CaseheadError when there is nothing to keep there, or it is kept already.
        """
        found = read_populations(folder, name)
        with self._casebook.transaction():
            kept = tuple(self._casebook.add_population(population) for population in found)
        for population in kept:
            self._meanings.make_ready(population)
        self._publish(Changes(settings=True))
        return kept

    def withdraw_population(self, population_id: str) -> ReferencePopulation:
        """Take a population out of use; it stays on the record."""
        withdrawn = self._casebook.withdraw_population(population_id)
        self._publish(Changes(settings=True))
        return withdrawn

    def meaning(self, score: Score, left_id: str, right_id: str) -> Meaning:
        """Where the score of two pictures stands among known pairs, and its likelihood ratio.

        The first answer by a population may take a second; call it off the GUI thread.
        """
        places = [self._casebook.provenance(one) for one in (left_id, right_id)]
        digests = tuple(place.acquired.digest for place in places)
        left = places[0]
        relief = any(place.acquired.relief for place in places)
        return self._meanings.of(Asked(score, left.mark.kind, left.acquired.kind, digests, relief))

    def similarity(self, left_id: str, right_id: str, alignment: Alignment) -> SimilarityMap:
        """The similarity map of two pictures as aligned, over the left one.

        Raises CaseheadError when one of them cannot be prepared or they do not lie on each other.
        """
        try:
            left, right = (self._matcher.prepared(one) for one in (left_id, right_id))
            return similarity_map(left, right, alignment.rotation_deg, alignment.shift_um)
        except CorrelationError as error:
            raise CaseheadError(str(error)) from error

    @cached_property
    def _meanings(self) -> Meanings:
        return Meanings(self._casebook)
