"""Alicona al3d files, made here; a real one is checked in test_x3p_real."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from correlation.al3d import read_al3d
from correlation.errors import CorrelationError
from tests.damaged import al3d_bytes, damaged_contents, relief

UM = relief(9, 13)


def test_heights_pitch_and_missing_points(tmp_path: Path) -> None:
    z = UM * 1e-6
    z[2, 3] = np.nan
    path = tmp_path / "a.al3d"
    path.write_bytes(al3d_bytes(z, 2e-6))
    scan = read_al3d(path)
    assert scan.pixel_um == pytest.approx(2.0)
    assert scan.units.sure
    assert np.isnan(scan.heights_um[2, 3])
    assert np.isnan(scan.heights_um).sum() == 1
    known = np.isfinite(z)
    np.testing.assert_allclose(scan.heights_um[known], UM[known], atol=1e-5)


def test_unequal_steps_become_a_square_grid() -> None:
    scan = read_al3d(al3d_bytes(UM * 1e-6, 2e-6, PixelSizeYMeter="4e-6"))
    assert scan.pixel_um == pytest.approx(2.0)
    assert scan.heights_um.shape == (17, 13)
    np.testing.assert_allclose(scan.heights_um[::2], UM, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "content"),
    [(n, c) for n, c in damaged_contents() if n.endswith(".al3d")]
    + [
        ("no-rows", al3d_bytes(UM, Rows="")),
        ("no-step", al3d_bytes(UM, PixelSizeXMeter="0")),
        ("not-a-number", al3d_bytes(UM, Cols="many")),
        ("other", b"something else"),
    ],
)
def test_damage_is_one_sentence(name: str, content: bytes) -> None:
    with pytest.raises(CorrelationError) as caught:
        read_al3d(content)
    assert str(caught.value).endswith(".")
