"""The metrics page: charts, their numbers, stage and span."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.casework.metrics import Metrics, StageMonth, VerifiedMonth
from app.workbench import Workbench
from widgets.casework.metrics import MetricsPage
from widgets.casework.metrics_words import cells, month_words, rows, span_of, verified_sentence
from widgets.main_window import MainWindow

PATIENCE_MS = 20_000


def page_of(qtbot: QtBot, window: MainWindow) -> MetricsPage:
    window.show_leads("metrics")
    page = window.leads.metrics
    qtbot.waitUntil(lambda: page.ready, timeout=PATIENCE_MS)
    return page


def test_what_was_done_is_drawn_and_told(
    qtbot: QtBot, window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    page = page_of(qtbot, window)
    assert page.says.text().startswith("4 done, 100.0% within the target")
    assert "2 business days" in page.says.text()
    assert page.table.rowCount() == 13 and page.table.item(0, 1).text() == "4"
    x, y = page.charts.medians.getData()
    assert list(x) == [11.0] and len(y) == 1
    assert page.charts.counts.opts["height"][11] == page.charts.within.opts["height"][11] == 4.0
    assert page.charts.target.isVisible() and page.charts.target.value() == 2.0
    page.export_to(tmp_path / "metrics.csv")
    qtbot.waitUntil((tmp_path / "metrics.csv").exists, timeout=PATIENCE_MS)


def test_stage_and_span_by_keys_and_nothing_done(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(qtbot, window)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: page.loaded.stage == "searched", timeout=PATIENCE_MS)
    qtbot.keyClick(page.table, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: len(page.loaded.metrics.months) == 24, timeout=PATIENCE_MS)
    assert page.place() == ("searched", "last 2 years")
    page.stage.setCurrentIndex(page.stage.findData("told"))
    qtbot.waitUntil(lambda: page._empty.isVisible(), timeout=PATIENCE_MS)
    assert "Nothing was done in this span" in page.says.text()


def test_verifications_that_did_not_agree_are_a_column() -> None:
    """Opening 12."""
    line = StageMonth("verified", "2026-11", 8, 1.0, 0.5, 2.0, 0.75, "business days")
    month, whole = VerifiedMonth("2026-11", 8, 2), VerifiedMonth("", 8, 2)
    metrics = Metrics("2026-11-01", "2026-11-30", ("2026-11",), (line,),
                      (replace(line, month=""),), (month,), whole)  # fmt: skip
    assert [row[-1] for row in rows(metrics, "verified")] == ["2 (25%)", "2 (25%)"]
    assert "2 did not agree (25.0%)" in verified_sentence(metrics)


def test_words() -> None:
    assert span_of(date(2026, 11, 22), 12) == ("2025-12-01", "2026-11-22")
    assert span_of(date(2026, 1, 5), 1) == ("2026-01-01", "2026-01-05")
    assert (month_words("2026-11"), month_words("2026-11", short=True)) == ("Nov 2026", "Nov 26")
    line = StageMonth("entered", "2026-11", 1200, 1.25, 0.5, 140.0, 0.987, "business days")
    assert cells(line) == ("Nov 2026", "1,200", "1.2", "0.5 to 140", "99%")
    assert cells(StageMonth("told", "", 0, None, None, None, None, "hours")) == (
        "all", "0", "", "", "")  # fmt: skip
