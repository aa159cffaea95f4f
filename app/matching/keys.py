"""The names of prepared marks: everything their numbers depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from app.domain import Acquired, Circle, MarkKind, Region
from app.store import Reference
from correlation.prepare import METHOD, VERSION
from correlation.surface import Kind


def digest_of(acquired: Acquired, region: Region, mark: MarkKind) -> bytes:
    """32 bytes that stand for a picture's mark prepared by this version of the method."""
    circles = [region.outer] + ([] if region.inner is None else [region.inner])
    return _digest(mark, acquired.kind, acquired.digest, acquired.pixel_um, acquired.units, circles)


def digest_of_reference(reference: Reference, kind: Kind, mark: MarkKind) -> bytes | None:
    """The same of what a search knows; None while no region was found."""
    if not reference.circles:
        return None
    units = {} if reference.units == "{}" else json.loads(reference.units)
    return _digest(mark, kind, reference.digest, reference.pixel_um, units, reference.circles)


def prepared_key(digest: bytes) -> str:
    """The key of a prepared mark in the casebook's cache."""
    return "mark-" + digest.hex()


def _digest(
    mark: MarkKind,
    kind: Kind,
    digest: str,
    pixel_um: float | None,
    units: Mapping[str, str],
    circles: Sequence[Circle],
) -> bytes:
    parts = [METHOD, VERSION, mark, digest, kind, repr(pixel_um and float(pixel_um))]
    parts += [f"{name}={unit}" for name, unit in sorted(units.items())]
    parts += [f"{float(c.x_um)!r},{float(c.y_um)!r},{float(c.radius_um)!r}" for c in circles]
    return hashlib.sha256("|".join(parts).encode()).digest()
