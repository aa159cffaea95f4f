"""The numbers of an x3p file: binary or text, whole or real, with or without missing points."""

from __future__ import annotations

from hashlib import md5
from typing import NamedTuple

import numpy as np

from correlation.errors import CorrelationError
from correlation.x3p.container import Container
from correlation.x3p.header import Axis, Header
from correlation.x3p.model import Bools, Doubles


class Points(NamedTuple):
    """First layer in the file's own units: z (rows, columns), x and y only when absolute."""

    x: Doubles | None
    y: Doubles | None
    z: Doubles


def read_points(header: Header, container: Container, warnings: list[str]) -> Points:
    """Decode the first layer; NaN where nothing was measured.

    Raises CorrelationError when the numbers do not agree with the header or none is measured.
    """
    layers, rows, columns = header.shape
    if layers > 1:
        warnings.append(f"The file holds {layers} layers; the first one was read.")
    if header.data_link:
        columns_of = _from_binary(header, container, warnings)
    else:
        columns_of = _from_text(header)
    valid = _valid_points(header, container, warnings)
    values = [
        None if name not in columns_of else _scaled(columns_of[name], axis, (rows, columns))
        for name, axis in zip("xyz", header.axes, strict=True)
    ]
    z = values[2]
    assert z is not None
    z[~np.isfinite(z)] = np.nan
    if valid is not None:
        z[~valid] = np.nan
    if np.isnan(z).all():
        raise CorrelationError("The scan holds no measured point: every height is missing.")
    return Points(values[0], values[1], z)


def _stored(header: Header) -> np.dtype[np.void]:
    """One point as stored: the absolute axes, x before y before z."""
    named = zip("xyz", header.axes, strict=True)
    return np.dtype([(name, axis.dtype) for name, axis in named if axis.kind == "absolute"])


def _from_binary(
    header: Header, container: Container, warnings: list[str]
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    name = container.find(header.data_link)
    if name is None:
        raise CorrelationError(
            f"The file lacks its points: {header.data_link[:80]!r} is not inside; export it again."
        )
    stored = _stored(header)
    layers, rows, columns = header.shape
    expected = layers * rows * columns * stored.itemsize
    if container.size(name) != expected:
        raise CorrelationError(
            f"The file is damaged: {columns} x {rows} points need {expected:,} bytes, but "
            f"{container.size(name):,} are there; export the scan again."
        )
    data = container.read(name, expected)
    _check_md5(data, header.data_md5, "the points", warnings)
    points = np.frombuffer(data, stored, count=rows * columns)
    with np.errstate(invalid="ignore"):  # damaged numbers may be signalling NaNs
        return {field: points[field].astype(np.float64) for field in stored.names or ()}


def _from_text(header: Header) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    layers, rows, columns = header.shape
    count = layers * rows * columns
    if len(header.datums) != count:
        raise CorrelationError(
            f"The file is damaged: it states {columns} x {rows} points and lists "
            f"{len(header.datums):,}; export the scan again."
        )
    names = _stored(header).names or ()
    table = np.full((rows * columns, len(names)), np.nan)
    try:
        for row, text in enumerate(header.datums[: rows * columns]):
            if text:
                table[row] = _numbers(text, len(names))
    except ValueError as error:
        raise CorrelationError(
            f"The file is damaged: its point {row + 1:,} reads {text[:40]!r}; export it again."
        ) from error
    return {name: table[:, index] for index, name in enumerate(names)}


def _numbers(text: str, count: int) -> list[float]:
    parts = text.split(";")
    if len(parts) != count:
        raise ValueError(text)
    return [float(part) for part in parts]


def _scaled(
    raw: np.ndarray[tuple[int], np.dtype[np.float64]], axis: Axis, shape: tuple[int, int]
) -> Doubles:
    with np.errstate(all="ignore"):
        values = raw if axis.increment == 1.0 else raw * axis.increment
        return (values + axis.offset if axis.offset else values).reshape(shape)


def _valid_points(header: Header, container: Container, warnings: list[str]) -> Bools | None:
    if not header.valid_link:
        return None
    name = container.find(header.valid_link)
    if name is None:
        raise CorrelationError(
            f"The file lacks the list of its valid points ({header.valid_link[:80]!r}); "
            "export it again."
        )
    layers, rows, columns = header.shape
    count = layers * rows * columns
    packed = (count + 7) // 8
    size = container.size(name)
    if size not in (packed, count):
        raise CorrelationError(
            f"The file is damaged: its list of valid points has {size:,} bytes, not {packed:,}."
        )
    data = container.read(name, count)
    _check_md5(data, header.valid_md5, "the list of valid points", warnings)
    flags = np.frombuffer(data, np.uint8)
    if size == packed:
        flags = np.unpackbits(flags, bitorder="little")
    valid: Bools = (flags[: rows * columns] != 0).reshape(rows, columns)
    return valid


def _check_md5(data: bytes, stated: str, what: str, warnings: list[str]) -> None:
    if stated and md5(data, usedforsecurity=False).hexdigest() != stated.strip().casefold():
        warnings.append(
            f"The checksum (MD5) of {what} does not agree with the file's own: the file was "
            "changed after it was written, or its writer erred."
        )
