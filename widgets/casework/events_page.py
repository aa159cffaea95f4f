"""What timeline and map have in common: the event in hand, its facts and the way to its case."""

from __future__ import annotations

from collections.abc import Iterable

from app.casework.graph import CaseFacts, EventFacts
from app.workbench import Workbench
from app.workbench.linking import LinkChart
from widgets.bridge import Bridge
from widgets.casework.facts_side import FactsSide
from widgets.casework.linked_page import LinkedPage
from widgets.navigator import Navigator

EVENT_SIGNS = (
    "Filled diamond: fatal shooting. Circle: non-fatal shooting. Triangle: shots fired. "
    "Square: recovery. Cross: other."
)
"""What stands for an event, on the map as on the timeline."""


def event_facts(event: EventFacts, case: CaseFacts) -> tuple[tuple[str, str], ...]:
    """Name and value of what is known of an event, as they are read."""
    where = f"{event.latitude:.5f}, {event.longitude:.5f}" if event.located else ""
    told = (
        ("Case", case.number),
        ("About", case.title),
        ("Agency", case.agency),
        ("When", event.at.replace("T", " ")),
        ("Where", event.place),
        ("Coordinates", where),
        ("Outcome", event.outcome),
        ("Guns", ", ".join(gun.name for gun in case.guns)),
    )
    return tuple((name, value) for name, value in told if value)


class EventsPage(LinkedPage):
    """Events of linked cases; what cannot be shown in the view is listed at its side."""

    def __init__(
        self, name: str, lacking: str, workbench: Workbench, bridge: Bridge, navigator: Navigator
    ) -> None:
        super().__init__(name, workbench, bridge, navigator)
        self._lacking, self._case = lacking, ""
        self.side = FactsSide(name, lacking, self.go, self._jump)

    def go(self) -> None:
        """To the case of the event in hand."""
        if self._case:
            self._navigator.show_casebook(self._case)

    def load(self) -> LinkChart:
        """See LinkedPage."""
        return self._workbench.linked_events(self._wanted)

    def show_event(self, event: EventFacts, case: CaseFacts) -> None:
        """Take an event in hand."""
        self._case = case.id
        self.side.show_thing(event.kind or "Event", event_facts(event, case))

    def show_lacking(self, lines: Iterable[tuple[str, str]], *, in_hand: bool) -> None:
        """List what the view lacks, as case and words; without an event ``in_hand`` none is told
        of any more."""
        listed = list(lines)
        self.side.show_list(listed, f"{self._lacking}: {len(listed)}")
        if not in_hand:
            self._case = ""
            nothing = "Click an event, or go through them with the arrow keys."
            self.side.show_thing("", (), nothing=nothing)

    def _jump(self, case_id: str) -> None:
        self._case = case_id
        case = self.loaded.chart.cases[case_id]
        self.side.show_thing(case.number, (("Agency", case.agency), ("About", case.title)))
