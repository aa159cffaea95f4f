"""Operations on what is noted of a comparison besides drawings; each can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain import Annotation, ClassNote
from app.picture.shapes import CLOSED
from app.workbench import NO_REASON, Noted, flag_brief, flag_lines, noted, registered, with_note
from widgets.compare.desk import drawn

if TYPE_CHECKING:
    from app.domain import CartridgeCase
    from widgets.compare.desk import Desk


def note_class(desk: Desk, note: ClassNote, field: str = "") -> None:
    """Note this of a class characteristic; what is typed in one field in one go is undone
    together."""
    desk.put(f"class {note.key} {field}", remarks=with_note(desk.remarks, note))


def take_registered(desk: Desk, left: CartridgeCase, right: CartridgeCase) -> None:
    """Note what is registered of both, where nothing is noted yet."""
    desk.end_gesture()
    desk.put(remarks=registered(desk.remarks, left, right))


def flagged_area(desk: Desk) -> Annotation | None:
    """The area in hand that a flag would be set on; None for the whole comparison."""
    held = drawn.selected(desk)
    return held if held is not None and held.kind in CLOSED else None


def turn_flag(desk: Desk) -> bool:
    """Flag a possible subclass influence on the area in hand, else on the comparison; flagged
    already, lift it. Returns whether it is flagged now."""
    desk.end_gesture()
    area = flagged_area(desk)
    if area is not None:
        drawn.change(desk, replace(area, subclass="" if area.subclass else NO_REASON))
        return not area.subclass
    flagged = not desk.remarks.subclass
    desk.put(remarks=replace(desk.remarks, subclass=flagged))
    return flagged


def give_reason(desk: Desk, reason: str) -> None:
    """Say why it is flagged: the comparison, or the area in hand where that is."""
    area = flagged_area(desk)
    if area is not None and area.subclass:
        drawn.change(desk, replace(area, subclass=reason or NO_REASON), f"flag {area.id}")
    elif desk.remarks.subclass:
        desk.put("flag", remarks=replace(desk.remarks, subclass_reason=reason))


def noted_of(desk: Desk) -> Noted:
    """What of the notes bears on a conclusion."""
    return noted(desk.remarks, desk.annotations)


def flag_words(desk: Desk) -> tuple[str, ...]:
    """What is flagged, a line each; () while nothing is."""
    return flag_lines(desk.remarks, desk.annotations)


def flag_plate(desk: Desk) -> tuple[str, ...]:
    """The same where there is little room."""
    return flag_brief(desk.remarks, desk.annotations)
