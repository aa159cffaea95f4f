"""A real workbench with evidence and a test fire, and what stands in for the main window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from compare_parts import Navigator, keep
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Author, Comparison, Role
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.compare import CompareScreen
from widgets.compare.work.exporting import Target


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    bench = Workbench(tmp_path / "casebook", workers=1, automatic_search=False)
    bench.set_author(Author("Alpha laboratory", "Station 1", "J. Doe"))
    yield bench
    bench.close()


@pytest.fixture
def evidence(workbench: Workbench) -> str:
    return keep(workbench, "2026-0412", Role.EVIDENCE, 1)


@pytest.fixture
def known(workbench: Workbench) -> str:
    return keep(workbench, "2025-1107", Role.TEST_FIRE, 2)


@pytest.fixture
def bridge(qtbot: QtBot, workbench: Workbench) -> Iterator[Bridge]:
    made = Bridge(workbench)
    yield made
    made.close()


@pytest.fixture
def told(bridge: Bridge) -> list[str]:
    """The sentences shown so far."""
    sentences: list[str] = []
    bridge.told.connect(lambda notice: sentences.append(notice.sentence))
    return sentences


@pytest.fixture
def navigator() -> Navigator:
    return Navigator()


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    return tmp_path / "out" / "pair.png"


@pytest.fixture
def screen(
    qtbot: QtBot, workbench: Workbench, bridge: Bridge, navigator: Navigator, exported: Path
) -> CompareScreen:
    shown = CompareScreen(workbench, bridge, navigator, lambda *_: Target(exported))  # type: ignore[arg-type]
    qtbot.addWidget(shown)
    shown.resize(1000, 700)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    return shown


@pytest.fixture
def saved_pair(workbench: Workbench, evidence: str, known: str) -> Comparison:
    """Saved unaligned, so that opening does not need to compare."""
    return workbench.save_comparison(Comparison(evidence, known, Alignment(16.5, (100.0, -60.0))))


@pytest.fixture
def opened(screen: CompareScreen, saved_pair: Comparison, qtbot: QtBot) -> CompareScreen:
    screen.open_pair(saved_pair.left_id, saved_pair.right_id)
    qtbot.waitUntil(lambda: screen.desk is not None)
    QApplication.processEvents()  # the layout settles
    return screen
