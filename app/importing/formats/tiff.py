"""TIFF (6.0 and BigTIFF): the first page, 8 or 16 bits, grey or colour.

Uncompressed pages are read by tifffile, compressed ones by OpenCV (libtiff), which unpacks into
buffers of known size. Pages of real numbers are refused: they may be heights or brightness.
"""

from __future__ import annotations

import logging
import re
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.domain import CaseheadError
from app.importing.formats.picture import (
    PLAUSIBLE_UM,
    Picture,
    Pixels,
    check_size,
    cut_short,
    damaged,
    decode_pixels,
    grey_if_equal,
    note_depth,
    pixel_um_from_density,
    without_alpha,
)

if TYPE_CHECKING:
    from tifffile import TiffFile

UNCOMPRESSED: Final = 1
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, YCBCR = 0, 1, 2, 3, 6
READABLE: Final = (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, YCBCR)
PER_METRE: Final = {2: 1 / 0.0254, 3: 100.0}
JPEG_KINDS: Final = (6, 7, 33003, 33005, 34712)
METRES: Final = {
    "m": 1.0,
    "cm": 1e-2,
    "mm": 1e-3,
    "micron": 1e-6,
    "um": 1e-6,
    "\u00b5m": 1e-6,
    "\u03bcm": 1e-6,
    "\\u00B5m": 1e-6,
    "nm": 1e-9,
    "inch": 0.0254,
}
# tifffile lets these out on damaged files, besides its own error
TIFF_ERRORS: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    AssertionError,
    NotImplementedError,
    RuntimeError,
    OSError,
    MemoryError,
    struct.error,
    zlib.error,
)


def read_tiff(data: bytes) -> Picture:
    """Decode the first page. Raises CaseheadError when damaged, incomplete or not an image."""
    from tifffile import TiffFile, TiffFileError  # large, and of no use to most starts

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    try:
        with TiffFile(BytesIO(data)) as file:
            return _read(file, data)
    except CaseheadError:
        raise
    except (TiffFileError, *TIFF_ERRORS) as error:
        raise damaged("TIFF") from error


def _read(file: TiffFile, data: bytes) -> Picture:
    if not len(file.pages):
        raise cut_short("TIFF")
    page: Any = file.pages[0]
    check_size(int(page.imagewidth), int(page.imagelength))
    _check_kind(page)
    _check_strips(page, len(data))
    warnings: list[str] = []
    count = len(file.pages)
    if count > 1:
        warnings.append(f"The file holds {count} pictures; the first one was read.")
    array = without_alpha(_pixels(page, data, warnings), warnings)
    lossy = int(page.compression) in JPEG_KINDS
    if lossy:
        warnings.append("The pixels inside are packed lossily (JPEG): fine detail is altered.")
    stored = int(page.bitspersample)
    bits = note_depth(array, warnings) if array.dtype == np.uint16 else min(stored, 8)
    return Picture(array, bits, _pixel_um(file, page, warnings), tuple(warnings), lossy)


def _check_kind(page: Any) -> None:
    formats = {1: "", 2: "signed whole", 3: "real"}
    kind = formats.get(int(page.sampleformat), "other")
    bits = int(page.bitspersample)
    if kind == "real":
        raise CaseheadError(
            "The TIFF file holds real numbers, which may be heights or brightness; save an image "
            "with 8 or 16 bits, or a scan as x3p."
        )
    if kind or bits not in (1, 8, 16):
        raise CaseheadError(
            f"The TIFF file holds {kind + ' ' if kind else ''}numbers of {bits} bits; "
            "save it with 8 or 16 bits."
        )
    if int(page.photometric) not in READABLE or int(page.samplesperpixel) > 4:
        raise CaseheadError("The TIFF file has colours of a rare kind; save it as grey or RGB.")
    if int(getattr(page, "imagedepth", 1)) != 1:
        raise CaseheadError("The TIFF file is a volume, not an image.")


