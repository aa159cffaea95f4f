"""The tree says which exhibits lie too long."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from app.casework.clock import parsed, told
from app.domain import now
from app.workbench import Registration, Workbench
from widgets.casebook.nodes import Row, rows_of
from widgets.casebook.overdue import tell_overdue


def exhibits(workbench: Workbench) -> dict[str, Row]:
    """By case number, as the tree has them."""
    root = tell_overdue(workbench, rows_of(workbench.tree()))
    return {case.text.split("  ")[0]: case.rows[0] for case in root.rows}


def test_only_what_is_overdue_is_told(qtbot: QtBot, workbench: Workbench) -> None:
    workbench.register(Registration("2026-0501", "1", "1A"))
    assert not any(row.attention for row in exhibits(workbench).values())
    workbench.clock_now = lambda: told(parsed(now()) + timedelta(days=10))
    found = exhibits(workbench)
    assert found["2026-0501"].text.endswith("  overdue")
    assert found["2026-0501"].attention.startswith("enter: overdue since")
    assert found["2026-0412"].attention.startswith("review the list: overdue since")
