"""The marks of a cartridge case seen together: fused lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from app.domain import Candidate, CaseheadError, Changes
from app.jobs import Job
from app.matching.curves import own_curves
from app.matching.fusion import Finding, FusedList, Fusion, Specimen
from app.workbench.blinding import Blinding
from correlation.errors import CorrelationError


class Fusing(Blinding):
    """Operations on fused lists."""

    def fused(self, cartridge_case_id: str) -> FusedList:
        """The searches of a cartridge case's pictures joined by cartridge case and by gun.

        Raises CaseheadError when nothing of the case was searched yet.
        """
        veil = self._veil()
        found = self._fusion.of_cartridge_case(cartridge_case_id, veil.shown_guns)
        return _afresh(found, self._unreviewed) if veil.specimens else found

    def compare_missing(
        self, cartridge_case_id: str, job: Job | None = None
    ) -> tuple[int, tuple[str, ...]]:
        """Compare what the fused list lacks, from its top, and store it with its searches.

        Returns how many were compared and a sentence for each that could not be. Raises
        CancelledError when stopped; what was compared by then is kept.
        """
        self._need_writable()
        job = job or Job()
        todo = self._fusion.of_cartridge_case(cartridge_case_id).not_compared
        refused: list[str] = []
        for number, finding in enumerate(todo):
            job.report(number, len(todo), str(finding.column.mark))
            said = self._compare_finding(finding)
            if said:
                refused.append(said)
        return len(todo) - len(refused), tuple(refused)

    @property
    def _fusion(self) -> Fusion:
        """By the populations in use; made anew when they change."""
        ids = self._casebook.population_ids()
        if ids not in self._fusions:
            self._fusions.clear()
            curves = own_curves(self._casebook.populations())
            self._fusions[ids] = Fusion(self._casebook, curves)
        return self._fusions[ids]

    @cached_property
    def _fusions(self) -> dict[tuple[str, ...], Fusion]:
        return {}

    def _compare_finding(self, finding: Finding) -> str:
        """Compare and store one; the sentence when it cannot be compared."""
        try:
            score = self._matcher.compare(finding.query_id, finding.reference_id)
        except (CorrelationError, CaseheadError) as error:
            return str(error)
        made = self._fusion.filled(finding, score)
        self._publish(
            Changes(searches=frozenset({made.search_id}), candidates=frozenset({made.id}))
        )
        return ""


Unreviewed = Callable[[str, tuple[Candidate, ...]], tuple[Candidate, ...]]


def _afresh(found: FusedList, unreviewed: Unreviewed) -> FusedList:
    """The list without the reviews that the person at work must not see yet."""

    def finding(one: Finding) -> Finding:
        if one.candidate is None:
            return one
        return replace(one, candidate=unreviewed(one.query_id, (one.candidate,))[0])

    def specimen(one: Specimen) -> Specimen:
        return replace(one, findings=tuple(map(finding, one.findings)))

    guns = (replace(gun, specimens=tuple(map(specimen, gun.specimens))) for gun in found.guns)
    return replace(found, specimens=tuple(map(specimen, found.specimens)), guns=tuple(guns))
