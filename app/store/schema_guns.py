"""The tables of gun groups and of events as they stand."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who
from app.store.schema_places import places

_GUN = f"""
CREATE TABLE gun_group (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    case_id TEXT REFERENCES "case" (id),
    firearm_id TEXT UNIQUE REFERENCES firearm (id),{who("made")}{AUTHOR}
) STRICT
"""
_STEP = f"""
CREATE TABLE gun_step (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    gun_id TEXT NOT NULL REFERENCES gun_group (id),
    cartridge_case_id TEXT NOT NULL REFERENCES cartridge_case (id),
    kind TEXT NOT NULL CHECK (kind IN ('joined', 'left', 'chosen')),
    act TEXT NOT NULL,
    act_id TEXT NOT NULL,
    other_id TEXT REFERENCES gun_group (id),
    reason TEXT NOT NULL,{who("stepped")}{AUTHOR}
) STRICT
"""
_MEMBER = """
CREATE VIEW gun_member AS
SELECT s.seq, s.gun_id, s.cartridge_case_id, s.stepped_at AS joined_at FROM gun_step s
WHERE s.kind = 'joined' AND NOT EXISTS (
    SELECT 1 FROM gun_step t WHERE t.cartridge_case_id = s.cartridge_case_id
    AND t.kind IN ('joined', 'left') AND t.seq > s.seq
)
"""
_INDEXES = (
    "CREATE INDEX gun_group_case ON gun_group (case_id)",
    "CREATE INDEX gun_step_gun ON gun_step (gun_id, seq)",
    "CREATE INDEX gun_step_case ON gun_step (cartridge_case_id, seq, kind)",
    "CREATE INDEX gun_step_act ON gun_step (act_id)",
)


def m019_guns(db: Database) -> None:
    """Guns with the cartridge cases of them, and events by place and time."""
    for statement in (_GUN, _STEP, _MEMBER, *_INDEXES):
        db.execute(statement)
    for table in ("gun_group", "gun_step"):
        for statement in frozen_steps(table):
            db.execute(statement)
    places(db)
