"""Looking again at what changed: the statements that bring the review clock up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.store.clock_links import OF_RECORDS
from app.store.clock_sql import (
    ALL,
    leads_again,
    links_again,
    mark_again,
    stale_again,
    tasks_again,
    traces_again,
)
from app.store.clock_traces import routine_of_comparisons

PART = 150
"""Exhibits, leads and so on that are made anew in one go: some tenth of a second."""


def changed(kind: str) -> str:
    """Those of a kind that are to be looked at again, as a condition."""
    return f"IN (SELECT id FROM clock_changed WHERE kind = '{kind}')"


def _too(kind: str, select: str) -> str:
    """Records of ``kind`` that ``select`` finds are to be looked at again as well."""
    return f"INSERT OR IGNORE INTO clock_changed (kind, id) SELECT '{kind}', * FROM ({select})"


def _of_cartridge_cases(which: str) -> str:
    """Their exhibits, and those of the guns that fired them."""
    return (
        f"SELECT c.exhibit_id FROM cartridge_case c WHERE c.id {which} UNION "
        "SELECT g.exhibit_id FROM cartridge_case c JOIN firearm g ON g.id = c.firearm_id "
        f"WHERE c.id {which}"
    )


def _cartridge_cases_of(pictures: str) -> str:
    return " UNION ".join(
        f"SELECT m.cartridge_case_id FROM {table} i JOIN mark m ON m.id = i.mark_id "
        f"WHERE i.id IN ({pictures})"
        for table in ("image", "scan")
    )


def _sides(table: str, which: str) -> str:
    pictures = " UNION ".join(
        f"SELECT n.{side}_id FROM {table} n WHERE n.id {which}" for side in ("left", "right")
    )
    return _of_cartridge_cases(f"IN ({_cartridge_cases_of(pictures)})")


def spread() -> tuple[str, ...]:
    """From what was written to the exhibits, leads, tasks and traces that it bears on."""
    marks, pictures = changed("mark"), "SELECT id FROM clock_changed WHERE kind = 'picture'"
    records, comparisons, leads = changed("record"), changed("comparison"), changed("lead")
    of_search = f"SELECT s.acquired_id FROM search s WHERE s.id {changed('search')}"
    of_mark = f"SELECT m.cartridge_case_id FROM mark m WHERE m.id {marks}"
    return (
        _too("picture", of_search),
        _too("exhibit", _of_cartridge_cases(f"IN ({of_mark})")),
        _too("exhibit", _of_cartridge_cases(f"IN ({_cartridge_cases_of(pictures)})")),
        _too("exhibit", _of_cartridge_cases(records)),
        _too("exhibit", f"SELECT e.id FROM exhibit e WHERE e.id {records} OR e.event_id {records}"),
        _too("comparison", OF_RECORDS),
        *links_again(comparisons),
        _too("exhibit", _sides("comparison", comparisons)),
        _too(
            "lead",
            "SELECT l.id FROM clock_side s JOIN lead l ON l.case_a IN (s.left_case, s.right_case) "
            "AND l.case_b IN (s.left_case, s.right_case) "
            f"WHERE s.comparison_id {comparisons}",
        ),
        _too("exhibit", _sides("lead", leads)),
        _too("task", f"SELECT y.id FROM verification_task y WHERE y.comparison_id {comparisons}"),
        _too(
            "exhibit",
            "SELECT g.exhibit_id FROM trace_request t JOIN firearm g ON g.id = t.firearm_id "
            f"WHERE t.id {changed('trace')}",
        ),
        _too("trace", routine_of_comparisons(comparisons)),
        _too("trace", f"SELECT t.id FROM trace_request t WHERE t.firearm_id {changed('gun')}"),
        _too(
            "trace",
            f"SELECT t.replaces FROM trace_request t WHERE t.id {changed('trace')} "
            "AND t.replaces IS NOT NULL",
        ),
    )


def again() -> tuple[str, ...]:
    """All statements, in order; the last forgets what was to be looked at."""
    return (
        *spread(),
        *mark_again(changed("exhibit")),
        *leads_again(changed("lead")),
        *tasks_again(changed("task")),
        *stale_again(changed("comparison")),
        *traces_again(changed("trace")),
        "DELETE FROM clock_changed",
    )


_KINDS = (
    ("exhibit", "exhibit", mark_again),
    ("lead", "lead", leads_again),
    ("verification", "verification_task", tasks_again),
    ("comparison", "comparison", stale_again),
    ("trace", "trace_request", traces_again),
)


def everything(last: Callable[[str], int]) -> Iterator[tuple[str, ...]]:
    """Statements that make the whole cache anew, in parts that do not depend on later ones.

    ``last`` tells the highest number in a table. What is written meanwhile, after
    ``clock_changed`` was emptied, is found there when all of it is done.
    """
    yield (*_of_nobody(), *links_again(ALL))
    for _, table, again_of in _KINDS:
        for first in range(1, last(table) + 1, PART):
            those = f"SELECT id FROM {table} WHERE seq BETWEEN {first} AND {first + PART - 1}"
            yield again_of(f"IN ({those})")


def _of_nobody() -> Iterator[str]:
    """Statements that forget what no record stands behind."""
    for table in ("clock_picture", "clock_mark"):
        yield f"DELETE FROM {table} WHERE exhibit_id NOT IN (SELECT id FROM exhibit)"
    names = ", ".join(f"'{kind}'" for kind, _, _ in _KINDS)
    yield f"DELETE FROM clock_step WHERE kind NOT IN ({names})"
    for kind, table, _ in _KINDS:
        those = f"subject_id NOT IN (SELECT id FROM {table})"
        yield f"DELETE FROM clock_step WHERE kind = '{kind}' AND {those}"
