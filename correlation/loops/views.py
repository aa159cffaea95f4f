"""Views of turned and moved pictures, and their correlations at a place and next to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.loops.compiling import Doubles, Ints, Spectra, loop, part
from correlation.surface import Bools, Floats

U = np.uintp
LANES = 32
"""Rows are padded to a multiple: short loops of a fixed length become vector instructions."""

_BLOCK = 1024
_FLAT = 1e-3
_HALF = np.float32(0.5)
_ONE = np.float32(1)
_NONE = np.float32(-1)


@part
def _pearson(
    count: float, a: float, b: float, aa: float, bb: float, ab: float, least: float
) -> float:
    """As ``ncc.pearson_of_sums``."""
    whole = np.rint(count)
    safe = max(whole, 1.0)
    first = aa - a * a / safe
    second = bb - b * b / safe
    floor = _FLAT * safe
    if whole < least or whole <= 1.0 or first <= floor or second <= floor:
        return -1.0
    ratio: float = (ab - a * b / safe) / np.sqrt(first * second)
    return min(max(ratio, -1.0), 1.0)


@part
def _gather(
    source: Spectra,
    matrix: Doubles,
    ends: Ints,
    values: Floats,
    masks: Floats,
    at: NDArray[np.int32],
    part_x: Floats,
    part_y: Floats,
) -> None:
    """As ``resample.warped``, of each row the columns between its ``ends``.

    ``source`` is padded by BORDER, values real and weights imaginary. The three last are room
    for a row, their length a multiple of LANES.
    """
    stride = np.int32(source.shape[1])
    right, bottom = np.float32(source.shape[1] - 3), np.float32(source.shape[0] - 3)
    flat, out, kept = source.ravel(), values.ravel(), masks.ravel()
    last = np.int32(len(flat) - source.shape[1] - 2)
    step_x, step_y = np.float32(matrix[0, 0]), np.float32(matrix[1, 0])
    right_of, below = np.uintp(1), np.uintp(source.shape[1])
    for r in range(values.shape[0]):
        first = ends[r, 0]
        count = max(ends[r, 1] - first, 0)
        start_x = np.float32(matrix[0, 0] * first + matrix[0, 1] * r + matrix[0, 2])
        start_y = np.float32(matrix[1, 0] * first + matrix[1, 1] * r + matrix[1, 2])
        for c in range((count + LANES - 1) // LANES * LANES):
            x = min(max(start_x + step_x * np.float32(c), _NONE), right) + _ONE
            y = min(max(start_y + step_y * np.float32(c), _NONE), bottom) + _ONE
            whole_x, whole_y = np.int32(x), np.int32(y)
            part_x[c], part_y[c] = x - np.float32(whole_x), y - np.float32(whole_y)
            at[c] = min(max(whole_y * stride + whole_x, np.int32(0)), last)
        row = np.uintp(r * values.shape[1] + first)
        for c in range(count):
            here, x, y = np.uintp(at[c]), part_x[c], part_y[c]
            a, b = flat[here], flat[here + right_of]
            e, f = flat[here + below], flat[here + below + right_of]
            p, q = (_ONE - x) * (_ONE - y), x * (_ONE - y)
            s, t = (_ONE - x) * y, x * y
            out[row + np.uintp(c)] = p * a.real + q * b.real + s * e.real + t * f.real
            kept[row + np.uintp(c)] = p * a.imag + q * b.imag + s * e.imag + t * f.imag
    for i in range(len(out)):
        there = kept[i]
        kept[i] = _ONE if there >= _HALF else np.float32(0)
        out[i] = out[i] * kept[i] / max(there, _HALF)


@loop("void(c8[:,::1], f8[:,:,::1], f4[:,:,:,::1])")
def sample(source: Spectra, matrices: Doubles, out: Floats) -> None:
    """See ``sampling.sampled``."""
    rows, columns = out.shape[2:]
    room = (columns + LANES - 1) // LANES * LANES
    at = np.empty(room, np.int32)
    x, y = np.empty(room, np.float32), np.empty(room, np.float32)
    ends = np.zeros((rows, 2), np.intp)
    ends[:, 1] = columns
    for k in range(out.shape[0]):
        _gather(source, matrices[k], ends, out[k, 0], out[k, 1], at, x, y)


@part
def _six(
    own: Floats, weight: Floats, values: Floats, masks: Floats, start: int, offset: int,
    count: int, sums: Doubles, to: int,
) -> None:  # fmt: skip
    """Adds Pearson's six sums over ``count`` samples; the second picture's are ``offset`` on."""
    total = own_sum = sum_ = own_square = square = product = np.float32(0)
    for n in range(count):
        i, j = U(start) + U(n), U(start + offset) + U(n)
        there, a, h = masks[j] * weight[i], own[i], values[j] * weight[i]
        shared = a * masks[j]
        total += there
        own_sum += shared
        sum_ += h
        own_square += shared * a
        square += h * values[j]
        product += h * a
    sums[to] += total
    sums[to + 1] += own_sum
    sums[to + 2] += sum_
    sums[to + 3] += own_square
    sums[to + 4] += square
    sums[to + 5] += product


@part
def _nine(
    source: Spectra, fixed: Floats, ends: Ints, matrix: Doubles, picture: Floats,
    at: NDArray[np.int32], parts: Floats, least: float, scores: Floats, counts: Floats,
) -> None:  # fmt: skip
    """Correlation and overlap at one place and next to it; the fifth to seventh are room."""
    stride = fixed.shape[2]
    own, weight = fixed[0].ravel(), fixed[1].ravel()
    values, masks = picture[0].ravel(), picture[1].ravel()
    _gather(source, matrix, ends, picture[0], picture[1], at, parts[0], parts[1])
    length = (stride - 2) * stride - 2
    sums = np.zeros(9 * 6, np.float64)
    for start in range(0, length, _BLOCK):
        count = min(_BLOCK, length - start)
        for n in range(9):
            offset = n // 3 * stride + n % 3
            _six(own, weight, values, masks, start, offset, count, sums, 6 * n)
    for n in range(9):
        s = sums[6 * n : 6 * n + 6]
        counts[n // 3, n % 3] = s[0]
        scores[n // 3, n % 3] = _pearson(s[0], s[1], s[2], s[3], s[4], s[5], least)


@loop(
    "void(c8[:,::1], f4[:,:,:,::1], intp[:,:,::1], intp[::1], f8[:,:,::1], f8[::1],"
    " f4[:,:,::1], f4[:,:,::1])"
)
def around(
    source: Spectra,
    fixed: Floats,
    ends: Ints,
    which: Ints,
    matrices: Doubles,
    least: Doubles,
    scores: Floats,
    counts: Floats,
) -> None:
    """See ``around.Fixed.around``."""
    stride = fixed.shape[3]
    room = (stride + LANES - 1) // LANES * LANES
    at, parts = np.empty(room, np.int32), np.empty((2, room), np.float32)
    picture = np.zeros((2, stride, stride), np.float32)
    for k in range(len(which)):
        _nine(
            source, fixed[which[k]], ends[which[k]], matrices[k], picture, at, parts, least[k],
            scores[k], counts[k],
        )  # fmt: skip


@part
def _turning(turn_deg: float, x: float, y: float, source: Spectra, matrix: Doubles) -> None:
    """As ``resample.turning``; ``x``, ``y`` is where the source's centre comes to lie."""
    angle = turn_deg * (np.pi / 180)
    cos, sin = np.cos(angle), np.sin(angle)
    matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1] = cos, -sin, sin, cos
    matrix[0, 2] = (source.shape[1] - 4) / 2 - cos * x + sin * y
    matrix[1, 2] = (source.shape[0] - 4) / 2 - sin * x - cos * y


