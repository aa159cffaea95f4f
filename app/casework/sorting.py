"""A scene's cartridge cases being sorted into guns, before it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.casework.guns import LETTERS, SceneLine, letter_in


@dataclass(frozen=True, slots=True)
class Sorting:
    """Letters by cartridge case ("" none) and, by letter, the one that stands for the gun.

    ``fixed`` are those of guns that were named otherwise; they keep their gun unless sorted.
    """

    lines: tuple[SceneLine, ...]
    letters: Mapping[str, str]
    chosen: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: tuple[SceneLine, ...]) -> Sorting:
        """As the casebook has it."""
        letters = {
            one.member.cartridge_case_id: letter_in(one.gun_name, one.member.case_number)
            for one in lines
        }
        fixed = {
            one.member.cartridge_case_id: one.gun_name
            for one in lines
            if one.gun_id and not letters[one.member.cartridge_case_id]
        }
        standing = {
            letters[one.member.cartridge_case_id]: one.member.cartridge_case_id
            for one in lines
            if one.chosen and letters[one.member.cartridge_case_id]
        }
        return cls(lines, letters, standing, fixed)

    def put(self, cartridge_case_id: str, letter: str) -> Sorting:
        """With a cartridge case in the gun of a letter, or with "" in none.

        The first one of a gun stands for it until another is chosen.
        """
        letters = {**self.letters, cartridge_case_id: letter}
        fixed = {case: gun for case, gun in self.fixed.items() if case != cartridge_case_id}
        chosen = {at: case for at, case in self.chosen.items() if letters.get(case) == at}
        if letter:
            chosen.setdefault(letter, cartridge_case_id)
        return replace(self, letters=letters, chosen=chosen, fixed=fixed)

    def choose(self, cartridge_case_id: str) -> Sorting:
        """With this one standing for its gun; no change for one of no gun."""
        letter = self.letters.get(cartridge_case_id, "")
        if not letter:
            return self
        return replace(self, chosen={**self.chosen, letter: cartridge_case_id})

    @property
    def to_keep(self) -> Mapping[str, str]:
        """What is to be recorded: guns of other names stay out of it."""
        return {case: at for case, at in self.letters.items() if case not in self.fixed}

    @property
    def words(self) -> str:
        """How many are in which gun, for example ``A 5, B 2, other guns 1, none 3``."""
        count = Counter(self.to_keep.values())
        parts = [f"{letter} {count[letter]}" for letter in LETTERS if count[letter]]
        parts += [f"other guns {len(self.fixed)}"] if self.fixed else []
        return ", ".join([*parts, *([f"none {count['']}"] if count[""] else [])])

    def changed_from(self, other: Sorting) -> bool:
        """Whether keeping it would record anything ``other`` does not."""
        return (self.letters, self.chosen, self.fixed) != (other.letters, other.chosen, other.fixed)


def line_words(sorting: Sorting, line: SceneLine) -> tuple[str, str, str]:
    """A row of the list: the letter, the cartridge case, what stands for what."""
    member = line.member
    case_id, letter = member.cartridge_case_id, sorting.letters[member.cartridge_case_id]
    pictures = f"{member.pictures} image{'' if member.pictures == 1 else 's'}"
    about = "  ".join(filter(None, (member.label, member.calibre, pictures)))
    if case_id in sorting.fixed:
        return "•", about, f"of {sorting.fixed[case_id]}"
    if not letter:
        return "–", about, ""
    stands = sorting.chosen.get(letter) == case_id
    return letter, about, f"entered for Gun {letter}" if stands else f"of Gun {letter}"


def history_words(act: str, kind: str, label: str, other: str, reason: str) -> str:
    """One step of a gun's history."""
    how = {
        ("merged", "left"): f"{label} went to {other} (merged)",
        ("merged", "joined"): f"{label} came from {other} (merged)",
        ("split", "left"): f"{label} split off to {other}",
        ("split", "joined"): f"{label} split off from {other}",
    }.get((act, kind), "")
    plain = {"joined": f"{label} joined", "left": f"{label} left", "chosen": f"{label} is entered"}
    words = how or plain[kind] + (" (sorting taken back)" if act == "undone" else "")
    return words + (f": {reason}" if reason and act != "undone" else "")
