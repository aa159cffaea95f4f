"""What the tasks at the comparison desk share: a window on one pair, its parts, mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Author, Comparison
from app.workbench import Workbench
from tests.window_bench import CONTROL, LEFT, NO_KEY, SHIFT, WindowBench
from widgets.compare import CompareScreen
from widgets.compare.desk import Desk
from widgets.compare.view.canvas import Canvas

__all__ = ["CONTROL", "LEFT", "NO_KEY", "SHIFT"]
SCANS = Path(__file__).parents[2].parent / "shared" / "data" / "fadul3d"
AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
TRUE = Alignment(23.0, (47.8, -32.9))
"""As software aligns fadul-1-1 and fadul-1-2; found once, so that tests need not wait for it."""
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


class CompareBench(WindowBench):
    """The comparison screen of a window on a casebook with one pair, aligned."""

    def __init__(
        self, qtbot: QtBot, workbench: Workbench, ids: tuple[str, str], alignment: Alignment
    ) -> None:
        self.left_id, self.right_id = ids
        workbench.save_comparison(Comparison(*ids, alignment))
        super().__init__(qtbot, workbench)
        self.bridge = self.window.bridge
        self.window.show_compare(*ids)
        self.until(lambda: self.screen.desk is not None)
        QApplication.processEvents()  # the layout settles

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

    @property
    def focus(self) -> QWidget:
        """Keys are for the picture."""
        return self.canvas

    def push(self, name: str) -> None:
        self.until(lambda: self.part(QPushButton, name).isVisible())
        self.qtbot.mouseClick(self.part(QPushButton, name), LEFT)

    def words(self, name: str) -> str:
        return self.part(QLabel, name).text()

    def move(self, to: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        """The pointer over the picture."""
        self.point(self.canvas, to, held)

    def close(self) -> None:
        """The workbench, too, should the window not have."""
        super().close()
        self.workbench.close()
