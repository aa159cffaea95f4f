"""Words drawn over the evidence, whatever script they are in."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.picture.drawing import Pixels, draw_text, text_width


def drawn(text: str) -> Pixels:
    picture: Pixels = np.zeros((60, 700, 3), np.uint8)
    draw_text(picture, text, (5, 40), 24)
    return picture


def plainly(text: str) -> Pixels:
    """As OpenCV sets it, letter by letter."""
    picture: Pixels = np.zeros((60, 700, 3), np.uint8)
    cv2.putText(picture, text, (5, 40), (240, 240, 240), cv2.FontFace("sans"), 24, 400)
    return picture


@pytest.mark.parametrize("text", ["field 1.2 mm × 0.8 mm – 5 µm", "Дело 東京 → ±0.2°"])
def test_words_read_from_the_left_are_drawn_as_ever(text: str) -> None:
    np.testing.assert_array_equal(drawn(text), plainly(text))


def test_words_read_from_the_right_are_not_drawn_backwards() -> None:
    np.testing.assert_array_equal(drawn("Exhibit אבג, 3"), plainly("Exhibit גבא, 3"))


def test_a_letter_that_no_font_has_is_drawn_as_its_number() -> None:
    np.testing.assert_array_equal(drawn("a\ue123"), plainly("a[U+E123]"))


@pytest.mark.parametrize("text", ["plain", "Дело №4 \u0642\u0636\u064a\u0629, x", "\u0540\u0561"])
def test_the_width_is_what_is_drawn(text: str) -> None:
    picture: Pixels = np.zeros((60, 700, 3), np.uint8)
    end = draw_text(picture, text, (5, 40), 24)
    assert abs(end - 5 - text_width(text, 24)) <= 5, "a pixel or two for each change of font"
