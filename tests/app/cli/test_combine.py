"""Combining files from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.capture import encode_png
from app.store import Casebook
from tests.app.cli.cli_parts import NAMES, casehead

WHERE = ("--case", "2026-1", "--exhibit", "3", "--label", "3A")


def written(folder: Path, count: int = 3) -> list[Path]:
    """Frames of one view, as files."""
    rng = np.random.default_rng(2)
    view = cv2.GaussianBlur(rng.normal(size=(120, 160)).astype(np.float32), (0, 0), 2)
    view = 120 + 40 * view / view.std()
    paths = [folder / f"frame-{n}.png" for n in range(count)]
    for path in paths:
        frame = np.clip(np.rint(view + rng.normal(0, 3, view.shape)), 0, 255).astype(np.uint8)
        path.write_bytes(encode_png(frame))
    return paths


def test_an_average_is_written_with_its_recipe(tmp_path: Path) -> None:
    out = tmp_path / "average.png"
    paths = written(tmp_path)
    said = casehead("combine", "average", *paths, "--out", out, "--pixel-um", 2.5, "--json")
    assert said.code == 0, said.err
    assert cv2.imread(str(out), cv2.IMREAD_UNCHANGED).dtype == np.uint16
    recipe = json.loads(out.with_suffix(".json").read_text())
    assert recipe == said.document["recipe"] and recipe["kind"] == "average"
    assert said.document["bits"] == 16


def test_an_average_is_kept_in_the_casebook_with_its_frames(tmp_path: Path) -> None:
    book = tmp_path / "book"
    where = ("--casebook", book, *WHERE, *NAMES, "--light", "ring", "--pixel-um", 2.5)
    said = casehead("combine", "average", *written(tmp_path), *where, "--json")
    assert said.code == 0, said.err
    (kept,) = said.document["kept"]
    with Casebook.open(book, read_only=True) as opened:
        acquired = opened.acquired(kept["acquired_id"])
        assert acquired.pixel_um == 2.5
        for source in acquired.record.settings["combined"]["sources"]:
            assert opened.pixels(source["digest"])
        assert opened.check() == ()


@pytest.mark.parametrize(
    ("words", "said_too"),
    [
        (("exposure", "--exposures", "0.1;0.2"), "no list of numbers"),
        (("exposure", "--exposures", "0.1"), "give one for each"),
        (("focus", "--focus", "0,10,20"), "give --pixel-um"),
        (("stitch", "--pixel-um", "2.5", "--places", "1,2"), "no list of places"),
        (("lights", "--pixel-um", "2.5"), "name one for each"),
    ],
)
def test_what_cannot_be_combined_is_told_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], said_too: str
) -> None:
    way, *options = words
    out = tmp_path / "out.png"
    said = casehead("combine", way, *written(tmp_path), "--out", out, *options)
    assert said.code == 3 and said_too in said.err
    assert not out.exists()


def test_a_missing_file_and_no_place_to_put_it(tmp_path: Path) -> None:
    absent = casehead("combine", "average", tmp_path / "absent.png", "--out", tmp_path / "o.png")
    assert absent.code == 3 and "cannot be read" in absent.err
    assert casehead("combine", "average", *written(tmp_path)).code == 2
