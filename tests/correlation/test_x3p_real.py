"""Real x3p files as the laboratories and tools of the world write them."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import x3pio

from correlation.al3d import read_al3d
from correlation.errors import CorrelationError
from correlation.x3p import X3p, read_x3p
from correlation.x3p.model import UM_PER

DATA = Path(__file__).parents[3] / "shared" / "data"
VARIETY = DATA / "x3p-variety"
SAMPLE = 4  # of the big sets, every so many files

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="no real data beside the checkout"),
]


def _files() -> list[Path]:
    found = sorted(VARIETY.rglob("*.x3p"))
    for folder in ("raw3d", "topmatch3d"):
        found += sorted((DATA / folder).glob("*.x3p"))
    for folder in ("fadul3d", "weller3d"):
        found += sorted((DATA / folder).glob("*.x3p"))[::SAMPLE]
    return found


def _by_x3pio(path: Path) -> np.ndarray | None:
    """z of the first layer in the unit stored, by another reader; None where it refuses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = x3pio.read(path)
    except x3pio.X3pError:
        return None
    z: np.ndarray = read.layers[0].z
    return z


def _is_line_or_cloud(path: Path) -> bool:
    return any(word in path.name for word in ("point_cloud", "profile", "sample2", "sample3"))


@pytest.mark.parametrize("path", _files(), ids=lambda p: p.stem)
def test_every_areal_scan_reads_and_agrees_with_another_reader(path: Path) -> None:
    if _is_line_or_cloud(path):
        with pytest.raises(CorrelationError):
            read_x3p(path)
        return
    scan = read_x3p(path)
    assert np.isfinite(scan.heights_um).any()
    other = _by_x3pio(path)
    if other is None or any("interpolated" in w for w in scan.warnings):
        return
    other = other * UM_PER[scan.units.z_unit]
    assert other.shape == scan.heights_um.shape
    missing = ~np.isfinite(other)
    np.testing.assert_array_equal(np.isnan(scan.heights_um), missing)
    difference = (scan.heights_um.astype(float) - other)[~missing]
    # a placement may move all heights by one offset, which another reader keeps apart
    np.testing.assert_allclose(difference, np.median(difference), atol=1e-3)


@pytest.mark.parametrize(
    ("folder", "low", "high", "every"),
    [
        ("raw3d", 3.125, 7.375, 1),
        ("topmatch3d", 7.373, 7.385, 1),
        ("fadul3d", 6.25, 6.25, SAMPLE),
        ("weller3d", 6.25, 6.25, SAMPLE),
    ],
)
def test_scans_of_cartridge_cases_have_sure_units_and_the_known_pitch(
    folder: str, low: float, high: float, every: int
) -> None:
    paths = sorted((DATA / folder).glob("*.x3p"))[::every]
    assert paths
    for path in paths:
        scan = read_x3p(path)
        assert scan.units.sure, path.name
        assert low - 1e-6 <= scan.pixel_um <= high + 1e-6


@pytest.mark.parametrize(
    ("name", "xy", "z"),
    [
        ("mixed-units-1", "m", "um"),
        ("mixed-units-2", "m", "um"),
        ("circle-xy-in-um", "um", "m"),
        ("circle-z-in-um", "m", "um"),
        ("two-scans-one-matrix", "um", "um"),
        ("klein-replica-alicona", "m", "m"),
        ("sample-land", "m", "m"),
    ],
)
def test_units_found_in_the_wild(name: str, xy: str, z: str) -> None:
    units = read_x3p(VARIETY / f"{name}.x3p").units
    assert (units.xy_unit, units.z_unit, units.sure) == (xy, z, True)


def test_the_two_circles_are_the_same_surface_whatever_their_units() -> None:
    one = read_x3p(VARIETY / "circle-xy-in-um.x3p")
    other = read_x3p(VARIETY / "circle-z-in-um.x3p")
    assert one.pixel_um == pytest.approx(other.pixel_um)
    np.testing.assert_allclose(one.heights_um, other.heights_um, atol=1e-3)


@pytest.mark.parametrize("name", ["testing", "iso5436-sample1", "logo-wrong-md5"])
def test_files_in_unclear_units_ask_for_them(name: str) -> None:
    scan = read_x3p(VARIETY / f"{name}.x3p")
    assert not scan.units.sure
    assert "--z-unit" in scan.units.sentence


def test_the_file_with_a_wrong_checksum_warns() -> None:
    assert "MD5" in read_x3p(VARIETY / "logo-wrong-md5.x3p").warnings[0]


@pytest.mark.parametrize(("name", "share"), [("k013sa1", 0.133), ("k013sa2", 0.144)])
def test_the_whole_bases_carry_the_outline_of_their_breech_face(name: str, share: float) -> None:
    scan = read_x3p(DATA / "raw3d" / f"{name}-whole-base.x3p")
    assert scan.mask is not None
    assert scan.mask.shape == scan.heights_um.shape
    assert scan.mask.mean() == pytest.approx(share, abs=0.001)


def test_the_same_numbers_as_text_and_binary_read_the_same() -> None:
    texts = sorted((VARIETY / "synthetic").glob("*surface*_xml.x3p"))
    pairs = [(text, text.with_name(text.name.replace("_xml", "_binary"))) for text in texts]
    pairs = [pair for pair in pairs if pair[1].exists()]
    assert len(pairs) >= 3
    for text, binary in pairs:
        one, other = read_x3p(text), read_x3p(binary)
        np.testing.assert_allclose(one.heights_um, other.heights_um, atol=1e-5)
        assert one.pixel_um == pytest.approx(other.pixel_um)


def _file_heights(scan: X3p) -> np.ndarray:
    return scan.heights_um.astype(float) + scan.z_origin_um


def test_al3d_agrees_with_the_x3p_made_from_it_which_is_flipped() -> None:
    original = read_al3d(VARIETY / "klein-replica.al3d")
    converted = read_x3p(VARIETY / "klein-replica-scratch.x3p")
    assert original.pixel_um == pytest.approx(converted.pixel_um)
    np.testing.assert_allclose(
        _file_heights(original), np.flipud(_file_heights(converted)), atol=1e-3
    )
