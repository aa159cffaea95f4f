"""Heights from slopes, by least squares over what is known of them.

Between neighbouring pixels the height rises by the mean of their slopes; the heights sought
agree with all these rises as well as they can. On a full rectangle that is Poisson's equation
with free edges, solved by a cosine transform (after Frankot and Chellappa 1988, who took the
Fourier transform and so a periodic surface; Simchony et al. 1990 for the free edges). With
pixels missing it is solved by conjugate gradients that the same transform preconditions.

Edges: nothing wraps around and nothing is assumed beyond the picture, but what lies at an edge
or a hole rests on one side only, so errors of the slopes add up there. Parts that holes part
from each other keep no trustworthy height difference. Long waves drift everywhere: a bias of
the slopes of 0.001 makes 1 um on a millimetre. That is why ``without_form`` belongs to it.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.filters import gaussian_mean
from correlation.late import fft
from correlation.surface import Bools, Floats

ROUNDS: Final = 60
CLOSE: Final = 5e-4
_FAINT: Final = 1e-3
_WORKERS: Final = 2
_FINE_PX: Final = 12.0
_LEAST_PIXELS: Final = 64


def integrate(across: Floats, down: Floats, valid: Bools, pixel_um: float) -> Floats:
    """Heights in micrometres, float32 (rows, columns), NaN where not ``valid``, their mean 0.

    ``across`` and ``down`` are the rise to the right and downwards (micrometre per micrometre).
    Raises CorrelationError when hardly a pixel is valid.
    """
    if np.count_nonzero(valid) < _LEAST_PIXELS:
        raise CorrelationError(
            "Hardly a pixel of the set could be told apart from shadow and glare, so there is no "
            "relief; take the set again with other exposure or further lights."
        )
    half = np.float32(pixel_um / 2)
    x: Floats = np.where(valid, across, np.float32(0)) * half
    y: Floats = np.where(valid, down, np.float32(0)) * half
    rises: tuple[Floats, Floats] = (x[:, 1:] + x[:, :-1], y[1:] + y[:-1])
    if valid.all():
        heights = _Poisson(valid.shape).solve(_divergence(*rises))
    else:
        heights = _by_conjugate_gradients(rises, valid)
    heights -= heights[valid].mean(dtype=np.float64)
    heights[~valid] = np.nan
    return heights


def without_form(heights: Floats, valid: Bools, pixel_um: float, form_um: float) -> Floats:
    """Heights less their waves longer than ``form_um`` (Gaussian, half the amplitude passes at
    the cut-off), NaN where not ``valid``; at edges and holes the filter sees what is there."""
    step = max(1, int(form_um / pixel_um / _FINE_PX / 4))
    known = np.where(valid, heights, 0).astype(np.float32)
    if step == 1:
        mean = gaussian_mean(known, valid, form_um, pixel_um)
    else:
        mean = _coarse_mean(known, valid, form_um, pixel_um, step)
    return np.where(valid, known - mean, np.nan).astype(np.float32)


def _coarse_mean(known: Floats, valid: Bools, form_um: float, pixel_um: float, step: int) -> Floats:
    """The long waves, worked out on every ``step``-th pixel: they need no more."""
    rows, columns = known.shape
    small = (-(-columns // step), -(-rows // step))
    area = cv2.INTER_AREA
    share = np.asarray(cv2.resize(valid.astype(np.float32), small, interpolation=area))
    total = np.asarray(cv2.resize(known, small, interpolation=area))
    some = share > 1e-3
    mean = np.where(some, total / np.maximum(share, 1e-3), 0).astype(np.float32)
    smooth = gaussian_mean(mean, some, form_um, pixel_um * step)
    large = cv2.resize(smooth, (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.float32)


def _by_conjugate_gradients(rises: tuple[Floats, Floats], valid: Bools) -> Floats:
    """Rises that touch a missing pixel count next to nothing."""
    weights = (_weight(valid[:, 1:] & valid[:, :-1]), _weight(valid[1:] & valid[:-1]))
    poisson = _Poisson(valid.shape)
    residual = _divergence(weights[0] * rises[0], weights[1] * rises[1])
    heights = np.zeros(valid.shape, np.float32)
    better = poisson.solve(residual)
    way = better.copy()
    energy = first = _dot(residual, better)
    for _ in range(ROUNDS):
        if energy <= CLOSE**2 * first:
            break
        change = _divergence(weights[0] * np.diff(way, axis=1), weights[1] * np.diff(way, axis=0))
        step = np.float32(energy / max(_dot(way, change), 1e-30))
        heights += step * way
        residual -= step * change
        better = poisson.solve(residual)
        before, energy = energy, _dot(residual, better)
        way *= np.float32(energy / max(before, 1e-30))
        way += better
    return heights


def _weight(known: Bools) -> Floats:
    return np.where(known, np.float32(1.0), np.float32(_FAINT))


def _dot(left: Floats, right: Floats) -> float:
    return float(np.vdot(left, right))


def _divergence(across: Floats, down: Floats) -> Floats:
    """What the rises between pixels sum to at each pixel: the right side of the equations."""
    out = np.zeros((across.shape[0], down.shape[1]), np.float32)
    out[:, 1:] += across
    out[:, :-1] -= across
    out[1:] += down
    out[:-1] -= down
    return out


class _Poisson:
    """The equations of a full rectangle with free edges, which the cosine transform solves."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        rows, columns = shape
        down = 2 - 2 * np.cos(np.pi * np.arange(rows) / rows)
        across = 2 - 2 * np.cos(np.pi * np.arange(columns) / columns)
        total = down[:, None] + across[None, :]
        total[0, 0] = 1.0
        self._inverse: NDArray[np.float32] = (1.0 / total).astype(np.float32)
        self._inverse[0, 0] = 0.0

    def solve(self, right: Floats) -> Floats:
        """Heights, mean 0."""
        waves = fft.dctn(right, norm="ortho", workers=_WORKERS)
        waves *= self._inverse
        return np.asarray(fft.idctn(waves, norm="ortho", workers=_WORKERS), np.float32)
