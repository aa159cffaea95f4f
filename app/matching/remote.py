"""What runs on a cluster's workers: they have no casebook, only what a task brings along."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from correlation.compare import PairScore, compare
from correlation.kernels import warm_up
from correlation.prepare import METHOD, VERSION, Prepared
from correlation.surface import Floats
from correlation.survey import Records, Survey

MARKS_KEPT = 8


def method() -> str:
    """Which method this worker works by; it is ready to work then."""
    cv2.setNumThreads(1)  # several tasks at a time would compete
    warm_up()
    return f"{METHOD} {VERSION}"


def coarse(query: bytes, records: Records) -> Floats:
    """The strength of each record's best coarse pose, (n,)."""
    return _survey(query).coarse(records, np.arange(len(records))).strength


def full(left: bytes, right: bytes) -> PairScore:
    """One full comparison."""
    return compare(_prepared(left), Prepared.from_bytes(right))


@lru_cache(MARKS_KEPT)
def _survey(query: bytes) -> Survey:
    method()
    return Survey(_prepared(query))


@lru_cache(MARKS_KEPT)
def _prepared(data: bytes) -> Prepared:
    method()
    return Prepared.from_bytes(data)
