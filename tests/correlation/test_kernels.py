"""The compiled loops give what their plain forms in numpy give, and are loaded only when needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from correlation import around, exact, kernels, peaks, sampling, screen, shifts
from correlation.compare import compare
from correlation.cut import cut
from correlation.method import SCAN
from correlation.polar import ANGLES, RINGS, packed
from correlation.prepare import Level, prepare
from correlation.sampling import source, turnings
from correlation.survey import Survey, sketch
from tests.correlation.surfaces import scan

USERS = (around, exact, peaks, sampling, screen, shifts)

pytestmark = pytest.mark.skipif(kernels.loops() is None, reason="numba is not installed")


@contextmanager
def without_loops() -> Iterator[None]:
    """As where numba is missing."""
    with pytest.MonkeyPatch.context() as patch:
        for module in USERS:
            patch.setattr(module, "loops", lambda: None)
        yield


def both(work: Callable[[], Any]) -> tuple[Any, Any]:
    """The results of the compiled and of the plain form."""
    compiled = work()
    with without_loops():
        return compiled, work()


def assert_alike(work: Callable[[], Any], within: float = 1e-5) -> None:
    compiled, plain = both(work)
    pairs = zip(compiled, plain, strict=True) if isinstance(plain, tuple) else [(compiled, plain)]
    for first, second in pairs:
        scale = max(1.0, float(np.abs(second).max()))
        np.testing.assert_allclose(first / scale, second / scale, rtol=0, atol=within)


def random(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def level(size: int = 137, seed: int = 3) -> Level:
    """A ring of smooth relief with a bite taken out."""
    row, column = np.indices((size, size)) - size // 2
    radius = np.hypot(row, column) / (size // 2)
    mask = (radius < 0.95) & (radius > 0.4) & ~((row > 0) & (np.abs(column) < size // 9))
    rough = random(seed).standard_normal((size, size))
    for axis in (0, 1):
        rough = rough + np.roll(rough, 1, axis) + np.roll(rough, 2, axis)
    values = np.where(mask, rough / rough.std(), 0).astype(np.float32)
    return Level(values, mask, 12.5)


def views(size: int, shape: tuple[int, int], number: int = 5) -> NDArray[np.float64]:
    turns = np.linspace(-170.0, 200.0, number)
    return turnings(turns, shape, size, random().uniform(-9, 9, (number, 2)))


@pytest.mark.parametrize("size", [1, 38, 64, 151])
def test_views(size: int) -> None:
    one = level()
    seen = source(one.values, one.mask)
    assert_alike(lambda: sampling.sampled(seen, views(size, one.values.shape), size), 5e-5)


@pytest.mark.parametrize("far", [1e4, -1e4, 1e30, np.inf, np.nan])
def test_a_view_of_nothing_is_empty(far: float) -> None:
    one = level()
    matrices = np.array([[[1.0, 0.0, far], [0.0, 1.0, far]]])
    seen = sampling.sampled(source(one.values, one.mask), matrices, 40)
    assert not seen[:, 1].any()
    assert not np.isfinite(far) or not seen.any()


@pytest.mark.parametrize("size", [5, 135, 137])
def test_half_the_pitch(size: int) -> None:
    assert_alike(lambda: np.abs(sampling.halved(level(size))))


@pytest.mark.parametrize("side", [10, 36, 65])
def test_correlations_around_places(side: int) -> None:
    one, other = level(), level(seed=4)
    masks = np.stack([one.mask[a : a + side, a : a + side] for a in (0, 20, 60)])
    values = np.stack([one.values[a : a + side, a : a + side] for a in (0, 20, 60)])
    fixed, which = around.Fixed(values, masks), np.array([2, 0, 1, 1, 2], np.intp)
    matrices = views(side + 2, other.values.shape)
    seen, least = source(other.values, other.mask), 0.3 * fixed.areas[which]
    assert_alike(lambda: fixed.around(seen, matrices, which, least))


@pytest.mark.parametrize("most", [1, 2, 8])
def test_climbing(most: int) -> None:
    one = level()
    fixed, seen = around.Fixed(one.values[None], one.mask[None]), source(one.values, one.mask)
    start = (5.0, -3.0, 4.0)
    compiled, plain = both(lambda: fixed.climbed(seen, start, 2.0, 100.0, most))
    assert compiled[0] == pytest.approx(plain[0]) != start
    assert compiled[1:] == pytest.approx(plain[1:], rel=1e-5)
    assert most < 8 or compiled[0] == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(("cell_um", "reach"), [(450.0, 12), (500.0, 8), (125.0, 35), (90.0, 1)])
def test_peaks_of_cells(cell_um: float, reach: int) -> None:
    cells = cut(level(), replace(SCAN, cell_um=cell_um))
    own, masks = cells.halved()
    size = cells.grid * own.shape[1] + 2 * reach
    seen = sampling.halved(level(seed=3))
    pictures = sampling.sampled(seen, views(size, (seen.shape[0] - 3, seen.shape[1] - 3)), size)

    def found() -> peaks.Peaks:
        return peaks.highest_places(pictures, own, masks, cells.corners(), reach)

    compiled, plain = both(found)
    np.testing.assert_allclose(compiled.ccf, plain.ccf, atol=1e-4)
    clear = plain.ccf[0] > plain.ccf[1] + 1e-4
    assert clear.mean() > 0.2
    np.testing.assert_array_equal(compiled.inside[0][clear], plain.inside[0][clear])
    for name in ("dx", "dy"):
        first, second = getattr(compiled, name)[0], getattr(plain, name)[0]
        np.testing.assert_allclose(first[clear], second[clear], atol=0.01)


def test_sums_of_blocks() -> None:
    assert_alike(lambda: shifts.block_sums(random().standard_normal((3, 2, 31, 31), np.float32)))


@pytest.mark.parametrize(("size", "reach"), [(45, 6), (36, 9)])
def test_sums_at_shifts(size: int, reach: int) -> None:
    pictures = random().standard_normal((5, 2, size // 2, size // 2)).astype(np.float32)
    table = np.fft.rfft2(pictures, (size, size)).astype(np.complex64)
    pairs = ((0, 0), (1, 0))
    assert_alike(lambda: shifts.sums(table[:2], table[2:], pairs, size, reach))
    found = shifts.sums(table[:2], table[2:], pairs, size, reach)
    here, there = pictures[1, 1], pictures[4, 0]
    moved = np.zeros((2, 3 * size, 3 * size))
    moved[0, size : size + len(here), size : size + len(here)] = here
    moved[1, size + 3 : size + 3 + len(here), size - 2 : size - 2 + len(here)] = there
    assert found[reach + 3, 1, 5, reach - 2] == pytest.approx((moved[0] * moved[1]).sum(), abs=1e-2)


@pytest.mark.parametrize("reach", [4, 12, 40])
def test_the_strongest_shift(reach: int) -> None:
    side, few, number = 2 * reach + 1, reach + 1, 6
    fast = random().uniform(-300, 300, (side, number, side)).astype(np.float32)
    slow = random().uniform(300, 600, (few, 5, number, few)).astype(np.float32)
    slow[:, 1:3] -= 450
    assert_alike(lambda: shifts.strongest(fast, slow, 350.0, 700))


def polar_maps(number: int = 16) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    masks = (random().random((number, RINGS, ANGLES)) > 0.3).astype(np.float32)
    masks[:, :7] = masks[:, 41:] = 0
    return random(5).standard_normal(masks.shape).astype(np.float32) * masks, masks


def test_weighing() -> None:
    assert_alike(lambda: screen.weighed(*polar_maps())[:2])
    compiled, plain = both(lambda: screen.weighed(*polar_maps())[2])
    assert compiled == plain == slice(6, 42)


def test_products_over_rings() -> None:
    moving = random().standard_normal((6, 20, 8)).astype(np.float32)
    fixed = random().standard_normal((6, 40, 30)).astype(np.float32)
    inner = np.array([10, 10, 14, 16, 22, 28])

    def products() -> NDArray[np.float32]:
        out = np.zeros((2, 4, 2, 4, 30), np.float32)
        screen.ring_products(moving, fixed, inner, slice(10, 30), out)
        return out

    assert_alike(products)
    alone = moving[5, 18:].T @ fixed[5, 28:30]
    np.testing.assert_allclose(products()[1, 2].reshape(8, 30), alone, atol=1e-4)


def test_pooling() -> None:
    even, odd = random().standard_normal((2, 8, 3 * 4 * 25)).astype(np.float32)

    def pooled() -> NDArray[np.float32]:
        top = np.zeros((2, 4, 7, 25), np.float32)
        screen.pooled(even, odd, top, 4)
        return top

    assert_alike(pooled)
    assert not pooled()[:, :, :4].any()


def test_screening() -> None:
    top = random().uniform(-300, 300, (2, 5, 4, 25)).astype(np.float32)
    own = tuple(random(1).uniform(200, 400, (2, 5, 4 * 3 * 25)).astype(np.float32))
    other = tuple(random(2).uniform(-10, 300, (2, 5, 4 * 2 * 25)).astype(np.float32))
    areas = np.array([300, 500, 900, 2000], np.float32)
    assert_alike(lambda: screen.strengths(top, (own[0], own[1]), (other[0], other[1]), areas, 0.3))


def test_sums_of_turned_marks() -> None:
    values, masks = polar_maps(7)
    table = packed(values[:, :, ::2], masks[:, :, ::2] > 0)
    maps, _, rings = screen.weighed(*polar_maps(3))
    positions = random().integers(0, 7, (3, 2, 4))
    turns = random().integers(0, ANGLES, (3, 2, 3))
    assert_alike(lambda: exact.turned_sums(table, maps, rings, positions, turns))


@pytest.mark.parametrize(("gun", "turn"), [(1, 64.0), (2, -20.0)])
def test_a_comparison(gun: int, turn: float) -> None:
    first, second = prepare(scan(1, noise=1.0)), prepare(scan(gun, turn, (30.0, -70.0), noise=1.0))
    compiled, plain = both(lambda: compare(first, second))
    for name in ("score", "ccf", "overlap", "rotation_deg"):
        assert getattr(compiled, name) == pytest.approx(getattr(plain, name), abs=1e-4)
    flags, others = ([cell.congruent for cell in one.cell_list] for one in (compiled, plain))
    assert flags == others


def test_a_search() -> None:
    query = prepare(scan(1, noise=1.0))
    records = np.stack(
        [np.frombuffer(sketch(prepare(scan(n, 9.0 * n, noise=1.0))), np.uint8) for n in (1, 2, 3)]
    )
    compiled, plain = both(lambda: Survey(query).coarse(records, np.arange(3)))
    for field in fields(compiled):
        first, second = getattr(compiled, field.name), getattr(plain, field.name)
        np.testing.assert_allclose(first, second, atol=1e-4)


def alone(code: str, **environment: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout.strip()


def test_numba_is_not_loaded_with_the_engine() -> None:
    code = "import sys, correlation.compare, correlation.survey; print('numba' in sys.modules)"
    assert alone(code) == "False"


def test_switched_off_it_is_not_used() -> None:
    code = "from correlation.kernels import loops, warm_up; warm_up(); print(loops())"
    assert alone(code, NUMBA_DISABLE_JIT="1") == "None"


def test_a_cache_that_fails_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from correlation.loops import compiling

    asked: list[bool] = []

    def njit(_: object, cache: bool = False, **__: object) -> Callable[[Any], Any]:
        asked.append(cache)
        if cache:
            raise OSError("No space left on device")
        return lambda function: function

    monkeypatch.setattr(compiling, "njit", njit)
    assert compiling.loop("f8(f8)")(abs) is abs
    assert asked == [True, False]
