"""Comparing two files or marks from the command line."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import pytest

from tests.app.cli.cli_parts import PIXEL, casehead, process
from tests.damaged import damaged_files, x3p_bytes

FIELDS = {
    "method",
    "version",
    "score",
    "cells",
    "congruent_cells",
    "ccf",
    "rotation_deg",
    "shift_um",
    "seconds",
    "overlap",
    "overlap_um2",
    "rotation_sd_deg",
    "shift_sd_um",
    "kind",
    "left",
    "right",
    "warnings",
}


def test_two_files_of_one_firearm(bench: Path, tmp_path: Path) -> None:
    out = tmp_path / "new folder" / "pair.png"
    said = process(
        ["compare", bench / "gun1-a.png", bench / "gun1-b.png", *PIXEL, "--out", out, "--json"],
        {},
        120,
    )
    found = said.document
    other = casehead(
        "compare", bench / "gun1-a.png", bench / "gun2-a.png", *PIXEL, "--json"
    ).document

    assert said.code == 0
    assert found.keys() >= FIELDS
    assert found["left"] == {"file": str(bench / "gun1-a.png")}
    assert found["score"] > other["score"]
    assert found["congruent_cells"] > other["congruent_cells"]
    assert len(found["shift_um"]) == 2 and found["seconds"] > 0
    assert 0 < found["rotation_sd_deg"] < 1 and 0 < found["shift_sd_um"] < 50
    assert 1e5 < found["overlap_um2"] < 2e7
    picture = cv2.imread(str(out))
    assert picture is not None and picture.std() > 10


def test_people_get_sentences(imported: Path) -> None:
    words = ("bench/gun1-a/gun1-a", "bench/gun1-b/gun1-b")
    said = casehead("compare", *words, "--casebook", imported)
    assert said.code == 0
    assert "never a conclusion" in said.out and "congruent cells" in said.out
    assert re.search(r"Alignment ±[\d.]+° and ±[\d.]+ µm, overlap [\d.]+ mm²", said.out)


def test_marks_of_the_casebook(imported: Path) -> None:
    words = ["bench/gun1-a/gun1-a", "Bench / GUN1-b / gun1-b"]
    named = casehead("compare", *words, "--casebook", imported, "--json")
    assert named.code == 0, named.err
    sides = [named.document[side] for side in ("left", "right")]
    assert [side["mark"] for side in sides] == [
        "bench / gun1-a / gun1-a",
        "bench / gun1-b / gun1-b",
    ]
    ids = [sides[0]["acquired_id"], sides[1]["mark_id"]]
    by_id = casehead("compare", *ids, "--casebook", imported, "--json").document
    assert by_id["score"] == named.document["score"]
    assert [by_id["left"], by_id["right"]] == sides


def test_a_file_with_a_mark(imported: Path, bench: Path, tmp_path: Path) -> None:
    said = casehead(
        *("compare", bench / "gun1-a.png", "bench/gun1-b/gun1-b", "--casebook", imported),
        *(*PIXEL, "--out", tmp_path / "pair.png", "--json"),
    )
    marks = casehead(
        "compare", "bench/gun1-a/gun1-a", "bench/gun1-b/gun1-b", "--casebook", imported, "--json"
    )
    assert said.code == 0, said.err
    assert said.document["score"] == pytest.approx(marks.document["score"], abs=1e-4)
    assert set(said.document["right"]) == {"mark", "acquired_id", "mark_id"}
    assert (tmp_path / "pair.png").is_file()


def test_without_a_scale_there_is_a_sentence(bench: Path) -> None:
    said = casehead("compare", bench / "gun1-a.png", bench / "gun1-b.png", "--json")
    assert said.code == 3
    assert "--pixel-um" in said.err and "gun1-a.png" in said.document["error"]


def test_an_image_with_a_scan(bench: Path, scan: Path) -> None:
    said = casehead("compare", bench / "gun1-a.png", scan, *PIXEL)
    assert said.code == 3
    assert "an image is compared with an image" in said.err


def test_what_is_not_there(bench: Path, imported: Path, tmp_path: Path) -> None:
    nowhere = casehead("compare", bench / "gun1-a.png", "gone.png", *PIXEL)
    assert nowhere.code == 3 and "There is no file 'gone.png'" in nowhere.err
    unknown = casehead("compare", "a/b/c", "d/e/f", "--casebook", imported)
    assert unknown.code == 3 and "no mark called 'a/b/c'" in unknown.err
    folder = casehead("compare", bench, bench, *PIXEL)
    assert folder.code == 3 and "folder" in folder.err


def test_a_picture_that_cannot_be_written(imported: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = ("compare", "bench/gun1-a/gun1-a", "bench/gun1-b/gun1-b", "--casebook", imported)
    said = casehead(*words, "--out", tmp_path / "file" / "pair.png")
    assert said.code == 3 and "could not be written" in said.err


def test_a_name_with_several_pictures_lists_them(casebook: Path, bench: Path) -> None:
    for shot in (1, 2):
        said = casehead(
            *("acquire", "--casebook", casebook, "--source", f"bench:gun=1,shot={shot},rate=30"),
            *("--case", "9", "--exhibit", "1", "--label", "A", "--no-search"),
        )
        assert said.code == 0, said.err
    said = casehead("compare", "9/1/A", bench / "gun1-a.png", *PIXEL, "--casebook", casebook)
    assert said.code == 3 and "has 2 pictures" in said.err


def test_damaged_files_get_a_sentence(tmp_path: Path, bench: Path) -> None:
    for name, path in damaged_files(tmp_path):
        said = casehead("compare", path, bench / "gun1-a.png", *PIXEL, "--json")
        assert said.code == 3, (name, said.out, said.err)
        assert path.name in said.document["error"], name


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The heights of a bench specimen as x3p."""
    from app.capture.bench import firearm_number
    from app.capture.bench.primer import heights_of

    heights, pixel_um = heights_of(firearm_number(1), 1)
    step = f"{pixel_um * 1e-6:.9g}"
    path = tmp_path_factory.mktemp("scan") / "scan.x3p"
    path.write_bytes(x3p_bytes(heights.astype("float32") * 1e-6, increments=(step, step, "1")))
    return path
