"""The tables of annotations and saved views."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who

_ANNOTATION_SET = f"""
CREATE TABLE annotation_set (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    comparison_id TEXT NOT NULL REFERENCES comparison (id),
    annotations TEXT NOT NULL CHECK (json_valid(annotations)),{who("drawn", "recorded_at")}{AUTHOR}
) STRICT
"""
_SAVED_VIEW = f"""
CREATE TABLE saved_view (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    comparison_id TEXT NOT NULL REFERENCES comparison (id),
    rotation_deg REAL NOT NULL,
    shift_x_um REAL NOT NULL,
    shift_y_um REAL NOT NULL,
    view TEXT NOT NULL CHECK (json_valid(view)),
    annotations TEXT NOT NULL CHECK (json_valid(annotations)),
    score TEXT NOT NULL CHECK (json_valid(score)),
    picture_sha256 TEXT NOT NULL,
    software TEXT NOT NULL,{who("saved", "recorded_at")}{AUTHOR}
) STRICT
"""
_SAVED_VIEW_LABEL = f"""
CREATE TABLE saved_view_label (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    saved_view_id TEXT NOT NULL REFERENCES saved_view (id),
    name TEXT NOT NULL CHECK (name <> ''),
    in_report INTEGER NOT NULL CHECK (in_report IN (0, 1)),
    withdrawn_at TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_INDEXES = (
    "CREATE INDEX annotation_set_comparison ON annotation_set (comparison_id)",
    "CREATE INDEX saved_view_comparison ON saved_view (comparison_id)",
    "CREATE INDEX saved_view_label_view ON saved_view_label (saved_view_id)",
)


def m007_annotations(db: Database) -> None:
    """What is drawn over a pair, every version of it, and the views kept with a comparison."""
    for table in (_ANNOTATION_SET, _SAVED_VIEW, _SAVED_VIEW_LABEL):
        db.execute(table)
    for statement in _INDEXES:
        db.execute(statement)
    for table in ("annotation_set", "saved_view", "saved_view_label"):
        for statement in frozen_steps(table):
            db.execute(statement)
