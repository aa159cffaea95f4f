"""Issuing a report from the tree: what is offered, warned of, written and told."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.workbench import Draft, Workbench
from tests.widgets.conftest import acquired_of
from widgets.casebook import CasebookScreen
from widgets.common.issue import IssueDrawer
from widgets.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, workbench: Workbench) -> CasebookScreen:
    window.casebook.choose(acquired_of(workbench, "2026-0412"))
    qtbot.waitUntil(lambda: window.casebook.ready, timeout=20_000)
    return window.casebook


def words(drawer: IssueDrawer, name: str) -> str:
    found = drawer.findChild(QLabel, f"casebook_issue_{name}")
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def pressed(drawer: IssueDrawer, name: str) -> QPushButton:
    found = drawer.findChild(QPushButton, f"casebook_issue_{name}")
    assert isinstance(found, QPushButton)
    return found


def opened(qtbot: QtBot, screen: CasebookScreen) -> IssueDrawer:
    screen.tree.setFocus()
    qtbot.keyClick(screen.tree, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: bool(screen.issuing.file.text()), timeout=20_000)
    return screen.issuing


def test_the_custody_of_the_exhibit_is_issued_by_keys_alone(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench, tmp_path: Path
) -> None:
    drawer = opened(qtbot, screen)
    assert drawer.isVisible() and not screen.picture.facts.isVisible()
    assert drawer.kind.currentText() == "Chain of custody" and drawer.kind.count() == 5
    assert "Exhibit 1" in words(drawer, "what")
    drawer.file.setText(str(tmp_path / "custody.pdf"))
    qtbot.keyClick(drawer.file, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(words(drawer, "result")), timeout=20_000)
    digest = hashlib.sha256((tmp_path / "custody.pdf").read_bytes()).hexdigest()
    assert digest in words(drawer, "result").replace("\n", "")
    qtbot.mouseClick(pressed(drawer, "copy"), LEFT)
    assert QGuiApplication.clipboard().text() == digest
    # once more to the same place: it is said, and only then may it be replaced
    qtbot.mouseClick(pressed(drawer, "do"), LEFT)
    qtbot.waitUntil(lambda: "already" in words(drawer, "says"), timeout=20_000)
    again = drawer.findChild(QCheckBox, "casebook_issue_overwrite")
    assert isinstance(again, QCheckBox) and again.isVisible()
    again.setChecked(True)
    qtbot.mouseClick(pressed(drawer, "do"), LEFT)
    qtbot.waitUntil(lambda: not words(drawer, "says"), timeout=20_000)
    qtbot.waitUntil(pressed(drawer, "do").isEnabled, timeout=20_000)
    qtbot.keyClick(drawer, Qt.Key.Key_Escape)
    assert not drawer.isVisible() and screen.tree.hasFocus()


def test_wording_is_warned_of_before_it_is_issued(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench
) -> None:
    left, right = (acquired_of(workbench, case) for case in ("2026-0412", "2026-0440"))
    comparison = workbench.save_comparison(replace(workbench.open_comparison(left, right), view={}))
    draft = Draft("inconclusive-a", "A perfect match, 100 % sure.", "", "", False)
    workbench.conclude(comparison.id, draft)
    drawer = opened(qtbot, screen)
    drawer.kind.setCurrentText("Case summary")
    qtbot.waitUntil(lambda: "perfect match" in words(drawer, "warnings"), timeout=20_000)
    assert pressed(drawer, "do").isEnabled(), "it is the examiner's to decide"
    drawer.kind.setCurrentText("Statistics")
    qtbot.waitUntil(lambda: "statistics-all" in drawer.file.text(), timeout=20_000)
    assert words(drawer, "warnings") == ""


def test_a_place_that_cannot_be_written_is_said(
    qtbot: QtBot, screen: CasebookScreen, tmp_path: Path
) -> None:
    drawer = opened(qtbot, screen)
    (tmp_path / "file").write_text("mine")
    for name, said in (
        ("", "Name the file"),
        ("file/a.pdf", "could not"),
        ("a.txt", "end in .pdf"),
    ):
        drawer.file.setText(str(tmp_path / name) if name else "")
        qtbot.mouseClick(pressed(drawer, "do"), LEFT)
        qtbot.waitUntil(lambda s=said: s in words(drawer, "says"), timeout=20_000)  # type: ignore[misc]
        qtbot.waitUntil(pressed(drawer, "do").isEnabled, timeout=20_000)
    assert words(drawer, "result") == ""
