"""The joined candidates of a cartridge case from the command line."""

from __future__ import annotations

import pytest

from tests.app.cli.cli_parts import casehead
from tests.app.matching.several_marks import Story, build


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return build(tmp_path_factory.mktemp("several") / "casebook")


def test_people_get_a_table(told: Story) -> None:
    said = casehead("candidates", "2026-0471/1/1a", "--casebook", told.folder)
    lines = said.out.splitlines()
    assert said.code == 0
    assert "no conclusion" in lines[0]
    assert lines[1].split() == ["rank", "candidate", "Breech", "face", "Firing", "pin", "together"]
    assert "Norvik NK-2 (2 cartridge cases" in lines[3]
    assert lines[4].split()[:3] == ["2026-0440", "/", "1"]
    assert "no picture" in said.out and "not compared" in said.out
    assert lines[-1] == "Breech face: searched 5; Firing pin: searched 5."


def test_programs_get_every_mark(told: Story) -> None:
    found = casehead("candidates", told.query_case_id, "--casebook", told.folder, "--json").document
    assert found["query"] == "2026-0471 / 1 / 1A"
    first = found["guns"][0]
    assert [one["name"][-2:] for one in first["specimens"]] == ["T1", "T2"]
    marks = first["specimens"][0]["marks"]
    assert [(m["mark"], m["score"], m["rank"]) for m in marks] == [
        ("Breech face", 0.42, 2),
        ("Firing pin", 0.55, 1),
    ]
    assert first["specimens"][0]["together"] == pytest.approx(sum(m["adds"] for m in marks))
    missing = [
        m for g in found["guns"] for s in g["specimens"] for m in s["marks"] if "missing" in m
    ]
    assert {m["missing"] for m in missing} == {"no picture", "not compared"}
    assert all(m["adds"] == 0 for m in missing)


@pytest.mark.parametrize(
    ("name", "words"),
    [("2026-9999/1/1A", "names no cartridge case"), ("2026-0451/1/1A", "search one first")],
)
def test_what_cannot_be_told_gets_a_sentence(told: Story, name: str, words: str) -> None:
    said = casehead("candidates", name, "--casebook", told.folder)
    assert said.code == 3
    assert words in said.err
    assert not said.out
