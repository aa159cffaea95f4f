"""One mark against many: the right pose, the same numbers always, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.method import settings_for
from correlation.prepare import Level, Prepared, prepare
from correlation.reference import Part, pearson_at
from correlation.register import Pose
from correlation.surface import Surface
from correlation.survey import ORDER_BYTES, SKETCH_BYTES, Found, Survey, sketch
from tests.correlation.surfaces import scan

MOVED = ((37.3, (50.0, -35.0)), (-121.0, (-80.0, 145.0)), (179.6, (240.0, 90.0)))


@cache
def mark(seed: int, turn: float = 0.0, shift: tuple[float, float] = (0.0, 0.0)) -> Prepared:
    return prepare(scan(seed, turn, shift, noise=0.5, noise_seed=round(turn) % 90 + 200 * seed))


@cache
def survey() -> Survey:
    return Survey(mark(1))


def records(*marks: Prepared) -> NDArray[np.uint8]:
    return np.stack([np.frombuffer(sketch(one), np.uint8) for one in marks])


@cache
def gallery() -> NDArray[np.uint8]:
    """The query's mates, then eight marks of other guns."""
    others = [mark(seed) for seed in range(2, 10)]
    return records(*(mark(1, *motion) for motion in MOVED), *others)


def found(stored: NDArray[np.uint8], query: Survey | None = None) -> Found:
    return (query or survey()).coarse(stored, np.arange(len(stored)))


def apart(first_deg: float, second_deg: float) -> float:
    return abs((first_deg - second_deg + 180) % 360 - 180)


def pose(result: Found, i: int) -> Pose:
    figures = (result.rotation_deg, result.dx_um, result.dy_um, result.ccf, result.overlap)
    return Pose(*(float(figure[i]) for figure in figures))


def test_a_sketch_has_its_size_and_is_the_same_again() -> None:
    first = sketch(mark(1))
    assert len(first) == SKETCH_BYTES
    assert first == sketch(Prepared.from_bytes(mark(1).to_bytes()))


def test_a_mark_lies_on_itself() -> None:
    result = found(records(mark(1)))
    assert result.strength[0] == pytest.approx(1, abs=0.01)
    assert (result.rotation_deg[0], result.dx_um[0], result.dy_um[0]) == (0, 0, 0)


def test_mates_are_found_as_they_lie_and_come_first() -> None:
    result = found(gallery())
    assert result.strength[:3].min() > 0.75
    assert result.strength[3:].max() < 0.35
    centre = mark(1).centre_um
    for i, (turn, shift) in enumerate(MOVED):
        moved = mark(1, turn, shift)
        angle = np.deg2rad(-turn)
        x, y = (moved.centre_um[k] - shift[k] for k in (0, 1))
        back = (np.cos(angle) * x + np.sin(angle) * y, -np.sin(angle) * x + np.cos(angle) * y)
        assert apart(float(result.rotation_deg[i]), -turn) <= 2
        assert result.dx_um[i] == pytest.approx(back[0] - centre[0], abs=40)
        assert result.dy_um[i] == pytest.approx(back[1] - centre[1], abs=40)


def test_the_order_puts_mates_first_and_needs_only_heads() -> None:
    scores = survey().order(gallery())
    assert scores[:3].min() > scores[3:].max()
    assert np.array_equal(scores, survey().order(gallery()[:, :ORDER_BYTES]))


def test_figures_are_those_of_the_definition() -> None:
    result = found(gallery())
    for i, other in enumerate((mark(1, *MOVED[0]), mark(1, *MOVED[1]))):
        told = pose(result, i)
        true = pearson_at(mark(1).coarse, other.coarse, told)
        assert told.ccf == pytest.approx(true.ccf, abs=0.06)
        assert told.overlap == pytest.approx(true.overlap, abs=0.03)


@pytest.mark.parametrize("motion", [None, MOVED[1]])
def test_no_pose_of_an_exhaustive_search_is_clearly_higher(
    motion: tuple[float, tuple[float, float]] | None,
) -> None:
    other = mark(1, *motion) if motion else mark(2)
    left, right = mark(1).coarse, other.coarse
    settings = settings_for("scan")
    reach = round(settings.shift_um / left.pixel_um)
    area = min(np.count_nonzero(left.mask), np.count_nonzero(right.mask))
    whole = Part(0.0, 0.0, left.values.astype(np.float64), left.mask)
    highest = 0.0
    for turn in range(-180, 180, 3):
        start = Pose(float(turn), 0.0, 0.0, -1.0, 0.0)
        ccf, count = whole.places(right, start, reach, settings.overlap * area)
        highest = max(highest, float((ccf * np.sqrt(count / area)).max()))
    assert found(records(other)).strength[0] > highest - 0.04


