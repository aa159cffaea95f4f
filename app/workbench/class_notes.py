"""Class characteristics and subclass flags of a comparison, in words.

Words are compared with words and nothing else is: what agrees or differs on the specimens is the
examiner's to say, and what follows from it is the examiner's to conclude.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from app.domain import Annotation, CartridgeCase, ClassNote, Remarks
from app.workbench.values import load_pick_lists

Verdict = Literal["agree", "differ", "open", ""]
VERDICTS: tuple[Verdict, ...] = ("agree", "differ", "open")
SIGNS: Mapping[str, str] = {"agree": "=", "differ": "≠", "open": "?", "": " "}
SAID: Mapping[str, str] = {"agree": "agree", "differ": "differ", "open": "not settled", "": ""}
COMPARISON = "the comparison"
NO_REASON = "?"
"""What an area carries that was flagged and has no reason yet."""


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One line to be noted: its words to choose from, and the registered field like it."""

    key: str
    label: str
    choices: tuple[str, ...] = ()
    registered: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A possible subclass influence: where ("the comparison", "agreement 3") and why."""

    where: str
    reason: str

    @property
    def sentence(self) -> str:
        """As it stands below pictures and in the report."""
        return f"Possible subclass influence on {self.where}: {self.reason or 'no reason given'}"

    @property
    def brief(self) -> str:
        """Where there is little room."""
        where = "" if self.where == COMPARISON else f" on {self.where}"
        return f"Subclass possible{where}: {self.reason or 'no reason given'}"


@dataclass(frozen=True, slots=True)
class Noted:
    """What of a comparison's notes bears on its conclusion."""

    flags: tuple[Flag, ...] = ()
    differences: tuple[str, ...] = ()

    @property
    def difference_sentence(self) -> str:
        """The differences of class characteristics in one sentence, "" where none was noted."""
        if not self.differences:
            return ""
        return f"Class characteristics noted as different: {'; '.join(self.differences)}."


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One characteristic as it is read: label, words of both sides, verdict."""

    label: str
    left: str
    right: str
    verdict: Verdict


@cache
def characteristics() -> tuple[Characteristic, ...]:
    """The lines of ``resources/class_characteristics.json``, in their order."""
    return tuple(_characteristic(one) for one in _data()["characteristics"])


def note_of(remarks: Remarks, key: str) -> ClassNote:
    """What is noted of a characteristic; empty where nothing is."""
    return next((note for note in remarks.class_notes if note.key == key), ClassNote(key))


def with_note(remarks: Remarks, note: ClassNote) -> Remarks:
    """With this note instead of the one there was; an empty one is dropped."""
    order = [one.key for one in characteristics()]
    kept = [one for one in remarks.class_notes if one.key != note.key]
    if note.left.strip() or note.right.strip() or note.said:
        kept.append(note)
    kept.sort(key=lambda one: order.index(one.key) if one.key in order else len(order))
    return replace(remarks, class_notes=tuple(kept))


def registered(remarks: Remarks, left: CartridgeCase, right: CartridgeCase) -> Remarks:
    """With what is registered of both cartridge cases where nothing is noted yet."""
    for one in characteristics():
        if one.registered:
            note = note_of(remarks, one.key)
            known = [getattr(case, one.registered, "") for case in (left, right)]
            words = (note.left or known[0], note.right or known[1])
            remarks = with_note(remarks, replace(note, left=words[0], right=words[1]))
    return remarks


def verdict(note: ClassNote) -> Verdict:
    """What the examiner said, else whether the words are the same; "" with a side missing."""
    if note.said in VERDICTS:
        return note.said
    left, right = (" ".join(words.split()).casefold() for words in (note.left, note.right))
    if not left or not right:
        return ""
    if {left, right} & set(_data()["unsettled"]) or _is_free(note.key):
        return "open"
    return "agree" if left == right else "differ"


def class_lines(remarks: Remarks) -> tuple[ClassLine, ...]:
    """What is noted, a line for each characteristic that anything is noted of."""
    labels = {one.key: one.label for one in characteristics()}
    return tuple(
        ClassLine(labels.get(note.key, note.key), note.left, note.right, verdict(note))
        for note in remarks.class_notes
    )


def noted(remarks: Remarks, annotations: Sequence[Annotation] = ()) -> Noted:
    """Flags and differences of a comparison."""
    differing = (line for line in class_lines(remarks) if line.verdict == "differ")
    words = (f"{d.label} (left {d.left or '-'}, right {d.right or '-'})" for d in differing)
    return Noted(tuple(_flags(remarks, annotations)), tuple(words))


def flag_brief(remarks: Remarks, annotations: Sequence[Annotation] = ()) -> tuple[str, ...]:
    """The flags where there is little room."""
    return tuple(flag.brief for flag in _flags(remarks, annotations))


def flag_lines(remarks: Remarks, annotations: Sequence[Annotation] = ()) -> tuple[str, ...]:
    """The flags as lines of a caption."""
    return tuple(flag.sentence for flag in _flags(remarks, annotations))


def _flags(remarks: Remarks, annotations: Sequence[Annotation]) -> Iterator[Flag]:
    if remarks.subclass:
        yield Flag(COMPARISON, remarks.subclass_reason.strip())
    for one in annotations:
        if one.subclass:
            reason = "" if one.subclass == NO_REASON else one.subclass.strip()
            yield Flag(f"{one.kind} {one.number or ''}".strip(), reason)


def _is_free(key: str) -> bool:
    return any(one.free for one in characteristics() if one.key == key)


@cache
def _data() -> Mapping[str, Any]:
    file = resources.files("resources").joinpath("class_characteristics.json")
    found: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def _characteristic(data: Mapping[str, Any]) -> Characteristic:
    """Words of a pick list that is not there are simply not offered."""
    listed = load_pick_lists().get(data.get("pick_list", ""), ())
    choices = (*listed, *data.get("choices", ()))
    free = bool(data.get("free", False))
    return Characteristic(data["key"], data["label"], choices, data.get("registered", ""), free)
