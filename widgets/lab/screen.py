"""The screen of the laboratory; its pages are put together here."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.paged import Page, PagedScreen
from widgets.navigator import Navigator

if TYPE_CHECKING:
    from widgets.lab.backups import BackupsPage
    from widgets.lab.journal import JournalPage
    from widgets.lab.people import PeoplePage


class LabScreen(PagedScreen):
    """Who works here and may do what, what was done, and what is kept safe.

    A page and its module are fetched when the page is first turned to.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        self._given = (workbench, bridge, navigator)
        pages = (
            Page("people", "People", lambda: self.people),
            Page("journal", "Journal", lambda: self.journal),
            Page("backups", "Backups", lambda: self.backups),
        )
        super().__init__("lab", navigator, pages)

    @cached_property
    def people(self) -> PeoplePage:
        """Who works here."""
        from widgets.lab.people import PeoplePage

        return PeoplePage(*self._given)

    @cached_property
    def journal(self) -> JournalPage:
        """What was done."""
        from widgets.lab.journal import JournalPage

        return JournalPage(*self._given)

    @cached_property
    def backups(self) -> BackupsPage:
        """What is kept safe."""
        from widgets.lab.backups import BackupsPage

        return BackupsPage(*self._given)
