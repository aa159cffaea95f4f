"""Events of the linked cases over time, a lane for each gun or group of cases."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.casework.graph import CaseFacts, EventFacts
from app.casework.timeline import Moment, lanes_of
from app.workbench import Workbench
from app.workbench.linking import LinkChart
from widgets.bridge import Bridge
from widgets.casework.facts_side import FactsSide
from widgets.casework.lanes_view import LanesView
from widgets.casework.linked_page import LinkedPage
from widgets.common.parts import button, label
from widgets.navigator import Navigator

_SIGNS = (
    "Filled diamond: fatal shooting. Circle: non-fatal shooting. Triangle: shots fired. Square: "
    "recovery. Cross: other. Whole line: at least one hit. Broken line: leads alone, unconfirmed."
)


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


class TimelinePage(LinkedPage):
    """When the events of linked cases happened, and what is known of each."""

    title = "Timeline"

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__("timeline", workbench, bridge, navigator)
        self.view = LanesView(self._moment_chosen, self.go)
        self.side = FactsSide("timeline", "Not dated", self.go, self._jump)
        self._told = label("", "amber", "timeline_told", wrap=True)
        self._case = ""
        self.setFocusProxy(self.view)
        self._build()

    def go(self) -> None:
        """To the case of the event in hand."""
        if self._case:
            self._navigator.show_casebook(self._case)

    def load(self) -> LinkChart:
        """See LinkedPage."""
        return self._workbench.linked_events(self._wanted)

    def show_loaded(self) -> None:
        """See LinkedPage."""
        chart = self.loaded.chart
        lanes = lanes_of(chart)
        self.show_empty(not chart.nodes)
        self.view.show_lanes(lanes)
        self._told.setText(chart.told)
        self._told.setVisible(bool(chart.told))
        undated = [pair for lane in lanes for pair in lane.undated]
        undated_cases = [case for case in chart.cases.values() if not case.events]
        lines = [(case.id, f"{case.number}\n{event.kind}, no date") for event, case in undated]
        lines += [(case.id, f"{case.number}\nno event recorded") for case in undated_cases]
        self.side.show_list(lines, f"Not dated: {len(lines)}")
        if self.view.current < 0:
            self._case = ""
            nothing = "Click an event, or go through them with the arrow keys."
            self.side.show_thing("", (), nothing=nothing)

    def recolour(self) -> None:
        """See LinkedPage."""
        self.view.redraw()

    def _build(self) -> None:
        self.filter.add(
            button("+", "timeline_zoom_in", "Fewer days (+)", self.view.zoom_in),
            button("−", "timeline_zoom_out", "More days (-)", self.view.zoom_out),
            button("All", "timeline_fit", "All of it (0)", self.view.fit),
        )
        below = QVBoxLayout()
        below.setContentsMargins(14, 6, 14, 8)
        below.addWidget(self._told)
        below.addWidget(label(_SIGNS, "dim", "timeline_signs", wrap=True))
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.view, 1)
        left.addLayout(below)
        body = QWidget()
        across = QHBoxLayout(body)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addLayout(left, 1)
        across.addWidget(self.side)
        self.put_in(body)
        self.bind(
            {
                "next": lambda: self.view.step(1),
                "previous": lambda: self.view.step(-1),
                "go": self.go,
                "zoom in": self.view.zoom_in,
                "zoom out": self.view.zoom_out,
                "fit": self.view.fit,
            }
        )

    def _moment_chosen(self, moment: Moment) -> None:
        self._case = moment.case.id
        self.side.show_thing(moment.event.kind or "Event", event_facts(moment.event, moment.case))

    def _jump(self, case_id: str) -> None:
        self._case = case_id
        case = self.loaded.chart.cases[case_id]
        self.side.show_thing(case.number, (("Agency", case.agency), ("About", case.title)))