def test_exchanging_query_and_reference_turns_the_pose_round() -> None:
    there = pose(found(records(mark(1, *MOVED[0]))), 0)
    back = pose(found(records(mark(1)), Survey(mark(1, *MOVED[0]))), 0)
    assert there.strength == pytest.approx(back.strength, abs=0.03)
    assert apart(there.rotation_deg, -back.rotation_deg) <= 1.5
    assert np.hypot(there.dx_um, there.dy_um) == pytest.approx(
        np.hypot(back.dx_um, back.dy_um), abs=40
    )


def test_a_mirror_image_is_no_mate() -> None:
    made = scan(1, noise=0.5, noise_seed=200)
    mirrored = prepare(Surface(np.ascontiguousarray(made.values[:, ::-1]), made.pixel_um, "scan"))
    assert found(records(mirrored)).strength[0] < 0.35


def test_height_and_scale_do_not_count() -> None:
    made = scan(1, *MOVED[0], noise=0.5, noise_seed=237)
    taller = prepare(Surface(made.values * np.float32(3) + np.float32(40), made.pixel_um, "scan"))
    first, second = found(records(prepare(made), taller)).strength
    assert first == pytest.approx(second, abs=0.005)


def test_every_figure_is_the_same_in_any_company_order_and_number_of_threads() -> None:
    stored = np.concatenate([gallery()] * 7)
    alone = np.stack([found(stored[i : i + 1]).strength for i in range(11)])[:, 0]
    which = np.random.default_rng(4).permutation(len(stored))
    with ThreadPoolExecutor(3) as pool:
        shuffled = survey().coarse(stored, which, pool)
        order = survey().order(stored, pool)
    again = np.empty_like(shuffled.strength)
    again[which] = shuffled.strength
    assert np.array_equal(again, np.tile(alone, 7))
    assert np.array_equal(order, survey().order(stored))


def test_records_may_lie_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "sketches"
    path.write_bytes(gallery().tobytes())
    stored = np.memmap(path, np.uint8, "r").reshape(-1, SKETCH_BYTES)
    assert np.array_equal(survey().order(stored), survey().order(gallery()))
    first = survey().coarse(stored, np.array([2, 0]))
    assert np.array_equal(first.strength, found(gallery()).strength[[2, 0]])


def test_nothing_asked_for_gives_nothing() -> None:
    assert survey().coarse(gallery(), np.array([], np.intp)).strength.shape == (0,)
    assert survey().order(gallery()[:0]).shape == (0,)


def test_a_mark_of_a_finer_pitch_is_measured_at_that_pitch() -> None:
    def finer(prepared: Prepared) -> Prepared:
        levels = (prepared.fine, prepared.middle, prepared.coarse)
        fine, middle, coarse = (
            Level(level.values, level.mask, level.pixel_um / 2) for level in levels
        )
        return replace(prepared, mark="firing pin", fine=fine, middle=middle, coarse=coarse)

    wide = found(records(mark(1, *MOVED[1])))
    narrow = found(records(finer(mark(1, *MOVED[1]))), Survey(finer(mark(1))))
    assert narrow.strength[0] == pytest.approx(wide.strength[0], abs=0.01)
    assert narrow.dx_um[0] == pytest.approx(wide.dx_um[0] / 2, abs=13)


def test_what_does_not_belong_together_is_refused() -> None:
    image = replace(mark(1), kind="image")
    with pytest.raises(CorrelationError, match="another kind of mark"):
        found(records(image))
    with pytest.raises(CorrelationError, match="another kind of mark"):
        survey().order(records(replace(mark(1), mark="firing pin")))
    with pytest.raises(CorrelationError, match="cut short"):
        found(gallery()[:, :ORDER_BYTES])
    with pytest.raises(CorrelationError, match="cut short"):
        survey().order(gallery()[:, : ORDER_BYTES - 1])


def test_a_record_without_any_pixel_has_no_strength() -> None:
    empty = gallery()[:1].copy()
    empty[:, ORDER_BYTES:] = 128
    assert found(empty).strength[0] <= 0
