"""Pictures as files with their scale and caption inside: PNG and TIFF, whole or not at all."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain import CaseheadError
from app.picture.files import png_bytes
from app.picture.side import Pixels
from app.picture.writing import check_free

SUFFIXES = {".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}
_AFTER_HEADER = 8 + 25  # a PNG's signature and IHDR chunk


@dataclass(frozen=True, slots=True)
class Labels:
    """What the file says of its picture besides the pixels; micrometres a pixel."""

    um_per_px: float
    software: str = ""
    caption: str = ""


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raises CaseheadError when a picture cannot be written there, before it is drawn."""
    if path.suffix.lower() not in SUFFIXES:
        raise CaseheadError(
            f"A picture is written as PNG or TIFF; let the name {path.name!r} end in .png or .tif."
        )
    check_free(path, overwrite=overwrite)


def picture_bytes(picture: Pixels, kind: str, labels: Labels) -> bytes:
    """A PNG or TIFF of 8 bit RGB; the same picture and labels give the same bytes."""
    return _png(picture, labels) if kind == "PNG" else _tiff(picture, labels)


def _tiff(picture: Pixels, labels: Labels) -> bytes:
    from tifffile import imwrite  # large, and of no use to most starts

    per_cm = 10_000.0 / labels.um_per_px
    stream = io.BytesIO()
    imwrite(
        stream,
        picture,
        photometric="rgb",
        compression="zlib",
        rowsperstrip=256,
        resolution=(per_cm, per_cm),
        resolutionunit="CENTIMETER",
        software=labels.software or None,
        description=labels.caption.encode() or None,
        metadata=None,
    )
    return stream.getvalue()


def _png(picture: Pixels, labels: Labels) -> bytes:
    data = png_bytes(picture)
    extra = b"".join(_chunk(name, body) for name, body in _chunks(labels))
    return data[:_AFTER_HEADER] + extra + data[_AFTER_HEADER:]


def _chunks(labels: Labels) -> Iterator[tuple[bytes, bytes]]:
    per_metre = round(1e6 / labels.um_per_px)
    yield b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)
    for key, text in (("Software", labels.software), ("Description", labels.caption)):
        if text:  # keyword, not compressed, no language, no translated keyword
            yield b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
