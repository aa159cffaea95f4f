"""Acquiring from the command line."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from app.domain import Light
from app.store import Casebook
from tests.app.cli.cli_parts import NAMES, casehead

WHERE = ("--case", "2026-1", "--exhibit", "3", "--label", "3A")


def test_a_bench_frame_is_kept_and_searched(casebook: Path) -> None:
    said = casehead(
        *("acquire", "--casebook", casebook, *WHERE, "--source", "bench:gun=2,shot=2,rate=30"),
        *("--objective", "4x", "--json"),
    )
    assert said.code == 0, said.err
    (kept,) = said.document["acquired"]
    assert kept["mark"] == "2026-1 / 3 / 3A"
    assert (kept["light"], kept["pixel_um"]) == ("ring", 5.06)
    assert kept["search"]["candidates"][0]["mark"] == "bench / gun2-a / gun2-a"
    with Casebook.open(casebook, read_only=True) as opened:
        acquired = opened.acquired(kept["acquired_id"])
        assert acquired.record.objective == "4x"
        assert acquired.record.light is Light.RING
        assert "Bench" in acquired.record.camera
        assert opened.check() == ()


def test_several_frames_of_a_folder_without_scale(bench: Path, tmp_path: Path) -> None:
    said = casehead(
        *("acquire", "--casebook", tmp_path / "book", *WHERE, *NAMES, "--count", 2),
        *("--source", f"folder:{bench}", "--json"),
    )
    assert said.code == 0, said.err
    kept = said.document["acquired"]
    assert len({k["digest"] for k in kept}) == 2
    assert [k["search"] for k in kept] == [None, None]
    assert "scale is not known" in said.err


def test_the_verdict_on_quality_is_said(bench: Path, tmp_path: Path) -> None:
    words = (*("--casebook", tmp_path / "book"), *NAMES, "--source", f"folder:{bench}")
    said = casehead("acquire", *WHERE, *words, "--json")
    (kept,) = said.document["acquired"]
    assert kept["quality"]["verdict"] == "usable"
    said = casehead("acquire", *WHERE, *words, "--no-search")
    assert "quality: usable" in said.out
    assert "The scale is not known" in said.out


def test_a_picture_to_be_redone_is_kept_and_not_searched(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    cv2.imwrite(str(folder / "white.png"), np.full((900, 900), 255, np.uint8))
    said = casehead(
        *("acquire", "--casebook", tmp_path / "book", *WHERE, *NAMES),
        *("--source", f"folder:{folder}", "--pixel-um", "5.1"),
    )
    assert said.code == 0, said.err
    assert "quality: redo" in said.out and "full scale" in said.out
    assert "its quality asks for another picture" in said.err


def test_a_given_light_and_scale_win(tmp_path: Path) -> None:
    said = casehead(
        *("acquire", "--casebook", tmp_path / "book", *WHERE, *NAMES, "--no-search"),
        *("--light", "side", "--pixel-um", "5.1", "--json"),
    )
    (kept,) = said.document["acquired"]
    assert (kept["light"], kept["pixel_um"], kept["search"]) == ("side", 5.1, None)


def test_a_source_that_is_none_registers_nothing(tmp_path: Path) -> None:
    for source in ("telescope:1", "bench:gun=0", "video:gone.avi", "folder:gone"):
        said = casehead(
            "acquire", "--casebook", tmp_path / "book", *WHERE, *NAMES, "--source", source
        )
        assert said.code == 3 and said.err.strip(), source
    with Casebook.open(tmp_path / "book", read_only=True) as opened:
        assert opened.cases() == ()


def test_cameras_are_listed() -> None:
    said = casehead("acquire", "--list", "--json")
    assert said.code == 0
    assert all(set(camera) == {"name", "source"} for camera in said.document)
