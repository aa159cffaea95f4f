"""The screen of the laboratory; its pages are put together here."""

from __future__ import annotations

from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.paged import Page, PagedScreen
from widgets.lab.backups import BackupsPage
from widgets.lab.journal import JournalPage
from widgets.lab.people import PeoplePage
from widgets.navigator import Navigator


class LabScreen(PagedScreen):
    """Who works here and may do what, what was done, and what is kept safe."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        self.people = PeoplePage(workbench, bridge, navigator)
        self.journal = JournalPage(workbench, bridge, navigator)
        self.backups = BackupsPage(workbench, bridge, navigator)
        pages = (
            Page("people", "People", self.people),
            Page("journal", "Journal", self.journal),
            Page("backups", "Backups", self.backups),
        )
        super().__init__("lab", navigator, pages)
