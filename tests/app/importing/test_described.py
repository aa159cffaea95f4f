"""What files say of themselves in words."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from app.importing.described import described, said
from tests.damaged import damaged_files, encoded, png_bytes, png_chunk, tiff_bytes, x3p_bytes

WORDS = "calibre: 9 mm Luger"
ROWS = b"\0\1\2" * 2


def png(kind: bytes, content: bytes) -> bytes:
    return png_bytes(2, 2, ROWS, extra=png_chunk(kind, content))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", png(b"tEXt", b"Description\0" + WORDS.encode())),
        ("a.png", png(b"zTXt", b"Comment\0\0" + zlib.compress(WORDS.encode()))),
        ("a.png", png(b"iTXt", b"Description\0\0\0en\0\0" + WORDS.encode())),
        ("a.png", png(b"iTXt", b"Description\0\1\0\0\0" + zlib.compress(WORDS.encode()))),
        ("a.tif", tiff_bytes(description=WORDS, metadata=None)),
        ("a.x3p", x3p_bytes().replace(b"made up", b"made up")),
        ("no-such-ending", png(b"tEXt", b"comment\0" + WORDS.encode())),
    ],
)
def test_the_description_is_found(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert described(path) == ("made up" if name.endswith("x3p") else WORDS)


@pytest.mark.parametrize(
    "data",
    [
        encoded(".png"),
        encoded(".jpg"),
        encoded(".bmp"),
        tiff_bytes(metadata=None),
        png(b"tEXt", b"Software\0calibre: 9 mm Luger"),
        png(b"zTXt", b"Comment\0\0 not packed"),
        b"",
        b"anything else",
    ],
)
def test_where_nothing_is_said_there_is_nothing(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(data)
    assert said(described(path)) == {}


def test_damaged_files_say_nothing_and_fail_nothing(tmp_path: Path) -> None:
    for _, path in damaged_files(tmp_path):
        assert isinstance(described(path), str)
    assert described(tmp_path / "gone.png") == ""
    assert described(tmp_path) == ""


def test_lines_and_parts_are_told_apart() -> None:
    words = "Calibre:  9 mm  Luger ; place: River Road\nevent.kind: recovery\nempty:\nplain; a:b:c"
    assert said(words) == {
        "calibre": "9 mm Luger",
        "place": "River Road",
        "event.kind": "recovery",
        "a": "b:c",
    }
