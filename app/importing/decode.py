"""Files as they come, by content: images and scans decoded, damage told in one sentence.

Nothing here knows the casebook. Sentences speak of "the file"; ``read_surface`` puts its name in
front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain import CaseheadError
from app.importing.formats.bmp import read_bmp
from app.importing.formats.jpeg import read_jpeg
from app.importing.formats.magic import Format, format_of, suffix_warning
from app.importing.formats.picture import Picture, Pixels
from app.importing.formats.png import read_png
from app.importing.formats.tiff import read_tiff
from correlation.al3d import read_al3d
from correlation.errors import CorrelationError
from correlation.surface import Kind, Surface
from correlation.x3p import Unit, X3p, read_x3p

READERS: Final[dict[str, Callable[[bytes], Picture]]] = {
    "png": read_png,
    "tiff": read_tiff,
    "bmp": read_bmp,
    "jpeg": read_jpeg,
}
SCAN_BITS: Final = 32
MAX_FILE: Final = 2 * 1024**3
# ITU-R BT.601 luma
LUMA: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One file decoded.

    An image's ``array`` is uint8 or uint16 as stored, (rows, columns) grey or (rows, columns, 3)
    RGB, ``bits`` the depth in use; a scan's is its heights in micrometres, float32 with NaN
    missing, and ``scan`` has all else. ``pixel_um`` is the file's own scale, None when it states
    none that can be a microscope's. Each warning is one sentence.
    """

    kind: Kind
    format: Format
    array: Pixels
    lossy: bool
    bits: int
    pixel_um: float | None
    warnings: tuple[str, ...]
    scan: X3p | None = None


def decode(
    path: Path | None,
    data: bytes,
    name: str,
    *,
    xy_unit: Unit | None = None,
    z_unit: Unit | None = None,
) -> Decoded:
    """Decode a file from its bytes; ``name`` (or ``path``) only serves to warn of a wrong ending.

    Raises CaseheadError with one sentence for anything that is not a sound image or scan. A scan
    in unclear units is decoded; ``decoded.scan.units.sure`` is then False and ``surface_of``
    refuses it until they are settled.
    """
    found = format_of(data)
    warning = suffix_warning(name or (path.name if path else ""), found)
    first = (warning,) if warning else ()
    reader = READERS.get(found)
    if reader is None:
        return _decode_scan(data, found, first, xy_unit, z_unit)
    picture = reader(data)
    return Decoded(
        kind="image",
        format=found,
        array=picture.array,
        lossy=picture.lossy,
        bits=picture.bits,
        pixel_um=picture.pixel_um,
        warnings=first + picture.warnings,
    )


def _decode_scan(
    data: bytes,
    found: Format,
    warnings: tuple[str, ...],
    xy_unit: Unit | None,
    z_unit: Unit | None,
) -> Decoded:
    read = read_al3d if found == "al3d" else read_x3p
    try:
        scan = read(data, xy_unit=xy_unit, z_unit=z_unit)
    except CorrelationError as error:
        raise CaseheadError(str(error)) from error
    return Decoded(
        kind="scan",
        format=found,
        array=scan.heights_um,
        lossy=False,
        bits=SCAN_BITS,
        pixel_um=scan.pixel_um,
        warnings=warnings + scan.warnings,
        scan=scan,
    )


def to_grey(array: Pixels) -> NDArray[np.float32]:
    """Grey from 0 (black) to 1 (full scale of the type), float32 (rows, columns), linear.

    Colour becomes the luma of ITU-R BT.601. Raises CaseheadError for any other kind of array.
    """
    if array.dtype not in (np.uint8, np.uint16) or array.ndim not in (2, 3):
        raise CaseheadError("An image has whole numbers of 8 or 16 bits, grey or RGB.")
    full = np.float32(np.iinfo(array.dtype).max)
    if array.ndim == 2:
        return array.astype(np.float32) / full
    return np.asarray(array[..., :3].astype(np.float32) @ LUMA / full, dtype=np.float32)


def surface_of(decoded: Decoded, pixel_um: float | None = None) -> tuple[Surface, tuple[str, ...]]:
    """What a decoded file brings to a comparison, and the warnings that go with it.

    ``pixel_um`` is the scale of an image whose file does not carry it; it wins over the file's
    own, with a warning. A scan always keeps its own. Raises CaseheadError for an image without
    scale and for a scan in unclear units.
    """
    try:
        if decoded.scan is not None:
            return _scan_surface(decoded.scan), decoded.warnings
        scale, warning = _scale(decoded.pixel_um, pixel_um)
        surface = Surface(to_grey(decoded.array), scale, "image")
    except CorrelationError as error:
        raise CaseheadError(str(error)) from error
    return surface, decoded.warnings + warning


def _scan_surface(scan: X3p) -> Surface:
    if not scan.units.sure:
        raise CaseheadError(scan.units.sentence)
    return Surface(scan.heights_um, scan.pixel_um, "scan", scan.mask)


def _scale(stated: float | None, given: float | None) -> tuple[float, tuple[str, ...]]:
    if given is None and stated is None:
        raise CaseheadError(
            "The image does not carry its scale; give the size of its pixels in micrometres, "
            "for example --pixel-um 2.53."
        )
    if given is None or stated is None:
        return float(given or stated or 0.0), ()
    if abs(given / stated - 1) <= 1e-3:
        return given, ()
    return given, (
        f"The file states pixels of {stated:.4g} um, but {given:.4g} um was given; "
        "the given size was used.",
    )


def read_surface(
    path: Path,
    pixel_um: float | None = None,
    xy_unit: Unit | None = None,
    z_unit: Unit | None = None,
    *,
    warn: Callable[[str], None] | None = None,
) -> Surface:
    """Read an image or scan from disk, ready for ``correlation``; ``warn`` gets each warning.

    Raises CaseheadError with the file's name and one sentence.
    """
    try:
        decoded = decode(path, read_bytes(path), path.name, xy_unit=xy_unit, z_unit=z_unit)
        surface, warnings = surface_of(decoded, pixel_um)
    except CaseheadError as error:
        raise CaseheadError(f"{path.name}: {error}") from error
    for warning in warnings:
        if warn is not None:
            warn(f"{path.name}: {warning}")
    return surface


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises CaseheadError with one sentence when it cannot be read."""
    try:
        if path.is_dir():
            raise CaseheadError("This is a folder, not a file.")
        if path.stat().st_size > MAX_FILE:
            raise CaseheadError(f"The file is larger than {MAX_FILE:,} bytes; it was not read.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CaseheadError("The file is not there.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not valid"
        raise CaseheadError(f"The file cannot be read: {why}.") from error
    except MemoryError as error:
        raise CaseheadError("The file is too large for the memory of this computer.") from error
