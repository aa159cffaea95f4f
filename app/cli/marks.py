"""Marks of a casebook by the names people type."""

from __future__ import annotations

import re
from pathlib import Path

from app.cli.places import require_casebook
from app.domain import CaseheadError, Provenance, Search
from app.jobs import Job
from app.matching import Matcher
from app.matching.matcher import Finished
from app.store import Casebook
from app.workbench.reading import Reader
from correlation.errors import CorrelationError
from correlation.prepare import Prepared
from correlation.surface import Surface

_ID = re.compile(r"[0-9a-f]{32}")


class Marks:
    """The pictures of one casebook, for comparing and searching them; a context manager."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        """Raises CaseheadError when there is no casebook in ``folder`` or it cannot be opened."""
        require_casebook(folder)
        self._casebook = Casebook.open(folder, create=False)
        self._reader = Reader(self._casebook)
        self._matcher = Matcher(self._casebook, workers, self._reader.read)

    def __enter__(self) -> Marks:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the casebook."""
        self._matcher.close()
        self._casebook.close()

    def all(self) -> tuple[Provenance, ...]:
        """Every current picture."""
        return self._casebook.provenances()

    def find(self, text: str) -> Provenance:
        """The picture meant by ``text``: see ``find_picture``."""
        return find_picture(self.all(), text)

    def prepared(self, acquired_id: str) -> Prepared:
        """Ready to be compared, through the casebook's cache."""
        return self._matcher.prepared(acquired_id)

    def search(self, query: Provenance, job: Job) -> Finished:
        """The query against all the casebook holds, by the rules of the workstation.

        Nothing is recorded. Raises CaseheadError when the query cannot be searched.
        """
        try:
            return self._matcher.run(Search(query.acquired.id), job, lambda done, total: None)
        except CorrelationError as error:
            raise CaseheadError(f"{query.name}: {error}") from error

    def surface(self, acquired_id: str) -> Surface:
        """The picture itself."""
        return self._reader.read(self._casebook.acquired(acquired_id))


def find_picture(pictures: tuple[Provenance, ...], text: str) -> Provenance:
    """The one picture meant by ``text``.

    ``text`` is the identifier of a picture, mark or cartridge case, or a name such as
    ``2026-0412/3/3A``. Raises CaseheadError when none or several fit.
    """
    wanted = _plain(text)
    found = [p for p in pictures if _fits(p, wanted)]
    if not found:
        raise CaseheadError(
            f"There is no file and no mark called '{text}'; a mark is named by its identifier or "
            "as case/exhibit/label."
        )
    if len(found) > 1:
        ids = ", ".join(f"{p.acquired.id} ({_words(p)})" for p in found[:8])
        raise CaseheadError(f"'{text}' has {len(found)} pictures; name one of them: {ids}.")
    return found[0]


def _fits(picture: Provenance, wanted: str) -> bool:
    if _ID.fullmatch(wanted):
        return wanted in (picture.acquired.id, picture.mark.id, picture.cartridge_case.id)
    return _plain(picture.name) == wanted


def _plain(name: str) -> str:
    return re.sub(r"\s*/\s*", "/", name.strip()).casefold()


def _words(picture: Provenance) -> str:
    return f"{picture.mark.kind}, {picture.acquired.kind}, {picture.acquired.record.light} light"
