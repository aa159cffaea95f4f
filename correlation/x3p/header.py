"""main.xml of an x3p file: axes, sizes, links and metadata.

Parsed with expat directly: names are taken without their namespace, text by path, and a document
type definition (the only way to entities) is refused, so nothing can expand or be fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, TypeAlias
from xml.parsers import expat

from correlation.errors import CorrelationError
from correlation.x3p.model import MAX_POINTS

AxisKind: TypeAlias = Literal["incremental", "absolute"]
DTYPES = {"I": "<i2", "L": "<i4", "F": "<f4", "D": "<f8"}
MAX_DEPTH = 64
MAX_PATHS = 50_000
METADATA = {
    "date": "Record2/Date",
    "creator": "Record2/Creator",
    "manufacturer": "Record2/Instrument/Manufacturer",
    "model": "Record2/Instrument/Model",
    "serial": "Record2/Instrument/Serial",
    "version": "Record2/Instrument/Version",
    "calibration_date": "Record2/CalibrationDate",
    "probing_type": "Record2/ProbingSystem/Type",
    "probing_identification": "Record2/ProbingSystem/Identification",
    "comment": "Record2/Comment",
    "revision": "Record1/Revision",
}
IDENTITY = {"r11": 1.0, "r22": 1.0, "r33": 1.0}


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: numbers stored as ``dtype`` become ``number * increment + offset``."""

    kind: AxisKind
    dtype: str
    increment: float
    offset: float


@dataclass(frozen=True, slots=True)
class Header:
    """What main.xml says; ``axes`` are x, y, z and ``shape`` is (layers, rows, columns)."""

    axes: tuple[Axis, Axis, Axis]
    shape: tuple[int, int, int]
    data_link: str
    data_md5: str
    valid_link: str
    valid_md5: str
    checksum_link: str
    background: str
    datums: list[str]
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Collector:
    """Texts by path without the root; the data list kept apart."""

    texts: dict[str, str] = field(default_factory=dict)
    datums: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.stack.append(name.rsplit(":", 1)[-1])
        self.parts.clear()
        if len(self.stack) > MAX_DEPTH or len(self.texts) > MAX_PATHS:
            raise CorrelationError("main.xml inside the file is not that of an x3p file.")

    def end(self, name: str) -> None:
        text = "".join(self.parts).strip()
        self.parts.clear()
        if self.stack[-1] == "Datum":
            self.datums.append(text)
        else:
            self.texts.setdefault("/".join(self.stack[1:]), text)
        self.stack.pop()

    def refuse(self, *_: object) -> None:
        raise CorrelationError(
            "main.xml inside the file defines entities or a document type, which no x3p file "
            "needs; the file was refused."
        )


def parse_header(xml: bytes) -> Header:
    """Read main.xml. Raises CorrelationError with a sentence for anything unusable."""
    collected = _collect(xml)
    texts = collected.texts
    warnings: list[str] = []
    _check_feature(texts)
    shape = _shape(texts)
    axes = tuple(_axis(texts, name, warnings) for name in ("CX", "CY", "CZ"))
    if _is_rotated(texts):
        warnings.append("The file states a placement rotated in space, which is not applied.")
    return Header(
        axes=(axes[0], axes[1], axes[2]),
        shape=shape,
        data_link=texts.get("Record3/DataLink/PointDataLink", ""),
        data_md5=texts.get("Record3/DataLink/MD5ChecksumPointData", ""),
        valid_link=texts.get("Record3/DataLink/ValidPointsLink", ""),
        valid_md5=texts.get("Record3/DataLink/MD5ChecksumValidPoints", ""),
        checksum_link=texts.get("Record4/ChecksumFile", ""),
        background=texts.get("Record3/Mask/Background", ""),
        datums=collected.datums,
        metadata={key: texts[path] for key, path in METADATA.items() if texts.get(path)},
        warnings=tuple(warnings),
    )


