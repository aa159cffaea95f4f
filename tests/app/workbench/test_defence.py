"""A defence package: open files, all scores redone from them, every tampering found."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from workbench_parts import AUTHOR, png

from app.capture.bench import VirtualFirearm, image_of, scan_of
from app.domain import Annotation, AnnotationKind, Light, Review
from app.workbench import Draft, ImportOptions, Workbench
from correlation.al3d import read_al3d
from correlation.x3p import read_x3p
from resources import recompute_scores, verify_package
from tests.damaged import al3d_bytes, relief, x3p_bytes

NOTE = Annotation(AnnotationKind.NOTE, "left", ((0.0, 0.0),), "Striae here", 1)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Path]]:
    """A casebook with an image pair and a scan pair of one gun, and the package of its case."""
    folder = tmp_path_factory.mktemp("defence")
    workbench = Workbench(folder / "casebook", automatic_search=False)
    workbench.set_author(AUTHOR)
    gun = VirtualFirearm(1, "milled")
    for shot in (1, 2):
        pixels, pixel_um = image_of(gun, shot, pixel_um=10.0)
        png(folder / "ring" / f"{shot}.png", pixels)
        heights, step_um = scan_of(gun, shot, pixel_um=12.5)
        step = f"{step_um * 1e-6:.12g}"
        data = x3p_bytes(heights * np.float32(1e-6), increments=(step, step, "1"))
        (folder / "ring" / f"{shot}.x3p").write_bytes(data)
    options = ImportOptions(pixel_um=pixel_um, light=Light.RING, case_number="2026-0412")
    report = workbench.import_paths([folder / "ring"], options)
    places = [workbench.provenance(one) for one in report.acquired_ids]
    for kind in ("image", "scan"):
        left, right = (p.acquired.id for p in places if p.acquired.kind == kind)
        search = workbench.search(left)
        best = workbench.candidates(search.id)[0].candidate
        workbench.review(best.id, Review.KEPT)
        comparison = workbench.save_comparison(workbench.open_comparison(left, right, best.id))
        workbench.annotate(comparison, [NOTE])
        score = workbench.score_of(comparison)
        workbench.save_view(comparison, kind, comparison.alignment, comparison.view, (), score)
        here = workbench.score_here(left, right, comparison.alignment.nudged(2.0))
        workbench.save_view(comparison, "laid by hand", here.alignment, {}, (), here)
        workbench.conclude(comparison.id, Draft("inconclusive-a", "Few marks.", "", "", False))
    case_id = places[0].case.id
    workbench.issue("defence_package", case_id, folder / "package.zip")
    yield workbench, folder / "package.zip"
    workbench.close()


def unpacked(package: Path, folder: Path) -> Path:
    with zipfile.ZipFile(package) as packed:
        packed.extractall(folder)
    return folder


def test_every_score_comes_out_again(
    packed: tuple[Workbench, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert recompute_scores.main([str(packed[1])]) == 0
    said = capsys.readouterr().out
    with zipfile.ZipFile(packed[1]) as package:
        scores = json.loads(package.read("scores.json"))
    assert {one["of"] for one in scores} == {"candidate", "saved view"}
    assert f"{len(scores)} of {len(scores)} scores reproduced" in said and len(scores) == 6


def test_the_script_works_by_itself_in_a_process_of_its_own(
    packed: tuple[Workbench, Path], tmp_path: Path
) -> None:
    folder = unpacked(packed[1], tmp_path)
    text = (folder / "recompute_scores.py").read_text()
    assert text.index("OPENBLAS_NUM_THREADS") < text.index("import numpy"), "rounding goes by it"
    unset = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    home = {**unset, "PYTHONPATH": str(Path(__file__).parents[3])}
    for script, told in (("recompute_scores.py", "6 of 6 scores"), ("verify_package.py", "holds")):
        done = subprocess.run(
            [sys.executable, script, "."],
            cwd=folder,
            env=home,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        assert done.returncode == 0 and told in done.stdout, done.stdout + done.stderr


def test_a_changed_pixel_or_score_is_found(
    packed: tuple[Workbench, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = unpacked(packed[1], tmp_path)
    scores = json.loads((folder / "scores.json").read_text())
    pictures = {one["id"]: one for one in json.loads((folder / "pictures.json").read_text())}
    image = next(one for one in scores if pictures[one["left"]]["kind"] == "image")
    changed = [
        replaced(one, image["record"], score=one["stored"]["score"] + 2e-4) for one in scores
    ]
    (folder / "scores.json").write_text(json.dumps(changed))
    assert recompute_scores.main([str(folder), image["record"]]) == 1
    assert "DIFFERS" in capsys.readouterr().out
    (folder / "scores.json").write_text(json.dumps(scores))
    assert recompute_scores.main([str(folder), image["record"]]) == 0
    # a byte of a stored picture is changed: its name gives it away, whatever the score says
    file = folder / pictures[image["left"]]["file"]
    whole = file.read_bytes()
    file.write_bytes(whole + b"\0")
    assert recompute_scores.main([str(folder), image["record"]]) == 1
    assert f"CHANGED  {pictures[image['left']]['file']}" in capsys.readouterr().out
    file.write_bytes(whole)
    # a picture is exchanged for another and all names with it: the score gives it away
    pictures[image["left"]]["file"] = exchanged(folder, file)
    (folder / "pictures.json").write_text(json.dumps(list(pictures.values())))
    assert recompute_scores.main([str(folder), image["record"]]) == 1
    said = capsys.readouterr().out
    assert "CHANGED" not in said and "DIFFERS" in said
    # another version of the method cannot be judged here
    other = [replaced(one, image["record"], version="0.1") for one in scores]
    (folder / "scores.json").write_text(json.dumps(other))
    assert recompute_scores.main([str(folder), image["record"]]) == 2


def replaced(score: dict[str, object], record: str, /, **values: object) -> dict[str, object]:
    """The score with other values, if it is of that record."""
    stored = score["stored"]
    assert isinstance(stored, dict)
    return {**score, "stored": {**stored, **(values if score["record"] == record else {})}}


def exchanged(folder: Path, file: Path) -> str:
    """Grey noise laid over a picture's middle, under its own SHA-256."""
    pixels = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    rows, columns = pixels.shape[:2]
    noise = np.random.default_rng(1).integers(0, 255, pixels.shape, dtype=np.uint8)
    pixels[rows // 3 : rows // 2, columns // 3 : columns // 2] = noise[
        rows // 3 : rows // 2, columns // 3 : columns // 2
    ]
    ok, data = cv2.imencode(".png", pixels)
    assert ok
    name = f"evidence/{hashlib.sha256(data.tobytes()).hexdigest()}.png"
    (folder / name).write_bytes(data.tobytes())
    return name


