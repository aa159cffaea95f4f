"""Images and scans with their regions, and where they sit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.domain import (
    Acquired,
    CaseheadError,
    Provenance,
    Region,
    new_id,
)
from app.store.codec import Codec, canonical
from app.store.codecs import AGENCY, CARTRIDGE_CASE, CASE, EXHIBIT, MARK, PICTURES, REGION
from app.store.records import Records
from correlation.surface import Kind

_ALIASES: dict[str, Codec[Any]] = {
    "m": MARK,
    "c": CARTRIDGE_CASE,
    "x": EXHIBIT,
    "k": CASE,
    "g": AGENCY,
}


def _parts() -> Iterator[slice]:
    """Which columns of a joined row belong to the picture and to each of the others."""
    start = 0
    for codec in (PICTURES["image"], *_ALIASES.values()):
        yield slice(start, start + len(codec.columns))
        start += len(codec.columns)


_HOME, *_REST = _parts()
_ABOVE = tuple(zip(_ALIASES.values(), _REST, strict=True))


class Pictures(Records):
    """Images and scans are never changed; a later record supersedes an earlier one."""

    def add_acquired(self, acquired: Acquired) -> Acquired:
        """Add an image or scan whose pixels were kept before; the same one twice is a no-op.

        Raises CaseheadError when its mark is not here or its id belongs to other content.
        """
        codec = PICTURES[acquired.kind]
        with self.transaction():
            stored = self._find(acquired.id)
            if stored is None:
                sql = "INSERT INTO acquired (id, kind) VALUES (?, ?)"
                number = self._connection.run(sql, (acquired.id, acquired.kind))
                self._add(codec, acquired, _told(acquired), number=number)
            elif stored.kind != acquired.kind:
                raise CaseheadError(
                    f"This casebook holds {acquired.id} as {stored.kind}, not as {acquired.kind}; "
                    "nothing was changed. Ask the sender which of the two is right."
                )
            else:
                self._add(codec, acquired, {})
                self._follow(stored, acquired)
            return self.acquired(acquired.id)

    def supersede_acquired(self, old_id: str, new: Acquired, reason: str = "") -> Acquired:
        """Add a record in place of an older one of the same pixels, which stays.

        ``new`` gets a fresh id when it still has the old one's; the journal keeps the ``reason``
        where one is given. Raises CaseheadError when the
        pixels differ or the old record was superseded already.
        """
        if new.id == old_id:
            new = replace(new, id=new_id())
        new = replace(new, superseded_by=None)
        with self.transaction():
            old = self.acquired(old_id)
            if old.superseded_by is not None:
                raise CaseheadError(
                    "This record was replaced by a newer one before; open the newer one."
                )
            if (old.digest, old.kind) != (new.digest, new.kind):
                raise CaseheadError("A record can only be replaced by one of the same pixels.")
            stored = self.add_acquired(new)
            self._set_superseded(old, new.id, reason)
            return stored

    def acquired(self, acquired_id: str) -> Acquired:
        """An image or scan. Raises CaseheadError when there is none of that id."""
        found = self._find(acquired_id)
        if found is None:
            raise CaseheadError(f"There is no image or scan {acquired_id} in this casebook.")
        return found

    def acquired_of(self, mark_id: str) -> tuple[Acquired, ...]:
        """The current images and scans of a mark, in the order of addition."""
        return self._pictures("mark_id = ? AND superseded_by IS NULL", (mark_id,))

    def all_acquired(self, superseded: bool = False) -> tuple[Acquired, ...]:
        """All current images and scans, with the superseded ones too when asked."""
        return self._pictures("1" if superseded else "superseded_by IS NULL", ())

    def find_acquired(self, mark_id: str, digest: str) -> Acquired | None:
        """The current record of those pixels in a mark."""
        found = self._pictures(
            "mark_id = ? AND digest = ? AND superseded_by IS NULL", (mark_id, digest)
        )
        return found[-1] if found else None

    def provenance(self, acquired_id: str) -> Provenance:
        """Where an image or scan sits, superseded or not. Raises CaseheadError when unknown."""
        found = self._provenances("p.id = ?", (acquired_id,))
        if not found:
            raise CaseheadError(f"There is no image or scan {acquired_id} in this casebook.")
        return found[0]

    def provenances(self) -> tuple[Provenance, ...]:
        """Where every current image and scan sits, in the order of addition."""
        return self._provenances("p.superseded_by IS NULL", ())

    def provenances_of(self, acquired_ids: Iterable[str]) -> dict[str, Provenance]:
        """Where some images and scans sit, superseded or not, by their ids; unknown ones lack."""
        wanted = canonical(sorted(set(acquired_ids)))
        found = self._provenances("p.id IN (SELECT value FROM json_each(?))", (wanted,))
        return {one.acquired.id: one for one in found}

    def add_region(self, region: Region) -> Region:
        """Add a region; earlier ones of the picture stay as history."""
        detail = {"acquired_id": region.acquired_id, "source": region.source}
        self._add(REGION, region, detail)
        return region

    def region_of(self, acquired_id: str) -> Region | None:
        """The newest region of a picture; an examiner's beats an automatic one."""
        order = " ORDER BY source = 'examiner' DESC, seq DESC"
        return self._first(REGION, "acquired_id = ?", (acquired_id,), order)

    def _find(self, acquired_id: str) -> Acquired | None:
        found = self._pictures("id = ?", (acquired_id,))
        return found[0] if found else None

    def _pictures(self, where: str, parameters: Sequence[Any]) -> tuple[Acquired, ...]:
        halves = (
            f"SELECT seq, '{kind}', {codec.select()} FROM {kind} WHERE {where}"
            for kind, codec in PICTURES.items()
        )
        sql = " UNION ALL ".join(halves) + " ORDER BY 1"
        rows = self._connection.rows(sql, (*parameters, *parameters))
        return tuple(PICTURES[row[1]].decode(row[2:]) for row in rows)

    def _provenances(self, where: str, parameters: Sequence[Any]) -> tuple[Provenance, ...]:
        sql = " UNION ALL ".join(_joined(kind, where) for kind in PICTURES) + " ORDER BY 1"
        rows = self._connection.rows(sql, (*parameters, *parameters))
        shared: dict[str, dict[str, Any]] = {codec.table: {} for codec in _ALIASES.values()}
        return tuple(_provenance(row[1], row[2:], shared) for row in rows)

    def _follow(self, stored: Acquired, told: Acquired) -> None:
        """Another agency has superseded its record since we got it."""
        if stored.superseded_by is None and told.superseded_by is not None:
            self._set_superseded(stored, told.superseded_by)

    def _set_superseded(self, old: Acquired, new_id: str, reason: str = "") -> None:
        self._connection.run(
            f"UPDATE {old.kind} SET superseded_by = ? WHERE id = ?", (new_id, old.id)
        )
        why = {"reason": reason} if reason else {}
        self._tell(f"{old.kind} superseded", old.id, {"by": new_id, **why})


