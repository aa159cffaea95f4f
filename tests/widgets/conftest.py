"""A casebook with three small pictures of the bench and their searches, and a window on a copy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from app.capture import Frame
from app.capture.bench import firearm_number, image_of
from app.domain import Author, Light, Role, now
from app.main import application
from app.workbench import Registration, Workbench
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
PIXEL_UM = 12.0
HELD = (
    # case, label, role, calibre, gun, shot
    ("2026-0412", "1A", Role.EVIDENCE, "9 mm Luger", 1, 1),
    ("2026-0440", "T1", Role.TEST_FIRE, "9 mm Luger", 1, 2),
    ("2026-0451", "1A", Role.EVIDENCE, "9 mm Luger", 2, 1),
    ("2026-0460", "1A", Role.EVIDENCE, ".45 Auto", 2, 1),
)


def bench_frame(gun: int, shot: int) -> Frame:
    """A small picture of the bench, with its scale."""
    return Frame(_pixels(gun, shot), shot, now(), float(shot), {}, PIXEL_UM, Light.RING)


@cache
def _pixels(gun: int, shot: int) -> NDArray[np.uint8]:
    return image_of(firearm_number(gun), shot, pixel_um=PIXEL_UM)[0]


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The casebook itself; only copies of it are used."""
    folder = tmp_path_factory.mktemp("held") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(AUTHOR)
    captured = []
    for case, label, role, calibre, gun, shot in HELD:
        mark = workbench.register(Registration(case, "1", label, role, calibre))
        captured.append(workbench.capture(mark.id, bench_frame(gun, shot), camera="bench"))
    for acquired in captured[:2]:
        workbench.search(acquired.id)
    workbench.close()
    return folder


@pytest.fixture
def workbench(held: Path, tmp_path: Path) -> Iterator[Workbench]:
    """On a copy of the casebook."""
    folder = tmp_path / "casebook"
    copytree(held, folder)
    made = Workbench(folder, automatic_search=False)
    yield made
    made.close()


@pytest.fixture
def bridge(qtbot: QtBot, workbench: Workbench) -> Bridge:
    """The window closes it."""
    return Bridge(workbench)


@pytest.fixture
def window(qtbot: QtBot, workbench: Workbench, bridge: Bridge) -> Iterator[MainWindow]:
    """Shown, active, and closed with everything behind it."""
    application()
    made = MainWindow(workbench, bridge)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=20_000)
    qtbot.waitUntil(lambda: made.current == "start" or made.casebook.ready, timeout=20_000)
    yield made
    close(qtbot, made)


def close(qtbot: QtBot, window: MainWindow) -> None:
    """Close a window; qtbot would delete it before everything behind it has ended."""
    window.close()
    qtbot.waitUntil(lambda: window.over, timeout=20_000)
    window.deleteLater()


def acquired_of(workbench: Workbench, case: str) -> str:
    """The picture of a case."""
    node = next(n for n in workbench.tree() if n.case.number == case)
    return node.exhibits[0].cartridge_cases[0].marks[0].acquired[0].id
