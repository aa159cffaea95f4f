"""Control limits: fixed at first, then from the first checks of an instrument.

Mean plus and minus two and three standard deviations, as on a Shewhart chart for single values.
While they rest on few checks the deviation itself is uncertain; the limits are then those of the
prediction interval (Student's t) that holds the same share of sound checks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.capture.checks.settings import CheckSettings, FigureSettings, check_settings
from app.instruments import Figure, InstrumentCheck, Limits
from correlation.late import special


def limits_of(
    figure: Figure, earlier: Sequence[InstrumentCheck], settings: CheckSettings | None = None
) -> Limits:
    """What the next check is held against, after the ``earlier`` ones (oldest first).

    The first ones that were not out of limits count.
    """
    told = settings or check_settings()
    own = told.figures[figure]
    sound = (check.figures[figure] for check in earlier if _counts(figure, check))
    first = [value for _, value in zip(range(told.most), sound, strict=False)]
    if len(first) < max(told.least, 2):
        return own.fixed
    return _computed(np.array(first), own, told)


def _counts(figure: Figure, check: InstrumentCheck) -> bool:
    return check.outcome != "out" and figure in check.figures


def _computed(values: NDArray[np.float64], own: FigureSettings, told: CheckSettings) -> Limits:
    mean = float(values.mean())
    sd = max(float(values.std(ddof=1)), own.least_sd)
    warn, act = (
        deviations(sigmas, len(values), told.widened) * sd for sigmas in (told.warning, told.action)
    )
    fixed = own.fixed
    low, high = "low" in own.sides, "high" in own.sides
    return Limits(
        mean=mean,
        sd=sd,
        count=len(values),
        warn_low=_tighter(mean - warn, fixed.warn_low, max) if low else None,
        warn_high=_tighter(mean + warn, fixed.warn_high, min) if high else None,
        act_low=_tighter(mean - act, fixed.act_low, max) if low else None,
        act_high=_tighter(mean + act, fixed.act_high, min) if high else None,
    )


def deviations(sigmas: float, count: int, widened: bool = True) -> float:
    """How many standard deviations of ``count`` values hold what ``sigmas`` of many would."""
    if not widened:
        return sigmas
    quantile = float(special.stdtrit(count - 1, float(special.ndtr(sigmas))))
    return quantile * float(np.sqrt(1 + 1 / count))


def _tighter(computed: float, fixed: float | None, pick: Callable[[float, float], float]) -> float:
    return computed if fixed is None else pick(computed, fixed)
