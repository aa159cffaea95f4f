"""Whether the cache of the review clock is what the record says."""

from __future__ import annotations

from app.store.clock_links import confirming
from app.store.clock_sql import (
    ALL,
    LINK_COLUMNS,
    MARK_COLUMNS,
    MARKS,
    PICTURE_COLUMNS,
    STEP_COLUMNS,
    all_steps,
    marks,
    pictures,
)
from app.store.connection import Connection


def differences(connection: Connection) -> tuple[str, ...]:
    """A sentence for each part of the cache that differs; none when it is as derived."""
    parts = [
        ("confirmed links", "clock_link", LINK_COLUMNS, "1", confirming(ALL)),
        ("pictures of exhibits", "clock_picture", PICTURE_COLUMNS, "1", pictures()),
        *(
            (f"marks {one}", "clock_mark", MARK_COLUMNS, f"stage = '{one}'", marks(one))
            for one in MARKS
        ),
        *(
            (f"what is owed: {one}", "clock_step", STEP_COLUMNS, f"stage = '{one}'", select)
            for one, select in all_steps()
        ),
    ]
    found = (_difference(connection, *part) for part in parts)
    return tuple(sentence for sentence in found if sentence)


def _difference(
    connection: Connection, what: str, table: str, columns: str, where: str, derived: str
) -> str:
    kept = f"SELECT {columns} FROM {table} WHERE {where}"
    missing = _count(connection, f"SELECT * FROM ({derived}) EXCEPT {kept}")
    extra = _count(connection, f"{kept} EXCEPT SELECT * FROM ({derived})")
    if not missing and not extra:
        return ""
    return (
        f"The review clock's cache of {what} differs from the record ({missing} missing, {extra} "
        "too many); rebuild the clock. Nothing of the record is affected."
    )


def _count(connection: Connection, select: str) -> int:
    row = connection.row(f"SELECT count(*) FROM ({select})")
    return int(row[0]) if row else 0
