"""Drawing keeps up with the hand: coarser while moving, in full at rest."""

from __future__ import annotations

from compare_parts import canvas_of, desk_of
from pytestqt.qtbot import QtBot

from widgets.compare import CompareScreen
from widgets.compare.view.pace import Pace


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def drawn(pace: Pace, clock: Clock, full_s: float, pause_s: float = 0.01) -> float:
    """One draw after a pause; what a full one takes is shared out over the pixels."""
    clock.now += pause_s
    share = pace.share()
    clock.now += full_s * share**2
    pace.took(full_s * share**2, share)
    return share


def test_slow_draws_in_quick_succession_become_coarser() -> None:
    clock = Clock()
    pace = Pace(clock)
    shares = [drawn(pace, clock, 0.020) for _ in range(12)]
    assert shares[:2] == [1.0, 1.0]
    assert all(0.5 <= share < 0.8 for share in shares[2:])
    hopeless = [drawn(pace, clock, 0.5) for _ in range(12)]
    assert hopeless[-1] == 0.4


def test_what_is_quick_enough_is_always_drawn_in_full() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert {drawn(pace, clock, 0.006) for _ in range(12)} == {1.0}


def test_after_a_rest_the_picture_is_full_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    for _ in range(6):
        drawn(pace, clock, 0.030)
    assert drawn(pace, clock, 0.030, pause_s=0.2) == 1.0
    for _ in range(6):
        drawn(pace, clock, 0.030)
    pace.rest()
    assert drawn(pace, clock, 0.030) == 1.0


def test_single_steps_are_drawn_in_full() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert {drawn(pace, clock, 0.030, pause_s=0.1) for _ in range(12)} == {1.0}


def test_the_canvas_ends_with_the_full_picture(opened: CompareScreen, qtbot: QtBot) -> None:
    desk, canvas = desk_of(opened), canvas_of(opened)
    for _ in range(2):
        canvas.repaint()
    canvas._pace.took(1.0, 1.0)
    for step in range(5):
        desk.pan(3.0 * step, 1.0)
        canvas.repaint()
        canvas._pace.took(1.0, 1.0)
    assert canvas._picture is not None
    assert canvas._picture.shape[1] < desk.size[0]
    qtbot.waitUntil(lambda: canvas._picture.shape[1] == desk.size[0])
    assert (canvas._picture[..., 2::-1] == desk.picture()).all()