def test_the_package_holds_together_and_says_what_it_proves(
    packed: tuple[Workbench, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    workbench, path = packed
    key = workbench._casebook.keys.public.hex()
    assert verify_package.main([str(path), key]) == 0
    assert "all of it holds" in capsys.readouterr().out
    assert verify_package.main([str(path)]) == 0
    assert "No key was given" in capsys.readouterr().out
    assert verify_package.main([str(path), "11" * 32]) == 1, "another station's key"
    with zipfile.ZipFile(path) as package:
        readme = package.read("README.txt").decode()
        index = package.read("evidence/INDEX.csv").decode("utf-8-sig")
        names = package.namelist()
    for words in ("They do not prove", "no line is left out", "no conclusion", "2026-0412", key):
        assert words in readme, words
    assert "—" not in readme and "{" not in readme
    assert index.count("evidence/") == 4 and "1.x3p" in index
    assert sum(name.startswith("evidence/") for name in names) == 5
    assert sum(name.endswith(".png") and name.startswith("views/") for name in names) == 4
    assert {"recompute_scores.py", "verify_package.py", "SHA256SUMS"} <= set(names)
    for name in ("conclusion", "annotation_set", "region", "search", "candidate", "comparison"):
        assert f"records/{name}.json" in names


def test_every_changed_file_line_and_record_is_found(
    packed: tuple[Workbench, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = unpacked(packed[1], tmp_path)
    key = packed[0]._casebook.keys.public.hex()

    def wrong(name: str, data: bytes) -> str:
        """What is said when a file of the package is another, and its sum told anew."""
        before = (folder / name).read_bytes()
        sums = (folder / "SHA256SUMS").read_text()
        told = hashlib.sha256(before).hexdigest(), hashlib.sha256(data).hexdigest()
        (folder / name).write_bytes(data)
        assert verify_package.main([str(folder), key]) == 1
        assert f"{name} was changed" in capsys.readouterr().out
        (folder / "SHA256SUMS").write_text(sums.replace(*told))
        code = verify_package.main([str(folder), key])
        said = capsys.readouterr().out
        (folder / name).write_bytes(before)
        (folder / "SHA256SUMS").write_text(sums)
        assert code == 1, said
        return said

    lines = json.loads((folder / "journal/lines.json").read_text())
    lines[3]["at"] = "2020-01-01T00:00:00+00:00"
    assert f"line {lines[3]['seq']} was changed" in wrong("journal/lines.json", as_bytes(lines))
    lines = json.loads((folder / "journal/lines.json").read_text())
    lines[3], lines[4] = lines[4], lines[3]
    assert "out of order" in wrong("journal/lines.json", as_bytes(lines))
    lines = json.loads((folder / "journal/lines.json").read_text())
    line = {**lines[-1], "examiner": "Somebody else"}
    facts = verify_package.canonical([line[name] for name in verify_package.FACTS])
    line["digest"] = hashlib.sha256(f"{line['previous']}\n{facts}".encode()).hexdigest()
    assert "signature" in wrong("journal/lines.json", as_bytes([*lines[:-1], line]))
    records = json.loads((folder / "records/conclusion.json").read_text())
    records[0]["content"]["value"] = "identification"
    said = wrong("records/conclusion.json", as_bytes(records))
    assert "not what the journal says" in said
    (folder / "evidence" / "more.txt").write_text("put in")
    assert verify_package.main([str(folder), key]) == 1
    assert "more.txt is not among the files" in capsys.readouterr().out


def as_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


def test_a_comparison_alone_leaves_other_pictures_out(
    packed: tuple[Workbench, Path], tmp_path: Path
) -> None:
    workbench = packed[0]
    comparison = workbench.comparisons()[0]
    first = workbench.issue("defence_package", comparison.id, tmp_path / "a.zip")
    again = workbench.issue("defence_package", comparison.id, tmp_path / "b.zip")
    assert first.digest == again.digest
    assert verify_package.main([str(first.path)]) == 0
    with zipfile.ZipFile(first.path) as package:
        assert sum(name.startswith("evidence/") for name in package.namelist()) == 3
        assert len(json.loads(package.read("pictures.json"))) == 2
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_scans_of_another_format_are_in_it_as_x3p_too(workbench: Workbench, tmp_path: Path) -> None:
    heights = relief(40, 50) * 1e-6
    heights[3, 4] = np.nan
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.al3d").write_bytes(al3d_bytes(heights, 2e-6))
    (tmp_path / "scans" / "b.al3d").write_bytes(al3d_bytes(heights[::-1], 1.5e2))
    options = ImportOptions(case_number="2026-0700")
    brought = workbench.import_paths([tmp_path / "scans"], options)
    places = [workbench.provenance(one) for one in brought.acquired_ids]
    path = tmp_path / "package.zip"
    workbench.issue("defence_package", places[0].case.id, path)
    assert verify_package.main([str(path)]) == 0
    known, unclear = sorted(places, key=lambda place: place.acquired.file_name)
    assert unclear.acquired.pixel_um is None
    with zipfile.ZipFile(path) as package:
        data = package.read(f"x3p/{known.acquired.digest}.x3p")
        told = package.read(f"x3p/{unclear.acquired.digest}.txt").decode()
    assert "could not be written as x3p: its scale or units are not known." in told
    again, stored = read_x3p(data), read_al3d(tmp_path / "scans" / "a.al3d")
    assert again.pixel_um == pytest.approx(stored.pixel_um) == pytest.approx(2.0)
    np.testing.assert_array_equal(again.heights_um, stored.heights_um)
    assert np.isnan(again.heights_um[3, 4]) and again.warnings == ()
    about = again.metadata
    assert about["manufacturer"] == "Alicona" and about["serial"] == "not known"
    assert known.acquired.digest in about["comment"] and "not recorded" in about["comment"]
    with zipfile.ZipFile(path) as package:
        assert package.read(f"evidence/{known.acquired.digest}.al3d")[:14] == b"AliconaImaging"


def test_without_casehead_the_scores_are_said_not_to_be_computed(
    packed: tuple[Workbench, Path], tmp_path: Path
) -> None:
    """A computer with Python and nothing else: what its own README says there comes true."""
    folder = unpacked(packed[1], tmp_path)
    readme = (folder / "README.txt").read_text("utf-8")

    def run(script: str, *more: str) -> subprocess.CompletedProcess[str]:
        assert f"python3 {script} ." in readme
        asked = [sys.executable, "-I", "-S", script, ".", *more]
        return subprocess.run(
            asked, cwd=folder, env={}, capture_output=True, text=True, timeout=60, check=False
        )

    done = run("recompute_scores.py")
    assert done.returncode == 2 and "Casehead is not installed" in done.stderr
    assert "Traceback" not in done.stderr
    key = packed[0]._casebook.keys.public.hex()
    done = run("verify_package.py", key)
    assert done.returncode == 0 and "all of it holds" in done.stdout, done.stdout + done.stderr
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_what_is_no_whole_package_is_said_to_be_none(
    packed: tuple[Workbench, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(packed[1].read_bytes()[:-2000])
    bare = unpacked(packed[1], tmp_path / "bare")
    (bare / "SHA256SUMS").unlink()
    (bare / "scores.json").write_text("{")
    for path in (cut, tmp_path / "absent.zip", tmp_path / "absent", bare):
        assert verify_package.main([str(path)]) == 1
        assert "This is no whole package" in capsys.readouterr().out
        assert recompute_scores.main([str(path)]) == 1
        assert "This is no whole package" in capsys.readouterr().out
    assert verify_package.main([str(packed[1]), "no key"]) == 1
    assert "or no key" in capsys.readouterr().out
