"""Issuing a report from the tree: what is offered, warned of, written and told."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.jobs import Job
from app.workbench import Draft, Workbench
from app.workbench.issuing import Issued
from tests.widgets.conftest import acquired_of
from widgets.casebook import CasebookScreen
from widgets.common.issue import Issue, IssueDrawer
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


def test_the_place_that_was_named_is_kept_when_another_report_is_chosen(
    qtbot: QtBot, screen: CasebookScreen, tmp_path: Path
) -> None:
    drawer = opened(qtbot, screen)
    drawer.file.setText(str(tmp_path / "mine.pdf"))
    drawer.kind.setCurrentText("Defence package")
    qtbot.waitUntil(lambda: drawer.file.text().endswith(".zip"), timeout=20_000)
    assert Path(drawer.file.text()).parent == tmp_path


def test_while_it_is_written_nothing_else_can_be_chosen(
    qtbot: QtBot,
    screen: CasebookScreen,
    workbench: Workbench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawer, begun, go_on = opened(qtbot, screen), Event(), Event()
    issue = workbench.issue

    def slow(*args: Any, job: Job, **kwargs: Any) -> Issued:
        begun.set()
        assert go_on.wait(20)
        return issue(*args, job=job, **kwargs)

    monkeypatch.setattr(workbench, "issue", slow)
    drawer.file.setText(str(tmp_path / "custody.pdf"))
    drawer.file.setFocus()
    qtbot.keyClick(drawer.file, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert begun.wait(20)
    assert not drawer.kind.isEnabled() and not drawer.file.isEnabled()
    assert pressed(drawer, "do").text() == "Issuing ..." and not pressed(drawer, "do").isEnabled()
    drawer.submit()  # by the keys: there is nothing to begin
    assert screen._bridge.works[0].name == "Issuing: Chain of custody"
    screen._bridge.works[0].job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: bool(words(drawer, "says")), timeout=20_000)
    assert drawer.kind.isEnabled() and drawer.file.hasFocus()
    assert pressed(drawer, "do").text() == "Issue" and pressed(drawer, "do").isEnabled()
    assert not (tmp_path / "custody.pdf").exists(), "what was stopped is not there"


def test_what_may_not_be_told_yet_cannot_be_issued(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench
) -> None:
    drawer = opened(qtbot, screen)
    drawer.open_for([Issue("lead_notice", "no such lead", "A lead")])
    qtbot.waitUntil(lambda: bool(words(drawer, "says")), timeout=20_000)
    assert not pressed(drawer, "do").isEnabled() and not drawer.kind.isEnabled()
    drawer.open_for(())
    assert "Nothing can be issued" in words(drawer, "says")
    assert words(drawer, "what") == "" and not pressed(drawer, "do").isEnabled()


def test_letters_that_cannot_be_drawn_are_told_before(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench
) -> None:
    place = workbench.provenance(acquired_of(workbench, "2026-0412"))
    workbench.set_facts("case", place.case.id, {"investigator": "Det. \ue123"})
    drawer = opened(qtbot, screen)
    drawer.kind.setCurrentText("Case summary")
    qtbot.waitUntil(lambda: "U+E123" in words(drawer, "warnings"), timeout=20_000)
    assert pressed(drawer, "do").isEnabled()


def test_what_is_written_late_is_not_shown_of_what_is_in_hand_by_then(
    qtbot: QtBot,
    screen: CasebookScreen,
    workbench: Workbench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawer, go_on, issue = opened(qtbot, screen), Event(), workbench.issue
    told: list[str] = []
    screen._bridge.told.connect(lambda notice: told.append(notice.sentence))

    def slow(*args: Any, **kwargs: Any) -> Issued:
        assert go_on.wait(30)
        return issue(*args, **kwargs)

    monkeypatch.setattr(workbench, "issue", slow)
    drawer.file.setText(str(tmp_path / "custody.pdf"))
    drawer.submit()
    qtbot.keyClick(drawer, Qt.Key.Key_Escape)
    drawer.open_for([Issue("statistics", "", "All of it")])
    assert pressed(drawer, "do").text() == "Issue" and drawer.file.isEnabled()
    qtbot.waitUntil(lambda: "statistics" in drawer.file.text(), timeout=20_000)
    go_on.set()
    qtbot.waitUntil(lambda: told == ["Issued: custody.pdf."], timeout=20_000)
    assert words(drawer, "result") == "" and words(drawer, "what") == "All of it"


def test_a_refusal_is_told_although_the_drawer_was_closed(
    qtbot: QtBot, screen: CasebookScreen, tmp_path: Path
) -> None:
    drawer, told = opened(qtbot, screen), list[str]()
    screen._bridge.told.connect(lambda notice: told.append(notice.sentence))
    drawer.file.setText(str(tmp_path / "custody.txt"))
    drawer.submit()
    qtbot.keyClick(drawer, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: any("end in .pdf" in one for one in told), timeout=20_000)
