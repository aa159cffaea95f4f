"""Notices of leads and hits to the agencies concerned, with their receipts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.casework.moments import earlier, tidy_moment
from app.casework.reviews import (
    Notice,
    NoticeKind,
    NoticeLine,
    NoticeReceipt,
    Untold,
)
from app.casework.verdicts import lead_state
from app.domain import CaseheadError, Changes, now
from app.workbench.leads import Leads


@dataclass(frozen=True, slots=True)
class _Due:
    """A lead or a hit both of whose agencies are to be told; ``subjects`` name it in notices."""

    kind: NoticeKind
    subjects: tuple[str, ...]
    cases: tuple[str, str]
    since: str


class Noticing(Leads):
    """Operations on notices."""

    def send_notice(
        self,
        kind: NoticeKind,
        subject_id: str,
        recipient: str,
        agency: str,
        means: str,
        text: str = "",
        digest: str = "",
    ) -> Notice:
        """Record that somebody was told (R7); the sending itself is done by people.

        ``subject_id``: of a "lead" its id, of a "hit" that of a comparison it rests on, of a
        "trace" that of the request. ``agency`` is the recipient's, ``digest`` the SHA-256 of the
        document. Raises CaseheadError without recipient or means, for a lead no second reviewer
        agreed with, and for what is no hit now.
        """
        recipient = _filled(recipient, "Say who was told; the recipient is kept.")
        means = _filled(means, "Say by what means it was sent, for example e-mail.")
        with self._casebook.transaction():
            self._refuse_notice(kind, subject_id)
            notice = Notice(
                *(kind, subject_id, recipient, " ".join(agency.split()), means, text.strip()),
                *(digest, self.author, now()),
            )
            self._casebook.add_notice(notice)
        self._publish(Changes(casework=True))
        return notice

    def note_receipt(self, notice_id: str, by: str, at: str = "") -> NoticeReceipt:
        """Note who received a notice, and when (now where not given).

        Raises CaseheadError for a moment before it was sent or to come, and for a second receipt.
        """
        by = _filled(by, "Say who received it.")
        with self._casebook.transaction():
            notice = self._casebook.notice_sent(notice_id)
            received = tidy_moment(at, "time of receipt") if at.strip() else now()
            if earlier(received, notice.sent_at):
                raise CaseheadError(
                    f"The notice was sent {notice.sent_at}; it cannot have been received before."
                )
            if self._casebook.receipt_of(notice_id) is not None:
                raise CaseheadError("The receipt of this notice is noted already.")
            receipt = NoticeReceipt(notice_id, received, by, self.author, now())
            self._casebook.add_notice_receipt(receipt)
        self._publish(Changes(casework=True))
        return receipt

    def notices(
        self,
        kind: NoticeKind | None = None,
        subject_id: str | None = None,
        *,
        waiting: bool = False,
    ) -> tuple[NoticeLine, ...]:
        """Notices of a kind, of a subject or all, newest first; ``waiting`` for a receipt only."""
        return self._casebook.notices(kind, subject_id, waiting=waiting)

    def untold(self) -> tuple[Untold, ...]:
        """The agencies that a lead or a hit concerns and that were not told; oldest first."""
        found = sorted(self._untold(), key=lambda one: (one.since, one.subject_id, one.agency))
        return tuple(found)

    def _untold(self) -> Iterator[Untold]:
        told = self._casebook.agencies_told()
        due = [*self._hits_due(), *self._leads_due()]
        labels = self._casebook.case_labels(sorted({case for one in due for case in one.cases}))
        oris = {agency.id: agency.ori for agency in self._casebook.agencies()}
        names = self._case_names(list(labels))
        for one in due:
            known = {who for subject in one.subjects for who in told.get((one.kind, subject), ())}
            for agency_id, name in {labels[case][1:] for case in one.cases}:
                called = {agency_id, name.casefold(), oris.get(agency_id, "").casefold()} - {""}
                if not known & called:
                    both = (names[one.cases[0]], names[one.cases[1]])
                    yield Untold(one.kind, one.subjects[0], agency_id, name, both, one.since)

    def _hits_due(self) -> Iterator[_Due]:
        for link in self.hits():
            yield _Due("hit", link.comparisons, link.pair, link.since)

    def _leads_due(self) -> Iterator[_Due]:
        for link in self.links():
            if link.state == "lead":
                for lead_id in link.leads:
                    yield _Due("lead", (lead_id,), link.pair, link.since)

    def _refuse_notice(self, kind: NoticeKind, subject_id: str) -> None:
        if kind == "lead":
            self._casebook.lead(subject_id)
            state = lead_state(step.kind for step in self._casebook.lead_steps(subject_id))
            if state != "open":
                raise CaseheadError(
                    f"This lead is {state}; a notice goes out only of one that a second reviewer "
                    "agreed with and that is open."
                )
        elif kind == "hit":
            if not any(subject_id in link.comparisons for link in self.hits()):
                raise CaseheadError(
                    "This comparison bears no hit now; a hit notice needs a verified "
                    "identification between two cases."
                )
        elif kind != "trace":
            raise CaseheadError(f"There is no notice of the kind '{kind}': lead, hit or trace.")


def _filled(text: str, sentence: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise CaseheadError(sentence)
    return text
