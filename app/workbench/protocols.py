"""What a cartridge case still needs: its protocol laid beside what was acquired of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.capture.protocol import FOLDER, Protocol, Protocols, Step, load_protocols
from app.domain import (
    Acquired,
    CartridgeCase,
    CaseheadError,
    Changes,
    Light,
    Mark,
    MarkKind,
)
from app.store.protocol_notes import NoteKind, ProtocolNote
from app.workbench.combining import LIGHT_SET
from app.workbench.registering import Registering

ORIENTATION = "orientation"
"""Setting of a capture record: how the case lay, {"by": the landmark, "deg": where it was}."""


class StepState(StrEnum):
    """Whether a step still asks for something."""

    OPEN = "open"
    DONE = "done"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step on one cartridge case.

    ``mark_id`` is "" before the first picture of its mark. ``pictures`` count for it; those of
    ``redo`` would, but are to be taken again. ``note`` says why it needs none.
    """

    step: Step
    mark_id: str
    pictures: tuple[Acquired, ...] = ()
    redo: tuple[Acquired, ...] = ()
    note: ProtocolNote | None = None

    @property
    def count(self) -> int:
        """How many pictures there are; the lights of a set are one."""
        return len({_one_of_a_set(picture) for picture in self.pictures})

    @property
    def state(self) -> StepState:
        """Done, settled without a picture, or open."""
        if self.count >= self.step.pictures:
            return StepState.DONE
        return StepState.OPEN if self.note is None else StepState.SETTLED


@dataclass(frozen=True, slots=True)
class Needs:
    """What one cartridge case has and still needs.

    ``known`` are the protocols it may follow, ``complaints`` about files that are none.
    """

    cartridge_case: CartridgeCase
    protocol: Protocol
    lines: tuple[StepLine, ...]
    chosen: bool = False
    complaints: tuple[str, ...] = ()
    known: tuple[Protocol, ...] = ()

    @property
    def settled(self) -> int:
        """How many steps ask for nothing more."""
        return sum(line.state is not StepState.OPEN for line in self.lines)

    @property
    def missing(self) -> tuple[StepLine, ...]:
        """The steps, not optional, that are open."""
        return tuple(
            line for line in self.lines if line.state is StepState.OPEN and not line.step.optional
        )

    def line(self, key: str) -> StepLine | None:
        """The step of that key."""
        return next((line for line in self.lines if line.step.key == key), None)

    def next_open(self, after: str = "") -> StepLine | None:
        """The open step that follows ``after`` (round to the first), optional ones too."""
        keys = [line.step.key for line in self.lines]
        start = keys.index(after) + 1 if after in keys else 0
        turned = (*self.lines[start:], *self.lines[:start])
        return next((line for line in turned if line.state is StepState.OPEN), None)


