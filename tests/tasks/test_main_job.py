"""The main job through the real windows: from the first start to a conclusion, and a restart."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.capture.bench import firearm_number, image_of
from app.workbench import Workbench
from tests.mjpeg import MjpegServer
from tests.window_bench import CONTROL, LEFT, WindowBench
from widgets.compare.view.canvas import Canvas

PIXEL_UM = 5.06
PASSWORD = "a quiet harbor"
GUN = 1
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


def _bench(qtbot: QtBot, folder: Path) -> WindowBench:
    return WindowBench(qtbot, Workbench(folder))


@pytest.mark.qt_log_ignore("This plugin does not support")  # a dialog, without a display
def test_main_job(qtbot: QtBot, tmp_path: Path, query: Picture, archive: Path) -> None:
    folder = tmp_path / "casebook"
    bench = _bench(qtbot, folder)
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
    again = _bench(qtbot, folder)
    try:
        _sign_in(again)
        _everything_is_there(again, divider, query)
    finally:
        again.close()


def _first_start(bench: WindowBench) -> None:
    assert bench.window.current == "start"
    bench.press(Qt.Key.Key_2, CONTROL)
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


def _sign_in(bench: WindowBench) -> None:
    assert bench.window.current == "sign in"
    bench.write("sign_in_password", "not the one")
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: "wrong" in bench.words("sign_in_says"))
    bench.until(lambda: bench.find(QPushButton, "sign_in_enter").isEnabled())
    bench.write("sign_in_password", PASSWORD)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.current == "casebook")


def _import(bench: WindowBench, archive: Path) -> None:
    bench.save_as(archive, lambda: bench.press(Qt.Key.Key_I, CONTROL))
    bench.write("import_pixel_um", str(PIXEL_UM))
    bench.choose("import_light", "ring")
    bench.press(Qt.Key.Key_Return)
    bench.until_words("import_says", "Nothing was imported")
    bench.fill(
        {
            "import_calibre": "9 mm Luger",
            "import_event_kind": "shots fired",
            "import_event_happened_at": "2025-11-03",
            "import_event_place": "Dock Road 9",
            "import_exhibit_entry_reason": "crime gun",
            "import_cartridge_case_firing_pin_shape": "circular",
            "import_cartridge_case_breech_face_class": "parallel",
        }
    )
    bench.press(Qt.Key.Key_Return)
    bench.until_words("import_says", "3 imported, 1 refused")
    bench.until(lambda: bench.workbench.unseen_count() == 3)
    bench.click("import_close")


def _register(bench: WindowBench) -> None:
    bench.press(Qt.Key.Key_N, CONTROL)
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
    bench.press(Qt.Key.Key_Return, CONTROL)
    bench.until(lambda: bench.window.current == "acquire")
    bench.until(lambda: "2026-0412 / 3 / 3A" in bench.words("place"))


def _capture(bench: WindowBench, address: str) -> None:
    acquire = bench.window.acquire
    bench.choose("source_kind", "Stream")
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


def _wait_for_badge(bench: WindowBench) -> None:
    bench.until(lambda: bench.workbench.unseen_count() == 4)
    bench.until(lambda: bench.window.rail.buttons["candidates"].badge == 4)


def _open_first_candidate(bench: WindowBench) -> None:
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


def _drag_divider(bench: WindowBench) -> float:
    canvas = bench.find(Canvas, "compare_canvas")
    desk = bench.window.compare.desk
    assert desk is not None
    before = desk.view.divider_at
    start = QPoint(round(canvas.width() * before), 200)
    end = QPoint(start.x() + 150, 220)
    bench.qtbot.mouseMove(canvas, start)
    bench.qtbot.mousePress(canvas, LEFT, pos=start)
    bench.qtbot.mouseMove(canvas, QPoint(start.x() + 60, 210))
    bench.qtbot.mouseMove(canvas, end)
    bench.qtbot.mouseRelease(canvas, LEFT, pos=end)
    assert desk.view.divider_at == pytest.approx(before + 150 / canvas.width(), abs=0.02)
    return desk.view.divider_at


def _conclude(bench: WindowBench) -> None:
    bench.find(Canvas, "compare_canvas").setFocus()
    bench.press(Qt.Key.Key_Return)
    bench.click("value_identification")
    reasons = bench.find(QPlainTextEdit, "reasons")
    bench.qtbot.keyClicks(reasons, "Striations agree over the whole face.")
    bench.click("examined_yes")
    bench.click("record_conclusion")
    bench.until(lambda: "Recorded" in bench.words("conclude_says"))


def _everything_is_there(bench: WindowBench, divider: float, query: Picture) -> None:
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
    bench.press(Qt.Key.Key_3, CONTROL)
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
