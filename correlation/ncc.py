"""Masked normalised cross-correlation, the primitive of every comparison.

After Padfield 2012: for each shift the Pearson correlation over the pixels valid in both
arrays, by six correlations in the Fourier domain.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.late import fft
from correlation.surface import Bools, Floats

Spectra = NDArray[np.complex64]
Shifts = NDArray[np.intp] | slice


def spectra(values: Floats, masks: Bools | Floats, shape: tuple[int, int]) -> Spectra:
    """Transforms of mask, values and squares, stacked on axis -3; inputs are (..., rows, columns).

    ``values`` must be 0 outside ``masks``.
    """
    weight = masks.astype(np.float32)
    stack = np.stack([weight, values, values * values], axis=-3)
    return np.asarray(fft.rfft2(stack, shape), np.complex64)


def masked_ncc(
    fixed: Spectra,
    moving: Spectra,
    shape: tuple[int, int],
    least: NDArray[np.float32] | float,
    window: tuple[Shifts, Shifts] | None = None,
) -> Floats:
    """r(d) = correlation of fixed(x + d) with moving(x), -1 where the overlap is below ``least``.

    ``fixed`` and ``moving`` are ``spectra`` of the same FFT ``shape`` and broadcast over their
    leading axes. Negative shifts stand at the end, as an FFT leaves them; ``window`` names the
    rows and columns wanted (all by default), and only those are transformed to the end.
    """
    turned = np.conj(moving)
    pairs = ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1))
    products = np.stack([fixed[..., i, :, :] * turned[..., j, :, :] for i, j in pairs])
    rows, columns = window or (slice(None), slice(None))
    partly = fft.ifft(products, axis=-2, overwrite_x=True)[..., rows, :]
    sums = fft.irfft(partly, shape[1], axis=-1)[..., columns]
    return pearson_of_sums(sums, least)


def pearson_of_sums(sums: NDArray[np.floating], least: NDArray[np.float32] | float) -> Floats:
    """Correlations from the six sums over the overlap, first axis: count, the first's values,
    the second's values, the first's squares, the second's squares, products. -1 where the count
    is below ``least`` or one side has no variance.
    """
    count = np.rint(sums[0])
    safe = np.maximum(count, 1)
    covariance = sums[5] - sums[1] * sums[2] / safe
    first = sums[3] - sums[1] * sums[1] / safe
    second = sums[4] - sums[2] * sums[2] / safe
    floor = 1e-3 * safe
    good = (count >= least) & (count > 1) & (first > floor) & (second > floor)
    product = np.where(good, first * second, 1.0)
    ratio = np.clip(covariance / np.sqrt(product), -1.0, 1.0)
    return np.where(good, ratio, -1.0).astype(np.float32)
