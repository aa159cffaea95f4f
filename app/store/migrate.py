"""Which version a casebook file has, and bringing an older one up to date."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from app.domain import CaseheadError, ReadOnlyError
from app.store.connection import Connection
from app.store.files import make_folder, os_errors_told, sync_file, sync_folder
from app.store.schema import APPLICATION_ID, SET_NAME, STEPS, Step, migrations


def examine(connection: Connection, steps: tuple[Step, ...] = STEPS) -> int:
    """The version of the file: how many migrations it has had; 0 when it is new.

    Reads only. Raises CaseheadError for a file of a newer or of another program.
    """
    version = _number(connection, "PRAGMA user_version")
    owner = _number(connection, "PRAGMA application_id")
    tables = {row[0] for row in connection.rows("SELECT name FROM sqlite_master")}
    if not tables and version == 0 and owner == 0:
        return 0
    if owner != APPLICATION_ID:
        raise CaseheadError(f"{connection.path} belongs to another program; choose another folder.")
    known = {step.__name__ for step in steps}
    if version > len(steps) or _applied(connection, tables) - known:
        raise CaseheadError(
            f"The casebook {connection.path.parent} was last used with a newer version of "
            "Casehead; install that version. Nothing in it has been changed."
        )
    return version


def refuse_unless_current(connection: Connection, steps: tuple[Step, ...] = STEPS) -> None:
    """For reading only: raises CaseheadError when the file would have to be migrated first."""
    version = examine(connection, steps)
    if version == 0:
        raise CaseheadError(
            f"The casebook {connection.path.parent} is only just being set up; "
            "try again in a moment."
        )
    if version < len(steps):
        raise ReadOnlyError(
            f"The casebook {connection.path.parent} was made by an older version of Casehead; "
            "open it once for writing, so that it is brought up to date."
        )


def bring_up_to_date(
    connection: Connection, backups: Path, steps: tuple[Step, ...] = STEPS
) -> Path | None:
    """Apply what is missing, all or nothing; returns the copy made of an older file before.

    Raises CaseheadError as ``examine`` does, and when the copy cannot be written.
    """
    version = examine(connection, steps)
    if version == len(steps):
        return None
    copy = _copy(connection, backups, version) if version else None
    with connection.transaction():
        migrations(steps).apply(connection.database)
        connection.run(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.run(f"PRAGMA user_version = {len(steps)}")
    return copy


def _copy(connection: Connection, backups: Path, version: int) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = backups / f"casebook-version-{version}-{stamp}-{uuid4().hex[:6]}.sqlite"
    part = target.with_suffix(".part")
    with os_errors_told(backups):
        make_folder(backups)
        try:
            connection.backup(part)
            with part.open("r+b") as file:
                sync_file(file.fileno())
            part.rename(target)
            sync_folder(backups)
        finally:
            part.unlink(missing_ok=True)
    return target


def _applied(connection: Connection, tables: set[str]) -> set[str]:
    if "_sqlite_migrations" not in tables:
        return set()
    sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"
    return {row[0] for row in connection.rows(sql, (SET_NAME,))}


def _number(connection: Connection, pragma: str) -> int:
    row = connection.row(pragma)
    return int(row[0]) if row else 0
