"""The contact sheet: one field and one light for all, lazy, bounded, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Circle, Review
from app.picture import Side, render
from app.workbench import Wanted
from tests.app.matching.several_marks import BREECH, Story, build
from tests.widgets.candidates.test_candidates_review import Bench
from tests.widgets.conftest import close
from widgets.contact import tiles as tiles_module
from widgets.contact.look import Look, Show, fitted_to
from widgets.contact.reduced import reduced
from widgets.contact.sheet import ContactSheet

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return build(tmp_path_factory.mktemp("contact") / "casebook")


@pytest.fixture
def bench(qtbot: QtBot, held: Story, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, held, tmp_path / "casebook")
    made.press(Qt.Key.Key_C)
    made.until(lambda: made.screen.on_sheet and made.screen.ready)
    yield made
    close(qtbot, made.window)


def sheet_of(bench: Bench) -> ContactSheet:
    return bench.screen.sheet


def all_looks(bench: Bench) -> set[Look]:
    sheet = sheet_of(bench)
    drawn = [sheet.tiles.tile(entry) for entry in sheet.grid.entries]
    assert all(tile is not None and tile.image is not None for tile in drawn)
    return {tile.look for tile in drawn if tile is not None}


def test_all_tiles_follow_one_look(bench: Bench) -> None:
    sheet = sheet_of(bench)
    assert len(sheet.grid.entries) == 4
    assert sheet.grid.entries[1].others == "1 of 2 specimens of this gun"
    for key, modifier in (
        (Qt.Key.Key_2, PLAIN),
        (Qt.Key.Key_Plus, PLAIN),
        (Qt.Key.Key_Right, SHIFT),
        (Qt.Key.Key_I, PLAIN),
        (Qt.Key.Key_J, SHIFT),
    ):
        bench.press(key, modifier)
    bench.until(lambda: sheet.ready)
    look = sheet.look
    assert all_looks(bench) == {look}
    assert (look.show, look.zoom) == (Show.ALONE, 1.25)
    assert look.pan_um[0] > 0
    assert (look.light.azimuth_deg, look.light.elevation_deg) == (150.0, 30.0)
    bench.press(Qt.Key.Key_0)
    assert (sheet.look.zoom, sheet.look.pan_um) == (1.0, (0.0, 0.0))


def test_every_button_does_what_its_key_does(bench: Bench) -> None:
    sheet = sheet_of(bench)
    for name in ("contact_overlay", "contact_zoom_in", "contact_light_left", "contact_light_up"):
        bench.push(name)
    look = sheet.look
    assert (look.show, look.zoom, look.light.azimuth_deg) == (Show.OVERLAY, 1.25, 150.0)
    assert look.light.elevation_deg == 60.0
    columns, wide = sheet.grid.columns, sheet.grid.tile_px
    bench.push("contact_larger")
    assert sheet.grid.columns == columns - 1
    assert sheet.grid.tile_px > wide
    bench.push("contact_smaller")
    bench.push("contact_whole")
    assert sheet.look.zoom == 1.0
    bench.push("contact_review_kept")
    bench.until(lambda: bench.said[1] is Review.KEPT)
    bench.push("contact_undo_review")
    bench.until(lambda: bench.said[1] is Review.NEW)
    bench.push("contact_close")
    assert not bench.screen.on_sheet


def test_keys_go_through_the_tiles_review_and_open(bench: Bench) -> None:
    sheet = sheet_of(bench)
    bench.press(Qt.Key.Key_Right)
    assert bench.at == 2
    bench.press(Qt.Key.Key_Space)
    bench.until(lambda: len(sheet.grid.entries) == 5)
    bench.press(Qt.Key.Key_K)
    bench.until(lambda: sheet.grid.entries[1].review is Review.KEPT)
    assert bench.at == 4
    bench.press(Qt.Key.Key_End)
    assert bench.at == 5
    bench.press(Qt.Key.Key_Up)
    assert bench.at == 1
    bench.press(Qt.Key.Key_Up)
    assert bench.at == 1
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.compare.desk is not None)
    bench.window.show_candidates()
    bench.until(lambda: bench.screen.ready)
    assert bench.screen.on_sheet
    assert sheet.grid.hasFocus()
    bench.press(Qt.Key.Key_Escape)
    assert bench.screen.table.hasFocus()
    assert bench.at == 1


def test_the_mouse_chooses_drags_enlarges_and_opens(bench: Bench) -> None:
    grid = sheet_of(bench).grid
    port, middle = grid.viewport(), grid.rect_of(2).center()
    bench.qtbot.mouseClick(port, LEFT, PLAIN, middle)
    assert bench.at == 3
    bench.qtbot.mousePress(port, LEFT, PLAIN, middle)
    bench.qtbot.mouseMove(port, middle + QPoint(40, 0))
    bench.qtbot.mouseRelease(port, LEFT, PLAIN, middle + QPoint(40, 0))
    assert sheet_of(bench).look.pan_um[0] < 0
    wheel = QWheelEvent(
        QPointF(middle),
        QPointF(port.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        CONTROL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(port, wheel)
    assert sheet_of(bench).look.zoom == pytest.approx(1.15**2)
    bench.qtbot.mouseDClick(port, LEFT, PLAIN, middle)
    bench.until(lambda: bench.window.compare.desk is not None)


def test_a_picture_that_cannot_be_shown_says_so_and_stops_nothing(
    qtbot: QtBot, held: Story, tmp_path: Path
) -> None:
    bench = Bench(qtbot, held, tmp_path / "casebook")
    lost = bench.workbench.candidates(held.searches[BREECH])[2].provenance.acquired
    next(bench.workbench.folder.glob(f"pixels/*/{lost.digest}.*")).unlink()
    bench.workbench._reader._surfaces._kept.clear()
    bench.press(Qt.Key.Key_C)
    sheet = sheet_of(bench)
    bench.until(lambda: bench.screen.on_sheet and sheet.ready)
    drawn = {entry.rank: sheet.tiles.tile(entry) for entry in sheet.grid.entries}
    refused = drawn[3]
    assert refused is not None and refused.image is None and refused.refusal
    assert all(tile is not None and tile.image for rank, tile in drawn.items() if rank != 3)
    close(qtbot, bench.window)


def test_an_empty_list_says_why_and_keeps_the_keyboard(bench: Bench) -> None:
    for wanted in (Wanted.NEW, Wanted.LATER):
        bench.press(Qt.Key.Key_F)
        assert bench.screen.lists.filter.wanted is wanted
    sheet = sheet_of(bench)
    assert not sheet.grid.isVisible()
    assert sheet._nothing.title.text() == "Nothing was put off"
    bench.press(Qt.Key.Key_F)
    assert len(sheet.grid.entries) == 4
    assert sheet.grid.hasFocus()


def test_only_what_is_in_sight_is_drawn_and_memory_is_bounded(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = sheet_of(bench)
    sheet.grid.set_columns(1)
    bench.press(Qt.Key.Key_2)
    bench.until(lambda: sheet.ready)
    last = sheet.grid.entries[-1]
    tile = sheet.tiles.tile(last)
    assert tile is None or tile.look != sheet.look
    monkeypatch.setattr(tiles_module, "TILES_BYTES", 1)
    bench.press(Qt.Key.Key_End)
    bench.until(lambda: sheet.ready)
    assert sheet.tiles.tile(last) is not None
    assert len(sheet.tiles._drawn) <= len(sheet.grid.in_sight) + 1


def test_reduced_pictures_show_the_same_field() -> None:
    rng = np.random.default_rng(3)
    coarse = np.kron(rng.integers(0, 255, (21, 27)), np.ones((32, 32))).astype(np.uint8)
    side = Side(coarse[:-5, :-3], 2.0, focus=Circle(800.0, 620.0, 500.0))
    small = reduced(side, 4)
    assert small.pixel_um == 8.0
    assert small.pixels.shape == (167, 216)
    look = Look((150, 150), Show.ALONE, zoom=1.3, pan_um=(40.0, -25.0))
    view = look.view(fitted_to(side, look.size))
    turned = Alignment(20.0, (30.0, 10.0))
    full = render(side, side, turned, view, look.size).astype(int)
    less = render(small, small, turned, view, look.size).astype(int)
    assert np.mean(np.abs(full - less)) < 6
    assert fitted_to(small, look.size).centre_um == pytest.approx(
        fitted_to(side, look.size).centre_um, abs=4.0
    )
