"""Lossless PNG, written in bands on several threads, as capture must not wait for it.

The bytes are the same whatever the number of processors: the bands are fixed.
"""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Pixels
from app.domain import CaseheadError

_BANDS = 4
_BAND_ROWS = 64
"""A band is at least that high: smaller pictures are one."""
_LEVEL = 1
_UP = 2
"""The filter of every row: the difference to the row above, byte by byte."""
_HEAD = b"\x89PNG\r\n\x1a\n"
_STREAM_HEAD = b"\x78\x01"


def encode_png(pixels: Pixels) -> bytes:
    """Lossless PNG of a grey or RGB picture, 8 or 16 bit. Raises CaseheadError for anything else.

    Grey in three equal channels stays in three: the original is kept as it was delivered.
    """
    fits = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
    if not fits or pixels.size == 0 or pixels.dtype not in (np.uint8, np.uint16):
        raise CaseheadError(
            "The frame is neither a grey nor a colour picture of 8 or 16 bits; it cannot be kept."
        )
    rows = _as_bytes(pixels)
    bands = _bands(len(rows))
    with ThreadPoolExecutor(len(bands)) as pool:
        packed = list(pool.map(partial(_packed, rows), bands))
    data = _STREAM_HEAD + b"".join(part for part, _, _ in packed) + _checksum(packed)
    kind = 2 if pixels.ndim == 3 else 0
    bits = pixels.dtype.itemsize * 8
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], bits, kind, 0, 0, 0)
    return _HEAD + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _as_bytes(pixels: Pixels) -> NDArray[np.uint8]:
    """Rows of bytes in the file's order: the more significant of two first."""
    ordered = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder(">"))
    return ordered.view(np.uint8).reshape(len(pixels), -1)


def _bands(rows: int) -> list[tuple[int, int]]:
    count = max(min(_BANDS, rows // _BAND_ROWS), 1)
    edges = [rows * number // count for number in range(count + 1)]
    return list(pairwise(edges))


def _packed(rows: NDArray[np.uint8], band: tuple[int, int]) -> tuple[bytes, int, int]:
    """A band compressed, the Adler-32 of what went in, and its length."""
    start, end = band
    filtered = np.empty((end - start, rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = _UP
    if start == 0:
        filtered[0, 1:] = rows[0]
    else:
        np.subtract(rows[start], rows[start - 1], out=filtered[0, 1:])
    np.subtract(rows[start + 1 : end], rows[start : end - 1], out=filtered[1:, 1:])
    raw = filtered.data
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, 9)
    last = end == len(rows)
    how = zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH
    return packer.compress(raw) + packer.flush(how), zlib.adler32(raw), filtered.size


def _checksum(packed: list[tuple[bytes, int, int]]) -> bytes:
    """Adler-32 of all bands from those of each (RFC 1950: two sums modulo 65521)."""
    low, high = 1, 0
    for _, adler, length in packed:
        next_low, next_high = adler & 0xFFFF, adler >> 16
        high = (high + next_high + length * (low - 1)) % 65521
        low = (low + next_low - 1) % 65521
    return struct.pack(">I", high << 16 | low)


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(data, zlib.crc32(name))
    return b"".join((struct.pack(">I", len(data)), name, data, struct.pack(">I", checksum)))
