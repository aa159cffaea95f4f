"""Frames combined in the real window by keys: an average, a focus stack, a light set's relief."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.capture.relief import NOT_CALIBRATED, RELIEF
from app.domain import Acquired, Author
from app.main import application
from app.workbench import Registration, Workbench
from correlation.x3p import read_x3p
from tests.widgets.conftest import close
from widgets.acquire.frames import FramesPage
from widgets.acquire.relief import ReliefPage
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

PATIENCE_MS = 120_000
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Bench:
    """The acquire screen with the synthetic bench running, and the keys of its picture."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(Author("Harbor City", "Bench 1", "R. Okafor"))
        self.mark = self.workbench.register(Registration("2026-0412", "3", "3A"))
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.window.show_acquire(self.mark.id)
        self.screen = self.window.acquire
        self.station = self.screen.station
        self.frames = self.screen.findChild(FramesPage)
        self.relief = self.screen.findChild(ReliefPage)
        assert self.frames is not None and self.relief is not None
        self.work = self.frames.work

    def until(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=PATIENCE_MS)

    def start(self, spec: str) -> None:
        self.station.start_camera(spec)
        self.until(lambda: self.station.frame is not None)
        self.screen.panel.show_page("frames")
        self.screen.live.setFocus()

    def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.qtbot.keyClick(self.screen.live, key, modifier)

    def take(self) -> None:
        """Press Space until the frame is one of the series."""
        count = len(self.work.series.taken)
        self.key(Qt.Key.Key_Space)
        if len(self.work.series.taken) == count:  # the light is only just changing
            self.qtbot.wait(100)
            self.take()

    def made(self) -> None:
        self.until(lambda: not self.work.running and not self.work.busy)
        assert self.work.result is not None, self.work.sentence

    def keep(self) -> tuple[Acquired, ...]:
        before = {one.id for one in self._pictures()}
        self.key(Qt.Key.Key_Return)
        self.until(lambda: self.work.result is None and not self.work.busy)
        return tuple(one for one in self._pictures() if one.id not in before)

    def _pictures(self) -> list[Acquired]:
        return [
            acquired
            for case in self.workbench.tree()
            for exhibit in case.exhibits
            for cartridge_case in exhibit.cartridge_cases
            for mark in cartridge_case.marks
            for acquired in mark.acquired
        ]

    def click(self, name: str) -> None:
        found = self.screen.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton) and found.isVisible(), name
        self.until(found.isEnabled)
        self.qtbot.mouseClick(found, Qt.MouseButton.LeftButton)

    def words(self, name: str) -> str:
        found = self.screen.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path / "casebook")
    yield made
    close(qtbot, made.window)


def test_an_average_and_a_focus_stack_by_keys(bench: Bench) -> None:
    bench.start("bench:gun=1,um=16,rate=30")
    bench.key(Qt.Key.Key_2, ALT)
    assert "Take 8 frames" in bench.screen.panel.capture.text()
    bench.key(Qt.Key.Key_Space)
    bench.made()
    assert bench.words("frames_count") == "Average: 8 of 8"
    assert "8 of 8 frames; noise" in bench.words("frames_says")
    (average,) = bench.keep()
    recipe = bench.workbench.recipe_of(average.id)
    assert recipe is not None and recipe.kind == "average" and average.bits == 16
    assert len(bench.workbench.sources_of(average.id)) == 8
    assert bench.workbench.check_combined(average.id) == ""

    bench.key(Qt.Key.Key_4, ALT)
    bench.until(lambda: bench.station.camera.bench is not None)
    for height in (-90.0, -45.0, 0.0):
        source = bench.station.camera.bench
        assert source is not None
        source.focus(height)
        bench.until(
            lambda h=height: bench.station.frame.settings["focus_um"] == h  # type: ignore[misc]
        )
        bench.take()
    bench.key(Qt.Key.Key_Backspace)
    assert len(bench.work.series.taken) == 2
    bench.key(Qt.Key.Key_Return)
    assert "at least 1 more frame" in bench.words("frames_says")
    bench.key(Qt.Key.Key_Escape)
    assert not bench.work.series.taken and "Ctrl+Z" in bench.words("frames_says")
    bench.key(Qt.Key.Key_Z, CONTROL)
    assert len(bench.work.series.taken) == 2
    bench.take()
    bench.key(Qt.Key.Key_Return)
    bench.made()
    assert bench.work.result is not None and bench.work.result.depth is not None
    assert "sure in" in bench.words("frames_says")
    (stacked,) = bench.keep()
    recipe = bench.workbench.recipe_of(stacked.id)
    assert recipe is not None and recipe.kind == "focus" and len(recipe.sources) == 3
    bench.key(Qt.Key.Key_1, ALT)
    assert bench.screen.panel.capture.text().startswith("Capture")
    assert bench.workbench.check() == ()


def test_a_light_set_becomes_a_relief_on_the_disk(bench: Bench, tmp_path: Path) -> None:
    bench.start("bench:gun=1,um=12,rate=30")
    bench.key(Qt.Key.Key_6, ALT)
    for name in ("ring", "left", "top", "right", "bottom"):
        assert f"Take {name}" in bench.screen.panel.capture.text()
        bench.take()
    bench.made()
    assert "5 of 5 lights registered" in bench.words("frames_says")
    pictures = bench.keep()
    azimuths = {
        one.record.settings["light_name"]: one.record.settings.get("light_azimuth_deg")
        for one in pictures
    }
    assert azimuths == {"ring": None, "left": 180, "top": 90, "right": 0, "bottom": 270}
    assert {one.mark_id for one in pictures} == {bench.mark.id}
    assert len({one.record.settings["set"] for one in pictures}) == 1

    bench.key(Qt.Key.Key_F5)
    bench.until(bench.relief.isVisible)
    bench.until(lambda: bench.relief.work.light_set is not None)
    assert "Say where the lights" in bench.words("relief_says")
    bench.click("relief_lights")
    name = bench.screen.findChild(QLineEdit, "rig_name")
    assert isinstance(name, QLineEdit)
    bench.qtbot.keyClicks(name, "stand 1")
    for row in range(4):
        item = bench.relief.editor.table.item(row, 2)
        assert item is not None
        item.setText("22")
    bench.click("rig_enter")
    bench.until(lambda: bench.relief.work.rig is not None)
    bench.click("relief_make")
    bench.until(lambda: bench.relief.work.made is not None)
    assert "of the pixels are trusted" in bench.words("relief_quality")
    assert bench.words("relief_verified").startswith("Not verified")
    assert "not a calibrated topography" in bench.words("relief_is_not")
    bench.click("relief_keep")
    bench.until(lambda: bench.relief.work.kept is not None)
    kept = bench.relief.work.kept
    assert kept is not None and kept.kind == "scan" and kept.mark_id == bench.mark.id
    assert len(kept.record.settings[RELIEF]["sources"]) == 4

    path = tmp_path / "relief.x3p"
    bench.relief.ask = lambda _parent, _name: path
    bench.click("relief_export")
    bench.until(path.is_file)
    bench.until(lambda: "Written" in bench.relief.work.sentence)
    read = read_x3p(path.read_bytes())
    heights = bench.workbench.surface(kept.id).values
    assert read.pixel_um == pytest.approx(12.0) and read.heights_um.shape == heights.shape
    assert np.allclose(read.heights_um, heights, atol=1e-3, equal_nan=True)
    assert NOT_CALIBRATED[:60].encode() in _comment(path)
    assert bench.workbench.check() == ()


def _comment(path: Path) -> bytes:
    with ZipFile(path) as whole:
        return whole.read("main.xml")
