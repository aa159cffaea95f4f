"""The main job through the real windows: from the first start to a conclusion, and a restart."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.capture.bench import firearm_number, image_of
from app.main import application
from app.workbench import Workbench
from tests.mjpeg import MjpegServer
from widgets.bridge import Bridge
from widgets.compare.view.canvas import Canvas
from widgets.main_window import MainWindow

PIXEL_UM = 5.06
PASSWORD = "a quiet harbor"
GUN = 1
PATIENCE_MS = 60_000
NO_KEY = Qt.KeyboardModifier.NoModifier
Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def query() -> Picture:
    """What the camera sees: the first shot of the firearm."""
    return image_of(firearm_number(GUN), 1)[0]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with another shot of that firearm, and shots of others."""
    folder = tmp_path_factory.mktemp("archive") / "2025-1107"
    folder.mkdir()
    for name, gun, shot in (("K1", GUN, 2), ("K2", 2, 1), ("K3", 3, 1)):
        cv2.imwrite(str(folder / f"{name}.png"), image_of(firearm_number(gun), shot)[0])
    (folder / "K4.png").write_bytes(b"not a picture")
    return folder


class Bench:
    """A window on a casebook, used with mouse and keyboard as an examiner does."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder)
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def close(self) -> None:
        self.window.close()
        self.until(lambda: self.window.over)
        self.window.deleteLater()

    def until(self, reached: object) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def find(self, kind: type, name: str) -> QWidget:
        found = [w for w in self.window.findChildren(kind, name) if w.isVisible()]
        assert len(found) == 1, f"{name}: {found}"
        return found[0]

    def click(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        self.until(button.isEnabled)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def write(self, name: str, text: str) -> QLineEdit:
        field = self.find(QLineEdit, name)
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        return field

    def pick(self, name: str, text: str) -> None:
        box = self.find(QComboBox, name)
        assert isinstance(box, QComboBox)
        box.setFocus()
        self.qtbot.keyClicks(box, text)
        assert box.currentText().startswith(text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def words(self, name: str) -> str:
        found = self.find(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()


def test_main_job(qtbot: QtBot, tmp_path: Path, query: Picture, archive: Path) -> None:
    folder = tmp_path / "casebook"
    bench = Bench(qtbot, folder)
    try:
        _first_start(bench)
        _import(bench, archive)
        _register(bench)
        with MjpegServer([query]) as camera:
            _capture(bench, camera.address)
        _wait_for_badge(bench)
        _open_first_candidate(bench)
        divider = _drag_divider(bench)
        _conclude(bench)
    finally:
        bench.close()
    again = Bench(qtbot, folder)
    try:
        _sign_in(again)
        _everything_is_there(again, divider, query)
    finally:
        again.close()


def _first_start(bench: Bench) -> None:
    assert bench.window.current == "start"
    bench.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.current == "start"
    bench.write("start_agency", "Harbor City Police Laboratory")
    bench.write("start_ori", "XX0990100")
    bench.write("start_station", "Bench 1")
    bench.press(Qt.Key.Key_Return)
    assert "missing" in bench.words("start_says")
    bench.write("start_examiner", "R. Okafor")
    bench.write("start_password", PASSWORD)
    bench.write("start_again", PASSWORD)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.current == "casebook")
    assert "R. Okafor" in bench.words("who")
    bench.until(lambda: bench.window.casebook.ready)
    assert bench.words("casebook_empty_title") == "The casebook is empty"


def _sign_in(bench: Bench) -> None:
    assert bench.window.current == "sign in"
    bench.write("sign_in_password", "not the one")
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: "wrong" in bench.words("sign_in_says"))
    bench.until(lambda: bench.find(QPushButton, "sign_in_enter").isEnabled())
    bench.write("sign_in_password", PASSWORD)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.current == "casebook")


def _import(bench: Bench, archive: Path) -> None:
    drawer = bench.window.casebook.importing
    drawer.open_for((archive,))
    bench.write("import_pixel_um", str(PIXEL_UM))
    bench.pick("import_light", "ring")
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: "imported" in bench.words("import_says"))
    assert "3 imported, 1 refused" in bench.words("import_says")
    bench.until(lambda: bench.workbench.unseen_count() == 3)
    bench.click("import_close")


def _register(bench: Bench) -> None:
    bench.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    bench.until(lambda: not bench.window.bridge.busy)
    for name, text in (
        ("case_number", "2026-0412"),
        ("exhibit_number", "3"),
        ("label", "3A"),
        ("calibre_text", "9 mm Luger"),
        ("firing_pin_shape_text", "circular"),
        ("breech_face_class_text", "parallel"),
        ("event_kind_text", "shots fired"),
        ("event_at", "2026-04-12"),
        ("event_place", "Pier 4"),
    ):
        bench.write(name, text)
    bench.write("new_exhibit_entry_reason_text", "crime gun")
    bench.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bench.until(lambda: bench.window.current == "acquire")
    bench.until(lambda: "2026-0412 / 3 / 3A" in bench.words("place"))


def _capture(bench: Bench, address: str) -> None:
    acquire = bench.window.acquire
    bench.pick("source_kind", "Stream")
    bench.write("stream_address", address)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: acquire.live.frames_drawn >= 3)
    assert "cannot be searched" in bench.words("scale_says")
    bench.write("pixel_um", str(PIXEL_UM))
    bench.press(Qt.Key.Key_Return)
    bench.click("light_ring")
    bench.press(Qt.Key.Key_F)
    assert acquire.camera.session is not None and acquire.camera.session.frozen
    bench.press(Qt.Key.Key_F)
    bench.press(Qt.Key.Key_Space)
    bench.until(lambda: acquire.filmstrip.count() == 1)
    bench.press(Qt.Key.Key_F3)
    bench.click("source_start")
    bench.until(lambda: acquire.camera.session is None)


def _wait_for_badge(bench: Bench) -> None:
    bench.until(lambda: bench.workbench.unseen_count() == 4)
    bench.until(lambda: bench.window.rail.buttons["candidates"].badge == 4)


def _open_first_candidate(bench: Bench) -> None:
    window = bench.window
    bench.click("rail_candidates")
    bench.until(lambda: window.candidates.ready and "2026-0412" in bench.words("place"))
    bench.until(lambda: window.rail.buttons["candidates"].badge == 3)
    assert bench.words("aids") == "Scores are aids, not conclusions."
    lines = window.candidates.model.lines
    assert [line.candidate.rank for line in lines] == [1, 2, 3]
    assert lines[0].provenance.name == "2025-1107 / K1 / K1"
    assert lines[0].candidate.score.congruent_cells > 2 * lines[1].candidate.score.congruent_cells
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: window.current == "compare" and window.compare.desk is not None)


def _drag_divider(bench: Bench) -> float:
    canvas = bench.find(Canvas, "compare_canvas")
    desk = bench.window.compare.desk
    assert desk is not None
    before = desk.view.divider_at
    start = QPoint(round(canvas.width() * before), 200)
    end = QPoint(start.x() + 150, 220)
    bench.qtbot.mouseMove(canvas, start)
    bench.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    bench.qtbot.mouseMove(canvas, QPoint(start.x() + 60, 210))
    bench.qtbot.mouseMove(canvas, end)
    bench.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert desk.view.divider_at == pytest.approx(before + 150 / canvas.width(), abs=0.02)
    return desk.view.divider_at


def _conclude(bench: Bench) -> None:
    bench.find(Canvas, "compare_canvas").setFocus()
    bench.press(Qt.Key.Key_Return)
    bench.click("value_identification")
    reasons = bench.find(QPlainTextEdit, "reasons")
    bench.qtbot.keyClicks(reasons, "Striations agree over the whole face.")
    bench.window.findChild(QAbstractButton, "examined_yes").click()
    bench.window.findChild(QAbstractButton, "record_conclusion").click()
    bench.until(lambda: "Recorded" in bench.words("conclude_says"))


def _everything_is_there(bench: Bench, divider: float, query: Picture) -> None:
    window, workbench = bench.window, bench.workbench
    assert window.current == "casebook"
    assert "R. Okafor" in bench.words("who")
    search = next(s for s in workbench.searches() if s.provenance.case.number == "2026-0412")
    assert not search.unseen
    record = search.provenance.acquired
    assert record.record.author.examiner == "R. Okafor"
    assert record.pixel_um == PIXEL_UM
    assert (record.height, record.width) == query.shape
    bench.until(lambda: window.casebook.ready)
    window.show_casebook(record.id)
    bench.until(lambda: window.casebook.ready and window.casebook.picture.region_shown)
    bench.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    window.candidates.open_search(search.search.id)
    bench.until(lambda: window.candidates.ready and len(window.candidates.model.lines) == 3)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: window.compare.desk is not None)
    assert window.compare.desk is not None
    assert window.compare.desk.view.divider_at == pytest.approx(divider)
    bench.find(Canvas, "compare_canvas").setFocus()
    bench.press(Qt.Key.Key_Return)
    assert "Identification" in bench.words("earlier_conclusions")
    assert "Striations agree" in bench.words("earlier_conclusions")
    assert workbench.check() == ()
