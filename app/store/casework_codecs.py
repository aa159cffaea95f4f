"""How reviews, leads, verifications and notices are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.casework.reviews import (
    Lead,
    LeadStep,
    Notice,
    NoticeReceipt,
    SearchReview,
    Verification,
    VerificationTask,
    WarmLink,
)
from app.store.codec import Codec, by, told, who, who_columns

Row = Sequence[Any]


SEARCH_REVIEW: Codec[SearchReview] = Codec(
    "search_review",
    "id search_id deepest_rank looked_at kept dismissed later outcome note "
    f"{who_columns('reviewed')}",
    lambda r: (
        *(r.id, r.search_id, r.deepest_rank, r.looked_at, r.kept, r.dismissed, r.later),
        *(r.outcome, r.note, *who(r.author, r.reviewed_at)),
    ),
    lambda r: SearchReview(*told(r, 9)),
)
LEAD: Codec[Lead] = Codec(
    "lead",
    f"id left_id right_id case_a case_b reason candidate_id {who_columns('proposed')}",
    lambda v: (
        *(v.id, v.left_id, v.right_id, v.case_a, v.case_b, v.reason, v.candidate_id),
        *who(v.author, v.proposed_at),
    ),
    lambda r: Lead(*told(r, 7)),
)
LEAD_STEP: Codec[LeadStep] = Codec(
    "lead_step",
    f"id lead_id kind person outcome text {who_columns('stepped')}",
    lambda s: (
        *(s.id, s.lead_id, s.kind, s.person, s.outcome, s.text),
        *who(s.author, s.stepped_at),
    ),
    lambda r: LeadStep(*told(r, 6)),
)
TASK: Codec[VerificationTask] = Codec(
    "verification_task",
    f"id comparison_id conclusion_id mode verifier third {who_columns('asked')}",
    lambda t: (
        *(t.id, t.comparison_id, t.conclusion_id, t.mode, t.verifier, int(t.third)),
        *who(t.author, t.asked_at),
    ),
    lambda r: VerificationTask(*(*r[1:5], bool(r[5]), *by(r, 6), r[0])),
)


def _encode_verification(v: Verification) -> Row:
    examined = None if v.examined_physically is None else int(v.examined_physically)
    return (
        *(v.id, v.task_id, v.comparison_id, v.conclusion_id, v.scale, v.value, v.reasons),
        *(v.basis, v.basis_reason, examined, v.examined_by, v.examined_at, v.subclass_excluded),
        *(v.annotation_id, v.corrections_seen, *who(v.author, v.verified_at)),
    )


def _decode_verification(r: Row) -> Verification:
    examined = None if r[9] is None else bool(r[9])
    return Verification(*(*r[1:9], examined, *r[10:15], *by(r, 15), r[0]))


VERIFICATION: Codec[Verification] = Codec(
    "verification",
    "id task_id comparison_id conclusion_id scale value reasons basis basis_reason "
    "examined_physically examined_by examined_at subclass_excluded annotation_id "
    f"corrections_seen {who_columns('verified')}",
    _encode_verification,
    _decode_verification,
)
NOTICE: Codec[Notice] = Codec(
    "notice",
    f"id kind subject_id recipient recipient_agency means text digest {who_columns('sent')}",
    lambda n: (
        *(n.id, n.kind, n.subject_id, n.recipient, n.agency, n.means, n.text, n.digest),
        *who(n.author, n.sent_at),
    ),
    lambda r: Notice(*told(r, 8)),
)
RECEIPT: Codec[NoticeReceipt] = Codec(
    "notice_receipt",
    f"id notice_id received_at by {who_columns('noted')}",
    lambda n: (n.id, n.notice_id, n.received_at, n.by, *who(n.author, n.noted_at)),
    lambda r: NoticeReceipt(*told(r, 4)),
)
WARM_LINK: Codec[WarmLink] = Codec(
    "warm_link",
    f"id case_a case_b basis {who_columns('noted')}",
    lambda w: (w.id, w.case_a, w.case_b, w.basis, *who(w.author, w.noted_at)),
    lambda r: WarmLink(*told(r, 4)),
)

VOUCHED: tuple[Codec[Any], ...] = (
    SEARCH_REVIEW,
    LEAD,
    LEAD_STEP,
    TASK,
    VERIFICATION,
    NOTICE,
    RECEIPT,
    WARM_LINK,
)
