"""Two people in turn at one station: locked drafts wait unseen, and records bear the right name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.casework.people import PersonRole, Skill
from app.domain import Alignment, AnnotationKind, Author, Comparison, Role
from app.jobs import Job
from app.workbench import Registration, Workbench
from tests.widgets.conftest import bench_frame
from tests.window_bench import CONTROL, W, WindowBench
from widgets.compare.view.canvas import Canvas
from widgets.workplace import Workplace

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
OKAFOR, LI = ("R. Okafor", "a quiet harbor"), ("Ada Li", "a louder harbor")


class Station(WindowBench):
    """The window of one station, used by whoever sits before it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot, Workbench(folder, automatic_search=False))

    def part(self, kind: type[W], name: str, inside: QWidget | None = None) -> W:
        found = (inside or self.window.place).findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def typed(self, name: str) -> QLineEdit:
        """A line of the drawer in which a cartridge case is registered."""
        drawer = self.part(QWidget, "registration", self.window.casebook)
        return self.part(QLineEdit, name, drawer)

    def sign_in(self, name: str, password: str) -> None:
        assert self.window.current == "sign in"
        self.until(lambda: self.workbench.session is None)
        self.write("sign_in_name", name)
        self.press(Qt.Key.Key_Return)
        self.type(password)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.usable)
        self.until(lambda: self.window.casebook.ready)

    def lock(self) -> None:
        self.press(Qt.Key.Key_F11, CONTROL)
        assert self.window.current == "sign in"  # at once

    def choose_way_out(self, name: str) -> None:
        actions = self.window.header.menu.actions()
        next(action for action in actions if action.objectName() == name).trigger()


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people with passwords of their own, and two pictures compared once."""
    folder = tmp_path_factory.mktemp("people") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_up(AUTHOR, OKAFOR[1])
    ids = []
    for case, shot in (("2026-0412", 1), ("2025-1107", 2)):
        registration = Registration(
            *(case, "1", "1A", Role.EVIDENCE, "9 mm Luger", "circular", "parallel"),
            event_kind="shots fired",
            event_at="2026-04-12",
            event_place="Pier 4",
            facts={"exhibit.entry_reason": "crime gun"},
        )
        mark = workbench.register(registration)
        ids.append(workbench.capture(mark.id, bench_frame(1, shot), camera="bench").id)
    workbench.save_comparison(Comparison(ids[0], ids[1], Alignment(0.0, (0.0, 0.0))))
    li = workbench.add_person(LI[0], [PersonRole.EXAMINER], "first password")
    for skill in (Skill.ACQUIRE, Skill.REVIEW, Skill.EXAMINE):
        workbench.grant_qualification(li.id, skill, "2026-01-01")
    workbench.sign_in(LI[0], "first password")
    workbench.change_password("first password", LI[1])
    workbench.close()
    return folder


@pytest.fixture
def station(qtbot: QtBot, held: Path) -> Iterator[Station]:
    made = Station(qtbot, held)
    yield made
    made.close()


def test_two_people_in_turn_at_one_station(station: Station) -> None:
    window, workbench = station.window, station.workbench
    station.sign_in(*OKAFOR)
    first = window.place
    _half_typed(station)
    canvas = _half_drawn(station)
    drawn = window.compare.desk.annotations  # type: ignore[union-attr]
    go_on, worked = threading.Event(), []

    def work(job: Job) -> None:
        assert go_on.wait(30)
        me = workbench.me
        worked.append(me.name if me is not None else "")

    window.bridge.start("Importing archive", work)
    station.lock()
    station.until(lambda: workbench.session is None)
    _nothing_is_seen(station, first)
    assert station.words("sign_in_title") == "Locked by R. Okafor"
    assert "Importing archive" in station.words("sign_in_tells")

    station.sign_in(*LI)
    second = window.place
    assert second is not first
    assert station.part(QLabel, "who").text() == "Ada Li, Bench 1"
    _nothing_is_seen(station, first)
    assert window.compare.desk is None
    assert station.typed("case_number").text() != "2026-0777"
    go_on.set()
    station.until(lambda: worked)
    assert worked == ["R. Okafor"]  # begun by, finished for
    _register_another(station)
    station.lock()

    station.sign_in(*OKAFOR)
    assert window.place is first
    assert station.typed("case_number").text() == "2026-0777"
    assert station.typed("exhibit_number").text() == "12"
    assert window.current == "compare"
    assert window.compare.desk is not None
    assert window.compare.desk.annotations == drawn
    assert station.part(Canvas, "compare_canvas") is canvas

    _end_the_others(station, second)
    station.choose_way_out("who_sign_out")
    station.until(lambda: window.current == "sign in")
    lines = [(x.author.examiner, x.action) for x in workbench._casebook.journal()]
    assert ("Ada Li", "case added") in lines
    assert ("R. Okafor", "session ended") in lines
    assert workbench.check() == ()


def _half_typed(station: Station) -> None:
    station.press(Qt.Key.Key_1, CONTROL)
    station.press(Qt.Key.Key_N, CONTROL)
    number = station.typed("case_number")
    station.until(number.isVisible)
    station.until(lambda: not station.window.bridge.busy)
    for field, text in ((number, "2026-0777"), (station.typed("exhibit_number"), "12")):
        field.setFocus()
        field.selectAll()
        station.type(text)


def _half_drawn(station: Station) -> Canvas:
    window = station.window
    (pair,) = station.workbench.comparisons()
    window.show_compare(pair.left_id, pair.right_id)
    station.until(lambda: window.compare.desk is not None)
    station.until(lambda: not window.bridge.busy)
    canvas = station.part(Canvas, "compare_canvas")
    canvas.setFocus()
    QApplication.processEvents()
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    for _ in range(2):
        station.press(Qt.Key.Key_N)
    assert window.compare.desk is not None
    assert window.compare.desk.pen.kind is AnnotationKind.ARROW
    station.drag(canvas, *(middle + QPoint(260 - n, 160 - n) for n in range(0, 90, 10)))
    assert len(window.compare.desk.annotations) == 1
    return canvas


def _nothing_is_seen(station: Station, place: Workplace) -> None:
    assert not place.isVisible()
    texts = [w.text() for w in station.window.findChildren(QLineEdit) if w.isVisible()]
    assert "2026-0777" not in texts


def _register_another(station: Station) -> None:
    workbench = station.workbench
    registration = Registration(
        *("2026-0888", "1", "1A", Role.EVIDENCE, "9 mm Luger", "circular", "parallel"),
        event_kind="shots fired",
        event_at="2026-04-12",
        event_place="Pier 4",
        facts={"exhibit.entry_reason": "crime gun"},
    )
    done: list[object] = []
    station.window.bridge.run(lambda: workbench.register(registration), done.append)
    station.until(lambda: done)


def _end_the_others(station: Station, second: Workplace) -> None:
    window = station.window
    assert second in window.places
    words = [action.text() for action in window.header.menu.actions()]
    assert "End the session of Ada Li" in words
    station.choose_way_out("who_end")
    station.until(lambda: second not in window.places)


def test_signing_out_asks_about_work_that_runs(station: Station) -> None:
    window = station.window
    station.sign_in(*OKAFOR)
    go_on = threading.Event()
    window.bridge.start("Importing archive", lambda job: (go_on.wait(30), job.check()))
    station.choose_way_out("who_sign_out")
    assert "Importing archive" in station.words("leaving_sentence")
    station.part(QPushButton, "keep_working", window).click()
    assert window.usable
    station.choose_way_out("who_sign_out")
    station.part(QPushButton, "close_anyway", window).click()
    go_on.set()
    station.until(lambda: window.current == "sign in")
    assert not window.over


def test_who_may_not_end_sessions_is_not_offered_it(station: Station) -> None:
    station.sign_in(*OKAFOR)
    station.lock()
    station.sign_in(*LI)
    words = [action.text() for action in station.window.header.menu.actions()]
    assert not [text for text in words if text.startswith("End")]
