"""Correlations at many shifts."""

from __future__ import annotations

import numpy as np

from correlation.loops.compiling import Ints, Spectra, loop, part
from correlation.surface import Bools, Floats

U = np.uintp
LANES = 32
"""Shifts that are worked on together: a loop of a fixed length becomes vector instructions."""

TAPS = 10
_FLAT = 1e-3
_BEND = -1e-9
_HALF = np.float32(0.5)
_ONE = np.float32(1)
_NONE = np.float32(-1)


@part
def _correlations(sums: Floats, least: float, out: Floats, to: int) -> None:
    """LANES of ``ncc.pearson_of_sums``, of six times LANES."""
    none, most, flat = _NONE, _ONE, np.float32(_FLAT)
    for n in range(LANES):
        i = U(n)
        count, a, b = sums[i], sums[U(LANES) + i], sums[U(2 * LANES) + i]
        aa, bb, ab = sums[U(3 * LANES) + i], sums[U(4 * LANES) + i], sums[U(5 * LANES) + i]
        whole = np.rint(count)
        safe = max(whole, most)
        first = aa - a * a / safe
        second = bb - b * b / safe
        shared = ab - a * b / safe
        good = (whole >= least) & (whole > most) & (first > flat * safe) & (second > flat * safe)
        product = first * second if good else most
        ratio = min(max(shared / np.sqrt(product), none), most)
        out[U(to) + i] = ratio if good else none


@part
def _add_values(sums: Floats, row: Floats, start: int, taps: Floats, first: int) -> None:
    """Adds products: the correlation of a row with TAPS weights at LANES shifts.

    Places are offsets into flat arrays: a view would cost more than the sums.
    """
    at, n = U(start), U(first)
    a, b, c, d, e = taps[n], taps[n + U(1)], taps[n + U(2)], taps[n + U(3)], taps[n + U(4)]
    n += U(5)
    f, g, h, k, m = taps[n], taps[n + U(1)], taps[n + U(2)], taps[n + U(3)], taps[n + U(4)]
    for i in range(LANES):
        x = at + U(i)
        sums[U(5 * LANES) + U(i)] += (
            a * row[x] + b * row[x + U(1)] + c * row[x + U(2)] + d * row[x + U(3)]
            + e * row[x + U(4)] + f * row[x + U(5)] + g * row[x + U(6)] + h * row[x + U(7)]
            + k * row[x + U(8)] + m * row[x + U(9)]
        )  # fmt: skip


@part
def _add_masks(sums: Floats, row: Floats, start: int, taps: Floats, first: int) -> None:
    """Adds the cell's values and squares where the other has data."""
    at, n = U(start), U(first)
    a, b, c, d, e = taps[n], taps[n + U(1)], taps[n + U(2)], taps[n + U(3)], taps[n + U(4)]
    n += U(5)
    f, g, h, k, m = taps[n], taps[n + U(1)], taps[n + U(2)], taps[n + U(3)], taps[n + U(4)]
    for i in range(LANES):
        x = at + U(i)
        p, q, r, s, t = row[x], row[x + U(1)], row[x + U(2)], row[x + U(3)], row[x + U(4)]
        u, v, w, y, z = (
            row[x + U(5)], row[x + U(6)], row[x + U(7)], row[x + U(8)], row[x + U(9)],
        )  # fmt: skip
        p, q, r, s, t = p * a, q * b, r * c, s * d, t * e
        u, v, w, y, z = u * f, v * g, w * h, y * k, z * m
        sums[U(2 * LANES) + U(i)] += p + q + r + s + t + u + v + w + y + z
        sums[U(4 * LANES) + U(i)] += (
            p * a + q * b + r * c + s * d + t * e + u * f + v * g + w * h + y * k + z * m
        )


@part
def _add_run(sums: Floats, before: Floats, width: int, start: int, length: int) -> None:
    """Adds the sums of a row over a run of cells, from the sums before each place."""
    first, after = U(start), U(start + length)
    next_, last = U(width), U(2 * width)
    for n in range(LANES):
        i = U(n)
        sums[i] += before[after + i] - before[first + i]
        sums[U(LANES) + i] += before[after + next_ + i] - before[first + next_ + i]
        sums[U(3 * LANES) + i] += before[after + last + i] - before[first + last + i]


@part
def _running(picture: Floats, row: int, before: Floats) -> None:
    """Sums along a row of mask, values and squares, up to each place."""
    width = picture.shape[2]
    at = 3 * row * (width + 1)
    masks = values = squares = np.float32(0)
    for c in range(width):
        value = picture[0, row, c]
        masks += picture[1, row, c]
        values += value
        squares += value * value
        before[at + c + 1] = masks
        before[at + width + 1 + c + 1] = values
        before[at + 2 * (width + 1) + c + 1] = squares


