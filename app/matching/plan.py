"""Which pictures a search compares its query with, and why the others are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.domain import CartridgeCase, Light, Provenance
from app.store import Reference


class Classed(Protocol):
    """Something with class characteristics; an empty one is unknown."""

    @property
    def calibre(self) -> str: ...
    @property
    def firing_pin_shape(self) -> str: ...
    @property
    def breech_face_class(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """The references of a search.

    ``left_out`` counts those excluded by class characteristics, ``without_scale`` those whose
    scale is not known yet, ``held_back`` those whose quality asks for another picture.
    """

    references: tuple[Reference, ...]
    left_out: int = 0
    without_scale: int = 0
    held_back: int = 0


def plan(query: Provenance, gallery: Iterable[Reference], everything: bool = False) -> Plan:
    """Choose from the pictures of the same kind and kind of mark what ``query`` is compared with.

    Pictures of the query's own cartridge case and those under another light are no references;
    ``everything`` ignores class characteristics.
    """
    mine = _characteristics(query.cartridge_case)
    light, own = query.acquired.record.light, query.cartridge_case.id
    agreeing: dict[tuple[str, str, str], bool] = {}
    references: list[Reference] = []
    left_out = without_scale = held_back = 0
    for other in gallery:
        if other.cartridge_case_id == own or not same_light(light, Light(other.light)):
            continue
        theirs = _characteristics(other)
        if theirs not in agreeing:
            agreeing[theirs] = all(map(_agree, mine, theirs))
        if not everything and not agreeing[theirs]:
            left_out += 1
        elif other.pixel_um is None:
            without_scale += 1
        elif other.held_back:
            held_back += 1
        else:
            references.append(other)
    return Plan(tuple(references), left_out, without_scale, held_back)


def same_light(left: Light, right: Light) -> bool:
    """Whether the lights may be the same; an unknown one goes with all."""
    return left == right or Light.UNKNOWN in (left, right)


def same_class(left: CartridgeCase, right: CartridgeCase) -> bool:
    """Whether no known class characteristic differs; an empty one agrees with all.

    Characteristics are compared without regard to capitals and blanks.
    """
    return all(map(_agree, _characteristics(left), _characteristics(right)))


def _characteristics(one: Classed) -> tuple[str, str, str]:
    return one.calibre, one.firing_pin_shape, one.breech_face_class


def _agree(left: str, right: str) -> bool:
    left, right = "".join(left.split()).casefold(), "".join(right.split()).casefold()
    return not left or not right or left == right
