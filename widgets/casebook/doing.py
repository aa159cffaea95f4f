"""What is done with the row chosen in the casebook without a drawer: acquire, search, exchange."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain import Search
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casebook.nodes import Row
from widgets.navigator import Navigator

AskFolder = Callable[[QWidget, str], Path | None]
EXPORT = "Export the exhibit's entry into the exchange folder"
RECEIVE = "Receive other stations' entries from the exchange folder"


def ask_folder(parent: QWidget, why: str) -> Path | None:
    """The exchange folder, None when the examiner thinks better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, why)
    return Path(chosen) if chosen else None


class Doing:
    """``row`` gives the one chosen; ``refused`` tells that nothing can be recorded."""

    def __init__(
        self,
        parent: QWidget,
        workbench: Workbench,
        bridge: Bridge,
        navigator: Navigator,
        row: Callable[[], Row | None],
        refused: Callable[[], bool],
        ask_folder: AskFolder,
    ) -> None:
        self._parent, self._row, self._refused = parent, row, refused
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self.ask_folder = ask_folder

    def acquire(self) -> None:
        """The camera, for the mark chosen."""
        row = self._row()
        mark = row.above("mark") if row is not None else None
        if mark is None and row is not None:
            mark = next((below for below in row.walk() if below.sort == "mark"), None)
        self._navigator.show_acquire(mark.id if mark is not None else None)

    def search(self) -> None:
        """Search with the picture chosen."""
        row = self._row()
        if row is None or row.acquired is None:
            self._bridge.tell("Choose an image or scan to search with first.")
            return
        acquired_id = row.acquired.id

        def begun(search: Search) -> None:
            self._navigator.show_candidates(search.id)

        self._bridge.run(
            lambda: self._workbench.search_in_background(acquired_id), begun, owner=self._parent
        )

    def export(self) -> None:
        """The entry of the exhibit chosen, into a folder."""
        row = self._row()
        exhibit = row.above("exhibit") if row is not None else None
        if exhibit is None:
            self._bridge.tell("Choose an exhibit to export first.")
            return
        folder = self.ask_folder(self._parent, EXPORT)
        if folder is None:
            return
        exhibit_id = exhibit.id
        self._bridge.run(
            lambda: self._workbench.export_entry(exhibit_id, folder),
            lambda outcome: self._bridge.tell(outcome.sentence, attention=not outcome.sent),
            owner=self._parent,
            long=True,
        )

    def receive(self) -> None:
        """Other stations' entries, out of a folder."""
        folder = None if self._refused() else self.ask_folder(self._parent, RECEIVE)
        if folder is None:
            return
        self._bridge.start(
            f"Receiving entries from {folder.name}",
            lambda job: self._workbench.import_entries(folder, job),
            lambda report: self._bridge.tell(report.sentence),
            owner=self._parent,
        )
