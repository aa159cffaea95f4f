"""What is written as x3p is what a strict reader and our own read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import x3pio

from correlation.errors import CorrelationError
from correlation.x3p import Record2, read_x3p, write_x3p
from tests.damaged import relief

ABOUT = Record2(
    date="2026-03-31T10:15:00+00:00",
    creator="J. Doe & <Sons>",
    manufacturer="Casehead",
    model="a method",
    serial="7",
    version="0.1",
    calibrated_at="2026-03-01T08:00:00",
    probing="Software",
    identification="8 lights",
    comment='Not a topography.\nRecipe: {"a": 1} \u00b5m\x07.',
)


def heights() -> np.ndarray:
    z = relief().astype(np.float32)
    z[3, 4] = np.nan
    z[5, 6] = np.inf
    return z


def test_a_strict_reader_takes_it_with_its_checksums_and_origin(tmp_path: Path) -> None:
    path = tmp_path / "a.x3p"
    path.write_bytes(write_x3p(heights(), 2.53, ABOUT))
    read = x3pio.read(path)
    z = read.layers[0].z * 1e6
    np.testing.assert_allclose(z, np.where(np.isinf(heights()), np.nan, heights()), atol=1e-5)
    told = read.metadata
    assert told.creator == ABOUT.creator
    assert told.probing_system.type is x3pio.ProbingType.SOFTWARE
    assert told.comment == 'Not a topography.\nRecipe: {"a": 1} \u00b5m .'


def test_our_reader_finds_nothing_to_warn_of() -> None:
    data = write_x3p(heights(), 2.53, ABOUT)
    scan = read_x3p(data)
    assert scan.warnings == () and scan.units.sure and scan.units.xy_unit == "m"
    assert scan.pixel_um == pytest.approx(2.53)
    assert np.isnan(scan.heights_um[3, 4]) and np.isnan(scan.heights_um[5, 6])
    assert np.nanmax(np.abs(scan.heights_um - relief())[scan.heights_um > -1e9]) < 1e-5
    assert scan.metadata["probing_type"] == "Software"
    assert data == write_x3p(heights(), 2.53, ABOUT)


def test_what_is_no_scan_is_refused() -> None:
    with pytest.raises(CorrelationError, match="no height to write"):
        write_x3p(np.full((4, 4), np.nan, np.float32), 1.0, ABOUT)
    with pytest.raises(CorrelationError, match="no height to write"):
        write_x3p(heights(), 0.0, ABOUT)
    with pytest.raises(CorrelationError, match="'yesterday' is no moment"):
        write_x3p(heights(), 1.0, replace(ABOUT, date="yesterday"))
