"""``casehead links`` and ``casehead open-data``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from app.workbench import Workbench
from tests.app.cli.cli_parts import casehead
from tests.linked_book import linked_book


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    folder = tmp_path / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    linked_book(workbench)
    workbench.close()
    return folder


def test_links_are_listed_and_their_chart_written(linked: Path, tmp_path: Path) -> None:
    said = casehead("links", "--casebook", linked, "--json", "--state", "hits")
    assert said.code == 0, said.err
    found = json.loads(said.out)["links"]
    assert {frozenset((one["case_a"], one["case_b"])) for one in found} == {
        frozenset(("2026-0412", "2026-0440")),
        frozenset(("2026-0440", "2026-0451")),
    }
    chart = tmp_path / "out" / "chart.csv"
    said = casehead("links", "--casebook", linked, "--export", chart, "--calibre", ".45 Auto")
    assert said.code == 0, said.err
    with chart.with_name("chart-edges.csv").open(newline="", encoding="utf-8") as stream:
        assert [r["state"] for r in csv.DictReader(stream) if r["state"]] == ["lead"]
    again = casehead("links", "--casebook", linked, "--export", chart)
    assert again.code != 0 and "There is a file" in again.err


def test_open_data_is_written_with_its_rules(linked: Path, tmp_path: Path) -> None:
    out = tmp_path / "open"
    said = casehead("open-data", "--casebook", linked, "--out", out, "--json")
    assert said.code == 0, said.err
    names = {Path(one["file"]).name for one in json.loads(said.out)["files"]}
    assert names == {path.name for path in out.iterdir()}
    assert "withheld" in (out / "privacy_rules.txt").read_text("utf-8")
