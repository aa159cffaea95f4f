"""Which calibration holds for which optics, when, and what is said where none does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain import Calibration, CalibrationCheck, Optics
from app.optics import in_force

OPTICS = Optics("USB camera", "4x", "1.5")
SIZE = (1296, 972)
MADE = Calibration(
    OPTICS,
    2.53,
    2.53,
    "ruling",
    0.002,
    *SIZE,
    made_at="2026-01-01T10:00:00+00:00",
    expires_at="2027-01-01T00:00:00+00:00",
)
AT = "2026-06-01T00:00:00+00:00"


def test_one_that_holds() -> None:
    found = in_force([MADE], Optics(" usb  Camera", "4X", "1.5 "), AT, SIZE)
    assert found.calibration == MADE == found.latest and found.sentence == ""
    assert found.pixel_um == 2.53


@pytest.mark.parametrize(
    "optics",
    [Optics("other", "4x", "1.5"), Optics("USB camera", "10x", "1.5"), Optics("USB camera", "4x")],
)
def test_other_optics_have_none(optics: Optics) -> None:
    found = in_force([MADE], optics, AT)
    assert found.calibration is None and found.latest is None
    assert "no calibration of" in found.sentence and "stage micrometer" in found.sentence


def test_before_it_was_made_and_after_it_expired() -> None:
    assert in_force([MADE], OPTICS, "2025-12-31T00:00:00+00:00").calibration is None
    late = in_force([MADE], OPTICS, "2027-01-01T00:00:00+00:00")
    assert late.calibration is None and late.latest == MADE
    assert "expired on 2027-01-01" in late.sentence


def test_an_older_one_never_replaces_one_that_expired_but_one_that_was_withdrawn() -> None:
    longer = replace(MADE, pixel_um_x=2.6, pixel_um_y=2.6, expires_at="2030-01-01T00:00:00+00:00")
    newer = replace(MADE, made_at="2026-02-01T10:00:00+00:00", id="b" * 32)
    at = "2028-01-01T00:00:00+00:00"
    assert in_force([longer, newer], OPTICS, at).calibration is None
    gone = replace(newer, withdrawn_at="2026-03-01T00:00:00+00:00")
    assert in_force([longer, gone], OPTICS, at).calibration == longer
    assert in_force([longer, gone], OPTICS, "2026-02-15T00:00:00+00:00").calibration == gone
    assert "withdrawn" in in_force([gone], OPTICS, AT).sentence


def test_a_failed_check_ends_it_until_one_passes() -> None:
    failed = CalibrationCheck(MADE.id, 1000.0, 1010.0, 0.5, checked_at="2026-02-01T00:00:00+00:00")
    passed = replace(failed, measured_um=1001.0, checked_at="2026-03-01T00:00:00+00:00")
    once = replace(MADE, checks=(failed,))
    assert "off by +1.00 % (0.5 % are allowed)" in in_force([once], OPTICS, AT).sentence
    assert in_force([once], OPTICS, "2026-01-15T00:00:00+00:00").calibration == once
    twice = replace(MADE, checks=(failed, passed))
    assert in_force([twice], OPTICS, AT).calibration == twice


def test_pictures_of_another_size_are_another_matter() -> None:
    found = in_force([MADE], OPTICS, AT, (648, 486))
    assert found.calibration is None
    assert "1296 x 972" in found.sentence and "648 x 486" in found.sentence
    binned = replace(MADE, pixel_um_x=5.06, pixel_um_y=5.06, width=648, height=486, id="b" * 32)
    assert in_force([MADE, binned], OPTICS, AT, (648, 486)).calibration == binned
    assert in_force([MADE, binned], OPTICS, AT, SIZE).calibration == MADE
    typed = replace(MADE, method="typed", width=0, height=0)
    assert in_force([typed], OPTICS, AT, (10, 10)).calibration == typed


def test_pixels_that_are_not_square_are_not_used() -> None:
    oblong = replace(MADE, pixel_um_y=2.6)
    assert "not square" in in_force([oblong], OPTICS, AT).sentence
    slightly = replace(MADE, pixel_um_y=2.54)
    found = in_force([slightly], OPTICS, AT)
    assert found.pixel_um == pytest.approx((2.53 * 2.54) ** 0.5)
