"""Fast intake: evidence labels to cartridge cases, and the next case with all that stays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from app.capture.labels import LabelNames, LabelParts
from app.domain import CartridgeCase, Case, CaseheadError, Exhibit, Mark, MarkKind
from app.workbench.protocols import Guiding
from app.workbench.values import Registration

T = TypeVar("T", Exhibit, CartridgeCase)

EVIDENCE_LABEL = "evidence_label"
"""Setting of a capture record: the label that was read of what is captured."""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class LabelAnswer:
    """What a label that was read leads to.

    ``mark_id`` is where captures go, "" when what it names is not in the casebook; then
    ``offer`` is what it may be registered with, None when the label is written in no known way
    and may be recorded on any cartridge case.
    """

    text: str
    sentence: str
    mark_id: str = ""
    offer: Registration | None = None


def next_label(text: str) -> str:
    """The label likely to come next: 3A, 3B; T1, T2; nothing where there is no such order."""
    number = re.fullmatch(r"(.*?)(\d+)", text)
    if number:
        return f"{number[1]}{int(number[2]) + 1:0{len(number[2])}d}"
    letter = re.fullmatch(r"(.*\d)?([A-Ya-y])", text)
    return f"{letter[1] or ''}{chr(ord(letter[2]) + 1)}" if letter else ""


class Intake(Guiding):
    """Operations that get many cartridge cases in without a form."""

    @cached_property
    def label_names(self) -> LabelNames:
        """How labels are written here. Raises CaseheadError where that file cannot be used."""
        return LabelNames.load()

    def read_label(self, text: str, beside: str = "") -> LabelAnswer:
        """What a label names; one that is known is recorded on its cartridge case.

        ``beside`` is the cartridge case in hand (its id): a new one of its exhibit is offered
        with what that has. Raises CaseheadError when the patterns cannot be used.
        """
        text = " ".join(text.split())
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."
        held = self._casebook.labelled(text)
        if held is not None:
            return self._known(text, shown, self._casebook.cartridge_case(held))
        parts = self.label_names.parts(text)
        if parts is None:
            examples = " or ".join(self.label_names.examples[:2])
            return LabelAnswer(
                text,
                f"The label '{shown}' is not written as labels are here ({examples}): Enter "
                "records it on the cartridge case written here, Esc leaves it.",
            )
        found = self._named(parts)
        if found is not None:
            return self._known(text, shown, found)
        return self._offered(text, parts, beside)

    def take_in(self, registration: Registration, label: str = "") -> Mark:
        """Register a cartridge case and record the label read of it, where one was.

        The mark returned is the one its protocol begins with. Raises CaseheadError as register.
        """
        text = " ".join(label.split())
        held = self._casebook.labelled(text) if text else None
        if held is not None and not self._is_of(held, registration):
            raise CaseheadError(
                f"The label '{text}' is on another cartridge case already; nothing was changed. "
                "Scan the right label, or write the numbers by hand."
            )
        mark = self.register(replace(registration, mark_kind=self._first_mark(registration)))
        if text:
            self._casebook.tell_label(text, mark.cartridge_case_id)
        return mark

    def label_on(self, cartridge_case_id: str) -> str:
        """The label read of a cartridge case, "" when none was."""
        return self._casebook.label_on(cartridge_case_id)

    def registration_of(self, cartridge_case_id: str) -> Registration:
        """All that is recorded of a cartridge case, as it would be registered.

        Raises CaseheadError when there is none.
        """
        own = self._casebook.cartridge_case(cartridge_case_id)
        exhibit = self._casebook.exhibit(own.exhibit_id)
        case = self._casebook.record("case", exhibit.case_id)
        made = Registration(
            case["number"],
            exhibit.number,
            own.label,
            own.role,
            own.calibre,
            own.firing_pin_shape,
            own.breech_face_class,
            title=case["title"],
        )
        return self._with_firearm(made, own)

    def next_case(self, cartridge_case_id: str) -> Mark:
        """The cartridge case after this one in the same exhibit; all that stays is taken.

        Role, class characteristics, firearm and protocol are those of the one before. One that
        is registered already is taken as it is. Returns the mark its protocol begins with.
        Raises CaseheadError when the label does not tell the next one.
        """
        before = self._casebook.cartridge_case(cartridge_case_id)
        label = next_label(before.label)
        if not label:
            raise CaseheadError(
                f"Which label follows '{before.label}' is not clear; write the next one yourself."
            )
        first = self.needs_of(before.id).lines[0].step.mark
        there = self._casebook.find_cartridge_case(before.exhibit_id, label)
        if there is not None:
            return self.mark_of(there.id, first)
        wanted = replace(self.registration_of(before.id), label=label, mark_kind=first)
        made = self.register(wanted)
        self._take_protocol(before.id, made.cartridge_case_id)
        return made

    def _is_of(self, cartridge_case_id: str, wanted: Registration) -> bool:
        own = self.registration_of(cartridge_case_id)
        names = ("case_number", "exhibit_number", "label")
        return all(getattr(own, n) == " ".join(getattr(wanted, n).split()) for n in names)

    def _first_mark(self, wanted: Registration) -> MarkKind:
        """What the protocol of such a cartridge case begins with."""
        like = CartridgeCase(
            "", wanted.label, wanted.role, " ".join(wanted.calibre.split()), wanted.firing_pin_shape
        )
        return self.protocols().for_case(like).steps[0].mark

    def _known(self, text: str, shown: str, found: CartridgeCase) -> LabelAnswer:
        mark = self.mark_of(found.id, self.needs_of(found.id).lines[0].step.mark)
        if not self.read_only and self._casebook.label_on(found.id) != text:
            self._casebook.tell_label(text, found.id)
        exhibit = self._casebook.exhibit(found.exhibit_id)
        place = f"exhibit {exhibit.number}, cartridge case {found.label}"
        return LabelAnswer(text, f"Label {shown}: captures go to {place}.", mark.id)

    def _offered(self, text: str, parts: LabelParts, beside: str) -> LabelAnswer:
        offer = Registration(parts.case, parts.exhibit, parts.label)
        if beside:
            own = self.registration_of(beside)
            if _same(own.case_number, parts.case) and _same(own.exhibit_number, parts.exhibit):
                label = parts.label or next_label(own.label)
                offer = replace(own, label=label)
        names = " / ".join(p for p in (parts.case, parts.exhibit, offer.label) if p)
        what = "Enter registers it" if offer.label else "write the label of the cartridge case"
        return LabelAnswer(text, f"{names} is not in the casebook yet: {what}.", offer=offer)

    def _named(self, parts: LabelParts) -> CartridgeCase | None:
        """What a label names: its cartridge case, or the only one of its exhibit."""
        case = self._case_of(parts.case)
        exhibit = _pick(self._casebook.exhibits(case.id), "number", parts.exhibit) if case else None
        if exhibit is None:
            return None
        held = self._casebook.cartridge_cases(exhibit.id)
        if not parts.label:
            return held[0] if len(held) == 1 else None
        return _pick(held, "label", parts.label)

    def _case_of(self, number: str) -> Case | None:
        found = self._casebook.find_case(number)
        if found is not None or self.author is None:
            return found
        own = self._casebook.agency().id
        cases = (c for c in self._casebook.cases() if c.agency_id == own)
        return next((c for c in cases if _same(c.number, number)), None)

    def _with_firearm(self, made: Registration, own: CartridgeCase) -> Registration:
        if own.firearm_id is None:
            return made
        firearm = self._casebook.record("firearm", own.firearm_id)
        return replace(
            made,
            firearm_make=firearm["make"],
            firearm_model=firearm["model"],
            firearm_serial=firearm["serial"],
        )

    def _take_protocol(self, before: str, after: str) -> None:
        needs = self.needs_of(before)
        if needs.chosen:
            self.choose_protocol(after, needs.protocol.key)


def _same(one: str, other: str) -> bool:
    """A code of capitals only, as Code 39, names the same."""
    return one.casefold() == other.casefold()


def _pick(held: Sequence[T], attribute: str, wanted: str) -> T | None:
    exact = (h for h in held if getattr(h, attribute) == wanted)
    alike = (h for h in held if _same(getattr(h, attribute), wanted))
    return next(exact, None) or next(alike, None)
