"""Reviews, leads, verifications and notices: what is kept and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.casework.links import Warm, pair_of
from app.casework.reviews import (
    Lead,
    LeadStep,
    SearchReview,
    Verification,
    VerificationTask,
    WarmLink,
)
from app.casework.wording import CaseworkWords
from app.domain import CaseheadError, Comparison
from app.store.blind import WAITING, Blind
from app.store.casework_codecs import (
    LEAD,
    LEAD_STEP,
    SEARCH_REVIEW,
    TASK,
    VERIFICATION,
    WARM_LINK,
)
from app.store.casework_codecs import VOUCHED as VOUCHED
from app.store.codecs import COMPARISON
from app.store.link_facts import (
    NOWHERE,
    LinkFacts,
    LinkMemory,
    Stamp,
    case_at,
    corrected_since,
    link_stamp,
    places_of,
    unsettled,
)
from app.store.several import marks, portions

_MARK = "(SELECT mark_id FROM {t} WHERE id IN (SELECT {side} FROM comparison WHERE id = ?1))"
_MARKS = ", ".join(
    f"coalesce({_MARK.format(t='image', side=side)}, {_MARK.format(t='scan', side=side)})"
    for side in ("left_id", "right_id")
)
_SAME_MARKS = f"""
WITH c (a, b) AS (SELECT {_MARKS}),
p (id, mark_id) AS (SELECT i.id, i.mark_id FROM c JOIN image i ON i.mark_id IN (c.a, c.b)
    UNION SELECT s.id, s.mark_id FROM c JOIN scan s ON s.mark_id IN (c.a, c.b))
