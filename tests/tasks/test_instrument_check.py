"""An instrument checked in the real window: declared, checked, failed, locked, signed, used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Author, CaseheadError, Light, Optics
from app.main import application
from app.workbench import Registration, Workbench
from app.workbench.combining import Circumstances
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.main_window import MainWindow
from widgets.quality import QualityScreen

PATIENCE_MS = 60_000
PIXEL_UM = 12.0
CASE = f"bench:gun=1,um={PIXEL_UM},scale=untold"
OPTICS = Optics("Bench camera", "4x")


class Lab:
    """A window on a casebook with one mark and a calibrated camera."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(Author("Harbor City", "Bench 1", "R. Okafor"))
        self.workbench.type_calibration(OPTICS, PIXEL_UM)
        self.mark = self.workbench.register(Registration("2026-0412", "3", "3A"))
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def screen(self) -> QualityScreen:
        return self.window.quality

    def until(self, reached: object) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def find(self, kind: type, name: str) -> QWidget:
        found = [w for w in self.window.findChildren(kind, name) if w.isVisible()]
        assert len(found) == 1, f"{name}: {found}"
        return found[0]

    def words(self, name: str) -> str:
        label = self.find(QLabel, name)
        assert isinstance(label, QLabel)
        return label.text()

    def click(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        self.until(button.isEnabled)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def write(self, name: str, text: str) -> None:
        field = self.find(QLineEdit, name)
        field.setFocus()
        self.qtbot.keyClicks(field, text)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def look_at_the_case(self, spec: str = CASE) -> None:
        """Start the camera on Acquire and wait for its picture."""
        self.window.show_acquire(self.mark.id)
        acquire = self.window.acquire
        acquire.start_camera(spec)
        self.until(lambda: acquire.station.frame is not None and not acquire.station.opening)
        acquire.target.objective.setCurrentText("4x")
        self.until(lambda: acquire.station.optics == ("4x", ""))

    def go_to_quality(self) -> None:
        self.key(Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: self.window.current == "quality" and self.screen.ready)

    def captured(self) -> int:
        """How many pictures the mark has."""
        return len(self.workbench._casebook.acquired_of(self.mark.id))

    def expose(self, factor: float) -> None:
        bench = self.window.acquire.camera.bench
        assert bench is not None
        number = self.window.acquire.station.camera.session.newest().number
        bench.expose(factor)
        self.until(lambda: self.window.acquire.station.camera.session.newest().number > number + 2)


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> Iterator[Lab]:
    made = Lab(qtbot, tmp_path / "casebook")
    yield made
    close(qtbot, made.window)


def test_declared_checked_out_of_limits_locked_signed_and_used_again(lab: Lab) -> None:
    lab.look_at_the_case()
    lab.go_to_quality()
    assert "no reference case" in lab.screen._list.item(0).text()
    assert "not checked" in lab.words("instrument_says")
    assert not lab.find(QAbstractButton, "check_now").isEnabled()

    # declare: the picture seen on Acquire becomes the golden one
    lab.key(Qt.Key.Key_R)
    assert "Bench camera, objective 4x" in lab.words("declare_optics")
    lab.click("declare_keep")
    lab.until(lambda: "a name" in lab.words("declare_says"))
    lab.write("declare_name", "SRM 2461, no. 166")
    lab.click("declare_keep")
    lab.until(lambda: lab.screen._check.isEnabled())
    lab.until(lambda: "Due today" in lab.words("instrument_says"))
    reference = lab.workbench.reference_case_for(OPTICS)
    assert reference is not None and reference.pixel_um == PIXEL_UM
    assert reference.light is Light.RING
    assert all(not node.exhibits[0].cartridge_cases[0].marks[0].acquired
               for node in lab.workbench.tree())  # fmt: skip
    lab.window.show_acquire()
    lab.until(lambda: "Due today" in lab.words("camera_says"))  # told, and nothing is refused
    lab.go_to_quality()

    # a sound check
    lab.click("check_now")
    lab.until(lambda: len(lab.screen.loaded.checks) == 1)
    assert lab.screen.loaded.checks[0].outcome == "within", lab.screen.loaded.checks[0].reasons
    assert "within limits" in lab.window.toast.sentence
    assert "may be used" in lab.words("instrument_says")
    assert len(lab.screen.charts["correlation"].points["within"].data) == 1

    # a fifth darker: out of limits, and the camera is locked
    lab.expose(0.8)
    lab.key(Qt.Key.Key_C)
    lab.until(lambda: len(lab.screen.loaded.checks) == 2)
    assert lab.screen.loaded.checks[1].outcome == "out"
    assert "Brightness" in lab.words("instrument_locked")
    assert "locked" in lab.screen._list.item(0).text()
    assert "Brightness" in lab.window.toast.sentence

    acquire = lab.window.acquire
    lab.window.show_acquire(lab.mark.id)
    lab.until(lambda: "is locked" in lab.words("camera_says"))
    lab.until(lambda: acquire.station.mark_id == lab.mark.id and acquire.live.isVisible())
    acquire.live.setFocus()
    lab.qtbot.keyClick(acquire.live, Qt.Key.Key_Space)
    assert "is locked" in lab.window.toast.sentence and lab.captured() == 0
    frame = acquire.station.frame
    assert frame is not None
    with pytest.raises(CaseheadError, match="is locked"):
        lab.workbench.capture(lab.mark.id, frame, camera="bench camera", objective="4X")
    with pytest.raises(CaseheadError, match="is locked"):
        lab.workbench.keep_light_set(lab.mark.id, (), None, Circumstances(
            camera="Bench camera", objective="4x"))  # fmt: skip

    # a sound check alone does not unlock it
    lab.expose(1.0)
    lab.go_to_quality()
    lab.click("check_now")
    lab.until(lambda: len(lab.screen.loaded.checks) == 3)
    assert lab.screen.loaded.checks[2].outcome == "within", lab.screen.loaded.checks[2].reasons
    assert "was within limits" in lab.words("instrument_locked")

    # signing wants a name, what qualifies it, and a reason
    lab.key(Qt.Key.Key_S)
    assert "Nobody is named" in lab.words("sign_who_may")
    lab.click("sign_keep")
    lab.until(lambda: "who signs" in lab.words("sign_says"))
    signer = lab.find(QComboBox, "sign_signer")
    assert isinstance(signer, QComboBox)
    signer.setEditText("A. Mbeki")
    lab.write("sign_standing", "quality manager")
    lab.click("sign_keep")
    lab.until(lambda: "found and done" in lab.words("sign_says"))
    reason = lab.find(QPlainTextEdit, "sign_reason")
    reason.setFocus()
    lab.qtbot.keyClicks(reason, "The exposure had been turned down; set back, checked again.")
    lab.click("sign_keep")
    lab.until(lambda: lab.screen.loaded.chosen.state.condition == "ok")
    assert "Signed by A. Mbeki" in lab.window.toast.sentence
    (release,) = lab.workbench.instrument_releases(reference.id)
    assert release.check_id == lab.screen.loaded.checks[1].id
    assert release.author is not None and release.author.examiner == "R. Okafor"
    table = lab.screen.table.lines
    why = [str(table.data(table.index(row, 8))) for row in range(3)]
    assert why[0] == "" and "Signed" in why[1] and "A. Mbeki" in why[1]

    # and the camera is used again
    lab.window.show_acquire(lab.mark.id)
    lab.until(lambda: not lab.window.acquire.instrument.words)
    acquire.live.setFocus()
    lab.qtbot.keyClick(acquire.live, Qt.Key.Key_Space)
    lab.until(lambda: lab.captured() == 1)
    assert lab.workbench.check() == ()


def test_a_check_needs_a_live_picture_of_the_same_instrument(lab: Lab) -> None:
    lab.window.place.go("quality")
    lab.until(lambda: lab.screen.loaded.chosen is not None)
    lab.screen.declare()
    assert "no live picture" in lab.words("declare_optics")
    lab.write("declare_name", "SRM 2461")
    lab.click("declare_keep")
    assert "no live picture" in lab.words("declare_says")
    assert lab.workbench.reference_case_for(OPTICS) is None

    lab.look_at_the_case()
    lab.go_to_quality()
    lab.click("declare_keep")
    lab.until(lambda: lab.screen._check.isEnabled())
    lab.window.acquire.target.objective.setCurrentText("10x")
    lab.screen.check_now()
    assert "objective 10x, not" in lab.window.toast.sentence
    lab.window.acquire.stop_camera()
    lab.until(lambda: not lab.window.acquire.station.running)
    lab.screen.check_now()
    assert lab.window.current == "acquire" and "come back" in lab.window.toast.sentence
    assert lab.screen.loaded.checks == ()


def test_another_cartridge_case_is_out_of_limits(lab: Lab) -> None:
    lab.look_at_the_case()
    lab.go_to_quality()
    lab.screen.declare()
    lab.write("declare_name", "SRM 2461")
    lab.click("declare_keep")
    lab.until(lambda: lab.screen._check.isEnabled())
    lab.look_at_the_case(CASE.replace("gun=1", "gun=2"))
    lab.go_to_quality()
    lab.click("check_now")
    lab.until(lambda: len(lab.screen.loaded.checks) == 1)
    words = lab.words("instrument_locked")
    assert "could not be measured" in words or "that it is the reference case" in words
