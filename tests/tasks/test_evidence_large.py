"""A pair in the real window on common screens: the evidence is large and no word is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    Author,
    ClassNote,
    Comparison,
    Remarks,
)
from app.main import application
from app.workbench import Workbench
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.compare.desk.indexing import index_up, put_index
from widgets.main_window import MainWindow

SCANS = Path(__file__).parents[2].parent / "shared" / "data" / "fadul3d"
AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
SCREENS = ((1366, 768), (1920, 1080))
PAGES = {
    "align": Qt.Key.Key_F2,
    "light": Qt.Key.Key_F3,
    "measure": Qt.Key.Key_F4,
    "notes": Qt.Key.Key_F5,
    "explain": Qt.Key.Key_F6,
    "conclude": Qt.Key.Key_F7,
    "keep": Qt.Key.Key_F8,
    "class": Qt.Key.Key_F9,
}
LARGE = 0.70
"""Share of the window that is to show evidence while no drawer is open."""

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not SCANS.is_dir(), reason="the real scans are not beside the checkout"),
]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window as at the first start, with two scans of one slide compared in it."""
    application()
    workbench = Workbench(tmp_path / "casebook", automatic_search=False)
    workbench.set_author(AUTHOR)
    scans = [SCANS / f"fadul-1-{n}.x3p" for n in (1, 2)]
    left, right = workbench.import_paths(scans).acquired_ids
    workbench.save_comparison(Comparison(left, right, Alignment(23.0, (47.8, -32.9))))
    made = MainWindow(workbench, Bridge(workbench))
    made.resize(*SCREENS[0])
    made.show()
    made.show_compare(left, right)
    qtbot.waitUntil(lambda: made.compare.desk is not None, timeout=30_000)
    yield made
    close(qtbot, made)


def canvas(window: MainWindow) -> QWidget:
    found = window.compare.findChild(QWidget, "compare_canvas")
    assert isinstance(found, QWidget)
    return found


def cut_off(window: QWidget) -> list[str]:
    """The words of buttons and single lines that have less room than they need."""
    found = []
    buttons, labels = window.findChildren(QAbstractButton), window.findChildren(QLabel)
    for widgets in (buttons, labels):
        for widget in widgets:
            words = widget.text().replace("&", "")
            if not words or not widget.isVisible() or "<" in words:
                continue
            if isinstance(widget, QLabel) and widget.wordWrap():
                continue
            needed = max(map(widget.fontMetrics().horizontalAdvance, words.splitlines()))
            if widget.width() < needed or widget.height() < widget.fontMetrics().height():
                found.append(f"{widget.objectName()}: {words} ({widget.width()} of {needed} px)")
            elif not window.rect().contains(widget.mapTo(window, widget.rect().center())):
                found.append(f"{widget.objectName()}: {words} is outside the window")
    return found


def test_the_evidence_takes_most_of_the_window(window: MainWindow, qtbot: QtBot) -> None:
    for look in ("dark", "light"):
        for screen in SCREENS:
            window.resize(*screen)
            QApplication.processEvents()
            assert window.size().toTuple() == screen
            shown = canvas(window)
            share = shown.width() * shown.height() / (screen[0] * screen[1])
            assert share >= LARGE, f"{share:.3f} of {screen}, {look}"
            assert cut_off(window) == [], (look, screen)
        qtbot.keyClick(window, Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)


def test_what_is_noted_takes_no_room_from_the_evidence(window: MainWindow, qtbot: QtBot) -> None:
    free = canvas(window).size()
    _note(window)
    QApplication.processEvents()
    assert canvas(window).size() == free and cut_off(window) == []
    qtbot.keyClick(canvas(window), Qt.Key.Key_9)
    relief = window.compare.lamp.relief
    qtbot.waitUntil(lambda: relief.ready, timeout=30_000)
    for screen in SCREENS:
        window.resize(*screen)
        QApplication.processEvents()
        assert relief.isVisible() and cut_off(window) == [], screen
    qtbot.keyClick(relief, Qt.Key.Key_Escape)


def _note(window: MainWindow) -> None:
    """Differences, a flag on the pair and one on an area, an index mark."""
    desk = window.compare.desk
    assert desk is not None
    notes = (ClassNote("calibre", "9 mm Luger", "9 mm Luger"), ClassNote("other", "a", "b"))
    differing = ClassNote("breech_face_class", "granular", "parallel")
    reason = "parallel machining marks were seen on three pistols of this make"
    desk.put(remarks=Remarks((*notes, differing), True, reason))
    outline = ((0.0, 0.0), (300.0, 0.0), (0.0, 300.0))
    area = Annotation(AnnotationKind.AGREEMENT, "both", outline, "", 1, subclass=reason)
    desk.put(annotations=(area,))
    put_index(desk, index_up(desk, "left"))
    desk.pen.select(area.id)


def test_no_word_is_cut_off_in_any_page_of_the_drawer(window: MainWindow, qtbot: QtBot) -> None:
    _note(window)
    folded = canvas(window).width()
    for page, key in PAGES.items():
        qtbot.keyClick(canvas(window), key)
        qtbot.waitUntil(lambda: canvas(window).width() < folded)
        QApplication.processEvents()
        assert cut_off(window) == [], page


def test_words_without_room_are_found(window: MainWindow) -> None:
    button = window.findChild(QAbstractButton, "rail_compare")
    assert isinstance(button, QAbstractButton) and button.isVisible()
    button.setFixedWidth(8)
    QApplication.processEvents()
    assert [one for one in cut_off(window) if one.startswith("rail_compare: Compare")]
