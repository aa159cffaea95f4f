"""Backups made while the casebook is in use, and casebooks made of them again.

A backup folder holds ``pixels`` (as the casebook does, and shared by all its snapshots) and
``snapshots/<moment>`` with the database and ``facts.json``. Nothing in it is ever written over.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from app.domain import CaseheadError
from app.jobs import Job
from app.store.files import make_folder, os_errors_told, sync_file, sync_folder, write_durably
from app.store.pixels import digest_of_file

FILE_NAME = "casebook.sqlite"
_FACTS, _PIXELS, _SNAPSHOTS = "facts.json", "pixels", "snapshots"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A casebook as it was at a moment; ``head`` is the digest of its journal's last line."""

    folder: Path
    at: str
    lines: int
    head: str
    digest: str
    pictures: int
    damaged: tuple[str, ...] = ()
    """Names of pixel files that were not copied, because they no longer have their digest."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many snapshots stay: the newest of each of so many days, weeks and months."""

    days: int = 14
    weeks: int = 8
    months: int = 24


def make(
    copy_database: Callable[[Path], tuple[int, str]],
    pixels: Path,
    target: Path,
    job: Job | None = None,
) -> Snapshot:
    """A new snapshot in ``target``; pixels that are there already are not copied again.

    ``copy_database`` copies it to a path and tells number and digest of its journal's last line.
    Whole or not at all. Raises CaseheadError when the disk refuses, CancelledError.
    """
    job, moment = job or Job(), datetime.now(UTC)
    part = target / _SNAPSHOTS / f".{uuid4().hex}.part"
    with os_errors_told(target):
        _refuse_inside(target, pixels.parent)
        part.mkdir(parents=True)
        try:
            job.report(0, 0, "database")
            head = copy_database(part / FILE_NAME)
            copied = _copy_pixels(pixels, target / _PIXELS, job)
            made = _kept(part, moment, head, copied)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return made


def snapshots(target: Path) -> tuple[Snapshot, ...]:
    """All that is whole in a backup folder, the oldest first."""
    with os_errors_told(target):
        found = [_read(path.parent) for path in (target / _SNAPSHOTS).glob(f"[!.]*/{_FACTS}")]
    return tuple(sorted(filter(None, found), key=lambda one: (one.at, one.lines)))


def restore(snapshot: Snapshot, folder: Path, job: Job | None = None) -> None:
    """A casebook like the snapshot's in a folder that holds none yet.

    Every file is verified as it is copied. Raises CaseheadError when one is damaged, when there
    is a casebook already, or when the disk refuses; then no casebook is there.
    """
    job = job or Job()
    source = snapshot.folder / FILE_NAME
    with os_errors_told(folder):
        if (folder / FILE_NAME).exists() or any((folder / _PIXELS).glob("??/*")):
            raise CaseheadError(
                f"There is a casebook in {folder} already; restore into another folder. Nothing "
                "was written."
            )
        if digest_of_file(source) != snapshot.digest:
            raise CaseheadError(f"The backup {source} is damaged; restore an earlier one.")
        make_folder(folder)
        _refuse_damaged(_copy_pixels(snapshot.folder.parents[1] / _PIXELS, folder / _PIXELS, job))
        part = folder / f"{FILE_NAME}.part"
        _copy(source, part)
        part.rename(folder / FILE_NAME)  # last: only then is it a casebook
        sync_folder(folder)


def thin(target: Path, rule: Retention) -> tuple[Snapshot, ...]:
    """Delete the snapshots that ``rule`` does not keep; the newest always stays, and all pixels.

    Returns those deleted.
    """
    found = snapshots(target)
    keep = {snapshot.folder for snapshot in found[-1:]}
    for count, period in ((rule.days, _day), (rule.weeks, _week), (rule.months, _month)):
        newest = {period(snapshot): snapshot.folder for snapshot in found}
        keep.update(list(newest.values())[-count:] if count else ())
    gone = tuple(snapshot for snapshot in found if snapshot.folder not in keep)
    with os_errors_told(target):
        for snapshot in gone:
            (snapshot.folder / _FACTS).unlink()  # from now on it is no snapshot
            shutil.rmtree(snapshot.folder)
    return gone


def _day(snapshot: Snapshot) -> object:
    return snapshot.at[:10]


def _week(snapshot: Snapshot) -> object:
    return tuple(datetime.fromisoformat(snapshot.at).isocalendar())[:2]


def _month(snapshot: Snapshot) -> object:
    return snapshot.at[:7]


@dataclass(frozen=True, slots=True)
class _Copied:
    pictures: int
    damaged: tuple[str, ...]


def _copy_pixels(source: Path, target: Path, job: Job) -> _Copied:
    make_folder(target)
    files, damaged = sorted(_files(source)), []
    for done, path in enumerate(files):
        job.report(done, len(files), "pictures")
        there = target / path.parent.name / path.name
        if there.exists() and there.stat().st_size == path.stat().st_size:
            continue
        make_folder(there.parent)
        part = target / f"{uuid4().hex}.part"
        try:
            if _copy(path, part) == path.name.partition(".")[0]:
                part.rename(there)
                sync_folder(there.parent)
            else:
                damaged.append(path.name)
        finally:
            part.unlink(missing_ok=True)
    job.report(len(files), len(files), "pictures")
    return _Copied(len(files) - len(damaged), tuple(damaged))


def _files(folder: Path) -> Iterator[Path]:
    """The stored pictures; what was set aside as damaged has a second dot in its name."""
    for path in folder.glob("??/*"):
        if path.name.count(".") == 1:
            yield path


def _copy(source: Path, target: Path) -> str:
    """Copy durably; the digest of what is in the copy."""
    with source.open("rb") as read, target.open("xb") as written:
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        sync_file(written.fileno())
    return digest_of_file(target)


def _kept(part: Path, moment: datetime, head: tuple[int, str], copied: _Copied) -> Snapshot:
    facts = {
        "at": moment.isoformat(timespec="seconds"),
        "lines": head[0],
        "head": head[1],
        "digest": digest_of_file(part / FILE_NAME),
        "pictures": copied.pictures,
        "damaged": list(copied.damaged),
    }
    write_durably(part / _FACTS, json.dumps(facts, indent=1).encode())
    name = f"{moment:%Y%m%dT%H%M%SZ}"
    whole = part.with_name(name)
    if whole.exists():
        whole = part.with_name(f"{name}-{uuid4().hex[:4]}")
    part.rename(whole)
    sync_folder(whole.parent)
    made = _read(whole)
    assert made is not None
    return made


def _read(folder: Path) -> Snapshot | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        return Snapshot(
            folder,
            str(facts["at"]),
            int(facts["lines"]),
            str(facts["head"]),
            str(facts["digest"]),
            int(facts["pictures"]),
            tuple(map(str, facts["damaged"])),
        )
    return None


def _refuse_inside(target: Path, casebook: Path) -> None:
    if casebook.resolve() in (target.resolve(), *target.resolve().parents):
        raise CaseheadError(
            f"{target} lies in the casebook's own folder; a backup belongs on another disk."
        )


def _refuse_damaged(copied: _Copied) -> None:
    if copied.damaged:
        raise CaseheadError(
            f"{len(copied.damaged)} pictures of the backup are damaged, {copied.damaged[0]} the "
            "first; the casebook was not restored. Use another backup."
        )
