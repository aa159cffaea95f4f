"""Reviewing candidates by several marks together, in the real window with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Review, SearchState
from app.workbench import Workbench
from tests.app.matching.several_marks import BREECH, PIN, Story, add_search, build, fill
from tests.widgets.conftest import bench_frame
from tests.window_bench import LEFT, NO_KEY, WindowBench
from widgets.candidates import CandidatesScreen
from widgets.candidates.fused_model import FIRST_MARK, NAME


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return build(tmp_path_factory.mktemp("several") / "casebook", bench_frame)


class Desk(WindowBench):
    """The candidates screen of a window on a copy of the casebook; its list has the keyboard."""

    def __init__(self, qtbot: QtBot, story: Story, folder: Path) -> None:
        copytree(story.folder, folder)
        self.story = story
        super().__init__(qtbot, Workbench(folder, automatic_search=False))
        self.window.show_candidates(story.searches[BREECH])
        self.until(lambda: self.screen.ready and len(self.screen.model.lines) == 5)

    @property
    def focus(self) -> QWidget:
        return self.screen.lists.listing

    @property
    def screen(self) -> CandidatesScreen:
        return self.window.candidates

    @property
    def names(self) -> list[str]:
        """First lines of the fused list."""
        return [row.name for row in self.screen.lists.fused_model.rows]

    def click_cell(self, row: int, column: int, *, at_left: bool = False) -> None:
        table = self.screen.lists.fused
        area = table.visualRect(table.model().index(row, column))
        at = QPoint(area.left() + 8, area.center().y()) if at_left else area.center()
        self.qtbot.mouseClick(table.viewport(), LEFT, NO_KEY, at)

    def cell(self, row: int, column: int) -> str:
        model = self.screen.lists.fused_model
        return str(model.index(row, column).data())

    def reviews(self, search_id: str) -> dict[str, Review]:
        """As stored."""
        lines = self.workbench.candidates(search_id)
        return {self.story.name_of(c.candidate.acquired_id): c.candidate.review for c in lines}


@pytest.fixture
def desk(qtbot: QtBot, held: Story, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, held, tmp_path / "casebook")
    yield made
    made.close()
    made.workbench.close()


def test_marks_together_put_the_mate_first(desk: Desk) -> None:
    best = desk.screen.model.lines[0].candidate
    assert desk.story.name_of(best.acquired_id) == "2026-0412/1A"
    desk.click("by_cartridge_case")
    chosen = desk.screen.findChild(QPushButton, "by_cartridge_case")
    assert isinstance(chosen, QPushButton)
    assert chosen.isChecked()
    desk.until(lambda: len(desk.names) == 5 and desk.screen.ready)
    assert desk.names[0] == "2026-0440 / 1 / T1"
    assert desk.cell(0, FIRST_MARK).startswith("0.420")
    assert desk.cell(0, FIRST_MARK + 1).startswith("0.550")
    assert desk.cell(desk.names.index("2026-0451 / 1 / 1A"), FIRST_MARK + 1) == "no picture"
    assert desk.cell(desk.names.index("2026-0460 / 1 / 1A"), FIRST_MARK + 1) == "not compared"
    assert desk.words("extent") == "Breech face: searched 5; Firing pin: searched 5."


def test_a_gun_is_one_row_that_opens_by_key_and_mouse(desk: Desk) -> None:
    desk.press(Qt.Key.Key_3)
    desk.until(lambda: len(desk.names) == 4)
    assert desk.names[0] == "Norvik NK-2"
    desk.press(Qt.Key.Key_Space)
    assert desk.names[:3] == ["Norvik NK-2", "2026-0440 / 1 / T1", "2026-0440 / 1 / T2"]
    assert desk.screen.lists.fused.currentIndex().row() == 0
    desk.click_cell(0, NAME, at_left=True)
    assert len(desk.names) == 4


def test_reviews_of_rows_are_stored_for_all_their_marks(desk: Desk) -> None:
    desk.press(Qt.Key.Key_3)
    desk.until(lambda: len(desk.names) == 4)
    desk.press(Qt.Key.Key_K)
    desk.press(Qt.Key.Key_D)
    listing = desk.screen.lists.fused
    assert listing.currentIndex().row() == 2
    rows = desk.screen.lists.fused_model
    desk.until(lambda: [r.review for r in rows.rows[:2]] == [Review.KEPT, Review.DISMISSED])
    dismissed = desk.names[1].replace(" / 1 / ", "/")
    for search_id in desk.story.searches.values():
        stored = desk.reviews(search_id)
        assert stored["2026-0440/T1"] is stored["2026-0440/T2"] is Review.KEPT
        assert stored.get(dismissed, Review.DISMISSED) is Review.DISMISSED
    assert listing.currentIndex().row() == 2
    desk.press(Qt.Key.Key_1)
    desk.until(lambda: len(desk.screen.model.lines) == 5 and desk.screen.lists.table.isVisible())
    said = {line.candidate.review for line in desk.screen.model.lines}
    assert said == {Review.NEW, Review.KEPT, Review.DISMISSED}


def test_the_mark_chosen_is_the_one_compared_and_the_walk_goes_on(desk: Desk) -> None:
    desk.press(Qt.Key.Key_2)
    desk.until(lambda: len(desk.names) == 5 and desk.screen.ready)
    desk.press(Qt.Key.Key_Right)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.window.compare.desk is not None)
    pair = desk.window.compare._pair
    assert pair is not None
    shown = {pair.comparison.left_id, pair.comparison.right_id}
    pictures = desk.story.pictures
    assert shown == {pictures[BREECH, "2026-0471/1A"], pictures[BREECH, "2026-0440/T1"]}
    walk = desk.window.compare._walk
    assert [s.candidate_id for s in walk.siblings] == list(desk.screen.lists.order)
    assert len(walk.siblings) == 5


def test_a_double_click_on_a_mark_compares_that_mark(desk: Desk) -> None:
    desk.press(Qt.Key.Key_2)
    desk.until(lambda: len(desk.names) == 5 and desk.screen.ready)
    table = desk.screen.lists.fused
    at = table.visualRect(table.model().index(0, FIRST_MARK)).center()
    desk.qtbot.mouseClick(table.viewport(), LEFT, NO_KEY, at)
    desk.qtbot.mouseDClick(table.viewport(), LEFT, NO_KEY, at)
    desk.until(lambda: desk.window.compare._pair is not None)
    pair = desk.window.compare._pair
    assert pair is not None
    assert desk.story.pictures[BREECH, "2026-0440/T1"] in (
        pair.comparison.left_id,
        pair.comparison.right_id,
    )


def test_sorting_by_a_mark_keeps_the_cursor_and_the_unknown_last(desk: Desk) -> None:
    desk.press(Qt.Key.Key_2)
    desk.until(lambda: len(desk.names) == 5)
    head = desk.screen.lists.fused.horizontalHeader()
    x = head.sectionViewportPosition(FIRST_MARK + 1) + 20
    for falling in (True, False):
        desk.qtbot.mouseClick(head.viewport(), LEFT, NO_KEY, QPoint(x, 12))
        scores = [desk.cell(n, FIRST_MARK + 1).split("\n")[0] for n in range(5)]
        assert scores[:3] == sorted(scores[:3], reverse=falling)
        assert {scores[3], scores[4]} == {"no picture", "not compared"}
        row = desk.screen.lists.fused.current_row
        assert row is not None
        assert row.name == "2026-0440 / 1 / T1"


def test_rows_stream_in_and_leave_cursor_and_place(desk: Desk) -> None:
    casebook, story = desk.workbench._casebook, desk.story
    search_id = add_search(casebook, story, PIN, {}, SearchState.RUNNING, surveyed=2)
    desk.press(Qt.Key.Key_2)
    desk.until(lambda: len(desk.names) == 5)
    table = desk.screen.lists.fused
    table.setMaximumHeight(table.horizontalHeader().height() + 200)
    assert desk.cell(0, FIRST_MARK + 1) == "not yet"
    assert "Firing pin: searched 40 % of 5; the list improves until" in desk.words("extent")
    assert desk.names[2] == "2026-0451 / 1 / 1A"
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    height = table.rowViewportPosition(2)
    # another one passes it from below
    fill(casebook, story, PIN, search_id, {"2026-0440/T2": 0.9})
    desk.workbench.review(desk.workbench.candidates(search_id)[0].candidate.id, Review.LATER)
    desk.until(lambda: desk.names[0] == "2026-0440 / 1 / T2")
    row = table.current_row
    assert row is not None
    assert row.name == "2026-0451 / 1 / 1A"
    assert table.currentIndex().row() == 3
    assert table.rowViewportPosition(3) == height


def test_until_somebody_moves_the_cursor_it_follows_the_best(desk: Desk) -> None:
    casebook, story = desk.workbench._casebook, desk.story
    search_id = add_search(casebook, story, PIN, {}, SearchState.RUNNING, surveyed=2)
    desk.press(Qt.Key.Key_2)
    desk.until(lambda: len(desk.names) == 5)
    assert desk.names[0] == "2026-0412 / 1 / 1A"
    fill(casebook, story, PIN, search_id, {"2026-0440/T1": 0.9})
    desk.workbench.review(desk.workbench.candidates(search_id)[0].candidate.id, Review.LATER)
    desk.until(lambda: desk.names[0] == "2026-0440 / 1 / T1")
    assert desk.screen.lists.fused.currentIndex().row() == 0


def test_what_is_missing_is_compared_on_demand(desk: Desk) -> None:
    desk.press(Qt.Key.Key_2)
    desk.until(lambda: len(desk.names) == 5)
    desk.click("compare_missing")
    desk.until(lambda: not desk.screen.lists.fill.isVisible())
    row = desk.names.index("2026-0460 / 1 / 1A")
    assert " of " in desk.cell(row, FIRST_MARK + 1)
    stored = desk.reviews(desk.story.searches[PIN])
    assert "2026-0460/1A" in stored


def test_a_search_that_did_not_end_is_told(desk: Desk) -> None:
    casebook = desk.workbench._casebook
    desk.press(Qt.Key.Key_2)
    for state, words in (
        (SearchState.CANCELLED, "Firing pin: cancelled before its end."),
        (SearchState.FAILED, "Firing pin: not possible."),
        (SearchState.WAITING, "Firing pin: waits for its turn; the list improves"),
    ):
        add_search(casebook, desk.story, PIN, {}, state, surveyed=0)
        desk.workbench.review(desk.screen.model.lines[0].candidate.id, Review.LATER)
        desk.screen.open_search(desk.story.searches[BREECH])
        desk.until(lambda words=words: words in desk.words("extent"))
        assert len(desk.names) == 5
