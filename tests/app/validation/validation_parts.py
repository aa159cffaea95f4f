"""What the tests of validations build on: pairs made up of numbers, and small scans as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.validation.ledger import Pair, Row
from app.validation.truth import Truth
from correlation.surface import Surface
from tests.correlation.surfaces import scan
from tests.damaged import x3p_bytes

SCANS = {"a1.x3p": (1, 0.0), "a2.x3p": (1, 40.0), "b1.x3p": (2, 0.0), "b2.x3p": (2, 200.0)}
TRUTH = "file,gun,note\na1.x3p,gun-a,\na2.x3p,gun-a,turned\nb1.x3p,gun-b,\nb2.x3p,gun-b,\n"


def made_up(
    firearms: int, each: int, apart: float = 6.0, seed: int = 0
) -> tuple[dict[Pair, Row], Truth]:
    """Scores of all pairs of ``each`` cases of each firearm; pairs of one are higher by ``apart``
    standard deviations."""
    random = np.random.default_rng(seed)
    guns: dict[str, str | None] = {
        f"g{gun:02d}-{case}.x3p": f"gun {gun:02d}"
        for gun in range(firearms)
        for case in range(each)
    }
    truth, names, rows = Truth(guns), sorted(guns), {}
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            level = apart * bool(truth.same(first, second)) + random.normal()
            ccf = round(float(np.tanh(0.2 + level / 12)), 6)
            cells = int(np.clip(round(3 * level), 0, 20))
            rows[first, second] = Row(
                first, second, round((ccf + cells / 20) / 2, 6), 20, cells, ccf, 0.0
            )
    return rows, truth


def write_scans(folder: Path) -> Path:
    """Four small scans of two firearms as x3p, with their truth."""
    folder.mkdir(parents=True)
    for number, (name, (seed, turn)) in enumerate(SCANS.items()):
        write_scan(folder / name, _smaller(scan(seed, turn, noise=0.3, noise_seed=number)))
    (folder / "truth.csv").write_text(TRUTH, encoding="utf-8")
    return folder


def _smaller(surface: Surface, radius_um: float = 1250.0) -> Surface:
    """The middle of a scan: what is compared sooner."""
    half = int(radius_um / surface.pixel_um)
    rows = surface.values.shape[0] // 2
    values = surface.values[rows - half : rows + half, rows - half : rows + half].copy()
    steps = np.arange(2 * half) - half + 0.5
    values[np.hypot(steps[:, None], steps[None, :]) > half] = np.nan
    return Surface(values, surface.pixel_um, surface.kind)


def write_scan(path: Path, surface: Surface) -> None:
    """One surface as x3p."""
    step = f"{surface.pixel_um * 1e-6:.9g}"
    data = x3p_bytes(surface.values * np.float32(1e-6), increments=(step, step, "1"))
    path.write_bytes(data)
