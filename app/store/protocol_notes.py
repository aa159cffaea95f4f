"""What examiners decided about the protocol of a cartridge case; the newest of a kind holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.domain import Author, CaseheadError, Light, MarkKind, new_id, now
from app.store.codec import Codec
from app.store.records import Records

NoteKind = Literal["chosen", "settled", "reopened"]


@dataclass(frozen=True, slots=True)
class ProtocolNote:
    """A decision: the protocol "chosen" (``step`` ""), a step "settled" without a picture, or that
    taken back, "reopened". ``reason`` is the examiner's.
    """

    cartridge_case_id: str
    kind: NoteKind
    protocol: str
    step: str = ""
    reason: str = ""
    author: Author | None = None
    noted_at: str = ""
    id: str = field(default_factory=new_id)


def _encode(note: ProtocolNote) -> Sequence[Any]:
    who = note.author or Author("", "", "")
    return (
        *(note.id, note.cartridge_case_id, note.kind, note.protocol, note.step, note.reason),
        *(note.noted_at, who.agency, who.station, who.examiner, who.ori),
    )


PROTOCOL_NOTE: Codec[ProtocolNote] = Codec(
    "protocol_note",
    "id cartridge_case_id kind protocol step reason noted_at noted_agency noted_station "
    "noted_examiner noted_ori",
    _encode,
    lambda r: ProtocolNote(
        r[1], r[2], r[3], r[4], r[5], Author(r[7], r[8], r[9], r[10]), r[6], r[0]
    ),
)

VOUCHED: tuple[Codec[Any], ...] = (PROTOCOL_NOTE,)


class ProtocolNotes(Records):
    """Notes are never changed; a later one supersedes."""

    def add_protocol_note(self, note: ProtocolNote) -> ProtocolNote:
        """Keep a note; who and when are filled in where they are not given.

        Raises CaseheadError for a step settled without a reason.
        """
        if note.kind == "settled" and not note.reason.strip():
            raise CaseheadError("Say why the step needs no picture; the reason is kept.")
        with self._change() as author:
            note = replace(note, author=note.author or author, noted_at=note.noted_at or now())
            facts = {"cartridge_case_id": note.cartridge_case_id, "kind": note.kind}
            facts |= {"protocol": note.protocol, "step": note.step, "reason": note.reason}
            self._add(PROTOCOL_NOTE, note, facts)
        return note

    def protocol_notes(self, cartridge_case_id: str) -> tuple[ProtocolNote, ...]:
        """All about a cartridge case, oldest first."""
        return self._all(PROTOCOL_NOTE, "cartridge_case_id = ?", (cartridge_case_id,))

    def newest_image(
        self, kind: MarkKind, light: Light, *, but_of: str, first_in: str
    ) -> str | None:
        """The id of the newest current image of such a mark, under such a light (unknown: any).

        Not of the cartridge case ``but_of``; of the exhibit ``first_in`` where that has one.
        Images without a scale do not count.
        """
        found = self._connection.row(
            "SELECT i.id FROM image i JOIN mark m ON m.id = i.mark_id "
            "JOIN cartridge_case c ON c.id = m.cartridge_case_id "
            "WHERE m.kind = ? AND (? = 'unknown' OR i.light = ?) AND c.id <> ? "
            "AND i.superseded_by IS NULL AND i.pixel_um IS NOT NULL "
            "ORDER BY c.exhibit_id = ? DESC, i.seq DESC LIMIT 1",
            (str(kind), str(light), str(light), but_of, first_in),
        )
        return found[0] if found else None
