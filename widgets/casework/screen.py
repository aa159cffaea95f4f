"""The screen of leads and hits; its pages are put together here."""

from __future__ import annotations

from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casework.board import BoardPage
from widgets.casework.ledger import LedgerPage
from widgets.casework.links import LinksPage
from widgets.casework.metrics import MetricsPage
from widgets.casework.places import PlacesPage
from widgets.casework.timeline import TimelinePage
from widgets.casework.traces import TracesPage
from widgets.casework.verify import VerifyPage
from widgets.common.paged import Page, PagedScreen
from widgets.navigator import Navigator


class LeadsScreen(PagedScreen):
    """What is due, which cases are linked and how far that is confirmed, and what goes out."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        self.board = BoardPage(workbench, bridge, navigator)
        self.ledger = LedgerPage(workbench, bridge, navigator)
        self.verify = VerifyPage(workbench, bridge, navigator)
        self.links = LinksPage(workbench, bridge, navigator)
        self.timeline = TimelinePage(workbench, bridge, navigator)
        self.places = PlacesPage(workbench, bridge, navigator)
        self.metrics = MetricsPage(workbench, bridge, navigator)
        self.traces = TracesPage(workbench, bridge, navigator)
        pages = (
            Page("board", "Board", self.board),
            Page("ledger", "Leads and hits", self.ledger),
            Page("verify", "Verifications", self.verify),
            Page("links", "Link chart", self.links),
            Page("timeline", "Timeline", self.timeline),
            Page("places", "Map", self.places),
            Page("metrics", "Metrics", self.metrics),
            Page("traces", "Traces", self.traces),
        )
        super().__init__("leads", navigator, pages)
