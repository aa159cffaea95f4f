"""What a file is, by its first bytes; its name is never believed."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final, Literal, TypeAlias

from app.domain import CaseheadError

Format: TypeAlias = Literal["png", "tiff", "bmp", "jpeg", "x3p", "al3d"]

SIGNATURES: Final[tuple[tuple[bytes, Format], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"PK\x03\x04", "x3p"),
    (b"PK\x05\x06", "x3p"),
    (b"AliconaImaging\x00", "al3d"),
    (b"BM", "bmp"),
)
SUFFIXES: Final[dict[str, Format]] = {
    ".png": "png",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".bmp": "bmp",
    ".dib": "bmp",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".jpe": "jpeg",
    ".x3p": "x3p",
    ".al3d": "al3d",
}
NAMES: Final[dict[Format, str]] = {
    "png": "PNG",
    "tiff": "TIFF",
    "bmp": "BMP",
    "jpeg": "JPEG",
    "x3p": "x3p",
    "al3d": "al3d",
}
OTHERS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"GIF8", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (8, b"AVI ", "an AVI video"),
    (4, b"ftyphei", "a HEIC image"),
    (4, b"ftypmif", "a HEIC image"),
    (4, b"ftyphev", "a HEIC image"),
    (4, b"ftypavi", "an AVIF image"),
    (4, b"ftyp", "a video (MP4)"),
    (4, b"jP  ", "a JPEG 2000 image"),
    (0, b"%PDF", "a PDF document"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"SQLite format 3\x00", "a database"),
    (0, b"\xd0\xcf\x11\xe0", "an old Office document"),
    (0, b"MZ", "a program"),
    (0, b"\x7fELF", "a program"),
    (128, b"DICM", "a DICOM image"),
)
ACCEPTED: Final = "images are read as PNG, TIFF, BMP or JPEG, scans as x3p or al3d"


def format_of(data: bytes) -> Format:
    """The format of a file's content. Raises CaseheadError naming what was found instead."""
    if not data:
        raise CaseheadError("The file is empty (zero bytes).")
    for signature, found in SIGNATURES:
        if data.startswith(signature):
            return found
    raise CaseheadError(f"The file is {_described(data)}; {ACCEPTED}.")


def suffix_warning(name: str, found: Format) -> str:
    """A sentence when the ending of the name says something else than the content."""
    suffix = PurePath(name).suffix.lower()
    stated = SUFFIXES.get(suffix)
    if stated is None or stated == found:
        return ""
    return f"The name ends in {suffix}, but the content is {NAMES[found]}; it was read as that."


def _described(data: bytes) -> str:
    for offset, signature, what in OTHERS:
        if data[offset : offset + len(signature)] == signature:
            return what
    head = data[:2048]
    if not head.strip(b"\x00"):
        return "filled with zeros, so its content was lost"
    if b"\x00" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) == 0:
        return "a text file"
    return "of a kind not known here, or its beginning is damaged"
