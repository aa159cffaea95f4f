"""Writing x3p files (ISO 25178-72): a zip of main.xml, the points, and their checksums.

The same content gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from html import escape
from io import BytesIO
from typing import Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from correlation.errors import CorrelationError
from correlation.surface import Floats

NAMESPACE: Final = "http://www.opengps.eu/2008/ISO5436_2"
REVISION: Final = "ISO5436 - 2000"
POINTS: Final = "bindata/data.bin"
CHECKSUMS: Final = "md5checksum.hex"
_UM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Record2:
    """Where the points come from; every field but ``comment`` is demanded by the format.

    ``date`` and ``calibrated_at`` are moments in ISO 8601; ``probing`` is Software where the
    heights were worked out and not probed.
    """

    date: str
    creator: str
    manufacturer: str
    model: str
    serial: str
    version: str
    calibrated_at: str
    probing: Literal["Contacting", "NonContacting", "Software"]
    identification: str
    comment: str = ""


def write_x3p(heights_um: Floats, pixel_um: float, about: Record2) -> bytes:
    """An x3p file of heights (rows, columns) in micrometres, stored in metres as 32-bit numbers.

    Row 0 becomes the first y and NaN, as the format has it, a point not measured. Raises
    CorrelationError for what is no scan, and for a moment that is none.
    """
    if heights_um.ndim != 2 or not np.isfinite(heights_um).any() or not pixel_um > 0:
        raise CorrelationError("There is no height to write; the scan is empty or has no scale.")
    metres = np.where(np.isfinite(heights_um), heights_um, np.nan).astype(np.float64) * _UM
    points = metres.astype("<f4").tobytes()
    xml = _main_xml(heights_um.shape, pixel_um * _UM, _digest(points), about).encode()
    members = {
        "main.xml": xml,
        POINTS: points,
        CHECKSUMS: f"{_digest(xml)} *main.xml\n".encode(),
    }
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return out.getvalue()


def _digest(data: bytes) -> str:
    return md5(data, usedforsecurity=False).hexdigest()


def _main_xml(shape: tuple[int, ...], step: float, points_md5: str, about: Record2) -> str:
    rows, columns = shape
    size = _tag("SizeX", columns) + _tag("SizeY", rows) + _tag("SizeZ", 1)
    link = _tag("PointDataLink", POINTS) + _tag("MD5ChecksumPointData", points_md5)
    axes = _axis("CX", "I", "D", step) + _axis("CY", "I", "D", step) + _axis("CZ", "A", "F", 1.0)
    records = (
        _tag("Revision", REVISION) + _tag("FeatureType", "SUR") + f"<Axes>{axes}</Axes>",
        _origin(about),
        f"<MatrixDimension>{size}</MatrixDimension><DataLink>{link}</DataLink>",
        _tag("ChecksumFile", CHECKSUMS),
    )
    told = "".join(f"<Record{n}>{text}</Record{n}>" for n, text in enumerate(records, 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<p:ISO5436_2 xmlns:p="{NAMESPACE}">{told}</p:ISO5436_2>\n'
    )


def _axis(name: str, kind: str, number: str, step: float) -> str:
    parts = _tag("AxisType", kind) + _tag("DataType", number)
    return f"<{name}>{parts}{_tag('Increment', repr(float(step)))}{_tag('Offset', '0.0')}</{name}>"


def _origin(about: Record2) -> str:
    instrument = (
        _tag("Manufacturer", about.manufacturer)
        + _tag("Model", about.model)
        + _tag("Serial", about.serial)
        + _tag("Version", about.version)
    )
    probing = _tag("Type", about.probing) + _tag("Identification", about.identification)
    return (
        _tag("Date", _moment(about.date))
        + _tag("Creator", about.creator)
        + f"<Instrument>{instrument}</Instrument>"
        + _tag("CalibrationDate", _moment(about.calibrated_at))
        + f"<ProbingSystem>{probing}</ProbingSystem>"
        + (_tag("Comment", about.comment) if about.comment else "")
    )


def _moment(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat(timespec="seconds")
    except ValueError as error:
        raise CorrelationError(
            f"'{text}' is no moment; an x3p file needs one such as 2026-03-31T10:15:00+00:00."
        ) from error


def _tag(name: str, value: object) -> str:
    """An element; characters XML has no place for become blanks."""
    text = "".join(c if c in "\n\t" or c.isprintable() else " " for c in str(value))
    return f"<{name}>{escape(text, quote=False)}</{name}>"
