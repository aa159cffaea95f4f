"""The session: newest frame, loss and return, freeze, start and stop in any order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from threading import Event

import numpy as np
import pytest

from app.capture import CaptureSession, Frame, SessionState, SourceEnded, SourceLost
from app.capture.bench import BenchSource, VirtualFirearm
from tests.app.capture.capture_parts import NO_PAUSE, until


class Scripted:
    """A source whose reads come from a script; records on which threads it was used."""

    name = "Scripted camera"

    def __init__(self, *reads: Callable[[], None], refusals: int = 0) -> None:
        self.reads: Iterator[Callable[[], None]] = iter(reads)
        self.refusals = refusals
        self.opened = self.closed = self.number = 0
        self.threads: set[str] = set()

    def open(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.opened += 1
        if self.opened <= self.refusals:
            raise SourceLost("The scripted camera is busy; close the other program.")

    def read(self) -> Frame:
        next(self.reads, lambda: None)()
        self.number += 1
        return Frame(np.zeros((4, 6), np.uint8), self.number, "", time.monotonic())

    def close(self) -> None:
        self.closed += 1


@pytest.fixture(scope="module")
def bench() -> BenchSource:
    return BenchSource(VirtualFirearm(1), rate=200)


def test_keeps_only_the_newest_and_measures_the_rate(bench: BenchSource) -> None:
    with CaptureSession(bench) as session:
        first = session.wait_for_frame(20)
        later = session.wait_for_frame(20, newer_than=first)
        assert later.number > first.number
        assert until(lambda: session.frames_per_second > 5)
        assert session.state is SessionState.LIVE
        assert "Live from Bench: gun 1 shot 1" in session.sentence
    assert session.state is SessionState.STOPPED
    assert session.frames_per_second == 0


def test_nothing_comes_after_stop_and_the_source_is_closed() -> None:
    source = Scripted()
    session = CaptureSession(source)
    session.start()
    session.wait_for_frame(30)
    session.stop()
    last, number = session.newest(), source.number
    assert source.closed >= 1
    assert source.threads == {"capture"}
    with pytest.raises(SourceLost, match="off"):
        session.wait_for_frame(0.05)
    assert (session.newest(), source.number) == (last, number)


def test_start_and_stop_in_any_order(bench: BenchSource) -> None:
    session = CaptureSession(bench)
    session.stop()
    session.stop()
    session.start()
    session.start()
    session.wait_for_frame(20)
    session.stop()
    session.start()
    assert session.wait_for_frame(20) is not None
    session.stop()
    assert not any(thread.name == "capture" for thread in threading.enumerate())


def test_freeze_holds_the_picture_while_frames_go_on(bench: BenchSource) -> None:
    with CaptureSession(bench) as session:
        session.wait_for_frame(20)
        session.freeze()
        held = session.newest()
        assert held is not None
        assert until(lambda: session.frames_per_second > 5)
        assert session.frozen
        assert session.newest() is held
        assert session.wait_for_frame(1) is held
        session.thaw()
        assert session.wait_for_frame(20, newer_than=held).number > held.number


def test_freezing_before_any_frame_holds_nothing() -> None:
    session = CaptureSession(Scripted())
    session.freeze()
    assert not session.frozen


def test_unplugging_is_told_and_plugging_in_again_taken_up(bench: BenchSource) -> None:
    with CaptureSession(bench, pauses=NO_PAUSE) as session:
        session.wait_for_frame(20)
        bench.unplug()
        assert until(lambda: session.state is SessionState.LOST)
        assert session.sentence == "The bench camera is unplugged; plug it in again."
        last = session.newest()
        assert last is not None
        with pytest.raises(SourceLost, match="unplugged"):
            session.wait_for_frame(0.05)
        bench.plug()
        assert session.wait_for_frame(20, newer_than=last).number > last.number
        assert session.state is SessionState.LIVE


def test_a_busy_camera_is_tried_again_with_growing_pauses() -> None:
    pauses: list[float] = []

    class Recording(tuple[float, ...]):
        def __getitem__(self, index: object) -> float:  # type: ignore[override]
            pauses.append(float(index))  # type: ignore[arg-type]
            return 0.001

    source = Scripted(refusals=5)
    session = CaptureSession(source)
    session._pauses = Recording((1.0, 2.0, 3.0))
    session.start()
    session.wait_for_frame(30)
    session.stop()
    assert pauses[:5] == [0, 1, 2, 2, 2]


def test_the_reason_is_told_while_the_camera_is_busy() -> None:
    with CaptureSession(Scripted(refusals=10**9), pauses=(60.0,)) as session:
        assert until(lambda: session.state is SessionState.LOST)
        assert session.sentence == "The scripted camera is busy; close the other program."
        with pytest.raises(SourceLost, match="busy"):
            session.wait_for_frame(0.02)


def test_a_fault_in_the_driver_does_not_end_the_session() -> None:
    def fail() -> None:
        raise RuntimeError("driver fell over")

    with CaptureSession(Scripted(fail), pauses=(60.0,)) as session:
        assert until(lambda: session.state is SessionState.LOST)
        assert session.sentence == "Scripted camera failed unexpectedly: driver fell over"


def test_a_stream_that_blocks_silently_is_told_and_stop_still_returns() -> None:
    now, blocked = [0.0], Event()
    source = Scripted(lambda: None, lambda: (blocked.wait(30), None)[1])
    session = CaptureSession(source, quiet_after=3.0, clock=lambda: now[0])
    session.start()
    session.wait_for_frame(30)
    assert session.state is SessionState.LIVE
    now[0] = 4.2
    assert session.state is SessionState.LOST
    assert (
        session.sentence == "No frame from Scripted camera for 4 s; check the camera and its cable."
    )
    blocked.set()
    assert until(lambda: session.state is SessionState.LIVE)
    session.stop()


def test_recorded_material_that_ends_stops_the_session() -> None:
    def end() -> None:
        raise SourceEnded("It has ended.")

    session = CaptureSession(Scripted(lambda: None, end))
    session.start()
    assert until(lambda: session.state is SessionState.STOPPED)
    assert session.sentence == "It has ended."
    assert session.newest() is not None
    session.start()
    assert until(lambda: session.state is SessionState.LIVE)
    session.stop()
