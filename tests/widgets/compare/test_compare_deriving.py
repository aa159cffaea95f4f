"""The similarity map and the meaning of the score on the comparison screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from compare_parts import desk_of, part, press, text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from app.domain import Alignment, CaseheadError, Score
from app.matching.meaning import Meaning, Standing
from app.workbench import Workbench
from correlation.likelihood import Bounds, Ratio
from widgets.compare import CompareScreen

SCORE = Score("cells", "2.0", 0.71, 0.62, 20, 13, Alignment(16.5, (100.0, -60.0)), 0.9, 0.1)
RATIO = Ratio(1.8, 1.2, 2.4, Bounds(-1.0, 2.5), held=False)
MEANING = Meaning("Own guns", 28, Standing(90, 23, 1225, 0, 0.21), RATIO)


def open_drawer(screen: CompareScreen) -> None:
    screen._act("page explain")


def test_m_lays_the_map_over_both_and_follows_the_alignment(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    desk = desk_of(opened)
    before = desk.picture()
    press(qtbot, opened, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: desk.similarity is not None)
    first = desk.similarity
    assert first is not None and first.found is not None
    assert first.alignment == desk.alignment
    assert (desk.picture() != before).any()
    press(qtbot, opened, Qt.Key.Key_Right)
    assert desk.similarity is None  # never a map of another alignment
    qtbot.waitUntil(lambda: desk.similarity is not None)
    assert desk.similarity is not None and desk.similarity.found is not first.found
    press(qtbot, opened, Qt.Key.Key_M)
    press(qtbot, opened, Qt.Key.Key_Left)
    assert not desk.view.similarity and (desk.picture() == before).all()


def test_the_drawer_switches_the_map_and_undo_takes_it_back(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    open_drawer(opened)
    box = part(opened, QCheckBox, "similarity")
    box.click()
    desk = desk_of(opened)
    qtbot.waitUntil(lambda: desk.similarity is not None)
    assert desk.view.similarity and box.isChecked()
    opened._act("undo")
    assert not desk.view.similarity and not box.isChecked()


def test_marks_that_do_not_lie_on_each_other_have_no_map(
    opened: CompareScreen, qtbot: QtBot, told: list[str]
) -> None:
    desk = desk_of(opened)
    desk.set_alignment(Alignment(0.0, (90_000.0, 0.0)))
    press(qtbot, opened, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: bool(told))
    assert "do not lie on each other" in told[-1]
    press(qtbot, opened, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not desk.lacks_similarity)
    assert len(told) == 1
    desk.set_alignment(Alignment())
    qtbot.waitUntil(lambda: desk.similarity is not None and desk.similarity.found is not None)


def test_a_saved_view_brings_its_map_into_the_export(
    opened: CompareScreen, qtbot: QtBot, workbench: Workbench, tmp_path: Path
) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: desk.similarity is not None)
    saved = workbench.save_comparison(desk.as_comparison())
    shown = workbench.export_picture(saved, tmp_path / "with.png").read_bytes()
    desk.set_similarity(False)
    plain = workbench.save_comparison(desk.as_comparison())
    assert workbench.export_picture(plain, tmp_path / "without.png").read_bytes() != shown


def test_the_meaning_stands_beside_the_score(
    opened: CompareScreen, qtbot: QtBot, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "meaning", lambda *asked: MEANING)
    open_drawer(opened)
    assert "Align automatically" in text(opened, "meaning_score")
    desk = desk_of(opened)
    desk.aligned(SCORE)
    assert "reference populations" in text(opened, "meaning_standing")
    qtbot.waitUntil(lambda: desk.meaning is not None)
    assert "Score 0.71 of 1" in text(opened, "meaning_score")
    assert "Of 1,225 pairs from two firearms, none" in text(opened, "meaning_standing")
    assert "log10 likelihood ratio 1.8, 95 % interval 1.2 to 2.4" in text(opened, "meaning_ratio")
    label = opened._view._names._sentence
    assert "log10 LR 1.8 (1.2 to 2.4); an aid, not a conclusion" in label.toolTip()


def test_the_drawer_says_how_sure_the_alignment_is(opened: CompareScreen) -> None:
    open_drawer(opened)
    desk, label = desk_of(opened), part(opened, QLabel, "meaning_precision")
    desk.aligned(SCORE)
    assert label.isHidden()
    sure = replace(SCORE, overlap_um2=4.1e6, rotation_sd_deg=0.21, shift_sd_um=3.2)
    desk.aligned(sure)
    assert label.isVisible()
    assert label.text() == "Alignment ±0.2° and ±3 µm, overlap 4.1 mm²"
    desk.aligned(replace(sure, shift_sd_um=None))
    assert label.text() == "Alignment uncertain: no best place stands out, overlap 4.1 mm²"


def test_without_a_population_the_drawer_says_why(opened: CompareScreen, qtbot: QtBot) -> None:
    open_drawer(opened)
    desk = desk_of(opened)
    desk.aligned(SCORE)
    qtbot.waitUntil(lambda: desk.meaning is not None)
    assert "has no reference population" in text(opened, "meaning_ratio")


def test_a_meaning_of_an_earlier_score_is_dropped(
    opened: CompareScreen, qtbot: QtBot, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SimpleNamespace(count=0)

    def meaning(score: Score, *pair: str) -> Meaning:
        other.count += 1
        if score is SCORE:
            raise CaseheadError("too late to matter")
        return MEANING

    monkeypatch.setattr(workbench, "meaning", meaning)
    desk = desk_of(opened)
    desk.aligned(SCORE)
    later = Score("cells", "2.0", 0.5, 0.4, 20, 9, SCORE.alignment, 0.9, 0.1)
    desk.aligned(later)
    qtbot.waitUntil(lambda: desk.meaning is MEANING)
    assert other.count == 2
