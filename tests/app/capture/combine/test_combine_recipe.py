"""A recipe makes the picture once more; following says when to take a frame."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from combine_parts import NOISE, PIXEL_UM, picture, relief

from app.capture.bench.sequences import bracket, defocused, exposed, fields, focus_series, placed
from app.capture.combine import (
    Averaging,
    Bracketing,
    Combined,
    Following,
    Lighting,
    Recipe,
    Stacking,
    Stitching,
    Watch,
    average,
    combined_again,
    merge_exposures,
    register_lights,
    stack,
    stitch,
    taken,
    watched,
)
from app.capture.combine.motion import Motion, moved
from app.domain import CaseheadError

BOX = np.s_[400:700, 640:1000]


def made() -> list[tuple[Combined, list[np.ndarray]]]:
    scene = picture()[BOX]
    tremor = [exposed(placed(scene, (0.2 * n, 0)), NOISE, n) for n in range(3)]
    steps = bracket(scene * 10, (0.02, 0.1), NOISE)
    focus = focus_series(scene, relief()[BOX], PIXEL_UM, (-20, 0, 20), noise=NOISE)
    tiles = fields(picture(), [(600, 400), (760, 405)], (220, 200), NOISE)
    lights = [exposed(picture(name)[300:900, 500:1100], NOISE, name) for name in ("ring", "top")]
    return [
        (average(tremor, Averaging(PIXEL_UM)), tremor),
        (merge_exposures(steps, Bracketing((0.02, 0.1))), steps),
        (stack(focus, Stacking(PIXEL_UM, (-20.0, 0.0, 20.0))), focus),
        (stitch(tiles, Stitching(PIXEL_UM)), tiles),
        (register_lights(lights, Lighting(PIXEL_UM, ("ring", "top"))), lights),
    ]


def test_every_kind_is_made_again_pixel_by_pixel_from_its_recipe_as_json() -> None:
    for result, frames in made():
        told = json.loads(json.dumps(result.recipe.as_json(), allow_nan=False))
        recipe = Recipe.from_json(told)
        assert recipe.kind == result.recipe.kind
        again = combined_again(recipe, frames)
        assert np.array_equal(again.pixels, result.pixels)
        assert json.loads(json.dumps(again.recipe.as_json())) == told


def test_a_recipe_of_another_version_or_of_other_frames_is_refused() -> None:
    result, frames = made()[0]
    recipe = result.recipe
    with pytest.raises(CaseheadError, match="version 99"):
        combined_again(replace(recipe, version="99"), frames)
    with pytest.raises(CaseheadError, match="3 source frames, but 2"):
        combined_again(recipe, frames[:2])
    with pytest.raises(CaseheadError, match="another program"):
        combined_again(replace(recipe, parameters={"gamma": 2}), frames)
    with pytest.raises(CaseheadError, match="no recipe"):
        Recipe.from_json({"kind": "magic"})


def test_moved_pixels_are_exact_to_a_part_in_a_thousand_for_smooth_pictures() -> None:
    rows, columns = np.mgrid[0:80, 0:90].astype(np.float32)
    wave = np.sin(columns / 7) + np.cos(rows / 5)
    true = np.sin((columns - 2.37) / 7) + np.cos((rows + 1.62) / 5)
    off = moved(wave, Motion(2.37, -1.62)) - true
    assert np.abs(off[12:-12, 12:-12]).max() < 1.5e-3


def test_capture_follows_the_focus_step_by_step() -> None:
    scene, heights = picture()[300:900, 300:1000], relief()[300:900, 300:1000]
    rests = [-100.0, -70.0, -40.0, -10.0, 20.0]
    path = [z for rest in rests for z in [rest] * 5 + [rest + 10, rest + 20]][:-2]
    watch, kept = Watch(), []
    for number, focus in enumerate(path):
        frame = exposed(defocused(scene, heights, PIXEL_UM, focus), NOISE, number)
        watch = watched(watch, frame)
        assert watch.sentence.endswith(".")
        if watch.due:
            kept.append(focus)
            watch = taken(watch)
    assert kept == rests


def test_capture_follows_the_stage_field_by_field_and_warns_when_too_far() -> None:
    path = [0.0] * 5 + [100.0, 200.0] + [300.0] * 5 + [400.0, 500.0] + [620.0] * 5
    plan = Following("fields")
    watch, kept = Watch(), []
    for number, x in enumerate(path):
        left = 100 + int(x)
        watch = watched(watch, exposed(picture()[400:900, left : left + 500], NOISE, number), plan)
        if watch.due:
            kept.append(x)
            watch = taken(watch)
    assert kept == [0.0, 300.0, 620.0]
    for number in range(5):
        frame = exposed(picture(gun=9)[400:900, 900:1400], NOISE, number)
        watch = watched(watch, frame, plan)
    assert watch.state == "too far"
