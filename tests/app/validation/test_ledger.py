"""The table of a run: what is kept when it is taken up again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain import CaseheadError
from app.validation.ledger import EARLIER, MANIFEST, SCORES, Ledger, Row
from app.validation.truth import Truth

IDENTITY = {"method": "m", "version": "1", "parameters": {"turns": (1.0, 2.0)}}
DIGESTS = {"a": "1", "b": "2", "c, d": "3"}
ROWS = [
    Row("a", "b", 0.5, 20, 10, 0.25, -12.5),
    Row("b", "c, d", 0.125, 20, 1, -0.3, 170.0),
    Row("a", "c, d", 0.25, 20, 2, 0.1, 0.0),
]


def written(folder: Path) -> Ledger:
    ledger = Ledger.open(folder, IDENTITY, DIGESTS)
    ledger.files = {n: replace(f, kind="scan") for n, f in ledger.files.items()}
    ledger.write_manifest()
    with ledger:
        for row in ROWS:
            ledger.add(row)
    return ledger


def test_rows_are_on_disk_at_once_and_come_back(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path, IDENTITY, DIGESTS)
    with ledger:
        ledger.add(ROWS[0])
        assert (tmp_path / SCORES).read_text().count("\n") == 2
    again = Ledger.open(written(tmp_path / "x").folder, IDENTITY, DIGESTS)
    assert again.rows == {row.pair: row for row in ROWS}
    assert again.sentence == "3 pairs are kept from x/scores.csv."
    assert again.files["a"].kind == "scan"


def test_a_finished_table_is_sorted_and_tells_the_truth(tmp_path: Path) -> None:
    ledger = written(tmp_path)
    ledger.finish(Truth({"a": "one", "b": "one", "c, d": None}), {("a", "b"): 1.25})
    lines = (tmp_path / SCORES).read_text().splitlines()
    assert lines[1] == "a,b,one,one,1,0.500000,20,10,0.250000,-12.5000,1.2500"
    assert lines[2].startswith('a,"c, d",one,,,0.250000') and lines[2].endswith(",")
    assert Ledger.open(tmp_path, IDENTITY, DIGESTS).rows.keys() == ledger.rows.keys()


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_line_that_was_cut_is_not_believed(tmp_path: Path, cut: int) -> None:
    written(tmp_path)
    path = tmp_path / SCORES
    path.write_bytes(path.read_bytes()[:-cut])
    again = Ledger.open(tmp_path, IDENTITY, DIGESTS)
    assert again.rows == {row.pair: row for row in ROWS[:2]}
    assert path.read_text().endswith("\n")


def test_rows_of_files_that_changed_or_went_are_left_out(tmp_path: Path) -> None:
    written(tmp_path)
    again = Ledger.open(tmp_path, IDENTITY, {"a": "1", "b": "9", "c, d": "3"})
    assert set(again.rows) == {("a", "c, d")}
    assert "2 of files that changed or went" in again.sentence
    assert again.files["b"].kind == "" and again.files["a"].kind == "scan"


def test_another_method_starts_anew_and_puts_the_old_table_aside(tmp_path: Path) -> None:
    written(tmp_path)
    before = (tmp_path / SCORES).read_bytes()
    again = Ledger.open(tmp_path, IDENTITY | {"version": "2"}, DIGESTS)
    assert again.rows == {}
    assert "made otherwise (version changed); it starts anew" in again.sentence
    assert (tmp_path / EARLIER).read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}'])
def test_a_manifest_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    written(tmp_path)
    (tmp_path / MANIFEST).write_text(text)
    again = Ledger.open(tmp_path, IDENTITY, DIGESTS)
    assert again.rows == {} and "has no manifest.json that fits" in again.sentence


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseheadError, match="cannot be written"):
        Ledger.open(tmp_path / "file" / "out", IDENTITY, DIGESTS)
