"""Notices of leads and hits to the agencies concerned, with their receipts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.casework.links import Pair, pair_of
from app.casework.moments import earlier, tidy_moment
from app.casework.reviews import (
    ENDED,
    Notice,
    NoticeKind,
    NoticeLine,
    NoticeReceipt,
    Untold,
)
from app.casework.verdicts import lead_state
from app.domain import CaseheadError, Changes, now
from app.workbench.blinding import FIRST_YOURS
from app.workbench.leads import Leads
from app.workbench.trained import needed

_Told = Mapping[tuple[str, str], Mapping[str, Notice]]


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
        document. An agency that was told of a hit that holds no more is told so with the next
        notice of it. Raises CaseheadError without recipient or means, for a lead no second reviewer
        agreed with, and for what is no hit now.
        """
        recipient = _filled(recipient, "Say who was told; the recipient is kept.")
        means = _filled(means, "Say by what means it was sent, for example e-mail.")
        with self._casebook.transaction():
            if self._hides_notice(kind, subject_id):
                raise CaseheadError(FIRST_YOURS)
            agency = " ".join(agency.split())
            if kind == "hit" and self._believes(subject_id, agency):
                text = f"{ENDED} {text.strip()}"
            else:
                self._refuse_notice(kind, subject_id)
            notice = Notice(
                *(kind, subject_id, recipient, agency, means, text.strip()),
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
            if self._hides_notice(notice.kind, notice.subject_id):
                raise CaseheadError(FIRST_YOURS)
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
        """Notices of a kind, of a subject or all, newest first; ``waiting`` for a receipt only.

        Without those of what a blind verification hides from who looks.
        """
        found = self._casebook.notices(kind, subject_id, waiting=waiting)
        if not self._veil().specimens:
            return found
        return tuple(
            one for one in found if not self._hides_notice(one.notice.kind, one.notice.subject_id)
        )

    def untold(self) -> tuple[Untold, ...]:
        """The agencies that a lead or a hit concerns and that were not told; oldest first.

        Also those that were told of a hit and not that it holds no more.
        """
        told = self._casebook.agencies_told()
        due = (*self._untold(told), *self._untold_ends(told))
        return tuple(sorted(due, key=lambda one: (one.since, one.subject_id, one.agency)))

    def untold_ends(self) -> tuple[Untold, ...]:
        """Those alone that were told of a hit and not that it holds no more."""
        return tuple(self._untold_ends(self._casebook.agencies_told()))

    def _untold(self, told: _Told) -> Iterator[Untold]:
        due = [*self._hits_due(), *self._leads_due()]
        labels = self._casebook.case_labels(sorted({case for one in due for case in one.cases}))
        oris = {agency.id: agency.ori for agency in self._casebook.agencies()}
        names = self._case_names(list(labels))
        for one in due:
            known = {who for subject in one.subjects for who in _knowing(told, one.kind, subject)}
            for agency_id, name in {labels[case][1:] for case in one.cases}:
                called = {agency_id, name.casefold(), oris.get(agency_id, "").casefold()} - {""}
                if not known & called:
                    both = (names[one.cases[0]], names[one.cases[1]])
                    yield Untold(one.kind, one.subjects[0], agency_id, name, both, one.since)

    def _untold_ends(self, told: _Told) -> Iterator[Untold]:
        """The hits that ended, for each agency that was told of one."""
        held = {link.pair for link in self._all() if link.state == "hit"}
        for kind, subject in told:
            if kind != "hit" or self._hides_notice("hit", subject):
                continue
            (pair,) = self._noticed("hit", subject)
            if pair in held:
                continue
            names = self._case_names(pair)
            for notice in _knowing(told, "hit", subject).values():
                both = (names[pair[0]], names[pair[1]])
                yield Untold("hit", subject, "", notice.agency, both, notice.sent_at, ended=True)

    def _believes(self, subject_id: str, agency: str) -> bool:
        """Whether an agency was told of a hit that holds no more, and not of that."""
        name = agency.casefold()
        return any(
            one.subject_id == subject_id and one.agency.casefold() == name
            for one in self.untold_ends()
        )

    def _hits_due(self) -> Iterator[_Due]:
        for link in self.hits():
            yield _Due("hit", link.comparisons, link.pair, link.since)

    def _leads_due(self) -> Iterator[_Due]:
        for link in self.links():
            if link.state == "lead":
                for lead_id in link.leads:
                    yield _Due("lead", (lead_id,), link.pair, link.since)

    def _hides_notice(self, kind: NoticeKind, subject_id: str) -> bool:
        """Whether a notice is of what must not be seen yet; those of a trace, where a hit may have
        made it urgent, are kept with the cases of its gun."""
        veiled = self._veil().cases
        if not veiled:
            return subject_id in self._veil().comparisons
        try:
            return not veiled.isdisjoint(self._noticed(kind, subject_id))
        except CaseheadError:  # of nothing there is; what is asked for says so
            return False

    def _noticed(self, kind: NoticeKind, subject_id: str) -> Iterator[Pair]:
        """The pairs of cases that a notice is about."""
        if kind == "lead":
            lead = self._casebook.lead(subject_id)
            yield pair_of(lead.case_a, lead.case_b)
        elif kind == "hit":
            of = self._casebook.comparison(subject_id)
            linked = self._casebook.linked_case
            yield pair_of(linked(of.left_id), linked(of.right_id))
        elif kind == "trace":
            request = self._casebook.trace_request(subject_id)
            case_id = self._casebook.known_gun(request.firearm_id).case.id
            yield from (pair for pair in self._veil().cases if case_id in pair)

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


def _knowing(told: _Told, kind: str, subject_id: str) -> dict[str, Notice]:
    """The agencies told of a lead or hit, without those that were told that it ended."""
    last = told.get((kind, subject_id), {})
    return {who: one for who, one in last.items() if not one.text.startswith(ENDED)}


def _filled(text: str, sentence: str) -> str:
    return needed(" ".join(text.split()), sentence)
