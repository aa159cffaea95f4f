"""The casebook screen: puts the tree, the image, its facts and the drawers together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain import Acquired, Changes, Mark, Provenance
from app.workbench import Workbench
from app.workbench.tree import FIRST
from widgets import keys
from widgets.bridge import Bridge
from widgets.casebook.area import AreaDrawer
from widgets.casebook.bar import ActionBar
from widgets.casebook.chosen import ChosenPicture
from widgets.casebook.doing import AskFolder, Doing, ask_folder
from widgets.casebook.groups import GroupsDrawer, scene_of
from widgets.casebook.importing import ImportDrawer
from widgets.casebook.issues import issues_of
from widgets.casebook.linked import linked_words
from widgets.casebook.nodes import Row, Rows, no_picture, path_of, record_of, rows_of
from widgets.casebook.overdue import tell_overdue
from widgets.casebook.record_drawer import RecordDrawer
from widgets.casebook.registration import RegistrationDrawer
from widgets.casebook.tree import CaseTree
from widgets.common.issue import IssueDrawer
from widgets.common.parts import Drawer, EmptyState, button, label, line
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator


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
        self._first: Provenance | None = None
        self._loaded, self._to_choose = False, ""
        self.registration = RegistrationDrawer(workbench, bridge, self._registered)
        self.importing = ImportDrawer(workbench, bridge)
        self.groups = GroupsDrawer(workbench, bridge)
        self.record = RecordDrawer(workbench, bridge)
        self.issuing = IssueDrawer("casebook_issue", workbench, bridge)
        self.area = AreaDrawer(workbench, bridge)
        self.tree = CaseTree(self._choice_changed)
        self.picture = ChosenPicture(workbench, bridge, self._make_room, self.choose)
        self.bar = ActionBar(self.act)
        self._refresh: Refresh[Rows] = Refresh(bridge, self, self._load, self._show_tree)
        self._words, self._asked_for = "", ""
        self._most = FIRST
        self._open: tuple[str, ...] = ()
        self.tree.fetch_with(self._fetch, self._fetch_more)
        self._build()
        self.doing = doing = Doing(
            *(self, workbench, bridge, navigator),
            *(lambda: self.tree.current_row, self._refuse_writing, ask_folder),
        )
        self._actions: dict[str, Callable[[], None]] = {
            "new": self._new,
            "import folder": lambda: self._import("folder"),
            "import files": lambda: self._import("files"),
            "acquire": doing.acquire,
            "search": doing.search,
            "compare": self._compare,
            "export": doing.export,
            "receive": doing.receive,
            "filter": self._take_filter,
            "groups": self._sort,
            "record": self._show_record,
            "search beyond": self._search_beyond,
            "search area": self._set_area,
            "issue": self._issue,
        }
        bridge.changed.connect(self._hear)
        self._choice_changed()
        self._ask()

    @property
    def ready(self) -> bool:
        """Whether what is shown is what the casebook holds."""
        return self._loaded and not self._refresh.loading and self.picture.ready

    def choose(self, row_id: str) -> None:
        """Put the cursor on a picture, or another row, as soon as the tree has it."""
        self._to_choose = "" if self.tree.choose(row_id) else row_id
        if self._to_choose and self._loaded and self._asked_for != row_id:
            self._asked_for = row_id  # once: it may be nowhere
            self._ask()

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
        if all(drawer.isHidden() for drawer in self._drawers):  # else one writes on where one was
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._left())
        splitter.addWidget(self._middle())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([320, 900])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.picture.facts)
        for drawer in self._drawers:
            layout.addWidget(drawer)
            drawer.closed = self._drawer_closed
        self.area.opened = self._make_room

    def _left(self) -> QWidget:
        self._filter = line("filter", "Show only what has these words", "Filter (Ctrl+F)")
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._filtered)
        left = QWidget()
        left.setProperty("panel", True)
        left.setMinimumWidth(220)
        stacked = QVBoxLayout(left)
        stacked.setContentsMargins(8, 8, 8, 0)
        self._count = label("", "dim", "tree_count", wrap=True)
        self._count.hide()
        stacked.addWidget(self._filter)
        stacked.addWidget(self._count)
        stacked.addWidget(self.tree, 1)
        return left

    def _middle(self) -> QWidget:
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
        return middle

    # --- loading ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if changes.cases or changes.acquired:
            self._asked_for = ""
            self._ask()
        if changes.cases:
            self.picture.renew()
        seen = self.picture.seen
        if seen is not None and seen.acquired.id in changes.regions:
            self.picture.load_region()

    def _filtered(self, words: str) -> None:
        self._words = words
        self._ask()

    def _ask(self) -> None:
        """Load again what is seen."""
        self._open = (*self.tree.open_cases, *filter(None, (self._to_choose,)))
        self._most = max(self.tree.case_count, FIRST) if not self._words else FIRST
        self._refresh.ask()

    def _load(self) -> Rows:
        words, most = self._words, self._most
        part = self._workbench.tree_part(words, most, self._open)
        linked = linked_words(self._workbench, (node.case.id for node in part.cases))
        root = tell_overdue(self._workbench, rows_of(part.cases, words, linked))
        more = part.large and not words.split() and len(part.cases) < part.count
        return Rows.of(root, more=more, count=part.count if part.large else 0)

    def _fetch(self, case_id: str) -> None:
        """Read what is below a case that was opened."""
        self._bridge.run(lambda: self._below(case_id), self._fetched, owner=self)

    def _below(self, case_id: str) -> Row | None:
        node = self._workbench.case_node(case_id)
        return None if node is None else tell_overdue(self._workbench, rows_of((node,))).rows[0]

    def _fetched(self, row: Row | None) -> None:
        if row is not None:
            self.tree.fill(row)

    def _fetch_more(self) -> None:
        """List further cases, when the end of the list comes into sight."""
        if self._loaded and not self._refresh.loading:
            self._open = self.tree.open_cases
            self._most = self.tree.case_count + FIRST
            self._refresh.ask()

    def _show_tree(self, rows: Rows) -> None:
        self._loaded = True
        root = rows.root
        self._count.setText(
            f"{len(root.rows)} of {rows.count} cases, the newest first; filter to find others"
        )
        self._count.setVisible(bool(rows.count))
        empty = not root.rows and not self._words
        self.tree.show_rows(rows, unfold=bool(self._words.strip()))
        if self._to_choose:
            self.choose(self._to_choose)
        self._pages.setCurrentWidget(self._empty if empty else self.picture)
        # while the other picture of a pair is looked for, only a person chooses it
        if root.rows and self.tree.current_row is None and self._first is None:
            first = next((row for row in root.walk() if row.sort == "acquired"), root.rows[0])
            self.tree.choose(first.id)

    def _choice_changed(self) -> None:
        row, first = self.tree.current_row, self._first
        self._navigator.say_place("casebook", path_of(row))
        acquired = row.acquired if row is not None else None
        self._show_bar()
        found = record_of(row)
        if found is not None and self.record.isVisible():
            self.record.open_for(*found)
        if first is not None and acquired is not None and acquired.id != first.acquired.id:
            self._stop_picking()
            self._navigator.show_compare(first.acquired.id, acquired.id)
        elif acquired is not None:
            self.picture.look_at(acquired)
        else:
            self.picture.show_none(*no_picture(row))

    # --- showing ---------------------------------------------------------------------------
    def _drawer_closed(self) -> None:
        self._make_room()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_room(self) -> None:
        """A drawer takes the place of the facts."""
        drawn = any(drawer.isVisible() for drawer in self._drawers)
        self.picture.facts.setVisible(self.picture.seen is not None and not drawn)

    def _show_bar(self) -> None:
        row = self.tree.current_row
        chosen = row.acquired if row is not None else None
        self.bar.show_state(
            writable=not self._workbench.read_only,
            searchable=chosen is not None and chosen.searchable,
            pictures=len(self._pictures()),
            exhibit=row is not None and row.above("exhibit") is not None,
            case=row is not None,
        )

    def _pictures(self) -> tuple[Acquired, ...]:
        return tuple(r.acquired for r in self.tree.selected_rows if r.acquired is not None)

    # --- acting ----------------------------------------------------------------------------
    def _new(self) -> None:
        if self._refuse_writing():
            return
        self._close_all_but(self.registration)
        self.registration.open_carrying_over()
        self._make_room()

    def _import(self, kind: str) -> None:
        if self._refuse_writing():
            return
        self._close_all_but(self.importing)
        self.importing.open_with(kind)
        self._make_room()

    def _sort(self) -> None:
        scene = scene_of(self.tree.current_row)
        if scene is None:
            self._bridge.tell("Choose the case or exhibit whose cartridge cases are to be sorted.")
            return
        self._close_all_but(self.groups)
        self.groups.open_for(scene)
        self._make_room()

    def _show_record(self) -> None:
        found = record_of(self.tree.current_row)
        if found is None:
            self._bridge.tell("Choose a case, an exhibit or a cartridge case first.")
            return
        self._close_all_but(self.record)
        self.record.open_for(*found)
        self._make_room()
        self.record.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _issue(self) -> None:
        if self._refuse_writing():
            return
        self._close_all_but(self.issuing)
        self.issuing.open_for(issues_of(self.tree.current_row))
        self._make_room()

    @property
    def _drawers(self) -> tuple[Drawer, ...]:
        recording = (self.registration, self.importing, self.groups, self.record)
        return (*recording, self.issuing, self.area)

    def _close_all_but(self, wanted: Drawer) -> None:
        for drawer in self._drawers:
            if drawer is not wanted and drawer.isVisible():
                drawer.close_drawer()

    def _search_beyond(self) -> None:
        row = self.tree.current_row
        if row is None or row.acquired is None:
            self._bridge.tell("Choose an image or scan to search with first.")
        elif not self._refuse_writing():
            self._close_all_but(self.area)
            self.area.ask_beyond(
                row.acquired.id, lambda search: self._navigator.show_candidates(search.id)
            )

    def _set_area(self) -> None:
        if not self._refuse_writing():
            self._close_all_but(self.area)
            self.area.ask_area()

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
