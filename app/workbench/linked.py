"""Leads and hits between cases, as they follow from the record now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.casework.graph import together
from app.casework.links import Link, Pair, derive_links, pair_of
from app.casework.reviews import WarmLink
from app.casework.wording import CaseworkWords, casework_words
from app.domain import CaseheadError, Changes, now
from app.store.link_facts import Stamp
from app.workbench.blinding import WITHHELD, Blinding

_Known = tuple[Stamp, tuple[Link, ...], dict[tuple[str, str], Link]]


class Linked(Blinding):
    """Operations on links; nothing of a link is stored, and none can be entered."""

    _links: Mapping[frozenset[Pair], _Known] = {}

    def casework_words(self) -> CaseworkWords:
        """The lab's kinds of feedback, closing reasons and means of telling."""
        return casework_words()

    def links(self, case_ids: Iterable[str] | None = None) -> tuple[Link, ...]:
        """All links, the newest first; with ``case_ids`` those that touch one of these cases.

        Without those that a blind verification hides from who looks.
        """
        found = self._shown_links()[1]
        if case_ids is None:
            return found
        wanted = set(case_ids)
        return tuple(link for link in found if link.case_a in wanted or link.case_b in wanted)

    def links_of(self, case_id: str) -> tuple[Link, ...]:
        """The links of one case; each stands in the record of both its cases."""
        return self.links((case_id,))

    def link_between(self, case_id: str, other_id: str) -> Link | None:
        """What links two cases; None when nothing does."""
        return self._shown_links()[2].get(pair_of(case_id, other_id))

    def hits(self) -> tuple[Link, ...]:
        """The links that are hits now, the newest first; ``counted`` says which count."""
        return tuple(link for link in self.links() if link.state == "hit")

    def hides_link(self, case_id: str, other_id: str) -> bool:
        """Whether a blind verification hides from who looks what links two cases, if anything."""
        return pair_of(case_id, other_id) in self._veil().cases

    def note_warm_link(self, case_id: str, other_id: str, basis: str) -> WarmLink:
        """Note that two cases are known to be linked from elsewhere; it is never counted (R10).

        Raises CaseheadError for one and the same case, without a ``basis``, and when it was noted
        before.
        """
        basis = basis.strip()
        if case_id == other_id:
            raise CaseheadError("A link is between two cases; choose another one.")
        if not basis:
            raise CaseheadError("Say how the link is known; the basis is kept with it.")
        pair = pair_of(case_id, other_id)
        self._refuse_hidden_cases(*pair)
        with self._casebook.transaction():
            self._refuse_unknown(pair)
            if pair in {pair_of(one.case_a, one.case_b) for one in self._casebook.warm_links()}:
                raise CaseheadError("This link between the two cases is noted already.")
            warm = WarmLink(*pair, basis, self.author, now())
            self._casebook.add_warm_link(warm)
        self._publish(Changes(cases=frozenset(pair), casework=True))
        return warm

    def warm_links(self, case_id: str | None = None) -> tuple[WarmLink, ...]:
        """The links known from elsewhere, of one case or all, oldest first."""
        found, veiled = self._casebook.warm_links(), self._veil().cases
        return tuple(
            one
            for one in found
            if case_id in (None, one.case_a, one.case_b)
            and pair_of(one.case_a, one.case_b) not in veiled
        )

    def _shown_links(self) -> _Known:
        """All that may be seen; the rest is derived as if there were nothing between the cases
        that are hidden, so that it does not tell of them either."""
        return self._derived(self._veil().cases)

    def _derived(self, without: frozenset[Pair] = frozenset()) -> _Known:
        """Anew only when something was recorded since."""
        known, stamp = self._links.get(without), self._casebook.link_stamp()
        if known is None or known[0] != stamp or not self._casebook.settled:
            facts = self._casebook.link_facts(casework_words())
            found = derive_links(*facts.without(without)[:3])
            known = (stamp, found, {link.pair: link for link in found})
            if self._casebook.settled:
                kept = self._links if without else {}
                self._links = {**{k: v for k, v in kept.items() if not k}, without: known}
        return known

    def _refuse_hidden_hits(self) -> None:
        """Raises CaseheadError where what rests on all hits would tell of one that is hidden."""
        shown = self._shown_links()
        if any(link.state == "hit" and shown[2].get(link.pair) != link for link in self._all()):
            raise CaseheadError(WITHHELD)

    def _reach(self) -> dict[str, frozenset[str]]:
        """By case: all that hits and warm links tie it to, through others too, whoever looks."""
        pairs = [link.pair for link in self._all() if link.state == "hit"]
        known = self._casebook.warm_links()
        return together((*pairs, *((warm.case_a, warm.case_b) for warm in known)))

    def _first_unlinked(
        self, cases: Sequence[str], reach: Mapping[str, frozenset[str]]
    ) -> tuple[str, str] | tuple[()]:
        """The numbers of the first of some cases and of one that is not tied to it; () for none."""
        for other in cases[1:]:
            if other != cases[0] and other not in reach.get(cases[0], ()):
                number = self._casebook.number_of_case
                return number(cases[0]), number(other)
        return ()

    def _all(self) -> tuple[Link, ...]:
        """Every link, whoever looks."""
        return self._derived()[1]

    def _refuse_unknown(self, case_ids: Iterable[str]) -> None:
        wanted = tuple(case_ids)
        known = self._casebook.case_labels(wanted)
        for case_id in wanted:
            if case_id not in known:
                raise CaseheadError(f"There is no case {case_id} in this casebook.")
