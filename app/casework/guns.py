"""Gun groups: several specimens as one gun, with merges and splits.

A gun is either a recovered firearm or one nobody has found yet, named by the laboratory. Which
cartridge cases are of it follows from steps that are only ever added, so that every merge, split
and second thought stays to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.terms import Author, Role, new_id

StepKind = Literal["joined", "left", "chosen"]
Act = Literal["made", "joined", "left", "merged", "split", "sorted", "chosen", "undone"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "123456789"


@dataclass(frozen=True, slots=True)
class GunRecord:
    """A gun as it was named; ``firearm_id`` is that of the recovered firearm, where it is one.

    ``case_id`` is the case it was first seen in, None where that was several at once.
    """

    name: str
    case_id: str | None = None
    firearm_id: str | None = None
    author: Author | None = None
    made_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class GunStep:
    """A cartridge case joined or left a gun, or was chosen to be the one that is entered.

    ``act`` is what it was part of, ``act_id`` the same for all steps of one act, ``other_id`` the
    other gun of a merge or a split.
    """

    gun_id: str
    cartridge_case_id: str
    kind: StepKind
    act: Act
    act_id: str
    other_id: str | None = None
    reason: str = ""
    author: Author | None = None
    stepped_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Member:
    """A cartridge case of a gun as lists show it; ``firearm_id`` is what its record says."""

    cartridge_case_id: str
    label: str
    exhibit_number: str
    case_number: str
    role: Role
    calibre: str
    firearm_id: str | None
    pictures: int
    case_id: str
    joined_at: str = ""

    @property
    def name(self) -> str:
        """For example ``2026-0412 / 3 / 3A``."""
        return f"{self.case_number} / {self.exhibit_number} / {self.label}"


@dataclass(frozen=True, slots=True)
class GunGroup:
    """A gun with the cartridge cases of it now; ``chosen_id`` is the one to be entered.

    ``doubt`` says that it is of several cases which no hit links any more.
    """

    record: GunRecord
    members: tuple[Member, ...]
    chosen_id: str = ""
    firearm_words: str = ""
    doubt: str = ""

    @property
    def in_several_cases(self) -> bool:
        """Also where two agencies gave theirs the same number."""
        return len({m.case_id for m in self.members}) > 1

    @property
    def id(self) -> str:
        """The gun's."""
        return self.record.id

    @property
    def name(self) -> str:
        """As the laboratory calls it."""
        return self.record.name

    @property
    def words(self) -> str:
        """The name, how many it has, the firearm where it is known, and that it is in doubt."""
        count = len(self.members)
        cases = f"{count} cartridge case{'' if count == 1 else 's'}"
        doubt = "no hit bears it out now" if self.doubt else ""
        return ", ".join(filter(None, (self.name, self.firearm_words, cases, doubt)))


@dataclass(frozen=True, slots=True)
class SceneLine:
    """A cartridge case of a scene that is sorted; ``gun_id`` is its gun's now, "" for none."""

    member: Member
    gun_id: str = ""
    gun_name: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class GunMark:
    """What the tree says of a cartridge case: its gun, and whether another stands for it."""

    gun_id: str
    name: str
    chosen: bool
    spared: bool

    @property
    def words(self) -> str:
        """Short enough for a row: the gun's name, and whether this or another one is entered."""
        if self.chosen:
            return f"{self.name}, entered"
        return self.name + (", another is entered" if self.spared else "")


def letter_of(key: str) -> str:
    """The letter of the gun a key sorts into: 1 to 9 are A to I; "" for any other key."""
    sign = key.upper()
    if sign in _DIGITS and sign:
        return LETTERS[_DIGITS.index(sign)]
    return sign if len(sign) == 1 and sign in LETTERS else ""


def gun_name(letter: str, case_number: str) -> str:
    """For example ``Gun A of 2026-0412``."""
    return f"Gun {letter} of {case_number}"


def letter_in(name: str, case_number: str) -> str:
    """The letter such a name was made with, "" for a name of another kind."""
    for letter in LETTERS:
        if name == gun_name(letter, case_number):
            return letter
    return ""


def unlinked_words(one: str, other: str) -> str:
    """What is wrong with a gun of two cases that nothing links any more."""
    return (
        f"No hit links cases {one} and {other} any more, which this gun is of: split it, or have "
        "the identification verified again."
    )


def contradiction(members: Iterable[Member], firearms: Mapping[str, str], own: str | None) -> str:
    """Why these cannot be of one gun by what is recorded; "" when nothing speaks against it.

    ``firearms`` names firearms by their identifiers; ``own`` is the firearm the gun is, if any.
    """
    seen: dict[str, str] = {own: "The gun"} if own else {}
    for one in members:
        if one.firearm_id is not None:
            seen.setdefault(one.firearm_id, f"Cartridge case {one.name}")
    if len(seen) < 2:
        return ""
    (first, said), (second, also) = tuple(seen.items())[:2]
    return (
        f"{said} is recorded of {firearms.get(first, 'one firearm')} and "
        f"{also[0].lower() + also[1:]} of {firearms.get(second, 'another')}; one gun cannot be "
        "both. Leave one of them out, or correct the record first."
    )
