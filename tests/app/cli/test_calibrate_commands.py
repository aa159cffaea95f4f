"""``casehead calibrate``: from a picture, typed, listed, checked, withdrawn."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from app.capture.bench import look, ruling_of
from tests.app.cli.cli_parts import NAMES, casehead

CAMERA = ("--camera", "USB camera", "--objective", "4x")


@pytest.fixture(scope="module")
def micrometer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("standard") / "micrometer.png"
    cv2.imwrite(str(path), ruling_of(look(2.0, 12.0, size=(800, 600)), 20.0, length_um=300.0))
    return path


def test_a_picture_alone_is_measured_and_nothing_kept(micrometer: Path, tmp_path: Path) -> None:
    book = ("--casebook", tmp_path / "book")
    said = casehead("calibrate", "picture", micrometer, "--step-um", "20", *book, "--json")
    assert said.code == 0 and "Nothing was kept" in said.err
    assert said.document["pixel_um"] == pytest.approx(2.0, rel=5e-4)
    assert 0 < said.document["sd_um"] < 0.01
    assert not (tmp_path / "book").exists()


def test_kept_listed_checked_used_and_withdrawn(micrometer: Path, tmp_path: Path) -> None:
    book = ("--casebook", tmp_path / "book")
    kept = casehead(
        *("calibrate", "picture", micrometer, "--step-um", "20", *CAMERA, *book, *NAMES, "--json")
    ).document
    assert kept["pixel_um"] == pytest.approx(2.0, rel=5e-4) and kept["refusal"] is None
    (listed,) = casehead("calibrate", "list", *book, "--json").document
    assert listed == kept
    lines = casehead("calibrate", "list", *book).out
    assert "USB camera" in lines and "stage micrometer" in lines and "valid to" in lines
    check = ("calibrate", "check", kept["id"][:8], micrometer, *book)
    good = casehead(*check, "--step-um", "20", "--json")
    assert good.code == 0 and abs(good.document["check"]["off_percent"]) < 0.01
    bad = casehead(*check, "--step-um", "20.5", "--json")
    assert bad.code == 1 and bad.document["check"]["passed"] is False
    assert "calibrate it anew" in bad.err
    gone = casehead("calibrate", "withdraw", kept["id"], "--reason", "test", *book, "--json")
    assert gone.document["withdrawn_at"]
    unknown = casehead("calibrate", "withdraw", "zz", *book)
    assert unknown.code == 3 and "calibrate list" in unknown.err


def test_a_typed_one_serves_an_acquisition(tmp_path: Path) -> None:
    book = ("--casebook", tmp_path / "book")
    camera = ("--camera", "Bench camera", "--objective", "4x")
    source = ("--source", "bench:gun=1,um=12,scale=untold", "--no-search", "--objective", "4x")
    place = ("--case", "1", "--exhibit", "1", "--label", "1A")
    before = casehead("acquire", *source, *place, *book, *NAMES, "--json")
    assert before.document["acquired"][0]["pixel_um"] is None
    said = casehead("calibrate", "typed", "12", *camera, "--sd-um", "0.02", *book, "--json")
    assert said.document["method"] == "typed" and said.document["sd_um"] == 0.02
    (acquired,) = casehead("acquire", *source, *place, *book, "--json").document["acquired"]
    assert acquired["pixel_um"] == 12


def test_what_is_no_ruling_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), ruling_of(look(2.0, size=(400, 300)), 20.0) * 0 + 128)
    said = casehead("calibrate", "picture", path)
    assert said.code == 3 and "grey.png: No ruling" in said.err
    notes = tmp_path / "notes.png"
    notes.write_text("nothing")
    assert casehead("calibrate", "picture", notes).code == 3
