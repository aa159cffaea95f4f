"""``casehead report``: reports and packages without the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.cli.books import Names, recording
from app.cli.voice import Voice
from app.domain import Case, CaseheadError
from app.workbench import Workbench
from app.workbench.issuing import Issued

OF_CASES = ("case_summary", "custody", "defence_package")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be issued, of what, where."""

    kind: str
    subject: str
    out: Path
    overwrite: bool = False
    examiner: str = ""


def report_command(voice: Voice, folder: Path, wanted: Wanted) -> Issued:
    """Issue it. Raises CaseheadError with a sentence."""
    with recording(voice, folder, Names(examiner=wanted.examiner)) as workbench:
        subject = subject_of(workbench, wanted.kind, wanted.subject.strip())
        return workbench.issue(
            wanted.kind, subject, wanted.out, overwrite=wanted.overwrite, job=voice.job
        )


def subject_of(workbench: Workbench, kind: str, text: str) -> str:
    """The identifier of what is named; a text that names no case or exhibit is one itself."""
    if kind == "statistics":
        return "" if text == ALL else text
    if kind not in OF_CASES:
        return text
    cases = [node.case for node in workbench.tree()]
    if any(case.id == text for case in cases):
        return text
    number, _, exhibit = text.rpartition("/")
    if kind == "custody" and number:
        found = _named(cases, number)
        nodes = (node for node in workbench.tree() if found and node.case.id == found.id)
        for node in nodes:
            for one in node.exhibits:
                if one.exhibit.number.casefold() == exhibit.strip().casefold():
                    return one.exhibit.id
    case = _named(cases, text)
    return case.id if case else text


def _named(cases: list[Case], number: str) -> Case | None:
    """The one case of that number. Raises CaseheadError for several agencies' cases of it."""
    found = [one for one in cases if one.number.casefold() == number.strip().casefold()]
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        raise CaseheadError(f"Several agencies have a case {number}; name it by its id: {ids}.")
    return found[0] if found else None
