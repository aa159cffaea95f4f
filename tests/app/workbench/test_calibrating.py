"""Calibrating, and what it does to captures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from workbench_parts import Heard, picture, registration

from app.capture import Frame
from app.capture.bench import look, ruling_of
from app.capture.scale import Measured, find_ruling, from_two_points
from app.domain import Acquired, CaseheadError, Light, Optics, ReadOnlyError, now
from app.picture.measure import scale_sd
from app.workbench import Workbench
from app.workbench.calibrating import VALID_DAYS_SETTING, moment

CAMERA = Optics("USB camera", "4x")
SIZE = (96, 96)


def measured(pixel_um: float = 2.5, oblong: float = 1.0) -> Measured:
    return Measured(
        "ruling", pixel_um * oblong, pixel_um / oblong, 0.003, SIZE, facts={"step_um": 10.0}
    )


def untold(seed: int) -> Frame:
    return Frame(picture(seed), seed, now(), 0.0, {}, None, Light.RING)


def captured(workbench: Workbench, seed: int, **more: object) -> Acquired:
    mark = workbench.register(registration(f"L{seed}"))
    return workbench.capture(
        mark.id, untold(seed), camera=CAMERA.camera, objective=CAMERA.objective, **more
    )


def test_from_the_picture_of_a_micrometer_to_a_searchable_capture(workbench: Workbench) -> None:
    seen = ruling_of(look(2.53, 12.0, size=(800, 600), dirt=20))
    standard = Frame(seen, 1, now(), 0.0)
    heard = Heard(workbench)
    kept = workbench.calibrate(CAMERA, find_ruling(seen), standard, note="micrometer 4711")
    assert heard.all.calibrations
    assert kept.pixel_um == pytest.approx(2.53, rel=2e-3)
    assert (kept.width, kept.height, kept.method) == (800, 600, "ruling")
    assert workbench._casebook.pixels(kept.picture)
    mark = workbench.register(registration())
    frame = Frame(np.roll(seen, 5), 2, now(), 0.0)
    acquired = workbench.capture(mark.id, frame, camera="USB camera", objective="4x")
    assert acquired.pixel_um == kept.pixel_um and acquired.searchable and not acquired.warnings
    settings = acquired.record.settings
    assert settings["calibration"] == kept.id
    assert settings["pixel_um_sd"] == pytest.approx(kept.sd_um, rel=1e-3)
    assert workbench.check() == ()


def test_without_a_calibration_it_is_kept_but_not_searched_and_says_why(
    opened: Callable[..., Workbench],
) -> None:
    workbench = opened(automatic_search=True)
    acquired = captured(workbench, 1)
    assert acquired.pixel_um is None and not acquired.searchable
    (warning,) = acquired.warnings
    assert (
        "cannot be searched" in warning and "no calibration of USB camera, objective 4x" in warning
    )
    assert workbench.searches() == ()
    with pytest.raises(CaseheadError, match="no calibration of USB camera"):
        workbench.search(acquired.id)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda w, c: w.expire_calibration(c.id, "2020-01-01", "moved"), "expired"),
        (lambda w, c: w.withdraw_calibration(c.id, "wrong objective"), "withdrawn"),
        (lambda w, c: w.check_calibration(c.id, 1000.0, 1020.0), r"off by \+2.00 %"),
    ],
    ids=["expired", "withdrawn", "failed its check"],
)
def test_one_that_no_longer_holds_makes_no_scale(
    workbench: Workbench, spoil: Callable[..., object], says: str
) -> None:
    kept = workbench.calibrate(CAMERA, measured())
    assert captured(workbench, 1).pixel_um == kept.pixel_um
    spoil(workbench, kept)
    acquired = captured(workbench, 2)
    assert acquired.pixel_um is None
    with pytest.raises(CaseheadError, match=says):
        workbench.search(acquired.id)


def test_what_the_source_tells_itself_needs_no_calibration(workbench: Workbench) -> None:
    mark = workbench.register(registration())
    frame = Frame(picture(1), 1, now(), 0.0, {"gain": 2}, 2.5)
    acquired = workbench.capture(mark.id, frame, camera="Bench: gun 1 shot 1")
    assert acquired.pixel_um == 2.5 and set(acquired.record.settings) == {"gain", "quality"}
    assert workbench.calibrations() == ()


def test_a_typed_size_becomes_a_calibration_once(workbench: Workbench) -> None:
    first = captured(workbench, 1, pixel_um=2.53)
    second = captured(workbench, 2, pixel_um=2.53)
    third = captured(workbench, 3)
    (typed,) = workbench.calibrations()
    assert (typed.method, typed.sd_um, typed.width) == ("typed", None, 0)
    for acquired in (first, second, third):
        assert acquired.pixel_um == 2.53
        assert set(acquired.record.settings) == {"calibration", "quality"}
        assert acquired.record.settings["calibration"] == typed.id
    assert captured(workbench, 4, pixel_um=2.6).pixel_um == 2.6
    assert len(workbench.calibrations()) == 2
    assert captured(workbench, 5, zoom="2").pixel_um is None


def test_a_typed_size_that_contradicts_a_measured_one_is_refused(workbench: Workbench) -> None:
    kept = workbench.calibrate(CAMERA, measured(2.5))
    with pytest.raises(CaseheadError, match=r"a pixel is 2.5 µm, not 5.06"):
        captured(workbench, 1, pixel_um=5.06)
    near = captured(workbench, 2, pixel_um=2.505)
    assert near.pixel_um == kept.pixel_um
    assert len(workbench.calibrations()) == 1


def test_a_pixel_that_is_almost_square_says_both_sizes(workbench: Workbench) -> None:
    workbench.calibrate(CAMERA, measured(2.5, 1.002))
    acquired = captured(workbench, 1)
    assert acquired.pixel_um == pytest.approx(2.5)
    assert acquired.record.settings["pixel_um_x"] == pytest.approx(2.505)
    assert acquired.record.settings["pixel_um_y"] == pytest.approx(2.5 / 1.002)
    workbench.calibrate(CAMERA, measured(2.5, 1.02))
    assert "not square" in captured(workbench, 2).warnings[0]


def test_the_comparison_desk_reads_the_uncertainty(workbench: Workbench) -> None:
    workbench.calibrate(CAMERA, measured(2.5))
    assert scale_sd(captured(workbench, 1)) == pytest.approx(0.003 / 2.5)


def test_checks_by_measuring_again(workbench: Workbench) -> None:
    kept = workbench.calibrate(CAMERA, measured(2.5))
    good = workbench.check_by(kept.id, measured(2.505))
    check = good.last_check()
    assert check is not None and check.passed
    assert check.off_percent == pytest.approx(100 * (2.5 / 2.505 - 1))
    bad = workbench.check_by(kept.id, measured(2.6), tolerance_percent=1.0).last_check()
    assert bad is not None and not bad.passed
    other = from_two_points((0.0, 0.0), (500.0, 0.0), 1000.0, (800, 600))
    with pytest.raises(CaseheadError, match="96 x 96"):
        workbench.check_by(kept.id, other)
    for lengths in ((0.0, 1.0), (1.0, float("nan"))):
        with pytest.raises(CaseheadError, match="both lengths"):
            workbench.check_calibration(kept.id, *lengths)
    with pytest.raises(CaseheadError, match="tolerance"):
        workbench.check_calibration(kept.id, 1.0, 1.0, tolerance_percent=0.0)


def test_an_image_kept_before_gets_the_scale_of_a_later_calibration(workbench: Workbench) -> None:
    acquired = captured(workbench, 1)
    with pytest.raises(CaseheadError, match="no calibration"):
        workbench.scale_from_calibration(acquired.id)
    kept = workbench.calibrate(CAMERA, measured(2.5))
    new = workbench.scale_from_calibration(acquired.id)
    assert new.pixel_um == kept.pixel_um and new.searchable and not new.warnings
    assert workbench.provenance(acquired.id).acquired.superseded_by == new.id
    with pytest.raises(CaseheadError, match="does not wait"):
        workbench.scale_from_calibration(new.id)


def test_a_held_frame_captured_again_with_a_scale_settles_it(workbench: Workbench) -> None:
    mark, frame = workbench.register(registration()), untold(1)
    first = workbench.capture(mark.id, frame, camera=CAMERA.camera, objective="4x")
    workbench.calibrate(CAMERA, measured(2.5))
    second = workbench.capture(mark.id, frame, camera=CAMERA.camera, objective="4x")
    assert first.pixel_um is None and second.pixel_um == 2.5 and second.id != first.id
    assert workbench.provenance(first.id).acquired.superseded_by == second.id
    assert workbench.capture(mark.id, frame, camera=CAMERA.camera, objective="4x") == second


def test_until_when_it_holds(workbench: Workbench) -> None:
    assert workbench.calibrate(CAMERA, measured()).expires_at > moment(now())
    workbench.set_setting(VALID_DAYS_SETTING, 1)
    tomorrow = workbench.calibrate(CAMERA, measured()).expires_at
    told = workbench.calibrate(CAMERA, measured(), expires_at="2999-12-31")
    assert tomorrow < told.expires_at and told.expires_at[:4] in ("2999", "3000")
    for text, says in (("2020-01-01", "over already"), ("soon", "year-month-day")):
        with pytest.raises(CaseheadError, match=says):
            workbench.calibrate(CAMERA, measured(), expires_at=text)


def test_what_cannot_be_a_calibration(workbench: Workbench) -> None:
    with pytest.raises(CaseheadError, match="which camera"):
        workbench.calibrate(Optics(" "), measured())
    for size in (0.0, float("nan"), 1e6):
        with pytest.raises(CaseheadError, match="plausible"):
            workbench.type_calibration(CAMERA, size)
    with pytest.raises(CaseheadError, match="uncertainty"):
        workbench.type_calibration(CAMERA, 2.5, 3.0)
    assert workbench.calibrations() == ()


def test_nothing_is_calibrated_where_nothing_can_be_recorded(
    opened: Callable[..., Workbench],
) -> None:
    opened()
    second = opened(author=False)
    assert second.read_only and second.calibration_for(CAMERA).calibration is None
    with pytest.raises(ReadOnlyError):
        second.calibrate(CAMERA, measured())
