"""The plain baseline: by its definition, and where the truth is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.validation import plain
from app.validation.degrading import degrade
from app.validation.plain import Grid, Plain, plain_compare, plain_mark
from correlation.errors import CorrelationError
from correlation.surface import Surface
from tests.correlation.surfaces import scan


@pytest.fixture(scope="module")
def first() -> Plain:
    return plain_mark(scan(1))


def random_grid(seed: int, side: int = 15) -> Grid:
    """Waves of chance with holes, in a disc."""
    random = np.random.default_rng(seed)
    steps = np.arange(side) - (side - 1) / 2
    mask = np.hypot(steps[:, None], steps[None, :]) <= side / 2
    mask &= random.random((side, side)) > 0.3
    return Grid(np.where(mask, random.standard_normal((side, side)), 0).astype(np.float32), mask)


def by_definition(first: Grid, second: Grid, least: float) -> float:
    """Every shift in a loop, Pearson's correlation of what both have there."""
    best, side, other = -1.0, first.mask.shape[0], second.mask.shape[0]
    for dy in range(1 - other, side):
        for dx in range(1 - other, side):
            rows = np.s_[max(dy, 0) : min(dy + other, side)]
            columns = np.s_[max(dx, 0) : min(dx + other, side)]
            own = np.s_[rows, columns]
            its = np.s_[rows.start - dy : rows.stop - dy, columns.start - dx : columns.stop - dx]
            both = first.mask[own] & second.mask[its]
            if both.sum() >= least:
                a, b = first.values[own][both], second.values[its][both]
                best = max(best, float(np.corrcoef(a, b)[0, 1]))
    return best


@pytest.mark.parametrize(("side", "other"), [(15, 15), (15, 11), (12, 17)])
def test_every_shift_by_the_definition(side: int, other: int) -> None:
    a, b = random_grid(1, side), random_grid(2, other)
    least = plain.OVERLAP * min(a.mask.sum(), b.mask.sum())
    (found,) = plain._correlations(a, b, np.zeros(1))
    assert found == pytest.approx(by_definition(a, b, least), abs=1e-4)


def test_a_mark_is_like_itself(first: Plain) -> None:
    found = plain_compare(first, first)
    assert found.ccf == pytest.approx(1, abs=1e-4) and found.rotation_deg == 0


@pytest.mark.parametrize("turn", [40.0, 181.0, -77.0])
def test_a_turn_is_found_all_around(turn: float, first: Plain) -> None:
    found = plain_compare(first, plain_mark(scan(1, turn)))
    back = plain_compare(plain_mark(scan(1, turn)), first)
    away = (found.rotation_deg + back.rotation_deg + 180) % 360 - 180
    assert abs(away) <= 2 and found.ccf == pytest.approx(back.ccf, abs=0.05)
    assert found.ccf > 0.8
    assert min(abs(abs(found.rotation_deg) - abs(t)) for t in (turn, 360 - abs(turn))) <= 1.5


def test_others_and_mirror_images_are_not_alike(first: Plain) -> None:
    surface = scan(1)
    mirrored = plain_mark(replace(surface, values=surface.values[:, ::-1].copy()))
    for other in (plain_mark(scan(2)), mirrored):
        assert plain_compare(first, other).ccf < 0.45


def test_height_tilt_and_pixel_size_do_not_matter(first: Plain) -> None:
    surface = scan(1)
    rows, columns = surface.values.shape
    tilt = 0.01 * np.arange(columns)[None, :] - 0.02 * np.arange(rows)[:, None] + 300
    tilted = replace(surface, values=(3 * surface.values + tilt).astype(np.float32))
    assert plain_compare(first, plain_mark(tilted)).ccf > 0.999
    coarse = plain_compare(first, plain_mark(degrade(surface, "pixel2", "x")))
    assert coarse.ccf > 0.98 and coarse.rotation_deg == 0


def test_missing_parts_are_left_out(first: Plain) -> None:
    surface = scan(1)
    values = surface.values.copy()
    values[:, : values.shape[1] // 2] = np.nan
    found = plain_compare(first, plain_mark(replace(surface, values=values)))
    assert found.ccf > 0.95 and abs(found.rotation_deg) <= 1


@pytest.mark.parametrize(
    "values",
    [np.full((200, 200), np.nan), np.ones((200, 200)), np.ones((3, 3)), np.ones((60_000, 1))],
)
def test_what_cannot_be_correlated_gets_a_sentence(values: np.ndarray) -> None:
    with pytest.raises(CorrelationError, match=r"plain correlation.*\.$"):
        plain_mark(Surface(values.astype(np.float32), 6.25, "scan"))


def test_the_engine_has_no_part_in_it() -> None:
    source = str(plain.__file__)
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1] for line in lines if line.startswith(("from c", "import c"))}
    ours = {f"correlation.{name}" for name in ("errors", "late", "surface")}  # late: only scipy
    assert imported == {"cv2", "collections.abc", *ours}
