"""The session page and what it lays over the live picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, CaptureSession, Frame
from app.capture.bench import firearm_number
from app.domain import Circle, Light, MarkKind, now
from app.workbench import Registration, Workbench
from tests.widgets.conftest import PIXEL_UM, acquired_of
from widgets.acquire import AcquireScreen, circles
from widgets.acquire.circles import placed
from widgets.acquire.orientation import turn_of
from widgets.acquire.overlay import Seen
from widgets.acquire.session import SessionPage
from widgets.main_window import MainWindow

LONG = 20_000
OUTER, INNER = Circle(3000.0, 2400.0, 1800.0), Circle(3100.0, 2300.0, 700.0)


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, workbench: Workbench) -> AcquireScreen:
    """On the mark of a case that has its ring-light picture."""
    mark = workbench.provenance(acquired_of(workbench, "2026-0412")).mark
    window.show_acquire(mark.id)
    page = page_of(window.acquire)
    qtbot.waitUntil(lambda: page.walk.line is not None, timeout=LONG)
    return window.acquire


@pytest.fixture
def page(screen: AcquireScreen) -> SessionPage:
    return page_of(screen)


@pytest.fixture
def bench(qtbot: QtBot, screen: AcquireScreen) -> Iterator[BenchSource]:
    """Running, small, with its first picture seen."""
    source = BenchSource(firearm_number(1), 1, rate=15, pixel_um=PIXEL_UM)
    session = CaptureSession(source)
    screen.camera._session = session
    session.start()
    screen.station.started()
    qtbot.waitUntil(lambda: screen.live.frame is not None, timeout=LONG)
    screen.panel.show_page("session")
    screen.live.setFocus()
    yield source


def page_of(screen: AcquireScreen) -> SessionPage:
    found = screen.findChild(SessionPage)
    assert isinstance(found, SessionPage)
    return found


def seen(pixel_um: float | None = 10.0) -> Seen:
    """A frame of 640 x 480, drawn from (20, 10) at half its size."""
    frame = Frame(np.zeros((480, 640), np.uint8), 1, now(), 0.0, pixel_um=pixel_um)
    return Seen(frame, pixel_um, QRectF(20, 10, 320, 240))


def drag(qtbot: QtBot, screen: AcquireScreen, start: QPointF, by: QPoint) -> None:
    live, at = screen.live, start.toPoint()
    qtbot.mouseMove(live, at)
    qtbot.mousePress(live, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(live, at + by)
    qtbot.mouseRelease(live, Qt.MouseButton.LeftButton, pos=at + by)


# --- circles -------------------------------------------------------------------------------
def test_circles_lie_where_their_micrometres_say() -> None:
    at, radius = placed(seen(), OUTER)
    assert radius == pytest.approx(90.0)
    assert (at.x(), at.y()) == pytest.approx((20 + 150.25, 10 + 120.25))
    assert circles.to_um(seen(), at) == pytest.approx((3000.0, 2400.0))


@pytest.mark.parametrize(
    ("which", "part", "there"),
    [("outer", "centre", (0, -90)), ("outer", "edge", (90, 0)), ("outer", "edge", (-90, 0))],
)
def test_handles_are_taken_and_dragged(which: str, part: str, there: tuple[int, int]) -> None:
    centre, _ = placed(seen(), OUTER)
    at = centre + QPointF(*there)
    handle = circles.under(seen(), {"outer": OUTER, "inner": INNER}, at)
    assert handle == (which, part)
    moved = circles.dragged(seen(), OUTER, handle, at + QPointF(10, 0))
    if part == "centre":
        assert (moved.x_um, moved.y_um, moved.radius_um) == pytest.approx((3200, 2400, 1800))
    else:
        assert moved.radius_um == pytest.approx(2000 if there[0] > 0 else 1600)


def test_the_inner_circle_goes_before_and_nothing_is_nothing() -> None:
    both = {"outer": OUTER, "inner": INNER}
    centre, _ = placed(seen(), INNER)
    assert circles.under(seen(), both, centre) == ("inner", "centre")
    assert circles.under(seen(), both, centre + QPointF(18, 0)) is None


# --- steps ---------------------------------------------------------------------------------
def test_the_page_fits_the_smallest_screen(
    qtbot: QtBot, screen: AcquireScreen, page: SessionPage, bench: BenchSource
) -> None:
    qtbot.waitUntil(lambda: page.finder.found is not None, timeout=LONG)
    area = screen.findChild(QScrollArea, "page_session_scroll")
    assert isinstance(area, QScrollArea)
    assert area.verticalScrollBar().maximum() == 0


def test_a_case_with_pictures_begins_at_what_is_missing(
    screen: AcquireScreen, page: SessionPage
) -> None:
    line = page.walk.line
    assert line is not None and line.step.key == "breech-face-side"
    assert screen.station.light is Light.SIDE
    assert page.steps.count() == 5 and page.steps.currentRow() == 1
    texts = [page.steps.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(5)]
    assert texts[:3] == [
        "Breech face, ring light: done",
        "Breech face, side light: in hand",
        "Firing pin: open",
    ]
    assert "(optional)" in page.steps.item(4).text()


def test_a_click_goes_to_a_step_and_another_light_is_told(
    qtbot: QtBot, screen: AcquireScreen, page: SessionPage
) -> None:
    screen.panel.show_page("session")
    item = page.steps.item(2)
    place = page.steps.visualItemRect(item).center()
    qtbot.mouseClick(page.steps.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.walk.kind is MarkKind.FIRING_PIN
    assert screen.station.mark_id == ""
    assert screen.target.words.endswith("firing pin")
    assert not page.says.isVisible()
    screen.station.choose_light(Light.SIDE)
    assert "ring light" in page.says.text() and page.says.isVisible()


def test_marks_without_a_step_can_still_be_captured(
    qtbot: QtBot, window: MainWindow, workbench: Workbench, page: SessionPage
) -> None:
    made = workbench.register(
        Registration("2026-0412", "1", "1A", calibre="9 mm Luger", mark_kind=MarkKind.CHAMBER)
    )
    window.show_acquire(made.id)
    qtbot.waitUntil(lambda: page.walk.line is None, timeout=LONG)
    assert "no step for the chamber" in page.hint.text()
    assert page.station.mark_id == made.id
    assert page.station.mark_maker is None


def test_a_step_is_settled_and_opened_again_by_the_button(
    qtbot: QtBot, window: MainWindow, page: SessionPage
) -> None:
    window.acquire.panel.show_page("session")
    page.walk.go("ejector")
    qtbot.mouseClick(page.not_here, Qt.MouseButton.LeftButton)
    qtbot.keyClick(page.reason.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.walk.line is not None and page.walk.line.step.key != "ejector")
    page.walk.go("ejector")
    line = page.walk.line
    assert line is not None and line.note is not None
    assert "No such mark" in line.note.reason and page.not_here.isChecked()
    assert "not on this case" in page.steps.item(3).text()
    qtbot.mouseClick(page.not_here, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.walk.line is not None and page.walk.line.note is None)


def test_a_damaged_protocol_is_told_once(
    qtbot: QtBot, window: MainWindow, workbench: Workbench, page: SessionPage
) -> None:
    (workbench.folder / "protocols").mkdir()
    (workbench.folder / "protocols" / "centerfire.json").write_text("{", "utf-8")
    window.show_acquire(workbench.provenance(acquired_of(workbench, "2026-0440")).mark.id)
    qtbot.waitUntil(lambda: "centerfire.json is no JSON" in window.toast.sentence, timeout=LONG)
    assert page.steps.count() == 5


# --- over the picture ----------------------------------------------------------------------
def test_without_a_scale_nothing_is_looked_for(
    qtbot: QtBot, screen: AcquireScreen, page: SessionPage
) -> None:
    source = BenchSource(firearm_number(1), 1, rate=15, pixel_um=PIXEL_UM, tells_scale=False)
    screen.camera._session = CaptureSession(source)
    screen.camera._session.start()
    screen.station.started()
    qtbot.waitUntil(lambda: screen.live.frame is not None, timeout=LONG)
    assert "without a scale" in page.finder.words
    assert page.finder.shown == {}


def test_what_was_drawn_stays_until_it_is_found_again(
    qtbot: QtBot, screen: AcquireScreen, page: SessionPage, bench: BenchSource
) -> None:
    qtbot.waitUntil(lambda: bool(page.finder.shown), timeout=LONG)
    view = screen.live.seen
    assert view is not None
    before = page.finder.shown["inner"]
    centre, _ = placed(view, before)
    drag(qtbot, screen, centre, QPoint(15, 0))
    assert page.finder.corrected
    drawn = page.finder.shown["inner"]
    assert drawn.x_um - before.x_um == pytest.approx(15 * view.px * PIXEL_UM, rel=0.1)
    qtbot.keyClick(screen.live, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert not page.finder.corrected
    qtbot.waitUntil(lambda: bool(page.finder.shown), timeout=LONG)
    assert page.finder.shown["inner"].x_um == pytest.approx(before.x_um, abs=60)
    qtbot.keyClick(screen.live, Qt.Key.Key_C)
    assert page.finder.shown == {} and page.finder.words == ""


def test_a_bench_still_turning_captures_nothing(
    screen: AcquireScreen, page: SessionPage, bench: BenchSource
) -> None:
    frame = screen.live.frame
    assert frame is not None
    bench.look_at(MarkKind.EJECTOR)
    assert "still turning" in page.walk._refusal(frame)
    bench.look_at(MarkKind.BREECH_FACE)
    assert page.walk._refusal(replace(frame, light=bench.light)) == ""


def test_parallel_marks_are_offered_and_a_hand_goes_before(
    qtbot: QtBot, screen: AcquireScreen, page: SessionPage, bench: BenchSource
) -> None:
    page.walk.go("breech-face-ring")
    clock, live = page.orientation, screen.live
    qtbot.keyClick(live, Qt.Key.Key_O)
    assert clock.record() == {}
    while clock.landmark.name != "parallel marks":
        qtbot.keyClick(live, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: clock.deg is not None, timeout=LONG)
    true = (90 + bench.stage.turn_deg) % 180
    assert clock.deg is not None
    assert turn_of(clock.deg, true, 180.0) == pytest.approx(0, abs=6)
    assert clock.turn_deg is not None and abs(clock.turn_deg) <= 90
    assert clock.record()["orientation"]["source"] == "automatic"
    bench.turn(clock.turn_deg)
    qtbot.waitUntil(lambda: "lies right" in clock.words, timeout=LONG)
    view = live.seen
    assert view is not None
    centre, radius = placed(view, page.finder.shown["outer"])
    place = (centre + QPointF(0.75 * radius, 0)).toPoint()  # beside every handle
    qtbot.mouseClick(live, Qt.MouseButton.LeftButton, pos=place)
    record = clock.record()["orientation"]
    assert record["source"] == "examiner"
    assert turn_of(record["deg"], 0.0) == pytest.approx(0, abs=3)


def test_turns_take_the_short_way() -> None:
    assert turn_of(350.0, 10.0) == pytest.approx(20.0)
    assert turn_of(10.0, 350.0) == pytest.approx(-20.0)
    assert turn_of(10.0, 170.0, 180.0) == pytest.approx(-20.0)


def test_the_ghost_has_the_scale_of_the_live_picture(
    qtbot: QtBot, screen: AcquireScreen, page: SessionPage, bench: BenchSource
) -> None:
    page.walk.go("breech-face-ring")
    qtbot.keyClick(screen.live, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: "Ghost of" in page.ghost.words, timeout=LONG)
    view = seen(pixel_um=2 * PIXEL_UM)  # half as large on the screen as in the store, twice thinned
    canvas = QImage(360, 260, QImage.Format.Format_RGB32)
    canvas.fill(0)
    painter = QPainter(canvas)
    page.ghost._paint_picture(painter, view, page.ghost._picture, 2 * PIXEL_UM * view.px)
    painter.end()
    shown = np.frombuffer(canvas.constBits(), np.uint8).reshape(260, 360, 4)[..., 0] > 0
    held = page.ghost._picture
    assert held is not None
    wide = np.ptp(np.flatnonzero(shown.any(axis=0))) + 1
    assert wide == pytest.approx(held.size_um[0] / (2 * PIXEL_UM * view.px), abs=2)
    page.opacity.setValue(5)
    assert page.ghost.opacity == 0.8


def test_a_captured_picture_is_shown_and_its_region_corrected(
    qtbot: QtBot,
    window: MainWindow,
    screen: AcquireScreen,
    page: SessionPage,
    bench: BenchSource,
    workbench: Workbench,
) -> None:
    kept = acquired_of(workbench, "2026-0412")
    qtbot.waitUntil(lambda: screen.filmstrip.count() == 1, timeout=LONG)
    item = screen.filmstrip.item(0)
    place = screen.filmstrip.visualItemRect(item).center()
    qtbot.mouseClick(screen.filmstrip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: bool(page.review.drawn), timeout=LONG)
    qtbot.keyClick(screen.live, Qt.Key.Key_Space)
    assert "live picture first" in window.toast.sentence
    view = screen.live.seen
    still = None if view is None else page.review._as_seen(view)
    assert still is not None
    before = page.review.drawn["outer"]
    centre, radius = placed(still, before)
    drag(qtbot, screen, centre + QPointF(radius, 0), QPoint(-10, 0))
    assert page.review.changed
    qtbot.keyClick(screen.live, Qt.Key.Key_Escape)
    assert page.review.open and not page.review.changed
    drag(qtbot, screen, centre + QPointF(radius, 0), QPoint(-10, 0))
    qtbot.keyClick(screen.live, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workbench.region(kept).source == "examiner", timeout=LONG)
    assert workbench.region(kept).outer.radius_um < before.radius_um
    qtbot.waitUntil(lambda: not page.review.changed, timeout=LONG)
    qtbot.keyClick(screen.live, Qt.Key.Key_Escape)
    assert not page.review.open
