"""Firing-pin impressions, ejector marks and aperture shear: found, prepared, told apart."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from app.capture.bench import BenchSource, scan_of
from app.capture.bench.closeups import mark_image_of, mark_scan_of, mark_turn_deg
from app.capture.bench.specimens import firearm_number
from app.domain import Light, MarkKind
from correlation.compare import compare
from correlation.errors import CorrelationError
from correlation.lights import fused, prepare_lights
from correlation.method import settings_for
from correlation.prepare import Prepared, prepare
from correlation.region import Disc, find_region
from correlation.shear import compare_profiles
from correlation.surface import MARKS, Kind, Mark, Surface

GUNS = 6
FOUND: list[tuple[Mark, Kind]] = [
    ("firing pin", "scan"),
    ("firing pin", "image"),
    ("ejector", "scan"),
    ("ejector", "image"),
    ("aperture shear", "scan"),
    ("aperture shear", "image"),
]


def close_up(gun: int, shot: int, mark: Mark, kind: Kind) -> Surface:
    firearm = firearm_number(gun)
    if kind == "scan":
        return Surface(*mark_scan_of(firearm, shot, MarkKind(mark)), "scan")
    pixels, pixel_um = mark_image_of(firearm, shot, MarkKind(mark))
    return Surface(pixels.astype(np.float32) / 255, pixel_um, "image")


@lru_cache(maxsize=64)
def prepared(gun: int, shot: int, mark: Mark, kind: Kind) -> Prepared:
    return prepare(close_up(gun, shot, mark, kind), mark=mark)


def off(rotation_deg: float, gun: int, mark: Mark) -> float:
    turns = [mark_turn_deg(firearm_number(gun), shot, MarkKind(mark)) for shot in (1, 2)]
    return abs((rotation_deg - turns[0] + turns[1] + 180) % 360 - 180)


@pytest.mark.parametrize(("mark", "kind"), FOUND[:4])
def test_the_mate_ranks_first_at_its_true_rotation(mark: Mark, kind: Kind) -> None:
    for query in (4,):
        left = prepared(query, 1, mark, kind)
        scores = {gun: compare(left, prepared(gun, 2, mark, kind)) for gun in range(1, GUNS + 1)}
        best = max(scores, key=lambda gun: scores[gun].ccf)
        assert best == query
        others = max(scores[gun].ccf for gun in scores if gun != query)
        assert scores[query].ccf > 1.25 * others
        assert off(scores[query].rotation_deg, query, mark) < 1.5


def test_sheared_strips_of_one_gun_agree_and_of_others_do_not() -> None:
    for query in range(1, GUNS + 1):
        left = prepared(query, 1, "aperture shear", "scan")
        scores = {
            gun: compare_profiles(left, prepared(gun, 2, "aperture shear", "scan"))
            for gun in range(1, GUNS + 1)
        }
        mate = scores.pop(query)
        assert mate.score > 1.4 * max(other.score for other in scores.values())
        assert mate.congruent_cells > max(other.congruent_cells for other in scores.values())
        assert off(mate.rotation_deg, query, "aperture shear") < 5


@pytest.mark.parametrize(("mark", "kind"), FOUND)
def test_the_mark_is_found_where_it_is(mark: Mark, kind: Kind) -> None:
    for gun in (1, 2, 3):
        surface = close_up(gun, 1, mark, kind)
        found = find_region(surface, mark)
        assert found.confidence > 0.4
        middle = (surface.values.shape[0] - 1) / 2 * surface.pixel_um
        away = np.hypot(found.outer.x_um - middle, found.outer.y_um - middle)
        assert away < 260  # half a stage's shift, the strip being narrower than its circle
        assert 400 < found.outer.radius_um < 850


@pytest.mark.parametrize("mark", [mark for mark in MARKS if mark != "breech face"])
def test_a_prepared_mark_comes_back_from_its_bytes(mark: Mark) -> None:
    made = prepared(1, 1, mark, "scan")
    again = Prepared.from_bytes(made.to_bytes())
    assert (again.mark, again.digest()) == (mark, made.digest())
    assert made.fine.pixel_um == settings_for("scan", mark).pitch_um == 6.25
    assert made.fine.values.shape[0] == made.fine.values.shape[1]
    assert abs(float(made.fine.values[made.fine.mask].mean())) < 0.01


def test_the_impression_in_a_whole_primer_is_told_from_a_missing_one() -> None:
    with pytest.raises(CorrelationError, match="no heights inside the firing-pin impression"):
        prepare(Surface(*scan_of(firearm_number(1), 1), "scan"), mark="firing pin")
    source = BenchSource(firearm_number(1), 1, rate=0)
    source.open()
    pixels = source.read().pixels.astype(np.float32) / 255
    source.close()
    surface = Surface(pixels, source.pixel_um, "image")
    face = find_region(surface)
    found = find_region(surface, "firing pin")
    assert face.inner is not None
    away = np.hypot(found.outer.x_um - face.inner.x_um, found.outer.y_um - face.inner.y_um)
    assert away < 0.4 * face.inner.radius_um
    assert found.outer.radius_um <= 1.1 * face.inner.radius_um


def test_steep_walls_take_no_part_and_the_floor_does() -> None:
    surface = close_up(2, 1, "firing pin", "scan")
    made = prepare(surface, mark="firing pin")
    radius = made.finding.outer.radius_um
    assert 0.8 < made.area_um2 / (np.pi * radius**2) < 1.0
    assert float(np.abs(made.fine.values).max()) < 8


def test_an_outline_by_hand_is_taken_as_it_is() -> None:
    surface = close_up(1, 1, "ejector", "scan")
    found = find_region(surface, "ejector").outer
    tight = Disc(found.x_um, found.y_um, 250.0)
    made = prepare(surface, tight, mark="ejector")
    assert made.finding.outer == tight
    assert made.area_um2 == pytest.approx(np.pi * 250.0**2, rel=0.25)


def test_no_striae_are_refused_in_words() -> None:
    with pytest.raises(CorrelationError, match="No parallel striae were found"):
        noise = np.random.default_rng(1).standard_normal((400, 400)).astype(np.float32)
        prepare(Surface(noise, 5.0, "scan"), mark="aperture shear")


def test_profiles_are_for_striated_marks() -> None:
    pin, strip = prepared(1, 1, "firing pin", "scan"), prepared(1, 1, "aperture shear", "scan")
    with pytest.raises(CorrelationError, match="no profile of striae"):
        compare_profiles(pin, strip)
    with pytest.raises(CorrelationError, match="An image and a scan"):
        compare_profiles(prepared(1, 1, "aperture shear", "image"), strip)


def test_exchanging_two_strips_gives_the_same() -> None:
    left, right = (prepared(2, shot, "aperture shear", "scan") for shot in (1, 2))
    forth, back = compare_profiles(left, right), compare_profiles(right, left)
    assert (forth.score, forth.congruent_cells) == (back.score, back.congruent_cells)
    assert (forth.rotation_deg + back.rotation_deg) % 360 == pytest.approx(0, abs=1e-3)
    same = compare_profiles(left, left)
    assert same.score == pytest.approx(1.0) and same.rotation_deg == 0
    assert same.shift_um == pytest.approx((0, 0), abs=1e-6)


def test_an_unknown_mark_is_refused() -> None:
    with pytest.raises(CorrelationError, match="no preparation for a mark called 'chamber'"):
        prepare(close_up(1, 1, "ejector", "scan"), mark="chamber")  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def lit(gun: int, shot: int) -> dict[str, Surface]:
    """A set of one specimen: the ring and a side light from four directions."""
    made = {}
    for name, light, azimuth in [("ring", Light.RING, 45.0)] + [
        (f"side {turn}", Light.SIDE, float(turn)) for turn in (0, 90, 180, 270)
    ]:
        source = BenchSource(firearm_number(gun), shot, light, rate=0, azimuth_deg=azimuth)
        source.open()
        pixels = source.read().pixels.astype(np.float32) / 255
        source.close()
        made[name] = Surface(pixels, source.pixel_um, "image")
    return made


def test_a_set_of_lights_agrees_better_than_its_single_lights() -> None:
    sets = {shot: lit(2, shot) for shot in (1, 2)}
    places = {shot: find_region(one["ring"]) for shot, one in sets.items()}

    def ccf(name: str) -> float:
        left, right = (
            prepare(sets[shot][name], places[shot].outer, places[shot].inner) for shot in (1, 2)
        )
        return compare(left, right).ccf

    left, right = (prepare_lights(sets[s], places[s].outer, places[s].inner) for s in (1, 2))
    assert compare(left, right).ccf > 1.2 * max(map(ccf, sets[1]))


def test_a_set_of_lights_does_not_depend_on_order_or_exposure() -> None:
    one = lit(2, 1)
    back = dict(reversed(list(one.items())))
    assert fused(one).values.tobytes() == fused(back).values.tobytes()
    darker = dict(one)
    darker["side 0"] = Surface(one["side 0"].values * np.float32(0.5), 5.06, "image")
    np.testing.assert_allclose(fused(darker).values, fused(one).values, rtol=1e-4)
    assert fused({"ring": one["ring"]}) is one["ring"]


def test_sets_that_do_not_fit_are_refused() -> None:
    grey = np.full((200, 200), 0.5, np.float32)
    one = Surface(grey, 5.0, "image")
    with pytest.raises(CorrelationError, match="holds no pictures"):
        prepare_lights({})
    with pytest.raises(CorrelationError, match="differs in size or scale"):
        prepare_lights({"ring": one, "side": Surface(grey, 4.0, "image")})
    with pytest.raises(CorrelationError, match="only images have lights"):
        prepare_lights({"ring": one, "side": Surface(grey, 5.0, "scan")})
