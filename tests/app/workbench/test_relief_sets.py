"""Light sets offered for a relief, the ball from live frames, and what is said of both."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from workbench_parts import registration

from app.capture import Frame
from app.capture.relief import RELIEF
from app.capture.series import Series
from app.domain import CaseheadError, MarkKind, now
from app.store.light_rigs import LightRig, ReliefCheck, RigLight
from app.workbench import Workbench
from app.workbench.combining import Circumstances
from app.workbench.relief_words import quality_words, rig_words, verified_words
from tests.relit import ball, exposed, lit

AZIMUTHS = {"left": 180.0, "top": 90.0, "right": 0.0, "bottom": 270.0}
PIXEL_UM = 4.0


def taken() -> Series:
    """A ring and four lights on one rough surface."""
    rough = np.random.default_rng(2).normal(size=(256, 256)).astype(np.float32)
    heights = cv2.GaussianBlur(rough, (0, 0), 3)
    heights *= 1.5 / heights.std()
    seen = [lit(heights, PIXEL_UM, one, 40.0) for one in AZIMUTHS.values()]
    series = Series("lights", lights=("ring", *AZIMUTHS))
    for number, one in enumerate(exposed([np.mean(seen, axis=0), *seen])):
        pixels = np.rint(one * 255).astype(np.uint8)
        series = series.with_frame(Frame(pixels, number, now(), 0.0, {}, PIXEL_UM))
    return series


def test_sets_of_the_mark_come_first_then_those_of_its_cartridge_case(
    workbench: Workbench,
) -> None:
    first = workbench.register(registration("3A"))
    other = workbench.register(registration("3A", mark_kind=MarkKind.EJECTOR))
    series = taken()
    made = workbench.combine(series)
    for mark in (first, other):
        workbench.keep_series(mark.id, series, made, Circumstances())
    sets = workbench.light_sets(other.id)
    assert [one.mark.id for one in sets] == [other.id, first.id]
    assert sets[0].words.startswith("3A ejector") and "left, top, right, bottom" in sets[0].words
    rig = LightRig("stand", (RigLight("Left", 180, 40), RigLight("top", 90, 40)))
    assert set(sets[0].under(rig)) == {"Left", "top"}


def test_a_relief_is_looked_at_before_it_is_kept(workbench: Workbench) -> None:
    mark = workbench.register(registration("3A"))
    series = taken()
    workbench.keep_series(mark.id, series, workbench.combine(series), Circumstances())
    rig = workbench.enter_light_rig("stand 1", {name: (at, 40.0) for name, at in AZIMUTHS.items()})
    (found,) = workbench.light_sets(mark.id)
    lights = found.under(rig)
    made = workbench.work_out_relief(lights["left"], rig, lights, 400.0)
    assert workbench.reliefs(mark.id) == () and not hasattr(made, "digest")
    assert "of the pixels are trusted" in quality_words(made.recipe)
    kept = workbench.keep_relief(lights["left"], made)
    assert workbench.reliefs(mark.id) == (kept,) and workbench.measured_scans(mark.id) == ()
    assert workbench.work_out_relief(lights["left"], rig, lights, 400.0) == kept
    assert workbench.scans_beside(mark.id) == ()
    other = workbench.register(registration("4A"))
    assert workbench.scans_beside(other.id) == (kept,)
    digests = {source["digest"] for source in kept.record.settings[RELIEF]["sources"]}
    assert digests < set(found.digests) and len(digests) == 4


def test_the_ball_is_calibrated_from_frames_which_are_kept(workbench: Workbench) -> None:
    frames = {
        name: Frame(np.rint(ball(at, 35.0) * 255).astype(np.uint8), n, now(), 0.0)
        for n, (name, at) in enumerate(AZIMUTHS.items())
    }
    rig = workbench.calibrate_rig_from_frames("stand 1", frames)
    assert rig.method == "ball" and len(rig.sources) == 4
    for name, azimuth in AZIMUTHS.items():
        light = rig.light(name)
        assert light is not None and light.elevation_deg == pytest.approx(35.0, abs=2.0)
        assert (light.azimuth_deg - azimuth + 180) % 360 - 180 == pytest.approx(0.0, abs=2.0)
    assert "mirror ball" in rig_words(rig) and "sure to" in rig_words(rig)
    assert workbench.check() == ()
    with pytest.raises(CaseheadError):
        workbench.calibrate_rig_from_frames("dark", {"left": frames["left"]})


def test_what_is_said_of_a_relief_that_is_checked_or_not() -> None:
    assert verified_words(()).startswith("Not verified")
    names = ("short_um", "long_um", "correlation", "gain", "rms_um", "scan_rms_um")
    check = ReliefCheck("r", "s", dict.fromkeys(names, 1.0), checked_at="2026-11-22")
    assert verified_words((check,)).startswith("Verified on 2026-11-22")
