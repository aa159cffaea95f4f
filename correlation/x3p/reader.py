"""From the bytes of an x3p file to heights in micrometres."""

from __future__ import annotations

import re
from hashlib import md5
from pathlib import Path
from typing import Final

import numpy as np

from correlation.errors import CorrelationError
from correlation.x3p.container import Container, open_container
from correlation.x3p.grid import Grid, square, square_outline, to_grid
from correlation.x3p.header import Header, parse_header
from correlation.x3p.model import UM_PER, Doubles, Floats, Unit, UnitFinding, X3p
from correlation.x3p.outline import read_outline
from correlation.x3p.points import read_points
from correlation.x3p.units import judge, relief_of

MAX_XML: Final = 128 * 1024**2
FLOAT32_EXACT_UM: Final = 5000.0
MAX_HEIGHT_UM: Final = 1e12
MAX_PITCH_UM: Final = 1e12


def read_x3p(
    source: Path | bytes, *, xy_unit: Unit | None = None, z_unit: Unit | None = None
) -> X3p:
    """Read an areal scan from an x3p file, given by its path or its bytes.

    ``xy_unit`` and ``z_unit`` settle in which units the file was written; without them they are
    judged (see ``X3p.units``, whose ``sure`` says whether the user must be asked). Raises
    CorrelationError with one sentence for any file that holds no readable areal scan.

    Source of the format: ISO 5436-2 and ISO 25178-72, and real files that deviate from them.
    """
    try:
        return _read(source, xy_unit, z_unit)
    except MemoryError as error:
        raise CorrelationError(
            "The scan is too large for the memory of this computer; close other programs or "
            "export it at a coarser step."
        ) from error


def read_metadata(source: Path | bytes) -> dict[str, str]:
    """What a file says of itself (see ``X3p.metadata``), without its heights.

    Raises CorrelationError with one sentence.
    """
    with open_container(source) as container:
        return dict(parse_header(container.read(container.main, MAX_XML)).metadata)


def _read(source: Path | bytes, xy_unit: Unit | None, z_unit: Unit | None) -> X3p:
    with open_container(source) as container:
        xml = container.read(container.main, MAX_XML)
        header = parse_header(xml)
        warnings = list(header.warnings)
        _check_main(xml, header, container, warnings)
        points = read_points(header, container, warnings)
        outline = read_outline(container, header.background, points.z.shape, warnings)
    grid = to_grid(points, header, warnings)
    units = _units(grid, xy_unit, z_unit, warnings)
    if outline is not None and grid.z.shape != outline.shape:
        outline = None
    squared = square(grid, warnings)
    heights, origin = in_micrometres(squared, UM_PER[units.z_unit])
    if outline is not None and heights.shape != outline.shape:
        outline = square_outline(outline, (heights.shape[0], heights.shape[1]))
    scale = UM_PER[units.xy_unit]
    return X3p(
        heights_um=heights,
        pixel_um=grid.pitch * scale,
        increment_um=(grid.step_x * scale, grid.step_y * scale),
        mask=outline,
        units=units,
        metadata=header.metadata,
        warnings=tuple(warnings),
        z_origin_um=origin,
    )


def _check_main(xml: bytes, header: Header, container: Container, warnings: list[str]) -> None:
    """main.xml against the checksum beside it; a difference is a warning, not a refusal."""
    name = container.find(header.checksum_link or "md5checksum.hex")
    if name is None or container.size(name) > 4096:
        return
    stated = re.match(rb"\s*\W?([0-9a-fA-F]{32})\b", container.read(name, 4096))
    actual = md5(xml, usedforsecurity=False).hexdigest()
    if stated and stated[1].decode().casefold() != actual:
        warnings.append(
            "The checksum (MD5) of main.xml does not agree with the file's own: the file was "
            "changed after it was written, or its writer erred."
        )


def _units(
    grid: Grid, xy_unit: Unit | None, z_unit: Unit | None, warnings: list[str]
) -> UnitFinding:
    if not 0 < grid.pitch * UM_PER["m"] < MAX_PITCH_UM:
        raise CorrelationError(
            f"The file states {grid.pitch:.3g} as the distance between its points, which is not "
            "possible for a scan of a cartridge case."
        )
    units = judge(grid.pitch, relief_of(grid.z), xy_unit, z_unit)
    if units.sentence:
        warnings.append(units.sentence)
    return units


def in_micrometres(z: Doubles, um_per_unit: float) -> tuple[Floats, float]:
    """Heights as float32 and the origin taken off them."""
    with np.errstate(all="ignore"):
        heights = z * um_per_unit
        largest = float(np.nanmax(np.abs(heights)))
    if not largest < MAX_HEIGHT_UM:
        raise CorrelationError(
            f"The heights reach {largest:.3g} um, which is not possible for a scan of a cartridge "
            "case; the file is damaged or in other units (see --z-unit)."
        )
    origin = float(np.nanmedian(heights)) if largest > FLOAT32_EXACT_UM else 0.0
    return (heights - origin).astype(np.float32), origin
