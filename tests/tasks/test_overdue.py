"""An exhibit lies too long: it is seen on the board, entered from there, and gone from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.casework.clock import parsed, told
from app.domain import Author, Optics, now
from app.main import application
from app.workbench import Registration, Workbench
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

PATIENCE_MS = 60_000
CAMERA = "bench:gun=1,um=12.0,scale=untold"
OPTICS = Optics("Bench camera", "4x")


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Two cases with an exhibit each; nothing is acquired yet."""
    made = Workbench(tmp_path / "casebook", automatic_search=False)
    made.set_author(Author("Harbor City", "Bench 1", "R. Okafor"))
    made.type_calibration(OPTICS, 12.0)
    for case in ("2026-0412", "2026-0413"):
        made.register(Registration(case, "3", "3A"))
    return made


@pytest.fixture
def window(qtbot: QtBot, workbench: Workbench) -> Iterator[MainWindow]:
    application()
    made = MainWindow(workbench, Bridge(workbench))
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    close(qtbot, made)


def test_overdue_entered_and_gone(qtbot: QtBot, workbench: Workbench, window: MainWindow) -> None:
    def until(reached: object) -> None:
        qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def key(which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(window.focusWidget() or window, which, modifier)

    control = Qt.KeyboardModifier.ControlModifier
    page = window.leads.board

    def whats() -> list[str]:
        return [line.what for line in page.table.rows.lines]

    # in time: both wait, nothing is overdue, the rail says nothing
    key(Qt.Key.Key_5, control)
    until(lambda: window.current == "leads" and page.ready)
    assert whats() == ["2026-0412 / 3", "2026-0413 / 3"] or sorted(whats()) == whats()[::-1]
    assert page.counted.text() == "nothing overdue"
    assert window.place.rail.buttons["leads"].badge == 0

    # ten days go by
    workbench.clock_now = lambda: told(parsed(now()) + timedelta(days=10))
    page._minute.timeout.emit()
    until(lambda: page.counted.text() == "2 overdue")
    page.table.setFocus()
    key(Qt.Key.Key_O)
    until(lambda: page.ready and page.wanted.overdue_only and len(whats()) == 2)
    page.table.setFocus()
    key(Qt.Key.Key_S)  # the only stage there is: to enter
    until(lambda: page.ready and page.wanted.stages == ("entered",))
    first = whats()[0]
    until(lambda: any("overdue by" in words for words in page.panel.words))

    # Enter leads to the camera, the mark is chosen; Space enters it
    page.table.setFocus()
    key(Qt.Key.Key_Return)
    until(lambda: window.current == "acquire")
    acquire = window.acquire
    acquire.start_camera(CAMERA)
    until(lambda: acquire.station.frame is not None and not acquire.station.opening)
    acquire.target.objective.setCurrentText("4x")
    until(lambda: acquire.station.optics == ("4x", ""))
    until(lambda: acquire.live.isVisible() and bool(acquire.station.mark_id))
    mark_id = acquire.station.mark_id
    acquire.live.setFocus()
    key(Qt.Key.Key_Space)
    until(lambda: len(workbench._casebook.acquired_of(mark_id)) == 1)

    # gone from those to be entered; its clock says when it was, and what waits for it now
    key(Qt.Key.Key_5, control)
    until(lambda: window.current == "leads" and page.ready and first not in whats())
    assert len(whats()) == 1
    (line,) = (line for line in workbench.board().lines if line.what == first)
    assert line.stage == "searched"
    entered = next(s for s in workbench.clock(line.exhibit_id) if s.name == "entered")
    assert entered.state == "done in time" and entered.at
    assert workbench.check_clock() == () and workbench.check() == ()
