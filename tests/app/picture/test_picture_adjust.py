"""Adjustments are recipes: they change the picture as they say and the evidence not at all."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.domain import Alignment, Cell
from app.picture import (
    FALSE_COLOURS,
    Adjustment,
    Light,
    Mode,
    Side,
    ViewState,
    comparison_picture,
    make_side,
    render,
)
from app.picture.colours import colours
from app.picture.geometry import at, cell_corners, cut_from_right, moved, right_to_left
from app.picture.recipes import adjust_words, light_words
from correlation.surface import Surface

SIZE = (600, 400)
FIELD = slice(90, 340)  # between the colour bars and the scale bar
RAMP = Side(np.tile(np.linspace(0, 255, 300).astype(np.uint8), (200, 1)), 2.0, "A")


def texture(seed: int = 1) -> Side:
    rng = np.random.default_rng(seed)
    values = cv2.GaussianBlur(rng.normal(0, 1, (400, 600)).astype(np.float32), (0, 0), 4)
    bright = np.linspace(60, 190, 600, dtype=np.float32)
    return Side((bright + 12 * values / values.std()).astype(np.uint8), 1.0)


def scan(above: float = 0.0) -> Side:
    """A slope of 10 degrees to the right on the left half, level on the right; ``above`` um."""
    x = np.arange(400, dtype=np.float32)
    rise = np.tan(np.deg2rad(10.0)) * 2.0 * np.minimum(x, 200)
    heights = np.tile(rise, (300, 1)) + np.float32(above)
    heights[:20] = np.nan
    return make_side(Surface(heights.astype(np.float32), 2.0, "scan"))


def shown(adjust: Adjustment, mode: Mode = Mode.BLINK, **changes: object) -> ViewState:
    view = ViewState(mode=mode, um_per_px=1.0, adjust=(adjust, adjust))
    return replace(view, **changes)


def drawn(adjust: Adjustment, side: Side = RAMP, **changes: object) -> np.ndarray:
    return render(side, side, Alignment(), shown(adjust, **changes), SIZE)


def grey(picture: np.ndarray) -> np.ndarray:
    assert np.ptp(picture[FIELD].astype(int), axis=2).max() == 0
    return picture[FIELD, 5:-5, 0].astype(int)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (Adjustment(brightness=40), lambda v: v + 51),
        (Adjustment(contrast=50), lambda v: (v - 127.5) * 2 + 127.5),
        (Adjustment(contrast=-50), lambda v: (v - 127.5) / 2 + 127.5),
        (Adjustment(gamma=2.0), lambda v: 255 * np.sqrt(v / 255)),
        (Adjustment(invert=True), lambda v: 255 - v),
        (
            Adjustment(brightness=20, contrast=50, invert=True),
            lambda v: 229.5 - (v - 127.5) * 2 - 127.5,
        ),
    ],
)
def test_grey_values_become_what_the_recipe_says(recipe: Adjustment, expected: object) -> None:
    before = grey(drawn(Adjustment()))
    after = grey(drawn(recipe))
    wanted = np.clip(expected(before.astype(float)), 0, 255)  # type: ignore[operator]
    assert np.abs(after - wanted).max() <= 1


def test_the_evidence_is_left_alone_and_the_original_one_key_away() -> None:
    kept = RAMP.pixels.copy()
    recipe = Adjustment(30, 20, 1.5, 50, 50, True, "magma")
    plain = drawn(Adjustment())
    assert not np.array_equal(plain, drawn(recipe))
    assert np.array_equal(plain, drawn(recipe, original=True))
    assert np.array_equal(RAMP.pixels, kept)


def test_each_side_has_its_own_recipe_whatever_place_it_stands_in() -> None:
    pair = (Adjustment(), Adjustment(invert=True))
    for exchanged in (False, True):
        view = ViewState(um_per_px=1.0, adjust=pair, exchanged=exchanged)
        picture = render(RAMP, RAMP, Alignment(), view, SIZE)
        dark_left = picture[200, 20, 0] < 50
        assert dark_left != exchanged and (picture[200, 580, 0] < 50) != exchanged


@pytest.mark.parametrize("name", FALSE_COLOURS)
def test_false_colours_grow_evenly_lighter_and_are_explained(name: str) -> None:
    picture = drawn(Adjustment(false_colour=name))
    row = cv2.cvtColor(picture[200:201].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0, :, 0]
    steps = np.diff(row[10:-10:20])
    assert (steps > 0).all() and steps.max() < 3 * np.median(steps)
    plain = drawn(Adjustment())
    assert np.ptp(plain[:60, -200:].astype(int), axis=2).max() == 0
    assert (picture[20:40, -200:] == colours(name)[128]).all(axis=2).any()


def test_false_colours_keep_their_order_in_every_colour_vision() -> None:
    deuteranopia = np.array(((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)))
    for name in FALSE_COLOURS:
        seen = np.clip(colours(name)[::16] / 255 @ deuteranopia.T, 0, 1) @ (0.2126, 0.7152, 0.0722)
        assert (np.diff(seen) > 0).all()


def test_local_contrast_evens_out_bright_and_dark() -> None:
    plain = grey(drawn(Adjustment(), texture()))
    full = grey(drawn(Adjustment(local_contrast=100), texture()))
    half = grey(drawn(Adjustment(local_contrast=50), texture()))
    ends = [abs(v[:, :150].mean() - v[:, -150:].mean()) for v in (plain, half, full)]
    assert ends[0] > 80 and ends[1] < 0.6 * ends[0] and ends[2] < 8
    spread = [float(full[:, i : i + 150].std()) for i in (0, 430)]
    assert spread[0] == pytest.approx(spread[1], rel=0.1) and min(spread) > 35


def test_sharpening_strengthens_fine_detail_and_keeps_the_mean() -> None:
    plain, sharp = (grey(drawn(Adjustment(sharpen=s), texture(2))) for s in (0, 100))
    assert np.diff(sharp).std() > 1.1 * np.diff(plain).std()
    assert abs(sharp.mean() - plain.mean()) < 1


def test_a_recipe_is_told_in_words() -> None:
    recipe = Adjustment(contrast=20, gamma=1.25, invert=True, false_colour="viridis")
    assert recipe.words() == "contrast +20, gamma 1.25, inverted, false colour (viridis)"
    assert Adjustment().words() == "" and Adjustment().is_none and not recipe.is_none
    view = ViewState(um_per_px=1.0, adjust=(recipe, Adjustment()))
    assert adjust_words(view).startswith("left: contrast +20") and "right: as captured" in (
        adjust_words(view)
    )
    assert adjust_words(replace(view, original=True)) == ""
    assert light_words(view, (RAMP, RAMP)) == ""
    lit = replace(view, lights=(Light(90, 30, detail=2.0),) * 2)
    assert light_words(lit, (scan(), scan())) == "both sides: light from 90° at 30°, detail ×2"


def test_a_caption_has_room_for_the_recipe() -> None:
    pictures = [
        comparison_picture(RAMP, RAMP, Alignment(), shown(recipe), size=(900, 600))[-20:]
        for recipe in (Adjustment(), Adjustment(brightness=1e-9))
    ]
    assert not np.array_equal(*pictures)


def test_light_and_recipes_survive_json_and_original_is_never_saved() -> None:
    view = ViewState(
        Mode.CHECKER,
        divider_deg=15.0,
        curtain=True,
        checker_um=250.0,
        edges_of="left",
        lights=(Light(10, 20, 0.1, 2.0, 0.5), Light()),
        lights_linked=False,
        surface="height",
        adjust=(Adjustment(1, 2, 1.5, 4, 5, True, "magma"), Adjustment()),
        adjust_linked=False,
        original=True,
        shown=("a", "b"),
        annotations=False,
    )
    read = ViewState.from_dict(json.loads(json.dumps(view.to_dict())))
    assert read == replace(view, original=False)


def test_nonsense_in_stored_lights_and_recipes_becomes_the_default() -> None:
    stored = {
        "lights": [{"azimuth_deg": "east", "elevation_deg": 900}, {}],
        "adjust": [{"gamma": 0, "false_colour": "rainbow", "invert": 1}, {"contrast": -700}],
        "surface": "glass",
        "shown": ["one"],
        "edges_of": 3,
        "checker_um": 0.1,
    }
    read = ViewState.from_dict(stored)
    assert read.lights == (Light(elevation_deg=90.0), Light())
    assert read.adjust == (Adjustment(gamma=0.2), Adjustment(contrast=-100))
    assert (read.surface, read.shown, read.edges_of) == ("light", ("", ""), "right")
    assert read.checker_um == 20.0


def test_a_slope_map_reads_the_slope_and_has_its_bar() -> None:
    side = scan()
    view = ViewState(Mode.BLINK, um_per_px=2.0, surface="slope", lights=(Light(form=1.0),) * 2)
    picture = render(side, side, Alignment(), view, (400, 300))
    top = float(light_words(view, (side, side)).split("to ")[1].rstrip("°"))
    level = np.abs(colours("magma").astype(int) - picture[150, 100]).sum(axis=1).argmin()
    assert level / 255 * top == pytest.approx(10.0, abs=0.15)
    assert (picture[150, 300] == colours("magma")[0]).all()
    assert (picture[5, 100] == 52).all()  # missing


def test_a_height_map_reads_micrometres_on_one_scale_for_both() -> None:
    low, high = scan(), scan(100.0)
    view = ViewState(um_per_px=2.0, surface="height", lights=(Light(form=1.0),) * 2)
    words = light_words(view, (low, high))
    ends = [
        float(v.replace("−", "-")) for v in words.removesuffix(" µm").split(", ")[1].split(" to ")
    ]
    picture = render(low, high, Alignment(), view, (400, 300))
    found = []
    for column in (100, 300):
        level = np.abs(colours("viridis").astype(int) - picture[150, column]).sum(axis=1).argmin()
        found.append(ends[0] + level / 255 * (ends[1] - ends[0]))
    slope = np.tan(np.deg2rad(10.0)) * 2.0
    assert found == pytest.approx([slope * 100, slope * 200 + 100], abs=0.02 * (ends[1] - ends[0]))


@pytest.mark.parametrize("from_right", [False, True])
def test_cells_stand_as_they_were_cut_on_both_pictures(from_right: bool) -> None:
    alignment = Alignment(30.0, (80.0, 10.0))
    to_left = right_to_left(alignment)
    grid = [(x, y) for x in (-150.0, 0.0, 150.0) for y in (-75.0, 75.0)]
    cells = []
    for point in grid:
        there = at(to_left if from_right else np.linalg.inv(to_left), point)
        left, right = (there, point) if from_right else (point, there)
        cells.append(Cell(left, right, 100.0, 30.0, 0.6, True))
    assert cut_from_right(cells) is from_right
    assert cut_from_right(cells[:1]) is False
    for cell in cells:
        on_left = cell_corners(cell, right=False, cut_right=from_right)
        on_right = cell_corners(cell, right=True, cut_right=from_right)
        assert moved(to_left, on_right) == pytest.approx(on_left, abs=1e-9)
        upright = on_right if from_right else on_left
        assert len({round(v, 6) for v in upright[:, 0]}) == 2


def test_cells_cut_from_the_right_are_drawn_askew_on_the_left() -> None:
    alignment = Alignment(45.0)
    to_left = right_to_left(alignment)
    points = [(-60.0, -60.0), (60.0, -60.0), (-60.0, 60.0), (60.0, 60.0)]
    cells = [Cell(at(to_left, p), p, 80.0, 45.0, 0.5, True) for p in points]
    dark = Side(np.zeros((300, 300), np.uint8), 1.0)
    view = ViewState(Mode.BLINK, um_per_px=0.5, cells=True)
    on_left = render(dark, dark, alignment, view, SIZE, cells)
    on_right = render(dark, dark, alignment, replace(view, blink_right=True), SIZE, cells)
    middle = (slice(80, 320), slice(180, 420))
    assert np.array_equal(on_left[middle], on_right[middle])  # the view lies on the left picture
    lit = (on_left[middle] > 60).any(axis=2)
    assert lit.any()
    assert lit.sum(axis=0).max() < 40  # no upright line
