"""Reading Alicona al3d files: the height picture; the texture picture is left aside.

The format, as its files show it: a 17-byte signature; entries of 52 bytes (20 of name, 30 of
value, line end), Version and TagCount first; then, at DepthImageOffset, heights in metres as
little-endian float32, each row padded to a multiple of 8 bytes. Points equal to
InvalidPixelValue (or not finite) were not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

from correlation.errors import CorrelationError
from correlation.x3p.grid import Grid, square
from correlation.x3p.model import MAX_BYTES, MAX_POINTS, UM_PER, Doubles, Unit, X3p
from correlation.x3p.reader import in_micrometres
from correlation.x3p.units import judge, relief_of

MAGIC: Final = b"AliconaImaging\x00\r\n"
ENTRY: Final = 52
NAME: Final = 20
MAX_ENTRIES: Final = 1000


def read_al3d(
    source: Path | bytes, *, xy_unit: Unit | None = None, z_unit: Unit | None = None
) -> X3p:
    """Read the heights of an al3d file; as ``read_x3p`` in all else.

    Raises CorrelationError with one sentence for any file that holds no readable heights.
    """
    data = source if isinstance(source, bytes) else _bytes(source)
    if not data.startswith(MAGIC):
        raise CorrelationError("The file is not an al3d file: its first bytes are not Alicona's.")
    entries = _entries(data)
    rows, columns = int(_number(entries, "Rows")), int(_number(entries, "Cols"))
    z = _heights(data, entries, rows, columns)
    grid = Grid(z, _number(entries, "PixelSizeXMeter"), _number(entries, "PixelSizeYMeter"))
    if not 0 < grid.step_x < 1e6 or not 0 < grid.step_y < 1e6:
        raise CorrelationError("The file does not state the distance between its points.")
    warnings: list[str] = []
    units = judge(grid.pitch, relief_of(z), xy_unit, z_unit)
    if units.sentence:
        warnings.append(units.sentence)
    heights, origin = in_micrometres(square(grid, warnings), UM_PER[units.z_unit])
    scale = UM_PER[units.xy_unit]
    return X3p(
        heights_um=heights,
        pixel_um=grid.pitch * scale,
        increment_um=(grid.step_x * scale, grid.step_y * scale),
        mask=None,
        units=units,
        metadata={"manufacturer": "Alicona", "revision": f"al3d {entries.get('Version', '')}"},
        warnings=tuple(warnings),
        z_origin_um=origin,
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CorrelationError(f"The file is larger than {MAX_BYTES:,} bytes; it was not read.")
        return path.read_bytes()
    except OSError as error:
        raise CorrelationError(f"The file cannot be opened: {error.strerror}.") from error


def _entries(data: bytes) -> dict[str, str]:
    entries: dict[str, str] = {}
    for index in range(MAX_ENTRIES):
        start = len(MAGIC) + index * ENTRY
        entry = data[start : start + ENTRY]
        if len(entry) < ENTRY or not entry.endswith(b"\r\n"):
            break
        name = entry[:NAME].split(b"\x00", 1)[0].decode("latin-1").strip()
        entries[name] = entry[NAME:-2].split(b"\x00", 1)[0].decode("latin-1").strip()
        if index > 1 and index >= _tag_count(entries) + 1:
            break
    return entries


def _tag_count(entries: Mapping[str, str]) -> int:
    text = entries.get("TagCount", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else MAX_ENTRIES


def _number(entries: Mapping[str, str], name: str) -> float:
    try:
        number = float(entries.get(name, ""))
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise CorrelationError(f"The file is damaged: it does not state its {name}.")
    return number


def _heights(data: bytes, entries: Mapping[str, str], rows: int, columns: int) -> Doubles:
    if rows < 2 or columns < 2:
        raise CorrelationError(f"The scan holds no surface: the file states {columns} x {rows}.")
    if rows * columns > MAX_POINTS:
        raise CorrelationError(
            f"The file claims {columns} x {rows} points, more than the "
            f"{MAX_POINTS // 1_000_000} million that can be read."
        )
    offset = int(_number(entries, "DepthImageOffset"))
    row_bytes = (columns * 4 + 7) // 8 * 8
    if offset <= 0 or offset + rows * row_bytes > len(data):
        raise CorrelationError(
            f"The file is damaged: {columns} x {rows} points do not fit into its "
            f"{len(data):,} bytes; export the scan again."
        )
    stored = np.frombuffer(data, "<f4", count=rows * row_bytes // 4, offset=offset)
    with np.errstate(invalid="ignore"):  # damaged numbers may be signalling NaNs
        z = stored.reshape(rows, row_bytes // 4)[:, :columns].astype(np.float64)
    invalid = entries.get("InvalidPixelValue", "")
    if invalid:
        missing = np.float64(_number(entries, "InvalidPixelValue"))
        z[np.abs(z - missing) <= abs(missing) * 1e-6] = np.nan
    z[~np.isfinite(z)] = np.nan
    if np.isnan(z).all():
        raise CorrelationError("The scan holds no measured point: every height is missing.")
    return z
