"""Timeline, map, counts and open data as the window shows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from app.casework.mercator import plane
from app.main import application
from app.workbench import Workbench
from tests.linked_book import LinkedBook, linked_book
from tests.widgets.conftest import AUTHOR
from widgets import theme
from widgets.bridge import Bridge
from widgets.casework.linked_page import LinkedPage
from widgets.casework.links import LinksPage, ask_file
from widgets.casework.open_data_dialog import OpenDataDialog
from widgets.casework.places import PlacesPage
from widgets.casework.timeline import TimelinePage

PATIENCE_MS = 20_000


class Places:
    """A navigator that remembers where it was sent."""

    def __init__(self) -> None:
        self.casebook: list[str | None] = []

    def show_casebook(self, acquired_id: str | None = None) -> None:
        self.casebook.append(acquired_id)

    def say_place(self, screen: str, parts: tuple[str, ...]) -> None:
        assert screen == "leads" and parts

    def __getattr__(self, name: str) -> object:
        return lambda *args: pytest.fail(f"{name} was asked for")


class Opened:
    """One page over links at a time, on a casebook."""

    def __init__(self, qtbot: QtBot, workbench: Workbench) -> None:
        application()
        self.qtbot, self.workbench = qtbot, workbench
        self.bridge, self.navigator = Bridge(workbench), Places()
        self.bridge.told.connect(lambda notice: self.told.append(notice.sentence))
        self.told: list[str] = []

    def turn(self, name: str) -> LinkedPage:
        kinds = {"links": LinksPage, "timeline": TimelinePage, "places": PlacesPage}
        page: LinkedPage = kinds[name](self.workbench, self.bridge, self.navigator)
        self.qtbot.addWidget(page)
        page.resize(1280, 640)
        page.show()
        page.activateWindow()
        self.qtbot.waitUntil(page.isActiveWindow)
        self.qtbot.waitUntil(lambda: page.ready, timeout=PATIENCE_MS)
        page.setFocus()
        return page

    def press(self, key: Qt.Key) -> None:
        target = QApplication.focusWidget()
        assert target is not None
        self.qtbot.keyClick(target, key)

    def close(self) -> None:
        self.bridge.close()
        self.workbench.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LinkedBook]:
    folder = tmp_path_factory.mktemp("linked") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    book = linked_book(workbench)
    workbench.close()
    return folder, book


@pytest.fixture
def opened(qtbot: QtBot, kept: tuple[Path, LinkedBook]) -> Iterator[Opened]:
    made = Opened(qtbot, Workbench(kept[0], automatic_search=False))
    yield made
    made.close()


def test_without_links_every_page_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    workbench = Workbench(tmp_path / "casebook", automatic_search=False)
    workbench.set_author(AUTHOR)
    made = Opened(qtbot, workbench)
    for name in ("links", "timeline", "places"):
        page = made.turn(name)
        assert page._pages.currentWidget() is page._empty
        assert "linked" in page._empty.title.text()
    made.close()


def test_the_timeline_goes_through_its_events_and_to_their_cases(opened: Opened) -> None:
    page = opened.turn("timeline")
    assert isinstance(page, TimelinePage)
    assert {lane.name for lane in page.view.lanes} == {
        "2026-0412 and 3 more",
        "2026-0502 and 1 more",
    }
    assert len(page.view.moments) == 6
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_Right)
    _, moment = page.view.moments[1]
    assert page.side.title.text() == moment.event.kind
    opened.press(Qt.Key.Key_Return)
    assert opened.navigator.casebook == [moment.case.id]


def test_a_click_on_the_timeline_chooses_an_event(opened: Opened) -> None:
    page = opened.turn("timeline")
    assert isinstance(page, TimelinePage)
    at = page.view.point_of(2).toPoint()
    opened.qtbot.mouseClick(page.view.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert page.view.current == 2


def test_zooming_the_timeline_and_back(opened: Opened) -> None:
    page = opened.turn("timeline")
    assert isinstance(page, TimelinePage)
    box = page.view.plot.getViewBox()
    wide = np.ptp(box.viewRange()[0])
    opened.press(Qt.Key.Key_Plus)
    assert np.ptp(box.viewRange()[0]) < wide
    opened.press(Qt.Key.Key_0)
    assert np.ptp(box.viewRange()[0]) == pytest.approx(wide)


def test_the_map_shows_what_has_coordinates_and_lists_the_rest(opened: Opened) -> None:
    page = opened.turn("places")
    assert isinstance(page, PlacesPage)
    assert len(page.view.items_shown) == 5 and len(page.view.located.lines) == 3
    listed = page.findChild(QListWidget, "places_list")
    assert listed is not None and listed.count() == 1
    assert "Dock 9" in listed.item(0).text()
    at = page.view.point_of(3).toPoint()
    opened.qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert page.view.current == 3
    opened.press(Qt.Key.Key_C)
    table = page.counts.table
    rows = [[table.item(r, c).text() for c in range(4)] for r in range(table.rowCount())]
    assert ["2026-03", "1", "0", "1"] in rows
    page.counts.by.setCurrentText("by place")
    assert {table.item(r, 0).text() for r in range(table.rowCount())} >= {"Mill Lane", "not said"}


def test_tiles_are_read_from_a_folder(opened: Opened, tmp_path: Path) -> None:
    x, y = (int(v * 2**12) for v in plane(40.70, -74.01))
    folder = tmp_path / "tiles" / "12" / str(x)
    folder.mkdir(parents=True)
    red = np.zeros((256, 256, 3), np.uint8)
    red[..., 2] = 200
    cv2.imwrite(str(folder / f"{y}.png"), red)
    page = opened.turn("places")
    assert isinstance(page, PlacesPage)
    (tmp_path / "empty").mkdir()
    page._ask_folder = lambda _parent, _why: tmp_path / "empty"
    opened.press(Qt.Key.Key_T)
    assert page.view.tiles_folder is None
    assert "holds no map tiles" in opened.told[-1]
    page._ask_folder = lambda _parent, _why: tmp_path / "tiles"
    opened.press(Qt.Key.Key_T)

    def is_red() -> bool:
        image = page.view.grab().toImage()
        spots = [(i, j) for i in range(0, image.width(), 24) for j in range(0, image.height(), 24)]
        return any(
            image.pixelColor(i, j).red() > 150 > image.pixelColor(i, j).green() * 3
            for i, j in spots
        )

    opened.qtbot.waitUntil(is_red, timeout=PATIENCE_MS)
    opened.qtbot.waitUntil(lambda: opened.workbench.setting("map_tiles") == str(tmp_path / "tiles"))


def test_open_data_is_seen_before_it_is_written(opened: Opened, tmp_path: Path) -> None:
    page = opened.turn("places")
    assert isinstance(page, PlacesPage)
    page._ask_folder = lambda _parent, _why: tmp_path / "out"
    opened.press(Qt.Key.Key_O)
    dialog = page.findChild(OpenDataDialog)
    assert dialog is not None
    opened.qtbot.waitUntil(lambda: dialog.shown is not None, timeout=PATIENCE_MS)
    names = [dialog.tabs.tabText(at) for at in range(dialog.tabs.count())]
    assert names == [name for name, _ in dialog.shown.files]
    table = dialog.tabs.widget(0)
    assert isinstance(table, QTableView) and table.model().rowCount() > 0
    assert not (tmp_path / "out").exists()
    write = dialog.findChild(QPushButton, "open_data_write")
    assert write is not None
    shown = dialog.shown
    opened.qtbot.mouseClick(write, Qt.MouseButton.LeftButton)
    last = tmp_path / "out" / shown.files[-1][0]
    opened.qtbot.waitUntil(last.is_file, timeout=PATIENCE_MS)
    for name, text in shown.files:
        assert (tmp_path / "out" / name).read_bytes().decode() == text


def test_the_chart_can_be_asked_for_one_case_and_wears_the_look(
    opened: Opened, kept: tuple[Path, LinkedBook]
) -> None:
    page = opened.turn("links")
    assert isinstance(page, LinksPage)
    page.choose(kept[1].cases["2026-0517"])
    opened.qtbot.waitUntil(lambda: page.ready and len(page.loaded.chart.cases) == 2)
    cases = {n.label for n in page.loaded.chart.nodes if n.kind == "case"}
    assert cases == {"2026-0502", "2026-0517"}
    before = page.view.backgroundBrush().color()
    try:
        theme.apply(application(), "light")
        assert page.view.backgroundBrush().color() != before
    finally:
        theme.apply(application(), "dark")


def test_a_click_on_a_case_shows_its_facts_and_what_it_is_linked_to(
    opened: Opened, kept: tuple[Path, LinkedBook]
) -> None:
    page = opened.turn("links")
    assert isinstance(page, LinksPage)
    case = f"case:{kept[1].cases['2026-0440']}"
    at = page.view.place_of(case).toPoint()
    opened.qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert page.view.current == case
    assert page.side.title.text() == "2026-0440"
    listed = [page.side.list.item(at).text() for at in range(page.side.list.count())]
    assert sum("Hit, confirmed" in words for words in listed) == 2


def test_all_of_a_chart_is_seen_whatever_room_it_gets(opened: Opened) -> None:
    page = opened.turn("links")
    view = page.view

    def seen() -> bool:
        return view.mapToScene(view.viewport().rect()).boundingRect().contains(view.whole)

    opened.qtbot.waitUntil(seen)
    page.resize(1000, 500)
    opened.qtbot.waitUntil(seen)
    view.zoom_in()
    near = view.scale_now
    page.resize(1280, 640)
    opened.qtbot.waitUntil(lambda: view.width() > 700)
    assert view.scale_now == near  # somebody has chosen what to see


def test_a_folder_of_tiles_that_cannot_be_read_is_left_alone(
    opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "no folder").write_text("")
    page = opened.turn("places")
    assert isinstance(page, PlacesPage)
    before = page.view.tiles_folder
    page._ask_folder = lambda _parent, _why: tmp_path / "no folder"
    page.choose_tiles()
    assert "holds no map tiles" in opened.told[-1] and page.view.tiles_folder == before


def test_a_name_without_an_ending_never_replaces_a_file_unasked(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, proposed = opened.turn("links"), list[str]()
    (tmp_path / "chart.png").write_text("mine")
    names = iter((str(tmp_path / "chart"), str(tmp_path / "other")))

    def dialog(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        proposed.append(name)
        return next(names), "Picture (*.png)"

    monkeypatch.setattr("widgets.casework.links.QFileDialog.getSaveFileName", dialog)
    assert ask_file(page) == tmp_path / "other.png"
    assert proposed[1] == str(tmp_path / "chart.png")


def test_tables_never_replace_files_unasked(opened: Opened, tmp_path: Path) -> None:
    page = opened.turn("links")
    assert isinstance(page, LinksPage)
    page._ask_file = lambda _parent: tmp_path / "chart.csv"
    page.export()
    opened.qtbot.waitUntil(lambda: bool(opened.told), timeout=PATIENCE_MS)
    first = tmp_path / "chart-nodes.csv"
    first.write_text("mine")
    page.export()
    opened.qtbot.waitUntil(lambda: len(opened.told) == 2, timeout=PATIENCE_MS)
    assert first.read_text() == "mine" and first.name in opened.told[-1]
