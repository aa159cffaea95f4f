"""The drawer of guns: merging with a recovered firearm, and refusals in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain import Role
from app.main import application
from app.workbench import Registration, Workbench
from tests.widgets.conftest import AUTHOR
from widgets.bridge import Bridge
from widgets.casebook.groups import GroupsDrawer, Scene


class Opened:
    """The drawer on a scene of three cartridge cases, and a test fire elsewhere."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(AUTHOR)
        self.ids = [self._register("2026-0700", f"3{letter}") for letter in "ABC"]
        gun = {"firearm_make": "Norvik", "firearm_serial": "K5521", "role": Role.TEST_FIRE}
        self.fired = self._register("2026-0701", "T1", **gun)
        cases = {node.case.number: node.case.id for node in self.workbench.tree()}
        linked = (cases["2026-0700"], cases["2026-0701"])
        self.workbench.note_warm_link(*linked, "compared before this casebook was begun")
        self.bridge = Bridge(self.workbench)
        self.drawer = GroupsDrawer(self.workbench, self.bridge)
        qtbot.addWidget(self.drawer)
        case = next(n.case for n in self.workbench.tree() if n.case.number == "2026-0700")
        self.drawer.open_for(Scene(case.id, case.number))
        qtbot.waitUntil(lambda: self.drawer.list.count() == 3)

    def _register(self, case: str, label: str, **more: object) -> str:
        wanted = Registration(case, "3", label, **more)  # type: ignore[arg-type]
        return self.workbench.register(wanted).cartridge_case_id

    def field(self, name: str) -> QLineEdit:
        found = self.drawer.findChild(QLineEdit, name)
        assert found is not None
        return found


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    made = Opened(qtbot, tmp_path / "casebook")
    yield made
    made.bridge.close()
    made.workbench.close()


def test_a_gun_of_a_scene_is_merged_with_a_recovered_firearm(qtbot: QtBot, opened: Opened) -> None:
    drawer, merging = opened.drawer, opened.drawer.merging
    drawer.list.setCurrentRow(0)
    for key in "AA":
        drawer.press(key)
    drawer.keep()
    qtbot.waitUntil(lambda: len(merging.told.guns) == 1)
    qtbot.keyClicks(opened.field("merge_words"), "K5521")
    qtbot.waitUntil(lambda: merging.found.count() == 1)
    assert merging.found.item(0).text() == "Norvik K5521, exhibit 3 of 2026-0701"
    opened.field("merge_reason").setText("test fires agree")
    merging.merge()
    qtbot.waitUntil(lambda: "Norvik K5521" in merging._gun.currentText())
    (gun,) = opened.workbench.gun_groups()
    assert {m.cartridge_case_id for m in gun.members} == {*opened.ids[:2], opened.fired}
    assert any(
        "came from Gun A of 2026-0700 (merged): test fires agree" in line
        for line in merging.told.history[0]
    )


def test_a_draft_that_contradicts_the_record_is_refused_and_stays(
    qtbot: QtBot, opened: Opened
) -> None:
    drawer = opened.drawer
    opened.workbench.make_gun("Another", [opened.ids[2], opened.fired])
    opened.workbench.join_gun(opened.workbench.gun_groups()[0].id, opened.ids[1:2])
    drawer.open_for(drawer.scene or Scene("", ""))
    qtbot.waitUntil(lambda: len(drawer.sorting.fixed) == 2)
    told = drawer.findChild(QLabel, "sorting_says")
    assert told is not None and not told.isVisible()
    gun = {"firearm_make": "Sig", "firearm_serial": "S1", "role": Role.TEST_FIRE}
    first, second = (
        opened._register("2026-0700", label, **gun | {"firearm_serial": label})
        for label in ("X1", "X2")
    )
    drawer._load()
    qtbot.waitUntil(lambda: drawer.list.count() == 5)
    drawer.list.setCurrentRow(3)
    for key in "BB":
        drawer.press(key)
    drawer.keep()
    qtbot.waitUntil(told.isVisible)
    assert "one gun cannot be both" in told.text()
    assert drawer.sorting.letters[first] == drawer.sorting.letters[second] == "B"
    assert opened.workbench.gun_of(first) is None


def test_a_draft_is_not_kept_in_another_scene(qtbot: QtBot, opened: Opened) -> None:
    drawer, go_on = opened.drawer, Event()
    drawer.list.setCurrentRow(0)
    for key in "AA":
        drawer.press(key)
    opened.bridge.run(lambda: go_on.wait(30))
    other = next(n.case for n in opened.workbench.tree() if n.case.number == "2026-0701")
    drawer.open_for(Scene(other.id, other.number))
    drawer.keep()  # by the keys, before the other scene is seen
    go_on.set()
    qtbot.waitUntil(lambda: drawer.list.count() == 1 and not opened.bridge.busy)
    assert opened.workbench.gun_groups() == ()


def test_nothing_is_offered_of_words_that_were_taken_away(qtbot: QtBot, opened: Opened) -> None:
    merging, go_on, words = opened.drawer.merging, Event(), opened.field("merge_words")
    opened.bridge.run(lambda: go_on.wait(30))
    qtbot.keyClicks(words, "K5521")
    qtbot.keyClick(words, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(words, Qt.Key.Key_Delete)
    go_on.set()
    qtbot.waitUntil(lambda: not opened.bridge.busy)
    assert merging.found.count() == 0 and merging.found.isHidden()
