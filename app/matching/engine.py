"""Where the numbers of a search are worked out: on this computer, or elsewhere."""

from __future__ import annotations

from functools import cache, cached_property
from threading import Thread
from typing import Protocol

import numpy as np

from correlation import kernels
from correlation.compare import PairScore, compare
from correlation.prepare import Prepared
from correlation.sketch import TAG_BYTES, tag
from correlation.surface import Floats
from correlation.survey import Records, Survey


@cache
def warm_up() -> Thread:
    """Loads what comparing needs, on a thread of its own and once; returns at once.

    It takes about a second, and some more the first time on a computer.
    """
    thread = Thread(target=kernels.warm_up, name="warm up")
    thread.start()
    return thread


class Query:
    """The mark that is searched for, in the shapes the passes of a search need."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        warm_up()

    @cached_property
    def survey(self) -> Survey:
        """Ready to go through sketches."""
        return Survey(self.prepared)

    @cached_property
    def data(self) -> bytes:
        """As bytes, to be sent elsewhere."""
        return self.prepared.to_bytes()

    def order(self, heads: Records) -> Floats:
        """What the descriptors say, (n,); those of damaged heads come last."""
        tagged = np.frombuffer(tag(self.prepared), np.uint8)
        sound = (heads[:, :TAG_BYTES] == tagged).all(axis=1)
        scores = np.full(len(heads), -np.inf, np.float32)
        scores[sound] = self.survey.order(heads[sound])
        return scores


class Engine(Protocol):
    """Works out the passes of a search; called from several threads at once."""

    @property
    def slots(self) -> int:
        """How many calls at a time keep it busy, besides this computer's own threads."""
        ...

    def coarse(self, query: Query, records: Records) -> Floats:
        """The strength of each record's best coarse pose, (n,). Raises CorrelationError."""
        ...

    def compare(self, query: Query, right: Prepared) -> PairScore:
        """One full comparison. Raises CorrelationError."""
        ...


class Here:
    """On the thread that calls."""

    slots = 0

    def coarse(self, query: Query, records: Records) -> Floats:
        return query.survey.coarse(records, np.arange(len(records))).strength

    def compare(self, query: Query, right: Prepared) -> PairScore:
        return compare(query.prepared, right)
