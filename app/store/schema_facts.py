"""The tables of the fields of the record, corrections, custody and the lab's own pick lists."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who

_FACT = f"""
CREATE TABLE fact (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL
        CHECK (kind IN ('case', 'event', 'exhibit', 'firearm', 'cartridge_case')),
    record_id TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field <> ''),
    value TEXT NOT NULL,
    reason TEXT NOT NULL,{who("noted")}{AUTHOR}
) STRICT
"""
_CORRECTION = f"""
CREATE TABLE correction (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL
        CHECK (kind IN ('case', 'event', 'exhibit', 'firearm', 'cartridge_case')),
    record_id TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field <> ''),
    earlier TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,{who("corrected")}{AUTHOR}
) STRICT
"""
_HAND_OVER = f"""
CREATE TABLE hand_over (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    exhibit_id TEXT NOT NULL REFERENCES exhibit (id),
    given_by TEXT NOT NULL CHECK (given_by <> ''),
    received_by TEXT NOT NULL CHECK (received_by <> ''),
    handed_at TEXT NOT NULL CHECK (handed_at <> ''),
    purpose TEXT NOT NULL CHECK (purpose <> ''),
    seal TEXT NOT NULL,
    place TEXT NOT NULL,
    note TEXT NOT NULL,{who("noted")}{AUTHOR}
) STRICT
"""
_PICK_ENTRY = f"""
CREATE TABLE pick_entry (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    list TEXT NOT NULL CHECK (list <> ''),
    value TEXT NOT NULL CHECK (value <> ''),
    offered INTEGER NOT NULL CHECK (offered IN (0, 1)),{who("noted")}{AUTHOR}
) STRICT
"""
# A case number is looked up in all its writings: capitals, blanks and dashes aside.
_DASHES = ("' '", "char(160)", "'-'", "char(8208)", "char(8209)", "char(8211)", "char(8212)")


def plain_number(column: str) -> str:
    """SQL for a number without blanks, dashes and (Latin) capitals, as its index has it."""
    text = column
    for sign in _DASHES:
        text = f"replace({text}, {sign}, '')"
    return f"lower({text})"


_INDEXES = (
    "CREATE INDEX firearm_serial ON firearm (serial)",
    "CREATE INDEX fact_record ON fact (kind, record_id)",
    "CREATE INDEX fact_value ON fact (kind, field, value)",
    "CREATE INDEX correction_record ON correction (kind, record_id)",
    "CREATE INDEX hand_over_exhibit ON hand_over (exhibit_id)",
    "CREATE INDEX pick_entry_list ON pick_entry (list)",
    f'CREATE INDEX case_plain_number ON "case" ({plain_number("number")})',
)


def m018_facts(db: Database) -> None:
    """Fields beyond those every record has, what was corrected and why, who had an exhibit."""
    for statement in (_FACT, _CORRECTION, _HAND_OVER, _PICK_ENTRY, *_INDEXES):
        db.execute(statement)
    for table in ("fact", "correction", "hand_over", "pick_entry"):
        for statement in frozen_steps(table):
            db.execute(statement)
