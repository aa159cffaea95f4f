"""The import drawer where the record has rules: what lacks is asked for, then all comes in."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from app.workbench import ImportReport, Workbench
from tests.widgets.conftest import bench_frame
from widgets.casebook import CasebookScreen
from widgets.main_window import MainWindow

ENTER = Qt.Key.Key_Return


def editor(screen: CasebookScreen, name: str) -> QWidget:
    found = screen.importing.findChild(QWidget, f"import_{name}")
    assert isinstance(found, QComboBox | QLineEdit)
    return found


def write(qtbot: QtBot, screen: CasebookScreen, name: str, text: str) -> None:
    made = editor(screen, name)
    made.setFocus()
    qtbot.keyClicks(made, text)


def says(screen: CasebookScreen) -> str:
    found = screen.importing.findChild(QLabel, "import_says")
    assert isinstance(found, QLabel)
    return found.text()


def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "2025-1107"
    folder.mkdir()
    for shot in (1, 2):
        cv2.imwrite(str(folder / f"K{shot}.png"), bench_frame(2, shot).pixels)
    return folder


def test_what_lacks_is_asked_for_once(
    qtbot: QtBot, window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    workbench.set_record_rules(True)
    screen = window.casebook
    folder = pictures(tmp_path)
    before = len(workbench.tree())
    screen.importing.open_for((folder,))
    qtbot.waitUntil(lambda: screen.importing.fields.unfolded)
    write(qtbot, screen, "pixel_um", "12")
    write(qtbot, screen, "event_happened_at", "2026-01-12 21:40")
    qtbot.keyClick(editor(screen, "pixel_um"), ENTER)
    qtbot.waitUntil(lambda: "Nothing was imported" in says(screen))
    assert "place of the event" in says(screen) and "calibre" in says(screen)
    assert len(workbench.tree()) == before
    assert editor(screen, "event_kind").hasFocus()  # the first that lacks is written next
    write(qtbot, screen, "calibre", "9 mm Luger")
    write(qtbot, screen, "event_kind", "non-fatal shooting")
    write(qtbot, screen, "event_place", "River Road 4")
    write(qtbot, screen, "exhibit_entry_reason", "evidence")
    write(qtbot, screen, "cartridge_case_firing_pin_shape", "circular")
    write(qtbot, screen, "cartridge_case_breech_face_class", "parallel")
    qtbot.keyClick(editor(screen, "pixel_um"), ENTER)
    report = screen.importing.findChild(QListWidget, "import_report")
    assert isinstance(report, QListWidget)
    qtbot.waitUntil(lambda: report.count() == 2)
    assert "2 imported" in says(screen)
    (case,) = (node for node in workbench.tree() if node.case.number == "2025-1107")
    for exhibit in case.exhibits:
        own = exhibit.cartridge_cases[0].cartridge_case
        assert (own.firing_pin_shape, own.calibre) == ("circular", "9 mm Luger")
        event = workbench.facts("event", exhibit.exhibit.event_id or "")
        assert event["place"] == "River Road 4"


def test_another_folder_does_not_get_what_was_written_for_the_last(
    qtbot: QtBot, window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    screen = window.casebook
    folder = pictures(tmp_path)
    screen.importing.open_for((folder,))
    screen.importing.fields.unfold()
    write(qtbot, screen, "event_place", "River Road 4")
    screen.importing.close_drawer()
    screen.importing.open_for((folder,))
    assert screen.importing.fields.values == {"event.place": "River Road 4"}
    screen.importing.open_for((folder / "K1.png",))
    assert screen.importing.fields.values == {}


def test_a_late_report_is_not_shown_of_what_is_chosen_by_then(
    qtbot: QtBot,
    window: MainWindow,
    workbench: Workbench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on, drawer, told = Event(), window.casebook.importing, list[str]()
    window.bridge.told.connect(lambda notice: told.append(notice.sentence))
    import_paths = workbench.import_paths

    def slow(*args: Any) -> ImportReport:
        assert go_on.wait(30)
        return import_paths(*args)

    monkeypatch.setattr(workbench, "import_paths", slow)
    folder = pictures(tmp_path)
    drawer.open_for((folder / "K1.png",))
    drawer._start()
    drawer.close_drawer()
    drawer.open_for((folder / "K2.png",))
    go_on.set()
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    report = drawer.findChild(QListWidget, "import_report")
    assert isinstance(report, QListWidget) and report.count() == 0
    assert says(window.casebook) == "" and drawer._go.isEnabled()
