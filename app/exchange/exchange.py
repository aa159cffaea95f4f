"""Sharing exhibits between agencies through a folder; what cannot go now waits in the casebook."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain import CancelledError, CaseheadError, ReadOnlyError
from app.exchange.adopt import adopt, missing_pixels
from app.exchange.folder import (
    SOURCE_SUFFIX,
    entry_folders,
    read_entry,
    read_pixels,
    read_source,
    suffix_of,
    write_entry,
)
from app.exchange.gather import gather
from app.exchange.sources import held_sources, missing_sources
from app.jobs import Job
from app.store import Casebook, OutboxLine


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What became of one line of the pending queue; ``entry`` is the folder written."""

    line_id: str
    exhibit_id: str
    folder: str
    sent: bool
    sentence: str
    entry: Path | None = None


class EntryState(StrEnum):
    """What became of one entry found in the exchange folder."""

    RECEIVED = "received"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """One entry of the exchange folder; ``acquired_ids`` are the pictures it added."""

    path: Path
    state: EntryState
    sentence: str
    acquired_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiveReport:
    """All entries looked at, in the order of the folder."""

    outcomes: tuple[EntryOutcome, ...]

    @property
    def acquired_ids(self) -> tuple[str, ...]:
        """All pictures added."""
        return tuple(i for outcome in self.outcomes for i in outcome.acquired_ids)

    def count(self, state: EntryState) -> int:
        """How many entries ended as ``state``."""
        return sum(outcome.state is state for outcome in self.outcomes)

    @property
    def sentence(self) -> str:
        """The whole report in one sentence."""
        if not self.outcomes:
            return "There are no entries in this folder yet."
        return (
            f"{self.count(EntryState.RECEIVED)} received with {len(self.acquired_ids)} pictures, "
            f"{self.count(EntryState.KNOWN)} known already, "
            f"{self.count(EntryState.REFUSED)} refused."
        )


class Exchange:
    """The exchange of one casebook. Its methods may be called from any thread."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook

    def send(self, exhibit_id: str, folder: Path) -> SendOutcome:
        """Queue the exhibit for ``folder`` and try at once; an absent folder leaves it waiting.

        Raises CaseheadError when there is no such exhibit or the casebook cannot be written.
        """
        gather(self._casebook, exhibit_id)
        place = str(folder.expanduser().absolute())
        return self._try(self._casebook.outbox_line(self._casebook.queue_entry(exhibit_id, place)))

    def flush(self, job: Job | None = None) -> tuple[SendOutcome, ...]:
        """Try everything that waits; what cannot go keeps waiting and says why."""
        job = job or Job()
        waiting = self._casebook.outbox(only_waiting=True)
        outcomes = []
        for done, line in enumerate(waiting):
            job.report(done, len(waiting), "Sending")
            outcomes.append(self._try(line))
        return tuple(outcomes)

    def receive(self, folder: Path, job: Job | None = None) -> ReceiveReport:
        """Take in all entries under ``folder``; each on its own, a bad one stops nothing.

        Raises CaseheadError when the folder is not there or the casebook cannot be written,
        CancelledError when asked to stop; entries received before stay.
        """
        job = job or Job()
        self._check_writable()
        folders = list(entry_folders(folder))
        outcomes = []
        for done, path in enumerate(folders):
            job.report(done, len(folders), f"Receiving {path.name[:12]}")
            outcomes.append(self._receive(path))
        return ReceiveReport(tuple(outcomes))

    def _try(self, line: OutboxLine) -> SendOutcome:
        try:
            entry = gather(self._casebook, line.subject)
            sources = held_sources(self._casebook, entry)
            path = write_entry(Path(line.folder), entry, self._casebook.pixels, sources)
        except ReadOnlyError:
            raise
        except CaseheadError as error:
            self._casebook.entry_failed(line.id, str(error))
            return SendOutcome(line.id, line.subject, line.folder, False, str(error))
        self._casebook.entry_sent(line.id)
        sentence = f"{entry.name} is in the exchange folder {line.folder}."
        return SendOutcome(line.id, line.subject, line.folder, True, sentence, path)

    def _check_writable(self) -> None:
        if self._casebook.read_only:
            raise ReadOnlyError(
                "This casebook is open for reading only, so nothing can be received; "
                "close the other program that has it open."
            )
        if self._casebook.author is None:
            raise CaseheadError("Say first who works here: agency, station and examiner's name.")

    def _receive(self, path: Path) -> EntryOutcome:
        try:
            entry = read_entry(path)
            for acquired in missing_pixels(self._casebook, entry):
                self._casebook.keep_pixels(read_pixels(path, acquired), suffix_of(acquired))
            for digest in missing_sources(self._casebook, entry, path):
                self._casebook.keep_pixels(read_source(path, digest), SOURCE_SUFFIX)
            adopted = adopt(self._casebook, entry)
        except (ReadOnlyError, CancelledError):
            raise
        except CaseheadError as error:
            sentence = f"The entry {_short(path)} was refused: {str(error).rstrip('.')}."
            return EntryOutcome(path, EntryState.REFUSED, sentence)
        if not adopted.records:
            return EntryOutcome(path, EntryState.KNOWN, f"{entry.name} is here already.")
        sentence = f"{entry.name}: {len(adopted.acquired_ids)} pictures received."
        return EntryOutcome(path, EntryState.RECEIVED, sentence, adopted.acquired_ids)


def _short(path: Path) -> str:
    return path.name if len(path.name) <= 20 else f"{path.name[:12]}..."
