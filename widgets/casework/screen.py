"""The screen of leads and hits; its pages are put together here."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.paged import Page, PagedScreen
from widgets.navigator import Navigator

if TYPE_CHECKING:
    from widgets.casework.board import BoardPage
    from widgets.casework.ledger import LedgerPage
    from widgets.casework.links import LinksPage
    from widgets.casework.metrics import MetricsPage
    from widgets.casework.places import PlacesPage
    from widgets.casework.timeline import TimelinePage
    from widgets.casework.traces import TracesPage
    from widgets.casework.verify import VerifyPage


class LeadsScreen(PagedScreen):
    """What is due, which cases are linked and how far that is confirmed, and what goes out.

    A page and its module are fetched when the page is first turned to.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        self._given = (workbench, bridge, navigator)
        pages = (
            Page("board", "Board", lambda: self.board),
            Page("ledger", "Leads and hits", lambda: self.ledger),
            Page("verify", "Verifications", lambda: self.verify),
            Page("links", "Link chart", lambda: self.links),
            Page("timeline", "Timeline", lambda: self.timeline),
            Page("places", "Map", lambda: self.places),
            Page("metrics", "Metrics", lambda: self.metrics),
            Page("traces", "Traces", lambda: self.traces),
        )
        super().__init__("leads", navigator, pages)

    @cached_property
    def board(self) -> BoardPage:
        """What is due."""
        from widgets.casework.board import BoardPage

        return BoardPage(*self._given)

    @cached_property
    def ledger(self) -> LedgerPage:
        """Leads and hits."""
        from widgets.casework.ledger import LedgerPage

        return LedgerPage(*self._given)

    @cached_property
    def verify(self) -> VerifyPage:
        """Verifications."""
        from widgets.casework.verify import VerifyPage

        return VerifyPage(*self._given)

    @cached_property
    def links(self) -> LinksPage:
        """The link chart."""
        from widgets.casework.links import LinksPage

        return LinksPage(*self._given)

    @cached_property
    def timeline(self) -> TimelinePage:
        """Events over time."""
        from widgets.casework.timeline import TimelinePage

        return TimelinePage(*self._given)

    @cached_property
    def places(self) -> PlacesPage:
        """The map."""
        from widgets.casework.places import PlacesPage

        return PlacesPage(*self._given)

    @cached_property
    def metrics(self) -> MetricsPage:
        """How long the work takes."""
        from widgets.casework.metrics import MetricsPage

        return MetricsPage(*self._given)

    @cached_property
    def traces(self) -> TracesPage:
        """Trace requests."""
        from widgets.casework.traces import TracesPage

        return TracesPage(*self._given)
