"""Labels in a picture: turned, unsharp, unevenly lit; and pictures without one."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.bench import firearm_number, image_of
from app.capture.labels import read_labels
from tests.labels import bars, in_view, square

TEXT = "2026-0412/3/3A"


@pytest.mark.parametrize("turn_deg", [0, 7, 45, 90, 180, 211])
@pytest.mark.parametrize("kind", ["Code 128", "Code 39"])
def test_bars_are_read_however_they_lie(kind: str, turn_deg: float) -> None:
    seen = in_view(bars(TEXT, kind), turn_deg=turn_deg, blur_px=1.0, noise=4.0)
    (label,) = read_labels(seen)
    assert (label.text, label.kind) == (TEXT, kind)
    middle = label.corners.mean(axis=0)
    assert np.hypot(*(middle - (800, 600))) < 150


@pytest.mark.parametrize("module_px", [2, 4, 6])
def test_bars_near_and_far(module_px: int) -> None:
    found = read_labels(in_view(bars("12345678901234", module_px=module_px), noise=4.0))
    assert [label.text for label in found] == ["12345678901234"]


def test_an_ean_is_not_mistaken_for_another_code() -> None:
    (label,) = read_labels(in_view(bars("400638133393", "EAN-13"), turn_deg=20, noise=3.0))
    assert (label.text, label.kind) == ("4006381333931", "EAN-13")


@pytest.mark.parametrize("turn_deg", [0, 30, 90])
def test_a_qr_code_is_read(turn_deg: float) -> None:
    (label,) = read_labels(in_view(square(TEXT), turn_deg=turn_deg, blur_px=1.0, noise=4.0))
    assert (label.text, label.kind) == (TEXT, "QR")


def test_a_frame_of_a_large_camera_in_colour_and_16_bits() -> None:
    grey = in_view(bars(TEXT), shape=(1944, 2592), turn_deg=12)
    colour = np.repeat(grey[..., None], 3, axis=2)
    for pixels in (colour, grey.astype(np.uint16) << 8):
        assert [label.text for label in read_labels(pixels)] == [TEXT]


def test_nothing_is_read_where_no_label_is() -> None:
    noise = np.random.default_rng(0).normal(120, 40, (480, 640)).clip(0, 255).astype(np.uint8)
    stripes = np.tile(np.repeat([30, 220], 5).astype(np.uint8), (400, 80))
    case = image_of(firearm_number(1), 1, pixel_um=12.0)[0]
    for picture in (noise, stripes, case, np.full((300, 400), 90, np.uint8), noise[:3, :3]):
        assert read_labels(picture) == ()


def test_a_label_too_unsharp_is_not_guessed() -> None:
    assert read_labels(in_view(bars(TEXT, module_px=2), blur_px=2.5)) == ()
