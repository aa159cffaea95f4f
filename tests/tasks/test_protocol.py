"""Through the protocol of a cartridge case by keyboard on the synthetic bench, and its sister."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, CaptureSession
from app.capture.bench import Specimen, firearm_number
from app.domain import Acquired, Author, Light, MarkKind
from app.main import application
from app.workbench import Registration, Workbench
from app.workbench.protocols import StepState
from tests.widgets.conftest import close
from widgets.acquire.circles import placed
from widgets.acquire.session import SessionPage
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
PATIENCE_MS = 30_000
PIXEL_UM = 10.12


class Examiner:
    """One hand on the keyboard, the specimen on the synthetic bench."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(AUTHOR)
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.screen = self.window.acquire
        page = self.screen.findChild(SessionPage)
        assert isinstance(page, SessionPage)
        self.page = page

    def until(self, reached: object) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.window.focusWidget() or self.screen.live, key)

    def lay(self, gun: int, shot: int) -> BenchSource:
        """Another specimen under the microscope."""
        self.screen.camera._switch("", self.screen.camera._asked)
        source = BenchSource(Specimen(firearm_number(gun), shot), rate=15, pixel_um=PIXEL_UM)
        session = CaptureSession(source)
        self.screen.camera._session = session
        session.start()
        self.screen.station.started()
        self.until(lambda: self.screen.live.frame is not None)
        self.screen.panel.show_page("session")
        self.screen.live.setFocus()
        return source

    @property
    def step(self) -> str:
        line = self.page.walk.line
        return "" if line is None else line.step.key

    def seen(self, mark: MarkKind, light: Light) -> bool:
        """Whether the bench shows the step's mark under its light."""
        frame = self.screen.live.frame
        if frame is None or frame.light is not light:
            return False
        close_up = frame.settings.get("seen")
        return close_up == (None if mark is MarkKind.BREECH_FACE else str(mark))

    def capture(self, following: str) -> None:
        """Space; the walk goes on by itself."""
        self.press(Qt.Key.Key_Space)
        self.until(lambda: self.step == following)

    def pictures(self, label: str) -> dict[tuple[str, str], Acquired]:
        exhibit = self.workbench.tree()[0].exhibits[0]
        case = next(c for c in exhibit.cartridge_cases if c.cartridge_case.label == label)
        return {
            (str(mark.mark.kind), str(one.record.light)): one
            for mark in case.marks
            for one in mark.acquired
        }

    def close(self) -> None:
        close(self.qtbot, self.window)