@loop("void(c8[:,::1], f4[:,:,:,::1], intp[:,:,::1], f8[::1], f8, f8, intp)")
def climb(
    source: Spectra,
    fixed: Floats,
    ends: Ints,
    place: Doubles,
    step_deg: float,
    least: float,
    most: int,
) -> None:
    """See ``around.Fixed.climbed``."""
    stride = fixed.shape[3]
    room = (stride + LANES - 1) // LANES * LANES
    at, parts = np.empty(room, np.int32), np.empty((2, room), np.float32)
    picture, matrix = np.zeros((2, stride, stride), np.float32), np.empty((2, 3), np.float64)
    scores, counts = np.empty((3, 3), np.float32), np.empty((3, 3), np.float32)
    for _ in range(most):
        turn, x, y = place[0], place[1], place[2]
        highest, stays = np.float32(-np.inf), True
        for n in range(3):
            turned = turn - step_deg if n == 1 else turn + step_deg if n == 2 else turn
            _turning(turned, (stride - 1) / 2 + x, (stride - 1) / 2 + y, source, matrix)
            _nine(source, fixed[0], ends[0], matrix, picture, at, parts, least, scores, counts)
            for i in range(9):
                down, across = i // 3 - 1, i % 3 - 1
                score, count = scores[1 - down, 1 - across], counts[1 - down, 1 - across]
                strength = score * np.sqrt(count)
                if strength > highest:
                    highest, stays = strength, n == 0 and down == 0 and across == 0
                    place[0], place[1], place[2] = turned, x + across, y + down
                    place[3], place[4] = score, count
        if stays:
            break


@loop("void(f4[:,::1], b1[:,::1], f4[:,::1], f4[:,::1])")
def halve(values: Floats, masks: Bools, out: Floats, kept: Floats) -> None:
    """As ``resample.block_mean`` by a factor of 2, of odd sizes."""
    size, target = values.shape[0], out.shape[0]
    start = (size - 1) // 2 - (target - 1)
    total, weight = np.zeros(size + 2, np.float32), np.zeros(size + 2, np.float32)
    quarter = np.float32(0.25)
    for i in range(target):
        row = start + 2 * i
        above, below = max(row - 1, 0), min(row + 1, size - 1)
        first, last = np.float32(row > 0), np.float32(row < size - 1)
        for c in range(size):
            a, b = first * masks[above, c] * quarter, last * masks[below, c] * quarter
            here = _HALF * masks[row, c]
            weight[c + 1] = a + here + b
            total[c + 1] = a * values[above, c] + here * values[row, c] + b * values[below, c]
        for j in range(target):
            c = start + 2 * j
            share = quarter * (weight[c] + weight[c + 2]) + _HALF * weight[c + 1]
            there = share >= _HALF - np.float32(1e-4)
            whole = quarter * (total[c] + total[c + 2]) + _HALF * total[c + 1]
            kept[i, j] = _ONE if there else np.float32(0)
            out[i, j] = whole / share if there else np.float32(0)
