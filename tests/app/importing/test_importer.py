"""Files and folders brought into a casebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.domain import Acquired, Author, CaseheadError, Light, ReadOnlyError, Role
from app.importing.importer import ImportOptions, ImportReport, import_paths
from app.jobs import Job
from app.store import Casebook
from tests.damaged import damaged_contents, relief, x3p_bytes

SCALED = ImportOptions(pixel_um=2.53, light=Light.RING)


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(tmp_path / "casebook") as opened:
        opened.set_author(Author("Example County Laboratory", "bench 1", "J. Doe"))
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "2026-0412"
    made.mkdir()
    return made


def image(path: Path, seed: int = 0, dtype: type[np.generic] = np.uint8) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    top = int(np.iinfo(dtype).max)
    pixels = np.random.default_rng(seed).integers(0, top, (40, 60)).astype(dtype)
    path.write_bytes(cv2.imencode(path.suffix, pixels)[1].tobytes())
    return path


def scan(path: Path, **options: object) -> Path:
    path.write_bytes(x3p_bytes(relief() * 1e-6, **options))  # type: ignore[arg-type]
    return path


def run(
    casebook: Casebook, *paths: Path, options: ImportOptions = SCALED, job: Job | None = None
) -> ImportReport:
    return import_paths(casebook, paths, options, job or Job())


def only(casebook: Casebook) -> Acquired:
    (acquired,) = casebook.all_acquired()
    return acquired


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".jpg"])
def test_an_image_is_kept_as_it_is(casebook: Casebook, folder: Path, suffix: str) -> None:
    path = image(folder / f"3A{suffix}")
    report = run(casebook, path)
    assert report.outcomes[0].ok, report.outcomes[0].sentence
    kept = only(casebook)
    assert casebook.pixels(kept.digest) == path.read_bytes()
    assert kept.lossy is (suffix == ".jpg")
    assert (kept.kind, kept.width, kept.height, kept.bits) == ("image", 60, 40, 8)
    assert (kept.pixel_um, kept.record.light) == (2.53, Light.RING)
    assert (kept.file_name, kept.record.origin, kept.record.camera) == (path.name, path.name, "")
    assert kept.record.software == "Casehead 0.1.0"


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_stay(casebook: Casebook, folder: Path, suffix: str) -> None:
    run(casebook, image(folder / f"3A{suffix}", dtype=np.uint16))
    assert only(casebook).bits == 16


def test_a_scan_brings_its_own_scale_and_its_unit_findings(
    casebook: Casebook, folder: Path
) -> None:
    run(casebook, scan(folder / "3A.x3p"))
    kept = only(casebook)
    assert (kept.kind, kept.file_format) == ("scan", "x3p")
    assert kept.pixel_um == pytest.approx(6.25)
    assert kept.units["xy_unit"] == "m" and kept.units["sure"] == "yes"


def test_a_scan_in_unclear_units_is_kept_unsearchable_until_they_are_settled(
    casebook: Casebook, folder: Path
) -> None:
    path = scan(folder / "3A.x3p", increments=("6.25e-3", "6.25e-3", "1"))
    (outcome,) = run(casebook, path).outcomes
    assert outcome.ok and "--xy-unit" in outcome.sentence
    before = only(casebook)
    assert not before.searchable
    settled = run(casebook, path, options=ImportOptions(xy_unit="mm", z_unit="m"))
    assert settled.acquired_ids and not settled.duplicates
    kept = only(casebook)
    assert kept.id != before.id and kept.pixel_um == pytest.approx(6.25)


def test_an_image_without_scale_is_kept_and_says_so(casebook: Casebook, folder: Path) -> None:
    path = image(folder / "3A.png")
    (outcome,) = run(casebook, path, options=ImportOptions()).outcomes
    assert outcome.ok and "--pixel-um" in outcome.sentence
    assert not only(casebook).searchable
    (outcome,) = run(casebook, path).outcomes
    assert "settled" in outcome.sentence and not outcome.duplicate
    assert only(casebook).pixel_um == 2.53


def test_the_folder_names_the_case_and_the_file_the_exhibit(
    casebook: Casebook, folder: Path
) -> None:
    image(folder / "3A.png", 1)
    image(folder / "2026-0500" / "3A.png", 2)
    run(casebook, folder)
    names = {p.name for p in casebook.provenances()}
    assert names == {"2026-0412 / 3A / 3A", "2026-0500 / 3A / 3A"}


def test_under_a_given_case_number_namesakes_stay_two_specimens(
    casebook: Casebook, folder: Path
) -> None:
    image(folder / "left" / "1.png", 1)
    image(folder / "right" / "1.png", 2)
    options = ImportOptions(2.53, case_number="7", role=Role.TEST_FIRE, calibre="9 mm Luger")
    run(casebook, folder, options=options)
    places = casebook.provenances()
    assert [p.name for p in places] == ["7 / left/1 / 1", "7 / right/1 / 1"]
    assert {p.cartridge_case.role for p in places} == {Role.TEST_FIRE}
    assert {p.cartridge_case.calibre for p in places} == {"9 mm Luger"}


def test_an_image_and_a_scan_of_one_name_share_the_mark(casebook: Casebook, folder: Path) -> None:
    image(folder / "3A.png")
    scan(folder / "3A.x3p")
    report = run(casebook, folder)
    assert "further picture" in report.outcomes[1].sentence
    assert len({p.mark.id for p in casebook.provenances()}) == 1


def test_twice_the_same_folder_adds_nothing(casebook: Casebook, folder: Path) -> None:
    for seed in range(3):
        image(folder / f"{seed}.png", seed)
    first = run(casebook, folder)
    lines = len(casebook.journal())
    again = run(casebook, folder, folder / "0.png")
    assert len(first.acquired_ids) == 3 and again.acquired_ids == ()
    assert again.duplicates == 3 and all(o.ok for o in again.outcomes)
    assert {o.acquired_id for o in again.outcomes} == set(first.acquired_ids)
    assert len(casebook.journal()) == lines


def test_a_folder_is_walked_in_order_and_only_pictures_are_spoken_of(
    casebook: Casebook, folder: Path
) -> None:
    for name in ("b.png", "a.png", "z/c.png", ".hidden.png", ".cache/d.png"):
        image(folder / name, hash(name) % 1000)
    for name in ("truth.csv", "notes.TXT", "README.md", "letter.docx"):
        (folder / name).write_text("words")
    report = run(casebook, folder)
    assert [o.path.name for o in report.outcomes] == ["letter.docx", "a.png", "b.png", "c.png"]
    assert report.skipped == 3
    (refused,) = report.refused
    assert "letter.docx" in refused.sentence and "x3p" in refused.sentence
    assert report.sentence == "3 imported, 1 refused, 3 side files passed over."


def test_sub_folders_only_when_wanted(casebook: Casebook, folder: Path) -> None:
    image(folder / "a.png", 1)
    image(folder / "z" / "c.png", 2)
    report = run(casebook, folder, options=ImportOptions(2.53, recursive=False))
    assert [o.path.name for o in report.outcomes] == ["a.png"]


def test_bad_files_are_told_one_by_one_and_leave_nothing(casebook: Casebook, folder: Path) -> None:
    image(folder / "good.png")
    bad = damaged_contents()
    for number, (name, data) in enumerate(bad):
        (folder / f"{number:02}-{name}").write_bytes(data)
    missing = folder / "gone.png"
    report = run(casebook, folder, missing)
    assert len(report.acquired_ids) == 1
    assert len(report.refused) == len(bad) + 1
    for outcome in report.refused:
        assert (
            outcome.sentence.startswith(outcome.path.name) and "Traceback" not in outcome.sentence
        )
    assert [p.exhibit.number for p in casebook.provenances()] == ["good"]
    assert len(casebook.exhibits()) == 1
    assert casebook.check() == ()


def test_a_stop_keeps_what_is_finished(casebook: Casebook, folder: Path) -> None:
    for seed in range(4):
        image(folder / f"{seed}.png", seed)
    heard: list[tuple[int, int, str]] = []

    def listen(done: int, total: int, what: str) -> None:
        heard.append((done, total, what))
        if done == 2:
            job.cancel()

    job = Job(listen)
    report = run(casebook, folder, job=job)
    assert report.cancelled and "kept" in report.sentence
    assert [p.exhibit.number for p in casebook.provenances()] == ["0", "1", "2"]
    looked = (0, 0, f"0 pictures found, looking in {folder.name}")
    assert heard == [looked, (0, 4, "0.png"), (1, 4, "1.png"), (2, 4, "2.png")]


def test_looking_through_a_whole_disk_can_be_stopped(casebook: Casebook, folder: Path) -> None:
    for seed in range(3):
        (folder / str(seed)).mkdir()
        image(folder / str(seed) / "a.png", seed)
    heard: list[str] = []

    def listen(_done: int, _total: int, what: str) -> None:
        heard.append(what)
        if len(heard) == 3:
            job.cancel()

    job = Job(listen)
    report = run(casebook, folder, job=job)
    assert report.cancelled and report.outcomes == () and casebook.provenances() == ()
    assert heard[-1] == "1 pictures found, looking in 1" and "Stopped" in report.sentence


def test_a_fault_in_the_middle_of_a_file_leaves_nothing_of_it(
    casebook: Casebook, folder: Path
) -> None:
    image(folder / "a.png", 1)
    image(folder / "b.png", 2)

    def kept(acquired: Acquired) -> None:
        if acquired.file_name == "a.png":
            raise CaseheadError("The disk is full.")

    report = import_paths(casebook, [folder], SCALED, Job(), kept)
    assert [(o.path.name, o.ok) for o in report.outcomes] == [("a.png", False), ("b.png", True)]
    assert [p.exhibit.number for p in casebook.provenances()] == ["b"]


def test_odd_names_become_readable_numbers(casebook: Casebook, folder: Path) -> None:
    image(folder / "3A\tnew\n.png", 1)
    image(folder / ("x" * 230 + ".png"), 2)
    report = run(casebook, folder)
    assert not report.refused
    numbers = {p.exhibit.number for p in casebook.provenances()}
    assert numbers == {"3A new", "x" * 200}


def test_nothing_found_is_said(casebook: Casebook, folder: Path) -> None:
    (folder / "truth.csv").write_text("words")
    report = run(casebook, folder)
    assert report.outcomes == () and "Nothing to import" in report.sentence


def test_a_casebook_that_cannot_be_written_imports_nothing(
    casebook: Casebook, folder: Path
) -> None:
    with Casebook.open(casebook.folder) as second, pytest.raises(ReadOnlyError):
        run(second, image(folder / "a.png"))


def test_a_case_number_in_another_writing_is_refused(casebook: Casebook, folder: Path) -> None:
    image(folder / "3.png")
    run(casebook, folder, options=ImportOptions(case_number="2026-0412"))
    image(folder / "4.png", seed=4)
    report = run(casebook, folder, options=ImportOptions(case_number="2026 0412"))
    refused = [one for one in report.outcomes if not one.ok]
    assert len(refused) == 2 and "is already there" in refused[0].sentence
    assert [case.number for case in casebook.cases()] == ["2026-0412"]
