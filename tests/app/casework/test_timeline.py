"""Lanes of events over time, and events on a map."""

from __future__ import annotations

import pytest

from app.casework.graph import CaseFacts, EventFacts, GunFacts, chart_of, choose
from app.casework.links import Link
from app.casework.timeline import day_of, lanes_of, located


def _case(name: str, *events: EventFacts, gun: str = "") -> CaseFacts:
    guns = (GunFacts(gun, f"Gun {gun}"),) if gun else ()
    return CaseFacts(name, f"2026-{name}", events=events, guns=guns)


def _event(name: str, at: str, where: tuple[float, float] | None = None) -> EventFacts:
    return EventFacts(f"e{name}{at}", name, "recovery", at, "Pier 4", *(where or (None, None)))


CASES = {
    "a": _case("a", _event("a", "2026-03-04", (40.0, -74.0)), gun="1"),
    "b": _case("b", _event("b", "2026-01-04T10:00:00+00:00", (41.0, -74.0)), gun="1"),
    "c": _case("c", _event("c", ""), gun=""),
    "d": _case("d"),
}
LINKS = (
    Link("a", "b", "hit", "2026-05-01"),
    Link("b", "c", "lead", "2026-05-02"),
    Link("c", "d", "lead", "2026-05-03"),
)
CHART = chart_of(choose(LINKS), CASES)


@pytest.mark.parametrize(
    ("text", "day"), [("1970-01-02", 1.0), ("1970-01-01T12:00:00+00:00", 0.5), ("soon", None)]
)
def test_days(text: str, day: float | None) -> None:
    assert day_of(text) == day


def test_a_lane_has_its_events_by_time_and_tells_what_has_no_day() -> None:
    (lane,) = lanes_of(CHART)
    assert [m.case.id for m in lane.moments] == ["b", "a"]
    assert [case.id for _, case in lane.undated] == ["c"]
    assert lane.name == "2026-a and 3 more"
    (both,) = lanes_of(chart_of(choose(LINKS[:1]), CASES))
    assert both.name == "Gun 1, 2 cases"
    assert lane.about == "1 hit, 2 leads"


def test_lines_run_between_linked_events_that_have_coordinates() -> None:
    found = located(CHART)
    assert [event.case_id for event, _ in found.moments] == ["a", "b"]
    assert [(line.start.case_id, line.end.case_id, line.state) for line in found.lines] == [
        ("a", "b", "hit")
    ]
    assert [case.id for _, case in found.unplaced] == ["c"]
