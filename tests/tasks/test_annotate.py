"""Draw over a real pair with mouse and keyboard, save the view, and rebuild it after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Alignment, AnnotationKind, Author, Comparison
from app.importing.importer import ImportOptions
from app.jobs import Job
from app.workbench import Workbench
from tests.window_bench import LEFT, NO_KEY, SHIFT, WindowBench
from widgets.compare.desk import Desk
from widgets.compare.view.canvas import Canvas

REAL = Path(__file__).parents[3] / "shared" / "data" / "nist2d"
PAIR = ("fadul-1-1-ring.png", "fadul-1-2-ring.png")
AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real pictures are not here")


class Bench(WindowBench):
    """A window on a casebook that is open at a pair; keys are for the picture."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot, Workbench(folder, automatic_search=False))
        (pair,) = self.workbench.comparisons()
        self.window.show_compare(pair.left_id, pair.right_id)
        self.until(lambda: self.window.compare.desk is not None)
        self.settle()

    @property
    def desk(self) -> Desk:
        desk = self.window.compare.desk
        assert desk is not None
        return desk

    @property
    def canvas(self) -> Canvas:
        return self.find(Canvas, "compare_canvas")

    @property
    def focus(self) -> QWidget:
        self.canvas.setFocus()
        return self.canvas

    def settle(self) -> None:
        self.until(lambda: not self.window.bridge.busy)
        QApplication.processEvents()

    def click_at(self, place: QPoint) -> None:
        self.point(self.canvas, place)
        self.qtbot.mouseClick(self.canvas, LEFT, NO_KEY, place)

    def shown(self) -> NDArray[np.uint8]:
        """What the window shows of the pair, taken from the window itself."""
        self.until(lambda: self._drawn_in_full())
        image = self.canvas._image
        assert image is not None
        return np.array(image.constBits()).copy()

    def _drawn_in_full(self) -> bool:
        """Not more coarsely, as while something moves on a busy machine."""
        image = self.canvas._image
        return image is not None and image.width() == self.desk.size[0]


def round_about(x: int, y: int, radius: int) -> list[QPoint]:
    """The way of a hand round a place."""
    turns = np.linspace(0, 2 * np.pi, 40)
    return [
        QPoint(round(x + radius * np.cos(t)), round(y + 0.7 * radius * np.sin(t))) for t in turns
    ]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with the two real pictures, compared once and put in place by hand."""
    folder = tmp_path_factory.mktemp("annotate") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(AUTHOR)
    options = ImportOptions(pixel_um=2.53, case_number="2026-0412")
    report = workbench.import_paths([REAL / name for name in PAIR], options, Job())
    workbench.save_comparison(Comparison(*report.acquired_ids, Alignment(-11.5, (180.0, -95.0))))
    workbench.close()
    return folder


@pytest.fixture
def bench(qtbot: QtBot, held: Path) -> Iterator[Bench]:
    made = Bench(qtbot, held)
    yield made
    made.close()


def test_a_view_drawn_and_saved_is_rebuilt_to_the_last_bit(qtbot: QtBot, held: Path) -> None:
    first = Bench(qtbot, held)
    try:
        seen = _draw_and_save(first)
    finally:
        first.close()
    again = Bench(qtbot, held)
    try:
        _opens_as_it_was(again, seen)
    finally:
        again.close()


def _draw_and_save(bench: Bench) -> NDArray[np.uint8]:
    middle = QPoint(bench.canvas.width() // 2, bench.canvas.height() // 2)
    bench.press(Qt.Key.Key_G)
    bench.drag(bench.canvas, *round_about(middle.x(), middle.y() - 130, 90))
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_N)
    bench.click_at(middle + QPoint(-220, 60))
    bench.type("a gouge, 3 striae beside it")
    bench.press(Qt.Key.Key_Return)
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_N)
    assert bench.desk.pen.kind is AnnotationKind.ARROW
    bench.drag(bench.canvas, *(middle + QPoint(260 - n, 160 - n) for n in range(0, 90, 10)))
    area, note, arrow = bench.desk.annotations
    assert (area.kind, area.side, area.number) == (AnnotationKind.AGREEMENT, "both", 1)
    assert len(area.points_um) > 10
    assert (note.side, note.number, note.text) == ("left", 2, "a gouge, 3 striae beside it")
    assert (arrow.kind, arrow.side) == (AnnotationKind.ARROW, "right")
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_Escape)
    assert bench.desk.tool == ""
    bench.press(Qt.Key.Key_2)
    bench.press(Qt.Key.Key_F8)
    bench.settle()
    name = bench.find(QLineEdit, "view_name")
    name.setFocus()
    bench.qtbot.keyClicks(name, "Aperture, upper rim")
    bench.qtbot.keyClick(name, Qt.Key.Key_Return)
    bench.until(lambda: "kept as 'Aperture, upper rim'" in " ".join(bench.told))
    bench.settle()
    assert bench.find(QListWidget, "view_list").count() == 1
    seen = bench.shown()
    bench.press(Qt.Key.Key_S)
    bench.until(lambda: not bench.desk.unsaved)
    return seen


def _opens_as_it_was(bench: Bench, seen: NDArray[np.uint8]) -> None:
    bench.press(Qt.Key.Key_F8)
    bench.settle()
    assert len(bench.desk.annotations) == 3
    bench.press(Qt.Key.Key_3)
    bench.press(Qt.Key.Key_Right, SHIFT)
    bench.press(Qt.Key.Key_Plus)
    bench.desk.put(annotations=())
    bench.settle()
    assert not np.array_equal(bench.shown(), seen)
    views = bench.find(QListWidget, "view_list")
    views.setFocus()
    bench.qtbot.keyClick(views, Qt.Key.Key_Down)
    bench.qtbot.keyClick(views, Qt.Key.Key_Return)
    bench.until(lambda: any("to the last pixel" in sentence for sentence in bench.told))
    assert np.array_equal(bench.shown(), seen)
    bench.desk.undo()
    assert bench.desk.annotations == ()
    assert bench.workbench.check() == ()
