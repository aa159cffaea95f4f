"""The casebook screen: puts the tree, the image, its facts and the drawers together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain import Acquired, Changes, Mark, Provenance, Search
from app.workbench import Workbench
from widgets import keys
from widgets.bridge import Bridge
from widgets.casebook.bar import ActionBar
from widgets.casebook.chosen import ChosenPicture
from widgets.casebook.importing import ImportDrawer
from widgets.casebook.nodes import Row, Rows, rows_of
from widgets.casebook.registration import RegistrationDrawer
from widgets.casebook.tree import CaseTree
from widgets.common.parts import EmptyState, button, label, line
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

AskFolder = Callable[[QWidget, str], Path | None]
EXPORT = "Export the exhibit's entry into the exchange folder"
RECEIVE = "Receive other stations' entries from the exchange folder"


def ask_folder(parent: QWidget, why: str) -> Path | None:
    """The exchange folder, None when the examiner thinks better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, why)
    return Path(chosen) if chosen else None


class CasebookScreen(QWidget):
    """Cases at the left, the image chosen large, its facts beside it."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        navigator: Navigator,
        ask_folder: AskFolder = ask_folder,
    ) -> None:
        super().__init__()
        self.setObjectName("casebook_screen")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._ask_folder = ask_folder
        self._first: Provenance | None = None
        self._loaded = False
        self._to_choose = ""
        self.registration = RegistrationDrawer(workbench, bridge, self._registered)
        self.importing = ImportDrawer(workbench, bridge)
        self.tree = CaseTree(self._choice_changed)
        self.picture = ChosenPicture(workbench, bridge, self._make_room, self.choose)
        self.bar = ActionBar(self.act)
        self._refresh: Refresh[Rows] = Refresh(bridge, self, self._load, self._show_tree)
        self._words = ""
        self._build()
        self._actions: dict[str, Callable[[], None]] = {
            "new": self._new,
            "import folder": lambda: self._import("folder"),
            "import files": lambda: self._import("files"),
            "acquire": self._acquire,
            "search": self._search,
            "compare": self._compare,
            "export": self._export,
            "receive": self._receive,
            "filter": self._take_filter,
        }
        bridge.changed.connect(self._hear)
        self._choice_changed()
        self._refresh.ask()

    @property
    def ready(self) -> bool:
        """Whether what is shown is what the casebook holds."""
        return self._loaded and not self._refresh.loading and self.picture.ready

    def choose(self, row_id: str) -> None:
        """Put the cursor on a picture, or another row, as soon as the tree has it."""
        self._to_choose = "" if self.tree.choose(row_id) else row_id

    def act(self, action: str) -> None:
        """Do what a key or button asks for."""
        found = self._actions.get(action)
        if found is not None:
            found()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = keys.find("casebook", event)
        if row is not None and row.action in self._actions:
            self.act(row.action)
        elif event.key() == Qt.Key.Key_Escape and self._first is not None:
            self._stop_picking()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._filter = line("filter", "Show only what has these words", "Filter (Ctrl+F)")
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._filtered)
        left = QWidget()
        left.setProperty("panel", True)
        left.setMinimumWidth(220)
        stacked = QVBoxLayout(left)
        stacked.setContentsMargins(8, 8, 8, 0)
        stacked.addWidget(self._filter)
        stacked.addWidget(self.tree, 1)
        self._empty = EmptyState(
            "casebook_empty",
            button(
                "Register a case",
                "empty_new",
                "Register a cartridge case (Ctrl+N)",
                self._new,
                primary=True,
                icon="mdi6.plus",
            ),
            button(
                "Import a folder",
                "empty_import",
                "Bring in images and scans (Ctrl+I)",
                lambda: self._import("folder"),
                icon="mdi6.folder-download-outline",
            ),
        )
        self._empty.say(
            "The casebook is empty",
            "Register a case, then acquire its images with the camera; "
            "or import a folder of images and scans you have.",
        )
        self._pages = QStackedWidget()
        for page in (self.picture, self._empty):
            self._pages.addWidget(page)
        self._strip = label("", "amber", "pick_strip", wrap=True)
        self._strip.hide()
        middle = QWidget()
        across = QVBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        for widget, stretch in ((self.bar, 0), (self._strip, 0), (self._pages, 1)):
            across.addWidget(widget, stretch)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(middle)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([320, 900])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(splitter, 1)
        for panel in (self.picture.facts, self.registration, self.importing):
            layout.addWidget(panel)
        for drawer in (self.registration, self.importing):
            drawer.closed = self._drawer_closed

    # --- loading ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if changes.cases or changes.acquired:
            self._refresh.ask()
        seen = self.picture.seen
        if seen is not None and seen.acquired.id in changes.regions:
            self.picture.load_region()

    def _filtered(self, words: str) -> None:
        self._words = words
        self._refresh.ask()

    def _load(self) -> Rows:
        return Rows.of(rows_of(self._workbench.tree(), self._words))

    def _show_tree(self, rows: Rows) -> None:
        self._loaded = True
        root = rows.root
        empty = not root.rows and not self._words
        self.tree.show_rows(rows, unfold=bool(self._words.strip()))
        if self._to_choose:
            self.choose(self._to_choose)
        self._pages.setCurrentWidget(self._empty if empty else self.picture)
        if root.rows and self.tree.current_row is None:
            first = next((row for row in root.walk() if row.sort == "acquired"), root.rows[0])
            self.tree.choose(first.id)

    def _choice_changed(self) -> None:
        row, first = self.tree.current_row, self._first
        self._navigator.say_place("casebook", _path(row))
        acquired = row.acquired if row is not None else None
        self._show_bar()
        if first is not None and acquired is not None and acquired.id != first.acquired.id:
            self._stop_picking()
            self._navigator.show_compare(first.acquired.id, acquired.id)
        elif acquired is not None:
            self.picture.look_at(acquired)
        else:
            self.picture.show_none(*_no_picture(row))

    # --- showing ---------------------------------------------------------------------------
    def _drawer_closed(self) -> None:
        self._make_room()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_room(self) -> None:
        """A drawer takes the place of the facts."""
        drawn = self.registration.isVisible() or self.importing.isVisible()
        self.picture.facts.setVisible(self.picture.seen is not None and not drawn)

    def _show_bar(self) -> None:
        row = self.tree.current_row
        chosen = row.acquired if row is not None else None
        self.bar.show_state(
            writable=not self._workbench.read_only,
            searchable=chosen is not None and chosen.searchable,
            pictures=len(self._pictures()),
            exhibit=row is not None and row.above("exhibit") is not None,
        )

    def _pictures(self) -> tuple[Acquired, ...]:
        return tuple(r.acquired for r in self.tree.selected_rows if r.acquired is not None)

    # --- acting ----------------------------------------------------------------------------
    def _new(self) -> None:
        if self._refuse_writing():
            return
        self.importing.close_drawer()
        self.registration.open_carrying_over()
        self._make_room()

    def _import(self, kind: str) -> None:
        if self._refuse_writing():
            return
        self.registration.close_drawer()
        self.importing.open_with(kind)
        self._make_room()

    def _acquire(self) -> None:
        row = self.tree.current_row
        mark = row.above("mark") if row is not None else None
        if mark is None and row is not None:
            mark = next((below for below in row.walk() if below.sort == "mark"), None)
        self._navigator.show_acquire(mark.id if mark is not None else None)

    def _search(self) -> None:
        row = self.tree.current_row
        if row is None or row.acquired is None:
            self._bridge.tell("Choose an image or scan to search with first.")
            return
        acquired_id = row.acquired.id

        def begun(search: Search) -> None:
            self._navigator.show_candidates(search.id)

        self._bridge.run(
            lambda: self._workbench.search_in_background(acquired_id), begun, owner=self
        )

    def _compare(self) -> None:
        pictures = self._pictures()
        if len(pictures) == 2:
            self._navigator.show_compare(pictures[0].id, pictures[1].id)
        elif self.picture.seen is not None:
            self._first = self.picture.seen
            self._strip.setText(
                f"Compare {self._first.name} with: choose the other image in the tree (Esc stops)."
            )
            self._strip.show()
        else:
            self._bridge.tell("Choose an image first, then the one to compare it with.")

    def _stop_picking(self) -> None:
        self._first = None
        self._strip.hide()

    def _export(self) -> None:
        row = self.tree.current_row
        exhibit = row.above("exhibit") if row is not None else None
        if exhibit is None:
            self._bridge.tell("Choose an exhibit to export first.")
            return
        folder = self._ask_folder(self, EXPORT)
        if folder is None:
            return
        exhibit_id = exhibit.id
        self._bridge.run(
            lambda: self._workbench.export_entry(exhibit_id, folder),
            lambda outcome: self._bridge.tell(outcome.sentence, attention=not outcome.sent),
            owner=self,
            long=True,
        )

    def _receive(self) -> None:
        folder = None if self._refuse_writing() else self._ask_folder(self, RECEIVE)
        if folder is None:
            return
        self._bridge.start(
            f"Receiving entries from {folder.name}",
            lambda job: self._workbench.import_entries(folder, job),
            lambda report: self._bridge.tell(report.sentence),
            owner=self,
        )

    def _take_filter(self) -> None:
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def _registered(self, mark: Mark, then_acquire: bool) -> None:
        self._bridge.tell("Registered. Acquire its images, or import them.")
        if then_acquire:
            self._navigator.show_acquire(mark.id)
        else:
            self.choose(mark.id)
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refuse_writing(self) -> bool:
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
        return self._workbench.read_only


def _path(row: Row | None) -> tuple[str, ...]:
    found: list[str] = []
    while row is not None and row.text:
        prefix = {"case": "Case ", "cartridge_case": "Cartridge case "}.get(row.sort, "")
        found.insert(0, f"{prefix}{row.text.split('  ')[0]}")
        row = row.parent
    return tuple(found)


def _no_picture(row: Row | None) -> tuple[str, str]:
    if row is None:
        return "Nothing is chosen", "Choose an image in the tree to look at it."
    below = [found for found in row.walk() if found.sort == "acquired"]
    if below:
        return row.text, "Open it in the tree and choose an image to look at it."
    return f"{row.text}", "There is no image yet: acquire one with the camera, or import it."
