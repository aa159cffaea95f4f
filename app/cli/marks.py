"""Marks of a casebook by the names people type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from app.cli.places import require_casebook
from app.domain import Candidate, CaseheadError, Light, MarkKind, Provenance, Search
from app.jobs import Job
from app.matching import Matcher
from app.matching.engine import Engine
from app.matching.matcher import Finished, Hear
from app.matching.plan import Plan, same_light
from app.store import Casebook, Named, Reference
from app.workbench.reading import Reader
from correlation.errors import CorrelationError
from correlation.prepare import Prepared
from correlation.surface import Kind, Surface

_ID = re.compile(r"[0-9a-f]{32}")


class Marks:
    """The pictures of one casebook, for comparing and searching them; a context manager."""

    def __init__(self, folder: Path, workers: int = 2, engine: Engine | None = None) -> None:
        """``engine`` works out the searches, this computer when None.

        Raises CaseheadError when there is no casebook in ``folder`` or it cannot be opened.
        """
        require_casebook(folder)
        self._casebook = Casebook.open(folder, create=False)
        self._reader = Reader(self._casebook)
        self._matcher = Matcher(self._casebook, workers, self._reader.read, engine)

    def __enter__(self) -> Marks:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the casebook."""
        self._matcher.close()
        self._casebook.close()

    def places_of(self, candidates: Iterable[Candidate]) -> dict[str, Provenance]:
        """Where the pictures of candidates sit, by their ids."""
        return self._casebook.provenances_of(c.acquired_id for c in candidates)

    def find(self, text: str) -> Provenance:
        """The one picture meant by ``text``.

        ``text`` is the identifier of a picture, mark or cartridge case, or a name such as
        ``2026-0412/3/3A``. Raises CaseheadError when none or several fit.
        """
        wanted = _plain(text)
        ids = [named.acquired_id for named in self._casebook.names() if _fits(named, wanted)]
        return _only(text, list(self._casebook.provenances_of(ids).values()))

    def prepared(self, acquired_id: str) -> Prepared:
        """Ready to be compared, through the casebook's cache."""
        return self._matcher.prepared(acquired_id)

    def search(self, query: Provenance, job: Job, hear: Hear) -> Finished:
        """The query against all the casebook holds, by the rules of the workstation.

        Nothing is recorded. Raises CaseheadError when the query cannot be searched.
        """
        try:
            return self._matcher.run(Search(query.acquired.id), job, hear)
        except CorrelationError as error:
            raise CaseheadError(f"{query.name}: {error}") from error

    def search_file(
        self, prepared: Prepared, digest: str, light: Light, job: Job, hear: Hear
    ) -> tuple[Finished, int]:
        """A file's mark, with its SHA-256, against all the casebook holds of that kind.

        Pictures whose light contradicts ``light`` and those with the same bytes are no
        references. Also counts the pictures of the other kind, image or scan. It keeps to the
        search area. Nothing is recorded.
        """
        mark, kind = MarkKind(prepared.mark), prepared.kind
        chosen = Plan(tuple(self._lit(mark, kind, light, digest)))
        others = self._lit(mark, "scan" if kind == "image" else "image", light, digest)
        return self._matcher.sweep(Search(""), chosen, prepared, job, hear), len(others)

    def _lit(self, mark: MarkKind, kind: Kind, light: Light, digest: str) -> list[Reference]:
        return [
            one
            for one in self._casebook.gallery(mark, kind, self._casebook.search_area())
            if one.pixel_um is not None
            and one.digest != digest
            and same_light(light, Light(one.light))
        ]

    def outside_words(self) -> str:
        """That searches keep to the search area, "" where there is none."""
        if self._casebook.search_area() is None:
            return ""
        return (
            "Only the search area is searched; what lies beyond it is searched in the window, for "
            "a reason that the journal keeps."
        )

    def surface(self, acquired_id: str) -> Surface:
        """The picture itself."""
        return self._reader.read(self._casebook.acquired(acquired_id))


def _only(text: str, found: list[Provenance]) -> Provenance:
    if not found:
        raise CaseheadError(
            f"There is no file and no mark called '{text}'; a mark is named by its identifier or "
            "as case/exhibit/label."
        )
    if len(found) > 1:
        ids = ", ".join(f"{p.acquired.id} ({_words(p)})" for p in found[:8])
        raise CaseheadError(f"'{text}' has {len(found)} pictures; name one of them: {ids}.")
    return found[0]


def _fits(named: Named, wanted: str) -> bool:
    if _ID.fullmatch(wanted):
        return wanted in (named.acquired_id, named.mark_id, named.cartridge_case_id)
    return _plain(named.name) == wanted


def _plain(name: str) -> str:
    return re.sub(r"\s*/\s*", "/", name.strip()).casefold()


def _words(picture: Provenance) -> str:
    return f"{picture.mark.kind}, {picture.acquired.kind}, {picture.acquired.record.light} light"
