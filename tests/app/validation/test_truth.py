"""The laboratory's table of which file came from which firearm."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain import CaseheadError
from app.validation.truth import Truth, read_truth

NAMES = ["a1.x3p", "a2.x3p", "sub/b1.x3p", "sub/c1.png"]


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "truth.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_known_and_unknown_firearms(tmp_path: Path) -> None:
    table = write(
        tmp_path,
        "file,gun,note\na1.x3p,one,\na2.x3p,one,worn\nsub/b1.x3p,unknown-3,\nc1.png,,no label\n",
    )
    truth = read_truth(table, NAMES)
    assert truth.same("a1.x3p", "a2.x3p") is True
    assert truth.same("a1.x3p", "sub/b1.x3p") is None
    assert truth.same("sub/c1.png", "sub/b1.x3p") is None
    assert truth.known == 2 and truth.notes == ()


def test_what_is_missing_on_either_side_is_told(tmp_path: Path) -> None:
    truth = read_truth(write(tmp_path, "file,gun\na1.x3p,one\nb1.x3p,two\ngone.x3p,two\n"), NAMES)
    assert truth.same("a1.x3p", "sub/b1.x3p") is False
    assert truth.same("a1.x3p", "a2.x3p") is None
    assert any("does not hold: gone.x3p" in note for note in truth.notes)
    assert any("does not name 2 of the files, a2.x3p, sub/c1.png" in note for note in truth.notes)


@pytest.mark.parametrize(
    "text",
    [
        "\ufefffile;gun;note\r\na1.x3p;one;\r\na2.x3p;one;a, b\r\n",
        "note, Gun ,FILE\nx, one ,a1.x3p\ny,one,a2.x3p\n",
        b"file,gun,note\na1.x3p,one,caf\xe9\na2.x3p,one,\n",
    ],
)
def test_tables_as_spreadsheets_write_them(tmp_path: Path, text: str | bytes) -> None:
    truth = read_truth(write(tmp_path, text), NAMES)
    assert truth.same("a1.x3p", "a2.x3p") is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "columns file and gun"),
        ("name,firearm\na1.x3p,one\n", "columns file and gun"),
        ("file,gun\n", "names no file"),
        ("file,gun\nx.x3p,one\n", "names none of the files in the folder; its first is 'x.x3p'"),
        ("file,gun\na1.x3p,one\na1.x3p,two\n", "line 3: 'a1.x3p' is named twice"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "columns file and gun"),
    ],
)
def test_wrong_tables_get_a_sentence(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(CaseheadError, match=words):
        read_truth(write(tmp_path, text), NAMES)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseheadError, match="cannot be read"):
        read_truth(tmp_path / "truth.csv", NAMES)
    assert Truth().same("a", "b") is None
