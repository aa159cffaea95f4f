"""The demo casebook and the main job without a display, as ``make run`` does it."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import pytest

from app.cli import places, root
from app.domain import Review
from app.store import Casebook
from tests.app.cli.cli_parts import NAMES, PIXEL, casehead, process


def test_the_main_job_without_a_display(bench: Path, tmp_path: Path) -> None:
    own = tmp_path / "own pictures"
    own.mkdir()
    shutil.copy(bench / "gun1-a.png", own / "brought.png")
    said = process(["run", "--import", own, *PIXEL], {}, 170)
    assert said.code == 0, said.err
    folder = places.demo_casebook()
    table = said.out.splitlines()
    assert "2026-0471 / 1 / 1A" in table[0]
    mates = {"2026-0412 / 1 / 1A", "2026-0437 / 1 / 1A", "own pictures / bro"}
    assert {line.split(maxsplit=1)[1][:18] for line in table[3:6]} == mates
    pictures = [Path(line.split(": ", 1)[1]) for line in table if "Comparison picture" in line]
    assert len(pictures) == 2
    picture = cv2.imread(str(pictures[0]))
    assert picture is not None and picture.std() > 10

    again = casehead("demo", "--json")
    assert again.code == 0 and again.document["added"] == 0
    told = again.document
    assert (told["hits"], told["leads"], told["comparisons"]) == (1, 1, 2)
    assert told["sign_in"] == "by name only" and len(told["people"]) == 5
    here = ("--casebook", folder)
    assert casehead("audit", "verify", *here).code == 0
    (lead,) = casehead("leads", *here, "--json").document["leads"]
    assert (lead["state"], lead["owner"], lead["notices"]) == ("open", "S. Imani", 1)
    (waits,) = casehead("verifications", *here, "--json").document["verifications"]
    assert waits["mode"] == "blind"
    assert not waits["third"], "that two disagreed is not told while it waits"
    rerun = casehead("run", "--json")
    assert rerun.code == 0
    first = rerun.document["searches"][0]["search"]["candidates"][0]
    assert Path(rerun.document["picture"]).is_file()
    assert first["rank"] == 1
    with Casebook.open(folder, read_only=True) as casebook:
        assert len(casebook.provenances()) == 13 + 1
        reviews = {c.review for s in casebook.searches() for c in casebook.candidates(s.id)}
        assert reviews >= {Review.NEW, Review.KEPT, Review.DISMISSED}
        assert [len(casebook.conclusions(one.id)) for one in casebook.comparisons()] == [1, 1]
        assert casebook.check() == ()


def test_a_real_casebook_is_not_filled_with_inventions(casebook: Path) -> None:
    for command in ("demo", "run"):
        said = casehead(command, "--casebook", casebook)
        assert said.code == 3 and "not the demo's" in said.err
    with Casebook.open(casebook, read_only=True) as opened:
        assert len(opened.cases()) == 1


def test_the_environment_names_the_casebook(
    casebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEHEAD_CASEBOOK", str(casebook))
    assert casehead("exchange", "pending", "--json").document == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "minimal:size=1"}, False),
    ],
)
def test_whether_there_is_a_display(
    environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places.sys, "platform", "linux")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert places.has_display() is expected


def test_names_for_a_new_casebook_are_kept(tmp_path: Path, bench: Path) -> None:
    book = tmp_path / "book"
    words = ("import", bench / "gun1-a.png", "--casebook", book, "--no-search")
    assert casehead(*words, *NAMES, "--ori", "XX0990100").code == 0
    assert casehead(*words, "--examiner", "A. Visitor").code == 0
    with Casebook.open(book, read_only=True) as opened:
        assert opened.author is not None
        assert (opened.author.examiner, opened.author.ori) == ("A. Visitor", "XX0990100")


def test_a_folder_is_brought_in_before_the_window_opens(
    casebook: Path, bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(root, "has_display", lambda: True)
    monkeypatch.setattr(root, "_open_window", lambda voice, folder: opened.append(folder))
    new = casehead("run", "--casebook", tmp_path / "new", "--import", bench, *PIXEL)
    assert new.code == 1 and "who works here" in new.err
    known = casehead("run", "--casebook", casebook, "--import", bench, *PIXEL)
    assert known.code == 0 and "3 here already" in known.err
    assert opened == [tmp_path / "new", casebook]


def test_window_and_screenshots_go_to_the_composition_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import app.main

    asked: list[tuple[Path, ...]] = []

    def run_gui(folder: Path) -> int:
        asked.append((folder,))
        return 0

    def take_screenshots(folder: Path, out: Path, look: str, scale: int) -> tuple[Path, ...]:
        asked.append((folder, out, look, scale))
        return (out / "casebook.png",)

    monkeypatch.setattr(app.main, "run_gui", run_gui)
    monkeypatch.setattr(app.main, "take_screenshots", take_screenshots)
    monkeypatch.setattr("app.cli.demo.build_demo", lambda voice, folder: None)
    book = tmp_path / "book"
    assert casehead("gui", "--casebook", book, "--json").document["code"] == 0
    how = ("--look", "light", "--scale", 2)
    said = casehead("screenshots", "--out", tmp_path, "--casebook", book, "--json", *how)
    assert said.document == {"pictures": [str(tmp_path / "casebook.png")]}
    assert asked == [(book,), (book, tmp_path, "light", 2)]
