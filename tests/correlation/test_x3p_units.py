"""Units of x3p files: judged apart for the pitch and the relief, settled by the user."""

from __future__ import annotations

import numpy as np
import pytest

from correlation.x3p import read_x3p
from correlation.x3p.model import Unit
from correlation.x3p.units import judge, relief_of
from tests.damaged import relief, x3p_bytes

UM = relief()


def test_metres_need_no_word() -> None:
    finding = judge(6.25e-6, 12e-6)
    assert (finding.xy_unit, finding.z_unit, finding.sure) == ("m", "m", True)
    assert finding.sentence == ""


@pytest.mark.parametrize(
    ("pitch", "relief_stored", "xy", "z"),
    [
        (7.37, 6.5, "um", "um"),
        (7.37e-6, 7.9, "m", "um"),
        (0.8765, 239e-6, "um", "m"),
        (7.37, 385.0, "um", "um"),
        (7.37, 0.4, "um", "um"),
        (6.25e-6, 0.3e-6, "m", "m"),
    ],
)
def test_pitch_and_relief_are_judged_apart(
    pitch: float, relief_stored: float, xy: Unit, z: Unit
) -> None:
    finding = judge(pitch, relief_stored)
    assert (finding.xy_unit, finding.z_unit, finding.sure) == (xy, z, True)
    assert ("micrometres" in finding.sentence) == ("um" in (xy, z))
    assert "--" not in finding.sentence


@pytest.mark.parametrize(
    ("pitch", "relief_stored", "options"),
    [
        (0.0275, 1.5, ("--xy-unit", "--z-unit")),
        (7e-5, 5e-6, ("--xy-unit",)),
        (6.25e-6, 0.0, ("--z-unit",)),
        (6.25e-6, 1e9, ("--z-unit",)),
        (6.25e-6, 0.3, ("--z-unit",)),
    ],
)
def test_when_nothing_or_too_much_fits_the_user_is_asked(
    pitch: float, relief_stored: float, options: tuple[str, ...]
) -> None:
    finding = judge(pitch, relief_stored)
    assert not finding.sure
    for option in ("--xy-unit", "--z-unit"):
        assert (option in finding.sentence) == (option in options)


def test_what_the_user_says_wins() -> None:
    finding = judge(7.37, 6.5, "mm", "m")
    assert (finding.xy_unit, finding.z_unit, finding.sure) == ("mm", "m", True)
    assert (finding.xy_how, finding.z_how) == ("settled", "settled")


def test_the_relief_is_robust_against_spikes_and_missing_points() -> None:
    z = UM * 1e-6
    z[0, 0], z[5, 5], z[6, 6] = 1.0, np.nan, -1.0
    assert relief_of(z) == pytest.approx(float(np.ptp(UM)) * 1e-6, rel=0.2)


@pytest.mark.parametrize(
    ("pitch", "factor", "xy", "z"),
    [
        ("6.25", 1.0, "um", "um"),
        ("6.25e-6", 1.0, "m", "um"),
        ("6.25", 1e-6, "um", "m"),
    ],
)
def test_a_file_in_other_units_reads_the_same_with_one_warning(
    pitch: str, factor: float, xy: Unit, z: Unit
) -> None:
    scan = read_x3p(x3p_bytes(UM * factor, increments=(pitch, pitch, "1")))
    np.testing.assert_allclose(scan.heights_um, UM, atol=1e-5)
    assert scan.pixel_um == pytest.approx(6.25)
    assert (scan.units.xy_unit, scan.units.z_unit) == (xy, z)
    assert scan.warnings == (scan.units.sentence,)


def test_units_settled_by_the_user_are_used() -> None:
    scan = read_x3p(
        x3p_bytes(UM * 1e-3, increments=("6.25e-3",) * 2 + ("1",)), xy_unit="mm", z_unit="mm"
    )
    np.testing.assert_allclose(scan.heights_um, UM, atol=1e-5)
    assert scan.pixel_um == pytest.approx(6.25)
    assert scan.units.sure
