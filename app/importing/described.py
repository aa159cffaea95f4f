"""What a file says in words of what it shows: the comment of a scan, the description of an image.

Lines of it such as ``calibre: 9 mm Luger`` fill fields of the record.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from app.domain import CaseheadError
from app.importing.formats.magic import format_of
from correlation.errors import CorrelationError
from correlation.x3p import read_metadata

_LONGEST: Final = 64 * 1024
_WORDS: Final = frozenset({"description", "comment", "title"})


def described(path: Path) -> str:
    """The words, "" where there are none or the file cannot be read (its import says why)."""
    try:
        with path.open("rb") as file:
            found = format_of(file.read(64))
            if found == "png":
                return "\n".join(_png(file))
        if found == "x3p":
            return read_metadata(path).get("comment", "")
        return _tiff(path) if found == "tiff" else ""
    except (OSError, ValueError, CaseheadError, CorrelationError):
        return ""


def said(words: str) -> dict[str, str]:
    """The "name: value" lines (or parts between semicolons) of a description, names folded."""
    found: dict[str, str] = {}
    for part in words.replace(";", "\n").splitlines():
        name, colon, value = part.partition(":")
        if colon and name.strip() and value.strip():
            found.setdefault(" ".join(name.split()).casefold(), " ".join(value.split()))
    return found


def _png(file: BinaryIO) -> Iterator[str]:
    """Texts of the PNG chunks tEXt, zTXt and iTXt before the pixels."""
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind in (b"IDAT", b"IEND"):
            return
        if kind in (b"tEXt", b"zTXt", b"iTXt") and length <= _LONGEST:
            yield from _text(kind, file.read(length))
            file.seek(4, 1)
        else:
            file.seek(length + 4, 1)


def _text(kind: bytes, content: bytes) -> Iterator[str]:
    name, _, rest = content.partition(b"\0")
    if name.decode("latin-1").casefold() not in _WORDS:
        return
    if kind == b"tEXt":
        yield rest.decode("latin-1")
    elif kind == b"zTXt":
        yield _unpacked(rest[1:]).decode("latin-1")
    else:
        text = rest[2:].split(b"\0", 2)[-1]
        packed = rest[:1] == b"\1"
        yield (_unpacked(text) if packed else text).decode("utf-8", "replace")


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _LONGEST)
    except zlib.error:
        return b""


def _tiff(path: Path) -> str:
    import tifffile  # takes long to load, and most files are not TIFF

    try:
        with tifffile.TiffFile(path) as tiff:
            return str(tiff.pages.first.description or "")[:_LONGEST]
    except Exception:  # what it lets out on damaged files is not told
        return ""
