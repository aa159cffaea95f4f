"""Lists of several marks joined by cartridge case and by gun, from a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from app.domain import CaseheadError, Review, SearchState
from app.matching.fusion import Finding, FusedList, Fusion, Missing, Specimen
from app.store import Casebook
from correlation.fusion import DEFAULTS
from tests.app.matching.several_marks import (
    BREECH,
    PIN,
    Story,
    add_search,
    build,
    fill,
    score,
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return build(tmp_path_factory.mktemp("several") / "casebook")


@pytest.fixture
def casebook(told: Story, tmp_path: Path) -> Iterator[Casebook]:
    """On a copy."""
    copytree(told.folder, tmp_path / "casebook")
    with Casebook.open(tmp_path / "casebook") as opened:
        yield opened


def fused(casebook: Casebook, told: Story) -> FusedList:
    return Fusion(casebook).of_cartridge_case(told.query_case_id)


def specimen(listed: FusedList, name: str) -> Specimen:
    case, label = name.split("/")
    return next(
        s
        for s in listed.specimens
        if (s.provenance.case.number, s.provenance.cartridge_case.label) == (case, label)
    )


def finding(listed: FusedList, name: str, column: int) -> Finding:
    return specimen(listed, name).findings[column]


def test_marks_are_joined_by_cartridge_case(casebook: Casebook, told: Story) -> None:
    listed = fused(casebook, told)
    assert [column.mark for column in listed.columns] == [BREECH, PIN]
    assert listed.query.name == "2026-0471 / 1 / 1A"
    names = [told.name_of(s.candidates[0].acquired_id) for s in listed.specimens]
    assert names[0] == "2026-0440/T1"
    assert names[-1] == "2026-0460/1A"
    assert [s.rank for s in listed.specimens] == [1, 2, 3, 4, 5]
    values = [s.value for s in listed.specimens]
    assert values == sorted(values, reverse=True)


def test_each_mark_keeps_its_own_score_rank_and_pictures(casebook: Casebook, told: Story) -> None:
    pin = finding(fused(casebook, told), "2026-0412/1A", 1)
    assert pin.candidate is not None
    assert (pin.candidate.score.score, pin.candidate.rank) == (0.12, 3)
    assert pin.query_id == told.pictures[PIN, "2026-0471/1A"]
    assert pin.reference_id == told.pictures[PIN, "2026-0412/1A"]


def test_a_missing_mark_is_told_and_worth_nothing(casebook: Casebook, told: Story) -> None:
    listed = fused(casebook, told)
    assert finding(listed, "2026-0451/1A", 1).missing is Missing.NO_PICTURE
    fallen = finding(listed, "2026-0460/1A", 1)
    assert fallen.missing is Missing.NOT_COMPARED
    assert listed.not_compared == (fallen,)
    assert finding(listed, "2026-0451/1A", 0).log_odds == specimen(listed, "2026-0451/1A").value


def test_specimens_of_one_firearm_are_one_row(casebook: Casebook, told: Story) -> None:
    guns = fused(casebook, told).guns
    assert [len(gun.specimens) for gun in guns].count(2) == 1
    first = guns[0]
    assert first.name == "Norvik NK-2"
    assert [s.provenance.cartridge_case.label for s in first.specimens] == ["T1", "T2"]
    assert first.specimens[1].value < first.gathered.value < first.specimens[0].value
    assert first.gathered.specimens == 2
    assert [gun.rank for gun in guns] == [1, 2, 3, 4]


def test_only_what_is_known_to_be_of_one_gun_is_put_together(
    casebook: Casebook, told: Story
) -> None:
    # evidence of one exhibit may be of several guns
    evidence = [g for g in fused(casebook, told).guns if g.name.startswith("2026")]
    assert all(len(gun.specimens) == 1 for gun in evidence)


def test_a_search_that_runs_says_not_yet(casebook: Casebook, told: Story) -> None:
    search_id = add_search(casebook, told, PIN, {}, SearchState.RUNNING, surveyed=2)
    listed = fused(casebook, told)
    assert finding(listed, "2026-0412/1A", 1).missing is Missing.NOT_YET
    assert listed.not_compared == ()
    fill(casebook, told, PIN, search_id, {"2026-0412/1A": 0.4})
    assert finding(fused(casebook, told), "2026-0412/1A", 1).candidate is not None


def test_a_score_of_another_version_is_shown_and_adds_nothing(
    casebook: Casebook, told: Story
) -> None:
    before = specimen(fused(casebook, told), "2026-0460/1A")
    missing = before.findings[1]
    Fusion(casebook).filled(missing, score(0.9, version="0.1"))
    after = specimen(fused(casebook, told), "2026-0460/1A")
    assert after.findings[1].candidate is not None
    assert after.findings[1].log_odds is None
    assert after.value == before.value


def test_a_comparison_on_demand_takes_its_place_in_the_list(
    casebook: Casebook, told: Story
) -> None:
    kept = casebook.candidates(told.searches[PIN])[0]
    casebook.review_candidate(kept.id, Review.KEPT)
    stored = Fusion(casebook).filled(fused(casebook, told).not_compared[0], score(0.2))
    found = casebook.candidates(told.searches[PIN])
    assert [c.rank for c in found] == [1, 2, 3, 4]
    assert found[2] == stored
    assert found[0] == casebook.candidate(kept.id)
    assert found[0].review is Review.KEPT
    assert fused(casebook, told).not_compared == ()


def test_nothing_searched_gets_a_sentence(casebook: Casebook, told: Story) -> None:
    other = casebook.provenance(told.pictures[BREECH, "2026-0451/1A"]).cartridge_case.id
    with pytest.raises(CaseheadError, match="search one first"):
        Fusion(casebook).of_cartridge_case(other)


def test_the_value_is_that_of_the_library(casebook: Casebook, told: Story) -> None:
    one = specimen(fused(casebook, told), "2026-0440/T1")
    assert one.value == pytest.approx(sum(f.log_odds or 0 for f in one.findings))
    kinds = [(f.column.kind, f.column.mark.value) for f in one.findings]
    odds = [DEFAULTS[kind].evidence(v) for kind, v in zip(kinds, (0.42, 0.55), strict=True)]  # type: ignore[index]
    assert one.value == pytest.approx(sum(odds))
