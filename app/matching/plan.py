"""Which pictures a search compares its query with, and why the others are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain import CartridgeCase, Light, Provenance

CHARACTERISTICS = ("calibre", "firing_pin_shape", "breech_face_class")


@dataclass(frozen=True, slots=True)
class Plan:
    """The references of a search.

    ``left_out`` counts those excluded by class characteristics, ``without_scale`` those whose
    scale is not known yet.
    """

    references: tuple[Provenance, ...]
    left_out: int
    without_scale: int


def plan(query: Provenance, held: Iterable[Provenance], everything: bool = False) -> Plan:
    """Choose from ``held`` what ``query`` is compared with; ``everything`` ignores class."""
    references: list[Provenance] = []
    left_out = without_scale = 0
    for other in held:
        if not comparable(query, other):
            continue
        if not everything and not same_class(query.cartridge_case, other.cartridge_case):
            left_out += 1
        elif other.acquired.pixel_um is None:
            without_scale += 1
        else:
            references.append(other)
    return Plan(tuple(references), left_out, without_scale)


def comparable(query: Provenance, other: Provenance) -> bool:
    """Whether the two are pictures of the same kind of mark, made alike, of two specimens."""
    return (
        other.acquired.id != query.acquired.id
        and other.acquired.superseded_by is None
        and other.cartridge_case.id != query.cartridge_case.id
        and other.mark.kind == query.mark.kind
        and other.acquired.kind == query.acquired.kind
        and same_light(query.acquired.record.light, other.acquired.record.light)
    )


def same_light(left: Light, right: Light) -> bool:
    """Whether the lights may be the same; an unknown one goes with all."""
    return left == right or Light.UNKNOWN in (left, right)


def same_class(left: CartridgeCase, right: CartridgeCase) -> bool:
    """Whether no known class characteristic differs; an empty one agrees with all.

    Characteristics are compared without regard to capitals and blanks.
    """
    return all(_agree(getattr(left, name), getattr(right, name)) for name in CHARACTERISTICS)


def _agree(left: str, right: str) -> bool:
    left, right = "".join(left.split()).casefold(), "".join(right.split()).casefold()
    return not left or not right or left == right
