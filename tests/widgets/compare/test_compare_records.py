"""What the comparison screen keeps: views, conclusions, pictures, reviews."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from compare_parts import (
    CONTROL,
    LEFT,
    SHIFT,
    Navigator,
    canvas_of,
    desk_of,
    keep,
    open_pair,
    part,
    press,
    text,
    wait_place,
    wait_told,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain import (
    Alignment,
    Candidate,
    Comparison,
    Review,
    Role,
    Score,
    Search,
    SearchState,
)
from app.picture import Mode, Side
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.compare import CompareScreen
from widgets.compare.panels.conclude import NOTHING_CHOSEN
from widgets.compare.work.exporting import Target


def test_view_and_alignment_are_saved_and_restored(
    opened: CompareScreen, told: list[str], qtbot: QtBot, saved_pair: Comparison
) -> None:
    press(qtbot, opened, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(canvas_of(opened), "3")
    part(opened, QSlider, "opacity_slider").setValue(70)
    press(qtbot, opened, Qt.Key.Key_S)
    wait_told(qtbot, told, "saved")
    assert not desk_of(opened).unsaved
    open_pair(qtbot, opened, saved_pair)
    desk = desk_of(opened)
    assert desk.alignment.shift_um == pytest.approx((200.0, -60.0))
    assert desk.view.mode is Mode.OVERLAY and desk.view.opacity == 0.7


def test_an_alignment_made_by_hand_is_kept_when_the_pair_is_left(
    opened: CompareScreen, qtbot: QtBot, saved_pair: Comparison
) -> None:
    press(qtbot, opened, Qt.Key.Key_Left)
    moved = desk_of(opened).alignment
    assert desk_of(opened).moved
    open_pair(qtbot, opened, saved_pair)
    assert desk_of(opened).alignment == moved and not desk_of(opened).unsaved


def open_conclusion(screen: CompareScreen, qtbot: QtBot) -> None:
    press(qtbot, screen, Qt.Key.Key_Return)
    assert part(screen, QWidget, "conclude_panel").isVisible()
    # the drawer is laid out before it is clicked into, also under the window's own style
    QApplication.processEvents()


def test_a_conclusion_is_recorded_and_shown(
    opened: CompareScreen, workbench: Workbench, qtbot: QtBot, saved_pair: Comparison
) -> None:
    press(qtbot, opened, Qt.Key.Key_Right)
    open_conclusion(opened, qtbot)
    first, second = workbench.scale().values[1:3]
    assert not any(b.isChecked() for b in opened.findChildren(QRadioButton))
    for count, value in enumerate((first, second), start=1):
        qtbot.mouseClick(part(opened, QRadioButton, f"value_{value.key}"), LEFT, pos=QPoint(8, 8))
        qtbot.keyClicks(part(opened, QPlainTextEdit, "reasons"), "Striae at <3 mm>")
        part(opened, QRadioButton, "examined_no").click()
        part(opened, QPushButton, "record_conclusion").click()
        said = f"Recorded: {value.label}."
        qtbot.waitUntil(lambda said=said: text(opened, "conclude_says") == said)  # type: ignore[misc]
        assert len(workbench.conclusions(saved_pair.id)) == count
        assert not any(b.isChecked() for b in opened.findChildren(QRadioButton))
    recorded = workbench.conclusions(saved_pair.id)
    assert [c.value for c in recorded] == [first.key, second.key]
    assert recorded[0].reasons == "Striae at <3 mm>"
    shown = text(opened, "earlier_conclusions")
    assert "J. Doe" in shown and shown.index(second.label) < shown.index(first.label)
    assert "superseded" in shown and "&lt;3 mm&gt;" in shown
    kept = workbench.open_comparison(saved_pair.left_id, saved_pair.right_id)
    assert kept.alignment.shift_um == pytest.approx((110.0, -60.0))


def test_nothing_is_recorded_without_a_value(
    opened: CompareScreen, workbench: Workbench, qtbot: QtBot, saved_pair: Comparison
) -> None:
    open_conclusion(opened, qtbot)
    qtbot.mouseClick(part(opened, QPushButton, "record_conclusion"), LEFT)
    assert text(opened, "conclude_says") == NOTHING_CHOSEN
    assert workbench.conclusions(saved_pair.id) == ()


def test_a_picture_that_cannot_be_read_is_told(
    screen: CompareScreen, workbench: Workbench, saved_pair: Comparison, qtbot: QtBot
) -> None:
    digest = workbench.provenance(saved_pair.right_id).acquired.digest
    for path in workbench.folder.rglob(f"{digest}*"):
        path.chmod(0o644)
        path.unlink()
    screen.open_pair(saved_pair.left_id, saved_pair.right_id)
    title = part(screen, QLabel, "compare_message_title")
    qtbot.waitUntil(lambda: title.text() == "This pair cannot be shown")
    assert screen.desk is None
    assert len(text(screen, "compare_message_sentence")) > 20


def test_late_answers_are_dropped(
    screen: CompareScreen,
    workbench: Workbench,
    saved_pair: Comparison,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    third = keep(workbench, "2024-0001", Role.TEST_FIRE, 3)
    workbench.save_comparison(Comparison(saved_pair.left_id, third, Alignment(1.0)))
    gate, passed, read = Event(), Event(), workbench.side

    def slow(acquired_id: str) -> Side:
        if acquired_id == saved_pair.right_id:
            assert gate.wait(20)
            passed.set()
        return read(acquired_id)

    monkeypatch.setattr(workbench, "side", slow)
    screen.open_pair(saved_pair.left_id, saved_pair.right_id)
    assert text(screen, "compare_message_title") == "Opening the pair ..."
    screen.open_pair(saved_pair.left_id, third)
    qtbot.waitUntil(lambda: screen.desk is not None)
    late: list[object] = []
    refused, opened = screen._refused, screen._opened
    monkeypatch.setattr(screen, "_refused", lambda *a: (refused(*a), late.append(a)))
    monkeypatch.setattr(screen, "_opened", lambda *a: (opened(*a), late.append(a)))
    gate.set()
    qtbot.waitUntil(lambda: passed.is_set() and bool(late))
    assert desk_of(screen).alignment == Alignment(1.0)


def test_automatic_alignment_is_taken_over(
    opened: CompareScreen, workbench: Workbench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = Score("cells", "1", 0.5, 0.31, 24, 7, Alignment(3.0, (5.0, 6.0)), 0.9, 0.1)
    gate, asked = Event(), []

    def compare(left_id: str, right_id: str) -> Score:
        asked.append((left_id, right_id))
        assert gate.wait(20)
        return score

    monkeypatch.setattr(workbench, "compare", compare)
    press(qtbot, opened, Qt.Key.Key_A)
    press(qtbot, opened, Qt.Key.Key_A)
    assert part(opened, QLabel, "score_sentence").toolTip() == "Aligning ..."
    gate.set()
    qtbot.waitUntil(lambda: desk_of(opened).alignment == score.alignment)
    assert part(opened, QLabel, "score_sentence").toolTip().startswith("7 of 24 cells agree")
    assert len(asked) == 1
    press(qtbot, opened, Qt.Key.Key_Z, CONTROL)
    assert desk_of(opened).alignment == Alignment(16.5, (100.0, -60.0))


def searched(workbench: Workbench, pair: Comparison) -> tuple[str, ...]:
    """A finished search of the left picture with three candidates, the pair's the first."""
    others = [keep(workbench, f"2020-{n}", Role.TEST_FIRE, n) for n in (11, 12)]
    casebook: Any = workbench._casebook
    search = casebook.add_search(Search(pair.left_id, SearchState.DONE))
    score = Score("cells", "1", 0.5, 0.3, 9, 4, Alignment(12.0), 0.9, 0.1)
    listed = [
        Candidate(search.id, acquired, rank, score)
        for rank, acquired in enumerate((pair.right_id, *others), start=1)
    ]
    casebook.replace_candidates(search.id, listed)
    return tuple(c.id for c in casebook.candidates(search.id))


