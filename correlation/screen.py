"""The steps of a search's coarse pass: weighing, products over rings, pooling, scoring."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.kernels import loops
from correlation.polar import ANGLES, RADII
from correlation.surface import Floats

Indices = NDArray[np.intp]
PARTS = 4
_AREA = 2 * np.pi / ANGLES
_FLAT = 0.02


def area(masks: NDArray[np.generic]) -> Floats:
    """Pixels (of the level) that (n, RINGS, ANGLES) cover, (n,)."""
    return np.asarray((masks.sum(axis=2) * (RADII * _AREA)).sum(axis=1), np.float32)


def weighed(values: Floats, masks: Floats) -> tuple[Floats, Floats, slice]:
    """Weight, value and square of n marks in square pixels; their areas; the rings in use.

    (n, 3, RINGS, ANGLES) and (n,). The rings are those with anything on them, an even number
    from an even one on.
    """
    compiled = loops()
    scale = (RADII * _AREA).astype(np.float32)
    if compiled is None:
        maps = np.stack([masks, values, values * values], axis=1)
        maps *= scale[:, None]
        return maps, area(masks), _even(np.asarray(masks.any(axis=(0, 2))))
    maps = np.empty((len(values), 3, *values.shape[1:]), np.float32)
    areas, used = np.empty(len(values), np.float32), np.zeros(values.shape[1], np.bool_)
    compiled.weigh(
        np.ascontiguousarray(values), np.ascontiguousarray(masks), scale, maps, areas, used
    )
    return maps, areas, _even(used)


def _even(used: NDArray[np.bool_]) -> slice:
    rings = np.flatnonzero(used)
    first, last = (int(rings[0]), int(rings[-1])) if rings.size else (0, 1)
    return slice(first - first % 2, last + 2 - last % 2)


def ring_products(moving: Floats, fixed: Floats, inner: Indices, rows: slice, out: Floats) -> None:
    """Products over the rings, one harmonic after the other.

    Row ``i`` of ``moving`` (harmonics, rows, columns) belongs to row ``rows.start + i`` of
    ``fixed`` (harmonics, rows, centres); those from ``inner`` on to ``rows.stop`` are summed over.
    ``out`` (2, harmonics / 2 or more, ..., centres) takes even and odd harmonics apart.
    """
    compiled = loops()
    whole = out.reshape(*out.shape[:2], moving.shape[2], fixed.shape[2])
    if compiled is not None:
        compiled.multiply_rings(moving, fixed, inner, rows.start, rows.stop, whole)
        return
    for k, start in enumerate(inner.tolist()):
        some = moving[k, start - rows.start :]
        np.matmul(some.T, fixed[k, start : rows.stop], out=whole[k % 2, k // 2])


def pooled(even: Floats, odd: Floats, top: Floats, first: int) -> None:
    """The highest of two turns and PARTS shifts, into marks of ``top`` from ``first`` on.

    ``even`` and ``odd`` (2 turns, marks PARTS centres) are the sums over even and odd harmonics;
    ``top`` (2, turns, marks, centres) is for both halves of the circle.
    """
    _, pairs, tile, centres = top.shape
    number = min(even.shape[1] // (PARTS * centres), tile - first)
    compiled = loops()
    if compiled is not None:
        compiled.pool(even, odd, top, first, number)
        return
    for half, turned in zip(top, (even + odd, even - odd), strict=True):
        parts = turned.reshape(pairs, 2, -1, PARTS, centres)
        half[:, first : first + number] = parts.max(axis=(1, 3))


def strengths(
    top: Floats,
    own: tuple[Floats, Floats],
    other: tuple[Floats, Floats],
    areas: Floats,
    least: float,
) -> Floats:
    """From the highest sums of products to correlations times root of overlap, nearly.

    ``top`` (2, turns, n, centres) for both halves of the circle. ``own`` and ``other`` are the
    sums over even and odd harmonics of counts, sums and squares of the one mark (turns,
    n 3 centres) and of sums and squares of the n others (turns, n 2 centres). Returns
    (n, 2 turns, centres), -1 where less than the share ``least`` of ``areas`` (n,) overlaps.
    """
    halves, pairs, tile, centres = top.shape
    compiled = loops()
    out = np.empty((tile, halves * pairs, centres), np.float32)
    if compiled is not None:
        compiled.screen(top, *own, *other, areas, least, _FLAT, out)
        return out
    for half, highest in enumerate(top):
        first, second = ((even + odd, even - odd)[half] for even, odd in (own, other))
        count, sums, squares = np.moveaxis(first.reshape(pairs, tile, 3, centres), 2, 0)
        others, other_squares = np.moveaxis(second.reshape(pairs, tile, 2, centres), 2, 0)
        inverse = 1 / np.maximum(count, 1)
        spread = np.maximum(squares - sums * sums * inverse, _FLAT * count)
        spread *= np.maximum(other_squares - others * others * inverse, _FLAT * count)
        spread *= inverse * areas[:, None]
        found = (highest - sums * others * inverse) / np.sqrt(np.maximum(spread, _FLAT))
        found[count < (least * areas)[:, None]] = -1
        out[:, half * pairs : (half + 1) * pairs] = found.transpose(1, 0, 2)
    return out
