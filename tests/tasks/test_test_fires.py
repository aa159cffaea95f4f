"""A whole test-fire session by keyboard: a gun, three cartridge cases, five images each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, Frame, SessionState
from app.capture.bench import Look, firearm_number, ruling_of
from app.domain import Acquired, Author, Light, MarkKind, Role, now
from app.main import application
from app.workbench import Registration, Workbench
from tests.mjpeg import MjpegServer
from tests.widgets.conftest import close
from widgets.acquire.session import SessionPage
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

Picture = NDArray[np.uint8]
PATIENCE_MS = 60_000
HEAD_UM = 10.0
CLOSE_UM = HEAD_UM / 3.4
GUN, MATE, OTHER = 1, "2025-1107", "2025-1201"
NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
# of the third shot the bench's firing pin left a mark too faint to be found by itself
STEPS = (
    ("breech-face-ring", MarkKind.BREECH_FACE, Light.RING),
    ("breech-face-side", MarkKind.BREECH_FACE, Light.SIDE),
    ("firing-pin", MarkKind.FIRING_PIN, Light.RING),
    ("ejector", MarkKind.EJECTOR, Light.RING),
    ("aperture-shear", MarkKind.APERTURE_SHEAR, Light.RING),
)


@cache
def seen(gun: int, shot: int, kind: MarkKind, light: Light, exposure: float = 1.0) -> Picture:
    """What a camera on the microscope sees; every case lies alike, as an examiner turns it."""
    source = BenchSource(firearm_number(gun), shot, light, rate=0, pixel_um=HEAD_UM)
    source.look_at(kind)
    source.turn(-source.stage.turn_deg)
    source.expose(exposure)
    source.open()
    pixels = np.asarray(source.read().pixels, np.uint8)
    source.close()
    return pixels


def size_of(kind: MarkKind) -> float:
    return HEAD_UM if kind is MarkKind.BREECH_FACE else CLOSE_UM


def micrometer() -> Picture:
    size = seen(GUN, 1, MarkKind.BREECH_FACE, Light.RING).shape
    return ruling_of(
        Look((HEAD_UM, HEAD_UM), (size[1], size[0]), turn_deg=12.0),
        100.0,
        length_um=1500.0,
        width_um=25.0,
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with the marks of one shot of that gun, and of one of another."""
    folder = tmp_path_factory.mktemp("laboratory") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(Author("Harbor City", "Bench 1", "R. Okafor"))
    for gun, case in ((GUN, MATE), (2, OTHER)):
        for _, kind, light in STEPS:
            mark = workbench.register(
                Registration(case, "1", "1A", Role.EVIDENCE, "9 mm Luger", mark_kind=kind)
            )
            pixels = seen(gun, 9, kind, light)
            frame = Frame(pixels, 1, now(), 0.0, {}, size_of(kind), light)
            workbench.capture(mark.id, frame, camera="archive")
    workbench.close()
    return folder


class Session:
    """The examiner: a keyboard, a microscope, and eyes on the window."""

    def __init__(self, qtbot: QtBot, folder: Path, camera: MjpegServer) -> None:
        application()
        self.qtbot, self.camera = qtbot, camera
        self.workbench = Workbench(folder)
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.screen = self.window.acquire
        self.station = self.screen.station
        self.captured: list[Acquired] = []
        self.station.on_captured(self.captured.append)
        self.dialogs: list[QWidget] = []

    # --- hands -----------------------------------------------------------------------------
    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        modal = QApplication.activeModalWidget()
        if modal is not None:
            self.dialogs.append(modal)

    def type(self, *texts: str) -> None:
        """Each text into the field in hand, Tab between them."""
        for number, text in enumerate(texts):
            if number:
                self.press(Qt.Key.Key_Tab)
            place = QApplication.focusWidget()
            assert place is not None
            if isinstance(place, QLineEdit) or (
                isinstance(place, QComboBox) and place.isEditable()
            ):
                self.press(Qt.Key.Key_A, CTRL)
            QTest.keyClicks(place, text)

    def lay(self, picture: Picture) -> None:
        """Another specimen under the microscope; wait until it is seen."""
        self.camera.show(picture)
        assert not self.station.frozen
        self.until(lambda: self._sees(picture))

    def set_objective(self, name: str) -> None:
        if self.station.optics[0] != name:
            self.screen.target.objective.setFocus()
            self.type(name)
            self.screen.live.setFocus()

    # --- eyes ------------------------------------------------------------------------------
    def until(self, reached: object) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def words(self, name: str) -> str:
        found = self.window.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()

    @property
    def step(self) -> str:
        page = self.window.findChild(SessionPage)
        assert page is not None
        line = page.walk.line
        return "" if line is None else line.step.key

    @property
    def case(self) -> str:
        return self.screen.target.words

    def _sees(self, picture: Picture) -> bool:
        frame = self.station.frame
        if frame is None or frame.pixels.shape[:2] != picture.shape:
            return False
        grey = frame.pixels if frame.pixels.ndim == 2 else frame.pixels[..., 0]
        return float(np.abs(grey.astype(int) - picture).mean()) < 4.0


