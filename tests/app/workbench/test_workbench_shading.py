"""Flat and dark references of a camera: kept, in force for captures, applied when read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from workbench_parts import picture, registration

from app.capture import Frame
from app.capture.bench.lighting import vignette
from app.capture.bench.sequences import Noise, exposed
from app.capture.combine import average
from app.capture.shading import shading_percent
from app.domain import CaseheadError, Circle, Light, MarkKind, Optics, Region, now
from app.matching.keys import digest_of
from app.picture import ViewState
from app.picture.recipes import adjust_words, read_words
from app.workbench import Workbench
from app.workbench.shading import shading_words

SIDE = 200
FALL = vignette(SIDE, SIDE, 0.3)
OPTICS = Optics("USB camera", "4x", "1.5")


def frame(scene: np.ndarray | float, number: int = 0) -> Frame:
    """A frame of a camera whose light falls off to the corners, over a dark level of 5."""
    pixels = exposed(np.float32(scene) * FALL + np.float32(5), Noise(), number)
    return Frame(pixels, number, now(), 0.0, {"exposure_ms": 12.0}, 2.5, Light.RING)


def frames(scene: float, count: int = 8) -> list[Frame]:
    return [frame(scene, number) for number in range(count)]


def capture(workbench: Workbench, scene: np.ndarray | float, label: str = "3A"):
    mark = workbench.register(registration(label))
    return workbench.capture(
        mark.id, frame(scene, 50), objective="4x", zoom="1.5", camera="USB camera"
    )


@pytest.fixture
def with_references(workbench: Workbench) -> Workbench:
    workbench.keep_reference("flat", OPTICS, frames(180.0), Light.RING)
    workbench.keep_reference("dark", OPTICS, frames(0.0))
    return workbench


def test_a_capture_says_its_references_and_is_read_with_them(with_references: Workbench) -> None:
    workbench = with_references
    scene = np.full((SIDE, SIDE), 120.0)
    kept = capture(workbench, scene)
    told = kept.record.settings["shading"]
    newest = {one.kind: one for one in workbench.references("usb CAMERA")}
    assert told["flat"]["id"] == newest["flat"].id and told["dark"]["id"] == newest["dark"].id
    assert kept.units["flat"] == newest["flat"].digest
    assert shading_words(kept).startswith("uneven light taken out (flat field of 20")
    corrected = workbench.surface(kept.id).values
    stored = workbench._reader.original(kept).values
    assert shading_percent(stored) > 5 and shading_percent(corrected) < 0.5
    assert np.array_equal(np.rint(stored * 255).astype(np.uint8), frame(scene, 50).pixels)
    assert workbench.check() == ()


def test_the_desk_shows_it_and_the_original_while_held(with_references: Workbench) -> None:
    workbench = with_references
    kept = capture(workbench, picture(3, SIDE).astype(np.float32) * 0.5 + 60)
    side = workbench.side(kept.id)
    assert side.captured is not None and not np.array_equal(side.pixels, side.captured.pixels)
    assert np.array_equal(side.captured.pixels, frame(picture(3, SIDE) * 0.5 + 60, 50).pixels)
    view = ViewState()
    assert "flat field" in read_words(view, (side, side)) and adjust_words(view) == ""
    assert read_words(replace(view, original=True), (side, side)) == ""


def test_prepared_marks_of_either_way_of_reading_are_not_mixed_up(
    with_references: Workbench,
) -> None:
    shaded = capture(with_references, 120.0)
    plain = replace(shaded, units={})
    region = Region(shaded.id, Circle(100, 100, 80), None, 1.0)
    keys = {digest_of(one, region, MarkKind.BREECH_FACE) for one in (shaded, plain)}
    assert len(keys) == 2


def test_switched_off_withdrawn_or_of_another_size_it_is_as_captured(
    with_references: Workbench,
) -> None:
    workbench = with_references
    workbench.use_shading(False)
    off = capture(workbench, 120.0, "3A")
    assert "shading" not in off.record.settings and not off.units
    assert workbench.side(off.id).captured is None
    workbench.use_shading(True)
    found = workbench.references_for(OPTICS, Light.RING, (640, 480))
    assert not found.any and "200 x 200 pixels" in found.sentence
    assert workbench.references_for(OPTICS, Light.SIDE).flat is None
    workbench.withdraw_reference("flat", OPTICS, Light.RING)
    assert workbench.references_for(OPTICS, Light.RING).flat is None
    assert workbench.references_for(OPTICS, Light.RING).dark is not None
    workbench.withdraw_reference("dark", OPTICS)
    assert not workbench.references_for(OPTICS, Light.RING).any
    assert len(workbench.references("USB camera")) == 4 and workbench.check() == ()


def test_frames_are_combined_after_it_and_stay_as_captured(with_references: Workbench) -> None:
    workbench = with_references
    taken = [frame(picture(4, SIDE) * 0.5 + 60, number) for number in range(4)]
    shading = workbench.shading_for(OPTICS, Light.RING, taken[0].pixels)
    assert shading is not None
    made = average([shading.frame(one.pixels) for one in taken])
    digests = workbench.references_for(OPTICS, Light.RING).digests
    made = replace(made, recipe=replace(made.recipe, shading=digests))
    kept = workbench.keep_combined(workbench.register(registration()).id, taken, made)
    assert workbench.check_combined(kept.id) == "" and not kept.units
    assert np.array_equal(workbench.sources_of(kept.id)[2], taken[2].pixels)
    assert "flat field" in shading_words(kept)


def test_what_cannot_be_a_reference_is_refused(workbench: Workbench) -> None:
    with pytest.raises(CaseheadError, match="which camera"):
        workbench.keep_reference("flat", Optics(""), frames(180.0))
    with pytest.raises(CaseheadError, match="cover the lens"):
        workbench.keep_reference("dark", OPTICS, frames(180.0))
    assert workbench.references() == ()


def test_a_missing_reference_is_told(with_references: Workbench) -> None:
    kept = capture(with_references, 120.0)
    (stored,) = with_references.folder.glob(f"pixels/*/{kept.units['flat']}.png")
    stored.unlink()
    with pytest.raises(CaseheadError, match="uneven light is taken out with cannot be read"):
        with_references.surface(kept.id)
    assert any(kept.units["flat"] in sentence for sentence in with_references.check())
