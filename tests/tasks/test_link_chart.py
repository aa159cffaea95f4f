"""The link chart from what was reviewed and verified: look, filter, export, by keyboard."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import networkx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import application
from app.workbench import Workbench
from tests.linked_book import LinkedBook, linked_book
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.casework.links import LinksPage
from widgets.main_window import MainWindow

PATIENCE_MS = 20_000


class Analyst:
    """A window on linked cases; ``asked`` is where the chart is to be written."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot = qtbot
        self.workbench = Workbench(folder, automatic_search=False)
        self.book: LinkedBook = linked_book(self.workbench)
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.window.show_leads("links")
        self.page = self.window.leads.pages["links"]
        assert isinstance(self.page, LinksPage)
        self.asked: Path | None = None
        self.page._ask_file = lambda _parent: self.asked
        self.settle()
        self.page.setFocus()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.page.ready, timeout=PATIENCE_MS)

    def press(self, key: Qt.Key, modifier: object = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget()
        assert target is not None
        self.qtbot.keyClick(target, key, modifier)

    def labels(self, kind: str) -> set[str]:
        return {n.label for n in self.page.loaded.chart.nodes if n.kind == kind}

    def export(self, path: Path) -> None:
        self.asked = path
        self.press(Qt.Key.Key_E)
        last = path.with_name(f"{path.stem}-edges.csv") if path.suffix == ".csv" else path
        self.qtbot.waitUntil(last.is_file, timeout=PATIENCE_MS)


@pytest.fixture
def analyst(qtbot: QtBot, tmp_path: Path) -> Iterator[Analyst]:
    made = Analyst(qtbot, tmp_path / "casebook")
    yield made
    close(qtbot, made.window)


def test_chart_filter_export(analyst: Analyst, tmp_path: Path) -> None:
    page = analyst.page
    linked = {"2026-0412", "2026-0440", "2026-0451", "2026-0460", "2026-0502", "2026-0517"}
    assert analyst.labels("case") == linked  # not 2026-0600, which nothing links
    assert {"Gun A of 2026-0412", "Norvik N9 K5521"} == analyst.labels("gun")

    analyst.press(Qt.Key.Key_S)  # hits and leads -> hits
    analyst.settle()
    analyst.qtbot.waitUntil(lambda: len(analyst.labels("case")) == 3)
    assert analyst.labels("case") == {"2026-0412", "2026-0440", "2026-0451"}

    analyst.press(Qt.Key.Key_X)  # all filters off
    analyst.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    for sign in "0502":
        analyst.press(Qt.Key(ord(sign)))
    analyst.qtbot.waitUntil(lambda: len(analyst.labels("case")) == 2, timeout=PATIENCE_MS)
    analyst.press(Qt.Key.Key_Return)  # back to the chart
    analyst.settle()
    assert analyst.labels("case") == {"2026-0502", "2026-0517"}

    for name in ("chart.png", "chart.svg", "chart.graphml", "chart.csv"):
        analyst.export(tmp_path / name)
    assert cv2.imread(str(tmp_path / "chart.png")).shape[0] > 200
    assert "lead, unconfirmed" in (tmp_path / "chart.svg").read_text("utf-8")
    graph = networkx.read_graphml(tmp_path / "chart.graphml")
    states = [data["state"] for *_, data in graph.edges(data=True) if data.get("state")]
    assert states == ["lead"]
    with (tmp_path / "chart-nodes.csv").open(newline="", encoding="utf-8") as stream:
        cases = {r["label"] for r in csv.DictReader(stream) if r["kind"] == "case"}
    assert cases == {"2026-0502", "2026-0517"}
    told = [x for x in analyst.workbench._casebook.journal() if x.action == "link chart exported"]
    assert len(told) == 4
    files = [name for x in told for name in json.loads(json.dumps(x.detail))["files"]]
    assert sorted(files) == [
        *("chart-edges.csv", "chart-nodes.csv", "chart.graphml", "chart.png", "chart.svg")
    ]

    analyst.press(Qt.Key.Key_Right)
    node = page.view.current
    assert node and page.side.title.text()
    case = next(n.case_id for n in page.loaded.chart.nodes if n.id == node)
    analyst.press(Qt.Key.Key_Return)
    assert analyst.window.current == "casebook"
    row = analyst.window.casebook.tree.current_row
    assert row is not None and row.id == case
