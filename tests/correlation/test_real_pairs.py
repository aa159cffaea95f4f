"""Real known pairs: each mark's mate comes first and every other score is clearly lower."""

import csv
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from app.importing.decode import read_surface
from app.validation.degrading import degrade
from correlation.compare import PairScore, compare
from correlation.prepare import Prepared, prepare

REAL = Path(__file__).parents[3] / "shared" / "data"
NIST_UM = 2.53

pytestmark = pytest.mark.real_data


@cache
def prepared(name: str) -> Prepared:
    path = REAL / name
    return prepare(read_surface(path, pixel_um=NIST_UM if path.suffix == ".png" else None))


@cache
def score(first: str, second: str) -> PairScore:
    return compare(prepared(first), prepared(second))


def guns(folder: str) -> dict[str, str]:
    truth = REAL / folder / "truth.csv"
    if not truth.exists():
        pytest.skip("the real scans and images are not beside the checkout")
    with truth.open() as lines:
        return {f"{folder}/{line['file']}": line["gun"] for line in csv.DictReader(lines)}


def ranked(query: str, names: list[str]) -> list[tuple[float, str]]:
    others = [name for name in names if name != query]
    pairs = [(score(*sorted((query, name))).score, name) for name in others]
    return sorted(pairs, reverse=True)


@pytest.mark.parametrize("query", ["fadul-1-1-ring.png", "fadul-1-2-ring.png"])
def test_ring_light_image_finds_its_mate(query: str) -> None:
    truth = guns("nist2d")
    first, second, *_ = ranked(f"nist2d/{query}", list(truth))
    assert truth[first[1]] == "fadul-slide-1"
    assert second[0] < 0.5 * first[0]


def test_ring_light_mates_are_turned_as_they_were_photographed() -> None:
    guns("nist2d")
    result = score("nist2d/fadul-1-1-ring.png", "nist2d/fadul-1-2-ring.png")
    assert result.rotation_deg == pytest.approx(16.5, abs=1.5)
    assert result.congruent_cells >= 12


@pytest.mark.parametrize("query", ["fadul-1-1-raw", "fadul-1-2-raw", "k013sa1-whole-base"])
def test_raw_scan_finds_its_mate(query: str) -> None:
    truth = guns("raw3d")
    name = f"raw3d/{query}.x3p"
    first, second, *_ = ranked(name, list(truth))
    assert truth[first[1]] == truth[name]
    assert second[0] < 0.5 * first[0]


@pytest.mark.parametrize("query", ["fadul-1-1.x3p", "fadul-2-1.x3p"])
def test_processed_scan_finds_its_mates(query: str) -> None:
    truth = guns("fadul3d")
    some = sorted(truth)[::3]
    name = f"fadul3d/{query}"
    names = sorted({name, *some, *[n for n in truth if truth[n] == truth[name]]})
    scores = ranked(name, names)
    mates = [value for value, other in scores if truth[other] == truth[name]]
    rest = [value for value, other in scores if truth[other] != truth[name]]
    assert min(mates) > 1.5 * max(rest)


@pytest.mark.parametrize(
    ("scan", "mate"),
    [
        ("k004db1.x3p", "p0001_interpolated.x3p"),
        ("k004db3.x3p", "p0003_interpolated.x3p"),
        ("k004fa3.x3p", "p0006.x3p"),
    ],
)
def test_the_same_case_on_two_instruments_is_found(scan: str, mate: str) -> None:
    names = [n for n in guns("topmatch3d") if n.rsplit("/", 1)[1] not in ("k004db2.x3p",)][::2]
    query, expected = f"topmatch3d/{scan}", f"topmatch3d/{mate}"
    first, *_ = ranked(query, sorted({*names, query, expected}))
    assert first[1] == expected


def test_mates_with_half_of_their_area_lost_stay_above_all_others() -> None:
    truth = guns("fadul3d")
    names = [f"fadul3d/fadul-{number}.x3p" for number in ("1-1", "1-2", "2-1", "2-2", "3-1", "3-2")]
    marks = {n: prepare(degrade(read_surface(REAL / n), "area50", n)) for n in names}
    mates, others = [], []
    for first, second in combinations(names, 2):
        found = mates if truth[first] == truth[second] else others
        found.append(compare(marks[first], marks[second]).score)
    assert min(mates) > 1.3 * max(others)
