"""Files out of the desk: what is asked, what is written, what is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import cv2
import pytest
from compare_parts import desk_of, press, wait_told
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.workbench import Workbench
from tests.app.reporting.report_parts import text_of
from widgets.bridge import Bridge
from widgets.compare import CompareScreen
from widgets.compare.work.exporting import (
    REPORT_KINDS,
    STOPPED,
    VIEW_KINDS,
    FileKind,
    Target,
    ask_target,
)

Answer = Callable[[str, str], None]


@pytest.fixture
def dialog(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """What the examiner answers to the file dialog: a name and the kind of file."""

    def answer(name: str, kind: str) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, kind))

    return answer


def ask(kinds: Sequence[FileKind] = VIEW_KINDS) -> Target | None:
    return ask_target(QWidget(), "Export", "pair.png", kinds)


@pytest.mark.usefixtures("qtbot")
def test_the_dialog_gives_kind_field_and_suffix(dialog: Answer, tmp_path: Path) -> None:
    for kind, whole, suffix in zip(
        VIEW_KINDS, (False, False, True, True), (".png", ".tif", ".png", ".tif"), strict=True
    ):
        dialog(str(tmp_path / "2026-0412.1"), kind.filter)
        assert ask() == Target(tmp_path / f"2026-0412.1{suffix}", whole)
    dialog(str(tmp_path / "a.TIFF"), VIEW_KINDS[0].filter)
    assert ask() == Target(tmp_path / "a.TIFF")
    dialog(str(tmp_path / "a.png"), "")
    assert ask(REPORT_KINDS) == Target(tmp_path / "a.png.pdf")
    dialog("", "")
    assert ask() is None


@pytest.mark.usefixtures("qtbot")
def test_a_file_is_only_replaced_when_that_was_asked(
    dialog: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(b"mine")
    dialog(str(tmp_path / "a.png"), VIEW_KINDS[0].filter)  # the dialog itself has asked
    assert ask() == Target(tmp_path / "a.png", overwrite=True)
    dialog(str(tmp_path / "a"), VIEW_KINDS[0].filter)
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    assert ask() is None
    assert ask() == Target(tmp_path / "a.png", overwrite=True)


def test_the_view_is_exported_at_the_resolution_of_the_evidence(
    opened: CompareScreen, told: list[str], exported: Path, qtbot: QtBot
) -> None:
    press(qtbot, opened, Qt.Key.Key_E)
    wait_told(qtbot, told, str(exported))
    assert "finer evidence picture, 4 µm" in told[-1]
    desk, picture = desk_of(opened), cv2.imread(str(exported))
    times = desk.view.um_per_px * desk.size[0] / 4.0
    assert picture is not None
    assert picture.shape[1] / times == pytest.approx(round(picture.shape[1] / times), abs=0.01)
    press(qtbot, opened, Qt.Key.Key_E)
    wait_told(qtbot, told, "already; nothing was written")


def test_the_report_is_written_from_the_panel(
    opened: CompareScreen, told: list[str], exported: Path, qtbot: QtBot
) -> None:
    press(qtbot, opened, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    wait_told(qtbot, told, "end in .pdf")
    pdf = exported.with_suffix(".pdf")
    opened._exports._ask = lambda *_: Target(pdf)
    press(qtbot, opened, Qt.Key.Key_F8)
    button = opened.findChild(QPushButton, "report")
    assert button is not None and button.isVisible()
    button.click()
    wait_told(qtbot, told, str(pdf))
    text = text_of(pdf.read_bytes())
    assert "2026-0412" in text and "No conclusion has been recorded." in text


def test_a_place_that_cannot_be_written_is_told(
    opened: CompareScreen, told: list[str], exported: Path, qtbot: QtBot
) -> None:
    exported.parent.write_text("in the way")
    press(qtbot, opened, Qt.Key.Key_E)
    wait_told(qtbot, told, "could not be written")


def test_an_export_can_be_stopped_and_never_blocks(
    opened: CompareScreen,
    bridge: Bridge,
    workbench: Workbench,
    told: list[str],
    exported: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, gate, written = Event(), Event(), workbench.export_view

    def slow(*args: Any, **more: Any) -> Any:
        begun.set()
        assert gate.wait(20)
        return written(*args, **more)

    monkeypatch.setattr(workbench, "export_view", slow)
    press(qtbot, opened, Qt.Key.Key_E)
    assert begun.wait(20), "it runs while the window goes on"
    press(qtbot, opened, Qt.Key.Key_Right)
    (work,) = bridge.works
    assert work.name == f"Export {exported.name}"
    work.job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: told == [STOPPED])
    assert not exported.exists() and bridge.works == ()


def test_thinking_better_of_it_writes_nothing(
    opened: CompareScreen, bridge: Bridge, told: list[str], qtbot: QtBot
) -> None:
    opened._exports._ask = lambda *_: None
    press(qtbot, opened, Qt.Key.Key_E)
    press(qtbot, opened, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert bridge.works == () and told == []
