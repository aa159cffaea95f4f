"""Which pictures a search compares its query with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain import (
    Acquired,
    Agency,
    Author,
    CaptureRecord,
    CartridgeCase,
    Case,
    Exhibit,
    Light,
    Mark,
    Provenance,
)
from app.matching.plan import plan
from app.store import Reference

RECORD = CaptureRecord("", Author("Laboratory", "bench", "J. Doe"))


def place(
    light: Light = Light.RING,
    pixel_um: float | None = 2.5,
    **characteristics: str,
) -> Provenance:
    """A picture of a cartridge case of its own."""
    cartridge_case = CartridgeCase("exhibit", "1", **characteristics)  # type: ignore[arg-type]
    mark = Mark(cartridge_case.id)
    record = replace(RECORD, light=light)
    acquired = Acquired(mark.id, "image", "0" * 64, 10, 10, "png", record, pixel_um)
    exhibit = Exhibit("case", "1", id="exhibit")
    return Provenance(acquired, mark, cartridge_case, exhibit, Case("7"), Agency("a", "Lab"))


def held(place: Provenance) -> Reference:
    """The same as the casebook's gallery has it."""
    acquired, case = place.acquired, place.cartridge_case
    return Reference(
        *(acquired.id, acquired.digest, acquired.pixel_um, "{}", str(acquired.record.light)),
        *(case.id, case.calibre, case.firing_pin_shape, case.breech_face_class),
        *(place.case.number, place.exhibit.number, case.label),
        *(None,) * 6,
    )


@pytest.mark.parametrize(
    ("mine", "other", "compared"),
    [
        ({}, {}, True),
        ({"calibre": "9 mm Luger"}, {}, True),
        ({"calibre": "9 mm Luger"}, {"calibre": "9mm LUGER "}, True),
        ({"calibre": "9 mm Luger"}, {"calibre": ".40 S&W"}, False),
        ({"firing_pin_shape": "circular"}, {"firing_pin_shape": "elliptical"}, False),
        ({"breech_face_class": "arched"}, {"breech_face_class": "parallel"}, False),
        ({"calibre": "9 mm Luger"}, {"breech_face_class": "parallel"}, True),
        (
            {"calibre": "9 mm Luger", "firing_pin_shape": "circular"},
            {"calibre": "9 mm Luger", "firing_pin_shape": "rectangular"},
            False,
        ),
    ],
)
def test_known_class_characteristics_must_agree(
    mine: dict[str, str], other: dict[str, str], compared: bool
) -> None:
    query = place(**mine)  # type: ignore[arg-type]
    reference = held(place(**other))  # type: ignore[arg-type]
    chosen = plan(query, [held(query), reference])
    assert chosen.references == ((reference,) if compared else ())
    assert chosen.left_out == (0 if compared else 1)
    without_filter = plan(query, [held(query), reference], everything=True)
    assert without_filter.references == (reference,) and without_filter.left_out == 0


@pytest.mark.parametrize(
    ("mine", "other", "compared"),
    [
        (Light.RING, Light.RING, True),
        (Light.RING, Light.SIDE, False),
        (Light.SIDE, Light.RING, False),
        (Light.RING, Light.UNKNOWN, True),
        (Light.UNKNOWN, Light.SIDE, True),
    ],
)
def test_lights_are_never_mixed_not_even_in_a_search_of_everything(
    mine: Light, other: Light, compared: bool
) -> None:
    chosen = plan(place(mine), [held(place(other))], everything=True)
    assert len(chosen.references) == compared and chosen.left_out == 0


def test_neither_itself_nor_the_same_cartridge_case() -> None:
    query = place()
    again = replace(query, acquired=replace(query.acquired, id="another"))
    assert plan(query, [held(query), held(again)]).references == ()


def test_what_is_to_be_captured_again_is_counted_apart() -> None:
    waiting = held(place(calibre="9 mm Luger"))._replace(held_back=1)
    chosen = plan(place(calibre="9 mm Luger"), [waiting], everything=True)
    assert (chosen.references, chosen.left_out, chosen.held_back) == ((), 0, 1)


def test_what_has_no_scale_is_counted_apart() -> None:
    chosen = plan(place(calibre="9 mm Luger"), [held(place(pixel_um=None))])
    assert (chosen.references, chosen.left_out, chosen.without_scale) == ((), 0, 1)
