"""The acquisition's speed: ``make bench-acquire``, or ``python -m tests.bench.acquire [FILE]``.

A camera of five megapixels sends 30 JPEG pictures a second over HTTP on loopback, from a process
of its own; the real acquire screen (1920 x 1080, off screen) shows them with focus map, histogram
and flashing of clipped pixels on, and captures. Prints a table and writes bench-acquire.json:

- frame_age: from the sending of a frame to the end of its painting;
- event_loop_gap: between two turns of the event loop that is asked to turn every 10 ms;
- capture_to_saved: from the key to the picture being on the disk, hashed and in the journal.

Each has median_ms, p95_ms, n. As other work on the machine lengthens them, cpu_ms is what they take
of a processor: of the frame's age, all threads by frames shown; of the loop's gap, the window's own
thread at the 95th percentile. The figures are for reading: nothing here passes or fails.
"""

import app  # isort: skip  first of all: it sets the number of threads before numpy is loaded

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, process_time, thread_time
from typing import Any

import numpy as np

for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)
if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.capture import Frame  # noqa: E402
from app.domain import Acquired, Author  # noqa: E402
from app.main import application  # noqa: E402
from app.workbench import Registration, Workbench  # noqa: E402
from widgets.acquire import AcquireScreen  # noqa: E402
from widgets.bridge import Bridge  # noqa: E402

WINDOW = (1920, 1080)
BEAT_MS = 10
LIVE_S = 12.0
CAPTURES = 16
WARM_UP_S = 2.0
BUDGET_S = 40.0
"""After so long no further capture is begun."""


class Nowhere:
    """Stands in for the main window."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


@dataclass
class Taken:
    """What was seen while the camera ran, in milliseconds."""

    ages: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    measured: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def camera() -> Iterator[str]:
    """The address of a camera that runs in another process."""
    command = [sys.executable, "-m", "tests.bench.stream"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


@contextmanager
def opened(folder: Path) -> Iterator[AcquireScreen]:
    """The screen on a casebook with one mark."""
    workbench = Workbench(folder, workers=1, automatic_search=False)
    workbench.set_author(Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor"))
    mark = workbench.register(Registration("2026-0001", "1", "A"))
    bridge = Bridge(workbench)
    nowhere: Any = Nowhere()
    screen = AcquireScreen(workbench, bridge, nowhere)
    screen.resize(*WINDOW)
    screen.show()
    screen.choose_mark(mark.id)
    try:
        yield screen
    finally:
        screen.close()
        screen.camera.shut_down()
        bridge.close()
        workbench.close()
        screen.deleteLater()
        QApplication.processEvents()


def turn(until: Callable[[], bool], seconds: float) -> bool:
    """Let the event loop run until something is so, or the time is over."""
    loop, end = QEventLoop(), monotonic() + seconds
    look = QTimer()
    look.timeout.connect(lambda: loop.quit() if until() or monotonic() > end else None)
    look.start(20)
    loop.exec()
    return until()


def watch(screen: AcquireScreen, taken: Taken) -> QTimer:
    """Note every frame painted, every figure measured, and every turn of the loop."""

    def painted(frame: Frame) -> None:
        taken.ages.append(1000 * (monotonic() - float(frame.settings["camera_time"])))
        taken.numbers.append(frame.number)

    def measured(_: object) -> None:
        taken.measured += 1

    last, worked = perf_counter(), thread_time()

    def beat() -> None:
        nonlocal last, worked
        now, busy = perf_counter(), thread_time()
        taken.gaps.append(1000 * (now - last))
        taken.worked.append(1000 * (busy - worked))
        last, worked = now, busy

    screen.live.painted = painted
    screen.station.on_measured(measured)
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(BEAT_MS)
    return timer


def live(screen: AcquireScreen) -> Taken:
    """The camera runs and nobody touches anything."""
    taken = Taken()
    timer = watch(screen, taken)
    turn(lambda: False, 0.2)
    for kept in (taken.ages, taken.gaps, taken.worked, taken.numbers):
        kept.clear()
    began, cpu = perf_counter(), process_time()
    turn(lambda: False, LIVE_S)
    taken.seconds, taken.cpu_s = perf_counter() - began, process_time() - cpu
    timer.stop()
    screen.live.painted = lambda _: None
    return taken


def captures(screen: AcquireScreen, until: float) -> list[float]:
    """Capture again and again while the camera runs, at least once."""
    taken: list[float] = []
    kept: list[str] = []
    pressed = 0.0

    def captured(acquired: Acquired) -> None:
        if acquired.id not in kept:  # a frame that was sent before is the record it was
            taken.append(1000 * (perf_counter() - pressed))
        kept.append(acquired.id)

    screen.station.on_captured(captured)
    for number in range(CAPTURES):
        if taken and perf_counter() > until:
            break
        pressed = perf_counter()
        screen.station.act("capture")
        turn(lambda n=number: len(kept) > n, 20)
        turn(lambda: not screen.station.bridge.busy, 5)
        turn(lambda: False, 0.25)
    return taken


def figure(values: list[float], **more: float) -> dict[str, float]:
    """Median, 95th percentile and count."""
    median, p95 = (round(float(np.percentile(values, q)), 2) for q in (50, 95))
    return {"median_ms": median, "p95_ms": p95, "n": len(values), **more}


def run(screen: AcquireScreen, address: str, until: float) -> tuple[Taken, list[float]]:
    """Everything that is measured."""
    screen.start_camera(address)
    if not turn(lambda: screen.live.frames_drawn > 3, 20):
        raise TimeoutError("No picture came.")
    screen.station.act("focus map")
    turn(lambda: False, WARM_UP_S)
    taken = live(screen)
    return taken, captures(screen, until)


def said(taken: Taken) -> str:
    """How many frames were shown, and in which order."""
    numbers = np.diff(taken.numbers)
    shown, rate = len(taken.numbers), len(taken.numbers) / taken.seconds
    once = "each once, newest first" if (numbers > 0).all() else "NOT each once and newest first"
    return (
        f"{shown} frames shown in {taken.seconds:.0f} s ({rate:.1f} a second), {once}; "
        f"{int((numbers - 1).sum())} left out; measured {taken.measured} times."
    )


def main(target: Path) -> None:
    """Measures everything, prints the table and writes ``target``."""
    began = perf_counter()
    window = application()
    with (
        TemporaryDirectory() as folder,
        camera() as address,
        opened(Path(folder) / "casebook") as screen,
    ):
        taken, saved = run(screen, address, began + BUDGET_S)
        size = screen.live.width(), screen.live.height()
    cpu = round(1000 * taken.cpu_s / max(len(taken.ages), 1), 2)
    facts = {
        "frame_age": figure(taken.ages, cpu_ms=cpu),
        "event_loop_gap": figure(
            taken.gaps, cpu_ms=round(float(np.percentile(taken.worked, 95)), 2)
        ),
        "capture_to_saved": figure(saved),
    }
    for name, fact in facts.items():
        words = "".join(f"{key:>12} {value:8.1f}" for key, value in fact.items())
        print(f"{name:18}{words}")
    print(said(taken))
    print(
        f"Picture of {size[0]} x {size[1]} on the screen; {taken.cpu_s / taken.seconds:.0%} "
        f"of one processor; load {os.getloadavg()[0]:.1f}."
    )
    target.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"Casehead {app.__version__}, {perf_counter() - began:.0f} s; written to {target}.")
    window.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("bench-acquire.json"))
