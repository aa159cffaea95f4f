"""``casehead import``: files and folders into the casebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.casework.record import MissingError, record_fields
from app.cli.books import Names, recording, wait_for_searches
from app.cli.voice import Voice, table
from app.domain import CancelledError, CaseheadError
from app.workbench import FileOutcome, ImportOptions, ImportReport, Registration, Workbench
from app.workbench.entering import with_fields

EXAMPLE = "calibre='9 mm Luger'"


def import_command(
    voice: Voice,
    folder: Path,
    names: Names,
    paths: Sequence[Path],
    options: ImportOptions,
    search: bool,
) -> None:
    """Import, say what became of each file, search what is new."""
    with recording(voice, folder, names, create=True, automatic_search=search) as workbench:
        report = bring(voice, workbench, paths, options)
        files = [_facts(workbench, outcome) for outcome in report.outcomes]
        if search and not report.cancelled:
            wait_for_searches(voice, workbench)
    document = {
        "casebook": folder,
        "imported": len(report.acquired_ids),
        "duplicates": report.duplicates,
        "refused": len(report.refused),
        "skipped": report.skipped,
        "cancelled": report.cancelled,
        "files": files,
    }
    voice.result(document, lambda: _lines(report, files))
    if report.cancelled:
        raise CancelledError(report.sentence)


def bring(
    voice: Voice, workbench: Workbench, paths: Sequence[Path], options: ImportOptions
) -> ImportReport:
    """Import with progress; a sentence on stderr for each file that was not taken."""
    with telling_how():
        report = workbench.import_paths(list(paths), options, voice.job)
    for outcome in report.refused:
        voice.refuse(outcome.sentence)
    return report


def fields_given(given: Iterable[str]) -> dict[str, str]:
    """What --field says, by ``Field.name``. Raises CaseheadError for what is no field."""
    found: dict[str, str] = {}
    for words in given:
        name, equals, value = words.partition("=")
        if not equals:
            raise CaseheadError(f"Write a field as NAME=VALUE, as {EXAMPLE}; '{words}' is not.")
        found[record_fields().called(name).name] = value.strip()
    return found


def registration_of(registration: Registration, given: Iterable[str]) -> Registration:
    """With what --field says. Raises CaseheadError for what is no field."""
    return with_fields(registration, fields_given(given))


@contextmanager
def telling_how() -> Iterator[None]:
    """Where required fields lack, how they are given on the command line is said, too."""
    try:
        yield
    except MissingError as error:
        given = " ".join(f'--field {name}="..."' for name in error.names)
        raise MissingError(f"{error} On the command line: {given}", error.names) from error


def _facts(workbench: Workbench, outcome: FileOutcome) -> dict[str, Any]:
    mark = None
    if outcome.acquired_id is not None:
        mark = workbench.provenance(outcome.acquired_id).name
    return {
        "file": outcome.path,
        "ok": outcome.ok,
        "duplicate": outcome.duplicate,
        "acquired_id": outcome.acquired_id,
        "mark": mark,
        "sentence": outcome.sentence,
    }


def _lines(report: ImportReport, files: list[dict[str, Any]]) -> Iterable[str]:
    taken = [f for f in files if f["ok"]]
    if taken:
        rows = [(Path(f["file"]).name, f["mark"], f["sentence"]) for f in taken]
        yield from table(("file", "mark", ""), rows)
    yield report.sentence
