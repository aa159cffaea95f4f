"""What can be issued of a row of the tree."""

from __future__ import annotations

from widgets.casebook.nodes import Row
from widgets.common.issue import Issue


def issues_of(row: Row | None) -> tuple[Issue, ...]:
    """Of an exhibit its custody first; of its case the summary, custody, a defence package."""
    exhibit = row.above("exhibit") if row is not None and row.text else None
    case = row.above("case") if row is not None and row.text else None
    found: list[Issue] = []
    if case is not None:
        words = f"Case {case.text.split('  ')[0]}"
        kinds = ("case_summary", "custody", "defence_package")
        found += [Issue(kind, case.id, words) for kind in kinds]
        if exhibit is not None:
            of = f"{words}, {exhibit.text.split('  ')[0]}"
            found.insert(0, Issue("custody", exhibit.id, of))
    return (*found, Issue("statistics", "", "All of the casebook"))
