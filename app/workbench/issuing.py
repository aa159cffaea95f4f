"""Operations on reports and packages: issued whole, journalled with their SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from app.domain import CaseheadError, Changes
from app.jobs import Job
from app.picture.writing import check_free, write_whole
from app.reporting import casework_pdf, comparison_pdf, letters_told
from app.reporting.casework import CaseworkReport
from app.reporting.phrases import language_warnings
from app.reporting.templates import FOLDER, Template, template
from app.workbench.base import Base
from app.workbench.defence import Package
from app.workbench.issue_case import case_summary
from app.workbench.issue_clock import statistics
from app.workbench.issue_comparison import comparison_report, gather_comparison, sides_of
from app.workbench.issue_custody import custody
from app.workbench.issue_names import file_name
from app.workbench.issue_notices import (
    confirmed_link,
    hit_notice,
    lead_notice,
    recipients,
    trace_request,
)
from app.workbench.issue_values import Gathering

if TYPE_CHECKING:
    from app.workbench.workbench import Workbench

KIND_WORDS: Mapping[str, str] = {
    "comparison": "comparison report",
    "lead_notice": "lead notice",
    "hit_notice": "hit notice",
    "trace_request": "trace request",
    "case_summary": "case summary",
    "custody": "custody",
    "statistics": "statistics",
    "defence_package": "defence package",
}
"""The kinds of ``issue`` and what the journal calls each."""

TITLES: Mapping[str, str] = {
    "comparison": "Comparison report",
    "lead_notice": "Lead notice",
    "hit_notice": "Hit notice",
    "trace_request": "Trace request",
    "case_summary": "Case summary",
    "custody": "Chain of custody",
    "statistics": "Statistics",
    "defence_package": "Defence package",
}
"""The kinds as they are offered."""

_MAKERS: Mapping[str, Callable[[Gathering, str], CaseworkReport]] = {
    "lead_notice": lead_notice,
    "hit_notice": hit_notice,
    "trace_request": trace_request,
    "case_summary": case_summary,
    "custody": custody,
    "statistics": statistics,
}
_STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class Issued:
    """A file that was written, with its SHA-256; ``warnings`` are sentences on wording."""

    path: Path
    digest: str
    kind: str = ""
    subject_id: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """That it was written, and how it can be known again."""
        return f"Written to {self.path.name}; SHA-256 {self.digest}."


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is to be said before something is issued: a name for the file, who is to be told (a
    line each, with the way to reach them and whether a notice was recorded), warnings.
    """

    file_name: str
    recipients: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Issuing(Base):
    """The same record gives the same bytes: a report tells the moment of the newest thing in it."""

    def issue(
        self,
        kind: str,
        subject_id: str,
        path: Path,
        *,
        overwrite: bool = False,
        job: Job | None = None,
    ) -> Issued:
        """Write a report (PDF) or package (zip) of a kind in ``KIND_WORDS``; the journal tells it.

        ``subject_id`` is the id of a comparison; of a lead; of a comparison a hit rests on; of a
        trace request; of a case; of an exhibit or a case for its custody; of a comparison or a
        case for a package; for statistics the days from and to, as ``2026-01-01..2026-03-31``, or
        "" for all there is. Raises CaseheadError with a sentence where there is no such thing,
        where it may not be told (a lead not agreed, a blind verification waiting) and for a place
        that cannot be written; CancelledError. Then nothing is written.
        """
        words = _words(kind)
        self._need_writable()
        if self.author is None:
            raise CaseheadError("Say first who works here: agency, station and examiner's name.")
        _check_suffix(kind, path)
        check_free(path, overwrite=overwrite)
        job, replaced = job or Job(), path.exists()
        gathering = self._gathering()
        if kind == "defence_package":
            package = Package(gathering, subject_id, self._template(kind))
            digest = package.write(path, overwrite=overwrite, job=job)
            letters: tuple[str, ...] = ()
        else:
            data, letters = self._set(kind, subject_id, gathering, job)
            job.check()
            write_whole(path, data, overwrite=overwrite, what="report")
            digest = hashlib.sha256(data).hexdigest()
        warnings = self._warnings(kind, gathering, letters)
        facts = {"file": path.name, "sha256": digest, "warnings": list(warnings)}
        try:
            self._casebook.note_export(subject_id or _STATISTICS, words, facts)
        except BaseException:
            if not replaced:  # what the journal does not know of is not left behind
                with suppress(OSError):
                    path.unlink()
            raise
        self._publish(Changes(casework=True))
        return Issued(path, digest, kind, subject_id, warnings)

    def issue_warnings(self, kind: str, subject_id: str) -> tuple[str, ...]:
        """What there is to say of the wording before it is issued: free text and templates.

        Raises CaseheadError where it could not be issued at all.
        """
        _words(kind)
        gathering = self._gathering()
        letters: tuple[str, ...] = ()
        if kind in _MAKERS:
            letters = letters_told(_MAKERS[kind](gathering, subject_id))
        elif kind == "comparison":
            gather_comparison(gathering, subject_id)
            letters = letters_told((gathering.said, sides_of(gathering, subject_id)))
        else:
            Package(gathering, subject_id, self._template(kind))
        return self._warnings(kind, gathering, letters)

    def issue_prospect(self, kind: str, subject_id: str) -> Prospect:
        """Everything to be seen before it is issued; raises as ``issue_warnings`` does."""
        warnings = self.issue_warnings(kind, subject_id)
        name = self.issue_file_name(kind, subject_id)
        return Prospect(name, self.issue_recipients(kind, subject_id), warnings)

    def issue_recipients(self, kind: str, subject_id: str) -> tuple[str, ...]:
        """Who is to be told of a lead or a hit: of both cases the investigator and agency."""
        gathering = self._gathering()
        if kind == "lead_notice":
            lead = self._casebook.lead(subject_id)
            return recipients(gathering, "lead", (subject_id,), (lead.case_a, lead.case_b))
        if kind == "hit_notice":
            link = confirmed_link(gathering, subject_id)
            return recipients(gathering, "hit", link.comparisons, link.pair)
        return ()

    def issue_file_name(self, kind: str, subject_id: str) -> str:
        """A name for the file: the kind and the numbers of what it is about.

        Raises CaseheadError for a kind there is not.
        """
        return file_name(self._casebook, kind, _words(kind), subject_id)

    def _gathering(self) -> Gathering:
        return Gathering(cast("Workbench", self), self._casebook)

    def _template(self, kind: str) -> Template:
        return template(kind, self.folder / FOLDER)

    def _set(
        self, kind: str, subject_id: str, gathering: Gathering, job: Job
    ) -> tuple[bytes, tuple[str, ...]]:
        """The pages, and sentences on letters that are not drawn as they were written."""
        words = self._template(kind).words
        if kind == "comparison":
            compared = comparison_report(gathering, subject_id, job)
            return comparison_pdf(compared, words), letters_told(compared)
        report = _MAKERS[kind](gathering, subject_id)
        return casework_pdf(report, words), letters_told(report)

    def _warnings(
        self, kind: str, gathering: Gathering, letters: tuple[str, ...]
    ) -> tuple[str, ...]:
        told = self._template(kind).told
        return (*language_warnings(*gathering.said), *filter(None, (told,)), *letters)


def _words(kind: str) -> str:
    words = KIND_WORDS.get(kind)
    if words is None:
        known = ", ".join(KIND_WORDS)
        raise CaseheadError(f"There is no report of kind '{kind}'; choose one of: {known}.")
    return words


def _check_suffix(kind: str, path: Path) -> None:
    wanted = ".zip" if kind == "defence_package" else ".pdf"
    if path.suffix.lower() != wanted:
        what = "package is a zip file" if wanted == ".zip" else "report is written as PDF"
        raise CaseheadError(f"This {what}; let {path.name!r} end in {wanted}.")
