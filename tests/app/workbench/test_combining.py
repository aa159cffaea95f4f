"""Combined pictures kept with their frames, and made again from what was kept."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pytest
from workbench_parts import picture, registration

from app.capture import Frame
from app.capture.combine import (
    Averaging,
    Lighting,
    Stitching,
    average,
    register_lights,
    stitch,
)
from app.domain import CaseheadError, Light, now
from app.store import Casebook
from app.workbench import Workbench
from app.workbench.combining import COMBINED, LIGHT_NAME, LIGHT_SET, Circumstances


def frames(count: int, side: int = 96) -> list[Frame]:
    """The same picture with a little noise in each."""
    base = picture(3, side).astype(np.float32) * 0.8 + 20
    noise = np.random.default_rng(4).normal(0, 2, (count, side, side))
    pixels = [np.clip(np.rint(base + one), 0, 255).astype(np.uint8) for one in noise]
    return [
        Frame(one, n, now(), 0.0, {"exposure_ms": 12.0}, 2.5, Light.RING)
        for n, one in enumerate(pixels)
    ]


def test_an_average_is_kept_with_every_frame_by_its_digest(workbench: Workbench) -> None:
    taken = frames(4)
    taken.append(Frame(np.roll(taken[0].pixels, 9, axis=1), 9, now(), 0.0, {}, 2.5, Light.RING))
    made = average([frame.pixels for frame in taken], Averaging(2.5))
    mark = workbench.register(registration())
    kept = workbench.keep_combined(mark.id, taken, made, Circumstances(objective="4x"))
    assert (kept.bits, kept.pixel_um, kept.record.objective) == (16, 2.5, "4x")
    assert kept.record.light is Light.RING and kept.record.settings["exposure_ms"] == 12.0
    recipe = workbench.recipe_of(kept.id)
    assert recipe is not None and recipe.kind == "average"
    assert [source.used for source in recipe.sources] == [True] * 4 + [False]
    for source, frame in zip(recipe.sources, taken, strict=True):
        (stored,) = workbench.folder.glob(f"pixels/*/{source.digest}.png")
        data = stored.read_bytes()
        assert hashlib.sha256(data).hexdigest() == source.digest
        assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), -1), frame.pixels)
    back = workbench.sources_of(kept.id)
    assert all(np.array_equal(a, f.pixels) for a, f in zip(back, taken, strict=True))


def test_it_is_made_again_from_the_casebook_alone(workbench: Workbench) -> None:
    taken = frames(3)
    made = average([frame.pixels for frame in taken], Averaging(2.5))
    kept = workbench.keep_combined(workbench.register(registration()).id, taken, made)
    assert workbench.check_combined(kept.id) == ""
    assert np.array_equal(workbench.combined_again(kept.id).pixels, made.pixels)
    assert workbench.keep_combined(kept.mark_id, taken, made).id == kept.id
    folder = workbench.folder
    workbench.close()
    with Casebook.open(folder, read_only=True) as book:
        assert book.check() == ()
        assert book.acquired(kept.id).record.settings[COMBINED]["kind"] == "average"


def test_a_picture_that_is_not_what_its_frames_give_is_told(workbench: Workbench) -> None:
    taken = frames(3)
    made = average([frame.pixels for frame in taken], Averaging(2.5))
    other = average([frame.pixels for frame in frames(5)[2:]], Averaging(2.5))
    mixed = type(made)(other.pixels, made.deviation, made.noise, made.recipe)
    kept = workbench.keep_combined(workbench.register(registration()).id, taken, mixed)
    assert "differs" in workbench.check_combined(kept.id)


def test_stitched_fields_are_kept_whole(workbench: Workbench) -> None:
    whole = picture(6, 400)
    tiles = [np.ascontiguousarray(whole[:, x : x + 240]) for x in (0, 157)]
    taken = [Frame(tile, n, now(), 0.0, {}, 2.5) for n, tile in enumerate(tiles)]
    kept = workbench.keep_combined(
        workbench.register(registration()).id, taken, stitch(tiles, Stitching(2.5))
    )
    assert (kept.width, kept.height) == (397, 400)
    assert workbench.check_combined(kept.id) == ""


def test_registered_lights_become_one_set(workbench: Workbench) -> None:
    rng = np.random.default_rng(8)
    relief = cv2.GaussianBlur(rng.normal(size=(400, 400)).astype(np.float32), (0, 0), 2.5)
    relief *= 12 / relief.std()
    down, right = np.gradient(relief)

    def lit(slope: np.ndarray) -> np.ndarray:
        return np.clip(np.rint(110 + 12 * slope), 0, 255).astype(np.uint8)

    pixels = [lit(-np.hypot(right, down)), lit(np.roll(right, 3, axis=1)), lit(down)]
    taken = [Frame(one, n, now(), 0.0, {}, 2.5) for n, one in enumerate(pixels)]
    mark = workbench.register(registration())
    before = workbench.capture(mark.id, taken[0], light=Light.RING)
    plan = Lighting(2.5, ("ring", "left", "top"))
    made = register_lights(pixels, plan)
    assert abs(made.placed[1].shift_um[0] + 7.5) < 0.5
    kept = workbench.keep_light_set(mark.id, taken, made)
    assert [one.record.settings[LIGHT_NAME] for one in kept] == ["ring", "left", "top"]
    assert len({one.record.settings[LIGHT_SET] for one in kept}) == 1
    assert [one.record.light for one in kept] == [Light.RING, Light.SIDE, Light.SIDE]
    assert {one.name for one in workbench.lights_of(kept[0].id)} == {
        "ring",
        "side 180°",
        "side 90°",
    }
    assert all(workbench.check_combined(one.id) == "" for one in kept)
    assert before.id not in {one.id for one in kept}  # superseded, still there


def test_what_cannot_be_kept_is_refused(workbench: Workbench) -> None:
    taken = frames(3)
    made = average([frame.pixels for frame in taken], Averaging(2.5))
    mark = workbench.register(registration())
    with pytest.raises(CaseheadError, match="combined from 3 frames, but 2"):
        workbench.keep_combined(mark.id, taken[:2], made)
    with pytest.raises(CaseheadError, match="plausible"):
        workbench.keep_combined(mark.id, taken, made, Circumstances(pixel_um=1e9))
    plain = workbench.capture(mark.id, taken[0])
    assert workbench.recipe_of(plain.id) is None and workbench.sources_of(plain.id) == ()
    with pytest.raises(CaseheadError, match="nothing was combined"):
        workbench.combined_again(plain.id)
