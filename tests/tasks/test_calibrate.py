"""Calibrating a camera in the real window: an image is searched only while its scale holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Acquired, Author
from app.main import application
from app.workbench import Registration, Workbench
from tests.widgets.conftest import close
from widgets.acquire import AcquireScreen
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

PATIENCE_MS = 60_000
PIXEL_UM = 12.0
STANDARD = f"bench:show=ruling,um={PIXEL_UM},step=100,turn=12"
CASE = f"bench:gun=1,um={PIXEL_UM},scale=untold"


class Bench:
    """The acquire screen of a window on a casebook with one mark."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(Author("Harbor City", "Bench 1", "R. Okafor"))
        mark = self.workbench.register(Registration("2026-0412", "3", "3A"))
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self._captured: list[Acquired] = []
        self.screen.station.on_captured(self._captured.append)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.window.show_acquire(mark.id)
        self.until(lambda: "3A" in self.screen.target.mark.currentText())

    @property
    def screen(self) -> AcquireScreen:
        return self.window.acquire

    def until(self, reached: object) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def find(self, kind: type, name: str) -> QWidget:
        found = [w for w in self.window.findChildren(kind, name) if w.isVisible()]
        assert len(found) == 1, f"{name}: {found}"
        return found[0]

    def words(self, name: str) -> str:
        found = self.window.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()

    def click(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        self.until(button.isEnabled)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def write(self, name: str, text: str) -> None:
        field = self.find(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)

    def look_at(self, spec: str) -> None:
        """Take that source and wait for its first picture."""
        self.screen.start_camera(spec)
        self.until(lambda: not self.screen.station.opening)
        self.until(
            lambda: (
                self.screen.live.frame is not None
                and ("step_um" in self.screen.live.frame.settings) == ("show" in spec)
            )
        )

    def open_drawer(self, method: str) -> None:
        self.qtbot.keyClick(self.screen.live, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        self.until(self.screen.calibrating.isVisible)
        box = self.find(QComboBox, "calibrate_method")
        assert isinstance(box, QComboBox)
        box.setCurrentText(method)

    def capture(self) -> Acquired:
        # the bench turns to the protocol's next step, and says so to whoever is quicker
        self.until(lambda: not self.screen.station.refusal())
        before = len(self._captured)
        self.screen.live.setFocus()
        self.qtbot.keyClick(self.screen.live, Qt.Key.Key_Space)
        self.until(lambda: len(self._captured) > before)
        return self.workbench.provenance(self._captured[-1].id).acquired


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path / "casebook")
    yield made
    close(qtbot, made.window)


def test_a_micrometer_calibrates_the_camera(bench: Bench) -> None:
    screen = bench.screen
    screen.target.objective.setCurrentText("4x")
    bench.look_at(CASE)
    bench.until(lambda: "cannot be searched" in bench.words("scale_says"))
    unscaled = bench.capture()
    assert unscaled.pixel_um is None and "no calibration of Bench camera" in unscaled.warnings[0]

    bench.look_at(STANDARD)
    bench.open_drawer("stage micrometer")
    bench.write("calibrate_step", "100")
    bench.click("calibrate_measure")
    bench.until(lambda: "A pixel is" in bench.words("calibrate_result"))
    assert len(screen.live._marks) > 20
    bench.click("calibrate_keep")
    bench.until(lambda: "Calibrated: 12" in bench.window.toast.sentence)
    (kept,) = bench.workbench.calibrations()
    assert kept.pixel_um == pytest.approx(PIXEL_UM, rel=2e-3)
    assert (kept.optics.camera, kept.optics.objective) == ("Bench camera", "4x")
    bench.until(lambda: screen.target.pixel.isReadOnly())
    assert bench.words("scale_says") == ""
    bench.until(lambda: "stage micrometer" in bench.words("calibrate_in_force"))
    assert screen.live._marks == ()

    bench.look_at(CASE)
    acquired = bench.capture()
    assert acquired.searchable and acquired.pixel_um == kept.pixel_um
    assert acquired.record.settings["calibration"] == kept.id
    assert acquired.record.settings["pixel_um_sd"] > 0
    assert "valid to" in bench.screen.scale.words

    screen.target.objective.setCurrentText("10x")
    bench.until(lambda: not screen.target.pixel.isReadOnly())
    bench.until(lambda: "cannot be searched" in bench.words("scale_says"))


def test_a_wrong_step_is_caught_a_check_fails_and_one_is_withdrawn(bench: Bench) -> None:
    screen = bench.screen
    bench.look_at(STANDARD)
    kept = bench.workbench.calibrate(
        screen.scale.in_use().optics, _measured_now(bench), screen.live.frame
    )
    bench.until(lambda: screen.target.pixel.isReadOnly())
    bench.open_drawer("stage micrometer")
    bench.write("calibrate_step", "10")
    bench.click("calibrate_measure")
    bench.until(lambda: "is expected" in bench.words("calibrate_says"))
    assert not bench.find(QAbstractButton, "calibrate_keep").isEnabled()
    bench.write("calibrate_step", "102")
    bench.click("calibrate_measure")
    bench.until(lambda: "A pixel is" in bench.words("calibrate_result"))
    bench.click("calibrate_check")
    bench.until(lambda: "does not hold" in bench.words("calibrate_says"))
    bench.until(lambda: "last check" in bench.words("scale_says"))
    assert not screen.target.pixel.isReadOnly() and screen.target.pixel.text() == ""
    acquired = bench.capture()
    assert acquired.pixel_um is None and "last check" in acquired.warnings[0]
    listed = bench.find(QListWidget, "calibrations")
    assert isinstance(listed, QListWidget)
    bench.until(lambda: listed.count() == 1 and "failed its check" in listed.item(0).text())
    listed.setCurrentRow(0)
    bench.click("calibrate_withdraw")
    bench.until(lambda: "withdrawn" in bench.words("scale_says"))
    assert bench.workbench.calibrations()[0].withdrawn_at
    assert bench.workbench.calibration_for(kept.optics).calibration is None
    assert bench.workbench.check() == ()


def _measured_now(bench: Bench) -> object:
    from app.capture.scale import find_ruling

    frame = bench.screen.live.frame
    assert frame is not None
    return find_ruling(frame.pixels, 100.0)


def test_two_points_and_a_typed_value(bench: Bench) -> None:
    screen, live = bench.screen, bench.screen.live
    bench.look_at(STANDARD)
    bench.open_drawer("two points by hand")
    bench.write("calibrate_step", "3000")
    live.repaint()
    assert live.frame is not None
    shown = live._place(live.frame)
    um_per_px = PIXEL_UM * live.frame.pixels.shape[1] / shown.width()
    start = shown.center().toPoint() - QPoint(round(1500 / um_per_px), 0)
    end = start + QPoint(round(3000 / um_per_px), 0)
    bench.qtbot.mousePress(live, Qt.MouseButton.LeftButton, pos=start)
    bench.qtbot.mouseMove(live, end)
    bench.qtbot.mouseRelease(live, Qt.MouseButton.LeftButton, pos=end)
    bench.until(lambda: "set by hand" in bench.words("calibrate_result"))
    bench.click("calibrate_keep")
    bench.until(lambda: len(bench.workbench.calibrations()) == 1)
    (pointed,) = bench.workbench.calibrations()
    assert pointed.method == "two points"
    assert pointed.pixel_um == pytest.approx(PIXEL_UM, rel=0.01)
    assert pointed.sd_um is not None and abs(pointed.pixel_um - PIXEL_UM) < 3 * pointed.sd_um
    box = bench.find(QComboBox, "calibrate_method")
    assert isinstance(box, QComboBox)
    box.setCurrentText("typed value")
    bench.write("calibrate_step", "nonsense")
    bench.click("calibrate_keep")
    assert "no size of a pixel" in bench.words("calibrate_says")
    bench.write("calibrate_step", "12,01")
    bench.qtbot.keyClick(bench.find(QLineEdit, "calibrate_step"), Qt.Key.Key_Return)
    bench.until(lambda: len(bench.workbench.calibrations()) == 2)
    assert bench.workbench.calibrations()[0].pixel_um == pytest.approx(12.01)
    bench.qtbot.keyClick(bench.find(QComboBox, "calibrate_method"), Qt.Key.Key_Escape)
    assert not screen.calibrating.isVisible() and live._marks == ()
    bench.until(lambda: screen.target.pixel.text() == "12.01")
