"""A list in parts: rows come once, and what is being asked stays while others work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Changes
from app.main import application
from app.workbench import Workbench
from tests.linked_book import linked_book
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.casework import list_page
from widgets.casework.list_page import ListPage
from widgets.common.lines import LineColumn, LineModel
from widgets.common.parts import EmptyState
from widgets.keys_casework import VERIFY
from widgets.main_window import MainWindow

MANY, PART = 50, 10


@dataclass(frozen=True)
class Numbered:
    id: str


@dataclass(frozen=True)
class Part:
    rows: tuple[Numbered, ...]
    complete: bool
    counts: dict[str, int] = field(default_factory=dict)


class Nowhere:
    """A navigator that goes nowhere."""

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        return lambda *args, **kwargs: None


class Numbers(ListPage[Numbered]):
    """Numbers, a few at a time; further ones come when they are let."""

    title = "Numbers"

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        self.go_on, self.asked = Event(), 0
        columns: tuple[LineColumn[Numbered], ...] = (LineColumn("Number", 0, lambda row: row.id),)
        given = (workbench, bridge, Nowhere())
        super().__init__(VERIFY, ("all",), "all", columns, EmptyState("none"), given)  # type: ignore[arg-type]
        self.put_together(QWidget(), {})

    def load(self, wanted: str, offset: int, count: int) -> Part:
        if offset:
            self.asked += 1
            assert self.go_on.wait(30)
        rows = tuple(Numbered(str(at)) for at in range(offset, min(offset + count, MANY)))
        return Part(rows, offset + count >= MANY)

    def moved(self, row: Numbered | None) -> None: ...

    def open_row(self) -> None: ...

    def concerns(self, changes: Changes) -> bool:
        return True

    def why_empty(self) -> tuple[str, str]:
        return "Nothing", ""


@pytest.fixture
def numbers(
    qtbot: QtBot, empty_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Numbers]:
    monkeypatch.setattr(list_page, "PAGE", PART)
    application()
    bridge = Bridge(empty_workbench)
    page = Numbers(empty_workbench, bridge)
    qtbot.addWidget(page)
    yield page
    page.go_on.set()
    bridge.close()


def fetch(model: LineModel[Numbered]) -> None:
    """As a view does that comes to the end of its rows, if it has not done so by itself."""
    if model.canFetchMore():
        model.fetchMore()


def test_further_rows_come_once_although_the_list_was_read_again(
    qtbot: QtBot, numbers: Numbers
) -> None:
    model = numbers.model
    numbers._loading.ask()
    qtbot.waitUntil(lambda: model.rowCount() == PART)
    fetch(model)
    qtbot.waitUntil(lambda: numbers.asked == 1)
    numbers._loading.ask()  # something changed
    qtbot.waitUntil(lambda: numbers.ready)
    fetch(model)
    qtbot.waitUntil(lambda: numbers.asked == 2)
    numbers.go_on.set()
    qtbot.waitUntil(lambda: model.rowCount() > PART)
    late: list[bool] = []
    numbers._bridge.run(lambda: True, late.append, long=True)
    numbers._bridge.run(lambda: True, late.append, long=True)
    qtbot.waitUntil(lambda: len(late) == 2)
    ids = [row.id for row in model.lines]
    assert len(ids) == len(set(ids))


def test_a_row_is_found_however_far_below_it_stands_and_kept_in_hand(
    qtbot: QtBot, numbers: Numbers
) -> None:
    numbers._chosen = "37"
    numbers.ask()
    qtbot.waitUntil(lambda: numbers.table.current == Numbered("37"))
    numbers.table.choose("33")
    numbers._hear(Changes(casework=True))
    numbers.show()
    qtbot.waitUntil(lambda: numbers.ready)
    assert numbers.table.current == Numbered("33")
    numbers.ask()
    qtbot.waitUntil(lambda: numbers.ready)
    assert numbers.model.rowCount() == PART


def test_what_is_being_written_stays_while_others_change_how_the_lab_works(
    qtbot: QtBot, empty_workbench: Workbench
) -> None:
    linked_book(empty_workbench)
    application()
    window = MainWindow(empty_workbench, Bridge(empty_workbench))
    window.resize(1366, 768)
    window.show()
    try:
        window.show_leads("ledger")
        page = window.leads.ledger
        qtbot.waitUntil(lambda: page.ready and page.isVisible(), timeout=20_000)
        page._acts.warm()
        written = page.asking.findChild(QLineEdit, "ledger_ask_case_a")
        assert isinstance(written, QLineEdit)
        written.setText("2026-0412")
        heard: list[Changes] = []
        window.bridge.changed.connect(heard.append)
        window.bridge.run(lambda: empty_workbench.set_record_rules(True))
        qtbot.waitUntil(lambda: any(one.settings for one in heard), timeout=20_000)
        assert page.asking.isVisible() and written.text() == "2026-0412"
        window.place.go("casebook")
        window.place.go("leads")  # and one writes on where one was
        assert page.focusWidget() is written
    finally:
        close(qtbot, window)
