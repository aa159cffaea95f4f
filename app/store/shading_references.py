"""Flat and dark references of a camera and its optics; nothing of them is ever changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.domain import Author, Light, Optics, new_id, now
from app.store.codec import Codec, canonical
from app.store.records import Records


@dataclass(frozen=True, slots=True)
class ShadingReference:
    """A reference picture kept under ``digest`` (SHA-256), the mean of ``frames`` frames.

    Of one kind, optics and light the newest is in force; one without a digest says that none is
    from then on. A dark one holds for every light, and so does a flat one of unknown light.
    """

    kind: Literal["flat", "dark"]
    optics: Optics
    digest: str = ""
    light: Light = Light.UNKNOWN
    width: int = 0
    height: int = 0
    frames: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    author: Author | None = None
    made_at: str = ""
    id: str = field(default_factory=new_id)


def _encode(one: ShadingReference) -> Sequence[Any]:
    who, optics = one.author or Author("", "", ""), one.optics
    return (
        *(one.id, one.kind, optics.camera, optics.objective, optics.zoom, str(one.light)),
        *(one.digest, one.width, one.height, one.frames, canonical(one.facts), one.note),
        *(one.made_at, who.agency, who.station, who.examiner, who.ori),
    )


def _decode(r: Sequence[Any]) -> ShadingReference:
    return ShadingReference(
        *(r[1], Optics(r[2], r[3], r[4]), r[6], Light(r[5]), r[7], r[8], r[9]),
        *(json.loads(r[10]), r[11], Author(*r[13:17]), r[12], r[0]),
    )


SHADING_REFERENCE: Codec[ShadingReference] = Codec(
    "shading_reference",
    "id kind camera objective zoom light digest width height frames facts note made_at "
    "made_agency made_station made_examiner made_ori",
    _encode,
    _decode,
)

VOUCHED: tuple[Codec[Any], ...] = (SHADING_REFERENCE,)


class ShadingReferences(Records):
    """Every reference there ever was stays, for pictures are read with it."""

    def add_shading_reference(self, reference: ShadingReference) -> ShadingReference:
        """Keep one, with who and when where that is not given."""
        with self._change() as author:
            kept = replace(
                reference, author=reference.author or author, made_at=reference.made_at or now()
            )
            facts = {"kind": kept.kind, "camera": kept.optics.camera, "digest": kept.digest}
            self._add(SHADING_REFERENCE, kept, facts)
        return kept

    def shading_references(self) -> tuple[ShadingReference, ...]:
        """All there ever were, oldest first."""
        return self._all(SHADING_REFERENCE, "1")
