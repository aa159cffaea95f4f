"""The board: what is due, filters, the clock beside it, targets, and the way to the work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.casework.clock import parsed, told
from app.domain import now
from app.workbench import Registration, Workbench
from widgets.casework.board import BoardPage
from widgets.main_window import MainWindow

PATIENCE_MS = 20_000


def in_days(days: float) -> str:
    return told(parsed(now()) + timedelta(days=days))


def page_of(qtbot: QtBot, window: MainWindow) -> BoardPage:
    window.show_leads("board")
    page = window.leads.board
    until_shown(qtbot, page)
    return page


def until_shown(qtbot: QtBot, page: BoardPage) -> None:
    qtbot.waitUntil(lambda: page.ready, timeout=PATIENCE_MS)


def whats(page: BoardPage) -> list[str]:
    return [line.what for line in page.table.rows.lines]


@pytest.fixture
def page(qtbot: QtBot, workbench: Workbench, window: MainWindow) -> BoardPage:
    """Two exhibits wait to be entered, later the others' searches and lists."""
    for case in ("2026-0501", "2026-0502"):
        workbench.register(Registration(case, "1", "1A"))
    return page_of(qtbot, window)


def key(qtbot: QtBot, page: BoardPage, which: Qt.Key) -> None:
    page.table.setFocus()
    qtbot.keyClick(page.table, which)


def test_what_waits_is_listed_with_its_clock_beside_it(qtbot: QtBot, page: BoardPage) -> None:
    assert {"2026-0501 / 1", "2026-0502 / 1", "2026-0412 / 1"} <= set(whats(page))
    assert page.counted.text() == "nothing overdue"
    page.stage.setCurrentIndex(page.stage.findData("entered"))
    qtbot.waitUntil(lambda: whats(page) == ["2026-0501 / 1", "2026-0502 / 1"], timeout=PATIENCE_MS)
    page.table.selectRow(1)
    qtbot.waitUntil(lambda: any("enter by" in w for w in page.panel.words), timeout=PATIENCE_MS)
    assert page.panel.title.text() == "2026-0502 / 1"


def test_filters_by_keys(
    qtbot: QtBot, page: BoardPage, workbench: Workbench, window: MainWindow
) -> None:
    all_of_it = len(whats(page))
    key(qtbot, page, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: page.ready and not whats(page), timeout=PATIENCE_MS)
    assert page._empty.isVisible() and "filters" in page._empty.title.text()
    not_needed = page.findChild(QAbstractButton, "board_settle")
    assert isinstance(not_needed, QAbstractButton) and not not_needed.isEnabled()
    page._empty.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: len(whats(page)) == all_of_it, timeout=PATIENCE_MS)
    assert not_needed.isEnabled()
    qtbot.keyClicks(page.case, "0501")
    qtbot.waitUntil(lambda: whats(page) == ["2026-0501 / 1"], timeout=PATIENCE_MS)
    page.case.clear()
    qtbot.waitUntil(lambda: len(whats(page)) == all_of_it, timeout=PATIENCE_MS)
    key(qtbot, page, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: 0 < len(whats(page)) < all_of_it, timeout=PATIENCE_MS)
    assert len({line.stage for line in page.table.rows.lines}) == 1


def test_mine_and_the_place_in_the_list_is_kept(
    qtbot: QtBot, page: BoardPage, workbench: Workbench
) -> None:
    key(qtbot, page, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: page.wanted.person == "R. Okafor", timeout=PATIENCE_MS)
    until_shown(qtbot, page)
    page.table.selectRow(2)
    held = page.table.current
    page._minute.timeout.emit()
    until_shown(qtbot, page)
    assert page.table.current == held is not None
    page.everything()
    qtbot.waitUntil(lambda: not page.wanted.person and page.ready, timeout=PATIENCE_MS)


def test_enter_goes_to_the_work(qtbot: QtBot, page: BoardPage, window: MainWindow) -> None:
    page.stage.setCurrentIndex(page.stage.findData("entered"))
    qtbot.waitUntil(lambda: len(whats(page)) == 2, timeout=PATIENCE_MS)
    key(qtbot, page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "acquire", timeout=PATIENCE_MS)
    page_of(qtbot, window)
    page.stage.setCurrentIndex(page.stage.findData("reviewed"))
    qtbot.waitUntil(lambda: {x.stage for x in page.table.rows.lines} == {"reviewed"},
                    timeout=PATIENCE_MS)  # fmt: skip
    key(qtbot, page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "candidates", timeout=PATIENCE_MS)


