"""Notices of leads, hits and traces, with their receipts."""

from __future__ import annotations

from collections.abc import Sequence

from app.casework.reviews import Notice, NoticeKind, NoticeLine, NoticeReceipt
from app.store.annotations import NEWEST
from app.store.casework_codecs import NOTICE, RECEIPT
from app.store.several import Several, marks, portions


class Notices(Several):
    """Who was told, and who received it; neither is ever changed."""

    def add_notice(self, notice: Notice) -> Notice:
        """Keep that somebody was told."""
        facts = {"kind": notice.kind, "subject_id": notice.subject_id, "means": notice.means}
        facts |= {"recipient": notice.recipient, "recipient_agency": notice.agency}
        self._add(NOTICE, notice, {**facts, "digest": notice.digest})
        return notice

    def notice_sent(self, notice_id: str) -> Notice:
        """One notice. Raises CaseheadError when there is none of that id."""
        return self._by_id(NOTICE, notice_id)

    def notices(
        self,
        kind: NoticeKind | None = None,
        subject_id: str | None = None,
        *,
        waiting: bool = False,
    ) -> tuple[NoticeLine, ...]:
        """Notices with their receipts, newest first; only those ``waiting`` for one."""
        where, own = ["1"], []
        for column, value in (("kind", kind), ("subject_id", subject_id)):
            if value is not None:
                where.append(f"{column} = ?")
                own.append(str(value))
        if waiting:
            where.append("NOT EXISTS (SELECT 1 FROM notice_receipt r WHERE r.notice_id=notice.id)")
        found = self._all(NOTICE, " AND ".join(where), own, NEWEST)
        receipts = self._of(RECEIPT, "notice_id", [one.id for one in found])
        by_notice = {one.notice_id: one for one in receipts}
        return tuple(NoticeLine(one, by_notice.get(one.id)) for one in found)

    def receipt_of(self, notice_id: str) -> NoticeReceipt | None:
        """The receipt of a notice; None while it waits."""
        return self._first(RECEIPT, "notice_id = ?", (notice_id,))

    def times_told(self, kind: NoticeKind, subject_ids: Sequence[str]) -> dict[str, int]:
        """How many notices there are of each of these; those without are left out."""
        found: dict[str, int] = {}
        for some in portions(subject_ids):
            rows = self._connection.rows(
                "SELECT subject_id, count(*) FROM notice WHERE kind = ? AND subject_id IN "
                f"({marks(some)}) GROUP BY subject_id",
                (kind, *some),
            )
            found.update({row[0]: row[1] for row in rows})
        return found

    def agencies_told(self) -> dict[tuple[str, str], dict[str, Notice]]:
        """By kind and subject of leads and hits: the last notice to each agency, by its name
        (or ORI) as it was written, case-folded."""
        found: dict[tuple[str, str], dict[str, Notice]] = {}
        for notice in self._all(NOTICE, "kind IN ('lead', 'hit')"):
            told = found.setdefault((notice.kind, notice.subject_id), {})
            told[notice.agency.casefold()] = notice
        return found

    def add_notice_receipt(self, receipt: NoticeReceipt) -> NoticeReceipt:
        """Keep that a notice was received."""
        facts = {"notice_id": receipt.notice_id, "by": receipt.by}
        self._add(RECEIPT, receipt, {**facts, "received_at": receipt.received_at})
        return receipt
