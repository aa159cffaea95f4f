"""The comparison desk's speed: ``make bench-desk``, or ``python -m tests.bench.desk [FILE]``.

Opens two images of 12 megapixels, then two scans of 1200 x 1200, on the real comparison screen
with a picture of 1500 x 850 and sends it real mouse, wheel and key events. A step is one event
and all that follows from it until everything is painted. Prints a table and writes
bench-desk.json (interaction -> median_ms, p95_ms, n, and cpu_ms, the median processor time of a
step on all threads). The figures are for reading: nothing here passes or fails.

Runs without a display, or on one that QT_QPA_PLATFORM or DISPLAY names (xvfb-run).
"""

import app  # isort: skip  first of all: it sets the number of threads before numpy is loaded

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, process_time

import cv2
import numpy as np
from numpy.typing import NDArray

for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)
if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt  # noqa: E402
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent  # noqa: E402
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget  # noqa: E402

from app.capture import Frame  # noqa: E402
from app.domain import Alignment, Author, Comparison, Light, Role, now  # noqa: E402
from app.main import application  # noqa: E402
from app.picture import Mode, Side, make_side  # noqa: E402
from app.picture.view import divider_px  # noqa: E402
from app.workbench import Registration, Workbench  # noqa: E402
from correlation.surface import Floats, Surface  # noqa: E402
from widgets.bridge import Bridge  # noqa: E402
from widgets.compare import CompareScreen  # noqa: E402
from widgets.compare.desk import Desk  # noqa: E402

CANVAS = (1500, 850)
STEPS = 24
WARM_UP = 2
BUDGET_S = 42.0
ALIGNMENT = Alignment(12.0, (60.0, -40.0))
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_PLAIN, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier

Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one interaction took, in milliseconds."""

    median_ms: float
    p95_ms: float
    n: int
    cpu_ms: float


class Big(Workbench):
    """A workbench whose pictures are shown as large ones made for the purpose."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, workers=1, automatic_search=False)
        self.sides: dict[str, Side] = {}

    def side(self, acquired_id: str) -> Side:
        return self.sides[acquired_id]


class Nowhere:
    """Stands in for the main window."""

    def say_place(self, screen: str, parts: tuple[str, ...]) -> None: ...

    def show_candidates(self, search_id: str | None = None) -> None: ...

    def show_casebook(self) -> None: ...


class Hand:
    """Sends real events to the screen and waits until all of it is painted."""

    def __init__(self, screen: CompareScreen) -> None:
        self.screen = screen
        self.canvas = self.part("compare_canvas")

    @property
    def desk(self) -> Desk:
        assert self.screen.desk is not None
        return self.screen.desk

    def part(self, name: str) -> QWidget:
        """A part of the screen by its name."""
        found = self.screen.findChild(QWidget, name)
        assert isinstance(found, QWidget), name
        return found

    def mouse(self, kind: QEvent.Type, at: QPoint, widget: QWidget | None = None) -> None:
        """The left button goes down, up, or moves while held."""
        to = widget or self.canvas
        button = _NONE if kind is QEvent.Type.MouseMove else _LEFT
        held = _NONE if kind is QEvent.Type.MouseButtonRelease else _LEFT
        QApplication.sendEvent(
            to, QMouseEvent(kind, QPointF(at), QPointF(to.mapToGlobal(at)), button, held, _PLAIN)
        )

    def hover(self, at: QPoint) -> None:
        """The pointer moves, no button held."""
        kind, away = QEvent.Type.MouseMove, QPointF(self.canvas.mapToGlobal(at))
        QApplication.sendEvent(
            self.canvas, QMouseEvent(kind, QPointF(at), away, _NONE, _NONE, _PLAIN)
        )

    def wheel(self, at: QPoint, turned: int, held: Qt.KeyboardModifier = _PLAIN) -> None:
        """So many notches of the wheel."""
        phase = Qt.ScrollPhase.NoScrollPhase
        away = QPointF(self.canvas.mapToGlobal(at))
        delta = QPoint(0, 120 * turned)
        QApplication.sendEvent(
            self.canvas,
            QWheelEvent(QPointF(at), away, QPoint(), delta, _NONE, held, phase, False),
        )

    def key(self, kind: QEvent.Type, key: Qt.Key, held: Qt.KeyboardModifier = _PLAIN) -> None:
        """A key goes down or up."""
        text = "," if key is Qt.Key.Key_Comma else ""
        QApplication.sendEvent(self.canvas, QKeyEvent(kind, key, held, text))

    def press(self, key: Qt.Key) -> None:
        """A key down and up."""
        self.key(QEvent.Type.KeyPress, key)
        self.key(QEvent.Type.KeyRelease, key)

    @contextmanager
    def held(self, at: QPoint, widget: QWidget | None = None) -> Iterator[None]:
        """With the left button held from a point on."""
        self.mouse(QEvent.Type.MouseButtonPress, at, widget)
        yield
        self.mouse(QEvent.Type.MouseButtonRelease, at, widget)
        QApplication.processEvents()