class Guiding(Registering):
    """Operations on protocols."""

    def protocols(self) -> Protocols:
        """Those that came with Casehead and the laboratory's own in ``<casebook>/protocols``."""
        return load_protocols(self.folder / FOLDER)

    def needs_of(self, cartridge_case_id: str) -> Needs:
        """What a cartridge case has and needs. Raises CaseheadError when there is none."""
        cartridge_case = self._casebook.cartridge_case(cartridge_case_id)
        notes = self._casebook.protocol_notes(cartridge_case_id)
        known = self.protocols()
        protocol, chosen = _in_force(known, cartridge_case, notes)
        marks = self._casebook.marks(cartridge_case_id)
        held = [(m, a) for m in marks for a in self._casebook.acquired_of(m.id)]
        lines = tuple(_lines(protocol, marks, held, notes))
        return Needs(cartridge_case, protocol, lines, chosen, known.complaints, known.all)

    def needs_of_exhibit(self, exhibit_id: str) -> tuple[Needs, ...]:
        """The same of every cartridge case of an exhibit."""
        return tuple(self.needs_of(c.id) for c in self._casebook.cartridge_cases(exhibit_id))

    def choose_protocol(self, cartridge_case_id: str, key: str) -> Needs:
        """Let a cartridge case follow another protocol than its class names; "" takes it back.

        Raises CaseheadError for one that there is not.
        """
        known = self.protocols()
        if key and known.find(key) is None:
            names = ", ".join(one.key for one in known.all)
            raise CaseheadError(f"There is no protocol '{key}'; choose one of {names}.")
        return self._keep_note(ProtocolNote(cartridge_case_id, "chosen", key))

    def settle_step(self, cartridge_case_id: str, step_key: str, reason: str) -> Needs:
        """Record that a step needs no picture: the mark is not there, or of no use, and why.

        Raises CaseheadError without a reason and for a step the protocol does not have.
        """
        return self._note_step(cartridge_case_id, step_key, "settled", " ".join(reason.split()))

    def reopen_step(self, cartridge_case_id: str, step_key: str, reason: str = "") -> Needs:
        """Take that back. Raises CaseheadError where nothing was recorded."""
        line = self.needs_of(cartridge_case_id).line(step_key)
        if line is None or line.note is None:
            raise CaseheadError("Nothing was recorded about that step; there is nothing to undo.")
        return self._note_step(cartridge_case_id, step_key, "reopened", reason)

    def mark_of(self, cartridge_case_id: str, kind: MarkKind) -> Mark:
        """The mark of that kind on a cartridge case, made where there is none yet."""
        found = self._casebook.find_mark(cartridge_case_id, kind)
        if found is not None:
            return found
        self._need_writable()
        with self._casebook.transaction():
            self._casebook.cartridge_case(cartridge_case_id)
            made = self._casebook.add_mark(Mark(cartridge_case_id, kind))
        self._tell_of_case(cartridge_case_id)
        return made

    def mark(self, mark_id: str) -> Mark:
        """A mark. Raises CaseheadError when there is none."""
        return self._casebook.mark(mark_id)

    def picture_before(self, cartridge_case_id: str, kind: MarkKind, light: Light) -> str | None:
        """The image of such a mark under such light acquired last on another specimen, its id.

        One of the same exhibit goes before all others; None where there is none with a scale.
        """
        own = self._casebook.cartridge_case(cartridge_case_id)
        return self._casebook.newest_image(kind, light, but_of=own.id, first_in=own.exhibit_id)

    def _note_step(
        self, cartridge_case_id: str, step_key: str, kind: NoteKind, reason: str
    ) -> Needs:
        protocol = self.needs_of(cartridge_case_id).protocol
        step = protocol.step(step_key)
        return self._keep_note(
            ProtocolNote(cartridge_case_id, kind, protocol.key, step.key, reason)
        )

    def _keep_note(self, note: ProtocolNote) -> Needs:
        self._need_writable()
        self._casebook.add_protocol_note(note)
        self._tell_of_case(note.cartridge_case_id)
        return self.needs_of(note.cartridge_case_id)

    def _tell_of_case(self, cartridge_case_id: str) -> None:
        exhibit_id = self._casebook.cartridge_case(cartridge_case_id).exhibit_id
        case_id = self._casebook.exhibit(exhibit_id).case_id
        self._publish(Changes(cases=frozenset({case_id})))


def _in_force(
    known: Protocols, cartridge_case: CartridgeCase, notes: Sequence[ProtocolNote]
) -> tuple[Protocol, bool]:
    chosen = [note.protocol for note in notes if note.kind == "chosen"]
    found = known.find(chosen[-1]) if chosen else None
    return found or known.for_case(cartridge_case), found is not None


def _lines(
    protocol: Protocol,
    marks: Sequence[Mark],
    held: Iterable[tuple[Mark, Acquired]],
    notes: Sequence[ProtocolNote],
) -> Iterable[StepLine]:
    pictures: dict[str, list[Acquired]] = {step.key: [] for step in protocol.steps}
    redo: dict[str, list[Acquired]] = {step.key: [] for step in protocol.steps}
    for mark, acquired in held:
        takers = [s for s in protocol.steps if s.takes(mark.kind, acquired.record.light)]
        if acquired.kind != "image" or not takers:
            continue
        taker = next((s for s in takers if len(pictures[s.key]) < s.pictures), takers[0])
        (redo if acquired.held_back else pictures)[taker.key].append(acquired)
    of_kind = {mark.kind: mark.id for mark in marks}
    for step in protocol.steps:
        yield StepLine(
            step,
            of_kind.get(step.mark, ""),
            tuple(pictures[step.key]),
            tuple(redo[step.key]),
            _settled(step, protocol, notes),
        )


def _settled(step: Step, protocol: Protocol, notes: Sequence[ProtocolNote]) -> ProtocolNote | None:
    about = [n for n in notes if (n.protocol, n.step) == (protocol.key, step.key)]
    return about[-1] if about and about[-1].kind == "settled" else None


def _one_of_a_set(acquired: Acquired) -> str:
    return str(acquired.record.settings.get(LIGHT_SET) or acquired.id)