SELECT n.id FROM p l JOIN comparison n ON n.left_id = l.id JOIN p r ON r.id = n.right_id
JOIN c ON (l.mark_id = c.a AND r.mark_id = c.b) OR (l.mark_id = c.b AND r.mark_id = c.a)
WHERE n.id <> ?1
"""


class LeadRow(NamedTuple):
    """Id and cases of a lead, who proposed it, the kinds of the steps that bear on its state,
    oldest first, and whom it was assigned to last, "" nobody.
    """

    id: str
    pair: tuple[str, str]
    proposer: str
    kinds: Sequence[str]
    owner: str


class Casework(Blind):
    """All of it only ever adds up; what supersedes, answers or takes back is a further record."""

    _memory: LinkMemory | None = None

    def link_stamp(self) -> Stamp:
        """The same while nothing was added that a link or a lead's state could follow from."""
        return link_stamp(self._connection)

    @property
    def settled(self) -> bool:
        """Whether what is read now is committed; else nothing of it may be remembered."""
        return not self._connection.in_transaction

    def link_facts(self, words: CaseworkWords) -> LinkFacts:
        """What links are derived from; after the first time only what came since is read."""
        with self._connection.lock:
            memory = self._memory if self._memory and self.settled else LinkMemory()
            memory.bring_up_to(self._connection, link_stamp(self._connection))
            if self.settled:
                self._memory = memory
            rows = self._connection.rows("SELECT name, ori, id FROM agency ORDER BY seq")
            agencies = {(name, ori): agency_id for name, ori, agency_id in rows}
            corrected = corrected_since(self._connection, 0, words)
            warm = self._connection.rows("SELECT case_a, case_b, noted_at FROM warm_link")
            return memory.facts(words, agencies, corrected, tuple(map(Warm._make, warm)))

    def add_search_review(self, review: SearchReview) -> SearchReview:
        """Keep a review of a list; a later one of the search supersedes."""
        facts = {"search_id": review.search_id, "deepest_rank": review.deepest_rank}
        facts |= {"looked_at": review.looked_at, "outcome": review.outcome}
        self._add(SEARCH_REVIEW, review, facts)
        return review

    def search_reviews(self, search_id: str) -> tuple[SearchReview, ...]:
        """Every review of a search's list, oldest first; the last one holds."""
        return self._all(SEARCH_REVIEW, "search_id = ?", (search_id,))

    def ranks_reviewed(self, search_id: str) -> list[tuple[int, str]]:
        """Rank and review of every candidate of a search, by rank."""
        sql = 'SELECT "rank", review FROM candidate WHERE search_id = ? ORDER BY "rank"'
        return [(row[0], row[1]) for row in self._connection.rows(sql, (search_id,))]

    def searches_listing(self, left_id: str, right_id: str) -> list[tuple[str, int]]:
        """The searches with one of two pictures that list the other, with its rank."""
        sql = (
            'SELECT s.id, c."rank" FROM search s JOIN candidate c ON c.search_id = s.id '
            "AND c.acquired_id = ? WHERE s.acquired_id = ?"
        )
        pairs = ((right_id, left_id), (left_id, right_id))
        return [(row[0], row[1]) for pair in pairs for row in self._connection.rows(sql, pair)]

    def add_lead(self, lead: Lead) -> Lead:
        """Keep a proposed lead."""
        facts = {"case_a": lead.case_a, "case_b": lead.case_b, "reason": lead.reason}
        self._add(LEAD, lead, {**facts, "left_id": lead.left_id, "right_id": lead.right_id})
        return lead

    def lead(self, lead_id: str) -> Lead:
        """One lead. Raises CaseheadError when there is none of that id."""
        return self._by_id(LEAD, lead_id)

    def leads_of_pictures(self, left_id: str, right_id: str) -> tuple[Lead, ...]:
        """The leads between two pictures, whichever is left, oldest first."""
        where = "left_id = ? AND right_id = ? OR left_id = ? AND right_id = ?"
        return self._all(LEAD, where, (left_id, right_id, right_id, left_id))

    def leads_between(self, case_id: str, other_id: str) -> tuple[Lead, ...]:
        """The leads between two cases, whichever is first, oldest first."""
        where = "case_a = ? AND case_b = ? OR case_a = ? AND case_b = ?"
        return self._all(LEAD, where, (case_id, other_id, other_id, case_id))

    def leads_of_search(self, search_id: str) -> tuple[Lead, ...]:
        """The leads proposed of the list of a search, oldest first.

        One of the same two pictures counts, whether it names the candidate or not.
        """
        where = (
            "id IN (SELECT l.id FROM candidate c JOIN search s ON s.id = c.search_id JOIN lead l "
            "ON (l.left_id = s.acquired_id AND l.right_id = c.acquired_id) "
            "OR (l.right_id = s.acquired_id AND l.left_id = c.acquired_id) "
            "WHERE c.search_id = ?)"
        )
        return self._all(LEAD, where, (search_id,))

    def leads(self, lead_ids: Sequence[str] | None = None) -> tuple[Lead, ...]:
        """All leads, or those of these ids, oldest first."""
        if lead_ids is None:
            return self._all(LEAD, "1")
        return self._of(LEAD, "id", lead_ids)

    def lead_outline(self) -> list[LeadRow]:
        """Of every lead, oldest first: what its state and its owner follow from."""
        deciding: dict[str, list[str]] = {}
        owners: dict[str, str] = {}
        for lead_id, kind, person in self._connection.rows(
            "SELECT lead_id, kind, person FROM lead_step WHERE kind <> 'feedback' ORDER BY seq"
        ):
            if kind == "assigned":
                owners[lead_id] = person
            else:
                deciding.setdefault(lead_id, []).append(kind)
        rows = self._connection.rows(
            "SELECT id, case_a, case_b, proposed_examiner FROM lead ORDER BY seq"
        )
        return [
            LeadRow(
                row[0],
                pair_of(row[1], row[2]),
                row[3],
                deciding.get(row[0], ()),
                owners.get(row[0], ""),
            )
            for row in rows
        ]

    def add_lead_step(self, step: LeadStep) -> LeadStep:
        """Keep what happened to a lead."""
        facts = {"lead_id": step.lead_id, "kind": step.kind, "person": step.person}
        self._add(LEAD_STEP, step, {**facts, "outcome": step.outcome, "text": step.text})
        return step

    def lead_steps(self, lead_id: str) -> tuple[LeadStep, ...]:
        """Everything that happened to a lead, oldest first."""
        return self._all(LEAD_STEP, "lead_id = ?", (lead_id,))

    def steps_of(self, lead_ids: Sequence[str]) -> dict[str, list[LeadStep]]:
        """The same of several, by lead."""
        found: dict[str, list[LeadStep]] = {one: [] for one in lead_ids}
        for step in self._of(LEAD_STEP, "lead_id", lead_ids):
            found[step.lead_id].append(step)
        return found

    def add_verification_task(self, task: VerificationTask) -> VerificationTask:
        """Keep that a verification was asked for; an unanswered earlier one no longer waits."""
        facts = {"comparison_id": task.comparison_id, "mode": task.mode, "third": task.third}
        self._add(TASK, task, {**facts, "verifier": task.verifier})
        return task

    def comparisons_of_marks(self, comparison_id: str) -> tuple[str, ...]:
        """The other comparisons of the same two marks, whichever is left."""
        rows = self._connection.rows(_SAME_MARKS, (comparison_id,))
        return tuple(row[0] for row in rows)

    def verification_task(self, task_id: str) -> VerificationTask:
        """One of them. Raises CaseheadError when there is none of that id."""
        return self._by_id(TASK, task_id)

    def verification_tasks(
        self, comparison_id: str | None = None, *, waiting: bool = False
    ) -> tuple[VerificationTask, ...]:
        """Those of a comparison or all, oldest first; only what ``waiting`` for an answer."""
        where = "1" if comparison_id is None else "comparison_id = ?"
        own = () if comparison_id is None else (comparison_id,)
        return self._all(TASK, f"{where} AND {WAITING}" if waiting else where, own)

    def comparisons_of(self, comparison_ids: Sequence[str]) -> dict[str, Comparison]:
        """Several comparisons by id; unknown ones are left out."""
        ids = list(dict.fromkeys(comparison_ids))
        found: tuple[Comparison, ...] = self._of(COMPARISON, "id", ids)
        return {one.id: one for one in found}

    def add_verification(self, verification: Verification) -> Verification:
        """Keep an examiner's answer. Raises CaseheadError when the task was answered before."""
        facts = {"task_id": verification.task_id, "comparison_id": verification.comparison_id}
        facts |= {"scale": verification.scale, "value": verification.value}
        taken = "This verification was entered already; look at it again."
        self._add(VERIFICATION, verification, facts, taken)
        return verification

    def verifications(self, comparison_id: str) -> tuple[Verification, ...]:
        """Every verification of a comparison, oldest first."""
        return self._all(VERIFICATION, "comparison_id = ?", (comparison_id,))

    def verification_count(self) -> tuple[int, int]:
        """How many second examiners verified, and how many of them concluded otherwise."""
        found = self._connection.row(
            "SELECT count(*), coalesce(sum(v.value <> c.value OR v.scale <> c.scale), 0) "
            "FROM verification v JOIN verification_task t ON t.id = v.task_id AND NOT t.third "
            "JOIN conclusion c ON c.id = v.conclusion_id"
        )
        return (found[0], found[1]) if found else (0, 0)

    def corrections_seen(self) -> int:
        """The number of the last correction; 0 before the first."""
        found = self._connection.row("SELECT coalesce(max(seq), 0) FROM correction")
        return int(found[0]) if found else 0

    def changed_since(self, last: Verification, words: CaseworkWords) -> tuple[str, ...]:
        """A sentence for everything that was changed since a verification; () holds."""
        pair = self._connection.row(
            "SELECT left_id, right_id FROM comparison WHERE id = ?", (last.comparison_id,)
        )
        left_id, right_id = pair or ("", "")
        places = places_of(self._connection, (left_id, right_id))
        newest = self._newest("conclusion", last.comparison_id)
        drawing = self._newest("annotation_set", last.comparison_id)
        return unsettled(
            last.annotation_id,
            last.corrections_seen,
            (last.conclusion_id, newest, drawing),
            (*places.get(left_id, NOWHERE), *places.get(right_id, NOWHERE)),
            corrected_since(self._connection, last.corrections_seen, words),
        )

    def linked_case(self, acquired_id: str) -> str:
        """The case a picture's specimen links: of a test fire its gun's, else its own."""
        place = places_of(self._connection, (acquired_id,)).get(acquired_id)
        if place is None:
            raise CaseheadError(f"There is no picture {acquired_id} in this casebook.")
        return case_at(place)

    def case_labels(self, case_ids: Sequence[str]) -> dict[str, tuple[str, str, str]]:
        """By case: its number, its agency's id and name."""
        found = {}
        for some in portions(case_ids):
            rows = self._connection.rows(
                'SELECT c.id, c.number, a.id, a.name FROM "case" c JOIN agency a '
                f"ON a.id = c.agency_id WHERE c.id IN ({marks(some)})",
                some,
            )
            found.update({row[0]: (row[1], row[2], row[3]) for row in rows})
        return found

    def add_warm_link(self, warm: WarmLink) -> WarmLink:
        """Keep a link known from elsewhere."""
        facts = {"case_a": warm.case_a, "case_b": warm.case_b, "basis": warm.basis}
        self._add(WARM_LINK, warm, facts)
        return warm

    def warm_links(self) -> tuple[WarmLink, ...]:
        """All of them, oldest first."""
        return self._all(WARM_LINK, "1")

    def _newest(self, table: str, comparison_id: str) -> str:
        found = self._connection.row(
            f'SELECT id FROM "{table}" WHERE comparison_id = ? ORDER BY seq DESC LIMIT 1',
            (comparison_id,),
        )
        return str(found[0]) if found else ""
