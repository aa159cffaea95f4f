"""Builders of small sound files and of damaged ones, one per format and kind of damage."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from hashlib import md5
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import tifffile

NAMESPACE = "http://www.opengps.eu/2008/ISO5436_2"
CODES = {"int16": "I", "int32": "L", "float32": "F", "float64": "D"}


def relief(rows: int = 24, columns: int = 32) -> np.ndarray:
    """Heights in micrometres, a few of them, without symmetry; float64 (rows, columns)."""
    y, x = np.mgrid[:rows, :columns]
    return 3 * np.sin(x / 3.0) + 2 * np.cos(y / 5.0) + 0.05 * x + 0.02 * y * x


def picture(rows: int = 40, columns: int = 60) -> np.ndarray:
    """A grey picture without symmetry; uint8 (rows, columns)."""
    heights = relief(rows, columns)
    return ((heights - heights.min()) / np.ptp(heights) * 255).astype(np.uint8)


def main_xml(
    z: np.ndarray,
    *,
    increments: tuple[str, str, str] = ("6.25e-06", "6.25e-06", "1"),
    axis_types: str = "IIA",
    feature: str = "SUR",
    size: tuple[int, int, int] | None = None,
    root: str = "p:ISO5436_2",
    head: str = '<?xml version="1.0" encoding="UTF-8"?>\n',
    revision: str = "ISO5436 - 2000",
    z_code: str = "",
    z_offset: str = "0",
    link: str = "bindata/data.bin",
    checksum: str = "",
    valid_link: str = "",
    datums: list[str] | None = None,
    extra: str = "",
) -> bytes:
    """main.xml for heights ``z`` (as stored), with everything a test may want otherwise."""
    columns, rows, layers = size or (z.shape[-1], z.shape[-2], 1 if z.ndim == 2 else z.shape[0])
    code = z_code or CODES[z.dtype.name]
    axes = "".join(
        f"<{name}><AxisType>{kind}</AxisType><DataType>{code if name == 'CZ' else 'D'}</DataType>"
        + (f"<Increment>{step}</Increment>" if step is not None else "")
        + f"<Offset>{z_offset if name == 'CZ' else '0'}</Offset></{name}>"
        for name, kind, step in zip(("CX", "CY", "CZ"), axis_types, increments, strict=True)
    )
    space = f' xmlns:p="{NAMESPACE}"' if root.startswith("p:") else ""
    if datums is not None:
        data = "<DataList>" + "".join(f"<Datum>{d}</Datum>" for d in datums) + "</DataList>"
    else:
        valid = f"<ValidPointsLink>{valid_link}</ValidPointsLink>" if valid_link else ""
        data = (
            f"<DataLink><PointDataLink>{link}</PointDataLink>"
            f"<MD5ChecksumPointData>{checksum}</MD5ChecksumPointData>{valid}</DataLink>"
        )
    text = (
        f"{head}<{root}{space}><Record1><Revision>{revision}</Revision>"
        f"<FeatureType>{feature}</FeatureType><Axes>{axes}</Axes></Record1>"
        "<Record2><Date>2011-01-24T13:00:00</Date><Creator>A. Tester</Creator><Instrument>"
        "<Manufacturer>Maker</Manufacturer><Model>M1</Model><Serial>7</Serial>"
        "<Version>2.0</Version></Instrument><CalibrationDate>2011-01-20</CalibrationDate>"
        "<ProbingSystem><Type>NonContacting</Type><Identification>10x</Identification>"
        "</ProbingSystem><Comment>made up</Comment></Record2>"
        f"<Record3><MatrixDimension><SizeX>{columns}</SizeX><SizeY>{rows}</SizeY>"
        f"<SizeZ>{layers}</SizeZ></MatrixDimension>{data}{extra}</Record3>"
        f"<Record4><ChecksumFile>md5checksum.hex</ChecksumFile></Record4></{root}>"
    )
    return text.encode("utf-8")


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these members; a name ending in / is a folder."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return out.getvalue()


def x3p_bytes(
    z: np.ndarray | None = None,
    *,
    folder: str = "",
    members: dict[str, bytes] | None = None,
    xml: bytes | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
    **header: object,
) -> bytes:
    """A small x3p file; ``z`` as stored, by default float64 metres."""
    z = relief() * 1e-6 if z is None else z
    data = z.astype(z.dtype.newbyteorder("<")).tobytes()
    checksum = str(header.pop("checksum", md5(data, usedforsecurity=False).hexdigest()))
    xml = main_xml(z, checksum=checksum, **header) if xml is None else xml  # type: ignore[arg-type]
    inside = {"main.xml": xml, "md5checksum.hex": _md5_line(xml)}
    if "datums" not in header:
        inside["bindata/data.bin"] = data
    inside |= members or {}
    return zipped({folder + name: content for name, content in inside.items()}, compression)


def _md5_line(xml: bytes) -> bytes:
    return md5(xml, usedforsecurity=False).hexdigest().encode() + b" *main.xml\n"


def al3d_bytes(z: np.ndarray, pixel_m: float = 1e-6, **changed: str) -> bytes:
    """A small al3d file of heights in metres; NaN becomes its invalid value."""
    rows, columns = z.shape
    stored = np.full((rows, (columns + 1) // 2 * 2), 0, dtype="<f4")
    stored[:, :columns] = np.where(np.isnan(z), 3e15, z)
    entries = {
        "Version": "1",
        "TagCount": "6",
        "Rows": str(rows),
        "Cols": str(columns),
        "DepthImageOffset": "",
        "InvalidPixelValue": "3.0e+15",
        "PixelSizeXMeter": str(pixel_m),
        "PixelSizeYMeter": str(pixel_m),
    }
    entries["DepthImageOffset"] = str(17 + 52 * len(entries))
    entries |= changed
    head = b"AliconaImaging\x00\r\n"
    for name, value in entries.items():
        head += name.encode().ljust(20, b"\x00") + value.encode().ljust(30, b"\x00") + b"\r\n"
    return head + stored.tobytes()


def encoded(suffix: str, array: np.ndarray | None = None, *options: int) -> bytes:
    """An image file by OpenCV; colour arrays in its order (blue first)."""
    ok, data = cv2.imencode(suffix, picture() if array is None else array, list(options))
    assert ok
    return data.tobytes()


def tiff_bytes(array: np.ndarray | None = None, **options: object) -> bytes:
    """A TIFF file by tifffile, uncompressed unless told."""
    out = BytesIO()
    tifffile.imwrite(out, picture() if array is None else array, **options)  # type: ignore[arg-type]
    return out.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One PNG chunk with its right checksum."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png_bytes(width: int, height: int, rows: bytes, *, extra: bytes = b"") -> bytes:
    """An 8-bit grey PNG of the given header and filtered rows, sound in every checksum."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def patched(data: bytes, at: int, new: bytes) -> bytes:
    """``data`` with ``new`` written over it at ``at``."""
    return data[:at] + new + data[at + len(new) :]