@pytest.fixture
def examiner(qtbot: QtBot, tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Examiner(qtbot, tmp_path / "casebook")
    yield made
    made.close()


def test_every_step_of_two_centerfire_cases_by_keyboard(examiner: Examiner) -> None:
    window, page, workbench = examiner.window, examiner.page, examiner.workbench
    mark = workbench.register(Registration("2026-0412", "3", "3A", calibre="9 mm Luger"))
    window.show_acquire(mark.id)
    bench = examiner.lay(1, 1)
    examiner.until(lambda: examiner.step == "breech-face-ring")
    _ring_with_a_corrected_region(examiner)
    _side_light_with_an_orientation(examiner)
    examiner.until(lambda: examiner.seen(MarkKind.FIRING_PIN, Light.RING))
    assert workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[-1].mark.kind == "breech face"
    examiner.capture("ejector")
    assert bench.mark is MarkKind.EJECTOR
    _forth_and_back(examiner)
    _no_ejector_mark(examiner)
    examiner.until(lambda: examiner.seen(MarkKind.APERTURE_SHEAR, Light.RING))
    examiner.press(Qt.Key.Key_Space)
    examiner.until(lambda: page.walk.needs is not None and page.walk.needs.settled == 5)
    assert page.progress.text() == "5 of 5"
    _the_records(examiner)
    _the_sister_with_a_ghost(examiner)
    assert workbench.check() == ()


def _ring_with_a_corrected_region(examiner: Examiner) -> None:
    """Circles are found as one looks; one is dragged before the capture and goes along."""
    page, live = examiner.page, examiner.screen.live
    examiner.until(lambda: page.finder.found is not None and page.finder.found.outer is not None)
    found = page.finder.found
    assert found is not None and found.sure and found.inner is not None
    assert "Confidence" in page.finder.words
    seen = live.seen
    assert seen is not None and found.outer is not None
    centre, radius = placed(seen, found.outer)
    start = (centre + QPointF(radius, 0)).toPoint()
    end = start + QPoint(-12, 0)
    examiner.qtbot.mouseMove(live, start)
    examiner.qtbot.mousePress(live, Qt.MouseButton.LeftButton, pos=start)
    examiner.qtbot.mouseMove(live, end)
    examiner.qtbot.mouseRelease(live, Qt.MouseButton.LeftButton, pos=end)
    assert page.finder.corrected
    drawn = page.finder.shown["outer"]
    assert drawn.radius_um == pytest.approx(
        found.outer.radius_um - 12 * seen.px * PIXEL_UM, abs=2 * seen.px * PIXEL_UM
    )
    examiner.capture("breech-face-side")
    taken = examiner.pictures("3A")["breech face", "ring"]
    examiner.until(lambda: examiner.workbench.region(taken.id).source == "examiner")
    assert examiner.workbench.region(taken.id).outer == drawn


def _side_light_with_an_orientation(examiner: Examiner) -> None:
    """The light follows the step; a hand of the clock set on the picture goes into the record."""
    page, live = examiner.page, examiner.screen.live
    examiner.until(lambda: examiner.seen(MarkKind.BREECH_FACE, Light.SIDE))
    assert page.finder.corrected  # the case was left where it lies
    examiner.press(Qt.Key.Key_O)
    assert "Drag a hand" in page.orientation.words
    seen = live.seen
    assert seen is not None
    centre, radius = placed(seen, page.finder.shown["outer"])
    examiner.qtbot.mouseClick(
        live, Qt.MouseButton.LeftButton, pos=(centre + QPointF(0, -0.75 * radius)).toPoint()
    )
    assert page.orientation.deg == pytest.approx(90, abs=2)
    assert page.orientation.words.endswith("° clockwise.")  # towards 3 o'clock
    examiner.capture("firing-pin")
    taken = examiner.pictures("3A")["breech face", "side"]
    assert taken.record.settings["orientation"]["by"] == "firing-pin drag"
    assert taken.record.settings["orientation"]["deg"] == pytest.approx(90, abs=2)
    assert page.orientation.deg is None  # another mark is in hand
    examiner.press(Qt.Key.Key_O)


def _forth_and_back(examiner: Examiner) -> None:
    examiner.press(Qt.Key.Key_PageDown)
    assert examiner.step == "aperture-shear"
    examiner.press(Qt.Key.Key_PageDown)
    assert examiner.step == "breech-face-ring"
    examiner.until(lambda: examiner.seen(MarkKind.BREECH_FACE, Light.RING))
    for _ in range(2):
        examiner.press(Qt.Key.Key_PageUp)
    assert examiner.step == "ejector"
    examiner.until(lambda: examiner.seen(MarkKind.EJECTOR, Light.RING))


def _no_ejector_mark(examiner: Examiner) -> None:
    """X asks why; Enter records it, and the next step is in hand."""
    page = examiner.page
    examiner.press(Qt.Key.Key_X)
    assert page.reason.isVisible()
    examiner.press(Qt.Key.Key_Escape)
    assert not page.reason.isVisible() and examiner.step == "ejector"
    examiner.press(Qt.Key.Key_X)
    examiner.qtbot.keyClicks(page.reason.reason.lineEdit(), "revolver: no ejector mark")
    examiner.press(Qt.Key.Key_Return)
    examiner.until(lambda: examiner.step == "aperture-shear")


def _the_records(examiner: Examiner) -> None:
    taken = examiner.pictures("3A")
    assert set(taken) == {
        ("breech face", "ring"),
        ("breech face", "side"),
        ("firing pin", "ring"),
        ("aperture shear", "ring"),
    }
    assert taken["breech face", "ring"].pixel_um == PIXEL_UM
    assert taken["firing pin", "ring"].pixel_um == pytest.approx(PIXEL_UM / 3.4)
    assert taken["firing pin", "ring"].record.settings["seen"] == "firing pin"
    first = examiner.workbench.tree()[0].exhibits[0].cartridge_cases[0].cartridge_case
    needs = examiner.workbench.needs_of(first.id)
    states = [line.state for line in needs.lines]
    assert states == [StepState.DONE] * 3 + [StepState.SETTLED, StepState.DONE]
    note = needs.lines[3].note
    assert note is not None and note.reason == "revolver: no ejector mark"
    assert note.author == AUTHOR


def _the_sister_with_a_ghost(examiner: Examiner) -> None:
    """The next case begins at its first step; the first one's pictures help to place it."""
    page, workbench = examiner.page, examiner.workbench
    mark = workbench.register(Registration("2026-0412", "3", "3B", calibre="9 mm Luger"))
    examiner.window.show_acquire(mark.id)
    examiner.until(lambda: examiner.step == "breech-face-ring")
    examiner.lay(1, 2)
    examiner.until(lambda: "3B" in examiner.screen.target.mark.currentText())
    assert not page.ghost.on
    examiner.press(Qt.Key.Key_G)
    examiner.until(lambda: page.ghost.words == "Ghost of 2026-0412 / 3 / 3A")
    before = page.ghost.opacity
    examiner.press(Qt.Key.Key_BracketRight)
    assert page.ghost.opacity > before
    examiner.until(lambda: examiner.seen(MarkKind.BREECH_FACE, Light.RING))
    for following in ("breech-face-side", "firing-pin", "ejector", "aperture-shear"):
        line = page.walk.line
        assert line is not None
        examiner.until(lambda step=line.step: examiner.seen(step.mark, step.light))
        examiner.capture(following)
    assert len(examiner.pictures("3B")) == 4
    examiner.until(lambda: not examiner.window.bridge.busy)
    assert workbench.setting("acquire_ghost")["on"] is True


def test_a_rimfire_case_follows_its_own_protocol(examiner: Examiner) -> None:
    workbench, page = examiner.workbench, examiner.page
    mark = workbench.register(
        Registration("2026-0413", "1", "1A", calibre=".22 LR", mark_kind=MarkKind.FIRING_PIN)
    )
    examiner.window.show_acquire(mark.id)
    examiner.lay(2, 1)
    examiner.until(lambda: examiner.step == "firing-pin-ring")
    assert page.protocol.currentText() == "Rimfire"
    assert page.steps.count() == 7
    examiner.until(lambda: examiner.seen(MarkKind.FIRING_PIN, Light.RING))
    examiner.capture("firing-pin-side")
    page.protocol.setFocus()
    examiner.press(Qt.Key.Key_Up)
    examiner.until(lambda: page.steps.count() == 5)
    needs = workbench.needs_of(mark.cartridge_case_id)
    assert needs.chosen and needs.protocol.key == "centerfire"
    assert [line.step.key for line in needs.lines if line.state is StepState.DONE] == ["firing-pin"]
