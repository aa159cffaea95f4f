"""Events of the linked cases over time, a lane for each gun or group of cases."""

from __future__ import annotations

from app.casework.timeline import Moment, lanes_of
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casework.events_page import EVENT_SIGNS, EventsPage
from widgets.casework.lanes_view import LanesView
from widgets.navigator import Navigator

_SIGNS = f"{EVENT_SIGNS} Whole line: at least one hit. Broken line: leads alone, unconfirmed."


class TimelinePage(EventsPage):
    """When the events of linked cases happened, and what is known of each."""

    title = "Timeline"

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__("timeline", "Not dated", workbench, bridge, navigator)
        self.view = LanesView(self._moment_chosen, self.go)
        self.add_zoom(self.view, "Fewer days", "More days")
        self.put_in(self.view, self.side, _SIGNS)
        self.bind(self.view, {"go": self.go})

    def show_loaded(self) -> None:
        """See LinkedPage."""
        chart = self.loaded.chart
        lanes = lanes_of(chart)
        self.show_view(bool(chart.nodes), chart.told)
        self.view.show_lanes(lanes)
        undated = [pair for lane in lanes for pair in lane.undated]
        undated_cases = [case for case in chart.cases.values() if not case.events]
        lines = [(case.id, f"{case.number}\n{event.kind}, no date") for event, case in undated]
        lines += [(case.id, f"{case.number}\nno event recorded") for case in undated_cases]
        self.show_lacking(lines, in_hand=self.view.current >= 0)

    def recolour(self) -> None:
        """See LinkedPage."""
        self.view.redraw()

    def _moment_chosen(self, moment: Moment) -> None:
        self.show_event(moment.event, moment.case)
