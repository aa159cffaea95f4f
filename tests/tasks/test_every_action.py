"""Every key of the comparison desk does something on a real pair; each has its like by mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Author
from app.importing.importer import ImportOptions
from app.main import application
from app.workbench import Workbench
from tests.widgets.conftest import close
from widgets import keys
from widgets.bridge import Bridge
from widgets.compare import CompareScreen
from widgets.main_window import MainWindow

SCANS = Path(__file__).parents[3] / "shared" / "data" / "fadul3d"
NAMES = ("fadul-1-1.x3p", "fadul-1-2.x3p", "fadul-2-1.x3p", "fadul-2-2.x3p")
PATIENCE_MS = 30_000

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not SCANS.is_dir(), reason="the real scans are not beside the checkout"),
]

# what a key needs before it can do anything: keys pressed first
BEFORE: dict[str, tuple[str, ...]] = {
    "redo": ("X", "Ctrl+Z"),
    "undo": ("X",),
    "more": ("3",),
    "less": ("3",),
    "leave": ("F11",),
    "fit": ("+",),
    "adjust reset": ("Ctrl+I",),
    "light reset": ("I",),
    "align": ("Shift+Right",),
    "align near": ("Shift+Right",),
    "mode split": ("2",),
    "divider vertical": ("H",),
    "score here": ("Shift+Right",),
    "previous area": ("Ctrl+Right",),
    "confirm area": ("Ctrl+Right",),
    "ignore area": ("Ctrl+Right",),
    "previous candidate": ("Tab",),
    "undo review": ("K",),
    "light form -0.25": ("Alt+Shift+I",),
    "adjust local_contrast -10": ("Alt+PgUp",),
    "adjust sharpen -10": ("Alt+Shift+PgUp",),
    **{f"position {n}": (f"Ctrl+Alt+{n}", "Shift+Right") for n in range(1, 10)},
}
HELD = {"blink while held", "original while held", "light circles while held"}
ORIGINAL = "original while held"

# by mouse: the control on the screen, or what the hand does on the picture
MOUSE: dict[str, str] = {
    "more": "opacity_slider",
    "less": "opacity_slider",
    "blink while held": "mode_blink",
    "original while held": "original",
    "note": "draw_note",
    "area brush": "draw_agreement",
    "annotations": "annotations_shown",
    "tool outline": "align_area",
    "align area": "align_area",
    "light circles while held": "hemisphere",
    "light link": "lights_linked",
    "surface next": "surface_height",
    "adjust invert": "adjust_invert",
    "adjust link": "adjust_linked",
    "adjust colour": "adjust_false_colour",
    "light reset": "hemisphere",
    "loupe": "helper_loupe",
    "mirror": "helper_mirror",
    "second screen": "helper_second_screen",
    "turn both left": "compare_canvas",  # Shift and wheel
    "turn both right": "compare_canvas",
    "zoom in": "compare_canvas",  # wheel
    "zoom out": "compare_canvas",
    "turn divider 5": "compare_canvas",  # Shift and a drag of the line
    "turn divider -5": "compare_canvas",
    "divider horizontal": "turn_divider",
    "divider vertical": "turn_divider",
    "undo review": "keep",  # said again, another is said
    "fold strip": "fold_strip",
    "save named": "view_save",
    "drawer": "drawer_handle",
    "leave": "full_screen",
    "conclude": "page_conclude",
    "verification": "page_conclude",
}
BY_WORD = {
    "nudge": "compare_canvas",  # a drag with the right button
    "turn": "turn_deg",
    "position": "position_{rest}",
    "store position": "position_{last}",
    "light turn": "hemisphere",
    "light raise": "hemisphere",
    "light detail": "light_detail",
    "light form": "light_form",
    "light preset": "light_{last}",
    "adjust": "adjust_{second}",
    "mode": "mode_{rest}",
}


class Hands:
    """A window on a casebook with a search of real scans."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor"))
        found = self.workbench.import_paths([SCANS / name for name in NAMES], ImportOptions())
        first = found.outcomes[0].acquired_id
        assert first is not None
        search = self.workbench.search(first)
        self.candidates = self.workbench.candidates(search.id)
        self.query_id = first
        self.told: list[str] = []
        self.bridge = Bridge(self.workbench)
        self.bridge.told.connect(self._hear)
        self.asked: list[str] = []
        self.window = MainWindow(self.workbench, self.bridge)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.open()

    @property
    def screen(self) -> CompareScreen:
        return self.window.compare

    def open(self) -> None:
        """The best candidate as at first, with nothing of before."""
        best = self.candidates[0].candidate
        order = tuple(line.candidate.id for line in self.candidates)
        self.window.activateWindow()
        self.window.show_compare(self.query_id, best.acquired_id, best.id, order)
        self.settle()
        self.canvas.setFocus()

    def settle(self) -> None:
        self.until(lambda: self.screen.desk is not None)
        self.until(lambda: not self.bridge.busy and not self.desk.aligning)
        self.until(lambda: self.desk is not None and not self.desk.lacks_similarity)
        QApplication.processEvents()

    def until(self, reached: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    @property
    def desk(self) -> Any:
        return self.screen.desk

    @property
    def canvas(self) -> QWidget:
        found = self.screen.findChild(QWidget, "compare_canvas")
        assert isinstance(found, QWidget)
        return found

    def press(self, key: str) -> None:
        combination = QKeySequence(key)[0]
        self.qtbot.keyClick(self.canvas, combination.key(), combination.keyboardModifiers())
        self.settle()

    def hold(self, key: str) -> None:
        self.qtbot.keyPress(self.canvas, QKeySequence(key)[0].key())

    def release(self, key: str) -> None:
        self.qtbot.keyRelease(self.canvas, QKeySequence(key)[0].key())
        self.settle()

    def state(self) -> tuple[Any, ...]:
        """Everything an action may change."""
        desk, screen = self.desk, self.screen
        windows = {type(w).__name__ for w in QApplication.topLevelWidgets() if w.isVisible()}
        inner = {w.objectName() for w in screen.findChildren(QWidget) if w.isVisible()}
        return (
            *(desk.alignment, desk.seen, desk.annotations, desk.tool, desk.locked, desk.area),
            *(desk.remarks, repr(desk.extras), desk.sweeping, desk.score, desk.comparison),
            *(screen._walk, frozenset(windows), frozenset(inner), len(self.told)),
            *(screen._view.helpers.is_on(name) for name in ("loupe", "mirror")),
            *(self.window.isFullScreen(), desk.pen.kind if hasattr(desk.pen, "kind") else None),
        )

    def tidy(self) -> None:
        """Close what the last key opened."""
        for window in QApplication.topLevelWidgets():
            if window is not self.window and window.isVisible():
                window.close()
        if self.window.isFullScreen():
            self.press("F11")
        if self.desk.tool:
            self.desk.take_tool("")
        if self.screen._drawer.is_open:
            self.press("F")
        self.desk.set_locked(True)

    def _hear(self, notice: Any) -> None:
        self.told.append(notice.sentence)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("every") / "casebook"


@pytest.fixture
def hands(qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    made = Hands(qtbot, folder)
    asked = made.asked

    def ask(*_: Any, **__: Any) -> None:
        asked.append("a file")

    monkeypatch.setattr(made.screen._exports, "_ask", ask)
    yield made
    close(qtbot, made.window)


def the_table() -> list[keys.KeyRow]:
    return [row for row in keys.TABLE if row.screen == keys.COMPARE and row.keys]


def test_every_key_changes_something(hands: Hands) -> None:
    idle = []
    for row in the_table():
        hands.open()
        hands.tidy()
        for key in BEFORE.get(row.action, ()):
            hands.press(key)
        before, asked = hands.state(), len(hands.asked)
        if row.action in HELD:
            hands.hold(row.keys[0])
            changed = hands.state() != before
            hands.release(row.keys[0])
        else:
            hands.press(row.keys[0])
            changed = hands.state() != before
        if not changed and len(hands.asked) == asked:
            idle.append(row.action)
        hands.tidy()
    assert idle == []


def test_every_action_has_its_control(hands: Hands) -> None:
    lacking = {row.action: _control(row.action) for row in the_table()}
    seen: set[str] = set()
    for mode in "13":
        hands.press(mode)
        for page in ("F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"):
            hands.press(page)
            visible = (w for w in hands.screen.findChildren(QWidget) if _reachable(w, hands.screen))
            seen |= {w.objectName() for w in visible}
    assert {a: n for a, n in lacking.items() if n not in seen} == {}


def _reachable(widget: QWidget, screen: CompareScreen) -> bool:
    """Seen, or to be scrolled to."""
    return widget.isVisibleTo(screen) and widget.mapTo(screen, QPoint()).x() >= 0


def _control(action: str) -> str:
    if action in MOUSE:
        return MOUSE[action]
    words = action.split()
    for begin in sorted(BY_WORD, key=len, reverse=True):
        if action.startswith(begin + " "):
            rest = action.removeprefix(begin + " ")
            return BY_WORD[begin].format(rest=rest, last=words[-1], second=words[1])
    return action.replace(" ", "_")
