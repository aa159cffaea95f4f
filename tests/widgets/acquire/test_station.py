"""What pages share: who hears what, what the capture key does, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, CaptureSession, Frame
from app.capture.bench import firearm_number
from app.capture.measures import Measured
from app.domain import Acquired, Light
from app.main import application
from app.workbench import Workbench
from tests.widgets.conftest import PIXEL_UM
from widgets.acquire.station import Station
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

LONG = 20_000


class Nowhere:
    """Stands in for the main window."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


@pytest.fixture
def station(qtbot: QtBot, workbench: Workbench) -> Iterator[Station]:
    application()
    bridge, nowhere = Bridge(workbench), Nowhere()
    anyone: Any = nowhere
    made = Station(workbench, bridge, anyone)
    made.choose_mark(workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0].mark.id)
    source = BenchSource(firearm_number(2), 1, rate=30, pixel_um=PIXEL_UM)
    made.camera._session = CaptureSession(source, pauses=(0.05,))
    made.camera._session.start()
    made.watch(True)
    yield made
    made.camera.shut_down()
    bridge.close()
    made.live.deleteLater()
    made.target.deleteLater()


def run(qtbot: QtBot, station: Station) -> Frame:
    """Begin, and the first frame."""
    station.started()
    qtbot.waitUntil(lambda: station.frame is not None, timeout=LONG)
    assert station.frame is not None
    return station.frame


def test_frames_are_told_of_in_their_order_and_the_end_too(qtbot: QtBot, station: Station) -> None:
    told: list[Frame | None] = []
    station.on_frame(told.append)
    run(qtbot, station)
    qtbot.waitUntil(lambda: len(told) > 6, timeout=LONG)
    station.stop_camera()
    qtbot.waitUntil(lambda: told[-1] is None, timeout=LONG)
    numbers = [frame.number for frame in told if frame is not None]
    assert numbers == sorted(set(numbers))
    assert not station.running and station.frame is None


def test_figures_come_off_the_gui_thread_a_few_times_a_second(
    qtbot: QtBot, station: Station
) -> None:
    figures: list[Measured] = []
    frames: list[Frame | None] = []
    station.on_measured(figures.append)
    station.on_frame(frames.append)
    run(qtbot, station)
    qtbot.waitUntil(lambda: len(figures) >= 3, timeout=LONG)
    assert len(figures) <= len(frames)
    newest = figures[-1]
    assert newest.focus > 0 and newest.focus_map is not None
    assert newest.histogram.sum() == pytest.approx(1)


def test_unseen_no_frame_is_prepared(qtbot: QtBot, station: Station) -> None:
    run(qtbot, station)
    station.watch(False)
    session = station.camera.session
    assert session is not None
    session.wait_for_frame(30, newer_than=session.newest())
    held = station.frame
    session.wait_for_frame(30, newer_than=session.newest())
    assert station.frame is held
    station.watch(True)
    qtbot.waitUntil(lambda: station.frame is not held, timeout=LONG)


def test_who_keeps_frames_gets_the_one_that_is_seen(qtbot: QtBot, station: Station) -> None:
    run(qtbot, station)
    taken: list[Frame] = []
    station.adding.append(lambda: {"asked": 1})
    station.keep_with(taken.append)
    station.turn_frozen()
    qtbot.waitUntil(lambda: station.frame is station.camera.session.newest(), timeout=LONG)
    seen = station.frame
    assert seen is not None
    station.capture()
    assert taken[0].pixels is seen.pixels and taken[0].settings["asked"] == 1
    station.before_keeping.append(lambda _: "Not now.")
    station.capture()
    assert station.refusal() == "Not now." and len(taken) == 1


def test_a_capture_is_told_of_with_how_it_was_taken(
    qtbot: QtBot, station: Station, workbench: Workbench
) -> None:
    run(qtbot, station)
    station.target.objective.setCurrentText("4x")
    station.choose_light(Light.SIDE)
    qtbot.waitUntil(lambda: station.frame.light is Light.SIDE, timeout=LONG)
    how = station.circumstances()
    assert (how.light, how.objective, how.camera) == (Light.SIDE, "4x", station.camera.name)
    kept: list[Acquired] = []
    station.on_captured(kept.append)
    station.turn_frozen()
    qtbot.waitUntil(lambda: station.frame is station.camera.session.newest(), timeout=LONG)
    seen = station.frame
    station.capture()
    assert station.capturing
    qtbot.waitUntil(lambda: len(kept) == 1, timeout=LONG)
    assert not station.capturing and kept[0].record.light is Light.SIDE
    values = workbench.surface(kept[0].id).values
    assert np.array_equal(np.round(values * 255).astype(np.uint8), seen.pixels)


def test_state_is_told_when_it_changes_and_only_then(qtbot: QtBot, station: Station) -> None:
    run(qtbot, station)
    station.turn_frozen()
    told: list[bool] = []
    station.refresh()
    station.on_state(lambda: told.append(station.frozen))
    station.refresh()
    assert told == []
    station.turn_frozen()
    assert told == [False]


def test_actions_are_done_by_name_and_unknown_ones_are_nothing(station: Station) -> None:
    done: list[str] = []
    station.actions["something"] = lambda: done.append("something")
    station.act("something")
    station.act("nobody does this")
    assert done == ["something"]


def test_of_cameras_asked_for_at_once_the_last_is_opened(qtbot: QtBot, station: Station) -> None:
    asked = [f"bench:gun={gun},um={PIXEL_UM}" for gun in (2, 3, 4)]
    for spec in asked:
        station.start_camera(spec)
        assert station.camera.switching
    qtbot.waitUntil(lambda: not station.camera.switching and not station.opening, timeout=LONG)
    assert station.camera.name == "Bench: gun 4 shot 1"
    station.start_camera(asked[0])
    station.stop_camera()
    qtbot.waitUntil(lambda: not station.camera.switching and not station.opening, timeout=LONG)
    assert not station.running


def test_a_specimen_chosen_while_another_is_opened_is_the_one_seen(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.show_acquire()
    acquire = window.acquire
    acquire.sources.choose_bench(1, 1)
    acquire.start_camera(acquire.sources.spec)
    qtbot.waitUntil(lambda: acquire.station.frame is not None, timeout=LONG)
    camera = acquire.camera
    with camera._switching:  # the one before is being closed
        acquire.sources.gun.setValue(3)
        before, camera._session = camera._session, None
        assert before is not None
        before.stop()
        acquire.station.refresh()
        acquire.sources.shot.setValue(2)
    qtbot.waitUntil(lambda: acquire.camera.name == "Bench: gun 3 shot 2", timeout=LONG)
