"""How a screen asks for another one, without knowing it."""

from __future__ import annotations

from typing import Protocol


class Navigator(Protocol):
    """The way between the screens; the main window is one."""

    def show_casebook(self, acquired_id: str | None = None) -> None:
        """The casebook, with a picture chosen when one is named."""
        ...

    def show_acquire(self, mark_id: str | None = None) -> None:
        """The camera, its captures going to this mark when one is named."""
        ...

    def show_candidates(self, search_id: str | None = None) -> None:
        """The searches, this one opened when one is named."""
        ...

    def show_compare(
        self,
        left_id: str,
        right_id: str,
        candidate_id: str | None = None,
        siblings: tuple[str, ...] = (),
    ) -> None:
        """Two acquired pictures in the comparison view; siblings are candidate ids in order."""
        ...

    def show_leads(self, page: str = "board", subject_id: str = "") -> None:
        """A page of leads and hits (board, ledger, verify, links, timeline, places, metrics,
        traces), with a lead, case or trace chosen when one is named."""
        ...

    def show_lab(self, page: str = "people", subject_id: str = "") -> None:
        """A page of the laboratory (people, journal, backups)."""
        ...

    def show_bare(self, bare: bool) -> None:
        """The screen alone on the whole display, or the window as it was."""
        ...

    def say_place(self, screen: str, parts: tuple[str, ...]) -> None:
        """What a screen ("casebook", "acquire", ...) shows, for the header."""
        ...

    def say_calibration(self, sentence: str) -> None:
        """Objective and pixel size in use, for the bottom line."""
        ...
