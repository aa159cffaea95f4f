"""The frame: first start, rail and badge, bottom line, notices, keys, closing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.casework.zones import computer_zone
from app.domain import Author
from app.jobs import Job
from app.main import application
from app.workbench import Workbench
from tests.widgets.conftest import acquired_of, close
from widgets import theme
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


def words(window: MainWindow, name: str) -> str:
    found = window.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def click(qtbot: QtBot, window: MainWindow, name: str) -> None:
    found = window.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_nothing_else_is_reached_before_names_are_given(qtbot: QtBot, tmp_path: Path) -> None:
    application()
    workbench = Workbench(tmp_path / "new")
    window = MainWindow(workbench, Bridge(workbench))
    window.show()
    assert window.current == "start"
    window.show_acquire()
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert window.current == "start"
    assert not window.rail.isVisible()
    window.start.agency.setText("Laboratory")
    window.start.station.setText("Bench 1")
    qtbot.keyClick(window.start.station, Qt.Key.Key_Return)
    assert words(window, "start_says").startswith("Examiner's name is missing")
    qtbot.keyClicks(window.start.examiner, "J. Doe")
    qtbot.keyClick(window.start.examiner, Qt.Key.Key_Return)
    assert words(window, "start_says").startswith("Choose a password")
    for field in (window.start.password, window.start.again):
        qtbot.keyClicks(field, "a quiet harbor")
    zone = window.start.zone
    assert zone.currentText() == computer_zone()  # proposed, and seen before it is kept
    zone.setEditText("")
    qtbot.keyClick(window.start.again, Qt.Key.Key_Return)
    assert words(window, "start_says").startswith("Choose the lab's time zone")
    qtbot.keyClicks(zone, "Middle/Earth")
    qtbot.keyClick(zone, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "time zone Middle/Earth" in words(window, "start_says"))
    assert workbench.open_bench
    zone.setEditText("America/Chicago")
    qtbot.keyClick(window.start.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "casebook")
    assert workbench.clock_policy().calendar.zone == "America/Chicago"
    assert workbench.identity == "by password"
    assert workbench.author == Author("Laboratory", "Bench 1", "J. Doe", "")
    assert words(window, "who") == "J. Doe, Bench 1"
    close(qtbot, window)


def test_the_badge_counts_searches_nobody_looked_at(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    badge = window.rail.buttons["candidates"]
    qtbot.waitUntil(lambda: badge.badge == 2)
    assert "2 finished searches" in badge.accessibleName()
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    qtbot.waitUntil(lambda: badge.badge == 1)
    assert workbench.unseen_count() == 1


def test_running_work_is_in_the_bottom_line_and_is_cancelled_there(
    qtbot: QtBot, window: MainWindow, bridge: Bridge
) -> None:
    go_on = threading.Event()

    def work(job: Job) -> None:
        job.report(3, 8, "K-14.png")
        assert go_on.wait(30)
        job.check()

    bridge.start("Importing archive", work)
    qtbot.waitUntil(lambda: "K-14.png" in words(window, "work_words"))
    assert window.bottom._bar.value() == 3
    click(qtbot, window, "work_cancel")
    go_on.set()
    qtbot.waitUntil(lambda: not window.bottom._working.isVisible())
    assert "Stopped as asked" in window.toast.sentence


def test_closing_while_work_runs_asks_first(
    qtbot: QtBot, window: MainWindow, bridge: Bridge
) -> None:
    go_on = threading.Event()
    bridge.start("Importing archive", lambda job: (go_on.wait(30), job.check()))
    window.close()
    assert window.isVisible()
    assert "Importing archive" in words(window, "leaving_sentence")
    click(qtbot, window, "keep_working")
    assert window.current == "casebook"
    assert not window.over
    window.close()
    go_on.set()
    click(qtbot, window, "close_anyway")
    qtbot.waitUntil(lambda: window.over, timeout=20_000)


def test_a_casebook_open_elsewhere_says_so_and_is_read(
    qtbot: QtBot, held: Path, tmp_path: Path
) -> None:
    application()
    workbench = Workbench(tmp_path / "casebook")
    workbench.set_author(Author("Laboratory", "Bench 1", "J. Doe"))
    second = Workbench(tmp_path / "casebook")
    window = MainWindow(second, Bridge(second))
    window.show()
    assert second.read_only
    assert words(window, "notice") == second.notice != ""
    assert words(window, "saved") == "read only"
    qtbot.waitUntil(lambda: window.casebook.ready)
    window.casebook.act("new")
    assert not window.casebook.registration.isVisible()
    assert window.toast.sentence == second.notice
    close(qtbot, window)
    workbench.close()


def test_the_sheet_of_keys_is_of_the_screen_in_hand(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(QDialog, "key_sheet")
    assert isinstance(sheet, QDialog)
    told = {label.text() for label in sheet.findChildren(QLabel)}
    assert "capture the frame you see" in told
    assert "congruent cells" not in told
    sheet.reject()


def test_the_sheet_of_keys_fits_and_finds(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1366, 768)
    qtbot.keyClick(window, Qt.Key.Key_4, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(QDialog, "key_sheet")
    assert isinstance(sheet, QDialog)
    qtbot.waitUntil(sheet.isVisible)
    assert sheet.width() <= window.width()
    assert sheet.height() <= window.height()
    for label in filter(QLabel.isVisible, sheet.findChildren(QLabel)):
        words = label.text().replace("<b>", "").replace("</b>", "")
        assert label.width() >= label.fontMetrics().horizontalAdvance(words), words
        assert sheet.rect().right() >= label.mapTo(sheet, label.rect().topRight()).x(), words
    close_button = sheet.findChild(QPushButton)
    assert close_button is not None
    assert sheet.rect().contains(close_button.mapTo(sheet, close_button.rect().bottomRight()))
    qtbot.keyClicks(sheet.focusWidget(), "blink held")
    told = [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]
    assert "blink while held" in told
    assert "congruent cells" not in told
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(QDialog, "key_sheet") is None)


@pytest.mark.parametrize("screen", ["casebook", "acquire", "candidates", "compare"])
def test_every_control_has_a_name_and_a_way_by_keyboard(
    qtbot: QtBot, window: MainWindow, screen: str
) -> None:
    window.place.go(screen)
    shown = [b for b in window.place.screen_of(screen).findChildren(QPushButton) if b.isVisible()]
    assert shown
    for found in shown:
        assert found.objectName(), found.text()
        assert found.accessibleName() or found.text(), found.objectName()
        assert found.focusPolicy() & Qt.FocusPolicy.TabFocus, found.objectName()


def test_geometry_is_kept(qtbot: QtBot, workbench: Workbench) -> None:
    # only the height: a screen without a display is narrower than the window
    application()
    folder = workbench.folder
    for height in (700, 0):
        workbench = workbench if height else Workbench(folder, automatic_search=False)
        window = MainWindow(workbench, Bridge(workbench))
        if height:
            window.resize(1200, height)
        window.show()
        assert window.height() == 700
        close(qtbot, window)


def test_a_fault_is_shown_with_its_details(
    qtbot: QtBot, window: MainWindow, bridge: Bridge
) -> None:
    bridge.report(RuntimeError("the cause"))
    qtbot.waitUntil(lambda: "mistake" in window.toast.sentence)
    click(qtbot, window, "toast_more")
    assert "the cause" in window.toast._details.toPlainText()
    assert window.toast._details.isVisible()
    bridge.tell(window.toast.sentence)
    assert "the cause" in window.toast._details.toPlainText()


def test_going_from_screen_to_screen(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    left, right = acquired_of(workbench, "2026-0412"), acquired_of(workbench, "2026-0440")
    window.show_casebook(right)
    qtbot.waitUntil(lambda: "2026-0440" in words(window, "place"))
    window.show_compare(left, right)
    qtbot.waitUntil(lambda: window.compare.desk is not None, timeout=20_000)
    assert window.current == "compare"
    assert window.rail.buttons["compare"].isChecked()


def test_what_waits_for_the_exchange_is_seen_and_sent_when_the_folder_is_there(
    qtbot: QtBot, window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    folder = tmp_path / "not mounted" / "exchange"
    exhibit = workbench.tree()[0].exhibits[0].exhibit
    workbench.export_entry(exhibit.id, folder)
    waits = "exchange_waits"
    qtbot.waitUntil(lambda: words(window, waits) == "1 entry waits for the exchange folder")
    folder.mkdir(parents=True)
    window.place.outbox.try_now()
    qtbot.waitUntil(lambda: words(window, waits) == "")
    assert list(folder.glob("*/entries/*/entry.json"))


def test_the_look_is_changed_by_key_and_kept_while_pictures_stay_dark(
    qtbot: QtBot, workbench: Workbench
) -> None:
    application()
    workbench.set_author(Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor"))
    window = MainWindow(workbench, Bridge(workbench))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    dark = window.palette().window().color()
    qtbot.keyClick(window, Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
    assert theme.look() == "light"
    assert window.palette().window().color().lightness() > dark.lightness() + 100
    assert theme.EVIDENCE == "#0e0f11"
    qtbot.waitUntil(lambda: workbench.setting("look") == "light")
    folder = workbench.folder
    close(qtbot, window)
    again = MainWindow(second := Workbench(folder, automatic_search=False), Bridge(second))
    assert theme.look() == "light"
    again.show()
    button = again.findChild(QWidget, "rail_look")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert theme.look() == "dark"
    close(qtbot, again)


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT])
def test_words_stand_out_from_what_they_are_written_on(colours: theme.Look) -> None:
    for ground in (colours.ground, colours.panel, colours.raised):
        assert _contrast(colours.text, ground) >= 7
        assert min(_contrast(tone, ground) for tone in (colours.dim, colours.accent)) >= 4.5
        assert _contrast(colours.amber, ground) >= 4.5
    assert _contrast(colours.on_accent, colours.accent) >= 4.5
    assert _contrast(colours.text, colours.selected) >= 4.5


def _contrast(first: str, second: str) -> float:
    """Of two colours by WCAG 2.1: 1 to 21."""
    high, low = sorted((_luminance(QColor(one)) for one in (first, second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
