"""Aligning a real pair on the real window: landmarks, a rough placement, an area, stored places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Author, Comparison, Score
from app.main import application
from app.picture.geometry import at, right_to_left, turned_about
from app.workbench import Workbench
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.compare.desk import Desk, Point
from widgets.compare.view.canvas import Canvas
from widgets.main_window import MainWindow

REAL = Path(__file__).parents[3] / "shared" / "data" / "fadul3d"
PIXEL_UM = 6.25
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str, Score]:
    """A casebook with a known pair, where software lays it, and the marks prepared."""
    files = [REAL / "fadul-2-1.x3p", REAL / "fadul-2-2.x3p"]
    if not all(file.exists() for file in files):
        pytest.skip("the real scans are not beside the checkout")
    folder = tmp_path_factory.mktemp("pair") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(Author("Alpha laboratory", "Bench 1", "R. Okafor"))
    left, right = workbench.import_paths(files).acquired_ids
    known = workbench.compare(left, right)
    workbench.close()
    return folder, left, right, known


class Bench:
    """A window with the pair, used with mouse and keyboard."""

    def __init__(self, qtbot: QtBot, folder: Path, pair: tuple[str, str, Score]) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.left_id, self.right_id, self.score = pair
        self.told: list[str] = []
        self.open(first=Alignment())

    @property
    def known(self) -> Alignment:
        return self.score.alignment

    @property
    def desk(self) -> Desk:
        desk = self.window.compare.desk
        assert desk is not None
        return desk

    def open(self, first: Alignment | None = None) -> None:
        self.workbench = Workbench(self.folder, automatic_search=False)
        if first is not None:
            self.workbench.save_comparison(Comparison(self.left_id, self.right_id, first))
        bridge = Bridge(self.workbench)
        bridge.told.connect(lambda notice: self.told.append(notice.sentence))
        self.window = MainWindow(self.workbench, bridge)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.window.show_compare(self.left_id, self.right_id)
        self.qtbot.waitUntil(lambda: self.window.compare.desk is not None, timeout=30_000)
        QApplication.processEvents()  # the layout settles
        self.canvas = self.part(Canvas, "compare_canvas")

    def part(self, kind: type, name: str) -> QWidget:
        found = self.window.compare.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.canvas.setFocus()
        self.qtbot.keyClick(self.canvas, key, modifiers)

    def wait_aligned(self) -> None:
        self.qtbot.waitUntil(lambda: not self.desk.aligning, timeout=30_000)

    def move(self, to: QPoint, held: bool = False) -> None:
        buttons = LEFT if held else Qt.MouseButton.NoButton
        where = QPointF(to), QPointF(self.canvas.mapToGlobal(to))
        event = QMouseEvent(QEvent.Type.MouseMove, *where, Qt.MouseButton.NoButton, buttons, NONE)
        QApplication.sendEvent(self.canvas, event)

    def wheel(self, at_point: QPoint, notches: int) -> None:
        for _ in range(abs(notches)):
            event = QWheelEvent(
                QPointF(at_point),
                QPointF(self.canvas.mapToGlobal(at_point)),
                QPoint(),
                QPoint(0, 120 if notches > 0 else -120),
                Qt.MouseButton.NoButton,
                NONE,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(self.canvas, event)

    def click_closely(self, **spot: Point) -> None:
        """Zoom in at a specimen point with the wheel, click it, zoom out again."""
        rough = self.seen(**spot)
        self.wheel(rough, 12)
        self.qtbot.mouseClick(self.canvas, LEFT, NONE, self.seen(**spot))
        self.wheel(rough, -12)

    def seen(self, **spot: Point) -> QPoint:
        (x, y), *more = self.desk.seen_at(**spot)
        assert not more
        return QPoint(round(x), round(y))

    def drag(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.move(start)
        self.qtbot.mousePress(self.canvas, LEFT, modifiers, start)
        self.move((start + end) / 2, held=True)
        self.move(end, held=True)
        self.qtbot.mouseRelease(self.canvas, LEFT, modifiers, end)

    def set_field(self, name: str, value: float) -> None:
        field = self.part(QDoubleSpinBox, name)
        assert isinstance(field, QDoubleSpinBox)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, f"{value:.{field.decimals()}f}")
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def lay(self, alignment: Alignment) -> None:
        """By the fields of the drawer."""
        drawer = self.part(QWidget, "align_panel")
        if not drawer.isVisible():
            self.press(Qt.Key.Key_F2)
        assert drawer.isVisible()
        for name, value in (
            ("turn_deg", alignment.rotation_deg),
            ("dx_um", alignment.shift_um[0]),
            ("dy_um", alignment.shift_um[1]),
        ):
            self.set_field(name, value)

    def apart(self, other: Alignment, where: Point) -> float:
        """How far the alignment lays what belongs at a point of the left scan from there."""
        there = at(np.linalg.inv(right_to_left(other)), where)
        x, y = at(right_to_left(self.desk.alignment), there)
        return float(np.hypot(x - where[0], y - where[1]))


@pytest.fixture
def bench(qtbot: QtBot, held: tuple[Path, str, str, Score], tmp_path: Path) -> Iterator[Bench]:
    application()
    copytree(held[0], tmp_path / "casebook")
    made = Bench(qtbot, tmp_path / "casebook", held[1:])
    yield made
    close(qtbot, made.window)
    made.workbench.close()


RIM: tuple[Point, ...] = ((-1300.0, -300.0), (1250.0, 350.0), (200.0, -1300.0), (-250.0, 1300.0))


def test_two_landmarks_lay_a_pair_to_half_a_pixel(bench: Bench) -> None:
    left_spots = RIM[0], RIM[1]
    right_spots = [at(np.linalg.inv(right_to_left(bench.known)), spot) for spot in left_spots]
    bench.press(Qt.Key.Key_2)
    bench.press(Qt.Key.Key_T)
    for here, there in zip(left_spots, right_spots, strict=True):
        bench.click_closely(left_um=here)
        bench.click_closely(right_um=there)
    assert bench.desk.alignment == Alignment()
    bench.press(Qt.Key.Key_Return)
    assert all(bench.apart(bench.known, spot) < PIXEL_UM / 2 for spot in RIM)
    assert abs(bench.desk.alignment.rotation_deg - bench.known.rotation_deg) < 0.1
    found = bench.desk.alignment
    bench.press(Qt.Key.Key_Escape)
    assert bench.desk.tool == ""
    bench.press(Qt.Key.Key_Z, CONTROL)
    assert bench.desk.alignment == Alignment()
    bench.press(Qt.Key.Key_Y, CONTROL)
    assert bench.desk.alignment == found


def test_a_rough_placement_comes_back_within_its_uncertainty(bench: Bench) -> None:
    rough = turned_about(bench.known, 8.0, (0.0, 0.0)).nudged(-120.0, 90.0)
    bench.lay(rough)
    laid = bench.desk.alignment
    assert bench.apart(bench.known, (0.0, 0.0)) == pytest.approx(150.0, abs=1.0)
    bench.press(Qt.Key.Key_A, SHIFT)
    bench.wait_aligned()
    score = bench.desk.score
    assert score is not None and score.alignment == bench.desk.alignment
    assert score.rotation_sd_deg is not None and score.shift_sd_um is not None
    turned = abs(bench.desk.alignment.rotation_deg - bench.known.rotation_deg)
    assert turned < 3 * score.rotation_sd_deg
    assert bench.apart(bench.known, (0.0, 0.0)) < 3 * score.shift_sd_um
    assert score.congruent_cells >= max(bench.score.congruent_cells - 1, 12)
    assert "turned -8" in bench.told[-1] and "±" in bench.told[-1]
    found = bench.desk.alignment
    bench.press(Qt.Key.Key_Z, CONTROL)
    assert bench.desk.alignment == laid
    bench.press(Qt.Key.Key_Y, CONTROL)
    assert bench.desk.alignment == found


def test_an_area_outlined_with_the_mouse_lays_the_pair_by_that_area(bench: Bench) -> None:
    bench.lay(turned_about(bench.known, -5.0, (1000.0, 0.0)).nudged(80.0, 60.0))
    laid = bench.desk.alignment
    bench.press(Qt.Key.Key_3)
    bench.press(Qt.Key.Key_O)
    middle = (1100.0, 300.0)
    bench.drag(bench.seen(left_um=middle), bench.seen(left_um=(1550.0, 300.0)), SHIFT)
    assert len(bench.desk.area) > 20
    button = bench.part(QPushButton, "align")
    assert isinstance(button, QPushButton) and button.text() == "A  Align by the area"
    bench.press(Qt.Key.Key_A)
    bench.wait_aligned()
    assert bench.told[-1].startswith("Aligned from the outlined area: turned")
    assert bench.apart(bench.known, middle) < 25.0  # a pixel of the marks as compared
    assert abs(bench.desk.alignment.rotation_deg - bench.known.rotation_deg) < 2.0
    bench.press(Qt.Key.Key_Z, CONTROL)
    assert bench.desk.alignment == laid
    bench.press(Qt.Key.Key_Escape)
    bench.drag(bench.seen(left_um=(1100.0, 0.0)), bench.seen(left_um=(1160.0, 0.0)), SHIFT)
    bench.press(Qt.Key.Key_Return)
    bench.wait_aligned()
    assert "outline at least" in bench.told[-1] and bench.desk.alignment == laid
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_Escape)
    assert bench.desk.tool == "" and bench.desk.area == ()


def test_a_stored_position_is_recalled_by_its_key_and_kept_over_a_restart(bench: Bench) -> None:
    bench.press(Qt.Key.Key_F2)
    bench.press(Qt.Key.Key_Right, SHIFT)
    bench.press(Qt.Key.Key_Period)
    stored = bench.desk.alignment
    assert stored != Alignment()
    bench.press(Qt.Key.Key_3, CONTROL | ALT)
    bench.press(Qt.Key.Key_Left, SHIFT)
    lamp = bench.part(QToolButton, "position_3")
    assert isinstance(lamp, QToolButton) and not lamp.isChecked() and "●" in lamp.text()
    bench.press(Qt.Key.Key_3, ALT)
    assert bench.desk.alignment == stored and lamp.isChecked()
    bench.press(Qt.Key.Key_S)
    bench.qtbot.waitUntil(lambda: not bench.desk.unsaved, timeout=10_000)
    close(bench.qtbot, bench.window)
    bench.workbench.close()
    bench.open()
    bench.press(Qt.Key.Key_Left, SHIFT)
    bench.press(Qt.Key.Key_3, ALT)
    assert bench.desk.alignment == stored
