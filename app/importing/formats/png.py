"""PNG (W3C Portable Network Graphics): every chunk and every row checked."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from app.domain import CaseheadError
from app.importing.formats.picture import (
    Picture,
    check_size,
    cut_short,
    damaged,
    decode_pixels,
    grey_if_equal,
    note_depth,
    pixel_um_from_density,
    without_alpha,
)

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS: Final = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
# Adam7: first column, first row, step across, step down of each pass
PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
BLOCK: Final = 1 << 20


class _Header(NamedTuple):
    width: int
    height: int
    depth: int
    colour: int
    compression: int
    filtering: int
    interlaced: int

    def row_bytes(self, width: int) -> int:
        return 1 + (width * self.depth * CHANNELS[self.colour] + 7) // 8

    def raw_bytes(self) -> int:
        """Bytes of all filtered rows once unpacked."""
        if not self.interlaced:
            return self.height * self.row_bytes(self.width)
        total = 0
        for left, top, across, down in PASSES:
            columns = (self.width - left + across - 1) // across
            rows = (self.height - top + down - 1) // down
            if columns > 0 and rows > 0:
                total += rows * self.row_bytes(columns)
        return total


def read_png(data: bytes) -> Picture:
    """Decode a PNG. Raises CaseheadError when it is damaged, incomplete or too large."""
    header = _header(data)
    warnings: list[str] = []
    pixel_um = _check_chunks(data, header, warnings)
    array = decode_pixels(data, header.width, header.height, "PNG")
    if header.colour in (GREY, GREY_ALPHA) and array.ndim == 3:
        if array.shape[2] == 4:
            warnings.append("The transparency (alpha) in the file was left aside.")
        array = array[..., 0].copy()
    array = without_alpha(array, warnings)
    if header.colour == PALETTE:
        array = grey_if_equal(array)
    bits = note_depth(array, warnings) if header.depth == 16 else header.depth
    return Picture(array, bits, pixel_um, tuple(warnings))


def _header(data: bytes) -> _Header:
    if len(data) < 33:
        raise cut_short("PNG")
    if data[8:16] != b"\x00\x00\x00\rIHDR":
        raise damaged("PNG")
    header = _Header(*struct.unpack(">IIBBBBB", data[16:29]))
    check_size(header.width, header.height)
    if header.colour not in CHANNELS or header.depth not in (1, 2, 4, 8, 16):
        raise damaged("PNG")
    return header


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, bool]]:
    """Kind, content and soundness of each chunk up to the end mark."""
    view = memoryview(data)
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if at + 12 + length > len(data):
            break
        content = view[at + 8 : at + 8 + length]
        (stated,) = struct.unpack(">I", view[at + 8 + length : at + 12 + length])
        yield kind, content, zlib.crc32(view[at + 4 : at + 8 + length]) == stated
        if kind == b"IEND":
            return
        at += 12 + length
    raise cut_short("PNG")


def _check_chunks(data: bytes, header: _Header, warnings: list[str]) -> float | None:
    pixel_um = None
    rows = _Rows(header.raw_bytes())
    for kind, content, sound in _chunks(data):
        if not sound and kind[:1].isupper():
            raise CaseheadError(
                "The PNG file is damaged: a checksum inside it does not agree; "
                "copy or export it again."
            )
        if kind == b"IDAT":
            rows.add(content)
        elif kind == b"acTL":
            warnings.append("The file is an animation; its first picture was read.")
        elif kind == b"pHYs" and sound and len(content) == 9:
            across, down, unit = struct.unpack(">IIB", content)
            pixel_um = pixel_um_from_density(across, down, warnings) if unit == 1 else None
        elif not sound:
            warnings.append("A note beside the pixels of the PNG file is damaged and was skipped.")
    if not rows.complete:
        raise cut_short("PNG")
    return pixel_um


class _Rows:
    """Counts unpacked bytes without keeping them: the decoder would fill up missing rows."""

    def __init__(self, expected: int) -> None:
        self._missing = expected
        self._unpacker = zlib.decompressobj()

    @property
    def complete(self) -> bool:
        return self._missing <= 0

    def add(self, content: memoryview) -> None:
        packed: bytes | memoryview = content
        try:
            while packed and not self.complete:
                self._missing -= len(self._unpacker.decompress(packed, BLOCK))
                packed = self._unpacker.unconsumed_tail
        except zlib.error as error:
            raise damaged("PNG") from error
