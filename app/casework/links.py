"""Links between cases: leads and hits, derived from what is recorded.

How hits are counted follows the guidance for hit reporting (R9 to R12): between two cases, not
items; only where no earlier hit or warm link connects them, be it through other cases; so a
group of n cases linked by one gun counts n - 1 times, once for each further case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal, NamedTuple, TypeVar

LinkState = Literal["lead", "hit"]
Pair = tuple[str, str]

WARM = "Not counted: this link was noted before as known from elsewhere."
BEFORE = "Not counted: an earlier hit or warm link connects both cases already, through others."


@dataclass(frozen=True, slots=True)
class Link:
    """Two cases and what links them; ``case_a`` < ``case_b``, so that a pair is one link.

    ``since`` is when the hit was confirmed, else when the lead was agreed. ``counted`` is for
    hits: that no earlier hit or warm link had linked the two; ``why_not`` says why it is not
    counted, or why it is no hit (again). ``leads`` and ``comparisons`` are what it rests on.
    ``started_by`` and ``confirmed_by`` are agencies' ids, "" where unknown or not confirmed.
    ``stale``: it was a hit until something it rests on was changed.
    """

    case_a: str
    case_b: str
    state: LinkState
    since: str
    counted: bool = False
    why_not: str = ""
    leads: tuple[str, ...] = ()
    comparisons: tuple[str, ...] = ()
    started_by: str = ""
    confirmed_by: str = ""
    stale: bool = False

    @property
    def pair(self) -> Pair:
        """Both cases, in order."""
        return (self.case_a, self.case_b)

    def other(self, case_id: str) -> str:
        """The case at the other end."""
        return self.case_b if case_id == self.case_a else self.case_a


class Confirmation(NamedTuple):
    """A comparison whose identification was verified, at ``at``, whether that still holds or not.

    ``started_at`` is when the identification was recorded, by the agency ``started_by``.
    ``why_not`` says what keeps it from making a hit, "" nothing; ``stale`` that this is a change
    after the verification.
    """

    comparison_id: str
    case_a: str
    case_b: str
    at: str
    started_at: str = ""
    started_by: str = ""
    confirmed_by: str = ""
    why_not: str = ""
    stale: bool = False


class StandingLead(NamedTuple):
    """A lead that was agreed, at ``at``, and is open; proposed earlier, by ``started_by``."""

    lead_id: str
    case_a: str
    case_b: str
    at: str
    started_at: str = ""
    started_by: str = ""


class Warm(NamedTuple):
    """Two cases known to be linked from elsewhere since ``at``."""

    case_a: str
    case_b: str
    at: str


Between = TypeVar("Between", Confirmation, StandingLead)


def pair_of(one: str, other: str) -> Pair:
    """Two cases in the order of a link."""
    return (one, other) if one < other else (other, one)


def derive_links(
    confirmations: Iterable[Confirmation],
    leads: Iterable[StandingLead] = (),
    warm: Iterable[Warm] = (),
) -> tuple[Link, ...]:
    """All links, the newest first. What is within one case is none.

    The order of what is given does not matter.
    """
    confirmed = _by_pair(confirmations)
    standing = _by_pair(leads)
    hits = {pair: min(moments) for pair, moments in _held(confirmed)}
    why_not = _uncounted(hits, warm)
    pairs = {*confirmed, *standing}
    links = [
        _hit(pair, confirmed[pair], standing.get(pair, ()), why_not[pair])
        if pair in hits
        else _lead(pair, confirmed.get(pair, ()), standing.get(pair, ()))
        for pair in pairs
    ]
    found = [link for link in links if link is not None]
    return tuple(sorted(found, key=attrgetter("since", "case_a", "case_b"), reverse=True))


def _by_pair(some: Iterable[Between]) -> dict[Pair, list[Between]]:
    """What is between two cases, each pair in order."""
    found: dict[Pair, list[Between]] = {}
    for one in some:
        a, b = one.case_a, one.case_b
        if a != b:
            pair = (a, b) if a < b else (b, a)
            held = found.get(pair)
            if held is None:
                found[pair] = [one]
            else:
                held.append(one)
    return found


def _held(
    confirmed: Mapping[Pair, Sequence[Confirmation]],
) -> Iterator[tuple[Pair, list[str]]]:
    """The pairs with a hit, and when each of its comparisons was confirmed."""
    for pair, some in confirmed.items():
        moments = [one.at for one in some if not one.why_not]
        if moments:
            yield pair, moments


def _hit(
    pair: Pair,
    confirmed: Sequence[Confirmation],
    leads: Sequence[StandingLead],
    why_not: str,
) -> Link:
    resting = confirmed
    if len(confirmed) > 1:
        resting = _resting([one for one in confirmed if not one.why_not])
    return Link(
        *pair,
        "hit",
        resting[0].at,
        not why_not,
        why_not,
        _ids(leads),
        tuple(one.comparison_id for one in resting),
        _first(leads, resting),
        resting[0].confirmed_by,
    )


def _lead(
    pair: Pair, confirmed: Sequence[Confirmation], leads: Sequence[StandingLead]
) -> Link | None:
    stale = _resting([one for one in confirmed if one.stale])
    if not stale and not leads:
        return None
    return Link(
        *pair,
        "lead",
        min(one.at for one in leads or stale),
        False,
        next((one.why_not for one in (*stale, *confirmed)), ""),
        _ids(leads),
        tuple(one.comparison_id for one in stale),
        _first(leads, confirmed),
        stale=bool(stale),
    )


def _resting(some: list[Confirmation]) -> list[Confirmation]:
    """In the order they were confirmed."""
    return some if len(some) < 2 else sorted(some, key=lambda one: (one.at, one.comparison_id))


def _ids(leads: Sequence[StandingLead]) -> tuple[str, ...]:
    if not leads:
        return ()
    if len(leads) == 1:
        return (leads[0].lead_id,)
    return tuple(lead.lead_id for lead in sorted(leads, key=_started))


def _first(leads: Sequence[StandingLead], confirmed: Sequence[Confirmation]) -> str:
    """The agency that started it."""
    if not leads and len(confirmed) == 1:
        return confirmed[0].started_by
    starts: list[Confirmation | StandingLead] = [*leads, *confirmed]
    return min(starts, key=_started).started_by


def _started(one: Confirmation | StandingLead) -> tuple[str, str]:
    return (one.started_at or one.at, one.at)


def _uncounted(hits: Mapping[Pair, str], warm: Iterable[Warm]) -> dict[Pair, str]:
    """Why each hit, confirmed at that moment, is not counted; "" it is."""
    told = [(one.at, 0, pair_of(one.case_a, one.case_b)) for one in warm]
    known = {pair for _, _, pair in told}
    told += [(at, 1, pair) for pair, at in hits.items()]
    groups = _Groups()
    found: dict[Pair, str] = {}
    for _, is_hit, pair in sorted(told):
        fresh = groups.join(*pair)
        if is_hit:
            found[pair] = "" if fresh else WARM if pair in known else BEFORE
    return found


class _Groups:
    """Cases that are connected, directly or through others."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, one: str, other: str) -> bool:
        """Connect two; False when they were connected before."""
        first, second = self._top(one), self._top(other)
        self._above[first] = second
        return first != second

    def _top(self, one: str) -> str:
        above = self._above
        higher = above.get(one)
        if higher is None:
            above[one] = one
            return one
        while higher != one:
            above[one] = one = above[higher]
            higher = above[one]
        return one
