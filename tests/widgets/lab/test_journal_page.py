"""The journal: read page by page, filtered, verified with a stop, a break shown, written out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain import Case
from app.workbench import Workbench
from widgets.lab.journal import JournalPage
from widgets.lab.journal_model import JournalModel
from widgets.main_window import MainWindow


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> JournalPage:
    window.show_lab("journal")
    made = window.lab.journal
    qtbot.waitUntil(lambda: made.ready and made.lines.rowCount() > 0)
    return made


def words(page: JournalPage, column: int) -> list[str]:
    """A column of all rows read so far."""
    model = page.lines
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def shown(qtbot: QtBot, page: JournalPage, condition: Callable[[], bool]) -> None:
    """Wait for what is read off the window's thread."""
    qtbot.waitUntil(lambda: page.ready and condition(), timeout=10_000)


def test_newest_line_comes_first_and_its_detail_is_readable(
    qtbot: QtBot, page: JournalPage, workbench: Workbench
) -> None:
    last = workbench.journal_last()
    assert page.lines.rowCount() == last and page.lines.seq_at(0) == last
    qtbot.waitUntil(lambda: page.detail.title.text().startswith(f"Line {last}:"))
    page.go_to(2)
    qtbot.waitUntil(lambda: page.detail.title.text().startswith("Line 2:"))
    assert '"name": "Harbor City Police Laboratory"' in page.detail.text.toPlainText()
    assert "known here" in page.detail.signed.text()


def test_filters_narrow_the_list_and_all_brings_it_back(qtbot: QtBot, page: JournalPage) -> None:
    page.filter.action.setCurrentText("case added")
    shown(qtbot, page, lambda: page.lines.rowCount() == 4)
    qtbot.waitUntil(lambda: set(words(page, 3)) == {"case added"})
    page.filter.text.setText("2026-0451")
    shown(qtbot, page, lambda: page.lines.rowCount() == 1)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_W)
    shown(qtbot, page, lambda: page.filter.subject.text() != "" and page.lines.rowCount() >= 1)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_A)
    shown(qtbot, page, lambda: page.lines.rowCount() > 10)


def test_letters_in_a_field_are_letters(qtbot: QtBot, page: JournalPage) -> None:
    page.filter.text.setFocus()
    qtbot.keyClicks(page.filter.text, "aveb")
    assert page.filter.text.text() == "aveb"
    assert page.audit is None


def test_verify_says_that_it_holds(qtbot: QtBot, page: JournalPage) -> None:
    page.verify()
    qtbot.waitUntil(lambda: page.audit is not None)
    assert "as their stations signed them" in page._says.text()
    assert not page._break.isVisible()


def test_a_break_is_shown_where_it_is(
    qtbot: QtBot, page: JournalPage, workbench: Workbench
) -> None:
    with closing(sqlite3.connect(workbench.folder / "casebook.sqlite")) as raw:
        raw.execute("DROP TRIGGER journal_never_changed")
        raw.execute("UPDATE journal SET examiner = 'Nobody' WHERE seq = 6")
        raw.commit()
    page.verify()
    qtbot.waitUntil(lambda: page.audit is not None)
    assert "Line 6 was changed" in page._says.text()
    qtbot.waitUntil(lambda: page.lines.seq_at(page.table.currentIndex().row()) == 6)
    assert str(page.table.currentIndex().siblingAtColumn(0).data()).startswith("⊠")
    qtbot.waitUntil(lambda: "was changed" in page.detail.broken.text())
    page.go_to(1)
    page.next_break()
    assert page.lines.seq_at(page.table.currentIndex().row()) == 6


def test_what_is_filtered_is_written_and_told(
    qtbot: QtBot,
    page: JournalPage,
    workbench: Workbench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "lines.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "CSV (*.csv)"))
    page.filter.action.setCurrentText("case added")
    shown(qtbot, page, lambda: page.lines.rowCount() == 4)
    page.export()
    qtbot.waitUntil(path.exists)
    assert len(path.read_text("utf-8").splitlines()) == 5


def test_new_lines_come_by_themselves(
    qtbot: QtBot, page: JournalPage, workbench: Workbench
) -> None:
    before = page.lines.rowCount()
    workbench._casebook.add_case(Case("2026-0999"))
    workbench.set_setting("something", 1)
    page._loading.ask()
    shown(qtbot, page, lambda: page.lines.rowCount() == before + 1)


def test_a_million_lines_are_a_list_of_what_is_seen() -> None:
    asked: list[int] = []
    model = JournalModel(asked.append)
    model.show_seqs(range(1_000_000, 0, -1))
    assert model.rowCount() == 1_000_000
    assert model.index(500_000, 0).data() == "500000"
    assert model.index(500_000, 3).data() == ""
    assert asked == [500_000 // 128]
    assert model.row_of(1) == 999_999 and model.seq_at(999_999) == 1