@pytest.fixture
def session(qtbot: QtBot, archive: Path) -> Iterator[Session]:
    with MjpegServer([micrometer()], rate=12) as camera:
        made = Session(qtbot, archive, camera)
        yield made
        close(qtbot, made.window)


@pytest.mark.timeout(170)
def test_a_test_fire_session_by_keyboard(session: Session) -> None:
    _start_camera(session)
    _calibrate(session)
    _register(session)
    _first_case(session)
    _second_case_with_a_bad_capture_and_a_pulled_camera(session)
    _third_case(session)
    assert session.dialogs == []
    _all_is_searchable_and_the_mates_are_named_first(session)
    _the_list_shows_the_mate_first(session)


def _start_camera(session: Session) -> None:
    session.press(Qt.Key.Key_2, CTRL)
    session.until(lambda: session.window.current == "acquire")
    session.press(Qt.Key.Key_F3)
    session.screen.sources.kind.setFocus()
    QTest.keyClicks(session.screen.sources.kind, "Stream")
    session.press(Qt.Key.Key_Tab)
    session.screen.sources.address.setFocus()
    session.type(session.camera.address)
    session.press(Qt.Key.Key_Return)
    session.until(lambda: session.station.frame is not None)
    session.press(Qt.Key.Key_F2)


def _calibrate(session: Session) -> None:
    """The 4x by a micrometer, where a wrong step is refused; the 10x by its certificate."""
    drawer, workbench = session.screen.calibrating, session.workbench
    session.set_objective("4x")
    session.lay(micrometer())
    session.press(Qt.Key.Key_K, CTRL)
    session.until(drawer.isVisible)
    session.type("stage micrometer", "100")
    session.press(Qt.Key.Key_Return)
    session.until(lambda: "A pixel is" in session.words("calibrate_result"))
    session.press(Qt.Key.Key_Return)
    session.until(lambda: len(workbench.calibrations()) == 1)
    session.until(lambda: session.screen.target.pixel.isReadOnly())

    drawer.step.setFocus()
    session.type("10")
    session.press(Qt.Key.Key_Return)
    session.until(lambda: "is expected" in session.words("calibrate_says"))
    assert not drawer._keep.isEnabled()
    assert len(workbench.calibrations()) == 1
    session.press(Qt.Key.Key_Escape)

    session.set_objective("10x")
    session.press(Qt.Key.Key_K, CTRL)
    session.until(drawer.isVisible)
    session.type("typed value", f"{CLOSE_UM:.6f}")
    session.press(Qt.Key.Key_Return)
    session.until(lambda: len(workbench.calibrations()) == 2)
    session.press(Qt.Key.Key_Escape)
    found = {c.optics.objective: c.pixel_um for c in workbench.calibrations()}
    assert found["4x"] == pytest.approx(HEAD_UM, rel=2e-3)
    assert found["10x"] == pytest.approx(CLOSE_UM, rel=1e-4)


def _register(session: Session) -> None:
    session.press(Qt.Key.Key_E, CTRL)
    session.type("2026-0412", "3", "T1", "t", "9 mm Luger", "Glock", "19", "ABC123")
    session.press(Qt.Key.Key_Return)
    session.until(lambda: session.case == "2026-0412 / 3 / T1   breech face")
    session.until(lambda: session.step == "breech-face-ring")


def _first_case(session: Session) -> None:
    for step in STEPS:
        _take(session, 1, *step)
    session.press(Qt.Key.Key_N, CTRL | SHIFT)
    session.until(lambda: session.case == "2026-0412 / 3 / T2   breech face")


