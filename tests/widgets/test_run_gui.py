"""The composition root: a window from start to end, and the pictures of all screens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain import CaseheadError
from app.main import run_gui, take_screenshots
from widgets.main_window import MainWindow
from widgets.shots import LAB_PAGES, LEADS_PAGES, SIZES

SCREENS = (
    *(f"{name}-empty" for name in ("start", "casebook", "registration", "acquire", "candidates")),
    "compare-empty",
    "quality-empty",
    *(
        f"{name}-content"
        for name in ("casebook", "registration", "acquire", "candidates", "contact")
    ),
    *(f"{name}-content" for name in ("split", "overlay", "cells", "conclude", "keys")),
    *(f"leads-{name}-content" for name in LEADS_PAGES),
    *(f"lab-{name}-content" for name in LAB_PAGES),
)


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log file goes here."""
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "logs")
    return tmp_path / "logs"


@contextmanager
def given_up_after(seconds: int) -> Iterator[None]:
    """Qt's loop ends at the latest then: what fails inside it must not hang the run."""
    qt = QApplication.instance()
    assert qt is not None
    guard = QTimer(singleShot=True, interval=seconds * 1000)
    guard.timeout.connect(lambda: qt.exit(99))
    guard.start()
    yield
    guard.stop()


def window_of() -> MainWindow:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    shown = [w for w in found if w.isVisible()]
    assert len(shown) == 1
    return shown[0]


def test_a_window_from_start_to_end(qtbot: QtBot, tmp_path: Path, logs: Path) -> None:
    seen: list[str] = []
    before = sys.excepthook

    def look() -> None:
        seen.append(window_of().current)
        sys.excepthook(ValueError, ValueError("nobody caught this"), None)
        QTimer.singleShot(50, leave)

    def leave() -> None:
        seen.append(window_of().toast.sentence)
        window_of().close()

    QTimer.singleShot(0, look)
    with given_up_after(60):
        assert run_gui(tmp_path / "casebook") == 0
    assert seen[0] == "start"
    assert "mistake" in seen[1]
    assert sys.excepthook is before
    assert "nobody caught this" in (logs / "casehead.log").read_text("utf-8")


def test_a_casebook_that_cannot_be_opened_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda *args: told.append(args[2]))
    (tmp_path / "casebook").write_text("a file, not a folder")
    assert run_gui(tmp_path / "casebook") == 1
    assert len(told) == 1
    assert told[0]


@pytest.mark.timeout(600)  # sixty pictures of windows
def test_every_screen_is_pictured_in_both_sizes(qtbot: QtBot, held: Path, tmp_path: Path) -> None:
    database = (held / "casebook.sqlite").read_bytes()
    written = take_screenshots(held, tmp_path / "out")
    wanted = {f"{name}-{w}x{h}.png" for name in SCREENS for w, h in SIZES}
    assert {path.name for path in written} == wanted
    for path in written:
        picture = cv2.imread(str(path))
        assert f"{picture.shape[1]}x{picture.shape[0]}" in path.name
        assert picture.std() > 5
    assert (held / "casebook.sqlite").read_bytes() == database


def test_pictures_that_cannot_be_written_are_told(qtbot: QtBot, held: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for width, height in SIZES:
        (tmp_path / "out" / f"start-empty-{width}x{height}.png").mkdir()
    with pytest.raises(CaseheadError, match="could not be written"):
        take_screenshots(held, tmp_path / "out")
