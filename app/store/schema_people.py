"""The tables of people, roles, passwords and qualifications."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, kept

_PERSON = f"""
CREATE TABLE person (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL UNIQUE,{AUTHOR}
) STRICT
"""
_PERSON_TERM = f"""
CREATE TABLE person_term (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    roles TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    reason TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_PASSWORD = f"""
CREATE TABLE password (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    hash TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('set', 'changed', 'reset', 'rehashed')),
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),{AUTHOR}
) STRICT
"""
_QUALIFICATION = f"""
CREATE TABLE qualification (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    skill TEXT NOT NULL,
    granted_on TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    note TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_QUALIFICATION_END = f"""
CREATE TABLE qualification_end (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    qualification_id TEXT NOT NULL UNIQUE REFERENCES qualification (id),
    reason TEXT NOT NULL CHECK (reason <> ''),{AUTHOR}
) STRICT
"""
_POLICY = f"""
CREATE TABLE sign_in_policy (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sign_in TEXT NOT NULL CHECK (sign_in IN ('password', 'name')),
    idle_minutes INTEGER NOT NULL,{AUTHOR}
) STRICT
"""
_TRIES = """
CREATE TABLE sign_in_tries (
    name_key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT
"""
_TABLES = ("person", "person_term", "password", "qualification", "qualification_end")


def m017_people(db: Database) -> None:
    """Who works here, with roles, passwords, qualifications, and how they sign in."""
    made = (_PERSON, _PERSON_TERM, _PASSWORD, _QUALIFICATION, _QUALIFICATION_END, _POLICY, _TRIES)
    for statement in made:
        db.execute(statement)
    for table in (*_TABLES, "sign_in_policy"):
        for statement in frozen_steps(table):
            db.execute(statement)
    db.execute(kept("sign_in_tries").strip().rstrip(";"))
    for table in ("person_term", "password", "qualification"):
        db.execute(f"CREATE INDEX {table}_person ON {table} (person_id)")
