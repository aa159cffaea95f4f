"""What the tasks at the comparison desk share: a window on one pair, its parts, mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Author, Comparison
from app.main import application
from app.workbench import Workbench
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.compare import CompareScreen
from widgets.compare.desk import Desk
from widgets.compare.view.canvas import Canvas
from widgets.main_window import MainWindow

SCANS = Path(__file__).parents[2].parent / "shared" / "data" / "fadul3d"
AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
TRUE = Alignment(23.0, (47.8, -32.9))
"""As software aligns fadul-1-1 and fadul-1-2; found once, so that tests need not wait for it."""
PATIENCE_MS = 30_000
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
W = TypeVar("W", bound=QWidget)


def new_workbench(folder: Path) -> Workbench:
    """A new casebook with its author."""
    made = Workbench(folder, workers=1, automatic_search=False)
    made.set_author(AUTHOR)
    return made


def two_scans(workbench: Workbench) -> tuple[str, str]:
    """Two scans of one slide."""
    scans = [SCANS / f"fadul-1-{n}.x3p" for n in (1, 2)]
    left_id, right_id = workbench.import_paths(scans).acquired_ids
    return left_id, right_id


class CompareBench:
    """The comparison screen of a window on a casebook with one pair, aligned."""

    def __init__(
        self, qtbot: QtBot, workbench: Workbench, ids: tuple[str, str], alignment: Alignment
    ) -> None:
        application()
        self.qtbot, self.workbench = qtbot, workbench
        self.left_id, self.right_id = ids
        workbench.save_comparison(Comparison(*ids, alignment))
        self.bridge = Bridge(workbench)
        self.told: list[str] = []
        self.bridge.told.connect(lambda notice: self.told.append(notice.sentence))
        self.window = MainWindow(workbench, self.bridge)
        self.window.resize(1366, 768)
        self.window.show()
        self.activate()
        self.window.show_compare(*ids)
        self.until(lambda: self.screen.desk is not None)
        QApplication.processEvents()  # the layout settles

    def activate(self) -> None:
        """The keyboard is this window's."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    @property
    def screen(self) -> CompareScreen:
        return self.window.compare

    @property
    def desk(self) -> Desk:
        assert self.screen.desk is not None
        return self.screen.desk

    @property
    def canvas(self) -> Canvas:
        return self.part(Canvas, "compare_canvas")

    def part(self, kind: type[W], name: str) -> W:
        found = self.screen.findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def until(self, reached: object) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def until_told(self, words: str) -> None:
        self.until(lambda: any(words in sentence for sentence in self.told))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        self.qtbot.keyClick(self.canvas, key, modifier)

    def push(self, name: str) -> None:
        self.until(lambda: self.part(QPushButton, name).isVisible())
        self.qtbot.mouseClick(self.part(QPushButton, name), LEFT)

    def words(self, name: str) -> str:
        return self.part(QLabel, name).text()

    def move(self, to: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        """Sent straight: a pointer that already stands there would move no more."""
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(to),
            QPointF(self.canvas.mapToGlobal(to)),
            Qt.MouseButton.NoButton,
            held,
            NO_KEY,
        )
        QApplication.sendEvent(self.canvas, event)

    def close(self) -> None:
        close(self.qtbot, self.window)
        self.workbench.close()
