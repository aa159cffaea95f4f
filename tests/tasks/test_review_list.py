"""Reviewing a list of real candidates to its end, by keyboard only, on the list and the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from time import thread_time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain import Author, Review
from app.importing.importer import ImportOptions
from app.workbench import Workbench
from tests.window_bench import CONTROL, WindowBench
from widgets.candidates import CandidatesScreen
from widgets.compare import CompareScreen

SCANS = Path(__file__).parents[3] / "shared" / "data" / "fadul3d"
AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not SCANS.is_dir(), reason="the real scans are not beside the checkout"),
]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with 23 real scans, imported and one of them searched by the workbench."""
    folder = tmp_path_factory.mktemp("review") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(AUTHOR)
    report = workbench.import_paths(sorted(SCANS.glob("*.x3p")), ImportOptions())
    first = report.outcomes[0].acquired_id
    assert first is not None
    workbench.search(first)
    workbench.close()
    return folder


class Examiner(WindowBench):
    """A window on a copy of the casebook, and ten fingers."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(qtbot, Workbench(folder, automatic_search=False))
        self.folder = folder
        self.until(lambda: self.window.casebook.ready)

    @property
    def list(self) -> CandidatesScreen:
        return self.window.candidates

    @property
    def desk(self) -> CompareScreen:
        return self.window.compare

    @property
    def current(self) -> str:
        """The candidate the list's cursor is on."""
        return self.list.lists.listing.current_id

    def said(self, within: QWidget, name: str) -> str:
        found = within.findChild(QLabel, name)
        assert isinstance(found, QLabel), name
        return found.text()

    def to_list(self) -> None:
        self.window.show_candidates()
        self.until(lambda: self.list.ready)

    def at_desk(self, candidate_id: str) -> None:
        """Wait until the desk shows this candidate and has the keyboard."""
        self.until(
            lambda: (
                self.desk.desk is not None
                and self.desk._walk.candidate_id == candidate_id
                and self.desk._view.canvas.hasFocus()
            )
        )

    def reviews(self) -> dict[str, Review]:
        """As stored, by candidate, best first."""
        search = self.workbench.searches()[0].search
        return {c.candidate.id: c.candidate.review for c in self.workbench.candidates(search.id)}


@pytest.fixture
def examiner(qtbot: QtBot, searched: Path, tmp_path: Path) -> Iterator[Examiner]:
    folder = tmp_path / "casebook"
    copytree(searched, folder)
    made = Examiner(qtbot, folder)
    yield made
    made.close()


def test_a_list_is_reviewed_to_its_end_by_keyboard(qtbot: QtBot, examiner: Examiner) -> None:
    e = examiner
    e.to_list()
    ids = list(e.reviews())
    assert len(ids) == 22
    assert e.current == ids[0]
    assert e.said(e.list, "left_count") == "22 of 22 left"

    # on the list: a slip of the finger is taken back, and the cursor is where it happened
    for key in (Qt.Key.Key_K, Qt.Key.Key_K, Qt.Key.Key_D):
        e.press(key)
    assert e.current == ids[3]
    e.until(lambda: e.reviews()[ids[2]] is Review.DISMISSED)
    e.press(Qt.Key.Key_U)
    e.until(lambda: e.reviews()[ids[2]] is Review.NEW and e.current == ids[2])
    e.press(Qt.Key.Key_L)
    e.until(lambda: e.said(e.list, "left_count") == "19 of 22 left, 1 for later")

    # only what is new, through the desk
    e.press(Qt.Key.Key_F)
    e.until(lambda: len(e.list.model.rows) == 19)
    assert e.current == ids[3]
    e.press(Qt.Key.Key_Return)
    e.at_desk(ids[3])
    for number in range(3, 9):
        assert e.said(e.desk, "candidate_place") == f"candidate {number - 2} of 19"
        e.press(Qt.Key.Key_D)
        e.at_desk(ids[number + 1])
    e.until(lambda: e.said(e.desk, "strip_left") == "13 of 19 left")  # once it is on the record
    e.press(Qt.Key.Key_Tab)
    e.at_desk(ids[10])
    e.press(Qt.Key.Key_U, CONTROL)
    e.at_desk(ids[8])
    assert e.reviews()[ids[8]] is Review.NEW
    e.press(Qt.Key.Key_D)
    e.at_desk(ids[9])

    # back on the list the cursor stands where the desk was; the sheet has the same cursor
    e.press(Qt.Key.Key_3, CONTROL)
    e.until(lambda: e.list.ready and e.current == ids[9])
    e.press(Qt.Key.Key_C)
    e.until(lambda: e.list.on_sheet and e.list.ready)
    sheet = e.list.sheet
    assert [entry.row_id for entry in sheet.grid.entries] == ids[9:]
    e.press(Qt.Key.Key_D)
    assert e.current == ids[10]
    e.until(lambda: e.reviews()[ids[9]] is Review.DISMISSED)
    e.press(Qt.Key.Key_Right)
    assert e.current == ids[11]
    e.press(Qt.Key.Key_Left)
    e.press(Qt.Key.Key_Return)
    e.at_desk(ids[10])
    for number in range(10, 21):
        e.press(Qt.Key.Key_D)
        e.at_desk(ids[number + 1])
    e.press(Qt.Key.Key_D)
    e.until(lambda: "last candidate" in e.window.toast.sentence)

    # what was put off comes last
    e.press(Qt.Key.Key_3, CONTROL)
    e.until(lambda: e.list.ready and not e.list.model.rows)
    assert e.list.on_sheet
    e.press(Qt.Key.Key_Escape)
    e.press(Qt.Key.Key_F)
    e.until(lambda: e.current == ids[2])
    e.press(Qt.Key.Key_K)
    e.until(lambda: not e.list.model.rows)
    e.press(Qt.Key.Key_F)
    assert e.said(e.list, "left_count") == "All 22 reviewed"
    e.close()
    _check_record(e.folder, ids)


