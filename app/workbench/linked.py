"""Leads and hits between cases, as they follow from the record now."""

from __future__ import annotations

from collections.abc import Iterable

from app.casework.links import Link, derive_links, pair_of
from app.casework.reviews import WarmLink
from app.casework.wording import CaseworkWords, casework_words
from app.domain import CaseheadError, Changes, now
from app.store.link_facts import Stamp
from app.workbench.blinding import Blinding

_Known = tuple[Stamp, tuple[Link, ...], dict[tuple[str, str], Link]]


class Linked(Blinding):
    """Operations on links; nothing of a link is stored, and none can be entered."""

    _links: _Known | None = None

    def casework_words(self) -> CaseworkWords:
        """The lab's kinds of feedback, closing reasons and means of telling."""
        return casework_words()

    def links(self, case_ids: Iterable[str] | None = None) -> tuple[Link, ...]:
        """All links, the newest first; with ``case_ids`` those that touch one of these cases."""
        found = self._derived()[1]
        if case_ids is None:
            return found
        wanted = set(case_ids)
        return tuple(link for link in found if link.case_a in wanted or link.case_b in wanted)

    def links_of(self, case_id: str) -> tuple[Link, ...]:
        """The links of one case; each stands in the record of both its cases."""
        return self.links((case_id,))

    def link_between(self, case_id: str, other_id: str) -> Link | None:
        """What links two cases; None when nothing does."""
        return self._derived()[2].get(pair_of(case_id, other_id))

    def hits(self) -> tuple[Link, ...]:
        """The links that are hits now, the newest first; ``counted`` says which count."""
        return tuple(link for link in self.links() if link.state == "hit")

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
        found = self._casebook.warm_links()
        return tuple(one for one in found if case_id in (None, one.case_a, one.case_b))

    def _derived(self) -> _Known:
        """Anew only when something was recorded since."""
        known, stamp = self._links, self._casebook.link_stamp()
        if known is None or known[0] != stamp or not self._casebook.settled:
            facts = self._casebook.link_facts(casework_words())
            found = derive_links(facts.confirmations, facts.leads, facts.warm)
            known = (stamp, found, {link.pair: link for link in found})
            if self._casebook.settled:
                self._links = known
        return known

    def _refuse_unknown(self, case_ids: Iterable[str]) -> None:
        wanted = tuple(case_ids)
        known = self._casebook.case_labels(wanted)
        for case_id in wanted:
            if case_id not in known:
                raise CaseheadError(f"There is no case {case_id} in this casebook.")
