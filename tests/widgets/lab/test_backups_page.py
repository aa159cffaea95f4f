"""Backups and checks: made, planned, restored beside, failed and acknowledged, done when idle."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.store.guard import BackupPlan, CheckPlan
from app.workbench import Workbench
from widgets.lab import guard_watch
from widgets.lab.backups import BackupsPage
from widgets.main_window import MainWindow


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, workbench: Workbench, tmp_path: Path) -> BackupsPage:
    workbench.plan_backups(BackupPlan(str(tmp_path / "backups")))
    window.show_lab("backups")
    made = window.lab.backups
    qtbot.waitUntil(lambda: made.ready and made._guarded is not None)
    return made


def test_backup_is_made_listed_and_restored_beside(
    qtbot: QtBot, page: BackupsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.backup_now()
    qtbot.waitUntil(lambda: page.ready and page.backups.current is not None, timeout=10_000)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "again"))
    told: list[str] = []
    page._bridge.told.connect(lambda notice: told.append(notice.sentence))
    page.restore()
    qtbot.waitUntil(lambda: any("checked: it holds" in one for one in told), timeout=10_000)
    assert (tmp_path / "again" / "casebook.sqlite").exists()


def test_plan_is_kept_and_a_wrong_number_refused(
    qtbot: QtBot, page: BackupsPage, workbench: Workbench
) -> None:
    page.plan()
    days = page.asking._fields["days"]
    assert isinstance(days, QLineEdit)
    days.setText("many")
    page.asking.submit()
    qtbot.waitUntil(lambda: "number of days" in page.asking._says.text())
    days.setText("3")
    page.asking.submit()
    qtbot.waitUntil(lambda: not page.asking.isVisible())
    assert workbench.guarded().backup_plan.keep.days == 3


def test_failed_check_stays_in_sight_until_acknowledged(
    qtbot: QtBot, page: BackupsPage, window: MainWindow, workbench: Workbench
) -> None:
    _spoil(workbench)
    page.check_now()
    qtbot.waitUntil(lambda: page.ready and page._failed.isVisible(), timeout=10_000)
    lab = window.place.rail.buttons["lab"]
    qtbot.waitUntil(lambda: lab.badge == 1)
    page.acknowledge()
    reason = page.asking._fields["reason"]
    assert isinstance(reason, QPlainTextEdit)
    reason.setPlainText("The disk was bad; restored from Monday's backup")
    page.asking.submit()
    qtbot.waitUntil(lambda: page.ready and not page._failed.isVisible(), timeout=10_000)
    qtbot.waitUntil(lambda: lab.badge == 0)


def _spoil(workbench: Workbench) -> None:
    with closing(sqlite3.connect(workbench.folder / "casebook.sqlite")) as raw:
        raw.execute("DROP TRIGGER journal_never_changed")
        raw.execute("UPDATE journal SET examiner = 'Nobody' WHERE seq = 6")
        raw.commit()


def test_what_is_due_is_done_only_while_nobody_works(
    qtbot: QtBot, page: BackupsPage, window: MainWindow, workbench: Workbench,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    workbench.plan_checks(CheckPlan(0))
    workbench.plan_backups(BackupPlan(str(tmp_path / "backups"), "day"))
    watch = window.guard
    watch.look()
    qtbot.waitUntil(lambda: watch._guarded is not None and watch._guarded.backup_due)
    assert watch.work is None and workbench.backups() == ()
    monkeypatch.setattr(guard_watch, "IDLE_S", 0.0)
    watch.look()
    qtbot.waitUntil(lambda: len(workbench.backups()) == 1, timeout=10_000)
    qtbot.waitUntil(lambda: watch.work is None)
    watch.look()
    qtbot.waitUntil(lambda: watch._guarded is not None and not watch._guarded.backup_due)
    assert len(workbench.backups()) == 1
