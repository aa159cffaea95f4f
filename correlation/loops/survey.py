"""The steps of a search's coarse pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.loops.compiling import Doubles, Ints, loop, part
from correlation.surface import Bools, Floats

U = np.uintp
_ONE = np.float32(1)
_NONE = np.float32(-1)


@loop("void(f4[:,:,::1], f4[:,:,::1], f4[::1], f4[:,:,:,::1], f4[::1], b1[::1])")
def weigh(
    values: Floats, masks: Floats, scale: Floats, out: Floats, areas: Floats, used: Bools
) -> None:
    """See ``screen.weighed``."""
    number, rings, angles = values.shape
    for k in range(number):
        areas[k] = 0
        for r in range(rings):
            count = np.float32(0)
            for c in range(angles):
                weight = masks[k, r, c]
                value = values[k, r, c]
                count += weight
                out[k, 0, r, c] = weight * scale[r]
                out[k, 1, r, c] = value * scale[r]
                out[k, 2, r, c] = value * value * scale[r]
            areas[k] += count * scale[r]
            used[r] |= count > 0


@loop("void(f4[:,:,::1], f4[:,:,::1], intp[::1], intp, intp, f4[:,:,:,::1])")
def multiply_rings(
    moving: Floats, fixed: Floats, inner: Ints, first: int, last: int, out: Floats
) -> None:
    """See ``screen.ring_products``."""
    for k in range(len(inner)):
        some = moving[k, inner[k] - first : last - first]
        np.dot(some.T, fixed[k, inner[k] : last], out[k % 2, k // 2])


@loop("void(f4[:,::1], f4[:,::1], f4[:,:,:,::1], intp, intp)")
def pool(even: Floats, odd: Floats, top: Floats, first: int, number: int) -> None:
    """See ``screen.pooled``."""
    _, pairs, tile, centres = top.shape
    out, one, other = top.ravel(), even.ravel(), odd.ravel()
    columns = even.shape[1]
    for pair in range(pairs):
        for mark in range(number):
            to = U((pair * tile + first + mark) * centres)
            half = U(pairs * tile * centres)
            for quarter in range(4):
                here = U(2 * pair * columns + (mark * 4 + quarter) * centres)
                there = here + U(columns)
                for n in range(centres):
                    c = U(n)
                    a, b = one[here + c], other[here + c]
                    e, f = one[there + c], other[there + c]
                    plus, minus = max(a + b, e + f), max(a - b, e - f)
                    if quarter > 0:
                        plus, minus = max(plus, out[to + c]), max(minus, out[half + to + c])
                    out[to + c] = plus
                    out[half + to + c] = minus


@loop(
    "void(f4[:,:,:,::1], f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], f4[::1], f4, f4, f4[:,:,::1])"
)
def screen(
    top: Floats,
    own_even: Floats,
    own_odd: Floats,
    other_even: Floats,
    other_odd: Floats,
    areas: Floats,
    least: float,
    flat: float,
    out: Floats,
) -> None:
    """See ``screen.strengths``."""
    halves, pairs, tile, centres = top.shape
    a, b, e, f = own_even.ravel(), own_odd.ravel(), other_even.ravel(), other_odd.ravel()
    highest, found = top.ravel(), out.ravel()
    wide, step, next_ = U(3 * tile * centres), U(2 * tile * centres), U(centres)
    for half in range(halves):
        sign = _ONE if half == 0 else _NONE
        for pair in range(pairs):
            for mark in range(tile):
                own = U(pair) * wide + U(3 * mark * centres)
                other = U(pair) * step + U(2 * mark * centres)
                here = U(((half * pairs + pair) * tile + mark) * centres)
                to = U((mark * halves * pairs + half * pairs + pair) * centres)
                area, fewest = areas[mark], least * areas[mark]
                for n in range(centres):
                    i, j = own + U(n), other + U(n)
                    count = a[i] + sign * b[i]
                    first = a[i + next_] + sign * b[i + next_]
                    first_squares = a[i + next_ + next_] + sign * b[i + next_ + next_]
                    second = e[j] + sign * f[j]
                    second_squares = e[j + next_] + sign * f[j + next_]
                    inverse = _ONE / max(count, _ONE)
                    least_spread = flat * count
                    spread = max(first_squares - first * first * inverse, least_spread)
                    spread *= max(second_squares - second * second * inverse, least_spread)
                    spread *= inverse * area
                    shared = highest[here + U(n)] - first * second * inverse
                    strength = shared / np.sqrt(max(spread, flat))
                    found[to + U(n)] = strength if count >= fewest else _NONE


@part
def _products(
    values: Floats, masks: Floats, moved: Floats, start: int, count: int, sums: Doubles
) -> None:
    """Adds Pearson's six sums; of the moved one weight, value and square lie behind each other."""
    total = first = second = first_square = second_square = product = np.float32(0)
    for n in range(count):
        i, j = U(n), U(start) + U(n)
        a, there = values[i], masks[i]
        weight, value, square = moved[j], moved[U(count) + j], moved[U(2 * count) + j]
        shared = a * weight
        total += there * weight
        first += shared
        second += there * value
        first_square += a * shared
        second_square += there * square
        product += a * value
    sums[0], sums[1], sums[2] = total, first, second
    sums[3], sums[4], sums[5] = first_square, second_square, product


@loop(
    "void(i1[:,:,::1], f4[:,:,:,::1], intp, intp, intp[:,:,::1], intp[:,:,::1], intp,"
    " f8[:,:,:,:,::1])"
)
def turned_sums(
    table: NDArray[np.int8],
    maps: Floats,
    first: int,
    last: int,
    positions: Ints,
    turns: Ints,
    missing: int,
    out: Doubles,
) -> None:
    """See ``exact.turned_sums``."""
    marks, places, offsets, number = out.shape[:4]
    samples, rings = table.shape[2], last - first
    count = rings * samples
    planes = np.empty((2, 3, rings, 2 * samples), np.float32)
    moved = np.empty(number * 3 * count, np.float32)
    values, masks = np.empty(count, np.float32), np.empty(count, np.float32)
    for k in range(marks):
        for i in range(3):
            for r in range(rings):
                for c in range(samples):
                    for parity in range(2):
                        sample = maps[k, i, first + r, 2 * c + parity]
                        planes[parity, i, r, c] = planes[parity, i, r, samples + c] = sample
        for p in range(places):
            for t in range(number):
                turn = turns[k, p, t]
                for i in range(3):
                    for r in range(rings):
                        at = ((t * 3 + i) * rings + r) * samples
                        for c in range(samples):
                            moved[at + c] = planes[turn % 2, i, r, turn // 2 + c]
            for q in range(offsets):
                stored = table[positions[k, p, q]]
                for r in range(rings):
                    for c in range(samples):
                        value = np.float32(stored[first + r, c])
                        there = _ONE if value > missing else np.float32(0)
                        masks[r * samples + c] = there
                        values[r * samples + c] = value * there
                for t in range(number):
                    _products(values, masks, moved, t * 3 * count, count, out[k, p, q, t])