def _check_record(folder: Path, ids: list[str]) -> None:
    """What the next start finds: reviews, who said them when, and the place."""
    with_it = Workbench(folder, automatic_search=False)
    try:
        search = with_it.searches()[0].search
        stored = {c.candidate.id: c.candidate.review for c in with_it.candidates(search.id)}
        kept = {i for i, review in stored.items() if review is Review.KEPT}
        assert kept == {ids[0], ids[1], ids[2]}
        assert {stored[i] for i in ids[3:]} == {Review.DISMISSED}
        lines = [x for x in with_it._casebook.journal() if x.action == "candidate reviewed"]
        told = [(x.subject, x.detail["before"], x.detail["review"]) for x in lines]
        assert told[2:5] == [
            (ids[2], "new", "dismissed"),
            (ids[2], "dismissed", "new"),
            (ids[2], "new", "later"),
        ]
        assert len(told) == 22 + 2 + 2 + 1  # two taken back, one put off
        assert all(x.author == AUTHOR and x.at for x in lines)
        assert with_it.place_in((search.id,)) in ids
        assert with_it.check() == ()
    finally:
        with_it.close()


def test_the_next_candidate_is_there_at_once(
    examiner: Examiner, record_property: Callable[[str, object], None]
) -> None:
    e = examiner
    e.to_list()
    ids = list(e.reviews())
    e.press(Qt.Key.Key_Return)
    e.at_desk(ids[0])
    ahead = e.desk._walking.ahead
    took = []
    for number in range(1, 5):
        e.until(lambda n=number: {ids[n], ids[n + 1]} <= ahead.ready and not ahead.loading)  # type: ignore[misc]
        assert len(ahead.ready) <= 4
        before = thread_time()
        e.press(Qt.Key.Key_Tab)
        assert e.desk._walk.candidate_id == ids[number]
        assert e.desk.desk is not None
        e.desk._view.canvas.grab()
        took.append((thread_time() - before) * 1000)
    record_property("to_first_picture_ms", [round(ms) for ms in took])
    assert sorted(took)[len(took) // 2] < 100, took


def test_the_place_holds_over_a_restart(qtbot: QtBot, examiner: Examiner) -> None:
    e = examiner
    e.to_list()
    ids = list(e.reviews())
    for _ in range(7):
        e.press(Qt.Key.Key_Down)
    e.press(Qt.Key.Key_K)
    e.close()
    again = Examiner(qtbot, e.folder)
    again.to_list()
    assert again.current == ids[8]
    assert again.said(again.list, "left_count") == "21 of 22 left"
    again.close()
