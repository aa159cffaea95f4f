"""Entries to and from other agencies, and the casebook's own soundness."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain import CancelledError, Changes
from app.jobs import Job
from app.store import OutboxLine
from app.store.backup import Snapshot
from app.workbench.base import Base

if TYPE_CHECKING:
    from app.exchange import Exchange, ReceiveReport, SendOutcome


class Sharing(Base):
    """Operations on the exchange."""

    @cached_property
    def _exchange(self) -> Exchange:
        from app.exchange import Exchange  # its schema takes long to load; most days share nothing

        return Exchange(self._casebook)

    def export_entry(self, exhibit_id: str, folder: Path) -> SendOutcome:
        """Share an exhibit through ``folder``; where that is absent now, it waits in the outbox."""
        try:
            return self._exchange.send(exhibit_id, folder)
        finally:
            self._publish(Changes(exchange=True))

    def import_entries(self, folder: Path, job: Job | None = None) -> ReceiveReport:
        """Take in other agencies' entries; twice the same makes no duplicates.

        What came before a stop is kept. Raises CaseheadError when the folder is not there.
        """
        try:
            report = self._exchange.receive(folder, job)
        except CancelledError:
            self._publish(
                self._received(tuple(p.acquired.id for p in self._casebook.provenances()))
            )
            raise
        self._publish(self._received(report.acquired_ids))
        return report

    def exchange_now(self) -> tuple[SendOutcome, ...]:
        """Try again everything that waits in the outbox."""
        try:
            return self._exchange.flush()
        finally:
            self._publish(Changes(exchange=True))

    def outbox(self) -> tuple[OutboxLine, ...]:
        """What was sent and what waits, with the reason."""
        return self._casebook.outbox()

    def check(self, job: Job | None = None) -> tuple[str, ...]:
        """What is wrong with the casebook, a sentence each; nothing when it is sound."""
        return self._casebook.check(job)

    def backup(self, target: Path, job: Job | None = None) -> Snapshot:
        """A copy of the casebook in a folder of backups, while it is in use.

        Raises CaseheadError when the disk refuses (then there is no new snapshot), CancelledError.
        """
        return self._casebook.backup(target, job)

    def _received(self, acquired_ids: tuple[str, ...]) -> Changes:
        cases = frozenset(case.id for case in self._casebook.cases())
        return Changes(cases=cases, acquired=frozenset(acquired_ids), exchange=True)
