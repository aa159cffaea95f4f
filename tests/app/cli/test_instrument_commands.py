"""``casehead instrument``: declared, checked, charted, locked, signed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import cv2
import pytest

from app.capture.bench import BenchSource, firearm_number
from tests.app.cli.cli_parts import NAMES, casehead

CAMERA = ("--camera", "Bench camera", "--objective", "4x")
PIXEL = ("--pixel-um", "12")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """golden.png, good.png, dark.png of one cartridge case."""
    folder = tmp_path_factory.mktemp("pictures")
    source = BenchSource(firearm_number(1), 1, rate=0, pixel_um=12.0)
    source.open()
    for name, exposure in (("golden", 1.0), ("good", 1.0), ("dark", 0.7)):
        source.expose(exposure)
        cv2.imwrite(str(folder / f"{name}.png"), source.read().pixels)
    return folder


@pytest.fixture
def book(tmp_path: Path, pictures: Path) -> tuple[object, ...]:
    """A casebook with a reference case."""
    chosen = ("--casebook", tmp_path / "book")
    typed = casehead("calibrate", "typed", "12", *CAMERA, *chosen, *NAMES)
    assert typed.code == 0, typed.err
    plan = ("--every", "7", "--on", "mo,We", "--not-after-calibration", "--light", "ring")
    said = casehead(
        *("instrument", "declare", pictures / "golden.png", "--name", "SRM 2461", *CAMERA),
        *(*plan, *chosen, "--json"),
    )
    assert said.code == 0, said.err
    assert said.document["schedule"] == {
        "every_days": 7,
        "weekdays": [0, 2],
        "after_calibration": False,
    }
    assert said.document["pixel_um"] == 12 and said.document["light"] == "ring"
    return chosen


def test_checked_locked_signed_and_charted(
    book: tuple[object, ...], pictures: Path, tmp_path: Path
) -> None:
    check = ("instrument", "check", pictures / "good.png", *CAMERA, *book)
    good = casehead(*check, "--light", "ring", "--json")
    assert good.code == 0 and good.document["outcome"] == "within"
    assert "within limits" in casehead(*check).out
    dark = casehead("instrument", "check", pictures / "dark.png", *CAMERA, *book, "--json")
    assert dark.code == 1 and dark.document["outcome"] == "out"
    assert "Brightness" in dark.err and "locked" in dark.err

    listed = casehead("instrument", "list", *book)
    assert listed.code == 1 and "locked" in listed.out and "qualified person" in listed.err
    place = ("--case", "1", "--exhibit", "1", "--label", "1A", "--no-search")
    source = ("--source", "bench:gun=1,um=12,scale=untold", "--objective", "4x")
    refused = casehead("acquire", *source, *place, *book)
    assert refused.code == 3 and "is locked" in refused.err

    assert casehead("instrument", "people", "A. Mbeki", *book).out.strip() == "A. Mbeki"
    sign = ("instrument", "sign", "--standing", "quality manager", "--reason", "lamp", *CAMERA)
    other = casehead(*sign, "--signer", "J. Doe", *book)
    assert other.code == 3 and "A. Mbeki may sign" in other.err
    signed = casehead(*sign, "--signer", "A. Mbeki", *book)
    assert signed.code == 0 and "may be used again" in signed.out
    assert casehead("instrument", "list", *book).code == 0
    assert casehead("acquire", *source, *place, *book).code == 0

    out = tmp_path / "chart.csv"
    written = casehead("instrument", "chart", *CAMERA, "--out", out, *book)
    assert written.code == 0 and "3 checks" in written.out
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert [row["outcome"] for row in rows] == ["within", "within", "out"]
    assert [row["signed"] for row in rows] == ["", "", "yes"]
    assert float(rows[2]["brightness"]) < 0.75 < float(rows[2]["brightness_act_low"])
    assert rows[0]["correlation_act_high"] == "" and "Brightness" in rows[2]["reasons"]
    assert casehead("instrument", "chart", *CAMERA, "--out", out, *book).code == 3
    assert casehead("instrument", "chart", *CAMERA, *book).out == out.read_text("utf-8")
    again = casehead("instrument", "chart", *CAMERA, *book, "--json").document
    assert [one["outcome"] for one in again] == ["within", "within", "out"]


def test_scheduled_listed_and_withdrawn(book: tuple[object, ...]) -> None:
    (one,) = casehead("instrument", "list", *book, "--json").document
    assert one["condition"] == "due" and one["reference"]["name"] == "SRM 2461"
    said = casehead("instrument", "schedule", *CAMERA, "--every", "1", *book)
    assert "every day, Monday and Wednesday" in said.out
    bad = casehead("instrument", "schedule", *CAMERA, "--on", "soon", *book)
    assert bad.code == 3 and "mo,tu,we" in bad.err
    assert (
        "is withdrawn" in casehead("instrument", "withdraw", *CAMERA, "--reason", "lost", *book).out
    )
    assert "not checked" in casehead("instrument", "list", *book).out
    assert "Nobody is named" in casehead("instrument", "people", *book).out


def test_what_is_not_there_is_told(book: tuple[object, ...], tmp_path: Path) -> None:
    missing = casehead("instrument", "check", tmp_path / "none.png", *CAMERA, *book)
    assert missing.code == 3
    unknown = casehead("instrument", "chart", "--camera", "another", *book)
    assert unknown.code == 3 and "no reference case" in unknown.err
    assert casehead("instrument", "list", "--casebook", tmp_path / "nowhere").code == 3
