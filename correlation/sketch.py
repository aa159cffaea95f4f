"""What is stored of a mark for searches at scale: one record of a fixed size.

A record is a tag (which method version, modality, kind of mark and pitch it belongs to), the
descriptor, and the mark at its coarse pitch in polar coordinates as int8.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from correlation.descriptor import DESCRIPTOR_BYTES, descriptor
from correlation.polar import ANGLES, RINGS, packed, polar, unpacked
from correlation.prepare import VERSION, Prepared
from correlation.surface import Floats

TAG_BYTES = 16
MAP_BYTES = RINGS * ANGLES
ORDER_BYTES = TAG_BYTES + DESCRIPTOR_BYTES
SKETCH_BYTES = ORDER_BYTES + MAP_BYTES
_LAYOUT = "2"

Records = NDArray[np.uint8]


def sketch(prepared: Prepared) -> bytes:
    """The record of ``prepared``: SKETCH_BYTES, the same bytes for the same mark.

    Its first ORDER_BYTES are all that ``Survey.order`` reads, so that they may be kept apart.
    """
    coarse = packed(*polar(prepared.coarse))
    return tag(prepared) + descriptor(prepared.middle).tobytes() + coarse.tobytes()


def tag(prepared: Prepared) -> bytes:
    """TAG_BYTES that are equal for marks that can be compared with each other."""
    facts = (_LAYOUT, VERSION, prepared.kind, prepared.mark, prepared.coarse.pixel_um)
    return hashlib.sha256(repr(facts).encode()).digest()[:TAG_BYTES]


def descriptors(records: Records) -> NDArray[np.int8]:
    """(n, DESCRIPTOR_BYTES) of records, a view."""
    return records[:, TAG_BYTES:ORDER_BYTES].view(np.int8)


def maps(records: Records) -> tuple[Floats, Floats]:
    """(n, RINGS, ANGLES) of records: values, 0 where missing, and masks (0 or 1)."""
    return unpacked(records[:, ORDER_BYTES:].view(np.int8).reshape(-1, RINGS, ANGLES))
