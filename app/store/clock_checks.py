"""Whether the cache of the review clock is what the record says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.casework.clock import Policy
from app.jobs import Job
from app.store.clock_fill import casework_rows, day_rows, target_rows
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


def differences(connection: Connection, policy: Policy, year: int, job: Job) -> tuple[str, ...]:
    """A sentence for each part of the cache that differs; none when it is as derived.

    For a cache that is up to date, made in ``year``. Raises CancelledError.
    """
    found, parts = list(_lookups(connection, policy, year)), _parts()
    for done, part in enumerate(parts):
        job.report(done, len(parts), "clock")
        found += _difference(connection, *part)
    job.report(len(parts), len(parts), "clock")
    return tuple(found)


def _parts() -> list[tuple[str, str, str, str, str]]:
    return [
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


def _lookups(connection: Connection, policy: Policy, year: int) -> Iterator[str]:
    """The days, targets and rules that the rest is derived with."""
    confirming_rows, calm = casework_rows()
    expected: dict[str, Sequence[Sequence[Any]]] = {
        "clock_day": day_rows(policy.calendar, year),
        "clock_target": target_rows(policy),
        "clock_confirming": confirming_rows,
        "clock_calm": calm,
    }
    for table, rows in expected.items():
        kept = {tuple(row) for row in connection.rows(f"SELECT * FROM {table}")}
        if kept != {tuple(row) for row in rows}:
            zone = ", or its time zone has new rules" if table == "clock_day" else ""
            yield (
                f"The review clock's {_TABLES[table]} are not those in force: another program "
                f"changed them{zone}; rebuild the clock. Nothing of the record is affected."
            )


_TABLES = {
    "clock_day": "business days",
    "clock_target": "targets",
    "clock_confirming": "conclusions that confirm a link",
    "clock_calm": "corrections that leave a verification as it is",
}


def _difference(
    connection: Connection, what: str, table: str, columns: str, where: str, derived: str
) -> Iterator[str]:
    kept = f"SELECT {columns} FROM {table} WHERE {where}"
    # both ways at once: what it takes long to derive is derived once
    row = connection.row(
        f"WITH derived AS MATERIALIZED ({derived}) SELECT "
        f"(SELECT count(*) FROM (SELECT * FROM derived EXCEPT {kept})), "
        f"(SELECT count(*) FROM ({kept} EXCEPT SELECT * FROM derived))"
    )
    missing, extra = row or (0, 0)
    if missing or extra:
        yield (
            f"The review clock's cache of {what} differs from the record ({missing} missing, "
            f"{extra} too many); rebuild the clock. Nothing of the record is affected."
        )
