"""The candidate list: folded specimens, filter, what is left, undone reviews, sorting by key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain import Review
from app.workbench import Wanted, Workbench
from tests.app.matching.several_marks import BREECH, Story, build
from tests.window_bench import CONTROL, LEFT, NO_KEY, SHIFT, WindowBench
from widgets.candidates import CandidatesScreen
from widgets.candidates.model import COLUMNS, NAME


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return build(tmp_path_factory.mktemp("review") / "casebook")


class Bench(WindowBench):
    """The candidates screen of a window on a copy of the casebook."""

    def __init__(self, qtbot: QtBot, story: Story, folder: Path) -> None:
        copytree(story.folder, folder)
        self.story = story
        super().__init__(qtbot, Workbench(folder, automatic_search=False))
        self.window.show_candidates(story.searches[BREECH])
        self.until(lambda: self.screen.ready and len(self.screen.model.lines) == 5)

    @property
    def screen(self) -> CandidatesScreen:
        return self.window.candidates

    @property
    def ranks(self) -> list[int]:
        return [row.line.candidate.rank for row in self.screen.model.rows]

    @property
    def at(self) -> int:
        """The rank the cursor is on."""
        line = self.screen.table.current_line
        return line.candidate.rank if line is not None else 0

    @property
    def said(self) -> dict[int, Review]:
        """As stored, by rank."""
        found = self.workbench.candidates(self.story.searches[BREECH])
        return {line.candidate.rank: line.candidate.review for line in found}

    def push(self, name: str) -> None:
        found = self.screen.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton), name
        assert found.isVisible() and found.toolTip() and found.accessibleName(), name
        self.qtbot.mouseClick(found, LEFT)


@pytest.fixture
def bench(qtbot: QtBot, held: Story, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, held, tmp_path / "casebook")
    yield made
    made.close()


def test_specimens_of_a_gun_unfold_by_key_and_by_mouse(bench: Bench) -> None:
    assert bench.ranks == [1, 2, 3, 5]
    bench.press(Qt.Key.Key_Down)
    bench.press(Qt.Key.Key_Space)
    assert bench.ranks == [1, 2, 4, 3, 5]
    bench.press(Qt.Key.Key_Down)
    assert bench.at == 4
    bench.press(Qt.Key.Key_Space)  # folds from any of its rows; the cursor stays with its gun
    assert bench.ranks == [1, 2, 3, 5]
    assert bench.at == 2
    table = bench.screen.table
    area = table.visualRect(bench.screen.model.index(1, NAME))
    at = QPoint(area.left() + 8, area.center().y())
    bench.qtbot.mouseClick(table.viewport(), LEFT, NO_KEY, at)
    assert bench.ranks == [1, 2, 4, 3, 5]


def test_a_review_of_a_folded_row_holds_for_all_of_it_and_is_taken_back(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Down)
    bench.press(Qt.Key.Key_D)
    bench.until(lambda: bench.said[2] is bench.said[4] is Review.DISMISSED)
    bench.until(lambda: bench.words("left_count") == "3 of 5 left")
    assert bench.at == 3
    bench.press(Qt.Key.Key_End)
    bench.press(Qt.Key.Key_Z, CONTROL)
    bench.until(lambda: set(bench.said.values()) == {Review.NEW} and bench.at == 2)
    bench.push("undo_review")
    bench.until(lambda: "left to take back" in bench.window.toast.sentence)
    assert bench.at == 2


def test_only_new_or_later_with_a_place_and_words_where_nothing_is_left(bench: Bench) -> None:
    bench.press(Qt.Key.Key_L)
    bench.press(Qt.Key.Key_K)
    bench.until(lambda: bench.words("left_count") == "2 of 5 left, 1 for later")
    bench.push("filter_new")
    assert bench.ranks == [3, 5]
    assert bench.at == 3
    bench.press(Qt.Key.Key_D)
    bench.press(Qt.Key.Key_D)
    bench.until(lambda: not bench.ranks)
    assert bench.words("no_candidates_title") == "Nothing new is left"
    assert "1 were put off for later" in bench.words("no_candidates_sentence")
    bench.press(Qt.Key.Key_U)  # the keyboard is not lost with the list
    bench.until(lambda: bench.ranks == [5] and bench.at == 5)
    bench.press(Qt.Key.Key_F)
    assert bench.screen.lists.filter.wanted is Wanted.LATER
    assert bench.ranks == [1]
    bench.press(Qt.Key.Key_F)
    assert bench.ranks == [1, 2, 3, 5]
    assert bench.at == 1


def test_the_filter_holds_for_guns_too(bench: Bench) -> None:
    bench.press(Qt.Key.Key_3)
    fused = bench.screen.lists.fused_model
    bench.until(lambda: len(fused.rows) == 4)
    bench.press(Qt.Key.Key_K)
    bench.until(lambda: bench.words("left_count") == "3 of 4 left")
    bench.press(Qt.Key.Key_F)
    assert len(fused.rows) == 3
    assert "Norvik NK-2" not in [row.name for row in fused.rows]


def test_every_column_sorts_by_key_and_keeps_the_cursor(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Down)
    bench.press(Qt.Key.Key_Space)
    bench.press(Qt.Key.Key_K)
    bench.press(Qt.Key.Key_Up)
    seen = set()
    for _ in range(6):
        bench.press(Qt.Key.Key_S)
        seen.add(bench.screen.table.horizontalHeader().sortIndicatorSection())
        assert bench.at == 2
        before = bench.ranks
        assert before.index(4) == before.index(2) + 1  # stays with its gun
        bench.press(Qt.Key.Key_S, SHIFT)
        assert bench.at == 2
        assert sorted(bench.ranks) == [1, 2, 3, 4, 5]
    assert seen == set(range(len(COLUMNS))) - {1}


def test_the_list_is_where_the_desk_was(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.compare.desk is not None)
    for steps in (1, 2):
        bench.until(lambda: bench.window.compare._view.canvas.hasFocus())
        bench.press(Qt.Key.Key_Tab)
        bench.until(
            lambda n=steps: (  # type: ignore[misc]
                bench.window.compare.desk is not None and bench.window.compare._walk.place == n
            )
        )
    bench.window.show_candidates()
    bench.until(lambda: bench.screen.ready and bench.at == 3)


def test_a_candidate_that_cannot_be_shown_is_reviewed_and_gone_on_from(bench: Bench) -> None:
    lines = bench.workbench.candidates(bench.story.searches[BREECH])
    lost = lines[2].provenance.acquired
    next(bench.workbench.folder.glob(f"pixels/*/{lost.digest}.*")).unlink()
    bench.workbench._reader._surfaces._kept.clear()
    bench.press(Qt.Key.Key_Down)
    bench.press(Qt.Key.Key_Return)
    compare = bench.window.compare
    bench.until(lambda: compare._view.canvas.hasFocus())
    bench.press(Qt.Key.Key_D)
    bench.until(lambda: compare.desk is None and compare._walk.place == 2)
    bench.press(Qt.Key.Key_L)
    bench.until(lambda: compare.desk is not None and compare._walk.place == 3)
    bench.until(lambda: bench.said[3] is Review.LATER)


def test_a_folded_gun_is_one_candidate_on_the_desk(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Down)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.compare._view.canvas.hasFocus())
    strip = bench.window.compare._strip
    bench.until(lambda: strip.left == "5 of 5 left")
    assert len(bench.window.compare._walk.siblings) == 4
    bench.press(Qt.Key.Key_L)
    bench.until(lambda: bench.said[2] is bench.said[4] is Review.LATER)
    bench.until(lambda: strip.left == "3 of 5 left, 2 for later")
    assert bench.window.compare._walk.place == 2