def _check_strips(page: Any, length: int) -> None:
    """All pixels must lie within the file: decoders fill missing strips with black."""
    offsets, counts = page.dataoffsets, page.databytecounts
    if not offsets or len(offsets) != len(counts) or 0 in counts or 0 in offsets:
        raise cut_short("TIFF")
    if any(offset + count > length for offset, count in zip(offsets, counts, strict=True)):
        raise cut_short("TIFF")
    if int(page.compression) != UNCOMPRESSED:
        return
    row = (int(page.imagewidth) * int(page.samplesperpixel) * int(page.bitspersample) + 7) // 8
    if sum(counts) < row * int(page.imagelength):
        raise cut_short("TIFF")


def _pixels(page: Any, data: bytes, warnings: list[str]) -> Pixels:
    width, height = int(page.imagewidth), int(page.imagelength)
    photometric = int(page.photometric)
    if int(page.compression) == UNCOMPRESSED and photometric != YCBCR:
        array = _plain(page)
    elif photometric == WHITE_IS_ZERO:
        raise CaseheadError("The TIFF file counts white as zero and is packed; save it unpacked.")
    else:
        array = decode_pixels(data, width, height, "TIFF")
        return grey_if_equal(array) if photometric == PALETTE else array
    if photometric == PALETTE:
        return _from_palette(page, array)
    if photometric == WHITE_IS_ZERO:
        warnings.append("The file counts white as zero; its tones were turned round.")
        return np.asarray(np.iinfo(array.dtype).max - array)
    return array


def _plain(page: Any) -> Pixels:
    """Uncompressed pixels as (rows, columns) or (rows, columns, channels), native byte order."""
    array: Pixels = np.asarray(page.asarray())
    if int(page.planarconfig) == 2 and array.ndim == 3:
        array = np.moveaxis(array, 0, -1)
    if array.ndim == 3 and array.shape[2] in (1, 2):
        array = array[..., 0]
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * np.uint8(255)
    if array.ndim not in (2, 3) or array.dtype.name not in ("uint8", "uint16"):
        raise damaged("TIFF")
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))


def _from_palette(page: Any, array: Pixels) -> Pixels:
    colours = np.asarray(page.colormap)
    if array.ndim != 2 or colours.ndim != 2 or int(array.max()) >= colours.shape[1]:
        raise damaged("TIFF")
    table = (colours >> 8).astype(np.uint8) if int(colours.max()) > 255 else colours
    return grey_if_equal(table.astype(np.uint8).T[array])


def _pixel_um(file: TiffFile, page: Any, warnings: list[str]) -> float | None:
    description = str(page.description or "")
    if file.is_ome:
        return _from_ome(description, warnings)
    across, down = (_ratio(page, name) for name in ("XResolution", "YResolution"))
    unit = re.search(r"^unit=(\S+)", description, re.MULTILINE) if file.is_imagej else None
    if unit:
        scale = METRES.get(unit[1], 0.0)
        if not scale:
            return None
        return pixel_um_from_density(across / scale, down / scale, warnings, explicit=True)
    tag = page.tags.get("ResolutionUnit")
    per_metre = PER_METRE.get(int(tag.value), 0.0) if tag else PER_METRE[2]
    return pixel_um_from_density(across * per_metre, down * per_metre, warnings)


def _ratio(page: Any, name: str) -> float:
    tag = page.tags.get(name)
    if tag is None or len(tag.value) != 2 or not tag.value[1]:
        return 0.0
    return float(tag.value[0]) / float(tag.value[1])


def _from_ome(description: str, warnings: list[str]) -> float | None:
    sizes = []
    for axis in "XY":
        size = re.search(rf'\bPhysicalSize{axis}="([0-9.eE+-]+)"', description)
        unit = re.search(rf'\bPhysicalSize{axis}Unit="([^"]+)"', description)
        scale = METRES.get(unit[1] if unit else "um", 0.0)
        sizes.append(float(size[1]) * scale if size else 0.0)
    if 0.0 in sizes or sizes[0] * 1e6 > PLAUSIBLE_UM[1]:
        return None
    return pixel_um_from_density(1 / sizes[0], 1 / sizes[1], warnings, explicit=True)
