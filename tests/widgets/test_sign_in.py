"""The first start, signing in, locking and the own password, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.casework.people import PersonRole, Policy, Right
from app.domain import Author
from app.main import application
from app.workbench import Workbench
from app.workbench.people import Welcome
from widgets.bridge import Bridge
from widgets.idle import IdleWatch
from widgets.main_window import MainWindow

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
PASSWORD = "a quiet harbor"
ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab
CONTROL = Qt.KeyboardModifier.ControlModifier


class Hands:
    """Somebody at the keyboard of a window."""

    def __init__(self, qtbot: QtBot, workbench: Workbench) -> None:
        application()
        self.qtbot, self.workbench = qtbot, workbench
        self.window = MainWindow(workbench, Bridge(workbench))
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        at = QApplication.focusWidget() or self.window
        self.qtbot.keyClick(at, key, modifier or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(QApplication.focusWidget() or self.window, text)

    def until(self, current: str) -> None:
        def reached() -> None:
            said = self.words("sign_in_says"), self.words("password_says")
            assert self.window.current == current, said

        self.qtbot.waitUntil(reached, timeout=20_000)

    def words(self, name: str) -> str:
        found = self.window.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()

    def focus(self) -> str:
        found = QApplication.focusWidget()
        return found.objectName() if isinstance(found, QWidget) else ""

    def close(self) -> None:
        gone: list[bool] = []
        self.window.closed.connect(lambda: gone.append(True))
        self.window.close()
        self.qtbot.waitUntil(lambda: bool(gone), timeout=20_000)
        self.window.deleteLater()


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def peopled(tmp_path: Path, clock: Clock) -> Workbench:
    """R. Okafor administers, Ada Li is an examiner; nobody is signed in."""
    made = Workbench(tmp_path / "casebook", automatic_search=False, moment=clock)
    made.set_up(AUTHOR, PASSWORD)
    made.add_person("Ada Li", [PersonRole.EXAMINER], "first password")
    made.sign_out()
    return made


@pytest.fixture
def hands(qtbot: QtBot, peopled: Workbench) -> Iterator[Hands]:
    made = Hands(qtbot, peopled)
    yield made
    made.close()


def test_the_first_start_by_keyboard_alone(qtbot: QtBot, tmp_path: Path) -> None:
    hands = Hands(qtbot, Workbench(tmp_path / "new", automatic_search=False))
    try:
        assert hands.window.current == "start"
        names = ("Harbor City Police Laboratory", "", "Bench 1", "R. Okafor")
        as_proposed = ""  # the time zone
        for text in (*names, as_proposed, PASSWORD, "another"):
            hands.type(text)
            hands.press(TAB)
        hands.press(ENTER)
        hands.window.start.again.setFocus()
        hands.press(ENTER)
        assert "differ" in hands.words("start_says")
        assert hands.focus() == "start_again"
        hands.window.start.again.selectAll()
        hands.type(PASSWORD)
        hands.press(ENTER)
        hands.until("casebook")
        assert hands.workbench.identity == "by password"
        me = hands.workbench.me
        assert me is not None
        assert me.name == "R. Okafor"
        assert hands.window.start.password.text() == ""
    finally:
        hands.close()


def test_a_first_start_by_name_only(qtbot: QtBot, tmp_path: Path) -> None:
    hands = Hands(qtbot, Workbench(tmp_path / "new", automatic_search=False))
    window = hands.window
    for field, text in ((window.start.agency, "Lab"), (window.start.station, "Bench 1")):
        field.setText(text)
    window.start.examiner.setText("R. Okafor")
    window.start.by_name.setFocus()
    hands.press(Qt.Key.Key_Space)
    assert not window.start.password.isVisible()
    assert "journal says so" in hands.words("start_meaning")
    window.start.examiner.setFocus()
    hands.press(ENTER)
    hands.until("casebook")
    assert hands.workbench.identity == "by name"
    hands.close()
    again = Hands(qtbot, Workbench(tmp_path / "new", automatic_search=False))
    try:
        assert again.window.current == "casebook"  # the one there is, is not asked
        assert again.words("who") == "R. Okafor, Bench 1"
        again.press(Qt.Key.Key_F11, CONTROL)
        again.until("sign in")
        again.qtbot.waitUntil(lambda: again.workbench.session is None)
        again.press(ENTER)
        again.until("casebook")
    finally:
        again.close()


def test_signing_in_by_keyboard_with_a_wrong_password_first(hands: Hands, clock: Clock) -> None:
    window = hands.window
    assert window.current == "sign in"
    window.show_acquire()
    assert window.current == "sign in"
    hands.window.sign_in.name.selectAll()
    window.sign_in.name.setFocus()
    hands.type("oka")
    assert window.sign_in.names.count() == 1
    hands.press(ENTER)
    assert window.sign_in.name.text() == "R. Okafor"
    assert hands.focus() == "sign_in_password"
    hands.type("guess after guess")
    hands.press(ENTER)
    hands.qtbot.waitUntil(lambda: "wrong" in hands.words("sign_in_says"))
    enter = window.findChild(QPushButton, "sign_in_enter")
    assert isinstance(enter, QPushButton)
    assert not enter.isEnabled()
    assert "wait 1 s" in enter.text()
    clock.at += timedelta(seconds=1)
    window.sign_in._count_down()
    assert enter.isEnabled()
    hands.type(PASSWORD)
    hands.press(ENTER)
    hands.until("casebook")
    assert hands.words("who") == "R. Okafor, Bench 1"
    assert "A wrong password was given" in window.toast.sentence
    assert window.sign_in.password.text() == ""


def test_arrows_choose_a_name(hands: Hands) -> None:
    page = hands.window.sign_in
    page.name.setFocus()
    page.name.clear()
    hands.press(Qt.Key.Key_Down)
    assert page.name.text() == "Ada Li"
    hands.press(Qt.Key.Key_Down)
    assert page.name.text() == "R. Okafor"
    hands.press(Qt.Key.Key_Down)
    assert page.name.text() == "Ada Li"


def test_a_given_password_is_changed_before_the_casebook_is_seen(hands: Hands) -> None:
    window = hands.window
    window.sign_in.name.setText("Ada Li")
    window.sign_in.password.setFocus()
    hands.type("first password")
    hands.press(ENTER)
    hands.until("password")
    assert not window.rail.isVisible()
    assert "an administrator set your password" in hands.words("password_tells")
    for text in ("first password", "second password", "second passwort"):
        hands.type(text)
        hands.press(TAB)
    window.password.again.setFocus()
    hands.press(ENTER)
    assert "differ" in hands.words("password_says")
    window.password.again.selectAll()
    hands.type("second password")
    hands.press(ENTER)
    hands.until("casebook")
    assert hands.words("who") == "Ada Li, Bench 1"
    assert hands.workbench.may(Right.ADMINISTER)


def test_whoever_must_change_it_can_sign_out_instead(hands: Hands) -> None:
    window = hands.window
    window.sign_in.name.setText("Ada Li")
    window.sign_in.password.setText("first password")
    window.sign_in.password.setFocus()
    hands.press(ENTER)
    hands.until("password")
    hands.press(Qt.Key.Key_Escape)
    hands.until("sign in")
    assert hands.words("sign_in_title") == "Sign in"
    assert hands.workbench.session is None


def sign_in(hands: Hands, name: str, password: str) -> None:
    page = hands.window.sign_in
    hands.qtbot.waitUntil(lambda: hands.workbench.session is None)
    page.name.setText(name)
    page.password.setText(password)
    page.password.setFocus()
    hands.press(ENTER)
    hands.until("casebook")


def choose(hands: Hands, name: str) -> None:
    """From the menu beside the name."""
    actions = hands.window.header.menu.actions()
    next(action for action in actions if action.objectName() == name).trigger()


def test_the_own_password(hands: Hands) -> None:
    sign_in(hands, "R. Okafor", PASSWORD)
    window = hands.window
    choose(hands, "who_password")
    assert window.current == "password"
    window.findChild(QPushButton, "password_back").click()
    assert window.current == "casebook"
    choose(hands, "who_password")
    for name, text in (("old", PASSWORD), ("new", "a louder harbor"), ("again", "a louder harbor")):
        field = window.findChild(QLineEdit, f"password_{name}")
        assert isinstance(field, QLineEdit)
        field.setText(text)
    window.password.again.setFocus()
    hands.press(ENTER)
    hands.until("casebook")
    choose(hands, "who_sign_out")
    hands.until("sign in")
    sign_in(hands, "R. Okafor", "a louder harbor")


def test_a_station_nobody_touches_locks(qtbot: QtBot) -> None:
    now, locked = [0.0], []
    watch = IdleWatch(lambda: locked.append(now[0]), lambda: (now[0], 2 * now[0]))
    watch.start(0)
    now[0] = 10_000
    watch.look()
    assert locked == []
    watch.start(10)
    now[0] += 299
    watch.look()
    assert locked == []
    now[0] += 1  # the wall's clock has gone on twice as fast: the computer slept
    watch.look()
    watch.look()
    assert len(locked) == 1


def test_keyboard_and_mouse_keep_it_open(hands: Hands) -> None:
    sign_in(hands, "R. Okafor", PASSWORD)
    watch = hands.window.idle
    assert watch.minutes == 10
    handle = hands.window.windowHandle()
    for touch in (
        lambda: QTest.keyClick(handle, Qt.Key.Key_Shift),
        lambda: QTest.mouseMove(handle, hands.window.rect().center()),
    ):
        watch._touched = before = (watch._touched[0] - 500, watch._touched[1] - 500)
        touch()
        hands.qtbot.waitUntil(lambda before=before: watch._touched[0] >= before[0] + 500)  # type: ignore[misc]
    watch._touched = (-1e9, -1e9)
    watch.look()
    hands.until("sign in")
    hands.qtbot.waitUntil(lambda: hands.workbench.session is None)
    assert hands.words("sign_in_title") == "Locked by R. Okafor"


def test_a_computer_that_slept_is_locked_by_the_first_touch(hands: Hands) -> None:
    sign_in(hands, "R. Okafor", PASSWORD)
    now = [0.0]
    hands.window.idle._clocks = lambda: (0.0, now[0])  # the steady one stands still meanwhile
    hands.window.idle.start(10)
    now[0] = 3600.0
    QTest.keyClick(hands.window.windowHandle(), Qt.Key.Key_X)  # before the timer looks
    hands.until("sign in")
    hands.qtbot.waitUntil(lambda: hands.workbench.session is None)
    assert all(field.text() != "x" for field in hands.window.sign_in.findChildren(QLineEdit))


def test_what_was_asked_for_before_signing_out_is_recorded(hands: Hands) -> None:
    sign_in(hands, "R. Okafor", PASSWORD)
    go_on, kept, window = Event(), list[object](), hands.window
    window.bridge.run(lambda: go_on.wait(30))
    window.bridge.run(lambda: hands.workbench.add_pick("calibres", ".338 Norma"), kept.append)
    window.sign_out()
    hands.qtbot.waitUntil(lambda: not window._door.busy)
    go_on.set()
    hands.until("sign in")
    hands.qtbot.waitUntil(lambda: hands.workbench.session is None)
    assert ".338 Norma" in hands.workbench.pick_lists()["calibres"]


def test_how_long_is_the_laboratorys_choice(hands: Hands) -> None:
    sign_in(hands, "R. Okafor", PASSWORD)
    hands.workbench.set_policy(Policy("password", 3))
    hands.qtbot.waitUntil(lambda: hands.window.idle.minutes == 3)


def test_closing_while_locked(hands: Hands) -> None:
    sign_in(hands, "R. Okafor", PASSWORD)
    hands.press(Qt.Key.Key_F11, CONTROL)
    hands.until("sign in")


def test_all_that_is_to_be_told_at_signing_in_is_seen(hands: Hands) -> None:
    told: list[str] = []
    page = hands.window.sign_in
    page._bridge.told.connect(lambda notice: told.append(notice.sentence))
    page._let_in(Welcome(None, "Ada Li", ("Reviewing ends soon.", "Examining ends soon.")))
    assert told == ["Reviewing ends soon. Examining ends soon."]
