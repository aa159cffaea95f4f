"""What is registered comes back as it was, once, and is refused in words where it cannot be."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.domain import (
    Agency,
    Author,
    CartridgeCase,
    Case,
    CaseheadError,
    Circle,
    Event,
    Exhibit,
    Firearm,
    Mark,
    MarkKind,
    Region,
    Role,
    new_id,
)
from app.store import Casebook
from tests.app.store.store_parts import JANE, Planted, picture, plant, save


def test_everything_registered_is_there_after_a_restart(
    casebook: Casebook, reopened: Callable[[], Casebook]
) -> None:
    case = casebook.add_case(Case("2026-0412", title="Harbour"))
    event = casebook.add_event(Event(case.id, "shooting", "2026-01-04", "Quay 3"))
    exhibit = casebook.add_exhibit(Exhibit(case.id, "3", "from the floor", event.id))
    firearm = casebook.add_firearm(Firearm(exhibit.id, "Ruger", "P95", "123", "9 mm"))
    fired = casebook.add_cartridge_case(
        CartridgeCase(
            exhibit.id, "3A", Role.TEST_FIRE, "9 mm", "round", "milled", "WIN", firearm.id
        )
    )
    mark = casebook.add_mark(Mark(fired.id, MarkKind.EJECTOR))
    acquired = save(casebook, mark.id)
    with reopened() as again:
        assert again.cases() == (case,)
        assert again.events(case.id) == (event,)
        assert again.exhibits(case.id) == (exhibit,)
        assert again.firearms() == (firearm,)
        assert again.cartridge_cases(exhibit.id) == (fired,)
        assert again.marks(fired.id) == (mark,)
        assert again.acquired_of(mark.id) == (acquired,)
        assert again.pixels(acquired.digest) == b"pixels"
        found = again.provenance(acquired.id)
        assert found.name == "2026-0412 / 3 / 3A"
        assert (found.acquired, found.mark, found.cartridge_case) == (acquired, mark, fired)
        assert (found.exhibit, found.case, found.agency) == (exhibit, case, again.agency())
        assert again.provenances() == (found,)
        assert again.author == JANE


def test_records_are_found_by_what_people_call_them(casebook: Casebook, planted: Planted) -> None:
    assert casebook.find_case("2026-0412") == planted.case
    assert casebook.find_case("2026-0412", "another agency") is None
    assert casebook.find_exhibit(planted.case.id, "3") == planted.exhibit
    assert casebook.find_exhibit(planted.case.id, "4") is None
    assert casebook.find_cartridge_case(planted.exhibit.id, "3A") == planted.cartridge_case
    assert casebook.find_mark(planted.cartridge_case.id, MarkKind.BREECH_FACE) == planted.mark
    assert casebook.find_mark(planted.cartridge_case.id, MarkKind.CHAMBER) is None


def test_a_case_of_a_partner_keeps_its_agency(casebook: Casebook, planted: Planted) -> None:
    partner = casebook.add_agency(Agency(new_id(), "Lab South", "OR0020000"))
    theirs = casebook.add_case(Case("2026-0412", agency_id=partner.id))
    assert casebook.find_case("2026-0412") == planted.case
    assert casebook.find_case("2026-0412", partner.id) == theirs
    assert casebook.agencies() == (casebook.agency(), partner)


def test_numbers_in_use_are_refused_in_words(casebook: Casebook, planted: Planted) -> None:
    before = casebook.journal()
    with pytest.raises(CaseheadError, match="Case 2026-0412 is already there"):
        casebook.add_case(Case("2026-0412"))
    with pytest.raises(CaseheadError, match="Exhibit 3 is already in the case"):
        casebook.add_exhibit(Exhibit(planted.case.id, "3"))
    with pytest.raises(CaseheadError, match="Cartridge case 3A is already in the exhibit"):
        casebook.add_cartridge_case(CartridgeCase(planted.exhibit.id, "3A"))
    with pytest.raises(CaseheadError, match="breech face mark of this cartridge case"):
        casebook.add_mark(Mark(planted.cartridge_case.id))
    assert casebook.journal() == before


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_numbers_are_refused_in_words(
    casebook: Casebook, planted: Planted, blank: str
) -> None:
    for add, value in (
        (casebook.add_case, Case(blank)),
        (casebook.add_exhibit, Exhibit(planted.case.id, blank)),
        (casebook.add_cartridge_case, CartridgeCase(planted.exhibit.id, blank)),
        (casebook.add_agency, Agency(new_id(), blank)),
    ):
        with pytest.raises(CaseheadError, match="needs a"):
            add(value)  # type: ignore[operator]


def test_the_very_same_record_twice_is_there_once(casebook: Casebook, planted: Planted) -> None:
    acquired = save(casebook, planted.mark.id)
    region = casebook.add_region(Region(acquired.id, Circle(1, 2, 3), None, 1))
    before = casebook.journal()
    assert casebook.add_case(planted.case) == planted.case
    assert casebook.add_exhibit(planted.exhibit) == planted.exhibit
    assert casebook.add_cartridge_case(planted.cartridge_case) == planted.cartridge_case
    assert casebook.add_mark(planted.mark) == planted.mark
    assert casebook.add_acquired(acquired) == acquired
    assert casebook.add_region(region) == region
    assert casebook.journal() == before


def test_another_record_under_the_same_id_is_refused(casebook: Casebook, planted: Planted) -> None:
    acquired = save(casebook, planted.mark.id)
    with pytest.raises(CaseheadError, match="already holds another case"):
        casebook.add_case(replace(planted.case, title="other"))
    with pytest.raises(CaseheadError, match="already holds another image"):
        casebook.add_acquired(replace(acquired, pixel_um=1.0))
    with pytest.raises(CaseheadError, match="as image, not as scan"):
        casebook.add_acquired(replace(acquired, kind="scan"))
    assert casebook.acquired(acquired.id) == acquired


def test_what_a_record_belongs_to_must_be_there(casebook: Casebook) -> None:
    before = casebook.journal()
    for add, value in (
        (casebook.add_exhibit, Exhibit(new_id(), "1")),
        (casebook.add_mark, Mark(new_id())),
        (casebook.add_acquired, picture(new_id(), "a" * 64)),
        (casebook.add_region, Region(new_id(), Circle(0, 0, 1), None, 0.5)),
    ):
        with pytest.raises(CaseheadError, match="this casebook does not hold"):
            add(value)  # type: ignore[operator]
    assert casebook.journal() == before
    assert casebook.check() == ()


def test_unknown_ids_are_told(casebook: Casebook) -> None:
    for look in (casebook.acquired, casebook.provenance):
        with pytest.raises(CaseheadError, match="no image or scan"):
            look(new_id())
    with pytest.raises(CaseheadError, match="no search"):
        casebook.search(new_id())


def test_nothing_is_recorded_before_the_author_is_known(folder: Path) -> None:
    with Casebook.open(folder) as casebook:
        assert casebook.author is None
        assert casebook.find_case("1") is None
        for act in (lambda: casebook.add_case(Case("1")), casebook.agency):
            with pytest.raises(CaseheadError, match="give agency, station and examiner"):
                act()
        with pytest.raises(CaseheadError, match="name of the station"):
            casebook.set_author(Author("Lab", " ", "Jane"))
        casebook.set_author(JANE)
        assert casebook.add_case(Case("1")).agency_id == casebook.agency().id


def test_every_record_says_who_made_it_where_and_when(casebook: Casebook, folder: Path) -> None:
    save(casebook, plant(casebook).mark.id)
    casebook.set_author(replace(JANE, examiner="John Roe", station="Bench 2"))
    casebook.add_case(Case("second"))
    casebook.close()
    with closing(sqlite3.connect(folder / "casebook.sqlite")) as raw:
        sql = "SELECT examiner, station, agency, created_at > '2020' FROM \"case\" ORDER BY seq"
        assert raw.execute(sql).fetchall() == [
            ("Jane Doe", "Bench 1", "Lab North", 1),
            ("John Roe", "Bench 2", "Lab North", 1),
        ]
        assert raw.execute("SELECT examiner, station FROM image").fetchall() == [
            ("Jane Doe", "Bench 1")
        ]


def test_a_second_examiner_does_not_make_a_second_agency(casebook: Casebook) -> None:
    first = casebook.agency()
    casebook.set_author(replace(JANE, examiner="John Roe"))
    assert casebook.agency() == first
    assert len(casebook.agencies()) == 1


def test_a_scale_settled_later_supersedes_and_keeps(casebook: Casebook, planted: Planted) -> None:
    digest = casebook.keep_pixels(b"pixels", "png")
    old = casebook.add_acquired(picture(planted.mark.id, digest, pixel_um=None))
    new = casebook.supersede_acquired(old.id, replace(old, pixel_um=3.1))
    assert new.id != old.id
    assert new.pixel_um == 3.1
    assert casebook.acquired(old.id) == replace(old, superseded_by=new.id)
    assert casebook.acquired_of(planted.mark.id) == (new,)
    assert casebook.all_acquired(superseded=True) == (casebook.acquired(old.id), new)
    assert casebook.find_acquired(planted.mark.id, digest) == new
    assert [p.acquired for p in casebook.provenances()] == [new]
    assert casebook.provenance(old.id).acquired.superseded_by == new.id
    with pytest.raises(CaseheadError, match="replaced by a newer one"):
        casebook.supersede_acquired(old.id, replace(old, pixel_um=4.0))
    with pytest.raises(CaseheadError, match="same pixels"):
        casebook.supersede_acquired(new.id, replace(new, digest="b" * 64, id=new_id()))
    assert casebook.add_acquired(old).superseded_by == new.id
    assert casebook.check() == ()


def test_an_entry_received_again_tells_what_was_superseded_meanwhile(
    casebook: Casebook, planted: Planted
) -> None:
    digest = casebook.keep_pixels(b"pixels", "png")
    first = casebook.add_acquired(picture(planted.mark.id, digest, pixel_um=None))
    second = picture(planted.mark.id, digest, pixel_um=2.0)
    with casebook.transaction():
        casebook.add_acquired(replace(first, superseded_by=second.id))
        casebook.add_acquired(second)
    assert casebook.acquired_of(planted.mark.id) == (second,)


def test_scans_and_images_are_both_pictures_of_a_mark(casebook: Casebook, planted: Planted) -> None:
    image = save(casebook, planted.mark.id)
    digest = casebook.keep_pixels(b"heights", "x3p")
    scan = replace(
        picture(planted.mark.id, digest, kind="scan", bits=64, lossy=True),
        file_format="x3p",
        units={"x": "mm", "z": "um"},
        warnings=("The unit was guessed.",),
    )
    assert casebook.add_acquired(scan) == scan
    assert casebook.acquired_of(planted.mark.id) == (image, scan)
    assert casebook.acquired(scan.id) == scan
    assert [p.acquired for p in casebook.provenances()] == [image, scan]


def test_camera_settings_of_any_kind_can_be_stored(casebook: Casebook, planted: Planted) -> None:
    odd = {"gain": np.float32(1.5), "frames": np.int64(3), "focus": float("nan"), "roi": (1, 2)}
    acquired = picture(planted.mark.id, casebook.keep_pixels(b"1", "png"))
    acquired = replace(acquired, record=replace(acquired.record, settings=odd))
    stored = casebook.add_acquired(acquired)
    assert stored.record.settings == {"gain": 1.5, "frames": 3, "focus": None, "roi": [1, 2]}


def test_an_examiners_region_beats_the_automatic_ones(casebook: Casebook, planted: Planted) -> None:
    acquired = save(casebook, planted.mark.id)
    assert casebook.region_of(acquired.id) is None
    outer, inner = Circle(1000.0, 900.0, 800.0), Circle(990.0, 905.0, 200.0)
    casebook.add_region(Region(acquired.id, outer, None, 0.4))
    found = casebook.add_region(Region(acquired.id, outer, inner, 0.6))
    assert casebook.region_of(acquired.id) == found
    corrected = casebook.add_region(Region(acquired.id, inner, None, 1.0, "examiner"))
    casebook.add_region(Region(acquired.id, outer, inner, 0.9))
    assert casebook.region_of(acquired.id) == corrected


def test_settings_are_kept_as_json(casebook: Casebook, reopened: Callable[[], Casebook]) -> None:
    assert casebook.setting("window") is None
    assert casebook.setting("window", 7) == 7
    casebook.set_setting("window", {"width": 1366})
    casebook.set_setting("window", {"width": 1920, "tabs": [1, 2]})
    casebook.set_setting("author", "no one")
    with reopened() as again:
        assert again.setting("window") == {"width": 1920, "tabs": [1, 2]}
        assert again.author == JANE


@pytest.mark.parametrize("pictures", [3, 40])
def test_lists_take_one_statement_however_long(casebook: Casebook, pictures: int) -> None:
    mark = plant(casebook).mark
    with casebook.transaction():
        for number in range(pictures):
            casebook.add_acquired(picture(mark.id, f"{number:064x}"))
    said: list[str] = []
    raw = casebook._connection._raw
    raw.set_trace_callback(said.append)
    assert len(casebook.provenances()) == len(casebook.all_acquired()) == pictures
    raw.set_trace_callback(None)
    assert len(said) == 2
    plan = casebook._connection.rows("EXPLAIN QUERY PLAN " + said[0])
    assert not [row[3] for row in plan if "SCAN" in row[3]]
