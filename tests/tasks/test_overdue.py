"""An exhibit lies too long: it is seen on the board, entered from there, and gone from it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt

from app.casework.clock import parsed, told
from app.domain import now
from tests.tasks.by_hand import Received, capture, register
from tests.tasks.casework_bench import OKAFOR, CaseworkBench
from tests.window_bench import CONTROL

LATE = (Received("2026-0512", 1, 3), Received("2026-0513", 2, 2))


def test_overdue_entered_and_gone(bench: CaseworkBench) -> None:
    workbench = bench.workbench
    bench.sign_in(OKAFOR)
    for one in LATE:
        register(bench, one)
    _in_time(bench)
    # ten days go by
    workbench.clock_now = lambda: told(parsed(now()) + timedelta(days=10))  # type: ignore[method-assign]
    bench.window.leads.board._minute.timeout.emit()
    first = _seen_too_late(bench)
    _enter_it(bench, first)
    _gone(bench, first)
    assert bench.is_sound()


def _whats(bench: CaseworkBench) -> list[str]:
    return [line.what for line in bench.window.leads.board.table.rows.lines]


def _to_board(bench: CaseworkBench) -> None:
    page = bench.window.leads.board
    bench.press(Qt.Key.Key_5, CONTROL)
    bench.press(Qt.Key.Key_F2)
    bench.until(lambda: page.isVisible() and page.ready and bench.settled)


def _in_time(bench: CaseworkBench) -> None:
    """Both wait, nothing is overdue, the rail says nothing."""
    _to_board(bench)
    bench.until(bench.window.leads.board.table.hasFocus)
    assert {f"{one.case} / 1" for one in LATE} <= set(_whats(bench))
    assert bench.words("board_overdue") == "nothing overdue"
    assert bench.place.rail.buttons["leads"].badge == 0


def _seen_too_late(bench: CaseworkBench) -> str:
    """Only what is overdue, and of that only what is to be entered."""
    page = bench.window.leads.board
    bench.until(lambda: "overdue" in bench.words("board_overdue").removeprefix("nothing overdue"))
    bench.press(Qt.Key.Key_O)
    bench.until(lambda: page.ready and page.wanted.overdue_only)
    for _ in range(12):
        if page.wanted.stages != ("entered",):
            bench.press(Qt.Key.Key_S)
            bench.until(lambda: page.ready and bench.settled)
    assert page.wanted.stages == ("entered",)
    assert sorted(_whats(bench)) == [f"{one.case} / 1" for one in LATE]
    bench.until(lambda: any("overdue by" in words for words in page.panel.words))
    return _whats(bench)[0]


def _enter_it(bench: CaseworkBench, what: str) -> None:
    """Enter leads to the camera, with its mark in hand; Space enters it."""
    one = next(one for one in LATE if what.startswith(one.case))
    page = bench.window.leads.board
    bench.until(lambda: page.table.current is not None and page.table.current.what == what)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.current == "acquire" and one.case in bench.words("place"))
    capture(bench, one)


def _gone(bench: CaseworkBench, what: str) -> None:
    """Its clock says when it was entered, and what waits for it now."""
    page, workbench = bench.window.leads.board, bench.workbench
    _to_board(bench)
    bench.until(lambda: page.ready and what not in _whats(bench))
    assert len(_whats(bench)) == 1
    (line,) = (line for line in workbench.board().lines if line.what == what)
    assert line.stage in ("searched", "reviewed")
    entered = next(s for s in workbench.clock(line.exhibit_id) if s.name == "entered")
    assert entered.state == "done in time" and entered.at
    bench.until(lambda: workbench.wait_idle(0.05))
    assert workbench.check_clock() == ()
