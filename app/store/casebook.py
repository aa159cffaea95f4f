"""The casebook as one object: opening, closing and what all areas share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any

from app.domain import CancelledError, CaseheadError, JournalLine
from app.jobs import Job
from app.store import audit, backup, checks, journal, migrate
from app.store.annotations import Annotations
from app.store.backup import FILE_NAME as FILE_NAME
from app.store.calibrations import Calibrations
from app.store.casework import Casework
from app.store.clock import Clock
from app.store.comparisons import Comparisons
from app.store.connection import Connection
from app.store.evidence_labels import EvidenceLabels
from app.store.facts import Facts
from app.store.files import make_folder, os_errors_told, os_sentence, sync_folder
from app.store.galleries import Galleries
from app.store.guard import Guard
from app.store.guns import Guns
from app.store.instruments import Instruments
from app.store.light_rigs import LightRigs
from app.store.lock import FolderLock
from app.store.outbox import Outbox
from app.store.packs import Pack, Packs
from app.store.people import People
from app.store.pictures import Pictures
from app.store.pixels import PixelFiles
from app.store.populations import Populations
from app.store.prepared import PreparedFiles
from app.store.protocol_notes import ProtocolNotes
from app.store.records import Acting
from app.store.registration import Registration
from app.store.retention import Retaining
from app.store.searches import Searches
from app.store.shading_references import ShadingReferences
from app.store.signing import Keys, Seal
from app.store.traces import Traces
from app.store.tree_list import TreeLists

_CLOCK_TRIES = 5


class Casebook(
    Registration,
    Pictures,
    Galleries,
    Searches,
    Comparisons,
    Annotations,
    Populations,
    LightRigs,
    Calibrations,
    Instruments,
    ProtocolNotes,
    ShadingReferences,
    EvidenceLabels,
    Outbox,
    People,
    Facts,
    Guns,
    Casework,
    Clock,
    Traces,
    Guard,
    Retaining,
    TreeLists,
):
    """One folder: ``casebook.sqlite``, ``pixels``, ``prepared``, ``backups`` and a lock file.

    Any thread may call; calls take turns. What a method has stored is on the disk when it
    returns. Every writing method raises ReadOnlyError when ``read_only``, and CaseheadError
    before the author is known or when the disk refuses.
    """

    def __init__(
        self, folder: Path, lock: FolderLock | None, notice: str = "", keys: Keys | None = None
    ) -> None:
        """Use ``open``. ``lock`` is None for reading only."""
        self.folder = folder
        self.keys = keys or Keys()
        self.read_only = lock is None
        self.notice = notice
        self._lock = lock
        self._acting, self._clock_turn = Acting(), RLock()
        self._connection = Connection(folder / FILE_NAME, self.read_only)
        self._pixels = PixelFiles(folder / "pixels")
        self._prepared = PreparedFiles(folder / "prepared", self.read_only)
        self._packs = Packs(folder / "prepared" / "sketches", self.read_only)
        try:
            self._set_up()
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        create: bool = True,
        keys: Keys | None = None,
    ) -> Casebook:
        """Open the casebook in a folder, or make one there when ``create``.

        What is written is signed with this station's key, of ``keys`` (default: this user's).

        When another program has it open, or the medium cannot be written, it is opened for
        reading only and ``notice`` says why. Raises CaseheadError when there is none, for a file
        of a newer or of another program, a damaged file, and what the disk refuses.
        """
        folder = Path(folder).expanduser().absolute()
        if not (create and not read_only) and not (folder / FILE_NAME).is_file():
            raise CaseheadError(f"There is no casebook in {folder}; choose another folder.")
        _refuse_unknown(folder)
        if read_only:
            return cls(folder, None, keys=keys)
        lock, notice = _lock(folder)
        if lock is None:
            return cls(folder, None, notice, keys)
        try:
            return cls(folder, lock, keys=keys)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Finish and let others write; closing twice is fine."""
        self._packs.close()
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Casebook:
        """The casebook itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def keep_pixels(self, data: bytes, suffix: str) -> str:
        """Store the bytes of a picture durably; returns their SHA-256. Twice changes nothing."""
        self._refuse_when_read_only()
        return self._pixels.keep(data, suffix)

    def pixels(self, digest: str) -> bytes:
        """The bytes of a picture, verified. Raises CaseheadError when missing or damaged."""
        return self._pixels.read(digest)

    def pixels_path(self, digest: str) -> Path:
        """The file of a picture, not verified. Raises CaseheadError when missing."""
        return self._pixels.path(digest)

    def prepared(self, key: str) -> bytes | None:
        """What the cache of prepared pictures holds under a key."""
        return self._prepared.read(key)

    def keep_prepared(self, key: str, data: bytes) -> None:
        """Put something into the cache; without effect where it cannot be written."""
        self._prepared.keep(key, data)

    def sketches(self, name: str, size: int, head: int) -> Pack:
        """The pack of sketches of that name; each record has ``size`` bytes, ``head`` first."""
        return self._packs.get(name, size, head)

    def setting(self, key: str, default: Any = None) -> Any:
        """A kept JSON value."""
        return self._setting(f"user.{key}", default)

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a JSON value; settings are no part of the record, so the journal is silent."""
        self._set_setting(f"user.{key}", value)

    def journal(self, limit: int | None = None) -> tuple[JournalLine, ...]:
        """The newest ``limit`` lines of the journal (all when None), oldest first."""
        return journal.lines(self._connection, limit)

    def check(self, job: Job | None = None) -> tuple[str, ...]:
        """A sentence for each thing that is wrong with the casebook; empty when it is sound.

        Looks at the file, references, the journal's chain, records against the journal, and
        every digest. Raises CancelledError.
        """
        return self.verify(job)[1]

    def verify(self, job: Job | None = None) -> tuple[audit.Audit, tuple[str, ...]]:
        """What ``audit`` finds, and what ``check`` says; others may go on working meanwhile."""
        job = job or Job()
        try:
            with self._still(job) as (reader, seal):
                found, told = checks.problems(
                    reader,
                    self._pixels,
                    lambda its, seen: audit.audit(reader, self.keys, seal, its, seen),
                    job,
                )
        except CancelledError:
            raise
        except CaseheadError as error:
            return audit.Audit(), (str(error),)
        try:
            return found, (*told, *self.clock_differences(job))
        except CancelledError:
            raise
        except CaseheadError:  # a cache that could not be looked at is made anew by its next use
            return found, told

    def clock_differences(self, job: Job | None = None) -> tuple[str, ...]:
        """A sentence for everything the review clock shows that is not what the record says.

        Others go on recording: it is looked at as soon as the cache was up to date for a moment.
        Raises CaseheadError where it never was (as for reading only), CancelledError.
        """
        job = job or Job()
        for _ in range(_CLOCK_TRIES):
            self.bring_clock_up_to_date()
            with self._still(job) as (reader, _seal):
                found = self._clock_differences_in(reader, job)
            if found is not None:
                return found
        raise CaseheadError(
            "The review clock was not up to date while it was to be checked; close other programs "
            "that have this casebook open, or wait until it is made, and check it again."
        )

    def audit(self, job: Job | None = None, seen: audit.Seen = lambda _row: None) -> audit.Audit:
        """Whether every line of the journal is what its station signed. Raises CancelledError.

        ``seen`` gets every row as stored.
        """
        job = job or Job()
        with self._still(job) as (reader, seal):
            return audit.audit(reader, self.keys, seal, job, seen)

    @contextmanager
    def _still(self, job: Job) -> Iterator[tuple[Connection, Seal | None]]:
        """A connection of its own on the casebook of this moment, and what was sealed by then."""
        reader = Connection(self._connection.path, read_only=True)
        try:
            seal = self.keys.sealed(journal.first(reader), self.folder)
            with reader.snapshot(lambda: job.cancelled):
                yield reader, seal
        finally:
            reader.close()

    def backup(self, target: Path, job: Job | None = None) -> backup.Snapshot:
        """A copy of all of it in a folder of backups, while it is in use; the journal tells it.

        Raises CaseheadError when the disk refuses (then there is no new snapshot), CancelledError.
        """
        job = job or Job()
        made = backup.make(
            lambda path: self._copy_database(path, job), self.folder / "pixels", target, job
        )
        if not self.read_only and self.author is not None:
            facts = {"at": made.at, "lines": made.lines, "head": made.head}
            self._tell("backup written", str(made.folder), facts)
        return made

    def _lost(self) -> Seal | None:
        """The last line this computer signed here, if the journal no longer holds it."""
        first = journal.first(self._connection)
        seal = self.keys.sealed(first, self.folder) if first else None
        if seal is None:
            return None
        there = self._connection.row("SELECT digest FROM journal WHERE seq = ?", (seal.seq,))
        return seal if there is None or there[0] != seal.digest else None

    def _copy_database(self, path: Path, job: Job) -> tuple[int, str]:
        """Copy the database as it is at this moment, while others go on recording; number and
        digest of the journal's last line in the copy."""
        with self._still(job) as (reader, _):
            reader.backup(path, job.check)
            return journal.head(reader)

    def _seal(self) -> None:
        """Remember beside the station's key what the journal came to."""
        first = journal.first(self._connection)
        if first:
            self.keys.seal(first, self.folder, Seal(*journal.head(self._connection)))
        self._connection.lost = None

    def _set_up(self) -> None:
        if self.read_only:
            migrate.refuse_unless_current(self._connection)
            return
        migrate.bring_up_to_date(self._connection, self.folder / "backups")
        with suppress(sqlite3.OperationalError):
            # Where write-ahead logging is not possible, SQLite's older journal is as safe.
            self._connection.write_ahead()
        with os_errors_told(self.folder):
            self._pixels.set_up()
            self._prepared.set_up()
            make_folder(self.folder / "backups")
            sync_folder(self.folder)
        self._connection.keys, self._connection.committed = self.keys, self._seal
        with suppress(CaseheadError):  # a damaged file is told by whoever reads it
            self._connection.lost = self._lost()


def _lock(folder: Path) -> tuple[FolderLock | None, str]:
    """The lock, or None and the sentence why not."""
    exists = (folder / FILE_NAME).is_file()
    lock = FolderLock(folder)
    try:
        make_folder(folder)
        if lock.take():
            return lock, ""
    except OSError as error:
        if not exists:
            raise os_sentence(error, folder) from error
        return None, f"{folder} cannot be written by this user; it is opened for reading only."
    holder = lock.holder()
    return None, f"The casebook is open in another program ({holder}); here it is for reading only."


def _refuse_unknown(folder: Path) -> None:
    """Look at an existing file before anything is touched."""
    path = folder / FILE_NAME
    with os_errors_told(path):
        exists = path.is_file() and path.stat().st_size > 0
        if not exists and any((folder / "pixels").glob("[0-9a-f][0-9a-f]/*")):
            raise CaseheadError(
                f"{folder} holds stored pictures, but its file {FILE_NAME} is missing or empty; "
                f"restore that file from {folder / 'backups'} or from your own backup."
            )
    if exists:
        probe = Connection(path, read_only=True)
        try:
            migrate.examine(probe)
        finally:
            probe.close()
