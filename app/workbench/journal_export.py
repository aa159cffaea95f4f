"""The journal, or what of it is wanted, as a file of commas or of JSON."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.casework.clock_tables import plain_cell
from app.domain import CaseheadError
from app.jobs import Job
from app.store import Casebook
from app.store.codec import canonical
from app.store.files import os_errors_told, sync_file, sync_folder
from app.store.journal_list import JournalFilter, SignedLine

COLUMNS = (
    *("line", "at", "agency", "station", "examiner", "ori", "action", "subject", "detail"),
    *("previous", "digest", "signed_by", "signature"),
)


def write_journal(
    casebook: Casebook, wanted: JournalFilter, path: Path, job: Job
) -> tuple[int, str]:
    """Write the lines, the newest first; how many, and the file's SHA-256.

    Raises CaseheadError when the disk refuses or the name does not end in .csv or .json,
    CancelledError; then there is no new file.
    """
    make = {".csv": _csv, ".json": _json}.get(path.suffix.lower())
    if make is None:
        raise CaseheadError("Give the file a name that ends in .csv or .json.")
    total = casebook.journal_count(wanted)
    rows = _counted(casebook.journal_each(wanted), total, job)
    part = path.with_name(f"{path.name}.part")
    digest, lines = hashlib.sha256(), 0
    with os_errors_told(path):
        try:
            with part.open("wb") as file:
                for text, is_line in make(rows):
                    data = text.encode()
                    digest.update(data)
                    file.write(data)
                    lines += is_line
                file.flush()
                sync_file(file.fileno())
            part.replace(path)
            sync_folder(path.parent)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
    return lines, digest.hexdigest()


def _counted(lines: Iterable[SignedLine], total: int, job: Job) -> Iterator[SignedLine]:
    for done, line in enumerate(lines):
        if done % 500 == 0:
            job.report(min(done, total), max(total, 1), "journal")
        yield line


def _facts(one: SignedLine) -> tuple[Any, ...]:
    line, who = one.line, one.line.author
    return (
        *(line.seq, line.at, who.agency, who.station, who.examiner, who.ori, line.action),
        *(line.subject, line.detail, line.previous, line.digest, one.signed_by, one.signature),
    )


def _csv(lines: Iterable[SignedLine]) -> Iterator[tuple[str, bool]]:
    yield _row(COLUMNS), False
    for one in lines:
        facts = [canonical(f) if isinstance(f, dict) else plain_cell(f) for f in _facts(one)]
        yield _row(facts), True


def _row(values: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def _json(lines: Iterable[SignedLine]) -> Iterator[tuple[str, bool]]:
    yield '{"format": "casehead-journal", "format_version": 1, "lines": [', False
    for number, one in enumerate(lines):
        told = canonical(dict(zip(COLUMNS, _facts(one), strict=True)))
        yield f"{',' if number else ''}\n{told}", True
    yield "\n]}\n", False
