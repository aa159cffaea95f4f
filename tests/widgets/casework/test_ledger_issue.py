"""Writing the notice of a lead and of a hit from the ledger; what is sent bears its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.main import application
from app.workbench import Workbench
from tests.app.reporting.report_parts import text_of
from tests.linked_book import linked_book
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.casework.ledger import LedgerPage
from widgets.main_window import MainWindow


@pytest.fixture
def linked(qtbot: QtBot, empty_workbench: Workbench) -> Iterator[MainWindow]:
    """A window on linked cases."""
    linked_book(empty_workbench)
    application()
    window = MainWindow(empty_workbench, Bridge(empty_workbench))
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    yield window
    close(qtbot, window)


def shown(qtbot: QtBot, window: MainWindow, part: str) -> LedgerPage:
    """The ledger with the first row of a part in hand."""
    window.show_leads("ledger")
    page = window.leads.ledger
    page.show_part(part)
    qtbot.waitUntil(lambda: page.ready and page.isVisible(), timeout=20_000)
    page.table.selectRow(0)
    qtbot.waitUntil(lambda: page.ready and "issue" in page._detail.actions, timeout=20_000)
    return page


def said(page: LedgerPage, name: str) -> str:
    found = page.findChild(QLabel, f"ledger_issue_{name}")
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


@pytest.mark.parametrize(
    ("part", "kind", "words"), [("open", "lead", "unconfirmed"), ("hits", "hit", "A HIT links")]
)
def test_a_notice_is_written_and_its_digest_goes_with_what_is_sent(
    qtbot: QtBot,
    linked: MainWindow,
    empty_workbench: Workbench,
    tmp_path: Path,
    part: str,
    kind: str,
    words: str,
) -> None:
    page = shown(qtbot, linked, part)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: bool(page.issuing.file.text()), timeout=20_000)
    assert page.issuing.isVisible() and not page.side.isVisible()
    assert "not told yet" in said(page, "recipients")
    out = tmp_path / "notice.pdf"
    page.issuing.file.setText(str(out))
    qtbot.keyClick(page.issuing.file, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "SHA-256" in said(page, "result"), timeout=20_000)
    assert words in text_of(out.read_bytes())
    qtbot.keyClick(page.issuing, Qt.Key.Key_Escape)
    assert not page.issuing.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_N)
    qtbot.waitUntil(page.asking.isVisible)
    recipient = page.asking.findChild(QLineEdit, "ledger_ask_recipient")
    assert isinstance(recipient, QLineEdit)
    recipient.setText("Det. Ruiz")
    means = page.asking.findChild(QComboBox, "ledger_ask_means")
    assert isinstance(means, QComboBox)
    means.setCurrentIndex(means.count() - 1)
    page.asking.submit()
    qtbot.waitUntil(lambda: not page.asking.isVisible(), timeout=20_000)
    notice = empty_workbench.notices()[0].notice
    assert notice.kind == kind
    assert notice.digest == hashlib.sha256(out.read_bytes()).hexdigest()
