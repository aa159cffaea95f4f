"""The picture chosen: loaded, shown with its region and facts, corrected, given its scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QStackedWidget

from app.domain import Acquired, CaseheadError, Circle, Provenance, Region
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casebook.facts import FactsPanel, Unit
from widgets.casebook.preview import Preview
from widgets.common.images import Shown
from widgets.common.parts import EmptyState

PREVIEW_PX = 1400


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is shown of one acquired picture."""

    place: Provenance
    pixels: Shown


class ChosenPicture(QStackedWidget):
    """The picture large, or in words why there is none; ``facts`` stands beside it.

    ``changed`` is called when what is seen is another one, ``superseded`` with the id of the
    record that takes the place of the one seen.
    """

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        changed: Callable[[], None],
        superseded: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.setObjectName("chosen_picture")
        self._workbench, self._bridge = workbench, bridge
        self._changed, self._superseded = changed, superseded
        self.preview = Preview(self._correct)
        self.facts = FactsPanel(self._settle_image, self._settle_scan)
        self.facts.setFixedWidth(300)
        self._nothing = EmptyState("casebook_nothing")
        self.addWidget(self.preview)
        self.addWidget(self._nothing)
        self._wanted = ""
        self._seen: Seen | None = None
        self._region: Region | None = None

    @property
    def seen(self) -> Provenance | None:
        """Where the picture on the screen sits."""
        return self._seen.place if self._seen is not None else None

    @property
    def ready(self) -> bool:
        """Whether the picture wanted is the one seen."""
        return (self._seen.place.acquired.id if self._seen is not None else "") == self._wanted

    @property
    def region_shown(self) -> bool:
        """Whether its region has come."""
        return self._region is not None

    def show_none(self, title: str, sentence: str) -> None:
        """No picture is chosen; say what to do."""
        self._wanted, self._seen, self._region = "", None, None
        self.preview.show_nothing()
        self.facts.show_nothing()
        self._nothing.say(title, sentence)
        self.setCurrentWidget(self._nothing)
        self._changed()

    def look_at(self, acquired: Acquired) -> None:
        """Load and show this one; the last asked for is the one shown."""
        if acquired.id == self._wanted:
            return
        self._wanted, self._region = acquired.id, None

        def load() -> Seen:
            pixels = self._workbench.thumbnail(acquired.id, PREVIEW_PX)
            return Seen(self._workbench.provenance(acquired.id), pixels)

        self._bridge.run(load, self._show, lambda e: self._refused(acquired.id, e), owner=self)

    def renew(self) -> None:
        """Read again what is known of the picture seen: a record above it was corrected."""
        seen = self._seen
        if seen is None:
            return
        acquired_id = seen.place.acquired.id

        def show(place: Provenance) -> None:
            if acquired_id == self._wanted and self._seen is not None and place != seen.place:
                self._seen = Seen(place, self._seen.pixels)
                self._show_facts(self._seen)

        self._bridge.run(lambda: self._workbench.provenance(acquired_id), show, owner=self)

    def load_region(self) -> None:
        """Find, or read again, the region of the picture seen."""
        acquired = self._seen.place.acquired if self._seen is not None else None
        if acquired is None or acquired.pixel_um is None:
            return
        acquired_id = acquired.id

        def refused(error: CaseheadError) -> None:
            self._show_region(acquired_id, None)
            if acquired_id == self._wanted:
                self._bridge.tell(str(error), attention=True)

        self._bridge.run(
            lambda: self._workbench.region(acquired_id),
            lambda region: self._show_region(acquired_id, region),
            refused,
            owner=self,
            long=True,
        )

    def _show(self, seen: Seen) -> None:
        if seen.place.acquired.id != self._wanted:
            return
        self._seen = seen
        self.preview.show_picture(seen.place.acquired, seen.pixels)
        self.setCurrentWidget(self.preview)
        self._show_facts(seen)
        self._changed()
        self.load_region()

    def _refused(self, acquired_id: str, error: CaseheadError) -> None:
        if acquired_id == self._wanted:
            self.show_none("This image cannot be shown", str(error))

    def _show_region(self, acquired_id: str, region: Region | None) -> None:
        if acquired_id != self._wanted or self._seen is None:
            return
        self._region = region
        self.preview.show_region(region, editable=not self._workbench.read_only)
        self._show_facts(self._seen)

    def _show_facts(self, seen: Seen) -> None:
        self.facts.show_facts(seen.place, self._region, read_only=self._workbench.read_only)

    def _correct(self, outer: Circle, inner: Circle | None) -> None:
        acquired_id = self._wanted

        def refused(error: CaseheadError) -> None:
            self._bridge.tell(str(error), attention=True)
            self.load_region()

        self._bridge.run(
            lambda: self._workbench.correct_region(acquired_id, outer, inner),
            lambda _: self._bridge.tell("Your region is recorded; the image is searched again."),
            refused,
            owner=self,
        )

    def _settle_image(self, text: str) -> None:
        try:
            pixel_um = float(text.strip().replace(",", "."))
        except ValueError:
            self._bridge.tell(
                f"'{text}' is no number; write micrometres per pixel, such as 2.53.",
                attention=True,
            )
            return
        self._settle(lambda i: self._workbench.settle_scale(i, pixel_um))

    def _settle_scan(self, xy_unit: Unit, z_unit: Unit) -> None:
        self._settle(lambda i: self._workbench.settle_scale(i, xy_unit=xy_unit, z_unit=z_unit))

    def _settle(self, settle: Callable[[str], Acquired]) -> None:
        acquired_id = self._wanted

        def settled(new: Acquired) -> None:
            self._bridge.tell(f"The scale is settled: {new.pixel_um:.4g} µm per pixel.")
            self._superseded(new.id)

        if acquired_id:
            self._bridge.run(lambda: settle(acquired_id), settled, owner=self)