def test_candidates_are_walked_and_reviewed_by_key(
    screen: CompareScreen,
    workbench: Workbench,
    told: list[str],
    saved_pair: Comparison,
    qtbot: QtBot,
) -> None:
    ids = searched(workbench, saved_pair)
    open_pair(qtbot, screen, saved_pair, ids[0], ids)
    wait_place(qtbot, screen, "candidate 1 of 3")
    press(qtbot, screen, Qt.Key.Key_Tab)
    wait_place(qtbot, screen, "candidate 2 of 3")
    assert desk_of(screen).alignment == Alignment(12.0)
    qtbot.keyClick(canvas_of(screen), Qt.Key.Key_Backtab, SHIFT)
    wait_place(qtbot, screen, "candidate 1 of 3")
    press(qtbot, screen, Qt.Key.Key_K)
    wait_place(qtbot, screen, "candidate 2 of 3")
    qtbot.mouseClick(part(screen, QPushButton, "dismiss"), LEFT)
    wait_place(qtbot, screen, "candidate 3 of 3")
    press(qtbot, screen, Qt.Key.Key_L)
    wait_told(qtbot, told, "last candidate")
    reviews = [
        line.candidate.review for line in workbench.candidates(workbench.searches()[0].search.id)
    ]
    assert reviews == [Review.KEPT, Review.DISMISSED, Review.LATER]


def test_a_review_made_elsewhere_is_shown(
    screen: CompareScreen, workbench: Workbench, saved_pair: Comparison, qtbot: QtBot
) -> None:
    ids = searched(workbench, saved_pair)
    open_pair(qtbot, screen, saved_pair, ids[0], ids)
    keep_button = part(screen, QPushButton, "keep")
    assert not keep_button.isChecked()
    workbench.review(ids[0], Review.KEPT)
    qtbot.waitUntil(keep_button.isChecked)


def test_a_read_only_casebook_shows_everything_and_records_nothing(
    workbench: Workbench,
    navigator: Navigator,
    saved_pair: Comparison,
    exported: Path,
    qtbot: QtBot,
) -> None:
    second = Workbench(workbench.folder, workers=1, automatic_search=False)
    bridge = Bridge(second)
    told: list[str] = []
    bridge.told.connect(lambda notice: told.append(notice.sentence))
    try:
        assert second.read_only
        reader = CompareScreen(second, bridge, navigator, lambda *_: Target(exported))  # type: ignore[arg-type]
        qtbot.addWidget(reader)
        reader.resize(1000, 700)
        with qtbot.waitExposed(reader):
            reader.show()
        reader.activateWindow()
        qtbot.waitUntil(reader.isActiveWindow)
        open_pair(qtbot, reader, saved_pair)
        press(qtbot, reader, Qt.Key.Key_Right)
        assert desk_of(reader).alignment.shift_um[0] == pytest.approx(110.0)
        press(qtbot, reader, Qt.Key.Key_S)
        assert told == [second.notice]
        press(qtbot, reader, Qt.Key.Key_E)
        wait_told(qtbot, told, str(exported))
        open_conclusion(reader, qtbot)
        assert not part(reader, QPushButton, "record_conclusion").isEnabled()
        assert text(reader, "conclude_says") == second.notice
    finally:
        bridge.close()
        second.close()
