"""A defence package: one zip of open files from which everything can be looked at and redone.

The same record gives the same bytes: files are stored, not packed, and bear no moment of now.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from app.casework.clock_tables import plain_cell
from app.domain import Acquired, CancelledError, CaseheadError, Comparison
from app.importing.decode import decode
from app.importing.making import SOFTWARE
from app.jobs import Job
from app.picture.files import png_bytes
from app.picture.writing import check_free
from app.reporting.templates import Template
from app.store import Casebook
from app.store.extracts import SignedLine, is_case, lines_about, station_keys
from app.workbench.defence_records import (
    Extract,
    as_json,
    comparisons_of,
    evidence_name,
    picture_facts,
)
from app.workbench.exporting import Shown
from app.workbench.issue_comparison import gather_comparison
from app.workbench.issue_values import Gathering
from app.workbench.report_values import ReportMaker
from correlation.errors import CorrelationError
from correlation.x3p import Record2, write_x3p

PACKAGE = "defence package"
_SCRIPTS = ("recompute_scores.py", "verify_package.py", "verify_journal.py")
_STAMP = (1980, 1, 1, 0, 0, 0)
_INDEX = (
    *(
        "file",
        "what",
        "case",
        "exhibit",
        "cartridge case",
        "mark",
        "picture",
        "micrometres a pixel",
    ),
    *("captured", "by", "file name", "SHA-256"),
)
File = tuple[str, bytes]


class Package:
    """One package of a comparison or of a case."""

    def __init__(self, gathering: Gathering, subject_id: str, template: Template) -> None:
        """Raises CaseheadError where ``subject_id`` is neither, or may not be shown yet."""
        self._of, self._words = gathering, template.words
        book = gathering.casebook
        case_id = subject_id if is_case(book, subject_id) else ""
        compared = comparisons_of(book, case_id) if case_id else (book.comparison(subject_id),)
        self._extract = Extract(gathering, [one.id for one in compared], case_id)
        self._subject = _subject(gathering, case_id, compared)
        gathering.note(*self._extract.subjects)
        for one in compared:
            gather_comparison(gathering, one.id)

    def write(self, path: Path, *, overwrite: bool, job: Job) -> str:
        """Write it whole or not at all; its SHA-256. Raises CaseheadError, CancelledError."""
        check_free(path, overwrite=overwrite)
        part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as stream:
                self._pack(stream, job)
                stream.flush()
                os.fsync(stream.fileno())
            digest = _digest_of(part)
            job.check()
            check_free(path, overwrite=overwrite)
            part.replace(path)
        except OSError as error:
            raise CaseheadError(
                f"The package could not be written to {path}: {error.strerror}. "
                "Choose another folder or free some space."
            ) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return digest

    def _pack(self, stream: io.BufferedWriter, job: Job) -> None:
        sums = []
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
            for name, data in self._files(job):
                job.check()
                _add(packed, name, data)
                sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
            _add(packed, "SHA256SUMS", "".join(sorted(sums, key=lambda s: s[66:])).encode())

    def _files(self, job: Job) -> Iterator[File]:
        book, extract = self._of.casebook, self._extract
        lines = self._lines()
        yield "README.txt", self._readme(lines)
        yield "evidence/INDEX.csv", self._index()
        digests = extract.digests()
        for at, digest in enumerate(sorted(digests)):
            job.report(at, len(digests), "evidence")
            data = book.pixels(digest)
            yield evidence_name(book, digest), data
        for one in extract.pictures:
            yield from _also_x3p(one, book)
        for name, rows in extract.records():
            yield f"records/{name}.json", as_json(rows)
        yield "pictures.json", as_json(picture_facts(book, extract))
        yield "scores.json", as_json(list(extract.scores()))
        yield from self._views(job)
        yield "journal/lines.json", as_json([_facts(line) for line in lines])
        keys = station_keys(book, {line.signed_by for line in lines if line.signed_by})
        yield "journal/keys.json", as_json([_facts(key) for key in keys])
        folder = resources.files("resources")
        for name in _SCRIPTS:
            yield name, folder.joinpath(name).read_bytes()

    def _lines(self) -> tuple[SignedLine, ...]:
        """What the journal says of the records in it, but for earlier packages."""
        found = lines_about(self._of.casebook, self._extract.subjects)
        return tuple(line for line in found if line.action != f"{PACKAGE} exported")

    def _views(self, job: Job) -> Iterator[File]:
        workbench = self._of.workbench
        for number, one in enumerate(self._extract.comparisons, 1):
            shown = Shown(
                workbench.score_of(one),
                workbench.annotations(one.id),
                remarks=workbench.remarks(one.id),
            )
            maker = ReportMaker(workbench, self._of.casebook, one, shown)
            try:
                for at, view in enumerate(maker.views(job, everything=True), 1):
                    name = f"views/{number:03}-{at:02}"
                    yield f"{name}.png", png_bytes(view.picture)
                    told = "\n".join((view.title, *view.caption)) + "\n"
                    yield f"{name}.txt", told.encode()
            except CancelledError:
                raise
            except CaseheadError as error:  # no scale, for example: the evidence itself is there
                yield f"views/{number:03}.txt", f"Not drawn: {error}\n".encode()

    def _readme(self, lines: tuple[SignedLine, ...]) -> bytes:
        words, stamp = self._words, self._of.stamp()
        last = lines[-1] if lines else None
        filled = {
            "subject": self._subject,
            "when": stamp.as_of,
            "software": stamp.software,
            "lines": str(len(lines)),
            "line": str(last.seq) if last else "0",
            "digest": last.digest if last else "none",
            "scores": str(sum(1 for _ in self._extract.scores())),
            "keys": "\n".join(
                f"    {key.public}  {key.station}, {key.agency}"
                for key in station_keys(self._of.casebook, {one.signed_by for one in lines})
            ),
        }
        parts = [words["title"].format_map(filled), "=" * 72]
        for section in words["sections"].values():
            parts += ["", section["title"], "-" * len(section["title"])]
            parts += [text.format_map(filled) for text in section["text"]]
        return ("\n".join(parts) + "\n").encode()

    def _index(self) -> bytes:
        book, stream = self._of.casebook, io.StringIO()
        sheet = csv.writer(stream, lineterminator="\r\n")
        sheet.writerow(_INDEX)
        named = set()
        for one in self._extract.pictures:
            place = book.provenance(one.id)
            named.add(one.digest)
            sheet.writerow(
                map(
                    plain_cell,
                    (
                        *(evidence_name(book, one.digest), one.kind, place.case.number),
                        *(place.exhibit.number, place.cartridge_case.label, place.mark.kind),
                        *(one.id, "" if one.pixel_um is None else f"{one.pixel_um:.6g}"),
                        *(one.record.captured_at, one.record.author.examiner),
                        *(one.file_name, one.digest),
                    ),
                )
            )
        for digest, what in sorted(self._extract.digests().items()):
            if digest not in named:
                blank = [""] * (len(_INDEX) - 3)
                sheet.writerow([evidence_name(book, digest), what, *blank, digest])
        return stream.getvalue().encode("utf-8-sig")


def _subject(gathering: Gathering, case_id: str, compared: tuple[Comparison, ...]) -> str:
    if case_id:
        return f"case {gathering.number(case_id)}"
    both = (compared[0].left_id, compared[0].right_id)
    return "  with  ".join(gathering.place(one).name for one in both)


def _add(packed: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    packed.writestr(entry, data)


def _also_x3p(one: Acquired, book: Casebook) -> Iterator[File]:
    """A scan that is not stored as x3p, as one; or a text that says why there is none."""
    if one.kind != "scan" or one.file_format == "x3p":
        return
    try:
        yield f"x3p/{one.digest}.x3p", _as_x3p(one, book)
    except (CaseheadError, CorrelationError) as error:
        told = f"{one.file_name or one.digest} could not be written as x3p: {error}\n"
        yield f"x3p/{one.digest}.txt", told.encode()


def _as_x3p(one: Acquired, book: Casebook) -> bytes:
    """The heights as they were read, with the units that were settled for them."""
    if one.pixel_um is None:
        raise CaseheadError("its scale or units are not known.")
    units = one.units if one.units.get("sure") == "yes" else {}
    given: dict[str, Any] = {key: units[key] for key in ("xy_unit", "z_unit") if key in units}
    scan = decode(None, book.pixels(one.digest), one.file_name, **given).scan
    if scan is None:
        raise CaseheadError("its stored file holds no heights.")
    return write_x3p(scan.heights_um, scan.pixel_um, _origin(one, book))


def _origin(one: Acquired, book: Casebook) -> Record2:
    """Where the points come from. What the format demands and nobody knows is said to be unknown;
    for the moments, which have to be some, the comment says what they are.
    """
    unknown, settings = "not known", one.record.settings
    maker, model, serial, version = (
        str(settings.get(key) or unknown) for key in ("manufacturer", "model", "serial", "version")
    )
    captured = one.record.captured_at
    at = captured or min(line.at for line in lines_about(book, {one.id}))
    notes = [f"Made from the stored file with SHA-256 {one.digest}."]
    if not captured:
        notes.append("When it was captured is not recorded; Date is when it was brought in.")
    notes.append("When the instrument was calibrated is not recorded; that date repeats Date.")
    name = one.file_name or unknown
    return Record2(
        *(at, SOFTWARE, maker, model, serial, version, at, "NonContacting", name), " ".join(notes)
    )


def _facts(value: object) -> dict[str, str | int]:
    names = cast("tuple[str, ...]", type(value).__slots__)  # type: ignore[attr-defined]
    return {name: getattr(value, name) for name in names}


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
