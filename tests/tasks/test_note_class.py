"""Class characteristics, a subclass flag, index marks and the 3D view of two real scans: noted in
the real window with mouse and keys, kept over a restart, in the files that leave the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QRadioButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from app.domain import AnnotationKind, ClassNote
from app.picture.solid_view import SolidView, draw_solids, plan_solid
from app.workbench import Workbench
from tests.app.reporting.report_parts import text_of
from tests.tasks.compare_bench import (
    CONTROL,
    LEFT,
    NO_KEY,
    SCANS,
    SHIFT,
    TRUE,
    CompareBench,
    new_workbench,
    two_scans,
)
from widgets.compare.desk.indexing import index_of
from widgets.compare.work.exporting import SOLID_KINDS, Target

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not SCANS.is_dir(), reason="the real scans are not beside the checkout"),
]
ALT = Qt.KeyboardModifier.AltModifier
WHY = "Granular marks of the primer were seen on three pistols of this make."
KEY = Qt.Key


class Bench(CompareBench):
    """Where files go is answered by ``target``; what was offered is in ``offered``."""

    target = Path()
    offered: object = None

    def answer(self) -> None:
        self.screen._exports._ask = self._asked

    def _asked(self, _parent: object, _title: str, _name: str, kinds: object) -> Target:
        self.offered = kinds
        return Target(self.target)

    def write(self, path: Path, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> Path:
        self.target = path
        self.told.clear()
        shown = self.screen.lamp.relief if self.screen.lamp.relief.isVisible() else self.canvas
        self.qtbot.keyClick(shown, key, modifier)
        self.until_told("was written to")
        assert path.is_file()
        return path


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    workbench = new_workbench(tmp_path / "casebook")
    made = Bench(qtbot, workbench, two_scans(workbench), TRUE)
    made.answer()
    yield made
    made.close()


def test_noting_a_pair_to_its_report(bench: Bench, tmp_path: Path) -> None:
    _note_classes(bench)
    _flag(bench)
    _index(bench)
    _undo_positions(bench)
    seen = _keep_the_3d_view(bench, tmp_path)
    _conclude(bench)
    _report(bench, tmp_path)
    comparison_id = bench.desk.comparison.id
    bench.until(lambda: not bench.desk.drawings_unkept)
    again = Workbench(tmp_path / "casebook", workers=1, automatic_search=False)
    try:  # as it is after a restart
        assert again.remarks(comparison_id) == bench.desk.remarks
        assert again.annotations(comparison_id) == bench.desk.annotations
        (view,) = again.saved_views(comparison_id)
        assert view.picture_sha256 and view.view["solid"]["camera"]["turn_deg"] == seen.turn_deg
        assert again.check() == ()
    finally:
        again.close()


def _note_classes(bench: Bench) -> None:
    """By keyboard alone: the page, the fields, the verdict."""
    bench.press(KEY.Key_F9)
    for key, left, right in (
        ("calibre", "9 mm Luger", "9 mm Luger"),
        ("breech_face_class", "granular", "parallel"),
    ):
        for side, words in (("left", left), ("right", right)):
            field = bench.part(QComboBox, f"class_{key}_{side}")
            field.setFocus(Qt.FocusReason.TabFocusReason)
            edit = field.lineEdit()
            assert edit is not None
            bench.qtbot.keyClicks(edit, words)
            bench.qtbot.keyClick(edit, KEY.Key_Return)
    assert bench.desk.remarks.class_notes == (
        ClassNote("calibre", "9 mm Luger", "9 mm Luger"),
        ClassNote("breech_face_class", "granular", "parallel"),
    )
    assert bench.part(QComboBox, "class_calibre_verdict").currentText() == "=  agree"
    assert bench.part(QComboBox, "class_breech_face_class_verdict").currentText() == "≠  differ"


def _flag(bench: Bench) -> None:
    bench.press(KEY.Key_G, SHIFT)
    bench.qtbot.keyClicks(bench.part(QPlainTextEdit, "subclass_reason"), WHY)
    assert WHY in bench.words("subclass_flags")


def _index(bench: Bench) -> None:
    """Left by a click, right as it is seen now; both stay with their specimens."""
    bench.press(KEY.Key_O, SHIFT)
    at = QPoint(bench.canvas.width() // 4, bench.canvas.height() // 4)
    bench.move(at)
    bench.qtbot.mouseClick(bench.canvas, LEFT, NO_KEY, at)
    mark = index_of(bench.desk, "left")
    assert mark is not None
    assert mark.points_um[1] == pytest.approx(bench.desk.place((at.x(), at.y())).left_um, abs=6.0)
    bench.move(QPoint(3 * bench.canvas.width() // 4, bench.canvas.height() // 2))
    bench.press(KEY.Key_Escape)
    bench.press(KEY.Key_Insert)
    right = index_of(bench.desk, "right")
    assert right is not None and right.kind is AnnotationKind.INDEX
    bench.press(KEY.Key_Escape)
    bench.press(KEY.Key_Escape)
    bench.press(KEY.Key_Right, SHIFT)
    assert index_of(bench.desk, "right") == right, "tied to the specimen, not to the view"
    bench.press(KEY.Key_Z, CONTROL)


def _undo_positions(bench: Bench) -> None:
    bench.press(KEY.Key_2, CONTROL | ALT)
    stored = bench.desk.extras
    bench.press(KEY.Key_F2)
    bench.qtbot.mouseClick(bench.part(QToolButton, "forget_position"), LEFT)
    assert bench.desk.extras != stored
    bench.press(KEY.Key_Z, CONTROL)
    assert bench.desk.extras == stored
    bench.press(KEY.Key_Z, CONTROL)
    assert not bench.desk.extras.get("positions")


def _keep_the_3d_view(bench: Bench, folder: Path) -> object:
    bench.press(KEY.Key_9)
    relief = bench.screen.lamp.relief
    bench.until(lambda: relief.ready)
    bench.qtbot.keyClick(relief, KEY.Key_Right)
    bench.qtbot.keyClick(relief, KEY.Key_PageUp)
    seen = relief.seen
    assert seen is not None
    path = bench.write(folder / "solid.png", KEY.Key_E)
    assert bench.offered == SOLID_KINDS
    _check_solid(bench, seen, cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB))
    path = bench.write(folder / "solid.tif", KEY.Key_E)
    with tifffile.TiffFile(path) as file:
        told = str(file.pages[0].tags["ImageDescription"].value)  # type: ignore[union-attr]
        per_cm = file.pages[0].tags["XResolution"].value  # type: ignore[union-attr]
        _check_solid(bench, seen, file.asarray())
    for words in ("3D view of both scans, turned 5°", "Heights are drawn ×", "6.25 µm", WHY):
        assert words in told, words
    assert per_cm[0] / per_cm[1] == pytest.approx(1e4 / 6.25)
    bench.qtbot.keyClick(relief, KEY.Key_S, SHIFT)
    bench.until_told("is kept as 'View 1'")
    bench.qtbot.keyClick(relief, KEY.Key_Escape)
    bench.press(KEY.Key_F8)
    views = bench.part(QListWidget, "view_list")
    bench.until(lambda: views.count() == 1)
    views.setFocus()
    views.setCurrentRow(0)
    bench.qtbot.keyClick(views, KEY.Key_Return)
    bench.until_told("is shown in 3D as it was saved")
    assert relief.isVisible() and relief.seen is not None
    assert relief.seen.camera.turn_deg == seen.camera.turn_deg
    bench.qtbot.keyClick(relief, KEY.Key_Escape)
    return seen.camera


def _check_solid(bench: Bench, seen: SolidView, written: np.ndarray) -> None:
    """Drawn anew from the values alone, it is the file's upper part, pixel for pixel."""
    desk = bench.desk
    plan, _ = plan_solid(desk.left, desk.right, seen)
    assert plan.camera.um_per_px == 6.25 and plan.camera.turn_deg == 5.0
    anew = draw_solids((desk.left, desk.right), desk.alignment, desk.view, plan)
    assert np.array_equal(written[: plan.seen_px[1]], anew)
    assert written.shape[0] > plan.seen_px[1] + 60, "the caption is below"