def _second_case_with_a_bad_capture_and_a_pulled_camera(session: Session) -> None:
    session.until(lambda: session.step == STEPS[0][0])
    _, kind, light = STEPS[0]
    session.set_objective("4x")
    session.lay(seen(GUN, 2, kind, light, 6.0))
    session.screen.live.setFocus()
    before = len(session.captured)
    session.press(Qt.Key.Key_Space)
    session.until(lambda: len(session.captured) == before + 1)
    bad = session.captured[-1]
    assert bad.held_back and not bad.searchable
    assert session.words("captured_quality_words").startswith("redo")
    assert "full scale" in bad.record.settings["quality"]["reasons"][0]
    assert session.step == STEPS[0][0]
    for step in STEPS[:2]:
        _take(session, 2, *step)
    _pull_the_camera(session)
    for step in STEPS[2:]:
        _take(session, 2, *step)
    session.press(Qt.Key.Key_N, CTRL | SHIFT)
    session.until(lambda: session.case == "2026-0412 / 3 / T3   breech face")


def _pull_the_camera(session: Session) -> None:
    held = len(session.captured)
    session.camera.drop()
    session.until(lambda: "check the" in session.words("camera_says"))
    assert session.screen._banner.isVisible()
    session.screen.live.setFocus()
    session.press(Qt.Key.Key_Space)
    assert session.window.toast.sentence.startswith("Nothing was captured:")
    session.camera.resume()
    session.until(lambda: session.station.state is SessionState.LIVE)
    assert len(session.captured) == held


def _third_case(session: Session) -> None:
    session.until(lambda: session.step == STEPS[0][0])
    for step in STEPS:
        _take(session, 4, *step)


def _take(session: Session, shot: int, step: str, kind: MarkKind, light: Light) -> None:
    """One image: wait for the step, put the mark under the microscope, press the key."""
    session.until(lambda: session.step == step)
    assert session.station.light is light
    session.set_objective("4x" if kind is MarkKind.BREECH_FACE else "10x")
    session.lay(seen(GUN, shot, kind, light))
    session.until(lambda: session.station.pixel_um == pytest.approx(size_of(kind), rel=2e-3))
    before = len(session.captured)
    session.screen.live.setFocus()
    session.press(Qt.Key.Key_Space)
    session.until(lambda: len(session.captured) == before + 1)
    acquired = session.captured[-1]
    assert acquired.searchable, (step, acquired.record.settings["quality"], acquired.warnings)
    assert acquired.record.light is light
    assert acquired.pixel_um == pytest.approx(size_of(kind), rel=2e-3)
    assert session.workbench.mark(acquired.mark_id).kind is kind


def _all_is_searchable_and_the_mates_are_named_first(session: Session) -> None:
    workbench = session.workbench
    session.until(lambda: workbench.wait_idle(0.05))
    own = next(node for node in workbench.tree() if node.case.number == "2026-0412")
    (exhibit,) = own.exhibits
    assert [c.cartridge_case.label for c in exhibit.cartridge_cases] == ["T1", "T2", "T3"]
    assert len({c.cartridge_case.firearm_id for c in exhibit.cartridge_cases}) == 1
    for node in exhibit.cartridge_cases:
        assert node.cartridge_case.role is Role.TEST_FIRE
        assert node.cartridge_case.calibre == "9 mm Luger"
        assert not workbench.needs_of(node.cartridge_case.id).missing
    good = [a for a in session.captured if not a.held_back]
    assert len(good) == 15 and len(session.captured) == 16
    searches = {line.search.acquired_id: line.search for line in reversed(workbench.searches())}
    for acquired in good:
        what = workbench.mark(acquired.mark_id).kind, acquired.record.light, searches[acquired.id]
        found = [
            line.provenance.case.number
            for line in workbench.candidates(searches[acquired.id].id)
            if line.provenance.case.number != "2026-0412"
        ]
        assert found == [MATE, OTHER], what
    assert workbench.check() == ()


def _the_list_shows_the_mate_first(session: Session) -> None:
    session.press(Qt.Key.Key_3, CTRL)
    window = session.window
    session.until(lambda: window.candidates.ready and window.candidates.model.rowCount() > 0)
    names = [line.provenance.case.number for line in window.candidates.model.lines]
    assert names[0] in ("2026-0412", MATE)
