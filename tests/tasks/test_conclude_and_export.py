"""A conclusion by the rules, and what leaves the desk as files, through the real windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Author
from app.main import application
from app.picture import render
from app.picture.exporting import plan_export
from app.workbench import ImportOptions, Workbench
from tests.app.reporting.report_parts import pages, text_of
from widgets.bridge import Bridge
from widgets.compare.view.canvas import Canvas
from widgets.compare.work.exporting import REPORT_KINDS, VIEW_KINDS
from widgets.main_window import MainWindow

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "nist2d"
FILES = ("fadul-1-1-ring.png", "fadul-1-2-ring.png")
PIXEL_UM = 2.53
PATIENCE_MS = 60_000
NO_KEY, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        not all((DATA / name).is_file() for name in FILES), reason="the real images are absent"
    ),
]


class Desk:
    """The window on a pair of real images, with what its file dialog is answered."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor"))
        options = ImportOptions(pixel_um=PIXEL_UM, case_number="2026-0412")
        report = self.workbench.import_paths([DATA / name for name in FILES], options)
        self.ids = report.acquired_ids
        bridge = Bridge(self.workbench)
        self.window = MainWindow(self.workbench, bridge)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.told: list[str] = []
        bridge.told.connect(lambda notice: self.told.append(notice.sentence))

    def close(self) -> None:
        self.window.close()
        self.until(lambda: self.window.over)
        self.window.deleteLater()

    def until(self, reached: object) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def find(self, kind: type, name: str) -> QWidget:
        (found,) = [w for w in self.window.findChildren(kind, name) if w.isVisible()]
        assert isinstance(found, QWidget)
        return found

    def words(self, name: str) -> str:
        """What a label says, nothing while it is not seen."""
        return "".join(w.text() for w in self.window.findChildren(QLabel, name) if w.isVisible())

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def wait_told(self, words: str) -> None:
        self.until(lambda: any(words in sentence for sentence in self.told))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path / "casebook")
    yield made
    made.close()


def test_conclude_by_the_rules_and_export(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = desk.window.compare
    desk.window.show_compare(*desk.ids)
    desk.until(lambda: compare.desk is not None)
    _conclude(desk)
    desk.find(Canvas, "compare_canvas").setFocus()

    def answer(name: str, kind: str) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, kind))

    answer(str(tmp_path / "pair"), VIEW_KINDS[3].filter)
    desk.press(Qt.Key.Key_E)
    desk.wait_told("The picture was written to")
    _check_tiff(desk, tmp_path / "pair.tif")
    answer(str(tmp_path / "report.pdf"), REPORT_KINDS[0].filter)
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    desk.wait_told("The report was written to")
    _check_report(tmp_path / "report.pdf")
    exported = [line.action for line in desk.workbench._casebook.journal()][-2:]
    assert exported == ["picture exported", "report exported"]
    assert desk.workbench.check() == ()


def _conclude(desk: Desk) -> None:
    """Against a rule: sentences; as the rules want it: recorded."""
    desk.find(Canvas, "compare_canvas").setFocus()
    desk.press(Qt.Key.Key_Return)
    desk.find(QAbstractButton, "value_elimination").click()
    desk.find(QAbstractButton, "basis_individual").click()
    desk.qtbot.keyClicks(desk.find(QPlainTextEdit, "reasons"), "Striae differ.")
    desk.find(QAbstractButton, "examined_yes").click()
    desk.press(Qt.Key.Key_Return, CONTROL)
    assert "individual marks alone is exceptional" in desk.words("conclude_missing")
    assert "Nothing was recorded" in desk.words("conclude_says")
    assert desk.workbench.comparisons() == ()
    why = desk.find(QPlainTextEdit, "basis_reason")
    assert desk.window.focusWidget() is why, "the hand is led to what is missing"
    desk.qtbot.keyClicks(why, "Fired within the hour.")
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: "Recorded: Elimination." in desk.words("conclude_says"))
    (pair,) = desk.workbench.comparisons()
    (made,) = desk.workbench.conclusions(pair.id)
    assert (made.basis, made.basis_reason) == ("individual", "Fired within the hour.")
    assert made.examined_physically and made.examined_by == "R. Okafor" and made.examined_at
    assert "Fired within the hour." in desk.words("earlier_conclusions")


def _check_tiff(desk: Desk, path: Path) -> None:
    shown = desk.window.compare.desk
    assert shown is not None
    where = shown.left, shown.right, shown.alignment
    plan = plan_export(*where, shown.view, whole=True)
    assert plan.um_per_px == PIXEL_UM and plan.size[0] > 2592 and plan.size[1] > 1944
    with tifffile.TiffFile(path) as file:
        picture, tags = file.asarray(), file.pages[0].tags  # type: ignore[union-attr]
        per_cm, told = tags["XResolution"].value, tags["ImageDescription"].value
    assert np.array_equal(picture[: plan.size[1]], render(*where, plan.view, plan.size))
    assert per_cm[0] / per_cm[1] == pytest.approx(1e4 / PIXEL_UM)
    assert "2026-0412" in str(told) and "2.53" in str(told)
    original = cv2.imread(str(DATA / FILES[0]), cv2.IMREAD_GRAYSCALE)
    patch = original[900:1000, 400:500]
    if shown.left.title.count("fadul-1-1"):
        assert cv2.matchTemplate(picture[..., 0].copy(), patch, cv2.TM_SQDIFF).min() == 0


def _check_report(path: Path) -> None:
    data = path.read_bytes()
    text = text_of(data)
    assert data.startswith(b"%PDF") and pages(data) >= 2
    for words in (
        "2026-0412",
        "fadul-1-1-ring.png",
        "2592 x 1944 pixels, 2.53 µm a pixel",
        "Elimination",
        "Striae differ.",
        "The elimination rests on individual marks alone.",
        "Fired within the hour.",
        "Examined physically by R. Okafor",
        "no conclusion; the conclusion is the examiner's",
    ):
        assert words in text, words
    assert re.search(r"turn -?\d+\.\d°, dx -?\d+ µm", text)
