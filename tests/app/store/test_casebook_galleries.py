"""What searches choose from: the current pictures of one kind, with the region in force."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain import Circle, Mark, MarkKind, Region
from app.matching.keys import digest_of, digest_of_reference
from app.store import Casebook
from tests.app.store.store_parts import Planted, picture, plant, save

BREECH = MarkKind.BREECH_FACE
OUTER, INNER = Circle(1000.5, 1000, 900), Circle(1010, 990, 400.25)


def ids(casebook: Casebook, kind: str = "image", mark: MarkKind = BREECH) -> list[str]:
    return [one.acquired_id for one in casebook.gallery(mark, kind)]  # type: ignore[arg-type]


def test_it_has_the_current_pictures_of_that_kind_of_that_mark(
    casebook: Casebook, planted: Planted
) -> None:
    first = save(casebook, planted.mark.id, b"one")
    pin = casebook.add_mark(Mark(planted.cartridge_case.id, MarkKind.FIRING_PIN))
    other = save(casebook, pin.id, b"two")
    scan = casebook.add_acquired(
        picture(planted.mark.id, casebook.keep_pixels(b"three", "x3p"), kind="scan")
    )
    assert (ids(casebook), ids(casebook, "scan")) == ([first.id], [scan.id])
    assert ids(casebook, mark=MarkKind.FIRING_PIN) == [other.id]
    newer = casebook.supersede_acquired(first.id, replace(first, pixel_um=3.0))
    assert ids(casebook) == [newer.id]


def test_a_reference_is_what_its_records_say(casebook: Casebook) -> None:
    place = plant(casebook, "2026-7", "9B")
    saved = save(casebook, place.mark.id)
    (one,) = casebook.gallery(BREECH, "image")
    assert one.name == casebook.provenance(saved.id).name == "2026-7 / 3 / 9B"
    assert (one.calibre, one.light, one.pixel_um, one.circles) == ("9 mm", "ring", 2.53, ())
    assert one.cartridge_case_id == place.cartridge_case.id
    assert [named.name for named in casebook.names()] == [one.name]


@pytest.mark.parametrize("inner", [INNER, None])
def test_its_mark_is_named_as_that_of_the_picture_itself(
    casebook: Casebook, planted: Planted, inner: Circle | None
) -> None:
    digest = casebook.keep_pixels(b"x", "png")
    units = {"xy": "m", "z": "um"}
    saved = casebook.add_acquired(picture(planted.mark.id, digest, units=units))

    def named() -> bytes | None:
        (one,) = casebook.gallery(BREECH, "image")
        return digest_of_reference(one, "image", BREECH)

    assert named() is None
    by_hand = Region(saved.id, OUTER, inner, 1.0, "examiner")
    for region in (Region(saved.id, OUTER, inner, 0.5), by_hand):
        casebook.add_region(region)
        assert named() == digest_of(saved, region, BREECH)
    casebook.add_region(Region(saved.id, INNER, None, 0.9))
    assert named() == digest_of(saved, by_hand, BREECH), "an examiner's region stays in force"
    assert named() != digest_of(saved, by_hand, MarkKind.EJECTOR)


def test_the_places_of_many_at_once(casebook: Casebook, planted: Planted) -> None:
    saved = [save(casebook, planted.mark.id, bytes([n])) for n in range(3)]
    newer = casebook.supersede_acquired(saved[0].id, replace(saved[0], pixel_um=3.0))
    wanted = [saved[0].id, saved[2].id, newer.id, "unknown"]
    found = casebook.provenances_of(wanted)
    assert found == {one: casebook.provenance(one) for one in wanted[:3]}
    assert casebook.provenances_of([]) == {}
