"""JPEG (ITU-T T.81): kept as it is and marked lossy; walked to its end mark before decoding."""

from __future__ import annotations

import re
import struct
from typing import Final, NamedTuple

import numpy as np

from app.domain import CaseheadError
from app.importing.formats.picture import (
    Picture,
    Pixels,
    check_size,
    cut_short,
    damaged,
    decode_pixels,
    pixel_um_from_density,
)

FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE})
ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
SCAN, END, JFIF = 0xDA, 0xD9, 0xE0
NEXT_MARKER: Final = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
PER_METRE: Final = {1: 1 / 0.0254, 2: 100.0}
BLOCK_ROWS: Final = 8


class _Found(NamedTuple):
    width: int
    height: int
    depth: int
    density: tuple[float, float]


def read_jpeg(data: bytes) -> Picture:
    """Decode a JPEG. Raises CaseheadError when it is damaged, incomplete or too large."""
    found = _walk(data)
    if found.depth != 8:
        raise CaseheadError(f"The JPEG file has {found.depth} bits a sample; only 8 can be read.")
    array = decode_pixels(data, found.width, found.height, "JPEG")
    warnings = ["JPEG is lossy: fine detail of the mark is altered by the format."]
    flat = _flat_rows(array)
    if flat >= BLOCK_ROWS:
        warnings.append(
            f"The last {flat} rows of the image are one even tone; the file may have been cut."
        )
    pixel_um = pixel_um_from_density(*found.density, warnings)
    return Picture(array, 8, pixel_um, tuple(warnings), lossy=True)


def _walk(data: bytes) -> _Found:
    """Follow the segments to the end mark. The size is checked as soon as it is met."""
    width = height = depth = 0
    density = (0.0, 0.0)
    scanned = False
    at = 2
    while True:
        marker, at = _marker(data, at)
        if marker == END:
            break
        if marker in ALONE:
            continue
        segment = _segment(data, at)
        at += 2 + len(segment)
        if marker in FRAMES:
            if len(segment) < 6:
                raise damaged("JPEG")
            depth, height, width = struct.unpack(">BHH", segment[:5])
            check_size(width, height)
        elif marker == JFIF and segment.startswith(b"JFIF\x00") and len(segment) >= 12:
            unit, across, down = struct.unpack(">BHH", segment[7:12])
            density = (across * PER_METRE.get(unit, 0.0), down * PER_METRE.get(unit, 0.0))
        elif marker == SCAN:
            scanned = True
            following = NEXT_MARKER.search(data, at)
            if following is None:
                raise cut_short("JPEG")
            at = following.start()
    if not scanned or not width:
        raise damaged("JPEG")
    return _Found(width, height, depth, density)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker that stands at ``at`` and the place behind it; fill bytes skipped."""
    if at < len(data) and data[at] != 0xFF:
        raise damaged("JPEG")
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at >= len(data):
        raise cut_short("JPEG")
    return data[at], at + 1


def _segment(data: bytes, at: int) -> bytes:
    if at + 2 > len(data):
        raise cut_short("JPEG")
    (length,) = struct.unpack(">H", data[at : at + 2])
    if length < 2:
        raise damaged("JPEG")
    if at + length > len(data):
        raise cut_short("JPEG")
    return data[at + 2 : at + length]


def _flat_rows(array: Pixels) -> int:
    """Rows at the foot that are exactly one tone, neither black nor white.

    A decoder that runs out of data repeats the last tone to the end of the picture.
    """
    last = array[-1, -1]
    if np.all(last == 0) or np.all(last == 255):
        return 0
    even = (array == last).reshape(array.shape[0], -1).all(axis=1)
    different = np.flatnonzero(~even)
    return int(array.shape[0] - 1 - different[-1]) if different.size else 0
