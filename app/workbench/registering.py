"""Cases, exhibits, cartridge cases and marks: registering them and looking at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from app.casework.moments import tidy_moment
from app.casework.record import MissingError, record_fields
from app.domain import Acquired, CaseheadError, Changes, Mark, MarkKind, Provenance, Role
from app.workbench.blinding import Blinding
from app.workbench.entering import COLUMNS, Entering, lacking_in, records_of
from app.workbench.record_keeping import Keeper, pick_lists_of, refuse_missing
from app.workbench.tree import FIRST, newest_of, part_of, tree_of, whole_cases
from app.workbench.values import CaseNode, Registration, TreePart

LAST_REGISTRATION = "last_registration"
MADE = "cartridge_case_id"


class Registering(Blinding):
    """Operations on what bears the marks."""

    def tree(self) -> tuple[CaseNode, ...]:
        """All cases with their exhibits, cartridge cases, marks and current pictures."""
        return self._veil().tree(tree_of(self._casebook))

    def tree_part(self, words: str = "", most: int = FIRST, wanted: Iterable[str] = ()) -> TreePart:
        """The tree, of a large casebook a part; see ``app.workbench.tree.part_of``."""
        part = part_of(self._casebook, words, most, wanted)
        return replace(part, cases=self._veil().tree(part.cases))

    def newest_tree(self, wanted: Iterable[str] = ()) -> tuple[CaseNode, ...]:
        """The tree; of a large casebook its newest cases and those of ``wanted`` records."""
        return self._veil().tree(newest_of(self._casebook, wanted))

    def case_node(self, case_id: str) -> CaseNode | None:
        """A case with everything below it; None when there is none."""
        found = self._veil().tree(whole_cases(self._casebook, (case_id,)))
        return found[0] if found else None

    def pictures_of(self, mark_id: str) -> tuple[Acquired, ...]:
        """The current pictures of a mark, oldest first."""
        return self._casebook.acquired_of(mark_id)

    def provenance(self, acquired_id: str) -> Provenance:
        """Where a picture sits. Raises CaseheadError when there is none."""
        return self._casebook.provenance(acquired_id)

    def register(self, registration: Registration) -> Mark:
        """Find or make all that the registration names, down to the mark, which is returned.

        What is there stays as it is (a case keeps its first title); what it still lacks is
        filled in. Nothing is made when it is refused. Raises CaseheadError for a missing number,
        an event that cannot be, a number that is there in another writing, a class
        characteristic or field that contradicts what is recorded, a gun that was merely made,
        imported or sold and, where the record rules hold, with all required fields that lack.
        """
        wanted = _tidy(registration)
        rules = self._casebook.rules_hold()
        _check(wanted, rules=rules)
        with self._casebook.transaction():
            entered = Entering(self._casebook).enter(wanted)
            if rules:
                refuse_missing(entered.lacking, "register the cartridge case")
            kept = {**asdict(wanted), MADE: entered.mark.cartridge_case_id}
            self._casebook.set_setting(LAST_REGISTRATION, kept)
        self._publish(Changes(cases=frozenset({entered.case_id})))
        return entered.mark

    def last_registration(self) -> Registration | None:
        """What was registered last, to carry over, as corrected since; None at first."""
        kept = self._casebook.setting(LAST_REGISTRATION)
        if not isinstance(kept, dict):
            return None
        known = {f.name for f in fields(Registration)}
        values = {name: value for name, value in kept.items() if name in known}
        values["role"] = Role(values["role"])
        values["mark_kind"] = MarkKind(values["mark_kind"])
        return self._as_corrected(Registration(**values), str(kept.get(MADE, "")))

    def _as_corrected(self, kept: Registration, cartridge_case_id: str) -> Registration:
        """What is recorded now, where it is another than what was registered."""
        try:
            own = self._casebook.cartridge_case(cartridge_case_id)
            exhibit = self._casebook.exhibit(own.exhibit_id)
        except CaseheadError:  # registered by an older version, or in another casebook
            return kept
        keeper = Keeper(self._casebook)
        held = {k: keeper.stored(k, i) for k, i in records_of(exhibit, own) if i}
        now: dict[str, Any] = {
            name: held.get(kind, {}).get(key, "")
            for name, kind, key in COLUMNS
            if name != "role" and getattr(kept, name)
        }
        facts = {
            name: held.get(record_fields().named(name).record, {}).get(
                record_fields().named(name).key, ""
            )
            for name in kept.facts
        }
        return replace(kept, role=own.role, **now, facts={n: v for n, v in facts.items() if v})

    def pick_lists(self) -> Mapping[str, tuple[str, ...]]:
        """calibres, event_kinds and the other lists to choose from, with the lab's own entries."""
        return pick_lists_of(self._casebook)


def _tidy(registration: Registration) -> Registration:
    values = {f.name: getattr(registration, f.name) for f in fields(Registration)}
    tidied: dict[str, Any] = {
        name: " ".join(value.split())
        for name, value in values.items()
        if name not in ("role", "mark_kind", "facts")
    }
    facts = {name: " ".join(value.split()) for name, value in registration.facts.items()}
    kept = {name: value for name, value in facts.items() if value}
    if tidied["event_at"]:
        tidied["event_at"] = tidy_moment(tidied["event_at"], "date of the event")
    return replace(registration, **tidied, facts=kept)


_NUMBERS = {
    "case_number": "case number",
    "exhibit_number": "exhibit number",
    "label": "label of the cartridge case",
}
_NAMES = {
    "case_number": "case.number",
    "exhibit_number": "exhibit.number",
    "label": "cartridge_case.label",
}


def _check(wanted: Registration, *, rules: bool) -> None:
    """Without the numbers nothing can be looked up: all that lacks is what the form lacks."""
    numbers = {name: words for name, words in _NUMBERS.items() if not getattr(wanted, name)}
    if not numbers:
        return
    others = {one.name: one.words for one in lacking_in(wanted)} if rules else {}
    names = [*(_NAMES[name] for name in numbers), *others]
    lacking = [*numbers.values(), *others.values()]
    named = lacking[0] if len(lacking) == 1 else f"{', '.join(lacking[:-1])} and {lacking[-1]}"
    verb, them = ("is", "it") if len(lacking) == 1 else ("are", "them")
    told = f"The {named} {verb} missing; fill {them} in to register the cartridge case."
    raise MissingError(told, names)