def _collect(xml: bytes) -> _Collector:
    collector = _Collector()
    parser = expat.ParserCreate(_forced_encoding(xml))
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.parts.append
    parser.StartDoctypeDeclHandler = collector.refuse
    parser.EntityDeclHandler = collector.refuse
    try:
        parser.Parse(xml, True)
    except CorrelationError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise CorrelationError(
            "main.xml inside the file is damaged and cannot be read; export the scan again."
        ) from error
    return collector


def _forced_encoding(xml: bytes) -> str | None:
    """Latin-1 for files that claim UTF-8 and hold a byte of a Windows code page."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in xml[:4]:
        return None
    if b"encoding" in xml[:100] and b"utf-8" not in xml[:100].lower():
        return None
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError:
        return "iso-8859-1"
    return None


def _check_feature(texts: Mapping[str, str]) -> None:
    feature = texts.get("Record1/FeatureType", "").upper()
    if feature == "PRF":
        raise CorrelationError("The file holds a profile (a line), not an areal scan of a surface.")
    if feature == "PCL" or (
        "Record3/ListDimension" in texts and "Record3/MatrixDimension/SizeX" not in texts
    ):
        raise CorrelationError("The file holds a point cloud, not an areal scan on a grid.")


def _shape(texts: Mapping[str, str]) -> tuple[int, int, int]:
    columns, rows, layers = (_size(texts, axis) for axis in ("X", "Y", "Z"))
    if columns == 0 or rows == 0 or layers == 0:
        raise CorrelationError(f"The scan holds no points: the file states {columns} x {rows}.")
    if columns * rows * layers > MAX_POINTS:
        raise CorrelationError(
            f"The file claims {columns} x {rows} x {layers} points, more than the "
            f"{MAX_POINTS // 1_000_000} million that can be read."
        )
    if columns < 2 or rows < 2:
        raise CorrelationError(
            f"The file holds {columns} x {rows} points: a line, not an areal scan of a surface."
        )
    return layers, rows, columns


def _size(texts: Mapping[str, str], axis: str) -> int:
    text = texts.get(f"Record3/MatrixDimension/Size{axis}", "")
    if axis == "Z" and not text:
        return 1
    if not text.isascii() or not text.isdigit() or len(text) > 30:
        raise CorrelationError(
            f"The file does not say how many points it has along {axis.lower()} "
            f"(SizeX, SizeY: {text[:30]!r})."
        )
    return int(text)


def _axis(texts: Mapping[str, str], name: str, warnings: list[str]) -> Axis:
    path = f"Record1/Axes/{name}/"
    letter = name[1].lower()
    absolute = name == "CZ" or texts.get(path + "AxisType", "I").upper() == "A"
    dtype = DTYPES.get(texts.get(path + "DataType", "").upper(), "")
    if absolute and not dtype:
        stated = texts.get(path + "DataType", "")[:20]
        raise CorrelationError(
            f"The file stores {letter} as type {stated!r}; x3p files use I, L, F or D."
        )
    increment = _number(texts, path + "Increment")
    if not increment:
        increment = 1.0 if absolute else 0.0
    if not absolute and increment == 0:
        raise CorrelationError(
            f"The file does not state the distance between its points along {letter}."
        )
    if not absolute and increment < 0:
        warnings.append(
            f"The file states a negative step along {letter}; its size was taken, "
            "nothing was flipped."
        )
        increment = -increment
    kind: AxisKind = "absolute" if absolute else "incremental"
    return Axis(kind, dtype, increment, _number(texts, path + "Offset") or 0.0)


def _number(texts: Mapping[str, str], path: str) -> float | None:
    text = texts.get(path, "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise CorrelationError(f"The file states {text[:30]!r} as {path.rsplit('/', 1)[-1]}.")
    return number


def _is_rotated(texts: Mapping[str, str]) -> bool:
    for row in "123":
        for column in "123":
            name = f"r{row}{column}"
            try:
                value = float(texts.get(f"Record1/Axes/Rotation/{name}", "") or "nan")
            except ValueError:
                continue
            if abs(value - IDENTITY.get(name, 0.0)) > 1e-9:
                return True
    return False
