"""Exports, thumbnails, stored views."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.domain import Alignment, CaseheadError, Cell, Score
from app.picture import (
    Mode,
    Side,
    ViewState,
    alignment_sentence,
    comparison_picture,
    mode_words,
    render,
    score_sentence,
    settled,
    thumbnail,
    write_png,
)

LEFT = Side(np.full((300, 400), 100, np.uint8), 2.0, "2026-0412 / 3 / 3A", "evidence")
RIGHT = Side(np.full((300, 400), 200, np.uint8), 2.0, "2025-1107 / 1 / 1B", "test fire")
CELLS = (Cell((0, 0), (0, 0), 80, 0, 0.4, True), Cell((90, 0), (90, 0), 80, 0, 0.1, False))
SCORE = Score("cells", "1.0", 0.5, 0.312, 24, 7, Alignment(), 0.8, 0.05, {}, CELLS)


def test_the_sentence_gives_figures_and_says_what_they_are() -> None:
    assert score_sentence(SCORE) == (
        "7 of 24 cells agree; correlation 0.31 (cells 1.0); an aid, not a conclusion"
    )
    assert "an aid, not a conclusion" in score_sentence(None)


def test_alignment_is_written_with_units_and_no_minus_nought() -> None:
    words = alignment_sentence(Alignment(16.46, (100.4, -0.3)))
    assert words == "turn 16.5°   dx 100 µm   dy 0 µm"


@pytest.mark.parametrize("size", [(1600, 1000), (800, 600), (640, 480)])
def test_the_picture_has_the_size_asked_for(size: tuple[int, int]) -> None:
    picture = comparison_picture(
        LEFT, RIGHT, Alignment(), ViewState(cells=True), SCORE, ("J. Doe, 2026",), size
    )
    assert picture.shape == (size[1], size[0], 3)


def test_long_names_and_odd_letters_are_drawn_inside() -> None:
    long = replace(LEFT, title="Ärzte-Straße 2026/0412 " * 20)
    picture = comparison_picture(long, RIGHT, Alignment(), ViewState(), SCORE, ("→ µm é" * 80,))
    assert (picture[:, -8:] == picture[-1, -1]).all(axis=2)[-60:].all()


def test_an_export_shows_the_field_seen_on_the_screen() -> None:
    view = ViewState(um_per_px=2.0, seen_px=(1000, 500))
    assert settled(LEFT, RIGHT, Alignment(), view, (2000, 1000)).um_per_px == pytest.approx(1.0)
    assert settled(LEFT, RIGHT, Alignment(), view, (500, 1000)).um_per_px == pytest.approx(4.0)
    assert settled(LEFT, RIGHT, Alignment(), view, (1000, 500)) == view


def test_captions_change_the_picture_deterministically() -> None:
    def make(line: str) -> bytes:
        return comparison_picture(LEFT, RIGHT, Alignment(), ViewState(), SCORE, (line,)).tobytes()

    assert make("a") == make("a") != make("b")


def test_mode_words_name_what_matters() -> None:
    assert mode_words(ViewState(mode=Mode.OVERLAY, opacity=0.3)) == "overlay, right at 30%"
    assert "exchanged" in mode_words(ViewState(exchanged=True))


def test_a_view_survives_json() -> None:
    view = ViewState(
        Mode.OVERLAY, "horizontal", 0.3, 0.7, True, 250, True, True, (1.5, -2.0), 0.9, 15.0, (9, 8)
    )
    assert ViewState.from_dict(json.loads(json.dumps(view.to_dict()))) == view


def test_nonsense_in_a_stored_view_becomes_the_default() -> None:
    stored = {
        "mode": "fancy",
        "divider": 3,
        "divider_at": 7.0,
        "opacity": "much",
        "centre_um": [1],
        "um_per_px": float("nan"),
        "cells": "yes",
        "extra": 1,
        "seen_px": None,
        "blink_ms": 5,
    }
    assert ViewState.from_dict(stored) == ViewState(divider_at=1.0, blink_ms=100)


def test_png_is_written_whole_and_read_back(tmp_path: Path) -> None:
    picture = render(LEFT, RIGHT, Alignment(), ViewState(), (300, 200))
    path = write_png(tmp_path / "new" / "pair.png", picture)
    assert np.array_equal(cv2.imread(str(path))[..., ::-1], picture)
    assert [p.name for p in path.parent.iterdir()] == ["pair.png"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CaseheadError, match="could not be written"):
        write_png(tmp_path / "file" / "pair.png", LEFT.pixels)


def test_thumbnails_keep_the_shape_and_are_never_enlarged() -> None:
    assert thumbnail(LEFT.pixels, 100).shape == (75, 100, 3)
    assert thumbnail(LEFT.pixels, 4000).shape == (300, 400, 3)
