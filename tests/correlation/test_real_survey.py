"""Real mates come first in the coarse pass, and early in its order."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from app.importing.decode import read_surface
from app.validation.degrading import degrade
from correlation.prepare import Prepared, prepare
from correlation.survey import Survey, sketch

REAL = Path(__file__).parents[3] / "shared" / "data"
SCANS = {
    "fadul3d/fadul-1-1.x3p": 1,
    "fadul3d/fadul-1-2.x3p": 1,
    "fadul3d/fadul-f.x3p": 1,
    "fadul3d/fadul-2-1.x3p": 2,
    "fadul3d/fadul-4-1.x3p": 4,
    "fadul3d/fadul-6-1.x3p": 6,
    "topmatch3d/k004db1.x3p": 7,
    "topmatch3d/p0001_interpolated.x3p": 7,
    "topmatch3d/k002fj1.x3p": 8,
}
IMAGES = {
    "nist2d/fadul-1-1-ring.png": 1,
    "nist2d/fadul-1-2-ring.png": 1,
    "nist2d/colt-05-ring.png": 2,
    "nist2d/fbi-58a008995-ring.png": 3,
}

pytestmark = pytest.mark.real_data


@cache
def prepared(name: str, harm: str = "") -> Prepared:
    path = REAL / name
    if not path.exists():
        pytest.skip("the real scans and images are not beside the checkout")
    surface = read_surface(path, pixel_um=2.53 if path.suffix == ".png" else None)
    return prepare(degrade(surface, harm, name) if harm else surface)


@pytest.mark.parametrize(
    ("query", "harm"),
    [
        ("fadul3d/fadul-1-1.x3p", ""),
        ("fadul3d/fadul-1-1.x3p", "rotate"),
        ("fadul3d/fadul-f.x3p", "crop"),
        ("topmatch3d/p0001_interpolated.x3p", ""),
        ("nist2d/fadul-1-2-ring.png", ""),
    ],
)
def test_mates_come_first(query: str, harm: str) -> None:
    files = SCANS if query in SCANS else IMAGES
    others = [name for name in files if name != query]
    mate = np.array([files[name] == files[query] for name in others])
    stored = np.stack([np.frombuffer(sketch(prepared(name)), np.uint8) for name in others])
    survey = Survey(prepared(query, harm))
    strength = survey.coarse(stored, np.arange(len(stored))).strength
    assert strength[mate].min() > 1.2 * strength[~mate].max()
    order = survey.order(stored)
    assert order[mate].max() > order[~mate].max()
