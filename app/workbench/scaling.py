"""The scale of a picture settled after it was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from app.domain import Acquired, CaseheadError
from app.importing.making import NO_SCALE, SCALE_FROM, SETTLED, check_scale, make_acquired
from app.importing.report import ImportOptions
from app.workbench.reading import Reader
from app.workbench.searching import NOT_SEARCHED
from correlation.x3p import Unit

UNITS: tuple[Unit, ...] = get_args(Unit)


def settled(
    old: Acquired,
    reader: Reader,
    pixel_um: float | None,
    xy_unit: Unit | None,
    z_unit: Unit | None,
) -> Acquired:
    """The record that supersedes ``old``; see Workbench.settle_scale."""
    if pixel_um is not None:
        check_scale(pixel_um)
    if old.kind == "scan":
        return _scan(old, reader, pixel_um, xy_unit, z_unit)
    if pixel_um is None:
        raise CaseheadError("Give the size of the image's pixels in micrometres.")
    gone = (NO_SCALE, NOT_SEARCHED)
    warnings = tuple(w for w in old.warnings if not w.startswith(gone))
    record = replace(old.record, settings={**old.record.settings, SCALE_FROM: SETTLED})
    return replace(old, pixel_um=pixel_um, warnings=warnings, record=record)


def _scan(
    old: Acquired,
    reader: Reader,
    pixel_um: float | None,
    xy_unit: Unit | None,
    z_unit: Unit | None,
) -> Acquired:
    if xy_unit is None and pixel_um is not None:
        xy_unit = _unit_for(old, reader, pixel_um)
    decoded = reader.decoded(old, xy_unit, z_unit)
    assert decoded.scan is not None
    if not decoded.scan.units.sure:
        raise CaseheadError(decoded.scan.units.sentence)
    made = make_acquired(decoded, old.file_name, old.record.author, ImportOptions())
    return replace(old, pixel_um=made.pixel_um, units=made.units, warnings=made.warnings)


def _unit_for(old: Acquired, reader: Reader, pixel_um: float) -> Unit:
    pitches = {}
    for unit in UNITS:
        scan = reader.decoded(old, unit, "um").scan
        assert scan is not None
        pitches[unit] = scan.pixel_um
        if abs(scan.pixel_um / pixel_um - 1) < 0.02:
            return unit
    told = ", ".join(f"{pitch:.4g} um read as {unit}" for unit, pitch in pitches.items())
    raise CaseheadError(
        f"The points of this scan do not lie {pixel_um:g} um apart in any unit ({told}); "
        "give one of these."
    )
