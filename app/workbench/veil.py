"""What a blind verification keeps from who is asked: all that was said of the two specimens.

Not of the one comparison alone: the same two cartridge cases may be compared the other way round,
by other marks or other pictures, they may be put into one gun, their cases may be linked, and
somebody may have been told so. Any of it would tell what the first examiner concluded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.casework.guns import GunGroup, GunStep
from app.casework.links import Pair, pair_of
from app.domain import Comparison
from app.store import Casebook
from app.store.blind import Sides
from app.workbench.values import CaseNode

Both = frozenset[str]
"""Two ids, whichever comes first; one where both are the same."""


@dataclass(frozen=True, slots=True)
class Veil:
    """What is not shown to somebody. ``specimens`` are pairs of cartridge cases, ``sides`` their
    pictures; ``guns`` are not shown at all, and ``unsorted`` cartridge cases in no gun: ``loose``
    are these and those of ``guns`` now.
    """

    comparisons: frozenset[str] = frozenset()
    specimens: frozenset[Both] = frozenset()
    sides: tuple[tuple[Sequence[str], Sequence[str]], ...] = ()
    pictures: frozenset[Both] = frozenset()
    cases: frozenset[Pair] = frozenset()
    exhibits: frozenset[str] = frozenset()
    guns: frozenset[str] = frozenset()
    unsorted: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()

    @property
    def touched(self) -> frozenset[str]:
        """All cartridge cases of it."""
        return frozenset(one for both in self.specimens for one in both)

    def shown_guns(self, guns: Mapping[str, str]) -> dict[str, str]:
        """Guns by cartridge case, without those that are not shown."""
        return {case: gun for case, gun in guns.items() if self.shows(case, gun)}

    def shows(self, cartridge_case_id: str, gun_id: str) -> bool:
        """Whether it may be seen that this cartridge case is of this gun."""
        return gun_id not in self.guns and cartridge_case_id not in self.unsorted

    def groups(self, found: Iterable[GunGroup]) -> tuple[GunGroup, ...]:
        """Gun groups as they may be seen; those of which nothing is left are left out."""
        shown = (self.group(one) for one in found if one.id not in self.guns)
        return tuple(one for one in shown if one.members or one.record.firearm_id)

    def group(self, one: GunGroup) -> GunGroup:
        """One as it may be seen."""
        members = tuple(m for m in one.members if self.shows(m.cartridge_case_id, one.id))
        chosen = one.chosen_id if any(m.cartridge_case_id == one.chosen_id for m in members) else ""
        return one if members == one.members else replace(one, members=members, chosen_id=chosen)

    def steps(self, found: Iterable[GunStep]) -> tuple[GunStep, ...]:
        """The steps of a gun without the acts that tell what must not be seen."""
        listed = tuple(found)
        acts = {
            one.act_id
            for one in listed
            if not self.shows(one.cartridge_case_id, one.gun_id) or one.other_id in self.guns
        }
        return tuple(one for one in listed if one.act_id not in acts)

    def tree(self, nodes: tuple[CaseNode, ...]) -> tuple[CaseNode, ...]:
        """Cases of the tree, without the guns that must not be seen."""
        if not self.loose:
            return nodes
        return tuple(
            replace(
                node,
                exhibits=tuple(
                    replace(
                        exhibit,
                        cartridge_cases=tuple(
                            replace(one, gun="") if one.cartridge_case.id in self.loose else one
                            for one in exhibit.cartridge_cases
                        ),
                    )
                    for exhibit in node.exhibits
                ),
            )
            for node in nodes
        )


NOTHING = Veil()


def veil_of(casebook: Casebook, compared: Collection[Comparison]) -> Veil:
    """What is hidden while comparisons are to be verified blind."""
    if not compared:
        return NOTHING
    places = casebook.sides_compared({one for c in compared for one in (c.left_id, c.right_id)})
    pairs = [(places[c.left_id], places[c.right_id]) for c in compared]
    specimens = frozenset(frozenset((a.cartridge_case, b.cartridge_case)) for a, b in pairs)
    touched = {one for both in specimens for one in both}
    held = casebook.pictures_by_specimen(touched)
    sides = tuple((held[min(both)], held[max(both)]) for both in specimens)
    cases = frozenset(_cases(pairs))
    ever = casebook.guns_ever(touched)
    guns = frozenset((*_common(specimens, ever), *_of_both(casebook, cases)))
    unsorted = frozenset(
        s.cartridge_case for a, b in pairs if a.case_id == b.case_id for s in (a, b)
    )
    groups = casebook.gun_groups(gun_ids=guns) if guns else ()
    return Veil(
        frozenset(one for side in sides for one in casebook.comparisons_between(*side)),
        specimens,
        sides,
        frozenset(frozenset((a, b)) for some, others in sides for a in some for b in others),
        cases,
        frozenset(one for pair in pairs for side in pair for one in side.exhibits),
        guns,
        unsorted,
        unsorted | {m.cartridge_case_id for group in groups for m in group.members},
    )


def _cases(pairs: Iterable[tuple[Sides, Sides]]) -> Iterator[Pair]:
    for one, other in pairs:
        if one.linked_case != other.linked_case:
            yield pair_of(one.linked_case, other.linked_case)


def _of_both(casebook: Casebook, cases: Iterable[Pair]) -> Iterator[str]:
    """The guns of both of two cases, which follow from a hit between them."""
    for case_id, other_id in cases:
        for group in casebook.gun_groups(case_id):
            if {case_id, other_id} <= {member.case_id for member in group.members}:
                yield group.id


def _common(specimens: Iterable[Both], ever: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The guns that both of two specimens are or were of."""
    for both in specimens:
        guns = [ever.get(one, frozenset[str]()) for one in both]
        yield from guns[0] & guns[-1]
