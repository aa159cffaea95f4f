"""Correlations of many pairs of pictures at every shift, the sums kept to the shifts wanted.

The inverse transform at the few shifts that are wanted is a matrix product.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from correlation.kernels import loops
from correlation.ncc import pearson_of_sums
from correlation.surface import Floats

Spectra = NDArray[np.complex64]
Pairs = tuple[tuple[int, int], ...]


def block_sums(stack: Floats) -> Floats:
    """Of values and mask, (n, 2, size, size): mask, values and squares over two by two pixels.

    (n, 3, size / 2, size / 2); of an odd size the last are over what there is.
    """
    number, _, rows, columns = stack.shape
    compiled = loops()
    if compiled is not None:
        out = np.zeros((number, 3, (rows + 1) // 2, (columns + 1) // 2), np.float32)
        compiled.blocks(np.ascontiguousarray(stack), out)
        return out
    values, mask = stack[:, 0], stack[:, 1]
    three = np.stack([mask, values, values * values], axis=1)
    even = np.pad(three, ((0, 0), (0, 0), (0, rows % 2), (0, columns % 2)))
    return np.asarray(
        even[..., ::2, ::2] + even[..., 1::2, ::2] + even[..., ::2, 1::2] + even[..., 1::2, 1::2],
        np.float32,
    )


def sums(fixed: Spectra, moving: Spectra, pairs: Pairs, columns: int, reach: int) -> Floats:
    """The sums of products of real pictures at the shifts up to ``reach``.

    ``fixed`` (n, maps, rows, ...) and ``moving`` (m, maps, rows, ...) are transforms of pictures
    ``columns`` wide. Returns (2 reach + 1, pairs, n m, 2 reach + 1) for the ``pairs`` of maps;
    the shifts are those of the moving pictures, the middle one 0.
    """
    products = _products(fixed, moving, pairs)
    _, rows, _, _, width = products.shape
    down, across = _back(rows, columns, reach)
    partly = down @ products.reshape(2 * rows, -1)
    real, imaginary = partly.reshape(2, -1, width)
    shape = (2 * reach + 1, *products.shape[2:4], 2 * reach + 1)
    return np.asarray(real @ across[0] + imaginary @ across[1], np.float32).reshape(shape)


def _products(fixed: Spectra, moving: Spectra, pairs: Pairs) -> Floats:
    """(2, rows, pairs, n m, width): real and imaginary parts, the moving ones conjugated."""
    rows, width = fixed.shape[2:]
    number = len(fixed) * len(moving)
    compiled = loops()
    if compiled is not None:
        out = np.empty((2, rows, len(pairs), number, width), np.float32)
        compiled.multiply(fixed, moving, np.array(pairs, np.intp), out)
        return out
    turned = np.conj(moving)
    parts = [fixed[:, None, i] * turned[None, :, j] for i, j in pairs]
    product = np.moveaxis(np.stack(parts).reshape(len(pairs), number, rows, width), 2, 0)
    return np.stack([product.real, product.imag])


@lru_cache(maxsize=16)
def _back(rows: int, columns: int, reach: int) -> tuple[Floats, Floats]:
    """The inverse transform of real pictures as two matrices.

    (2 shifts, 2 rows) on real and imaginary parts one above the other, and one
    (columns / 2 + 1, shifts) for each of both.
    """
    shifts = np.arange(-reach, reach + 1)
    angle = 2 * np.pi * np.outer(shifts, np.arange(rows)) / rows
    cos, sin = np.cos(angle), np.sin(angle)
    down = np.block([[cos, -sin], [sin, cos]]) / rows
    order = np.arange(columns // 2 + 1)
    twice = np.where((order == 0) | (2 * order == columns), 1, 2)[:, None] / columns
    angle = 2 * np.pi * np.outer(order, shifts) / columns
    across = np.stack([twice * np.cos(angle), -twice * np.sin(angle)])
    return down.astype(np.float32), across.astype(np.float32)


def strongest(
    fast: Floats, slow: Floats, least: float, area: int
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """The strongest shift of each of n pairs, its correlation, and the share of ``area`` there.

    ``fast`` (shifts, n, shifts) are the sums of products of values; ``slow``
    (shifts / 2, 5, n, shifts / 2) the other five of ``pearson_of_sums`` at every second shift,
    which are interpolated. Places count along the rows; correlations over fewer than ``least``
    do not count.
    """
    number = fast.shape[1]
    compiled = loops()
    if compiled is None:
        return _strongest(fast, slow, least, area)
    place = np.zeros(number, np.intp)
    ccf, share = np.empty((2, number), np.float32)
    compiled.strongest(fast, slow, least, area, place, ccf, share)
    return place, ccf, share


def _strongest(
    fast: Floats, slow: Floats, least: float, area: int
) -> tuple[NDArray[np.intp], Floats, Floats]:
    side, number = fast.shape[:2]
    finer = _between(side // 2)
    table = np.empty((6, number, side, side), np.float32)
    table[:5] = finer @ slow.transpose(1, 2, 0, 3) @ finer.T
    table[5] = fast.transpose(1, 0, 2)
    ccf = pearson_of_sums(table, least).reshape(number, -1)
    share = table[0].reshape(number, -1) / np.float32(area)
    place = (ccf * np.sqrt(np.maximum(share, 0))).argmax(axis=1)
    index = np.arange(number)
    return place, ccf[index, place], share[index, place]


@lru_cache(maxsize=8)
def _between(reach: int) -> Floats:
    """Linear interpolation from every second shift to every shift: (2 reach + 1, reach + 1)."""
    finer = np.zeros((2 * reach + 1, reach + 1), np.float32)
    finer[::2] = np.eye(reach + 1)
    finer[1::2] = (finer[:-1:2] + finer[2::2]) / 2
    return finer
