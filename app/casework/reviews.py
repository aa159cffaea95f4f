"""Reviews of searches, leads, verifications and notices: what is recorded, and how it is shown.

What is recorded only ever adds up. A state (of a lead, of a verification) is derived from it and
nowhere stored; ``app.casework.links`` derives leads and hits between cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.casework.people import letters_of
from app.domain import Author, new_id

ReviewOutcome = Literal["lead", "no lead"]
LeadStepKind = Literal["agreed", "declined", "assigned", "feedback", "closed", "reopened"]
LeadState = Literal["proposed", "open", "confirmed", "declined", "closed"]
Mode = Literal["open", "blind"]
VerificationWord = Literal["none", "asked", "agreed", "disagreed", "settled", "unresolved", "stale"]
NoticeKind = Literal["lead", "hit", "trace"]

LEAD_STATES: tuple[LeadState, ...] = ("proposed", "open", "confirmed", "declined", "closed")
MODES: tuple[Mode, ...] = ("open", "blind")


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: case, spaces and dots do not tell people apart."""
    return one == other or letters_of(one) == letters_of(other)


@dataclass(frozen=True, slots=True)
class SearchReview:
    """That somebody went through the list of a search; a later one of the search supersedes.

    Everything down to ``deepest_rank`` was looked at: ``looked_at`` candidates, of which so many
    were kept, dismissed and put off. ``outcome`` is "lead" when one was proposed of the list.
    """

    search_id: str
    deepest_rank: int
    looked_at: int
    kept: int
    dismissed: int
    later: int
    outcome: ReviewOutcome
    note: str = ""
    author: Author | None = None
    reviewed_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Lead:
    """An association of two cases seen on screen, as proposed by ``author``.

    ``left_id`` and ``right_id`` are the pictures, ``case_a`` and ``case_b`` their cases: for a
    test fire the case of its gun.
    """

    left_id: str
    right_id: str
    case_a: str
    case_b: str
    reason: str
    candidate_id: str | None = None
    author: Author | None = None
    proposed_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class LeadStep:
    """Something that happened to a lead. ``person`` is who it was assigned to; ``outcome`` the key
    of a feedback kind or of a closing reason (``resources/casework.json``).
    """

    lead_id: str
    kind: LeadStepKind
    person: str = ""
    outcome: str = ""
    text: str = ""
    author: Author | None = None
    stepped_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class VerificationTask:
    """That a verification was asked for; the newest unanswered one of a comparison counts.

    ``verifier`` "" leaves it to any qualified examiner who has not concluded on it. ``third`` is
    asked after a disagreement.
    """

    comparison_id: str
    conclusion_id: str
    mode: Mode = "open"
    verifier: str = ""
    third: bool = False
    author: Author | None = None
    asked_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Verification:
    """A second (or third) examiner's own conclusion of the same comparison.

    ``conclusion_id`` is the one verified. ``annotation_id`` was the newest version of what is
    drawn then ("" none), ``corrections_seen`` the number of the last correction of the record.
    """

    task_id: str
    comparison_id: str
    conclusion_id: str
    scale: str
    value: str
    reasons: str = ""
    basis: str = ""
    basis_reason: str = ""
    examined_physically: bool | None = None
    examined_by: str = ""
    examined_at: str = ""
    subclass_excluded: str = ""
    annotation_id: str = ""
    corrections_seen: int = 0
    author: Author | None = None
    verified_at: str = ""
    id: str = field(default_factory=new_id)

    @property
    def examiner(self) -> str:
        """Who verified."""
        return self.author.examiner if self.author else ""


@dataclass(frozen=True, slots=True)
class Notice:
    """That somebody was told of a lead (``subject_id`` its id), a hit (the id of a verified
    comparison of it) or a trace (its id). ``digest`` is the SHA-256 of the document sent, if any.
    """

    kind: NoticeKind
    subject_id: str
    recipient: str
    agency: str
    means: str
    text: str = ""
    digest: str = ""
    author: Author | None = None
    sent_at: str = ""
    id: str = field(default_factory=new_id)


ENDED = "The hit told of before holds no more."
"""How the text of a notice begins that takes the one before it back."""


@dataclass(frozen=True, slots=True)
class NoticeReceipt:
    """That a notice was received: ``by`` whom, and when."""

    notice_id: str
    received_at: str
    by: str
    author: Author | None = None
    noted_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class WarmLink:
    """A link between two cases known from elsewhere (a hunch, earlier work); never counted."""

    case_a: str
    case_b: str
    basis: str
    author: Author | None = None
    noted_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead as the ledger shows it. ``age`` is in business days since it was proposed.

    ``owner`` is who it was assigned to last, else who proposed it; ``agreed_by`` "" until then;
    ``case_names`` are the numbers of both cases (with the agency's name for a partner's).
    ``last_feedback`` is None while investigators said nothing. ``hidden`` says that its texts are
    blank because a blind verification waits for the one who looks.
    """

    lead: Lead
    state: LeadState
    owner: str
    age: int
    case_names: tuple[str, str]
    last_feedback: LeadStep | None = None
    agreed_by: str = ""
    agreed_at: str = ""
    closed_because: str = ""
    told: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A verification asked for: of what (``names`` of both specimens), and whether it waits.

    ``mine`` says that the one who looks may enter it; ``why_not`` why not, otherwise.
    """

    task: VerificationTask
    left_id: str
    right_id: str
    names: tuple[str, str]
    waiting: bool
    mine: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class VerificationState:
    """How far the verification of a comparison has come.

    ``state``: "none" was asked for; "asked" and waiting; "agreed"; "disagreed", a third person is
    to be asked (``task`` None) or waited for (``task.third``); "settled" by two of three, ``value``
    says on what; "unresolved", three people said three things; "stale", ``sentences`` say what
    changed since. ``task`` is the one that waits, ``verification`` the second examiner's, ``third``
    the third's. ``verified`` says that the conclusion in force is borne out and nothing changed.
    """

    state: VerificationWord
    task: VerificationTask | None = None
    verification: Verification | None = None
    third: Verification | None = None
    value: str = ""
    verified: bool = False
    hidden: bool = False
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice with its receipt; ``receipt`` None waits."""

    notice: Notice
    receipt: NoticeReceipt | None = None


@dataclass(frozen=True, slots=True)
class Untold:
    """An agency that has not been told of a lead or a hit yet; ``since`` it is to be told.

    ``ended``: it was told of a hit (at ``since``) that holds no more, and not of that.
    """

    kind: NoticeKind
    subject_id: str
    agency_id: str
    agency: str
    case_names: tuple[str, str]
    since: str
    ended: bool = False
