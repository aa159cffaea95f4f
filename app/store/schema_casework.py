"""The tables of reviews, leads, verifications and notices."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who

_SEARCH_REVIEW = f"""
CREATE TABLE search_review (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    search_id TEXT NOT NULL REFERENCES search (id),
    deepest_rank INTEGER NOT NULL CHECK (deepest_rank >= 0),
    looked_at INTEGER NOT NULL CHECK (looked_at >= 0),
    kept INTEGER NOT NULL CHECK (kept >= 0),
    dismissed INTEGER NOT NULL CHECK (dismissed >= 0),
    later INTEGER NOT NULL CHECK (later >= 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('lead', 'no lead')),
    note TEXT NOT NULL,{who("reviewed")}{AUTHOR}
) STRICT
"""
# Candidates of a list that is made anew may go, so that a lead names one without a reference.
_LEAD = f"""
CREATE TABLE lead (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    left_id TEXT NOT NULL REFERENCES acquired (id),
    right_id TEXT NOT NULL REFERENCES acquired (id),
    candidate_id TEXT,
    case_a TEXT NOT NULL REFERENCES "case" (id),
    case_b TEXT NOT NULL REFERENCES "case" (id),
    reason TEXT NOT NULL CHECK (trim(reason) <> ''),{who("proposed")}{AUTHOR},
    CHECK (case_a <> case_b),
    CHECK (left_id <> right_id)
) STRICT
"""
_LEAD_STEP = f"""
CREATE TABLE lead_step (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    lead_id TEXT NOT NULL REFERENCES lead (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('agreed', 'declined', 'assigned', 'feedback', 'closed', 'reopened')),
    person TEXT NOT NULL,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL,{who("stepped")}{AUTHOR}
) STRICT
"""
_TASK = f"""
CREATE TABLE verification_task (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    comparison_id TEXT NOT NULL REFERENCES comparison (id),
    conclusion_id TEXT NOT NULL REFERENCES conclusion (id),
    mode TEXT NOT NULL CHECK (mode IN ('open', 'blind')),
    verifier TEXT NOT NULL,
    third INTEGER NOT NULL CHECK (third IN (0, 1)),{who("asked")}{AUTHOR}
) STRICT
"""
# annotation_id and corrections_seen say what the verification rested on: the newest drawing then,
# and the number of the last correction there was.
_VERIFICATION = f"""
CREATE TABLE verification (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    task_id TEXT NOT NULL UNIQUE REFERENCES verification_task (id),
    comparison_id TEXT NOT NULL REFERENCES comparison (id),
    conclusion_id TEXT NOT NULL REFERENCES conclusion (id),
    scale TEXT NOT NULL,
    value TEXT NOT NULL CHECK (value <> ''),
    reasons TEXT NOT NULL,
    basis TEXT NOT NULL,
    basis_reason TEXT NOT NULL,
    examined_physically INTEGER CHECK (examined_physically IN (0, 1)),
    examined_by TEXT NOT NULL,
    examined_at TEXT NOT NULL,
    subclass_excluded TEXT NOT NULL,
    annotation_id TEXT NOT NULL,
    corrections_seen INTEGER NOT NULL,{who("verified")}{AUTHOR}
) STRICT
"""
_NOTICE = f"""
CREATE TABLE notice (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('lead', 'hit', 'trace')),
    subject_id TEXT NOT NULL CHECK (subject_id <> ''),
    recipient TEXT NOT NULL CHECK (trim(recipient) <> ''),
    recipient_agency TEXT NOT NULL,
    means TEXT NOT NULL CHECK (trim(means) <> ''),
    digest TEXT NOT NULL,
    text TEXT NOT NULL,{who("sent")}{AUTHOR}
) STRICT
"""
_RECEIPT = f"""
CREATE TABLE notice_receipt (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    notice_id TEXT NOT NULL REFERENCES notice (id),
    received_at TEXT NOT NULL,
    "by" TEXT NOT NULL CHECK (trim("by") <> ''),{who("noted")}{AUTHOR}
) STRICT
"""
_WARM = f"""
CREATE TABLE warm_link (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    case_a TEXT NOT NULL REFERENCES "case" (id),
    case_b TEXT NOT NULL REFERENCES "case" (id),
    basis TEXT NOT NULL CHECK (trim(basis) <> ''),{who("noted")}{AUTHOR},
    CHECK (case_a <> case_b)
) STRICT
"""
_INDEXES = (
    "CREATE INDEX search_review_search ON search_review (search_id)",
    "CREATE INDEX lead_case_a ON lead (case_a)",
    "CREATE INDEX lead_case_b ON lead (case_b)",
    "CREATE INDEX lead_left ON lead (left_id)",
    "CREATE INDEX lead_right ON lead (right_id)",
    "CREATE INDEX lead_candidate ON lead (candidate_id)",
    "CREATE INDEX lead_step_lead ON lead_step (lead_id, kind)",
    "CREATE INDEX verification_task_comparison ON verification_task (comparison_id)",
    "CREATE INDEX verification_comparison ON verification (comparison_id)",
    "CREATE INDEX verification_conclusion ON verification (conclusion_id)",
    "CREATE INDEX notice_subject ON notice (kind, subject_id)",
    "CREATE INDEX notice_receipt_notice ON notice_receipt (notice_id)",
    "CREATE INDEX warm_link_a ON warm_link (case_a)",
    "CREATE INDEX warm_link_b ON warm_link (case_b)",
)
TABLES = (
    *("search_review", "lead", "lead_step", "verification_task", "verification"),
    *("notice", "notice_receipt", "warm_link"),
)


def m020_casework(db: Database) -> None:
    """Reviews of lists, leads, verifications, notices, warm links; nothing is ever changed."""
    created = (_SEARCH_REVIEW, _LEAD, _LEAD_STEP, _TASK, _VERIFICATION, _NOTICE, _RECEIPT, _WARM)
    for statement in (*created, *_INDEXES):
        db.execute(statement)
    for table in TABLES:
        for statement in frozen_steps(table):
            db.execute(statement)
