"""Whole validations on four small scans: what is written, taken up again, refused."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from app.domain import CancelledError, CaseheadError
from app.importing.decode import read_surface
from app.jobs import Job
from app.matching.populations import read_populations
from app.validation import Validation, Wanted, study, validate
from app.validation.validation import LOCK
from correlation.errors import CorrelationError
from correlation.surface import Mark, Surface
from tests.app.validation.validation_parts import write_scan, write_scans
from tests.correlation.surfaces import scan


class Bench:
    """Runs validations of a folder and remembers what was said and read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: list[str] = []
        self.read: list[str] = []

    def load(self, path: Path) -> tuple[Surface, tuple[str, ...]]:
        self.read.append(path.name)
        return read_surface(path), ()

    def run(self, out: Path, job: Job | None = None, **wanted: object) -> Validation:
        self.notes, self.read = [], []
        files = sorted(p for p in self.folder.rglob("*") if p.suffix in (".x3p", ".png"))
        asked = Wanted(self.folder, out, **wanted)  # type: ignore[arg-type]
        return validate(asked, files, self.load, job or Job(), self.notes.append)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of scans and what a validation of it wrote; neither to be written to."""
    place = tmp_path_factory.mktemp("validation")
    folder = write_scans(place / "scans")
    Bench(folder).run(place / "out")
    return folder, place / "out"


@pytest.fixture
def copy(first: tuple[Path, Path], tmp_path: Path) -> tuple[Bench, Path]:
    """A copy of both, to be written to."""
    folder, out = tmp_path / "scans", tmp_path / "out"
    shutil.copytree(first[0], folder)
    shutil.copytree(first[1], out)
    return Bench(folder), out


def table(out: Path) -> list[dict[str, str]]:
    with (out / "scores.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def summary(out: Path) -> dict[str, object]:
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


RESULTS = ("scores.csv", "summary.json", "validation.pdf", "manifest.json")


def contents(out: Path) -> dict[str, bytes]:
    """What a run wrote, without how long it took."""
    found = {name: (out / name).read_bytes() for name in RESULTS}
    told = summary(out)
    told.pop("timing")
    for row in told["table"]:  # type: ignore[attr-defined]
        del row["seconds_a_pair"], row["cpu_seconds_a_pair"]
    return found | {"summary.json": json.dumps(told).encode()}


def test_what_is_written(first: tuple[Path, Path]) -> None:
    rows = table(first[1])
    pairs = [(row["file_a"], row["file_b"]) for row in rows]
    assert pairs == sorted(pairs) and len(pairs) == 6
    assert [row["same"] for row in rows] == ["1", "0", "0", "0", "0", "1"]
    assert rows[0]["gun_a"] == "gun-a" and {row["log10_lr"] for row in rows} == {""}
    (found,) = summary(first[1])["populations"]  # type: ignore[misc]
    assert found["measures"]["score"]["auc"] == 1  # type: ignore[index]
    assert found["measures"]["score"]["mate_first"] == 4  # type: ignore[index]
    assert "at least 10 pairs" in found["likelihood"]["sentence"]  # type: ignore[index]
    assert float(rows[0]["rotation_deg"]) % 360 == pytest.approx(320, abs=1) or float(
        rows[0]["rotation_deg"]
    ) == pytest.approx(40, abs=1)
    assert (first[1] / "validation.pdf").read_bytes().startswith(b"%PDF")


def test_again_nothing_is_read_and_every_byte_is_the_same(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    before = contents(out)
    bench.run(out)
    assert contents(out) == before
    assert bench.read == [] and "6 pairs are kept" in bench.notes[0]
    assert summary(out)["timing"]["pairs"] == 6  # type: ignore[index]


def test_a_killed_run_goes_on_where_it_was(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    before = contents(out)
    lines = (out / "scores.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join([*lines[:5], lines[5][: len(lines[5]) // 2]])
    (out / "scores.csv").write_text(text, encoding="utf-8")
    (out / "summary.json").unlink()
    (out / "validation.pdf").unlink()
    bench.run(out)
    assert "4 pairs are kept" in bench.notes[0]
    assert sorted(bench.read) == ["a2.x3p", "b1.x3p", "b2.x3p"]
    assert summary(out)["timing"]["pairs"] == 2  # type: ignore[index]
    assert contents(out) == before


def test_a_stop_keeps_what_is_done(copy: tuple[Bench, Path], tmp_path: Path) -> None:
    bench, whole = copy
    (bench.folder / "b2.x3p").unlink()
    out = tmp_path / "stopped"

    def listen(done: int, total: int, what: str) -> None:
        if what.startswith("Comparing") and done == 1:
            job.cancel()

    job = Job(listen)
    with pytest.raises(CancelledError, match="what was finished before is kept"):
        bench.run(out, job)
    kept = table(out)
    assert 1 <= len(kept) < 3 and not (out / "summary.json").exists()
    bench.run(out)
    bench.run(whole)
    assert contents(out) == contents(whole)


def test_a_new_truth_costs_no_comparison(copy: tuple[Bench, Path], tmp_path: Path) -> None:
    bench, out = copy
    other = tmp_path / "other.csv"
    other.write_text("file,gun\na1.x3p,one\na2.x3p,unknown-1\nb1.x3p,one\nb2.x3p,two\n")
    bench.run(out, truth=other)
    assert bench.read == []
    same = {(row["file_a"], row["file_b"]): row["same"] for row in table(out)}
    assert same["a1.x3p", "b1.x3p"] == "1" and same["a1.x3p", "b2.x3p"] == "0"
    assert same["a1.x3p", "a2.x3p"] == ""


def test_without_truth_there_are_scores_only(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    (bench.folder / "truth.csv").unlink()
    found = bench.run(out)
    assert "No truth" in bench.notes[0]
    assert {row["same"] for row in table(out)} == {""}
    assert "measures" not in found.summary["populations"][0]
    assert found.summary["populations"][0]["not_counted"] == 6


def test_a_changed_file_is_compared_anew(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    before = {(row["file_a"], row["file_b"]): row["score"] for row in table(out)}
    shutil.copy(bench.folder / "b1.x3p", bench.folder / "b3.x3p")
    surface = read_surface(bench.folder / "b2.x3p")
    write_scan(
        bench.folder / "b2.x3p", Surface(surface.values[:, ::-1].copy(), surface.pixel_um, "scan")
    )
    bench.run(out)
    after = {(row["file_a"], row["file_b"]): row["score"] for row in table(out)}
    assert any("b3.x3p has the very content of b1.x3p" in note for note in bench.notes)
    assert "3 pairs are kept" in " ".join(bench.notes)
    assert after.keys() == before.keys()
    changed = {pair for pair in before if before[pair] != after[pair]}
    assert changed == {pair for pair in before if "b2.x3p" in pair}
    assert float(after["b1.x3p", "b2.x3p"]) < 0.5 * float(before["b1.x3p", "b2.x3p"])


def test_files_that_cannot_be_prepared_get_a_sentence(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    before = table(out)
    (bench.folder / "broken.x3p").write_bytes(b"PK\x03\x04 and nothing more")
    empty = Surface(np.zeros((50, 50), np.float32), 10.0, "scan")
    write_scan(bench.folder / "flat.x3p", empty)
    for _ in range(2):
        found = bench.run(out)
        assert found.refused and set(found.summary["refused"]) == {"broken.x3p", "flat.x3p"}
        assert all(s.startswith(n) for n, s in found.summary["refused"].items())
        assert table(out) == before
    assert bench.read == []


def test_other_parameters_start_anew(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    scores = {(row["file_a"], row["file_b"]): row["score"] for row in table(out)}
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["parameters"]["scan"]["cell_um"] = 1.0
    (out / "manifest.json").write_text(json.dumps(manifest))
    before = (out / "scores.csv").read_bytes()
    for name in ("a2.x3p", "b2.x3p"):
        (bench.folder / name).unlink()
    bench.run(out)
    assert "made otherwise (parameters changed); it starts anew" in bench.notes[-1]
    assert [row["score"] for row in table(out)] == [scores["a1.x3p", "b1.x3p"]]
    assert (out / "scores-earlier.csv").read_bytes() == before


def test_degraded_inputs_are_told_beside_the_plain_ones(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    (bench.folder / "b2.x3p").unlink()
    found = bench.run(out, harms=("area30",), non_mates=1)
    plain, harmed = found.summary["degradations"]
    assert (plain["condition"], harmed["condition"]) == ("none", "area30")
    assert (plain["same"], plain["different"]) == (harmed["same"], harmed["different"]) == (1, 1)
    assert "Of the 2 pairs of two firearms 1 were drawn by chance" in found.summary["draw"][0]
    assert plain["casehead"]["auc"] == plain["baseline"]["auc"] == 1
    assert harmed["baseline"]["gap"] < plain["baseline"]["gap"]
    scores = {row["score"] for row in table(out / "degraded" / "area30")}
    assert len(scores) == 2 and scores.isdisjoint(row["score"] for row in table(out))
    with (out / "robustness.csv").open(newline="", encoding="utf-8") as stream:
        written = list(csv.DictReader(stream))
    assert [row["condition"] for row in written] == ["none", "area30"]
    assert float(written[1]["baseline_gap"]) == harmed["baseline"]["gap"]
    before = (out / "validation.pdf").read_bytes()
    bench.run(out, harms=("area30",), non_mates=1)
    assert bench.read == [] and (out / "validation.pdf").read_bytes() == before
    bench.run(out, harms=("area30",))
    assert len(table(out / "degraded" / "area30")) == 3


def test_the_baseline_has_columns_of_its_own(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    before = table(out)
    assert "baseline_ccf" not in before[0]
    found = bench.run(out, baseline=True)
    rows = table(out)
    assert list(rows[0])[-2:] == ["baseline_ccf", "baseline_rotation_deg"]
    assert list(rows[0])[:-2] == list(before[0])
    assert [{name: row[name] for name in before[0]} for row in rows] == before
    levels = {row["same"]: float(row["baseline_ccf"]) for row in rows}
    assert levels["1"] > levels["0"] + 0.2
    assert abs(float(rows[0]["baseline_rotation_deg"]) - float(rows[0]["rotation_deg"])) < 2
    own, plain = found.summary["table"]
    assert (own["method"], plain["method"]) == ("Casehead", "plain baseline")
    assert own["pairs"] == plain["pairs"] == 6 and plain["gap_ccf"] > 0
    assert plain["seconds_a_pair"] > 0
    bench.run(out, baseline=True)
    assert bench.read == []
    bench.run(out)
    assert table(out) == before and len(table(out / "baseline")) == 6
    with pytest.raises(CaseheadError, match="made by another method"):
        read_populations(out / "baseline")
    assert len(read_populations(out)) == 1


def test_failing_pairs_and_the_table_are_files(copy: tuple[Bench, Path], tmp_path: Path) -> None:
    bench, out = copy
    lying = tmp_path / "lying.csv"
    lying.write_text("file,gun\na1.x3p,one\na2.x3p,two\nb1.x3p,one\nb2.x3p,two\n")
    bench.run(out, truth=lying)
    with (out / "failing-pairs.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["measure"] == "score"]
    assert sorted({row["sort"] for row in rows}) == ["different", "same"]
    assert {(r["file_a"], r["file_b"]) for r in rows if r["sort"] == "same"} == {
        ("a1.x3p", "b1.x3p"), ("a2.x3p", "b2.x3p")
    }  # fmt: skip
    with (out / "summary.csv").open(newline="", encoding="utf-8") as stream:
        (line,) = csv.DictReader(stream)
    assert (line["method"], line["set"], line["pairs"]) == ("Casehead", "scans", "6")
    assert float(line["auc"]) < 1 and float(line["gap_score"]) < 0


def test_an_error_inside_the_software_is_one_files_and_tried_again(
    copy: tuple[Bench, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, out = copy
    surface = read_surface(bench.folder / "b2.x3p")
    write_scan(bench.folder / "b2.x3p", replace(surface, values=surface.values + 1))
    read = bench.load

    def broken(path: Path) -> tuple[Surface, tuple[str, ...]]:
        if path.name == "b2.x3p":
            raise IndexError("list index out of range")
        return read(path)

    monkeypatch.setattr(bench, "load", broken)
    found = bench.run(out)
    sentence = found.summary["refused"]["b2.x3p"]
    assert sentence.startswith("b2.x3p: Something went wrong inside Casehead (IndexError: list")
    assert sentence.endswith("the details are in errors.log: please report them.")
    assert found.refused and sentence in bench.notes and len(table(out)) == 3
    log = (out / "errors.log").read_text(encoding="utf-8")
    assert "b2.x3p" in log and "Traceback" in log and "in broken" in log
    monkeypatch.undo()
    assert not bench.run(out).refused and len(table(out)) == 6


def test_an_error_inside_the_software_is_one_pairs(
    copy: tuple[Bench, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, out = copy
    lines = (out / "scores.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (out / "scores.csv").write_text("".join(lines[:-1]), encoding="utf-8")

    def broken(*marks: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("app.validation.techniques.compare", broken)
    found = bench.run(out)
    (sentence,) = found.summary["failed_pairs"]
    assert sentence.startswith("b1.x3p and b2.x3p: Something went wrong inside Casehead (ZeroDiv")
    assert found.refused and found.summary["defects"] == [sentence] and len(table(out)) == 5
    assert found.summary["table"][0]["not_compared"] == 1
    monkeypatch.undo()
    assert not bench.run(out).refused and len(table(out)) == 6


def test_what_harm_makes_impossible_counts_against_the_method(
    copy: tuple[Bench, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, out = copy
    harm, lost = study.degrade, study.digest_of(bench.folder / "b2.x3p")

    def ruined(surface: Surface, name: str, digest: str, mark: Mark) -> Surface:
        if digest == lost:
            raise CorrelationError("Nothing is left of the mark.")
        return harm(surface, name, digest, mark)

    monkeypatch.setattr(study, "degrade", ruined)
    found = bench.run(out, harms=("rotate",), non_mates=1)
    plain, harmed = found.summary["degradations"]
    assert harmed["pairs"] == plain["pairs"] == 3 and not found.refused
    for side in ("casehead", "baseline"):
        missing = harmed[side]["not_compared"]
        assert missing >= 1 and plain[side]["not_compared"] == 0
        assert harmed[side]["gap"] is None
        assert (harmed[side]["mate_first"], plain[side]["mate_first"]) == (2, 4)
    assert found.summary["refused"] == {}


def test_one_firearm_or_none_twice_cannot_be_degraded(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    for text in ("file,gun\na1.x3p,one\na2.x3p,one\n", "file,gun\na1.x3p,one\na2.x3p,two\n"):
        (bench.folder / "truth.csv").write_text(text)
        with pytest.raises(CaseheadError, match="rates need pairs of one firearm and pairs of two"):
            bench.run(out, harms=("blur",))
        found = bench.run(out)
        assert "measures" not in found.summary["populations"][0]
        assert found.summary["table"] == [] and found.summary["truth"]


def test_two_files_have_one_pair(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    for name in ("b1.x3p", "b2.x3p"):
        (bench.folder / name).unlink()
    found = bench.run(out)
    assert len(table(out)) == 1 and "measures" not in found.summary["populations"][0]
    assert any("names 2 that the folder does not hold: b1.x3p, b2.x3p" in n for n in bench.notes)


def test_another_mark_starts_anew(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    for name in ("a2.x3p", "b1.x3p", "b2.x3p"):
        (bench.folder / name).unlink()
    write_scan(bench.folder / "a3.x3p", scan(3))
    bench.run(out, mark="firing pin")
    assert any("made otherwise (" in n and "mark" in n for n in bench.notes), bench.notes
    assert json.loads((out / "manifest.json").read_text())["mark"] == "firing pin"
    assert (out / "scores-earlier.csv").exists()


def test_another_version_starts_anew(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(manifest | {"version": "0.9"}))
    bench.run(out)
    assert "out/scores.csv was made otherwise (version changed); it starts anew" in bench.notes[0]
    assert len(table(out)) == 6 and len(bench.read) == 4


def test_two_runs_at_once_are_refused(copy: tuple[Bench, Path]) -> None:
    bench, out = copy
    with FileLock(out / LOCK), pytest.raises(CaseheadError, match="Another validation writes"):
        bench.run(out)


def test_too_few_files(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseheadError, match="holds no images or scans"):
        Bench(tmp_path / "empty").run(tmp_path / "out")


def test_nothing_that_can_be_prepared(tmp_path: Path) -> None:
    for name in ("one.x3p", "two.x3p"):
        (tmp_path / name).write_bytes(name.encode())
    with pytest.raises(CaseheadError, match="None of the 2 files"):
        Bench(tmp_path).run(tmp_path / "out")
