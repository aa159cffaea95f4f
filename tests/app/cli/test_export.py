"""Comparisons written from the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2

from app.casework.people import PersonRole
from app.domain import Author
from app.picture import ViewState
from app.workbench import Workbench
from tests.app.cli.cli_parts import casehead

MARKS = ("bench/gun1-a/gun1-a", "bench/gun1-b/gun1-b")
MOMENT = ("--as-of", "2026-03-31T10:15:00+00:00")


def test_the_view_and_the_report_of_a_comparison(casebook: Path, tmp_path: Path) -> None:
    words = ("export", *MARKS, "--casebook", casebook, "--out")
    picture = casehead(*words, tmp_path / "pair.tif", "--json")
    assert picture.code == 0, picture.err
    assert picture.document["file"] == str(tmp_path / "pair.tif")
    assert "finer evidence picture" in picture.document["pixel"]
    seen = cv2.imread(str(tmp_path / "pair.tif"))
    assert casehead(*words, tmp_path / "whole.png", "--whole").code == 0
    whole = cv2.imread(str(tmp_path / "whole.png"))
    assert seen is not None and whole is not None and whole.shape != seen.shape
    for name in ("a.pdf", "b.pdf"):
        assert casehead(*words, tmp_path / name, *MOMENT).code == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_saved_view_by_its_name_whichever_mark_is_first(casebook: Path, tmp_path: Path) -> None:
    workbench = Workbench(casebook, automatic_search=False)
    nodes = {n.exhibit.number: n for case in workbench.tree() for n in case.exhibits}
    ids = [
        nodes[label].cartridge_cases[0].marks[0].acquired[0].id for label in ("gun1-a", "gun1-b")
    ]
    pair = workbench.save_comparison(workbench.open_comparison(*ids))
    view = ViewState(um_per_px=5.06, seen_px=(400, 300))
    moved = replace(pair.alignment, shift_um=(50.0, 60.0))
    workbench.save_view(pair, "Rim", moved, view.to_dict())
    workbench.close()
    out = tmp_path / "rim.png"
    words = ("export", *reversed(MARKS), "--casebook", casebook, "--out", out)
    said = casehead(*words, "--view", "Rim", "--json")
    assert said.code == 0 and said.document["comparison"] == pair.id
    assert b"dx 50" in out.read_bytes() and cv2.imread(str(out)).shape[1] == 1200
    refused = casehead(*words, "--view", "Top", "--overwrite")
    assert refused.code == 3 and "no saved view 'Top'; it has 'Rim'" in refused.err


def test_where_people_are_on_record_somebody_writes_it(casebook: Path, tmp_path: Path) -> None:
    workbench = Workbench(casebook, automatic_search=False)
    workbench.set_up(Author("Harbor City", "Bench 1", "R. Okafor"), None, "UTC")
    workbench.add_person("A. Lind", [PersonRole.TECHNICIAN])
    workbench.close()
    words = ("export", *MARKS, "--casebook", casebook, "--out", tmp_path / "pair.png")
    assert "--examiner" in casehead(*words).err
    refused = casehead(*words, "--examiner", "A. Lind")
    assert refused.code == 3 and "technician" in refused.err
    assert casehead(*words, "--examiner", "R. Okafor").code == 0
    assert (tmp_path / "pair.png").exists()


def test_what_cannot_be_written_is_told(casebook: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"mine")
    for more, sentence in (
        ((tmp_path / "a.png",), "already; nothing was written"),
        ((tmp_path / "a.jpg",), "end in .png or .tif"),
        ((tmp_path / "a.png" / "b.png", "--whole"), "could not be written"),
        ((tmp_path / "a.pdf", "--whole"), "are for pictures"),
        ((tmp_path / "a.pdf", "--as-of", "noon"), "'noon' is no moment"),
    ):
        said = casehead("export", *MARKS, "--casebook", casebook, "--out", *more)
        assert said.code == 3 and sentence in said.err, said
    said = casehead("export", MARKS[0], "nobody", "--casebook", casebook, "--out", "x.png")
    assert said.code == 3 and "no mark called 'nobody'" in said.err
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    assert not (tmp_path / "a.pdf").exists()
