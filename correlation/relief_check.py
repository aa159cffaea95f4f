"""How far a relief that was worked out agrees with a scan that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from correlation.errors import CorrelationError
from correlation.filters import band_pass, eroded
from correlation.resample import area_average, turned
from correlation.surface import Bools, Floats, Surface

WAVES_UM: Final = (25.0, 250.0)
_PITCH_UM: Final = 6.25
_RIM_UM: Final = 50.0
_LEAST: Final = 1000


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures over the area both cover, between two waves (50 % cut-offs, micrometres).

    ``correlation`` is Pearson's of the heights, ``gain`` how many times the relief is as deep as
    the scan (regression of the scan on the relief and back, geometric mean), ``rms_um`` the root
    mean square of the difference as the relief stands, ``scan_rms_um`` that of the scan itself.
    """

    correlation: float
    gain: float
    rms_um: float
    scan_rms_um: float
    area_mm2: float
    short_um: float = WAVES_UM[0]
    long_um: float = WAVES_UM[1]


def agreement(
    relief: Surface, scan: Surface, rotation_deg: float, shift_um: tuple[float, float]
) -> Agreement:
    """Lay a scan on a relief (pose as in ``PairScore``, the relief on the left) and compare
    heights. Raises CorrelationError where hardly anything lies on each other."""
    pitch = max(_PITCH_UM, relief.pixel_um, scan.pixel_um)
    first, first_mask = _on_grid(relief, pitch)
    second, second_mask = _on_grid(scan, pitch)
    shift_px = (shift_um[0] / pitch, shift_um[1] / pitch)
    second, second_mask = turned(
        second, second_mask, rotation_deg, (first.shape[0], first.shape[1]), shift_px
    )
    both = first_mask & second_mask
    inner = eroded(both, _RIM_UM, pitch) if both.any() else both
    if np.count_nonzero(inner) < _LEAST:
        raise CorrelationError(
            "Relief and scan hardly lie on each other; they are not of one mark, or not aligned."
        )
    a, b = (band_pass(v, both, pitch, *WAVES_UM)[inner] for v in (first, second))
    own, other = float(a.std()), float(b.std())
    return Agreement(
        correlation=round(float(np.corrcoef(a, b)[0, 1]), 4),
        gain=round(own / max(other, 1e-9), 4),
        rms_um=round(float((a - b).std()), 4),
        scan_rms_um=round(other, 4),
        area_mm2=round(float(np.count_nonzero(inner)) * pitch**2 * 1e-6, 3),
    )


def _on_grid(surface: Surface, pitch: float) -> tuple[Floats, Bools]:
    rows, columns = (max(1, int(n * surface.pixel_um / pitch)) for n in surface.values.shape)
    return area_average(surface.values, surface.pixel_um, pitch, (0.0, 0.0), (rows, columns))