def _jpeg_size(data: bytes, height: int, width: int) -> bytes:
    return patched(data, data.index(b"\xff\xc0") + 5, struct.pack(">HH", height, width))


def _tiff_size(height: int, width: int) -> bytes:
    data = tiff_bytes()
    for tag, size in ((256, width), (257, height)):
        found = [data.find(struct.pack("<HHI", tag, kind, 1)) for kind in (3, 4)]
        data = patched(data, max(found), struct.pack("<HHII", tag, 4, 1, size))
    return data


def _zip_claiming(size: int) -> bytes:
    """An archive whose list of contents claims ``size`` bytes for every member."""
    data = x3p_bytes()
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data = patched(data, at + 24, struct.pack("<I", size))
        at = data.find(b"PK\x01\x02", at + 1)
    return data


def _zip_wrong_crc() -> bytes:
    data = x3p_bytes(compression=zipfile.ZIP_STORED)
    at = data.index((relief() * 1e-6).tobytes()) + 100
    return patched(data, at, bytes([data[at] ^ 0xFF]))


def _entities() -> bytes:
    lines = ['<!ENTITY a0 "aaaaaaaaaa">']
    lines += [f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(12)]
    document = f'<?xml version="1.0"?>\n<!DOCTYPE bomb [{"".join(lines)}]>'
    return main_xml(relief(), head=document, revision="&a12;")


def _external() -> bytes:
    document = '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return main_xml(relief(), head=document, revision="&e;")


