"""The quality screen: charts, table, words and drawers of checks that are on the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import thread_time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from app.capture import encode_png
from app.capture.checks import judged
from app.domain import Light, Optics
from app.instruments import FIGURES, InstrumentCheck, ReferenceCase
from app.workbench import Workbench
from widgets import theme
from widgets.main_window import MainWindow
from widgets.quality import QualityScreen

OPTICS = Optics("USB camera", "4x")
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def recorded(
    workbench: Workbench, brightness: Sequence[float], optics: Optics = OPTICS
) -> tuple[InstrumentCheck, ...]:
    """A reference case with a check a day; the other figures are as they should be."""
    book = workbench._casebook
    digest = book.keep_pixels(encode_png(np.full((100, 100), 90, np.uint8)), ".png")
    reference = book.add_reference_case(
        ReferenceCase(optics, "SRM 2461", digest, 100, 100, 2.5, Light.RING)
    )
    rng = np.random.default_rng(1)
    checks: list[InstrumentCheck] = []
    with book.transaction():
        for day, bright in enumerate(brightness):
            figures = {"correlation": 0.95 + rng.uniform(0, 0.01), "brightness": bright}
            figures |= {"focus": 1 + rng.uniform(0, 0.01), "scale": 1 + rng.uniform(0, 1e-4)}
            found = judged(figures, checks)
            check = InstrumentCheck(
                *(reference.id, digest, figures, found.limits, found.outcome, found.reasons),
                facts={"cells": 40, "congruent_cells": 39},
                checked_at=(BEGIN + timedelta(days=day)).isoformat(timespec="seconds"),
            )
            checks.append(book.add_instrument_check(check))
    return tuple(checks)


def steady(count: int) -> list[float]:
    return [1 + 0.01 * float(np.sin(1.7 * number)) for number in range(count)]


def shown(qtbot: QtBot, window: MainWindow) -> QualityScreen:
    qtbot.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.current == "quality", timeout=20_000)
    qtbot.waitUntil(lambda: window.quality.ready, timeout=20_000)
    return window.quality


def words(screen: QualityScreen, name: str) -> str:
    label = screen.findChild(QLabel, name)
    assert isinstance(label, QLabel) and label.isVisible(), name
    return label.text()


def test_nothing_known_says_what_to_do(qtbot: QtBot, window: MainWindow) -> None:
    screen = shown(qtbot, window)
    assert "No instrument" in words(screen, "quality_empty_title")
    assert "declare" in words(screen, "quality_empty_sentence")
    screen.check_now()
    screen.sign()  # nothing to check or to sign: nothing happens
    assert not screen.signing.isVisible()
    for name, where in (("quality_declare", "quality"), ("quality_to_acquire", "acquire")):
        button = screen.findChild(object, name)
        button.click()  # type: ignore[attr-defined]
        assert window.current == where
    assert screen.declaring.isVisibleTo(screen)


def test_points_tell_by_shape_and_place_how_checks_came_out(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    checks = recorded(workbench, [*steady(24), 0.982, 0.95])
    assert [check.outcome for check in checks[-2:]] == ["warning", "out"]
    screen = shown(qtbot, window)
    chart = screen.charts["brightness"]
    by_outcome = {name: points.getData()[0].tolist() for name, points in chart.points.items()}
    assert by_outcome == {"within": list(range(24)), "warning": [24], "out": [25]}
    symbols = {str(points.opts["symbol"]) for points in chart.points.values()}
    assert len(symbols) == 3
    low = chart.lines["act_low"].getData()
    assert low[0][-1] == 26.5 and low[1][-1] > 0.95  # up to the next check
    assert low[1][0] == 0.88  # fixed at first
    low, high = chart.plot.viewRange()[1]
    assert low < 0.95 and high > 1.01
    assert "out of limits" in words(screen, "chart_brightness_title")
    assert "from 20 checks" in words(screen, "chart_brightness_limits")
    assert "within limits" in words(screen, "chart_scale_title")
    assert "is locked" in words(screen, "instrument_locked")


def test_table_and_charts_choose_the_same_check(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    recorded(workbench, [*steady(8), 0.7])
    screen = shown(qtbot, window)
    table, lines = screen.table, screen.table.lines
    assert lines.rowCount() == 9
    newest = [str(lines.data(lines.index(0, column))) for column in range(lines.columnCount())]
    assert newest[1] == "⊠ out of limits" and newest[4] == "-30.0 %" and newest[6] == "39 of 40"
    assert newest[0].startswith("13 Jan 2026") and newest[8].startswith("Brightness")
    amber = lines.data(lines.index(0, 4), Qt.ItemDataRole.ForegroundRole)
    assert amber == QColor(theme.colours().amber)
    assert lines.data(lines.index(0, 5), Qt.ItemDataRole.ForegroundRole) is None
    table.setFocus()
    table.selectRow(2)
    for chart in screen.charts.values():
        assert chart._ring.getData()[0].tolist() == [6]
    screen._point_chosen(8)
    assert table.currentIndex().row() == 0
    assert screen.charts["brightness"]._ring.getData()[1].tolist() == [0.7]
    assert words(screen, "golden_words").startswith("Golden picture, ")
    assert words(screen, "check_words") == "Check, 13 Jan 2026"
    views = screen.pictures.views.values()
    qtbot.waitUntil(lambda: all(view.has_picture for view in views), timeout=20_000)


def test_the_instrument_that_needs_somebody_comes_first(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    workbench.type_calibration(Optics("another camera"), 2.5)
    recorded(workbench, steady(6), Optics("a good camera"))
    recorded(workbench, [*steady(6), 0.7])
    screen = shown(qtbot, window)
    assert screen.loaded.chosen is not None and screen.loaded.chosen.optics == OPTICS
    listed = [screen._list.item(row).text() for row in range(screen._list.count())]
    assert len(listed) == 3 and any("⊠ locked" in text for text in listed)
    screen._list.setCurrentRow(0)
    qtbot.waitUntil(lambda: screen.ready, timeout=20_000)
    assert "Overdue" in words(screen, "instrument_says")
    screen._list.setCurrentRow(1)
    qtbot.waitUntil(lambda: screen.ready, timeout=20_000)
    assert "not checked" in words(screen, "instrument_says")
    assert "typed value" in screen._calibrations.item(0).text()
    assert screen.table.lines.rowCount() == 0
    assert all(points.getData()[0].size == 0 for points in screen.charts["scale"].points.values())


def test_only_named_people_are_offered_to_sign(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    recorded(workbench, [0.7])
    workbench.set_qualified_people(["A. Mbeki", "L. Novak"])
    screen = shown(qtbot, window)
    qtbot.keyClick(screen._list, Qt.Key.Key_S)
    assert "May sign: A. Mbeki, L. Novak." in words(screen, "sign_who_may")
    signer = screen.findChild(QComboBox, "sign_signer")
    assert isinstance(signer, QComboBox)
    assert [signer.itemText(row) for row in range(signer.count())] == ["", "A. Mbeki", "L. Novak"]
    qtbot.keyClick(signer, Qt.Key.Key_Escape)
    assert not screen.signing.isVisible()


def test_a_schedule_alone_is_changed(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    recorded(workbench, steady(3))
    screen = shown(qtbot, window)
    screen.declare()
    screen.declaring.every.setValue(7)
    screen.declaring.days[0].setChecked(False)
    screen.declaring.after.setChecked(False)
    screen.declaring.reschedule()
    qtbot.waitUntil(
        lambda: "every 7 days, Tuesday to Friday." in words(screen, "instrument_reference"),
        timeout=20_000,
    )
    screen.declare()
    assert screen.declaring.every.value() == 7
    for box in screen.declaring.days:
        box.setChecked(False)
    screen.declaring.reschedule()
    qtbot.waitUntil(lambda: "one day" in words(screen, "declare_says"), timeout=20_000)


def test_a_thousand_checks_are_drawn_at_once(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    """Time of the GUI thread alone: others may be using the processor."""
    recorded(workbench, steady(1000))
    screen = shown(qtbot, window)
    qtbot.waitUntil(lambda: len(screen.loaded.checks) == 1000, timeout=30_000)
    assert screen.charts["scale"].points["within"].getData()[0].size == 60
    screen._span.setCurrentIndex(1)
    screen.grab()
    taken = []
    for _ in range(3):
        start = thread_time()
        screen._show(screen.loaded)
        screen.grab()
        taken.append(thread_time() - start)
    assert min(taken) < 0.2, taken
    assert screen.charts["scale"].points["within"].getData()[0].size == 1000
    axis = screen.charts["scale"]._days
    assert axis.tickStrings([0.0, 400.0, 1200.0], 1, 100) == ["Jan 2026", "Feb 2027", ""]
    assert axis.tickStrings([0.0, 1.0, 400.0], 1, 100) == ["Jan 2026", "", "Feb 2027"], "once each"


@pytest.mark.parametrize("look", theme.LOOKS)
def test_the_charts_take_on_another_look(
    qtbot: QtBot, window: MainWindow, workbench: Workbench, look: str
) -> None:
    recorded(workbench, steady(6))
    screen = shown(qtbot, window)
    while theme.look() != look:
        window.place.change_look()
    assert screen.charts["focus"].plot.backgroundBrush().color() == QColor(theme.colours().ground)
    assert len(FIGURES) == len(screen.charts)
