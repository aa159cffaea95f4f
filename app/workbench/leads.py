"""Leads: proposed by one reviewer, agreed or declined by another, followed until they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.casework.links import Link, pair_of
from app.casework.people import Skill
from app.casework.reviews import (
    Lead,
    LeadLine,
    LeadState,
    LeadStep,
    LeadStepKind,
    same_person,
)
from app.casework.verdicts import lead_state, owner_of
from app.casework.wording import casework_words
from app.domain import CaseheadError, Changes, Review, now
from app.store.link_facts import Stamp
from app.workbench.linked import Linked
from app.workbench.list_reviews import ListReviews
from app.workbench.trained import Trained, needed


@dataclass(frozen=True, slots=True)
class LeadOutline:
    """What a list of leads is chosen by."""

    lead_id: str
    pair: tuple[str, str]
    state: LeadState
    owner: str


class Leads(Linked, ListReviews, Trained):
    """Operations on leads; what happens to one only ever adds up."""

    _outlines: tuple[Stamp, tuple[LeadOutline, ...]] | None = None

    def propose_lead(
        self, left_id: str, right_id: str, reason: str, candidate_id: str | None = None
    ) -> Lead:
        """Propose that two pictures, seen on screen, link their cases; a second reviewer decides.

        A candidate it comes from is kept, and a review of its list that said "no lead" is
        superseded. Raises CaseheadError without a reason, within one case, and while another lead
        of the same two pictures is proposed or open.
        """
        reason = needed(reason, "Say what was seen: a lead is proposed with its reason.")
        with self._casebook.transaction():
            cases = self._casebook.linked_case(left_id), self._casebook.linked_case(right_id)
            self._refuse_hidden_cases(*cases)
            self._refuse_proposal(left_id, right_id, candidate_id)
            if cases[0] == cases[1]:
                number = self._casebook.case_labels(cases)[cases[0]][0]
                raise CaseheadError(
                    f"Both specimens belong to case {number}; a lead is between two cases."
                )
            lead = Lead(left_id, right_id, *cases, reason, candidate_id, self.author, now())
            self._casebook.add_lead(lead)
            if candidate_id is not None:
                self._casebook.review_candidate(candidate_id, Review.KEPT)
            self._review_anew(lead)
        kept = frozenset({candidate_id}) if candidate_id else frozenset[str]()
        self._publish(Changes(cases=frozenset(cases), candidates=kept, casework=True))
        return lead

    def agree_lead(self, lead_id: str, reason: str = "") -> LeadStep:
        """Agree with a proposed lead, as a second reviewer: from now on it is a lead (R6).

        Raises CaseheadError for who proposed it, and when it was decided before.
        """
        return self._decide(lead_id, "agreed", reason.strip())

    def decline_lead(self, lead_id: str, reason: str) -> LeadStep:
        """Decline a proposed lead, as a second reviewer. Raises as ``agree_lead``, and without a
        reason.
        """
        reason = needed(reason, "Say why it is no lead; the reason is kept.")
        return self._decide(lead_id, "declined", reason)

    def assign_lead(self, lead_id: str, person: str) -> LeadStep:
        """Make somebody answer for an open lead. Raises CaseheadError for an unqualified person."""
        name = self._trained(person, (Skill.REVIEW, Skill.EXAMINE), "lead")
        return self._follow(lead_id, "assigned", person=name)

    def lead_feedback(self, lead_id: str, outcome: str, text: str = "") -> LeadStep:
        """Note what investigators said of an open lead; ``outcome`` is a key of the lab's list."""
        kind = casework_words().feedback_kind(outcome, text)
        return self._follow(lead_id, "feedback", outcome=kind.key, text=text.strip())

    def close_lead(self, lead_id: str, reason: str, text: str = "") -> LeadStep:
        """End a lead for a reason of the lab's list; one only proposed is withdrawn so."""
        why = casework_words().closing_reason(reason, text)
        return self._follow(
            lead_id, "closed", ("proposed", "open"), outcome=why.key, text=text.strip()
        )

    def reopen_lead(self, lead_id: str, reason: str) -> LeadStep:
        """Take a closed lead up again. Raises CaseheadError without a reason."""
        reason = needed(reason, "Say why the lead is taken up again; the reason is kept.")
        return self._follow(lead_id, "reopened", ("closed",), text=reason)

    def lead(self, lead_id: str) -> LeadLine:
        """One lead as it stands. Raises CaseheadError when there is none of that id.

        Of one that a blind verification hides no more than which cases it is between.
        """
        lead = self._casebook.lead(lead_id)
        line = self._lines([one for one in self._outlined() if one.lead_id == lead_id])[0]
        return _blank(line) if self._is_hidden(lead) else line

    def lead_history(self, lead_id: str) -> tuple[LeadStep, ...]:
        """Everything that happened to a lead, oldest first; nothing while it is hidden."""
        if self._is_hidden(self._casebook.lead(lead_id)):
            return ()
        return self._casebook.lead_steps(lead_id)

    def leads(
        self,
        state: LeadState | None = None,
        owner: str | None = None,
        case_id: str | None = None,
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[LeadLine, ...]:
        """Leads of a state, an owner, a case, or all; what waits longest first.

        Without those that a blind verification hides from who looks.
        """
        found = [
            one
            for one in self._shown_outlines()
            if state in (None, one.state)
            and (owner is None or same_person(owner, one.owner))
            and (case_id is None or case_id in one.pair)
        ]
        end = None if limit is None else offset + limit
        return self._lines(found[offset:end])

    def lead_counts(self) -> dict[LeadState, int]:
        """How many leads there are of each state, without those that are hidden."""
        found: dict[LeadState, int] = {}
        for one in self._shown_outlines():
            found[one.state] = found.get(one.state, 0) + 1
        return found

    def _refuse_proposal(self, left_id: str, right_id: str, candidate_id: str | None) -> None:
        if left_id == right_id:
            raise CaseheadError("A lead is between two pictures; choose another one.")
        self._refuse_hidden_pair(left_id, right_id)
        if candidate_id is not None:
            candidate = self._casebook.candidate(candidate_id)
            query_id = self._casebook.search(candidate.search_id).acquired_id
            if {query_id, candidate.acquired_id} != {left_id, right_id}:
                raise CaseheadError(
                    "This candidate is of other pictures; propose it from its list."
                )
        earlier = self._casebook.leads_of_pictures(left_id, right_id)
        steps = self._casebook.steps_of([one.id for one in earlier])
        for one in earlier:
            if lead_state(step.kind for step in steps[one.id]) in ("proposed", "open"):
                raise CaseheadError(
                    "A lead between these two pictures is proposed or open already; see to that "
                    "one in the ledger."
                )

    def _decide(self, lead_id: str, kind: LeadStepKind, text: str) -> LeadStep:
        lead = self._casebook.lead(lead_id)
        self._refuse_hidden_cases(lead.case_a, lead.case_b)
        me = self.author
        if me is not None and lead.author and same_person(lead.author.examiner, me.examiner):
            raise CaseheadError(
                f"{lead.author.examiner} proposed this lead; another reviewer has to decide on it."
            )
        return self._follow(lead_id, kind, ("proposed",), text=text)

    def _follow(
        self,
        lead_id: str,
        kind: LeadStepKind,
        while_in: tuple[LeadState, ...] = ("open",),
        *,
        person: str = "",
        outcome: str = "",
        text: str = "",
    ) -> LeadStep:
        """Add a step to a lead that is in one of these states."""
        with self._casebook.transaction():
            lead = self._casebook.lead(lead_id)
            self._refuse_hidden_cases(lead.case_a, lead.case_b)
            state = lead_state(step.kind for step in self._casebook.lead_steps(lead_id))
            if state not in while_in:
                raise CaseheadError(f"{_STANDS[state]} {_NEEDED[while_in[-1]]}")
            step = LeadStep(lead_id, kind, person, outcome, text, self.author, now())
            self._casebook.add_lead_step(step)
        self._publish(Changes(cases=frozenset({lead.case_a, lead.case_b}), casework=True))
        return step

    def _outlined(self) -> tuple[LeadOutline, ...]:
        """All leads, what waits longest first; read again only when something was recorded."""
        known, stamp = self._outlines, self._casebook.link_stamp()
        if known is None or known[0] != stamp or not self._casebook.settled:
            hits = {pair for pair, link in self._derived()[2].items() if link.state == "hit"}
            found = tuple(
                LeadOutline(lead_id, pair, lead_state(kinds, pair in hits), owner or proposer)
                for lead_id, pair, proposer, kinds, owner in self._casebook.lead_outline()
            )
            known = (stamp, found)
            if self._casebook.settled:
                self._outlines = known
        return known[1]

    def _lines(self, outlines: Sequence[LeadOutline]) -> tuple[LeadLine, ...]:
        ids = [one.lead_id for one in outlines]
        leads = {lead.id: lead for lead in self._casebook.leads(ids)}
        steps = self._casebook.steps_of(ids)
        cases = {case for one in outlines for case in one.pair}
        names = self._case_names(sorted(cases))
        told = self._casebook.times_told("lead", ids)
        moment = now()
        return tuple(
            _line(
                leads[one.lead_id],
                one.state,
                steps[one.lead_id],
                names,
                self._business_days(leads[one.lead_id].proposed_at, moment),
                told.get(one.lead_id, 0),
            )
            for one in outlines
        )

    def _business_days(self, since: str, until: str) -> int:
        return int(self._casebook.clock_policy().calendar.business_days(since, until))

    def names_of(self, link: Link) -> tuple[str, str]:
        """The numbers of both cases of a link, with the agency's name for a partner's."""
        names = self._case_names(link.pair)
        return names[link.case_a], names[link.case_b]

    def _case_names(self, case_ids: Sequence[str]) -> dict[str, str]:
        """Numbers of cases, with the agency's name where it is another's."""
        here = self._casebook.author
        own = here.agency if here else ""
        return {
            case_id: number if agency == own else f"{number} ({agency})"
            for case_id, (number, _, agency) in self._casebook.case_labels(case_ids).items()
        }

    def _is_hidden(self, lead: Lead) -> bool:
        return pair_of(lead.case_a, lead.case_b) in self._veil().cases

    def _shown_outlines(self) -> tuple[LeadOutline, ...]:
        hidden = self._veil().cases
        found = self._outlined()
        return tuple(one for one in found if one.pair not in hidden) if hidden else found


_STANDS: dict[LeadState, str] = {
    "proposed": "This lead is only proposed.",
    "open": "This lead is open.",
    "confirmed": "This lead is confirmed.",
    "declined": "This lead was declined.",
    "closed": "This lead is closed.",
}
_NEEDED: dict[LeadState, str] = {
    "proposed": "It was decided on before.",
    "open": "This can be done to an open lead, which a second reviewer agreed with.",
    "closed": "Only a closed lead can be taken up again; propose a declined one anew.",
    "confirmed": "",
    "declined": "",
}


def _line(
    lead: Lead,
    state: LeadState,
    steps: Sequence[LeadStep],
    names: dict[str, str],
    age: int,
    told: int,
) -> LeadLine:
    feedback = next((step for step in reversed(steps) if step.kind == "feedback"), None)
    agreed = next((step for step in steps if step.kind == "agreed"), None)
    closed = next((step for step in reversed(steps) if step.kind in ("closed", "declined")), None)
    return LeadLine(
        lead,
        state,
        owner_of(lead.author.examiner if lead.author else "", steps),
        age,
        (names[lead.case_a], names[lead.case_b]),
        feedback,
        agreed.author.examiner if agreed and agreed.author else "",
        agreed.stepped_at if agreed else "",
        closed.outcome or closed.text if closed and state in ("closed", "declined") else "",
        told,
    )


def _blank(line: LeadLine) -> LeadLine:
    """Nothing of it but its cases."""
    lead = replace(line.lead, reason="", author=None, candidate_id=None)
    return LeadLine(lead, "proposed", "", line.age, line.case_names, hidden=True)
