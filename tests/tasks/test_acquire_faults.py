"""What goes wrong while images are acquired: a sentence each, no frozen window, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.capture import CaptureSession, Frame, SessionState, cameras, open_source
from app.capture.cameras import OpenCVDevice
from app.capture.frame import SourceLost
from app.domain import Acquired, Author, CaseheadError, Light, now
from app.main import application
from app.store import pixels as pixel_files
from app.workbench import Registration, Workbench
from tests.mjpeg import MjpegServer
from tests.widgets.conftest import bench_frame, close
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

PATIENCE_MS = 30_000
AUTHOR = Author("Harbor City", "Bench 1", "R. Okafor")


class Pulse:
    """How long the window's event loop was away at most, seconds, and how long the machine."""

    def __init__(self) -> None:
        self.longest = self.stood_still = 0.0
        self._last = time.monotonic()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._over, self._other = Event(), Thread(target=self._watch)

    def __enter__(self) -> Pulse:
        self._timer.start(4)
        self._other.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        self._over.set()
        self._other.join()

    def _beat(self) -> None:
        now_s = time.monotonic()
        self.longest, self._last = max(self.longest, now_s - self._last), now_s

    def _watch(self) -> None:
        """A thread that does nothing is away for as long as the machine lets nobody go on."""
        last = time.monotonic()
        while not self._over.wait(0.02):
            now_s = time.monotonic()
            self.stood_still, last = max(self.stood_still, now_s - last), now_s