def measured(step: Step, steps: int = STEPS) -> Figure:
    """Step after step, until all is painted."""
    taken: list[float] = []
    worked: list[float] = []
    for number in range(steps + WARM_UP):
        began, cpu = perf_counter(), process_time()
        step(number)
        QApplication.processEvents()
        taken.append(1000 * (perf_counter() - began))
        worked.append(1000 * (process_time() - cpu))
    taken, worked = taken[WARM_UP:], worked[WARM_UP:]
    p95 = float(np.percentile(taken, 95))
    return Figure(round(median(taken), 2), round(p95, 2), len(taken), round(median(worked), 2))


def around(middle: QPoint, radius: float, number: int) -> QPoint:
    """Places on a circle, one after the other."""
    turn = 2 * np.pi * number / 17
    return middle + QPoint(round(radius * np.cos(turn)), round(radius * np.sin(turn)))


def pan(hand: Hand, mode: Mode) -> Figure:
    """The hand drags the picture."""
    set_up(hand, mode)
    start = QPoint(400, 300)
    with hand.held(start):
        return measured(
            lambda n: hand.mouse(QEvent.Type.MouseMove, around(start + QPoint(-60, 0), 60, n))
        )


def zoom(hand: Hand, mode: Mode) -> Figure:
    """The wheel, twelve notches in and twelve out."""
    set_up(hand, mode)
    return measured(lambda n: hand.wheel(QPoint(400, 300), 1 if (n // 12) % 2 == 0 else -1))


def rotate(hand: Hand, mode: Mode) -> Figure:
    """The right specimen by its key."""
    set_up(hand, mode)
    return measured(lambda n: hand.press(Qt.Key.Key_Comma))


def turn_both(hand: Hand, mode: Mode) -> Figure:
    """Both specimens by the wheel."""
    set_up(hand, mode)
    return measured(lambda n: hand.wheel(QPoint(400, 300), 1, _SHIFT))


def divider(hand: Hand, slant_deg: float = 0.0) -> Figure:
    """The dividing line dragged."""
    set_up(hand, Mode.SPLIT)
    hand.desk.turn_divider(slant_deg)
    QApplication.processEvents()
    y = hand.desk.size[1] // 2
    x = divider_px(hand.desk.view, hand.desk.size)
    with hand.held(QPoint(x, y)):
        return measured(
            lambda n: hand.mouse(QEvent.Type.MouseMove, QPoint(x + (n % 12 - 6) * 40, y))
        )


def curtain(hand: Hand) -> Figure:
    """The dividing line follows the pointer."""
    set_up(hand, Mode.SPLIT)
    hand.desk.set_curtain(True)
    found = measured(lambda n: hand.hover(QPoint(700 + (n % 12 - 6) * 40, 400)))
    hand.desk.set_curtain(False)
    return found


def blink(hand: Hand) -> Figure:
    """Held and let go by turns."""
    set_up(hand, Mode.SPLIT)

    def step(number: int) -> None:
        kind = QEvent.Type.KeyRelease if number % 2 else QEvent.Type.KeyPress
        hand.key(kind, Qt.Key.Key_Space)

    return measured(step)


def opacity(hand: Hand) -> Figure:
    """More and less of the right specimen by the keys."""
    set_up(hand, Mode.OVERLAY)
    return measured(
        lambda n: hand.press(Qt.Key.Key_PageDown if (n // 8) % 2 == 0 else Qt.Key.Key_PageUp)
    )


def light(hand: Hand, mode: Mode) -> Figure:
    """The light dragged on the hemisphere."""
    set_up(hand, mode)
    page = hand.part("page_light")
    assert isinstance(page, QAbstractButton)
    if not hand.part("hemisphere").isVisible():
        page.click()
        QApplication.processEvents()
    dome = hand.part("hemisphere")
    middle = dome.rect().center()
    with hand.held(middle, dome):
        return measured(lambda n: hand.mouse(QEvent.Type.MouseMove, around(middle, 40, n), dome))


def set_up(hand: Hand, mode: Mode) -> None:
    """A mode, fitted, and everything painted."""
    hand.desk.set_alignment(ALIGNMENT)
    hand.desk.set_mode(mode)
    hand.desk.fit()
    QApplication.processEvents()


def interactions(hand: Hand, scans: bool) -> dict[str, Callable[[], Figure]]:
    """Everything that is measured of a pair."""
    still = tuple(Mode)
    some = (Mode.SPLIT, Mode.OVERLAY, Mode.DIFFERENCE)
    found: dict[str, Callable[[], Figure]] = {}
    for name, kind, modes in (
        ("pan", pan, still),
        ("zoom", zoom, some),
        ("rotate", rotate, some),
        ("turn both", turn_both, (Mode.SPLIT,)),
        ("light", light, still if scans else ()),
    ):
        for mode in modes:
            found[f"{name}, {mode}"] = partial(kind, hand, mode)
    found["curtain"] = partial(curtain, hand)
    found["divider"] = partial(divider, hand)
    found["slanted divider"] = partial(divider, hand, 25.0)
    found["blink"] = partial(blink, hand)
    found["opacity"] = partial(opacity, hand)
    return found


def rough(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Floats:
    """Smoothed noise of standard deviation 1."""
    noise = rng.standard_normal((shape[0] // 2, shape[1] // 2), dtype=np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), sigma / 2)
    large: NDArray[np.float32] = cv2.resize(smooth, shape[::-1]).astype(np.float32)
    large /= np.float32(smooth.std())
    return large


def image(seed: int) -> Side:
    """12 megapixels at 1 um."""
    rng = np.random.default_rng(seed)
    values = np.float32(0.12) * rough(rng, (3000, 4000), 3.0) + np.float32(0.5)
    np.clip(values, 0, 1, out=values)
    return make_side(Surface(values, 1.0, "image"), f"2026-{seed}")


def scan(seed: int) -> Side:
    """1200 x 1200 points at 3.125 um, a round face with holes."""
    rng = np.random.default_rng(seed)
    heights = rough(rng, (1200, 1200), 4.0) + 4 * rough(rng, (1200, 1200), 40.0)
    y, x = np.mgrid[-1:1:1200j, -1:1:1200j].astype(np.float32)  # type: ignore[misc]
    away = x * x + y * y
    heights += 20 * away
    heights[(away > 0.96) | (away < 0.05) | (rng.random(heights.shape) < 0.01)] = np.nan
    return make_side(Surface(heights, 3.125, "scan"), f"2026-{seed}")


def keep(workbench: Big, number: str, role: Role, side: Side) -> str:
    """A registered picture that is shown as ``side``."""
    mark = workbench.register(Registration(number, "1", "A", role))
    pixels = np.random.default_rng(int(number[-1])).integers(0, 255, (120, 160), np.uint8)
    frame = Frame(pixels, 1, now(), 1.0, {}, 4.0, Light.RING)
    acquired_id = workbench.capture(mark.id, frame, pixel_um=4.0, camera="bench").id
    workbench.sides[acquired_id] = side
    return acquired_id


def wait(until: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let the window live until something is so."""
    end = monotonic() + seconds
    while not until():
        if monotonic() > end:
            raise TimeoutError("The comparison did not open in time.")
        QApplication.processEvents()


@contextmanager
def opened(folder: Path, make: Callable[[int], Side]) -> Iterator[Hand]:
    """Two pictures on the real screen, whose picture has the size of CANVAS."""
    workbench = Big(folder)
    workbench.set_author(Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor"))
    left = keep(workbench, "2026-0001", Role.EVIDENCE, make(1))
    right = keep(workbench, "2026-0002", Role.TEST_FIRE, make(2))
    workbench.save_comparison(Comparison(left, right, ALIGNMENT))
    bridge = Bridge(workbench)
    nowhere: object = Nowhere()
    screen = CompareScreen(workbench, bridge, nowhere, lambda _parent, _name: None)  # type: ignore[arg-type]
    screen.resize(CANVAS[0] + 400, CANVAS[1] + 150)
    screen.show()
    screen.open_pair(left, right)
    wait(lambda: screen.desk is not None)
    hand = Hand(screen)
    for _ in range(3):
        QApplication.processEvents()
        short = CANVAS[0] - hand.canvas.width(), CANVAS[1] - hand.canvas.height()
        screen.resize(screen.width() + short[0], screen.height() + short[1])
    wait(lambda: (hand.canvas.width(), hand.canvas.height()) == CANVAS)
    try:
        yield hand
    finally:
        screen.close()
        bridge.close()
        workbench.close()
        screen.deleteLater()
        QApplication.processEvents()


def table(figures: dict[str, Figure]) -> Iterator[str]:
    """What was measured, for the eye."""
    yield f"{'one step of':38}{'n':>4}{'median':>11}{'p95':>11}{'processor':>13}"
    for name, one in figures.items():
        over = (
            "   over 16 ms" if one.median_ms > 16 else "   p95 over 33" if one.p95_ms > 33 else ""
        )
        yield (
            f"{name:38}{one.n:>4}{one.median_ms:>8.1f} ms{one.p95_ms:>8.1f} ms"
            f"{one.cpu_ms:>10.1f} ms{over}"
        )


def main(target: Path) -> None:
    """Measures everything, prints the table and writes ``target``."""
    started = perf_counter()
    window = application()
    figures: dict[str, Figure] = {}
    with TemporaryDirectory() as folder:
        for kind, make in (("scans", scan), ("images", image)):
            with opened(Path(folder) / kind, make) as hand:
                for name, run in interactions(hand, kind == "scans").items():
                    if perf_counter() - started < BUDGET_S:
                        figures[f"{kind}: {name}"] = run()
    print(*table(figures), sep="\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Peak memory of the process: {peak:.0f} MiB. Load: {os.getloadavg()[0]:.1f}.")
    facts: dict[str, object] = {name: asdict(figure) for name, figure in figures.items()}
    facts["peak memory"] = {"mib": round(peak), "n": 1}
    target.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"Casehead {app.__version__}, {perf_counter() - started:.0f} s; written to {target}.")
    window.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("bench-desk.json"))
