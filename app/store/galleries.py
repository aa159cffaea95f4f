"""All that may be searched of one kind of mark, in one lean query."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from app.domain import Circle, MarkKind
from app.store.records import Records
from correlation.surface import Kind

_SELECT = """
SELECT p.id, p.digest, p.pixel_um, p.units, p.light, c.id,
    c.calibre, c.firing_pin_shape, c.breech_face_class, k.number, x.number, c.label,
    r.outer_x_um, r.outer_y_um, r.outer_radius_um, r.inner_x_um, r.inner_y_um, r.inner_radius_um,
    CASE WHEN instr(p.settings, '"verdict":"redo"')
    THEN json_extract(p.settings, '$.quality.verdict') IS 'redo' ELSE 0 END
FROM {kind} p
JOIN mark m ON m.id = p.mark_id
JOIN cartridge_case c ON c.id = m.cartridge_case_id
JOIN exhibit x ON x.id = c.exhibit_id
JOIN "case" k ON k.id = x.case_id
LEFT JOIN region r ON r.seq = (
    SELECT seq FROM region WHERE acquired_id = p.id ORDER BY source = 'examiner' DESC, seq DESC
)
WHERE p.superseded_by IS NULL AND m.kind = ?{area}
ORDER BY p.seq
"""
_WITHIN = " AND k.agency_id IN (SELECT value FROM json_each(?))"
_OUTSIDE = """
SELECT count(*)
FROM {kind} p
JOIN mark m ON m.id = p.mark_id
JOIN cartridge_case c ON c.id = m.cartridge_case_id
JOIN exhibit x ON x.id = c.exhibit_id
JOIN "case" k ON k.id = x.case_id
WHERE p.superseded_by IS NULL AND m.kind = ?
AND k.agency_id NOT IN (SELECT value FROM json_each(?))
"""


class Reference(NamedTuple):
    """What a search must know of a picture before it looks at its pixels.

    ``units`` is JSON as stored; ``outer_x_um`` is None where no region was found yet.
    ``held_back`` is 1 where its quality asks for another picture.
    """

    acquired_id: str
    digest: str
    pixel_um: float | None
    units: str
    light: str
    cartridge_case_id: str
    calibre: str
    firing_pin_shape: str
    breech_face_class: str
    case_number: str
    exhibit_number: str
    label: str
    outer_x_um: float | None
    outer_y_um: float | None
    outer_radius_um: float | None
    inner_x_um: float | None
    inner_y_um: float | None
    inner_radius_um: float | None
    held_back: int = 0

    @property
    def name(self) -> str:
        """As ``Provenance.name``."""
        return f"{self.case_number} / {self.exhibit_number} / {self.label}"

    @property
    def circles(self) -> tuple[Circle, ...]:
        """Outer and, where there is one, inner circle of the region; nothing without a region."""
        found = []
        if None not in (self.outer_x_um, self.outer_y_um, self.outer_radius_um):
            found.append(Circle(*self[12:15]))  # type: ignore[arg-type]
        if None not in (self.inner_x_um, self.inner_y_um, self.inner_radius_um):
            found.append(Circle(*self[15:18]))  # type: ignore[arg-type]
        return tuple(found)


_NAMES = """
SELECT p.id, m.id, c.id, k.number, x.number, c.label
FROM {kind} p
JOIN mark m ON m.id = p.mark_id
JOIN cartridge_case c ON c.id = m.cartridge_case_id
JOIN exhibit x ON x.id = c.exhibit_id
JOIN "case" k ON k.id = x.case_id
WHERE p.superseded_by IS NULL
"""


class Named(NamedTuple):
    """By what people and programs call a picture."""

    acquired_id: str
    mark_id: str
    cartridge_case_id: str
    case_number: str
    exhibit_number: str
    label: str

    @property
    def name(self) -> str:
        """As ``Provenance.name``."""
        return f"{self.case_number} / {self.exhibit_number} / {self.label}"


class Galleries(Records):
    """What searches choose their references from."""

    def gallery(
        self, mark: MarkKind, kind: Kind, agencies: Iterable[str] | None = None
    ) -> tuple[Reference, ...]:
        """The current pictures of one kind of one kind of mark, in the order of addition.

        With ``agencies`` (ids) only those in their cases.
        """
        area = "" if agencies is None else _WITHIN
        asked = (str(mark),) if agencies is None else (str(mark), json.dumps(sorted(agencies)))
        sql = _SELECT.format(kind=kind, area=area)
        return tuple(map(Reference._make, self._connection.rows(sql, asked)))

    def outside(self, mark: MarkKind, kind: Kind, agencies: Iterable[str]) -> int:
        """How many such pictures are in the cases of other agencies."""
        asked = (str(mark), json.dumps(sorted(agencies)))
        found = self._connection.row(_OUTSIDE.format(kind=kind), asked)
        return int(found[0]) if found else 0

    def names(self) -> tuple[Named, ...]:
        """What all current pictures are called, images first."""
        rows = (self._connection.rows(_NAMES.format(kind=kind)) for kind in ("image", "scan"))
        return tuple(Named._make(row) for part in rows for row in part)
