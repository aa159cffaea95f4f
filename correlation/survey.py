"""One mark against very many: an order first, then a coarse correlation with every one of them.

    survey = Survey(query)
    first_to_last = np.argsort(-survey.order(records), kind="stable")
    found = survey.coarse(records, first_to_last)

``records`` is (n, SKETCH_BYTES) of ``sketch(prepared)``, best a memory map; it is read a block at
a time. The order is a hint; the coarse correlation covers the full circle and every shift within
reach for each record, whatever the order said.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from correlation import descriptor as described
from correlation.circle import Circle
from correlation.errors import CorrelationError
from correlation.method import settings_for
from correlation.prepare import Prepared
from correlation.sketch import (
    ORDER_BYTES,
    SKETCH_BYTES,
    TAG_BYTES,
    Records,
    descriptors,
    maps,
    sketch,
    tag,
)
from correlation.surface import Floats

__all__ = ["ORDER_BYTES", "SKETCH_BYTES", "Found", "Records", "Survey", "sketch"]

_BLOCK = 64
_HEADS = 512
_DAMAGED = "The stored sketches are cut short; make the sketches of this search anew."
_OTHER = (
    "A stored sketch belongs to another kind of mark, modality or version of the method; "
    "make the sketches of this search anew."
)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best coarse pose of each record asked for, arrays of one length, in the order asked.

    The record's mark, turned counter-clockwise by ``rotation_deg`` about its centre and then
    moved by ``dx_um`` and ``dy_um``, lies on the query. ``strength`` is the correlation ``ccf``
    times the root of the ``overlap`` (the share of the smaller mark), as ``Pose.strength``; 0
    and below where there is nothing in common.
    """

    strength: Floats
    ccf: Floats
    overlap: Floats
    rotation_deg: Floats
    dx_um: Floats
    dy_um: Floats


class Survey:
    """One query against records; safe to use from several threads at once."""

    def __init__(self, query: Prepared) -> None:
        settings = settings_for(query.kind, query.mark)
        self._tag = np.frombuffer(tag(query), np.uint8)
        self._pixel_um = query.coarse.pixel_um
        self._turns = described.turns(described.descriptor(query.middle))
        reach = int(np.ceil(settings.shift_um / self._pixel_um))
        self._circle = Circle(query.coarse, reach, settings.overlap)

    def order(self, records: Records, executor: Executor | None = None) -> Floats:
        """A score of each record, (n,); those with higher ones should be looked at first.

        ``records`` are (n, SKETCH_BYTES) or only the first ORDER_BYTES of each. Raises
        CorrelationError when a record does not belong to the query's kind.
        """
        blocks = [records[i : i + _HEADS] for i in range(0, len(records), _HEADS)]
        parts = list((map if executor is None else executor.map)(self._order, blocks))
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _order(self, block: Records) -> Floats:
        self._checked(block, ORDER_BYTES)
        return described.scores(self._turns, descriptors(np.asarray(block[:, :ORDER_BYTES])))

    def coarse(
        self, records: Records, which: NDArray[np.integer], executor: Executor | None = None
    ) -> Found:
        """The best pose of ``records[which]``, over the full circle and all shifts within reach.

        Raises CorrelationError when a record does not belong to the query's kind.
        """
        blocks = [np.asarray(which[i : i + _BLOCK]) for i in range(0, len(which), _BLOCK)]

        def one(some: NDArray[np.integer]) -> Floats:
            return self._coarse(np.asarray(records[some]))

        parts = list((map if executor is None else executor.map)(one, blocks))
        table = np.concatenate([np.zeros((0, 6), np.float32), *parts])
        return Found(*np.ascontiguousarray(table.T))

    def _checked(self, block: Records, least: int) -> None:
        if block.ndim != 2 or not least <= block.shape[1] <= SKETCH_BYTES:
            raise CorrelationError(_DAMAGED)
        if not bool((block[:, :TAG_BYTES] == self._tag).all()):
            raise CorrelationError(_OTHER)

    def _coarse(self, block: Records) -> Floats:
        self._checked(block, SKETCH_BYTES)
        found = self._circle.best(*maps(block))
        um = self._pixel_um
        scale = np.array([1, 1, 1, 1, um, um], np.float32)
        columns = (found.strength, found.ccf, found.overlap, found.rotation_deg)
        return np.stack([*columns, found.dx_px, found.dy_px], axis=1) * scale
