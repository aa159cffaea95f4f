"""The workplace in hand as the window offers it: its screens, and the way between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from widgets.bridge import Bridge
from widgets.casebook import CasebookScreen
from widgets.common.frame_lines import BottomLine, Header
from widgets.common.rail import Rail
from widgets.common.toast import Toast
from widgets.workplace import Workplace

if TYPE_CHECKING:
    from widgets.acquire import AcquireScreen
    from widgets.candidates import CandidatesScreen
    from widgets.casework.screen import LeadsScreen
    from widgets.compare import CompareScreen
    from widgets.lab.screen import LabScreen
    from widgets.quality import QualityScreen


class PlaceShown(QWidget):
    """Whatever is asked for is that of ``place``; the way to a screen only while it is usable."""

    place: Workplace

    @property
    def usable(self) -> bool:
        """Whether somebody works here now."""
        raise NotImplementedError

    @property
    def bridge(self) -> Bridge:
        """What its work goes through."""
        return self.place.bridge

    @property
    def rail(self) -> Rail:
        """The way to every screen."""
        return self.place.rail

    @property
    def header(self) -> Header:
        """The line above."""
        return self.place.header

    @property
    def bottom(self) -> BottomLine:
        """The line below."""
        return self.place.bottom

    @property
    def toast(self) -> Toast:
        """What is said for a while."""
        return self.place.toast

    @property
    def casebook(self) -> CasebookScreen:
        """Cases, exhibits and images."""
        return self.place.casebook

    @property
    def acquire(self) -> AcquireScreen:
        """The camera."""
        return self.place.acquire

    @property
    def candidates(self) -> CandidatesScreen:
        """Searches."""
        return self.place.candidates

    @property
    def compare(self) -> CompareScreen:
        """Two marks."""
        return self.place.compare

    @property
    def leads(self) -> LeadsScreen:
        """Leads, hits, traces."""
        return self.place.leads

    @property
    def quality(self) -> QualityScreen:
        """Instruments."""
        return self.place.quality

    @property
    def lab(self) -> LabScreen:
        """People, journal, backups."""
        return self.place.lab

    def show_casebook(self, acquired_id: str | None = None) -> None:
        """See Navigator."""
        if self.usable:
            self.place.show_casebook(acquired_id)

    def show_acquire(self, mark_id: str | None = None) -> None:
        """See Navigator."""
        if self.usable:
            self.place.show_acquire(mark_id)

    def show_candidates(self, search_id: str | None = None) -> None:
        """See Navigator."""
        if self.usable:
            self.place.show_candidates(search_id)

    def show_compare(
        self,
        left_id: str,
        right_id: str,
        candidate_id: str | None = None,
        siblings: tuple[str, ...] = (),
    ) -> None:
        """See Navigator."""
        if self.usable:
            self.place.show_compare(left_id, right_id, candidate_id, siblings)

    def show_leads(self, page: str = "board", subject_id: str = "") -> None:
        """See Navigator."""
        if self.usable:
            self.place.show_leads(page, subject_id)

    def show_lab(self, page: str = "people", subject_id: str = "") -> None:
        """See Navigator."""
        if self.usable:
            self.place.show_lab(page, subject_id)
