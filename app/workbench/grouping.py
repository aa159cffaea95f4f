"""Operations on gun groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from app.casework.guns import (
    Act,
    GunGroup,
    GunMark,
    GunRecord,
    GunStep,
    Member,
    SceneLine,
    StepKind,
    contradiction,
    gun_name,
    unlinked_words,
)
from app.domain import CaseheadError, Changes, new_id
from app.workbench.blinding import FIRST_YOURS
from app.workbench.linked import Linked


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a scene was sorted into; ``act_id`` takes it back, "" where nothing changed."""

    act_id: str
    groups: tuple[GunGroup, ...]


class Grouping(Linked):
    """A gun is cartridge cases an examiner takes for fired in it; no conclusion, and every step of
    it stays to be read."""

    def gun_groups(self, case_id: str | None = None) -> tuple[GunGroup, ...]:
        """The guns of a case, or all there are, with their cartridge cases now."""
        return self._doubted(self._veil().groups(self._casebook.gun_groups(case_id)))

    def gun_group(self, gun_id: str) -> GunGroup:
        """One gun. Raises CaseheadError when there is none, or it must not be seen yet."""
        if gun_id in self._veil().guns:
            raise CaseheadError(FIRST_YOURS)
        return self._doubted((self._veil().group(self._whole_gun(gun_id)),))[0]

    def gun_of(self, cartridge_case_id: str) -> GunGroup | None:
        """The gun a cartridge case is known to be of, by groups and by what is recorded."""
        case = self._casebook.cartridge_case(cartridge_case_id)
        found = self._veil().shown_guns(self._casebook.known_guns((case,))).get(case.id)
        return self.gun_group(found) if found else None

    def gun_marks(self, cartridge_case_ids: Iterable[str]) -> Mapping[str, GunMark]:
        """By cartridge case: its gun, and whether another of the gun is entered for it."""
        found, veil = self._casebook.gun_marks(cartridge_case_ids), self._veil()
        return {case: mark for case, mark in found.items() if veil.shows(case, mark.gun_id)}

    def gun_history(self, gun_id: str) -> tuple[GunStep, ...]:
        """Every step of a gun, oldest first; of merges and splits both sides'."""
        return self._veil().steps(self._casebook.gun_steps(gun_id))

    def scene(self, case_id: str, exhibit_id: str = "") -> tuple[SceneLine, ...]:
        """The cartridge cases of a case or exhibit, with the gun each was sorted to."""
        veil = self._veil()
        return tuple(
            one if veil.shows(one.member.cartridge_case_id, one.gun_id) else SceneLine(one.member)
            for one in self._casebook.scene_lines(case_id, exhibit_id)
        )

    def make_gun(
        self,
        name: str,
        cartridge_case_ids: Sequence[str],
        reason: str = "",
        firearm_id: str | None = None,
    ) -> GunGroup:
        """A new gun of these cartridge cases; with ``firearm_id`` it is that recovered firearm.

        Raises CaseheadError when one is of another gun already, when the recorded firearms
        contradict, and for cartridge cases of several cases that no hit (or warm hit) links.
        Of specimens of a comparison that waits for one's own blind verification none is sorted.
        """
        self._need_free(cartridge_case_ids)
        with self._casebook.transaction():
            gun = self._new_gun(name, cartridge_case_ids, firearm_id)
            self._join_gun(gun, cartridge_case_ids, "made", new_id(), reason)
        return self._told_gun(gun.id)

    def join_gun(
        self, gun_id: str, cartridge_case_ids: Sequence[str], reason: str = ""
    ) -> GunGroup:
        """Put cartridge cases into a gun. Raises CaseheadError as ``make_gun``."""
        self._need_free(cartridge_case_ids, gun_id)
        with self._casebook.transaction():
            gun = self._casebook.gun_record(gun_id)
            self._join_gun(gun, cartridge_case_ids, "joined", new_id(), reason)
        return self._told_gun(gun_id)

    def leave_gun(self, cartridge_case_ids: Sequence[str], reason: str) -> None:
        """Take cartridge cases out of their guns. Raises CaseheadError without a reason."""
        self._need_free(cartridge_case_ids)
        why = _reason(reason, "the cartridge case is taken out of its gun")
        with self._casebook.transaction():
            act_id = new_id()
            for case_id, gun_id in self._casebook.guns_by_case(cartridge_case_ids).items():
                self._gun_step(gun_id, case_id, "left", "left", act_id, reason=why)
        self._tell_guns(cartridge_case_ids)

    def merge_guns(self, into_id: str, from_id: str, reason: str) -> GunGroup:
        """Make two guns one; that of a known firearm stays, else the first.

        Raises CaseheadError without a reason, and when their recorded firearms contradict.
        """
        self._need_writable()
        why = _reason(reason, "these are one gun")
        if into_id == from_id:
            raise CaseheadError("Choose two different guns to merge.")
        self._refuse_veiled(into_id, from_id)
        with self._casebook.transaction():
            kept, other = self._whole_gun(into_id), self._whole_gun(from_id)
            if other.record.firearm_id and not kept.record.firearm_id:
                kept, other = other, kept
            self._refuse_two_firearms(kept.record, other, kept)
            act_id, moved = new_id(), [m.cartridge_case_id for m in other.members]
            for case_id in moved:
                self._gun_step(other.id, case_id, "left", "merged", act_id, kept.id, why)
                self._gun_step(kept.id, case_id, "joined", "merged", act_id, other.id, why)
        return self._told_gun(kept.id, other.id)

    def gun_members(self, cartridge_case_ids: Iterable[str]) -> tuple[Member, ...]:
        """Cartridge cases as lists of guns show them, in the order given."""
        return self._casebook.members_for(cartridge_case_ids)

    def gun_names(self, gun_ids: Iterable[str]) -> Mapping[str, str]:
        """What guns are called, by their ids."""
        return self._casebook.gun_names(set(gun_ids) - self._veil().guns)

    def find_guns(self, words: str, limit: int = 20) -> tuple[tuple[str, str], ...]:
        """Guns and recorded firearms to merge with: ("gun ID" or "firearm ID", what to show)."""
        hidden = {f"gun {one}" for one in self._veil().guns}
        found = self._casebook.find_guns(words, limit + len(hidden))
        return tuple(one for one in found if one[0] not in hidden)[:limit]

    def merge_with(self, gun_id: str, other: str, reason: str) -> GunGroup:
        """Merge with one that ``find_guns`` told; a firearm becomes a gun of all recorded of it.

        Raises CaseheadError as ``merge_guns``; nothing is changed then.
        """
        self._need_writable()
        sort, _, found = other.partition(" ")
        with self._casebook.transaction():
            if sort == "firearm":
                found = self._gun_of_firearm(found, reason).id
            return self.merge_guns(gun_id, found, reason)

    def split_gun(
        self, gun_id: str, cartridge_case_ids: Sequence[str], name: str, reason: str
    ) -> GunGroup:
        """Take some cartridge cases of a gun out into a new one, which is returned.

        Raises CaseheadError without a reason, for all or none of them, for one that is not of it,
        and when those of one recorded firearm would be torn apart.
        """
        self._need_free(cartridge_case_ids, gun_id)
        why = _reason(reason, "these are two guns")
        with self._casebook.transaction():
            gun = self._whole_gun(gun_id)
            held = {m.cartridge_case_id for m in gun.members}
            moved = tuple(dict.fromkeys(cartridge_case_ids))
            if not moved or not set(moved) < held:
                raise CaseheadError(
                    f"Choose some, but not all, of the cartridge cases of {gun.name} to split off."
                )
            act_id, made = new_id(), self._new_gun(name, moved, None)
            for case_id in moved:
                self._gun_step(gun.id, case_id, "left", "split", act_id, made.id, why)
            self._refuse_in_other_gun(made, moved)
            for case_id in moved:
                self._gun_step(made.id, case_id, "joined", "split", act_id, gun.id, why)
        return self._told_gun(made.id, gun.id)

    def choose_for_entry(self, gun_id: str, cartridge_case_id: str, reason: str = "") -> GunGroup:
        """Let one cartridge case stand for its gun when it is entered.

        Raises CaseheadError when it is not of the gun.
        """
        self._need_free((cartridge_case_id,), gun_id)
        with self._casebook.transaction():
            gun = self._whole_gun(gun_id)
            if cartridge_case_id not in {m.cartridge_case_id for m in gun.members}:
                raise CaseheadError(
                    f"That cartridge case is not of {gun.name}; put it there first."
                )
            if gun.chosen_id != cartridge_case_id:
                act = (new_id(), None, reason)
                self._gun_step(gun_id, cartridge_case_id, "chosen", "chosen", *act)
        return self._told_gun(gun_id)

    def sort_scene(
        self,
        case_id: str,
        letters: Mapping[str, str],
        chosen: Iterable[str] = (),
        reason: str = "",
    ) -> Sorted:
        """Sort cartridge cases of a case into its guns A, B, ...: all of it or nothing.

        ``letters`` gives the letter of each cartridge case, "" for none; those not in it stay as
        they are. ``chosen`` are those that stand for their guns. Raises CaseheadError when the
        recorded firearms contradict, for cartridge cases of other cases, and for a gun that must
        not be seen yet.
        """
        chosen = tuple(chosen)
        if set(letters) - {one.member.cartridge_case_id for one in self.scene(case_id)}:
            raise CaseheadError("Sort the cartridge cases of one case; some of these are not its.")
        self._need_free((*letters, *chosen))
        number = self._casebook.number_of_case(case_id)
        act_id = new_id()
        with self._casebook.transaction():
            before = self._casebook.guns_by_case(letters)
            guns = {
                letter: self._lettered(letter, case_id, number)
                for letter in sorted(set(letters.values()) - {""})
            }
            self._refuse_veiled(*(gun.id for gun in guns.values()))
            wanted = {case: guns[at].id if at else "" for case, at in letters.items()}
            moved = {case: to for case, to in wanted.items() if to != before.get(case, "")}
            for case in moved:
                if case in before:
                    self._gun_step(before[case], case, "left", "sorted", act_id, None, reason)
            for gun in guns.values():
                to_this = [case for case, to in moved.items() if to == gun.id]
                self._join_gun(gun, to_this, "sorted", act_id, reason)
            changed = self._choose_sorted(chosen, act_id, reason)
        self._tell_guns(letters)
        return Sorted(act_id if moved or changed else "", self.gun_groups(case_id))

    def undo_sorting(self, act_id: str) -> None:
        """Take a sorting back, by further steps; raises CaseheadError when guns changed since."""
        steps = self._casebook.gun_act(act_id)
        left = {s.cartridge_case_id: s.gun_id for s in steps if s.kind == "left"}
        joined = {s.cartridge_case_id: s.gun_id for s in steps if s.kind == "joined"}
        touched = tuple(dict.fromkeys((*left, *joined)))
        self._need_free(touched)
        with self._casebook.transaction():
            now = self._casebook.guns_by_case(touched)
            if any(now.get(case) != joined.get(case) for case in touched):
                raise CaseheadError(
                    "The guns were changed since; what was sorted cannot be taken back in one "
                    "step. Sort the cartridge cases anew."
                )
            back = new_id()
            for case, gun_id in joined.items():
                self._gun_step(gun_id, case, "left", "undone", back, None, "sorting taken back")
            for case, gun_id in left.items():
                self._gun_step(gun_id, case, "joined", "undone", back, None, "sorting taken back")
        self._tell_guns(touched)

    # --- parts -----------------------------------------------------------------------------
    def _new_gun(
        self, name: str, cartridge_case_ids: Sequence[str], firearm_id: str | None
    ) -> GunRecord:
        if not cartridge_case_ids and firearm_id is None:
            raise CaseheadError("Choose the cartridge cases of the gun first.")
        cases = {self._case_behind(one) for one in cartridge_case_ids}
        only = cases.pop() if len(cases) == 1 else None
        return self._casebook.add_gun(GunRecord(" ".join(name.split()), only, firearm_id))

    def _gun_of_firearm(self, firearm_id: str, reason: str) -> GunRecord:
        known = self._casebook.gun_of_firearm(firearm_id)
        if known is not None:
            return known
        words = self._casebook.firearm_words((firearm_id,)).get(firearm_id, "")
        fired = self._casebook.fired_by(firearm_id)
        elsewhere = set(self._casebook.guns_by_case(fired).values())
        if elsewhere:
            return self._casebook.gun_record(elsewhere.pop())
        gun = self._new_gun(words or "Recovered firearm", fired, firearm_id)
        self._join_gun(gun, fired, "made", new_id(), reason)
        return gun

    def _whole_gun(self, gun_id: str) -> GunGroup:
        """A gun with all of it, whoever looks."""
        self._casebook.gun_record(gun_id)
        return self._casebook.gun_groups(gun_ids=(gun_id,))[0]

    def _need_free(self, cartridge_case_ids: Iterable[str], *gun_ids: str) -> None:
        """Raises CaseheadError where nothing can be recorded, and for what must not be seen yet."""
        self._need_writable()
        self._refuse_touched(cartridge_case_ids)
        self._refuse_veiled(*gun_ids)

    def _refuse_veiled(self, *gun_ids: str) -> None:
        """Raises CaseheadError for a gun with a specimen of one's own blind verification."""
        for one in gun_ids:
            self._refuse_touched(m.cartridge_case_id for m in self._whole_gun(one).members)

    def _case_behind(self, cartridge_case_id: str) -> str:
        case = self._casebook.cartridge_case(cartridge_case_id)
        return self._casebook.exhibit(case.exhibit_id).case_id

    def _lettered(self, letter: str, case_id: str, number: str) -> GunRecord:
        name = gun_name(letter, number)
        found = self._casebook.gun_named(name, case_id)
        return found or self._casebook.add_gun(GunRecord(name, case_id))

    def _join_gun(
        self, gun: GunRecord, case_ids: Sequence[str], act: Act, act_id: str, reason: str
    ) -> None:
        self._refuse_in_other_gun(gun, case_ids)
        before = self._casebook.gun_groups(gun_ids=(gun.id,))[0]
        joining = self._casebook.members_for(case_ids)
        self._refuse_two_firearms(gun, GunGroup(gun, joining), before)
        there = {m.cartridge_case_id for m in before.members}
        for one in joining:
            if one.cartridge_case_id not in there:
                self._gun_step(gun.id, one.cartridge_case_id, "joined", act, act_id, None, reason)

    def _refuse_in_other_gun(self, gun: GunRecord, case_ids: Sequence[str]) -> None:
        cases = [self._casebook.cartridge_case(one) for one in case_ids]
        found = self._casebook.known_guns(cases)
        for case in cases:
            other = found.get(case.id, gun.id)
            if other != gun.id:
                name = self._casebook.gun_record(other).name
                raise CaseheadError(
                    f"Cartridge case {case.label} is of {name} already, by its group or by its "
                    "recorded firearm; take it out there first, or merge the two guns."
                )

    def _refuse_two_firearms(self, gun: GunRecord, more: GunGroup, before: GunGroup) -> None:
        members = (*before.members, *more.members)
        known = {m.firearm_id for m in members if m.firearm_id}
        own = gun.firearm_id or more.record.firearm_id
        told = self._casebook.firearm_words(known | ({own} if own else set()))
        against = contradiction(members, told, own)
        if against:
            raise CaseheadError(against)
        self._refuse_unlinked(members)

    def _refuse_unlinked(self, members: Iterable[Member]) -> None:
        """Cases become linked by a verified hit, not by a gun somebody puts together."""
        cases = list(dict.fromkeys(m.case_id for m in members))
        for pair in combinations(cases, 2):
            self._refuse_hidden_cases(*pair)
        names = self._first_unlinked(cases, self._reach()) if len(cases) > 1 else ()
        if names:
            raise CaseheadError(
                f"Cases {names[0]} and {names[1]} are not linked by a hit; a gun of several cases "
                "follows from a verified hit. Compare the specimens and have the identification "
                "verified first, or note the link where it was known before."
            )

    def _doubted(self, groups: Iterable[GunGroup]) -> tuple[GunGroup, ...]:
        """With a sentence for those of several cases whose hit holds no more."""
        listed = tuple(groups)
        reach = self._reach() if any(one.in_several_cases for one in listed) else {}
        return tuple(self._in_doubt(one, reach) for one in listed)

    def _in_doubt(self, group: GunGroup, reach: Mapping[str, frozenset[str]]) -> GunGroup:
        names = self._first_unlinked([m.case_id for m in group.members], reach)
        return replace(group, doubt=unlinked_words(*names)) if names else group

    def _choose_sorted(self, chosen: Iterable[str], act_id: str, reason: str) -> bool:
        changed = False
        for case_id, gun_id in self._casebook.guns_by_case(chosen).items():
            if self._casebook.gun_groups(gun_ids=(gun_id,))[0].chosen_id != case_id:
                self._gun_step(gun_id, case_id, "chosen", "sorted", act_id, None, reason)
                changed = True
        return changed

    def _gun_step(
        self,
        gun_id: str,
        case_id: str,
        kind: StepKind,
        act: Act,
        act_id: str,
        other_id: str | None = None,
        reason: str = "",
    ) -> None:
        why = " ".join(reason.split())
        self._casebook.add_gun_step(GunStep(gun_id, case_id, kind, act, act_id, other_id, why))

    def _told_gun(self, gun_id: str, *others: str) -> GunGroup:
        group = self._whole_gun(gun_id)
        self._tell_guns(m.cartridge_case_id for m in group.members)
        return group

    def _tell_guns(self, cartridge_case_ids: Iterable[str]) -> None:
        cases = frozenset(self._case_behind(one) for one in cartridge_case_ids)
        self._publish(Changes(cases=cases, casework=True))


def _reason(text: str, what: str) -> str:
    why = " ".join(text.split())
    if not why:
        raise CaseheadError(f"Write why {what}; the reason is kept with it.")
    return why
