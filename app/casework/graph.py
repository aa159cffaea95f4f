"""The graph of linked cases with their events and guns: what is shown, chosen by filters.

A case is a node, so is a gun (a gun group, or a recorded firearm of none) and an event. Links,
which are leads or hits, run between cases; a gun is tied to each case it is known in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from app.casework.links import Link

NodeKind = Literal["case", "gun", "event"]
EdgeKind = Literal["hit", "lead", "gun", "event"]
CASES_SHOWN = 60
"""A chart of more cannot be read; the components beyond are left out, and told."""


class Wanted(StrEnum):
    """Which links are shown."""

    BOTH = "hits and leads"
    HITS = "hits"
    LEADS = "leads"

    def takes(self, link: Link) -> bool:
        """Whether this link is shown."""
        return self is Wanted.BOTH or (link.state == "hit") == (self is Wanted.HITS)


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event; ``outcome`` is "fatal", "non-fatal" or "", ``at`` ISO 8601 or ""."""

    id: str
    case_id: str
    kind: str
    at: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    outcome: str = ""

    @property
    def located(self) -> bool:
        """Whether it can stand on a map."""
        return self.latitude is not None and self.longitude is not None

    @property
    def day(self) -> str:
        """The date alone."""
        return self.at[:10]


@dataclass(frozen=True, slots=True)
class GunFacts:
    """A gun group, or a recorded firearm of none."""

    id: str
    name: str
    calibre: str = ""
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case with what is drawn of it."""

    id: str
    number: str
    agency: str = ""
    title: str = ""
    calibres: tuple[str, ...] = ()
    events: tuple[EventFacts, ...] = ()
    guns: tuple[GunFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartFilter:
    """What is to be shown; "" takes all. ``since`` and ``until`` are days, months
    or years, both included.

    A link is shown when one of its cases fits agency, calibre and period; ``number`` keeps the
    components with a case whose number has it, ``case_id`` that of one case.
    """

    wanted: Wanted = Wanted.BOTH
    agency: str = ""
    calibre: str = ""
    since: str = ""
    until: str = ""
    number: str = ""
    case_id: str = ""

    @property
    def empty(self) -> bool:
        """Whether everything is shown."""
        return self == ChartFilter()

    @property
    def by_case(self) -> bool:
        """Whether it asks anything of the cases themselves, besides their number."""
        return bool(self.agency or self.calibre or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Node:
    """``label`` is short; ``facts`` are name and value as they are read. ``case_id`` is where to
    go from it. ``component`` numbers what hangs together, the newest first.
    """

    id: str
    kind: NodeKind
    label: str
    about: str
    facts: tuple[tuple[str, str], ...]
    case_id: str
    component: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """``since`` is when a link was agreed or confirmed; ``stale`` as of the link."""

    a: str
    b: str
    kind: EdgeKind
    since: str = ""
    words: str = ""
    stale: bool = False

    @property
    def id(self) -> str:
        """The same for the same two ends and kind."""
        return f"{self.kind}:{self.a}:{self.b}"


@dataclass(frozen=True, slots=True)
class Chart:
    """``told`` is a sentence about what is left out; ``cases`` are those shown, by id."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    components: int = 0
    told: str = ""
    cases: Mapping[str, CaseFacts] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    def neighbours(self, node_id: str) -> tuple[Edge, ...]:
        """The edges at a node."""
        return tuple(edge for edge in self.edges if node_id in (edge.a, edge.b))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The links that are drawn, by component, the one with the newest link first; ``told`` is a
    sentence about what is left out.
    """

    groups: tuple[tuple[Link, ...], ...] = ()
    told: str = ""

    @property
    def case_ids(self) -> tuple[str, ...]:
        """The cases at their ends."""
        return _cases_in(link for group in self.groups for link in group)


def choose(
    links: Iterable[Link],
    wanted: Wanted = Wanted.BOTH,
    fitting: Container[str] | None = None,
    named: Container[str] | None = None,
    most: int = CASES_SHOWN,
) -> Chosen:
    """Whole components, the one with the newest link first, of up to ``most`` cases together.

    A link is taken when one of its cases is in ``fitting`` (None: any will do), a component when
    one of its cases is in ``named``. Of a first component that is too large alone, it is the part
    around its most linked case.
    """
    shown = [
        one
        for one in links
        if wanted.takes(one) and (fitting is None or one.case_a in fitting or one.case_b in fitting)
    ]
    starts = [one for one in shown if named is None or one.case_a in named or one.case_b in named]
    starts.sort(key=lambda one: (one.since, one.pair), reverse=True)
    groups, drawn, cut = _within(starts, _by_case(shown), most)
    left_out = cut or len(set(_cases_in(starts)) - drawn)
    return Chosen(tuple(map(tuple, groups)), _told(left_out))


def chart_of(chosen: Chosen, cases: Mapping[str, CaseFacts], *, events: bool = True) -> Chart:
    """What is drawn of these links; cases that are not in ``cases`` are left out with theirs."""
    groups = [
        [one for one in group if one.case_a in cases and one.case_b in cases]
        for group in chosen.groups
    ]
    return _chart([group for group in groups if group], cases, events, chosen.told)


def together(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """By case: all that hang together with it through these pairs, itself among them."""
    at: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in pairs:
        at[a].append(b)
        at[b].append(a)
    found: dict[str, frozenset[str]] = {}
    for start in at:
        if start not in found:
            reached = dict.fromkeys((start,))
            waiting = [start]
            for one in waiting:
                waiting += [other for other in at[one] if other not in reached]
                reached |= dict.fromkeys(at[one])
            found |= dict.fromkeys(reached, frozenset(reached))
    return found


def _by_case(links: Iterable[Link]) -> dict[str, list[Link]]:
    at: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        at[link.case_a].append(link)
        at[link.case_b].append(link)
    return at


def _reached(
    start: str, at: Mapping[str, Sequence[Link]], most_cases: int | None = None
) -> list[Link]:
    """The links of the component of a case, nearest first; up to so many cases."""
    cases = dict.fromkeys((start,))
    waiting = [start]
    for case in waiting:
        for link in at[case]:
            other = link.other(case)
            if other not in cases and (most_cases is None or len(cases) < most_cases):
                cases[other] = None
                waiting.append(other)
    held = {link.pair: link for case in cases for link in at[case]}
    return [link for link in held.values() if link.case_a in cases and link.case_b in cases]


def _within(
    starts: Sequence[Link], at: Mapping[str, list[Link]], most: int
) -> tuple[list[list[Link]], set[str], int]:
    """The components of ``starts`` in their order while they fit; which cases those are; and
    how many of the first are left out, where that alone is too large.
    """
    chosen: list[list[Link]] = []
    drawn: set[str] = set()
    for link in starts:
        if link.case_a in drawn:
            continue
        group = _reached(link.case_a, at)
        inside = _cases_in(group)
        if not chosen and len(inside) > most:
            part = _part(at, inside, most)
            return [part], set(inside), len(inside) - len(_cases_in(part))
        if len(drawn) + len(inside) > most:
            break
        chosen.append(group)
        drawn.update(inside)
    return chosen, drawn, 0


def _part(at: Mapping[str, list[Link]], inside: Sequence[str], most_cases: int) -> list[Link]:
    middle = max(inside, key=lambda case: (len(at[case]), case))
    return _reached(middle, at, most_cases)


def _cases_in(links: Iterable[Link]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case for link in links for case in link.pair))


def _told(left_out: int) -> str:
    if not left_out:
        return ""
    cases = "1 more linked case is" if left_out == 1 else f"{left_out} more linked cases are"
    return f"{cases} not drawn; filter by case number, agency or period to see others."


def _chart(
    groups: Sequence[Sequence[Link]], cases: Mapping[str, CaseFacts], events: bool, told: str
) -> Chart:
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    links: list[Link] = []
    for number, group in enumerate(groups):
        for case_id in sorted(_cases_in(group), key=lambda one: (cases[one].number, one)):
            made, tied = _of_case(cases[case_id], number, events)
            nodes |= {node.id: node for node in made if node.id not in nodes}
            edges += tied
        edges += [_edge(link) for link in sorted(group, key=lambda one: one.pair)]
        links += group
    shown = {node.case_id: cases[node.case_id] for node in nodes.values() if node.kind == "case"}
    return Chart(tuple(nodes.values()), tuple(edges), len(groups), told, shown, tuple(links))


def _of_case(case: CaseFacts, component: int, events: bool) -> tuple[list[Node], list[Edge]]:
    facts = (
        ("Case", case.number),
        ("Agency", case.agency),
        ("About", case.title),
        ("Calibres", ", ".join(case.calibres)),
        ("Events", str(len(case.events)) if case.events else "none recorded"),
    )
    first = next((e for e in case.events if e.day), None)
    about = "  ".join(filter(None, (first.day if first else "", case.agency)))
    nodes = [_node(f"case:{case.id}", "case", case.number, about, facts, case.id, component)]
    edges: list[Edge] = []
    for gun in case.guns:
        nodes.append(_gun(gun, case, component))
        edges.append(Edge(f"case:{case.id}", f"gun:{gun.id}", "gun", words="gun of the case"))
    for event in case.events if events else ():
        nodes.append(_event(event, case, component))
        edges.append(Edge(f"case:{case.id}", f"event:{event.id}", "event", event.day, event.kind))
    return nodes, edges


def _gun(gun: GunFacts, case: CaseFacts, component: int) -> Node:
    what = "recovered firearm" if gun.recovered else "gun not recovered"
    facts = (("Gun", gun.name), ("Calibre", gun.calibre), ("State", what))
    about = " ".join(filter(None, (gun.calibre, "recovered" if gun.recovered else "")))
    return _node(f"gun:{gun.id}", "gun", gun.name, about, facts, case.id, component)


def _event(event: EventFacts, case: CaseFacts, component: int) -> Node:
    where = f"{event.latitude:.5f}, {event.longitude:.5f}" if event.located else ""
    facts = (
        ("Event", event.kind),
        ("When", event.at.replace("T", " ")),
        ("Where", event.place),
        ("Coordinates", where),
        ("Outcome", event.outcome),
        ("Case", case.number),
    )
    label = event.kind or "event"
    return _node(f"event:{event.id}", "event", label, event.day, facts, case.id, component)


def _node(
    node_id: str,
    kind: NodeKind,
    label: str,
    about: str,
    facts: tuple[tuple[str, str], ...],
    case_id: str,
    component: int,
) -> Node:
    told = tuple((name, value) for name, value in facts if value)
    return Node(node_id, kind, label, about, told, case_id, component)


def _edge(link: Link) -> Edge:
    day = link.since[:10]
    words = f"{'Hit, confirmed' if link.state == 'hit' else 'Lead, unconfirmed, since'} {day}"
    if link.stale:
        words += "; no longer confirmed, what it rests on was changed"
    ends = (f"case:{link.case_a}", f"case:{link.case_b}")
    return Edge(*ends, link.state, link.since, words, link.stale)
