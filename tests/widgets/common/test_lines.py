"""Long lists as tables: rows come page by page, the cursor stays on its row."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.common.lines import LineColumn, LineModel, LineTable, TableOrNothing

COLUMNS = (
    LineColumn("Name", 80, str),
    LineColumn("Long", 0, lambda s: f"{s} and more", lambda s: s == "b"),
)
KEY = Qt.Key


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def heard() -> list[str | None]:
    return []


def _made(asked: list[int], heard: list[str | None]) -> LineTable[str]:
    model: LineModel[str] = LineModel(COLUMNS, str, asked.append)
    return LineTable(
        model, "table", "Letters", heard.append, lambda row: heard.append(f"open {row}")
    )


@pytest.fixture
def table(qtbot: QtBot, asked: list[int], heard: list[str | None]) -> LineTable[str]:
    made = _made(asked, heard)
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def test_further_rows_are_asked_for_once(table: LineTable[str], asked: list[int]) -> None:
    model = table.rows
    assert not model.canFetchMore()
    table.show_lines(("a", "b"), complete=False)
    asked.clear()
    model.fetchMore()
    assert not model.canFetchMore(), "it waits for what it asked for"
    assert asked == [2]
    model.add_lines(("c",), complete=True)
    assert model.lines == ("a", "b", "c") and not model.canFetchMore()


def test_the_cursor_stays_on_its_row(table: LineTable[str], heard: list[str | None]) -> None:
    table.show_lines(("a", "b", "c"))
    assert table.choose("b") and table.current == "b"
    table.show_lines(("x", "a", "b"))
    assert table.current == "b"
    table.show_lines(("y", "x"))
    assert table.current == "y", "it is gone: the first one"
    table.show_lines(("y", "x"), choose="x")
    assert table.current == "x" and not table.choose("z")
    table.show_lines(())
    assert table.current is None and heard[-1] is None


def test_enter_opens_and_letters_are_left_to_the_page(
    qtbot: QtBot, table: LineTable[str], heard: list[str | None]
) -> None:
    table.show_lines(("a", "b"))
    qtbot.keyClick(table, KEY.Key_Down)
    assert table.current == "b"
    qtbot.keyClick(table, KEY.Key_A)
    assert table.current == "b", "letters do not search"
    qtbot.keyClick(table, KEY.Key_Return)
    assert heard[-1] == "open b"


def test_what_needs_care_is_amber_and_read_aloud(table: LineTable[str]) -> None:
    table.show_lines(("a", "b"))
    model = table.rows
    plain, amber = model.index(0, 1), model.index(1, 1)
    assert plain.data(Qt.ItemDataRole.ForegroundRole) is None
    assert amber.data(Qt.ItemDataRole.ForegroundRole) is not None
    assert amber.data(Qt.ItemDataRole.AccessibleTextRole) == "Name: b; Long: b and more"


def test_the_keyboard_stays_where_the_list_is(qtbot: QtBot) -> None:
    page, nothing, field, table = QWidget(), QWidget(), QLineEdit(), _made([], [])
    both = TableOrNothing(table, nothing)
    layout = QVBoxLayout(page)
    layout.addWidget(both)
    layout.addWidget(field)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    both.take_keys()
    assert table.hasFocus()
    both.show_rows(False)
    assert nothing.hasFocus()
    both.show_rows(True)
    assert table.hasFocus()
    field.setFocus()
    both.show_rows(False)
    assert field.hasFocus(), "it is not taken from a field"
