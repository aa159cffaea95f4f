"""The correlation as it is defined, for tests of the ways it is computed."""

from __future__ import annotations

import numpy as np

from correlation.surface import Bools, Floats


def pearson(
    first: Floats, first_mask: Bools, second: Floats, second_mask: Bools
) -> tuple[float, int]:
    """Correlation over the pixels valid in both arrays of one shape, and their number."""
    both = first_mask & second_mask
    count = int(np.count_nonzero(both))
    if count < 2:
        return -1.0, count
    a = first[both].astype(np.float64)
    b = second[both].astype(np.float64)
    a -= a.mean()
    b -= b.mean()
    power = float(np.sqrt((a @ a) * (b @ b)))
    return (float(a @ b) / power if power > 1e-9 else -1.0), count
