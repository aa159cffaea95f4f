"""Light rigs and reliefs from the command line."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from app.capture.relief import NOT_CALIBRATED
from app.domain import Author
from app.store import Casebook
from tests.app.cli.cli_parts import NAMES, casehead
from tests.relit import around, ball, exposed, lit

LIGHTS = {"left": 180.0, "top": 90.0, "right": 0.0, "bottom": 270.0}
ELEVATION = 35.0


def write_pictures(folder: Path) -> None:
    """A set of pictures of one rough surface, and of a ball, under four lights."""
    folder.mkdir()
    noise = np.random.default_rng(1).normal(size=(150, 180)).astype(np.float32)
    rough = cv2.GaussianBlur(noise, (0, 0), 2.5)
    heights = rough * (2.0 / rough.std())
    pictures = exposed([lit(heights, 5.0, a, ELEVATION) for a in LIGHTS.values()])
    for name, picture in zip(LIGHTS, pictures, strict=True):
        (folder / name).mkdir()
        cv2.imwrite(str(folder / name / "1.png"), np.rint(picture * 255).astype(np.uint8))
        shiny = np.rint(ball(LIGHTS[name], ELEVATION) * 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"ball-{name}.png"), shiny)


def test_lights_are_calibrated_and_a_relief_is_made_and_written(tmp_path: Path) -> None:
    write_pictures(tmp_path / "in")
    place = ("--casebook", tmp_path / "casebook")
    ids = {}
    for name in LIGHTS:  # four pictures of one exhibit's mark
        source = f"folder:{tmp_path / 'in' / name}"
        said = casehead(
            *("acquire", "--source", source, "--count", 1, "--pixel-um", 5.0, "--light", "side"),
            *("--case", "C1", "--exhibit", "1", "--label", "1A", "--no-search", "--json"),
            *place,
            *(NAMES if not ids else ()),
        )
        assert said.code == 0, said.err
        ids[name] = said.document["acquired"][0]["acquired_id"]
    balls = [f"{name}={tmp_path / 'in' / f'ball-{name}.png'}" for name in LIGHTS]
    said = casehead("relief", "lights", "stand 1", *balls, *place, "--json")
    assert said.code == 0, said.err
    for light in said.document["lights"]:
        assert abs((light["azimuth_deg"] - LIGHTS[light["name"]] + 180) % 360 - 180) < 0.5
    assert "stand 1" in casehead("relief", "rigs", *place).out
    pairs = [f"{name}={one}" for name, one in ids.items()]
    said = casehead("relief", "make", ids["left"], *pairs, "--form-um", 300, *place, "--json")
    assert said.code == 0, said.err
    assert NOT_CALIBRATED in said.err
    relief = said.document["id"]
    out = tmp_path / "relief.x3p"
    said = casehead("relief", "export", relief, "--out", out, *place)
    assert said.code == 0 and NOT_CALIBRATED in said.out and out.is_file()
    said = casehead("relief", "check", relief, ids["left"], *place)
    assert said.code == 3 and "measured scan" in said.err


def test_what_is_typed_wrong_is_told(tmp_path: Path) -> None:
    place = ("--casebook", tmp_path / "casebook")
    with Casebook.open(tmp_path / "casebook") as made:
        made.set_author(Author("Harbor City", "Bench 1", "R. Okafor"))
    cases = (
        (("left", "right=0,30"), "does not name a light"),
        (("left=180,30", f"right={tmp_path}"), "either a picture of the ball"),
        (("left=180,30", "right=0,30"), "at least three lights"),
        (("left=none.png",), "none.png: The file is not there"),
    )
    for words, said in cases:
        found = casehead("relief", "lights", "s", *words, *place)
        assert found.code == 3 and said in found.err
    found = casehead("relief", "lights", "s", "left=x.png", "--rim", "1,2,three", *place)
    assert found.code == 3 and "X,Y,X,Y" in found.err
    entered = [f"side {a:.0f}={a},{ELEVATION}" for a in around(4)]
    assert casehead("relief", "lights", "s", *entered, *place).code == 0
    assert casehead("relief", "make", "0" * 32, *place).code == 3
