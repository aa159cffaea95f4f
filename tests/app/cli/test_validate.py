"""Validating the comparisons from the command line."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.app.cli.cli_parts import PIXEL, casehead
from tests.app.validation.validation_parts import write_scans
from tests.damaged import x3p_bytes

FADUL = Path(__file__).parents[4] / "shared" / "data" / "fadul3d"
COLUMNS = ["file_a", "file_b", "gun_a", "gun_b", "same", "score", "cells", "congruent_cells"]
COLUMNS += ["ccf", "rotation_deg", "log10_lr"]


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scans of one firearm and one of another; not to be written to."""
    folder = write_scans(tmp_path_factory.mktemp("validate") / "scans")
    (folder / "b2.x3p").unlink()
    return folder


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "scores.csv").open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def test_scans_images_and_a_damaged_file(scans: Path, bench: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "mixed", tmp_path / "mixed" / "validation"
    shutil.copytree(scans, folder)
    for name in ("gun1-a", "gun1-b"):
        shutil.copy(bench / f"{name}.png", folder)
    (folder / "broken.x3p").write_bytes(x3p_bytes()[:200])
    truth = folder / "truth.csv"
    truth.write_text(truth.read_text() + "gun1-a.png,gun-c,\ngun1-b.png,gun-c,\n")

    said = casehead("validate", folder, "--out", out, *PIXEL, "--json")

    assert said.code == 1, said.err
    assert "broken.x3p" in said.err and list(said.document["refused"]) == ["broken.x3p"]
    assert "Comparing" in said.err
    assert [one["kind"] for one in said.document["populations"]] == ["image", "scan"]
    assert said.document["pairs_of_other_kinds"] == 6
    assert [row["same"] for row in rows_of(out)] == ["1", "0", "0", "1"]
    assert said.document == json.loads((out / "summary.json").read_text(encoding="utf-8"))

    again = casehead("validate", folder, "--out", out, *PIXEL)
    assert again.code == 1 and "4 pairs are kept" in again.err
    assert "1 files could not be prepared." in again.out
    assert "mate first" in again.out and "aids for the examiner" in again.out
    assert "validation.pdf" in again.out and "validation.pdf" not in again.err


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to a process")
def test_ctrl_c_keeps_what_is_done(scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = [sys.executable, "-m", "app", "validate", str(scans), "--out", str(out), "--jobs", "1"]
    with subprocess.Popen(
        words, cwd=Path(__file__).parents[3], env=os.environ.copy(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        told = []
        for line in process.stderr:
            told.append(line)
            if "Preparing" in line or "Comparing" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.communicate(timeout=60)[1]
    said = "".join(told) + rest
    assert process.returncode == 130, said
    assert "what was finished before is kept" in said and "Traceback" not in said
    assert not (out / "summary.json").exists()
    assert casehead("validate", scans, "--out", out).code == 0
    assert len(rows_of(out)) == 3


def test_what_is_wrong_gets_a_sentence(scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name,weapon\na1.x3p,one\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, sentence in (
        ((scans, "--truth", wrong), "columns file and gun"),
        ((scans, "--truth", tmp_path / "none.csv"), "cannot be read"),
        ((scans, "--degrade", "dirt"), "'dirt' is no way to degrade"),
        ((empty,), "holds no images or scans"),
        ((tmp_path / "gone",), "There is no folder"),
    ):
        said = casehead("validate", *words, "--out", out, "--json")
        assert said.code == 3, said.err
        assert sentence in said.document["error"]
    assert not (out / "scores.csv").exists()
    assert casehead("validate", scans).code == 2
    (tmp_path / "file").write_text("")
    said = casehead("validate", scans, "--out", tmp_path / "file" / "out")
    assert said.code == 3 and "cannot be written" in said.err


def test_colour_and_palette_images_are_read_as_grey(bench: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "pictures", tmp_path / "out"
    folder.mkdir()
    with Image.open(bench / "gun1-a.png") as picture:
        grey = picture.convert("L")
        grey.convert("RGB").save(folder / "colour.png")
        grey.convert("P").save(folder / "palette.png")
    (folder / "truth.csv").write_text("file,gun\ncolour.png,a\npalette.png,a\n")
    said = casehead("validate", folder, "--out", out, *PIXEL, "--json")
    assert said.code == 0, said.err
    (row,) = rows_of(out)
    assert float(row["score"]) > 0.95 and abs(float(row["rotation_deg"])) < 0.5


def test_images_without_a_scale_are_refused_by_name(bench: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("gun1-a", "gun1-b"):
        with Image.open(bench / f"{name}.png") as picture:
            picture.convert("RGB").save(folder / f"{name}.jpg")
    said = casehead("validate", folder, "--out", tmp_path / "out")
    assert said.code == 3 and "None of the 2 files can be prepared" in said.err
    assert "gun1-a.jpg: " in said.err and "--pixel-um" in said.err


def test_the_options_of_a_robustness_run(scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--degrade", "half", "--non-mates", "1", "--out", out)
    said = casehead("validate", scans, *options)
    assert said.code == 0, said.err
    assert "half (1 of 1): Comparing" in said.err and "half (1 of 1), baseline: Comp" in said.err
    for words in (
        "1 were drawn by chance", "plain baseline", "What harm costs, scans:", "robustness.csv",
        "equal error rate", "s a pair by the plain baseline",
    ):  # fmt: skip
        assert words in said.out
    conditions = [line.split()[:2] for line in said.out.splitlines()]
    at = conditions.index(["none", "Casehead"])
    assert [c[:1] for c in conditions[at + 1 : at + 4]] == [["baseline"], ["half"], ["baseline"]]
    alone = casehead("validate", scans, *options, "--no-baseline")
    assert alone.code == 0 and "baseline" not in alone.out
    assert casehead("validate", scans, "--out", out, "--mark", "chamber").code == 2
    assert casehead("validate", scans, "--out", out, "--non-mates", "0").code == 2


def test_a_run_into_the_folder_itself_is_not_validated_again(scans: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    shutil.copytree(scans, folder)
    for _ in range(2):
        said = casehead("validate", folder, "--out", folder, "--baseline")
        assert said.code == 0, said.err
        assert "manifest.json" not in said.err and "summary" not in said.err
    assert "3 pairs are kept" in said.err


@pytest.mark.real_data
def test_real_scans(tmp_path: Path) -> None:
    if not FADUL.is_dir():
        pytest.skip("the real scans are not beside the checkout")
    folder, out = tmp_path / "fadul", tmp_path / "out"
    folder.mkdir()
    for name in ("1-1", "1-2", "2-1", "2-2", "3-1", "3-2"):
        shutil.copy(FADUL / f"fadul-{name}.x3p", folder)
    said = casehead("validate", folder, "--truth", FADUL / "truth.csv", "--out", out, "--json")
    assert said.code == 0, said.err
    assert "names 17 that the folder does not hold" in said.err
    (found,) = said.document["populations"]
    score = found["measures"]["score"]
    assert (found["same"], found["different"], found["source_pairs"]) == (3, 12, 3)
    assert (score["auc"], score["mate_first"], score["queries"]) == (1, 6, 6)
    assert score["gap"] > 0.2 and found["measures"]["congruent_cells"]["gap"] >= 6
