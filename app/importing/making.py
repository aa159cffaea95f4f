"""From a decoded file to the record of it."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from app import __version__
from app.domain import Acquired, Author, CaptureRecord, CaseheadError
from app.importing.decode import Decoded
from app.importing.finding import readable
from app.importing.report import ImportOptions
from correlation.x3p import X3p

SOFTWARE = f"Casehead {__version__}"
NO_SCALE = (
    "The image does not carry its scale, so it cannot be searched yet; "
    "give --pixel-um or settle its scale in the casebook."
)
SCALE_FROM = "pixel_um_from"
"""The capture setting that names where an imported image's scale comes from."""
TYPED, STATED, SETTLED = "typed at import", "stated by the file", "typed afterwards"
UNCLEAR = "It cannot be searched until its units are settled, here or in the casebook."


def check_scale(pixel_um: float) -> None:
    """Raises CaseheadError for a pixel size no microscope has."""
    if not isfinite(pixel_um) or not 0.01 <= pixel_um <= 1000:
        raise CaseheadError(
            f"A pixel size of {pixel_um:g} um is not plausible; "
            "give the true one in micrometres, for example 2.53."
        )


def make_acquired(
    decoded: Decoded,
    name: str,
    author: Author,
    options: ImportOptions,
    mark_id: str = "",
    digest: str = "",
) -> Acquired:
    """The record of a decoded file, with its unit findings and warnings."""
    rows, columns = decoded.array.shape[:2]
    scan = decoded.scan
    record = CaptureRecord(
        captured_at=scan.metadata.get("date", "") if scan else "",
        author=author,
        settings=dict(scan.metadata) if scan else {},
        light=options.light,
        software=SOFTWARE,
        origin=readable(name),
    )
    acquired = Acquired(
        mark_id=mark_id,
        kind=decoded.kind,
        digest=digest,
        width=columns,
        height=rows,
        file_format=decoded.format,
        record=record,
        bits=decoded.bits,
        lossy=decoded.lossy,
        file_name=readable(name),
        warnings=decoded.warnings,
    )
    return _scaled_scan(acquired, scan) if scan else _scaled_image(acquired, decoded, options)


def _scaled_image(acquired: Acquired, decoded: Decoded, options: ImportOptions) -> Acquired:
    pixel_um, stated = options.pixel_um or decoded.pixel_um, decoded.pixel_um
    warnings, record = acquired.warnings, acquired.record
    if pixel_um is None:
        warnings += (NO_SCALE,)
    elif stated is not None and abs(pixel_um / stated - 1) > 1e-3:
        warnings += (
            f"The file states pixels of {stated:.4g} um; the {pixel_um:.4g} um given are used.",
        )
    if pixel_um is not None:
        record = replace(record, settings={SCALE_FROM: TYPED if options.pixel_um else STATED})
    return replace(acquired, pixel_um=pixel_um, warnings=warnings, record=record)


def _scaled_scan(acquired: Acquired, scan: X3p) -> Acquired:
    units = scan.units
    found = {
        "xy_unit": units.xy_unit,
        "z_unit": units.z_unit,
        "xy_how": units.xy_how,
        "z_how": units.z_how,
        "sure": "yes" if units.sure else "no",
    }
    warnings = acquired.warnings
    if units.sentence and units.sentence not in warnings:
        warnings += (units.sentence,)
    if not units.sure:
        return replace(acquired, units=found, warnings=(*warnings, UNCLEAR))
    return replace(acquired, units=found, warnings=warnings, pixel_um=scan.pixel_um)
