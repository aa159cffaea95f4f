"""Files and folders brought into the casebook: each judged on its own, kept whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.domain import (
    Acquired,
    CancelledError,
    CaseheadError,
    ReadOnlyError,
)
from app.importing.decode import decode, read_bytes
from app.importing.finding import FoundFile, find_files
from app.importing.making import check_scale, make_acquired
from app.importing.placing import Placing, PlainPlacing
from app.importing.report import FileOutcome, ImportOptions, ImportReport
from app.jobs import Job
from app.store import Casebook

__all__ = ["FileOutcome", "ImportOptions", "ImportReport", "import_paths"]

logger = logging.getLogger(__name__)

Kept = Callable[[Acquired], None]


def import_paths(
    casebook: Casebook,
    paths: Sequence[Path],
    options: ImportOptions,
    job: Job,
    kept: Kept | None = None,
    placing: Placing | None = None,
) -> ImportReport:
    """Import files and folders; a bad file gets a sentence and stops nothing.

    Each file is one transaction; ``placing`` and ``kept`` are called inside it. A stop keeps
    what is finished and is told in the report. Raises CaseheadError when nothing at all can be
    imported: a casebook that cannot be written, an implausible scale, what ``placing`` refuses.
    """
    _check(casebook, options)
    try:
        found = find_files(paths, options.recursive, job)
    except CancelledError:
        return ImportReport((), cancelled=True)
    placing = placing or PlainPlacing(casebook, options)
    placing.refuse(found.files)
    outcomes = [FileOutcome(path, False, sentence) for path, sentence in found.refused]
    try:
        for done, file in enumerate(found.files):
            job.report(done, len(found.files), file.path.name)
            outcomes.append(_import_file(casebook, file, options, placing, kept))
    except CancelledError:
        return ImportReport(tuple(outcomes), found.skipped, cancelled=True)
    with suppress(CancelledError):  # too late to stop anything
        job.report(len(found.files), len(found.files))
    return ImportReport(tuple(outcomes), found.skipped)


def _check(casebook: Casebook, options: ImportOptions) -> None:
    if casebook.read_only:
        raise ReadOnlyError(
            casebook.notice or "The casebook is open for reading only; nothing can be imported."
        )
    casebook.agency()
    if options.pixel_um is not None:
        check_scale(options.pixel_um)


def _import_file(
    casebook: Casebook,
    file: FoundFile,
    options: ImportOptions,
    placing: Placing,
    kept: Kept | None,
) -> FileOutcome:
    name = file.path.name
    try:
        return _import_sound(casebook, file, options, placing, kept)
    except (CancelledError, ReadOnlyError):
        raise
    except CaseheadError as error:
        return FileOutcome(file.path, False, f"{name}: {error}")
    except MemoryError:
        return FileOutcome(file.path, False, f"{name}: The file is too large for this computer.")
    except Exception as error:
        logger.exception("import of %s", file.path)
        sentence = f"{name}: A fault in the program kept it from being read ({error!r}); report it."
        return FileOutcome(file.path, False, sentence)


def _import_sound(
    casebook: Casebook,
    file: FoundFile,
    options: ImportOptions,
    placing: Placing,
    kept: Kept | None,
) -> FileOutcome:
    author = casebook.author
    assert author is not None  # _check asked for the agency
    data = read_bytes(file.path)
    decoded = decode(
        file.path, data, file.path.name, xy_unit=options.xy_unit, z_unit=options.z_unit
    )
    made = make_acquired(decoded, file.path.name, author, options)
    digest = casebook.keep_pixels(data, f".{decoded.format}")
    with casebook.transaction():
        mark, place = placing.mark(file)
        made = replace(made, mark_id=mark.id, digest=digest)
        found = casebook.find_acquired(mark.id, digest)
        if found is not None and not _settles(made, found):
            return _duplicate(file, found, made)
        if found is not None:
            made = casebook.supersede_acquired(found.id, made)
        else:
            further = bool(casebook.acquired_of(mark.id))
            place = f"as a further picture of {place}" if further else f"as {place}"
            made = casebook.add_acquired(made)
        if kept is not None:
            kept(made)
    said = f"the scale of {place} is settled." if found else f"kept {place}."
    return FileOutcome(file.path, True, _told(file, said, made), made.id)


def _settles(made: Acquired, found: Acquired) -> bool:
    return found.pixel_um is None and made.pixel_um is not None


def _duplicate(file: FoundFile, found: Acquired, made: Acquired) -> FileOutcome:
    said = "here already, nothing was added."
    if made.pixel_um and found.pixel_um and abs(made.pixel_um / found.pixel_um - 1) > 1e-3:
        said = (
            f"here already with pixels of {found.pixel_um:.4g} um, not {made.pixel_um:.4g}; "
            "settle its scale in the casebook if that is wrong."
        )
    return FileOutcome(file.path, True, f"{file.path.name}: {said}", found.id, duplicate=True)


def _told(file: FoundFile, said: str, made: Acquired) -> str:
    return " ".join((f"{file.path.name}: {said}", *made.warnings))
