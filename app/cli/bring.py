"""``casehead import``: files and folders into the casebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.cli.books import Names, recording, wait_for_searches
from app.cli.voice import Voice, table
from app.domain import CancelledError
from app.workbench import FileOutcome, ImportOptions, ImportReport, Workbench


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
    report = workbench.import_paths(list(paths), options, voice.job)
    for outcome in report.refused:
        voice.refuse(outcome.sentence)
    return report


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
