"""The chart of cases and guns that are linked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.casework.drawn import CAVEAT
from app.casework.graph import Edge, Node
from app.workbench import Workbench
from app.workbench.linking import LinkChart, Written
from widgets.bridge import Bridge
from widgets.casework.chart_view import ChartView
from widgets.casework.facts_side import FactsSide
from widgets.casework.linked_page import LinkedPage
from widgets.common.parts import button
from widgets.navigator import Navigator

AskFile = Callable[[QWidget], Path | None]
_SIGNS = f"Thick line with a dot: hit. Broken line with a ring: lead. {CAVEAT}"
_KINDS = "Picture (*.png);;Drawing (*.svg);;GraphML (*.graphml);;Tables of nodes and edges (*.csv)"


def ask_file(parent: QWidget) -> Path | None:
    """Where the chart goes, None when the examiner thinks better of it.

    The dialog asks before a file is replaced; so it is shown again where its ending makes a name
    written without one that of a file which is there.
    """
    proposed = "link-chart.png"
    while True:
        name, kind = QFileDialog.getSaveFileName(parent, "Export the chart", proposed, _KINDS)
        path = Path(name)
        if path.suffix or not name:
            return path if name else None
        path = path.with_suffix(kind.split("*")[1].rstrip(")"))
        if not path.exists():
            return path
        proposed = str(path)


class LinksPage(LinkedPage):
    """Leads and hits between cases as a chart, and what is known of each thing in it."""

    title = "Link chart"

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        navigator: Navigator,
        ask_file: AskFile = ask_file,
    ) -> None:
        super().__init__("links", workbench, bridge, navigator)
        self._ask_file = ask_file
        self._events = True
        self.view = ChartView(self._node_chosen, self.go)
        self.side = FactsSide("links", "Linked to", self.go, self._jump)
        self._export = button(
            "Export ...", "links_export", "PNG, SVG, GraphML or CSV (E)", self.export
        )
        self._with_events = button(
            "Events", "links_events", "Show events, or not (V)", self.turn_events, checkable=True
        )
        self._with_events.setChecked(True)
        self._build()

    # --- what can be done ------------------------------------------------------------------
    def go(self) -> None:
        """To the case of the thing in hand."""
        node = self._node(self.view.current)
        if node is not None:
            self._navigator.show_casebook(node.case_id)

    def export(self) -> None:
        """Write what is shown to a file."""
        if not self.loaded.chart.nodes:
            self._bridge.tell("There is nothing to export; no linked case is shown.")
            return
        path = self._ask_file(self)
        if path is None:
            return
        wanted, events = self.filter.wanted, self._events
        asked = path.suffix.lower() != ".csv"  # tables are two other files than the one named
        self._bridge.run(
            lambda: self._workbench.export_links(wanted, path, events=events, overwrite=asked),
            self._exported,
            owner=self,
            long=True,
        )

    def turn_events(self) -> None:
        """With events, or only cases and guns."""
        self._events = not self._events
        self._with_events.setChecked(self._events)
        self._ask()

    def load(self) -> LinkChart:
        """See LinkedPage."""
        return self._workbench.link_chart(self._wanted, events=self._events)

    def show_loaded(self) -> None:
        """See LinkedPage."""
        loaded = self.loaded
        self.show_view(bool(loaded.chart.nodes), loaded.chart.told)
        self.view.show_chart(loaded.chart, loaded.laid)
        self._export.setEnabled(bool(loaded.chart.nodes))
        self._show_node(self.view.current)

    def recolour(self) -> None:
        """See LinkedPage."""
        self.view.redraw()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.filter.add(self._with_events)
        self.add_zoom(self.view)
        self.filter.add(self._export)
        self.put_in(self.view, self.side, _SIGNS)
        self.bind(self.view, {"go": self.go, "export": self.export, "events": self.turn_events})

    # --- showing ---------------------------------------------------------------------------
    def _node_chosen(self, node_id: str) -> None:
        self._show_node(node_id)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_node(self, node_id: str) -> None:
        node = self._node(node_id)
        nothing = "Click a case, gun or event, or go through them with the arrow keys."
        self.side.show_thing(
            node.label if node else "", node.facts if node else (), nothing=nothing
        )
        lines = []
        for edge in self.loaded.chart.neighbours(node_id) if node else ():
            other = self._node(edge.b if edge.a == node_id else edge.a)
            if other is not None:
                lines.append((other.id, f"{other.label}\n{_tie(edge, other)}"))
        self.side.show_list(lines)

    def _node(self, node_id: str) -> Node | None:
        return next((n for n in self.loaded.chart.nodes if n.id == node_id), None)

    def _jump(self, node_id: str) -> None:
        self.view.choose(node_id)

    def _exported(self, written: Written) -> None:
        self._bridge.tell(written.sentence)


def _tie(edge: Edge, other: Node) -> str:
    if edge.kind in ("hit", "lead"):
        return edge.words
    return other.about or ("gun" if other.kind == "gun" else "event")
