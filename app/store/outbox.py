"""What waits to be sent to other agencies; it survives restarts and absent folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain import CaseheadError, new_id, now
from app.store.records import Records

_COLUMNS = "id, kind, subject, folder, queued_at, state, tries, message"


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One entry to be sent: of exhibit ``subject``, into ``folder``."""

    id: str
    kind: str
    subject: str
    folder: str
    queued_at: str
    state: Literal["waiting", "sent"]
    tries: int
    message: str


class Outbox(Records):
    """The queue of the exchange."""

    def queue_entry(self, exhibit_id: str, folder: str) -> str:
        """Queue the entry of an exhibit for a folder; returns the line's id.

        What waits already for the same folder is not queued again.
        """
        with self._change() as author:
            if self._connection.row("SELECT 1 FROM exhibit WHERE id = ?", (exhibit_id,)) is None:
                raise CaseheadError(f"There is no exhibit {exhibit_id} in this casebook.")
            waiting = self._connection.row(
                "SELECT id FROM outbox WHERE subject = ? AND folder = ? AND state = 'waiting'",
                (exhibit_id, folder),
            )
            if waiting is not None:
                return str(waiting[0])
            line = OutboxLine(new_id(), "entry", exhibit_id, folder, now(), "waiting", 0, "")
            self._connection.run(
                f"INSERT INTO outbox ({_COLUMNS}, created_at, examiner, station, agency) "
                "VALUES (?, ?, ?, ?, ?, 'waiting', 0, '', ?, ?, ?, ?)",
                (
                    *(line.id, line.kind, line.subject, line.folder, line.queued_at),
                    *(line.queued_at, author.examiner, author.station, author.agency),
                ),
            )
            self._tell("entry queued", exhibit_id, {"folder": folder, "line": line.id})
            return line.id

    def outbox(self, only_waiting: bool = False) -> tuple[OutboxLine, ...]:
        """The queue, oldest first."""
        where = "state = 'waiting'" if only_waiting else "1"
        rows = self._connection.rows(f"SELECT {_COLUMNS} FROM outbox WHERE {where} ORDER BY seq")
        return tuple(OutboxLine(*row) for row in rows)

    def entry_sent(self, line_id: str) -> None:
        """Note that an entry has arrived in its folder."""
        with self._change():
            line = self.outbox_line(line_id)
            if line.state == "waiting":
                self._connection.run(
                    "UPDATE outbox SET state = 'sent', tries = tries + 1, message = '' "
                    "WHERE id = ?",
                    (line_id,),
                )
                self._tell("entry sent", line.subject, {"folder": line.folder, "line": line_id})

    def entry_failed(self, line_id: str, message: str) -> None:
        """Note why a try failed; the entry keeps waiting."""
        with self._change():
            self.outbox_line(line_id)
            self._connection.run(
                "UPDATE outbox SET tries = tries + 1, message = ? WHERE id = ?", (message, line_id)
            )

    def outbox_line(self, line_id: str) -> OutboxLine:
        """One line of the queue. Raises CaseheadError when there is none of that id."""
        row = self._connection.row(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", (line_id,))
        if row is None:
            raise CaseheadError(f"There is no entry {line_id} in the queue.")
        return OutboxLine(*row)