class Bench:
    """The acquire screen on a casebook with one mark."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.workbench.set_author(AUTHOR)
        mark = self.workbench.register(Registration("2026-0412", "3", "3A"))
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.window.show_acquire(mark.id)
        self.screen = self.window.acquire
        self.captured: list[Acquired] = []
        self.screen.station.on_captured(self.captured.append)
        self.until(lambda: self.screen.station.mark_id == mark.id)

    def until(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    @property
    def banner(self) -> str:
        found = self.window.findChild(QLabel, "camera_says")
        assert isinstance(found, QLabel)
        return found.text() if self.screen._banner.isVisible() else ""

    @property
    def live(self) -> bool:
        """Whether frames come, and nothing of a loss is said any more."""
        return self.screen.station.state is SessionState.LIVE and "check the" not in self.banner

    def start(self, spec: str) -> None:
        self.screen.start_camera(spec)
        self.until(lambda: self.screen.live.frame is not None)

    def press_capture(self) -> str:
        """The sentence that comes of it."""
        self.window.toast.hide()
        self.screen.live.setFocus()
        self.qtbot.keyClick(self.screen.live, Qt.Key.Key_Space)
        self.until(lambda: self.window.toast.isVisible() and not self.screen.station.capturing)
        return self.window.toast.sentence

    def kept(self) -> int:
        (case,) = self.workbench.tree()
        marks = case.exhibits[0].cartridge_cases[0].marks
        return sum(len(mark.acquired) for mark in marks)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path / "casebook")
    yield made
    close(qtbot, made.window)


@pytest.fixture
def camera() -> Iterator[MjpegServer]:
    with MjpegServer([np.asarray(bench_frame(2, 1).pixels, np.uint8)], rate=25) as made:
        yield made


def test_a_camera_that_goes_freezes_or_sends_nonsense(bench: Bench, camera: MjpegServer) -> None:
    bench.start(camera.address)
    assert bench.press_capture().startswith("Captured and saved.")
    picture = camera._parts
    with Pulse() as pulse:
        _goes_and_comes_back(bench, camera)
        camera.show_bytes(b"this is no picture" * 50)
        bench.until(lambda: "check the" in bench.banner)
        assert bench.press_capture().startswith("Nothing was captured:")
        camera._parts = picture
        bench.until(lambda: bench.live)
    assert bench.kept() == len(bench.captured) == 1
    assert bench.workbench.check() == ()
    away = pulse.longest - pulse.stood_still  # a camera waited for takes longer
    assert away < 3.0, f"the window was away for {away:.2f} s"


def _goes_and_comes_back(bench: Bench, camera: MjpegServer) -> None:
    camera.drop()
    bench.until(lambda: "check the" in bench.banner)
    assert bench.press_capture().startswith("Nothing was captured:")
    camera.resume()
    bench.until(lambda: bench.live)

    camera.hold()
    bench.until(lambda: "check the" in bench.banner)
    assert bench.press_capture().startswith("Nothing was captured:")
    camera.resume()
    bench.until(lambda: bench.live)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("video:{}/notes.avi", "notes.avi"),
        ("folder:{}", "picture"),
        ("http://127.0.0.1:9/nothing", "check the address"),
        ("device:77", "not connected"),
        ("nonsense", "nonsense"),
    ],
)
def test_what_is_no_camera_is_told(tmp_path: Path, spec: str, says: str) -> None:
    (tmp_path / "notes.avi").write_text("bought bread")
    with pytest.raises(CaseheadError, match=says):
        source = open_source(spec.format(tmp_path))
        source.open()
        source.read()


def test_a_camera_another_station_holds_is_told_and_taken_up_when_it_is_free(
    bench: Bench,
) -> None:
    picture = np.asarray(bench_frame(2, 1).pixels, np.uint8)
    with MjpegServer([picture], rate=25, most=1) as camera:
        other = CaptureSession(open_source(camera.address), pauses=(0.05,))
        with other:
            first = other.wait_for_frame(30)
            bench.screen.start_camera(camera.address)
            bench.until(lambda: "Nothing that can be shown comes from" in bench.banner)
            assert bench.press_capture() != ""
            assert bench.kept() == 0
            other.wait_for_frame(30, newer_than=first)
            assert other.state is SessionState.LIVE
        bench.until(lambda: bench.screen.live.frame is not None and bench.live)
        assert bench.press_capture().startswith("Captured and saved.")
    assert bench.kept() == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the cameras of Linux are files")
def test_a_device_another_program_holds_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "video0"
    node.touch()
    monkeypatch.setattr(cameras, "Path", lambda _: node)
    with pytest.raises(SourceLost, match="another program may be using it: close that first"):
        OpenCVDevice(98).open()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are another matter there")
def test_a_full_disk_is_told_and_the_next_capture_is_kept(
    bench: Bench, camera: MjpegServer
) -> None:
    import resource

    bench.start(camera.address)
    assert bench.press_capture().startswith("Captured and saved.")
    camera.show(np.asarray(bench_frame(1, 1).pixels, np.uint8))
    before = np.asarray(bench.screen.live.frame.pixels, float)  # type: ignore[union-attr]
    bench.until(lambda: np.abs(bench.screen.live.frame.pixels - before).mean() > 4)  # type: ignore[union-attr]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        said = bench.press_capture()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert said.startswith("Nothing was captured: The disk that holds")
    assert "is full" in said
    assert bench.kept() == 1
    assert not list((bench.workbench.folder / "pixels").glob("*.part"))
    assert bench.press_capture().startswith("Captured and saved.")
    assert bench.kept() == 2
    assert bench.workbench.check() == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or mount is None or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_fills_up_loses_nothing_that_was_saved(small_disk: Path) -> None:
    workbench = Workbench(small_disk / "casebook", automatic_search=False)
    workbench.set_author(AUTHOR)
    mark = workbench.register(Registration("2026-0412", "3", "3A"))
    kept = 0
    with pytest.raises(CaseheadError, match="is full; nothing of the last change was kept"):
        for number in range(100):
            workbench.capture(mark.id, _noise(number), camera="bench")
            kept += 1
    assert kept > 3
    assert workbench.check() == ()
    workbench.close()
    again = Workbench(small_disk / "casebook", automatic_search=False)
    (case,) = again.tree()
    assert len(case.exhibits[0].cartridge_cases[0].marks[0].acquired) == kept
    assert again.check() == ()
    again.close()


def _noise(seed: int) -> Frame:
    pixels = np.random.default_rng(seed).integers(0, 256, (300, 400), dtype=np.uint8)
    return Frame(pixels, seed, now(), float(seed), {}, 12.0, Light.RING)


def test_a_folder_that_may_not_be_written_is_told(bench: Bench, camera: MjpegServer) -> None:
    bench.start(camera.address)
    folder = bench.workbench.folder / "pixels"
    forbid, allow = _lock(folder)
    if not forbid():
        allow()
        pytest.skip("root may write everywhere here, and no folder can be made immutable")
    try:
        said = bench.press_capture()
    finally:
        allow()
    assert "This user is not allowed to read or write" in said
    assert bench.kept() == 0
    assert bench.press_capture().startswith("Captured and saved.")
    assert bench.kept() == 1


def _lock(folder: Path) -> tuple[Callable[[], bool], Callable[[], object]]:
    """Ways to forbid writing in a folder (True when it worked) and to allow it again."""
    if os.name == "posix" and os.geteuid() != 0:
        return lambda: folder.chmod(0o500) is None, lambda: folder.chmod(0o700)

    def flag(sign: str) -> bool:
        chattr = shutil.which("chattr")
        if chattr is None:
            return False
        made = subprocess.run([chattr, sign, str(folder)], check=False, capture_output=True)
        return made.returncode == 0

    return lambda: flag("+i"), lambda: flag("-i")


def test_a_slow_disk_freezes_nothing(
    bench: Bench, camera: MjpegServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk stands still until the window has gone on: whoever waits for it fails."""
    bench.start(camera.address)
    write, begun, go_on = pixel_files.write_durably, Event(), Event()

    def crawl(path: Path, data: bytes) -> None:
        begun.set()
        assert go_on.wait(PATIENCE_MS / 1000)
        write(path, data)

    monkeypatch.setattr(pixel_files, "write_durably", crawl)
    bench.screen.live.setFocus()
    bench.qtbot.keyClick(bench.screen.live, Qt.Key.Key_Space)
    bench.until(begun.is_set)
    drawn = bench.screen.live.frames_drawn
    assert bench.screen.station.capturing
    bench.qtbot.keyClick(bench.screen.live, Qt.Key.Key_Space)
    bench.until(lambda: bench.screen.live.frames_drawn - drawn > 5)
    assert bench.screen.station.capturing and not bench.captured
    go_on.set()
    bench.until(lambda: bool(bench.captured))
    assert bench.kept() == len(bench.captured) == 1
    assert bench.workbench.check() == ()
