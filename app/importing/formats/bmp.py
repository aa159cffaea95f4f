"""BMP: header and length checked, then decoded."""

from __future__ import annotations

import struct
from typing import Final

from app.domain import CaseheadError
from app.importing.formats.picture import (
    Picture,
    check_size,
    cut_short,
    damaged,
    decode_pixels,
    pixel_um_from_density,
    without_alpha,
)

PLAIN, RLE8, RLE4, FIELDS = 0, 1, 2, 3
DEPTHS: Final = (1, 4, 8, 16, 24, 32)
END_OF_BITMAP: Final = b"\x00\x01"


def read_bmp(data: bytes) -> Picture:
    """Decode a BMP. Raises CaseheadError when it is damaged, incomplete or too large."""
    if len(data) < 26:
        raise cut_short("BMP")
    offset, header_bytes = struct.unpack("<II", data[10:18])
    across = down = compression = 0
    if header_bytes == 12:
        width, height, _, depth = struct.unpack("<HHHH", data[18:26])
    elif header_bytes >= 40 and len(data) >= 54:
        width, height, _, depth, compression = struct.unpack("<iiHHI", data[18:34])
        across, down = struct.unpack("<ii", data[38:46])
    else:
        raise damaged("BMP")
    check_size(width, abs(height))
    _check_length(data, offset, compression, (width * depth + 31) // 32 * 4 * abs(height))
    if depth not in DEPTHS:
        raise damaged("BMP")
    array = decode_pixels(data, width, abs(height), "BMP")
    warnings: list[str] = []
    array = without_alpha(array, warnings)
    pixel_um = pixel_um_from_density(across, down, warnings)
    return Picture(array, min(depth, 8), pixel_um, tuple(warnings))


def _check_length(data: bytes, offset: int, compression: int, expected: int) -> None:
    if offset >= len(data):
        raise cut_short("BMP")
    if compression in (RLE8, RLE4):
        if END_OF_BITMAP not in data[-4:]:
            raise cut_short("BMP")
    elif compression not in (PLAIN, FIELDS):
        raise CaseheadError("The BMP file is packed in a rare way; save it as PNG.")
    elif len(data) - offset < expected:
        raise cut_short("BMP")