def _x3p_damages() -> dict[str, Callable[[], bytes]]:
    sound, z = x3p_bytes(), relief()
    return {
        "truncated": lambda: sound[: len(sound) // 2],
        "wrong-magic": lambda: b"XX" + sound[2:],
        "bomb-header": lambda: x3p_bytes(z, size=(3_000_000_000, 3_000_000_000, 1)),
        "zip-bomb": lambda: _zip_claiming(0xFFFFFFF0),
        "path-outside": lambda: x3p_bytes(members={"../../evil.bin": b"x"}),
        "path-absolute": lambda: x3p_bytes(members={"/evil.bin": b"x"}),
        "path-drive": lambda: x3p_bytes(members={"C:\\evil.bin": b"x"}),
        "wrong-crc": _zip_wrong_crc,
        "zero-pixels": lambda: x3p_bytes(z, size=(0, 0, 1)),
        "all-missing": lambda: x3p_bytes(np.full((8, 9), np.nan)),
        "size-disagrees": lambda: x3p_bytes(z, size=(33, 24, 1)),
        "broken-xml": lambda: x3p_bytes(xml=main_xml(z)[:-40]),
        "entity-bomb": lambda: x3p_bytes(xml=_entities()),
        "external-entity": lambda: x3p_bytes(xml=_external()),
        "no-main": lambda: zipped({"word/document.xml": b"<a/>"}),
        "no-points": lambda: zipped({"main.xml": main_xml(z)}),
        "profile": lambda: x3p_bytes(z, feature="PRF"),
        "point-cloud": lambda: x3p_bytes(z, feature="PCL"),
    }


def _image_damages() -> dict[str, Callable[[], bytes]]:
    png, tiff, bmp, jpeg = encoded(".png"), tiff_bytes(), encoded(".bmp"), encoded(".jpg")
    idat = png.index(b"IDAT")
    rows = b"\x00" * 61
    return {
        "truncated.png": lambda: png[: len(png) // 2],
        "wrong-magic.png": lambda: b"\x00" * 8 + png[8:],
        "bomb-header.png": lambda: png_bytes(900_000_000, 900_000_000, rows),
        "zero-pixels.png": lambda: png_bytes(0, 0, b""),
        "wrong-checksum.png": lambda: patched(png, idat + 20, bytes([png[idat + 20] ^ 0xFF])),
        "rows-missing.png": lambda: png_bytes(60, 40, rows * 20),
        "truncated.tif": lambda: tiff[: len(tiff) // 2],
        "wrong-magic.tif": lambda: b"ZZ" + tiff[2:],
        "bomb-header.tif": lambda: _tiff_size(4_000_000_000, 4_000_000_000),
        "zero-pixels.tif": lambda: _tiff_size(0, 0),
        "real-numbers.tif": lambda: tiff_bytes(relief().astype(np.float32)),
        "truncated.bmp": lambda: bmp[: len(bmp) // 2],
        "wrong-magic.bmp": lambda: b"ZZ" + bmp[2:],
        "bomb-header.bmp": lambda: patched(bmp, 18, struct.pack("<ii", 2**30, 2**30)),
        "zero-pixels.bmp": lambda: patched(bmp, 18, struct.pack("<ii", 0, 0)),
        "truncated.jpg": lambda: jpeg[: len(jpeg) // 2],
        "wrong-magic.jpg": lambda: b"ZZZ" + jpeg[3:],
        "bomb-header.jpg": lambda: _jpeg_size(jpeg, 65535, 65535),
        "zero-pixels.jpg": lambda: _jpeg_size(jpeg, 0, 0),
    }


def damaged_contents() -> list[tuple[str, bytes]]:
    """Name and content of every damaged or unsupported file; each must be refused in words."""
    al3d = al3d_bytes(relief() * 1e-6)
    found: list[tuple[str, bytes]] = [
        ("empty.png", b""),
        ("empty.x3p", b""),
        ("zeros.tif", bytes(4096)),
        ("text.png", b"This is only a note.\n" * 20),
        ("document.tif", b"%PDF-1.4\n%" + bytes(200)),
        ("moving.png", b"GIF89a" + bytes(200)),
        ("phone.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(200)),
        ("truncated.al3d", al3d[:-100]),
        ("bomb-header.al3d", al3d_bytes(relief() * 1e-6, Rows="2000000000")),
        ("all-missing.al3d", al3d_bytes(np.full((6, 6), np.nan))),
    ]
    found += [(name, make()) for name, make in _image_damages().items()]
    found += [(f"{name}.x3p", make()) for name, make in _x3p_damages().items()]
    return found


def damaged_files(folder: Path) -> list[tuple[str, Path]]:
    """Write one file per format and kind of damage; (name, path) of each.

    None of them may be read: an importer must say one sentence about each and keep nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in damaged_contents():
        path = folder / name
        path.write_bytes(content)
        written.append((name, path))
    return written