def test_not_needed_is_asked_with_a_reason(
    qtbot: QtBot, page: BoardPage, workbench: Workbench
) -> None:
    page.stage.setCurrentIndex(page.stage.findData("entered"))
    qtbot.waitUntil(lambda: len(whats(page)) == 2, timeout=PATIENCE_MS)
    gone = whats(page)[0]
    key(qtbot, page, Qt.Key.Key_N)
    assert page.asking.isVisible() and not page.panel.isVisible()
    page.asking.submit()
    qtbot.waitUntil(lambda: "Say why" in page.asking._says.text(), timeout=PATIENCE_MS)
    field = page.asking._fields["reason"]
    qtbot.keyClicks(field, "A live cartridge.")
    page.asking.submit()
    qtbot.waitUntil(lambda: gone not in whats(page), timeout=PATIENCE_MS)
    assert page.panel.isVisible() and not page.asking.isVisible()


def test_the_time_zone_is_proposed_until_somebody_said_it(
    qtbot: QtBot, page: BoardPage, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.casework.board_policy.computer_zone", lambda: "America/Chicago")
    assert page.notice.isVisible() and "counted in UTC. T sets it" in page.notice.text()
    key(qtbot, page, Qt.Key.Key_T)
    drawer = page.policy
    assert drawer.zone.currentText() == "America/Chicago"
    assert "until now days are counted in UTC" in drawer._proposed.text()
    drawer.reason.setText("The lab is there.")
    drawer.submit()
    qtbot.waitUntil(lambda: not drawer.isVisible(), timeout=PATIENCE_MS)
    assert workbench.clock_policy().calendar.zone == "America/Chicago"
    qtbot.waitUntil(
        lambda: page.rest.text().endswith("times in America/Chicago"), timeout=PATIENCE_MS
    )
    assert not page.notice.isVisible()
    key(qtbot, page, Qt.Key.Key_T)
    assert not drawer._proposed.isVisible()


def test_targets_are_changed_with_a_reason(
    qtbot: QtBot, page: BoardPage, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.casework.board_policy.computer_zone", lambda: "")
    key(qtbot, page, Qt.Key.Key_T)
    drawer = page.policy
    assert drawer.isVisible() and drawer.policy == workbench.clock_policy()
    drawer.holidays.setPlainText("12-25\n2026-11-26 Thanksgiving")
    drawer.zone.setEditText("Mars/Base")
    drawer.submit()
    assert "time zone" in drawer._says.text()
    drawer.zone.setEditText("UTC")
    amount, unit = drawer._rows["entered"]
    amount.setValue(3)
    drawer._rows["told"][1].setCurrentText("none")
    assert unit.currentText() == "business days"
    drawer.reason.setText("New rules of the house.")
    drawer.submit()
    qtbot.waitUntil(lambda: not drawer.isVisible(), timeout=PATIENCE_MS)
    policy = workbench.clock_policy()
    assert policy.calendar.dated == (("2026-11-26", "Thanksgiving"),)
    entered, informed = policy.target("entered"), policy.target("told")
    assert entered is not None and entered.amount == 3
    assert informed is not None and informed.unit == "none"


def test_time_alone_makes_it_overdue_and_the_rail_says_so(
    qtbot: QtBot, page: BoardPage, workbench: Workbench, window: MainWindow, tmp_path: Path
) -> None:
    workbench.clock_now = lambda: in_days(20)
    page._minute.timeout.emit()
    qtbot.waitUntil(lambda: "overdue" in page.counted.text() and page.counted.text()[0].isdigit(),
                    timeout=PATIENCE_MS)  # fmt: skip
    shown = page.table.rows
    assert "overdue by" in str(shown.data(shown.index(0, 0)))
    assert page.place() == (page.counted.text(),)
    page.export_to(tmp_path / "board.csv")
    qtbot.waitUntil((tmp_path / "board.csv").exists, timeout=PATIENCE_MS)
    workbench.register(Registration("2026-0503", "1", "1A"))
    badge = window.place.rail.buttons["leads"]
    qtbot.waitUntil(lambda: badge.badge == workbench.overdue_count() > 0, timeout=PATIENCE_MS)
    assert "overdue" in badge.accessibleName()


def test_long_boards_come_page_by_page(
    qtbot: QtBot, workbench: Workbench, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.casework.board.PAGE", 2)
    for number in range(5):
        workbench.register(Registration(f"2026-06{number:02}", "1", "1A"))
    page = page_of(qtbot, window)
    total = page.board.total if page.board else 0
    assert total > 5

    def more() -> bool:
        if page.table.rows.canFetchMore():
            page.table.rows.fetchMore()
        return len(whats(page)) == total

    qtbot.waitUntil(more, timeout=PATIENCE_MS)
    assert len({(x.kind, x.subject_id, x.stage) for x in page.table.rows.lines}) == total
