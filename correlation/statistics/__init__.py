"""Figures of merit of scores: discrimination, their uncertainty, ranked lists, calibration.

Everything here is numpy in, values out. "Same" are scores of pairs from one firearm, "different"
of pairs from two; a higher score speaks for one firearm.
"""

from correlation.statistics.calibration import (
    Curve,
    cllr,
    cllr_min,
    ece,
    ece_curve,
    elub,
    pav,
    pav_log10_lr,
    tippett,
)
from correlation.statistics.rates import (
    Interval,
    Roc,
    auc,
    eer,
    roc,
    rule_of_three,
    tpr_at_fpr,
    tpr_without_false,
    wilson,
)
from correlation.statistics.resampling import (
    RatioIntervals,
    Sources,
    bootstrap,
    bootstrap_ratios,
    source_counts,
)

__all__ = [
    "Curve",
    "Interval",
    "RatioIntervals",
    "Roc",
    "Sources",
    "auc",
    "bootstrap",
    "bootstrap_ratios",
    "cllr",
    "cllr_min",
    "ece",
    "ece_curve",
    "eer",
    "elub",
    "pav",
    "pav_log10_lr",
    "roc",
    "rule_of_three",
    "source_counts",
    "tippett",
    "tpr_at_fpr",
    "tpr_without_false",
    "wilson",
]