@part
def _runs(mask: Floats, runs: Ints) -> int:
    """Where a row of a mask begins and how long it goes on, each time; how many times."""
    number = 0
    inside = False
    for c in range(len(mask)):
        if mask[c] > 0:
            if not inside:
                runs[number, 0], runs[number, 1] = c, 0
                number += 1
            runs[number - 1, 1] += 1
        inside = mask[c] > 0
    return number


@part
def _top(before: float, middle: float, after: float) -> float:
    """As ``peaks.top``."""
    bend = before - 2 * middle + after
    if bend >= _BEND:
        bend = -1e9
    return min(max(0.5 * (before - after) / bend, -0.5), 0.5)


@part
def _take_top(scores: Floats, left: Floats, reach: int, found: Floats) -> bool:
    """The highest place of ``left`` goes to ``found`` and is lowered; whether it is inside."""
    side = 2 * reach + 1
    row = column = 0
    best = left[0, 0]
    for r in range(side):
        for c in range(side):
            if left[r, c] > best:
                best, row, column = left[r, c], r, c
    safe_row, safe_column = min(max(row, 1), side - 2), min(max(column, 1), side - 2)
    inside = row == safe_row and column == safe_column
    found[0], found[1], found[2] = best, column - reach, row - reach
    if inside:
        found[1] += _top(scores[row, column - 1], best, scores[row, column + 1])
        found[2] += _top(scores[row - 1, column], best, scores[row + 1, column])
    left[row, column] = _NONE
    for r in range(safe_row - 1, safe_row + 2):
        for c in range(safe_column - 1, safe_column + 2):
            left[r, c] = _NONE
    return inside


