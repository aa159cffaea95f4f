"""The breech face against outlines drawn by eye and against the bench's truth: none silently wrong.

All pictures and all two hundred cases: ``python -m tests.bench.regions``.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from app.importing.decode import read_surface
from correlation.region import SURE, find_region
from correlation.surface import Surface
from tests.correlation.region_cases import SHARE, judged, known

REAL = Path(__file__).parents[3] / "shared" / "data"
OUTLINES = json.loads((Path(__file__).parent / "outlines.json").read_text())["files"]
PHOTOGRAPHS = [name for name in OUTLINES if name.startswith("primers-colour")]
OTHERS = [name for name in OUTLINES if not name.startswith("primers-colour")]
PIXEL_UM = 10.0


def drawn(name: str) -> tuple[Surface, tuple[float, float, float]]:
    path, outline = REAL / name, OUTLINES[name]
    if not path.exists():
        pytest.skip("the real scans and images are not beside the checkout")
    scale = None if path.suffix == ".x3p" else outline["pixel_um"]
    x, y, radius = outline["outer"]["um"]
    return read_surface(path, pixel_um=scale), (x, y, radius)


def test_every_picture_of_a_whole_primer_is_outlined() -> None:
    if not REAL.is_dir():
        pytest.skip("the real scans and images are not beside the checkout")
    kinds = ("nist2d/*.png", "raw3d/*.x3p", "primers-colour/*.jpg")
    there = {f"{path.parent.name}/{path.name}" for kind in kinds for path in REAL.glob(kind)}
    assert there == set(OUTLINES)
    for outline in OUTLINES.values():
        for circle in (outline["outer"], outline["inner"]):
            scaled = np.multiply(circle["px"], outline["pixel_um"])
            np.testing.assert_allclose(circle["um"], scaled, atol=1.1)


@pytest.mark.real_data
@pytest.mark.parametrize("name", [*OTHERS, *PHOTOGRAPHS[::6]])
def test_the_face_lies_within_two_per_cent_of_the_outline_drawn_by_eye(name: str) -> None:
    surface, circle = drawn(name)
    found = judged(find_region(surface), circle)
    assert found.right, (found.radius, found.centre)
    assert found.confidence >= SURE


def test_faces_of_the_bench_are_found_or_doubted() -> None:
    faces = [(one, judged(find_region(one.surface), one.truth)) for one in known(2)]
    assert [one.name for one, found in faces if found.silent] == []
    assert sum(found.right for one, found in faces if one.truth) >= 15
    believed = [one for one, found in faces if found.confidence >= SURE]
    assert len(believed) >= 14


def face(x_um: float, radius_um: float = 1800.0) -> Surface:
    y, x = (np.mgrid[:500, :640] * PIXEL_UM).astype(np.float32)
    away = np.hypot(x - x_um, y - 2500)
    grey = np.where(away < radius_um, 0.5, np.where(away < 1.4 * radius_um, 0.05, 0.3))
    noise = np.random.default_rng(4).normal(0, 0.03, grey.shape)
    return Surface(np.clip(grey + noise, 0, 1).astype(np.float32), PIXEL_UM, "image")


def test_a_face_partly_out_of_the_picture_is_doubted_in_words() -> None:
    within, beyond = find_region(face(3200)), find_region(face(1000))
    assert within.confidence >= SURE
    assert beyond.confidence < SURE
    assert "not in the picture" in beyond.sentence


def test_light_from_the_side_does_not_draw_the_outline_away() -> None:
    y, x = (np.mgrid[:500, :640] * PIXEL_UM).astype(np.float32)
    away = np.hypot(x - 3200, y - 2500)
    towards = (x - 3200) / np.maximum(away, 1)
    edge = 0.35 + 0.5 * towards
    grey = np.where(away < 1700, 0.35, np.where(away < 2000, edge, 0.02))
    noise = np.random.default_rng(5).normal(0, 0.03, grey.shape)
    lit = Surface(np.clip(grey + noise, 0, 1).astype(np.float32), PIXEL_UM, "image")
    found = judged(find_region(lit), (3200, 2500, 1700))
    assert found.right, (found.radius, found.centre)
    assert found.confidence >= SURE


@pytest.mark.real_data
def test_an_outline_that_comes_with_the_scan_is_followed() -> None:
    surface, circle = drawn("raw3d/k013sa1-whole-base.x3p")
    assert surface.mask is not None
    found = judged(find_region(surface), circle)
    assert max(abs(found.radius), found.centre) < SHARE
