"""Events of linked cases as lanes over time, and as points of a map."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.casework.graph import CaseFacts, Chart, EventFacts

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Moment:
    """An event in its lane; ``day`` counts days since 1970-01-01, with fractions."""

    event: EventFacts
    case: CaseFacts
    day: float


@dataclass(frozen=True, slots=True)
class Lane:
    """What hangs together by hits and leads; ``hits`` and ``leads`` count its links."""

    component: int
    name: str
    moments: tuple[Moment, ...]
    hits: int = 0
    leads: int = 0
    undated: tuple[tuple[EventFacts, CaseFacts], ...] = ()

    @property
    def about(self) -> str:
        """How many links of each state."""
        parts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in self._counts if n]
        return ", ".join(parts)

    @property
    def _counts(self) -> tuple[tuple[int, str], ...]:
        return (self.hits, "hit"), (self.leads, "lead")


@dataclass(frozen=True, slots=True)
class MapLine:
    """Between the first located events of two linked cases."""

    start: EventFacts
    end: EventFacts
    state: str


@dataclass(frozen=True, slots=True)
class Located:
    """Events that stand on the map, the lines between them, and events without coordinates."""

    moments: tuple[tuple[EventFacts, CaseFacts], ...] = ()
    lines: tuple[MapLine, ...] = ()
    unplaced: tuple[tuple[EventFacts, CaseFacts], ...] = ()


def day_of(moment: str) -> float | None:
    """Days since 1970-01-01 of an ISO 8601 date or moment; None for what is none."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds() / _DAY_S


def lanes_of(chart: Chart) -> tuple[Lane, ...]:
    """One lane a component, in the order of the chart, its events by time."""
    number = {n.case_id: n.component for n in chart.nodes if n.kind == "case"}
    states = Counter((number[link.case_a], link.state) for link in chart.links)
    inside: defaultdict[int, list[CaseFacts]] = defaultdict(list)
    for one, case in chart.cases.items():
        inside[number[one]].append(case)
    lanes = []
    for component in range(chart.components):
        cases = inside[component]
        dated = [_moment(event, case) for case in cases for event in case.events]
        moments = sorted((m for m in dated if m is not None), key=lambda m: (m.day, m.event.id))
        undated = tuple(
            (event, case) for case in cases for event in case.events if day_of(event.at) is None
        )
        hits, leads = states[component, "hit"], states[component, "lead"]
        name = _lane_name(cases)
        lanes.append(Lane(component, name, tuple(moments), hits, leads, undated))
    return tuple(lanes)


def located(chart: Chart) -> Located:
    """The events of a chart as a map shows them."""
    both = [(event, case) for case in chart.cases.values() for event in case.events]
    lines = []
    for link in chart.links:
        ends = [_first_located(chart.cases[one].events) for one in link.pair]
        if ends[0] is not None and ends[1] is not None:
            lines.append(MapLine(ends[0], ends[1], link.state))
    return Located(
        tuple(pair for pair in both if pair[0].located),
        tuple(lines),
        tuple(pair for pair in both if not pair[0].located),
    )


def _first_located(events: Iterable[EventFacts]) -> EventFacts | None:
    return next((event for event in events if event.located), None)


def _moment(event: EventFacts, case: CaseFacts) -> Moment | None:
    day = day_of(event.at)
    return None if day is None else Moment(event, case, day)


def _lane_name(cases: list[CaseFacts]) -> str:
    """The gun all have in common, else the first case and how many more."""
    shared = set.intersection(*({gun.name for gun in case.guns} for case in cases))
    first = min(cases, key=lambda case: case.number)
    if shared and len(cases) > 1:
        return f"{min(shared)}, {len(cases)} cases"
    return f"{first.number} and {len(cases) - 1} more" if len(cases) > 1 else first.number