@loop(
    "void(f4[:,:,:,::1], f4[:,:,::1], f4[:,:,::1], intp[::1], intp[::1], intp, f4[::1],"
    " f4[:,:,:,::1], b1[:,:,::1])"
)
def cell_peaks(
    pictures: Floats,
    own: Floats,
    weights: Floats,
    tops: Ints,
    lefts: Ints,
    reach: int,
    least: Floats,
    found: Floats,
    inside: Bools,
) -> None:
    """See ``peaks.highest_places``.

    The sums that have only the cell's mask in them come from running sums along the rows; of the
    others those over rows without data, or whole, cost nothing.
    """
    canvas = pictures.shape[2]
    cells, side = own.shape[:2]
    shifts = 2 * reach + 1
    blocks = (shifts + LANES - 1) // LANES
    groups = (side + TAPS - 1) // TAPS
    width = (canvas + blocks * LANES + TAPS + LANES) // LANES * LANES
    taps = np.zeros((cells, side, groups * TAPS), np.float32)
    totals = np.zeros((cells, side, 2), np.float32)
    some = np.zeros((cells, side, groups), np.bool_)
    runs, number = np.zeros((cells, side, side, 2), np.intp), np.zeros((cells, side), np.intp)
    for k in range(cells):
        for r in range(side):
            number[k, r] = _runs(weights[k, r], runs[k, r])
            for c in range(side):
                value = own[k, r, c]
                taps[k, r, c] = value
                totals[k, r, 0] += value
                totals[k, r, 1] += value * value
                some[k, r, c // TAPS] |= weights[k, r, c] > 0
    picture = np.zeros((2, canvas, width), np.float32)
    before = np.zeros(3 * canvas * (width + 1), np.float32)
    pixels, flat_taps = picture.ravel(), taps.ravel()
    flat_scores = np.empty(shifts * blocks * LANES, np.float32)
    scores = flat_scores.reshape(shifts, blocks * LANES)
    left = np.empty_like(scores)
    sums, place = np.empty(6 * LANES, np.float32), np.empty(3, np.float32)
    for t in range(len(pictures)):
        for r in range(canvas):
            for c in range(canvas):
                picture[0, r, c], picture[1, r, c] = pictures[t, 0, r, c], pictures[t, 1, r, c]
            _running(picture, r, before)
        for k in range(cells):
            for dy in range(shifts):
                for block in range(blocks):
                    start = lefts[k] + block * LANES
                    end = lefts[k] + min((block + 1) * LANES, shifts) - 1 + side
                    for i in range(6 * LANES):
                        sums[i] = 0
                    whole = squares = np.float32(0)
                    for r in range(side):
                        row = tops[k] + dy + r
                        counted = 3 * row * (width + 1)
                        there = before[counted + end] - before[counted + start]
                        if there <= 0 or number[k, r] == 0:
                            continue
                        for n in range(number[k, r]):
                            first = counted + start + runs[k, r, n, 0]
                            _add_run(sums, before, width + 1, first, runs[k, r, n, 1])
                        full = there >= np.float32(end - start)
                        whole += totals[k, r, 0] if full else np.float32(0)
                        squares += totals[k, r, 1] if full else np.float32(0)
                        for n in range(groups):
                            if some[k, r, n]:
                                first = row * width + start + n * TAPS
                                tap = ((k * side + r) * groups + n) * TAPS
                                _add_values(sums, pixels, first, flat_taps, tap)
                                if not full:
                                    first += canvas * width
                                    _add_masks(sums, pixels, first, flat_taps, tap)
                    for i in range(LANES):
                        sums[2 * LANES + i] += whole
                        sums[4 * LANES + i] += squares
                    _correlations(sums, least[k], flat_scores, (dy * blocks + block) * LANES)
            for r in range(shifts):
                for c in range(shifts):
                    left[r, c] = scores[r, c]
            for n in range(found.shape[1]):
                inside[n, t, k] = _take_top(scores, left, reach, place)
                for i in range(3):
                    found[i, n, t, k] = place[i]


@loop("void(f4[:,:,:,::1], f4[:,:,:,::1])")
def blocks(stack: Floats, out: Floats) -> None:
    """See ``shifts.block_sums``."""
    for k in range(stack.shape[0]):
        for r in range(stack.shape[2]):
            for c in range(stack.shape[3]):
                value = stack[k, 0, r, c]
                out[k, 0, r // 2, c // 2] += stack[k, 1, r, c]
                out[k, 1, r // 2, c // 2] += value
                out[k, 2, r // 2, c // 2] += value * value


@loop("void(c8[:,:,:,::1], c8[:,:,:,::1], intp[:,::1], f4[:,:,:,:,::1])")
def multiply(fixed: Spectra, moving: Spectra, pairs: Ints, out: Floats) -> None:
    """See ``shifts.products``."""
    length, width = fixed.shape[2:]
    for y in range(length):
        for p in range(len(pairs)):
            for q in range(len(fixed)):
                for t in range(len(moving)):
                    here, there = fixed[q, pairs[p, 0], y], moving[t, pairs[p, 1], y]
                    column = q * len(moving) + t
                    real, imaginary = out[0, y, p, column], out[1, y, p, column]
                    for x in range(width):
                        a, b = here[x], there[x]
                        real[x] = a.real * b.real + a.imag * b.imag
                        imaginary[x] = a.imag * b.real - a.real * b.imag


@part
def _wider(few: Floats, out: Floats) -> None:
    """Linear interpolation to every place from every second one."""
    for i in range(len(few) - 1):
        out[2 * i] = few[i]
        out[2 * i + 1] = (few[i] + few[i + 1]) * _HALF
    out[2 * len(few) - 2] = few[len(few) - 1]


@loop("void(f4[:,:,::1], f4[:,:,:,::1], f4, f4, intp[::1], f4[::1], f4[::1])")
def strongest(
    fast: Floats, slow: Floats, least: float, area: float, place: Ints, ccf: Floats, share: Floats
) -> None:
    """See ``shifts.strongest``."""
    shifts, number = fast.shape[:2]
    room = (shifts + LANES - 1) // LANES * LANES
    few, finer = np.empty(slow.shape[3], np.float32), np.empty(room, np.float32)
    sums = np.zeros((room // LANES, 6, LANES), np.float32)
    scores = np.empty(LANES, np.float32)
    for n in range(number):
        highest = np.float32(-2)
        for d in range(shifts):
            for i in range(6):
                if i == 5:
                    for c in range(shifts):
                        finer[c] = fast[d, n, c]
                else:
                    for c in range(len(few)):
                        few[c] = (slow[d // 2, i, n, c] + slow[(d + 1) // 2, i, n, c]) * _HALF
                    _wider(few, finer)
                for c in range(shifts):
                    sums[c // LANES, i, c % LANES] = finer[c]
            for block in range(len(sums)):
                _correlations(sums[block].ravel(), least, scores, 0)
                for c in range(min(LANES, shifts - block * LANES)):
                    overlap = sums[block, 0, c] / area
                    strength = scores[c] * np.sqrt(max(overlap, np.float32(0)))
                    if strength > highest:
                        highest = strength
                        place[n] = d * shifts + block * LANES + c
                        ccf[n], share[n] = scores[c], overlap