def _conclude(bench: Bench) -> None:
    """A difference is offered, the flag asks; nothing is chosen by software."""
    bench.press(KEY.Key_Return)
    QApplication.processEvents()
    assert "Breech-face class (left granular, right parallel)" in bench.words("class_differences")
    bench.part(QRadioButton, "value_identification").click()
    assert "flagged: say why it is excluded" in bench.words("conclude_missing")
    assert "noted as different" in bench.words("conclude_cautions")
    bench.part(QRadioButton, "value_elimination").click()
    bench.push("take_differences")
    reasons = bench.part(QPlainTextEdit, "reasons")
    assert "Breech-face class" in reasons.toPlainText()
    bench.part(QRadioButton, "examined_yes").click()
    assert bench.part(QLineEdit, "examined_by").text() == "R. Okafor"
    bench.qtbot.keyClick(reasons, KEY.Key_Return, CONTROL)
    bench.until(lambda: "Recorded: Elimination." in bench.words("conclude_says"))
    bench.canvas.setFocus()


def _report(bench: Bench, folder: Path) -> None:
    path = bench.write(folder / "pair.pdf", KEY.Key_E, SHIFT)
    text = text_of(path.read_bytes())
    for words in (
        "Possible subclass influence is flagged",
        "Breech-face class",
        "granular",
        "DIFFER",
        "index mark",
        "3D view of both scans",
        "Rebuilt bit for bit as it was saved",
        "The elimination rests on class characteristics.",
    ):
        assert words in text, words
    assert text.count("three pistols of this make") == 2, "in the frame, and below the view"