def _told(acquired: Acquired) -> dict[str, Any]:
    return {
        "mark_id": acquired.mark_id,
        "digest": acquired.digest,
        "file_name": acquired.file_name,
        "pixel_um": acquired.pixel_um,
    }


def _joined(kind: Kind, where: str) -> str:
    columns = [
        PICTURES[kind].select("p"),
        *(codec.select(alias) for alias, codec in _ALIASES.items()),
    ]
    return (
        f"SELECT p.seq, '{kind}', {', '.join(columns)} FROM {kind} p "
        "JOIN mark m ON m.id = p.mark_id "
        "JOIN cartridge_case c ON c.id = m.cartridge_case_id "
        "JOIN exhibit x ON x.id = c.exhibit_id "
        'JOIN "case" k ON k.id = x.case_id '
        f"JOIN agency g ON g.id = k.agency_id WHERE {where}"
    )


def _provenance(kind: Kind, row: Sequence[Any], shared: dict[str, dict[str, Any]]) -> Provenance:
    acquired = PICTURES[kind].decode(row[_HOME])
    above = [_once(codec, row[part], shared[codec.table]) for codec, part in _ABOVE]
    return Provenance(acquired, *above)


def _once(codec: Codec[Any], row: Sequence[Any], shared: dict[str, Any]) -> Any:
    """Many pictures share what they belong to: one value each."""
    key = row[codec.id_at]
    found = shared.get(key)
    if found is None:
        found = shared[key] = codec.decode(row)
    return found
