"""Where the events of linked cases happened; shootings counted; open data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.casework.graph import CaseFacts, EventFacts
from app.casework.timeline import located
from app.store.places import Count
from app.workbench import Workbench
from app.workbench.linking import LinkChart
from widgets.bridge import Bridge
from widgets.casework.counts_part import CountsPart
from widgets.casework.events_page import EVENT_SIGNS, EventsPage
from widgets.casework.map_view import MapView, zoom_levels
from widgets.casework.open_data_dialog import OpenDataDialog
from widgets.common.parts import button
from widgets.navigator import Navigator

AskFolder = Callable[[QWidget, str], Path | None]
TILES = "map_tiles"
_SIDE_PX, _COUNTS_PX = 300, 380
_SIGNS = f"{EVENT_SIGNS} Whole line: hit. Broken line: lead, unconfirmed."


def ask_folder(parent: QWidget, why: str) -> Path | None:
    """A folder, None when the examiner thinks better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, why)
    return Path(chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class Counted:
    """Shootings of the period."""

    times: tuple[Count, ...] = ()
    places: tuple[Count, ...] = ()


class PlacesPage(EventsPage):
    """A map that needs no network, and the counts of all shootings beside it."""

    title = "Map"

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        navigator: Navigator,
        ask_folder: AskFolder = ask_folder,
    ) -> None:
        super().__init__("places", "Not on the map", workbench, bridge, navigator)
        self._ask_folder = ask_folder
        self._counted = Counted()
        self.view = MapView(self._event_chosen, self.go)
        self.counts = CountsPart()
        self._counting = button(
            "Counts", "places_counts", "Shootings counted (C)", self.turn_counts, checkable=True
        )
        self._build()
        self._use_kept_tiles()

    # --- what can be done ------------------------------------------------------------------
    def turn_counts(self) -> None:
        """The counts instead of the event in hand, or back."""
        self._show_counts(self._right.currentIndex() == 0)

    def choose_tiles(self) -> None:
        """Take tiles from another folder; the plain graticule when none is chosen."""
        folder = self._ask_folder(self, "Folder of map tiles (z/x/y.png); Cancel for none")
        if folder is not None and not zoom_levels(folder):
            self._bridge.tell(
                f"{folder} holds no map tiles; choose the folder that has the zoom levels 0, 1, "
                "2 ... as folders in it.",
                attention=True,
            )
            return
        self.view.use_tiles(folder)
        kept = str(folder) if folder is not None else ""
        self._bridge.run(lambda: self._workbench.set_setting(TILES, kept), owner=self)

    def open_data(self) -> None:
        """Look through what would go out as open data, and write it."""
        OpenDataDialog(self._workbench, self._bridge, self, self._ask_folder).open_preview()

    def load(self) -> LinkChart:
        """See LinkedPage."""
        wanted = self._wanted
        months = (wanted.since[:7], wanted.until[:7])
        self._counted = Counted(
            self._workbench.shootings_by_time(*months), self._workbench.shootings_by_place(*months)
        )
        return super().load()

    def show_loaded(self) -> None:
        """See LinkedPage."""
        chart = self.loaded.chart
        found = located(chart)
        self.view.show_located(found)
        told = chart.told
        if chart.nodes and not found.moments:
            told = (
                "None of these events has coordinates; enter latitude and longitude with the "
                "event to see it here."
            )
        self.show_view(bool(chart.nodes or self._counted.times), told)
        lines = [
            (case.id, f"{case.number}, {event.kind} {event.day}\n{event.place or 'no place said'}")
            for event, case in found.unplaced
        ]
        self.show_lacking(lines, in_hand=self.view.current >= 0)
        self.counts.show_counts(self._counted.times, self._counted.places)

    def recolour(self) -> None:
        """See LinkedPage."""
        self.view.redraw()
        self.counts.bars.update()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.add_zoom(self.view)
        self.filter.add(self._counting)
        tiles = button(
            "Tiles ...",
            "places_tiles",
            "Folder of map tiles on this computer (T)",
            self.choose_tiles,
        )
        opened = button(
            "Open data ...",
            "places_open_data",
            "De-identified shootings: look through them, write them (O)",
            self.open_data,
        )
        holder = QWidget()
        holder.setProperty("panel", True)
        held = QVBoxLayout(holder)
        held.setContentsMargins(14, 12, 14, 12)
        held.addWidget(self.counts)
        self._right = QStackedWidget()
        self._right.setFixedWidth(_SIDE_PX)
        self._right.addWidget(self.side)
        self._right.addWidget(holder)
        self.put_in(self.view, self._right, _SIGNS, (tiles, opened))
        self.bind(
            self.view,
            {
                "go": self.go,
                "counts": self.turn_counts,
                "tiles": self.choose_tiles,
                "open data": self.open_data,
            },
        )

    def _use_kept_tiles(self) -> None:
        kept = self._workbench.setting(TILES)
        if isinstance(kept, str) and kept and zoom_levels(Path(kept)):
            self.view.use_tiles(Path(kept))

    def _show_counts(self, counts: bool) -> None:
        self._right.setCurrentIndex(1 if counts else 0)
        self._right.setFixedWidth(_COUNTS_PX if counts else _SIDE_PX)
        self._counting.setChecked(counts)

    def _event_chosen(self, event: EventFacts, case: CaseFacts) -> None:
        self._show_counts(False)
        self.show_event(event, case)
