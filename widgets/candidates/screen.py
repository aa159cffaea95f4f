"""The candidates screen: searches, the query large, the ranked list; reviewed by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain import CaseheadError, Changes, Review, Search, SearchState
from app.matching import UNFILTERED
from app.workbench import (
    CandidateLine,
    FusedList,
    Grouping,
    SearchLine,
    Workbench,
    fused_extent,
)
from widgets import keys
from widgets.bridge import Bridge
from widgets.candidates.lists import CandidateLists
from widgets.candidates.pairs import Pairs, mark_of
from widgets.candidates.searches import SearchList
from widgets.candidates.words import AIDS, extent_words, filled_words, nothing_words
from widgets.common.images import Shown
from widgets.common.parts import EmptyState, button, label
from widgets.common.picture import PictureView
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

_ENDED = (SearchState.DONE, SearchState.FAILED)


@dataclass(frozen=True, slots=True)
class Listed:
    """All searches, and the candidates of the one chosen or those of its cartridge case."""

    searches: tuple[SearchLine, ...]
    chosen: SearchLine | None
    grouping: Grouping
    candidates: tuple[CandidateLine, ...] = ()
    fused: FusedList | None = None
    refusal: str = ""


class CandidatesScreen(QWidget):
    """Up and down go through the list, Enter compares, K, D and L review and go on.

    1, 2 and 3 list the candidates of one search, or of all marks by cartridge case or by gun.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("candidates_screen")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._search_id = self._query_id = ""
        self._anew = False
        self._shown: Listed | None = None
        self.pairs = Pairs(workbench, bridge, self, self._pair_came)
        self.searches = SearchList(self.open_search)
        self.lists = CandidateLists(self.pairs, self._compare, self._regroup, self._fill)
        self.model, self.table = self.lists.model, self.lists.table
        self.query = PictureView("query_view", "Query")
        self._refresh: Refresh[Listed] = Refresh(bridge, self, self._load, self._show)
        self._build()
        self._actions: dict[str, Callable[[], None]] = {
            "keep": lambda: self._review(Review.KEPT),
            "dismiss": lambda: self._review(Review.DISMISSED),
            "later": lambda: self._review(Review.LATER),
            "compare": self._compare,
            "everything": self._search_everything,
            "by mark": lambda: self.lists.group(Grouping.MARK),
            "by cartridge case": lambda: self.lists.group(Grouping.CARTRIDGE_CASE),
            "by gun": lambda: self.lists.group(Grouping.GUN),
            "fill": self._fill,
            "next search": lambda: self._step(1),
            "previous search": lambda: self._step(-1),
        }
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether everything asked for is shown."""
        return self._shown is not None and not self._refresh.loading and not self.pairs.waiting

    def open_search(self, search_id: str) -> None:
        """Show the candidates of this one."""
        if search_id != self._search_id:
            self._search_id = search_id
            self._anew = True
        self._refresh.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = keys.find("candidates", event)
        if row is not None and row.action in self._actions:
            self._actions[row.action]()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.ask()
        self.lists.listing.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.searches.setFixedWidth(216)
        self._empty = EmptyState(
            "candidates_empty",
            button(
                "Acquire an image",
                "to_acquire",
                "Go to the camera (Ctrl+2)",
                self._navigator.show_acquire,
                primary=True,
                icon="mdi6.camera-outline",
            ),
            button(
                "Go to the casebook",
                "to_casebook",
                "Import images or search there (Ctrl+1)",
                self._navigator.show_casebook,
                icon="mdi6.folder-open-outline",
            ),
        )
        self._empty.say(
            "No searches yet",
            "Every image saved with its scale is searched by itself, and its candidates wait here.",
        )
        work = QWidget()
        across = QHBoxLayout(work)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.searches)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._header())
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._query_side(), 7)
        beside.addWidget(self.lists, 15)
        self._beside = beside
        right.addLayout(beside, 1)
        across.addLayout(right, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(work)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def _header(self) -> QWidget:
        made = QFrame()
        made.setProperty("panel", True)
        self._extent = label("", name="extent", wrap=True)
        self._everything = button(
            "Search everything",
            "search_everything",
            "Search again without regard to class characteristics",
            self._search_everything,
        )
        layout = QHBoxLayout(made)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(label(AIDS, "heading", "aids"))
        layout.addWidget(self._extent, 1)
        layout.addWidget(self._everything)
        return made

    def _query_side(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._query_words = label("", name="query_words", wrap=True)
        self._query_words.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self.query, 1)
        layout.addWidget(self._query_words)
        layout.addWidget(self._review_bar())
        return made

    def _review_bar(self) -> QWidget:
        made = QFrame()
        made.setProperty("panel", True)
        layout = QHBoxLayout(made)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(6)
        self._says = {}
        for review, text, tip in (
            (Review.KEPT, "K  Keep", "Worth comparing; go on (K)"),
            (Review.DISMISSED, "D  Dismiss", "Not worth comparing; go on (D)"),
            (Review.LATER, "L  Later", "Look at it again later; go on (L)"),
        ):
            said = button(text, f"review_{review}", tip, partial(self._review, review))
            self._says[review] = said
            layout.addWidget(said)
        layout.addStretch(1)
        self._open = button(
            "Compare",
            "open_compare",
            "Open the pair in the comparison view (Enter)",
            self._compare,
            primary=True,
        )
        layout.addWidget(self._open)
        return made

    # --- loading and showing ---------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        concerns = changes.searches or changes.candidates or changes.acquired
        # unseen it reads nothing, and settles on no search: that is done when it is opened
        if concerns and self.isVisible():
            self._refresh.ask()

    def _load(self) -> Listed:
        grouping = self.lists.grouping
        searches = self._workbench.searches()
        chosen = next((s for s in searches if s.search.id == self._search_id), None)
        if chosen is None and searches:
            chosen = next((s for s in searches if s.unseen), searches[0])
        if chosen is None:
            return Listed(searches, None, grouping)
        if grouping is Grouping.MARK:
            found = self._workbench.candidates(chosen.search.id)
            return Listed(searches, chosen, grouping, found)
        try:
            fused = self._workbench.fused(chosen.provenance.cartridge_case.id)
        except CaseheadError as error:
            return Listed(searches, chosen, grouping, refusal=str(error))
        return Listed(searches, chosen, grouping, fused=fused)

    def _show(self, listed: Listed) -> None:
        self._shown = listed
        chosen = listed.chosen
        if chosen is None:
            self._pages.setCurrentWidget(self._empty)
            self._navigator.say_place("candidates", ())
            return
        outdated = self._search_id and chosen.search.id != self._search_id
        if outdated or listed.grouping is not self.lists.grouping:
            return self._refresh.ask()
        self._search_id = chosen.search.id
        self._pages.setCurrentIndex(0)
        self.searches.show_lines(listed.searches, self._search_id)
        self._show_list(listed, chosen)
        self._show_extent(chosen.search, listed)
        self._show_query(chosen)
        self._navigator.say_place("candidates", (chosen.provenance.name,))
        if chosen.unseen and self.isVisible():
            search_id = chosen.search.id
            self._bridge.run(lambda: self._workbench.mark_seen(search_id), owner=self)

    def _show_list(self, listed: Listed, chosen: SearchLine) -> None:
        if self._anew:
            self._anew = False
            self.lists.begin_anew()
        self.lists.nothing.say(*nothing_words(chosen.search))
        if listed.grouping is Grouping.MARK:
            self.pairs.set_queries([chosen.search.acquired_id])
            self.lists.show_lines(chosen.search.acquired_id, listed.candidates)
        elif listed.fused is None:
            self.lists.nothing.say("Nothing to put together", listed.refusal)
            self.lists.show_nothing()
        else:
            self.pairs.set_queries(search.acquired_id for search in listed.fused.searches)
            self.lists.show_fused(listed.fused, writable=not self._workbench.read_only)

    def _show_extent(self, search: Search, listed: Listed) -> None:
        fused = listed.fused
        self._extent.setText(extent_words(search) if fused is None else fused_extent(fused))
        again = search.state in _ENDED and search.left_out > 0 and fused is None
        self._everything.setVisible(again and not search.message.startswith(UNFILTERED))
        self._everything.setEnabled(not self._workbench.read_only)
        found = bool(listed.candidates) or (fused is not None and bool(fused.specimens))
        for said in (*self._says.values(), self._open):
            said.setEnabled(found)
        if self._workbench.read_only:
            for said in self._says.values():
                said.setEnabled(False)

    def _show_query(self, chosen: SearchLine) -> None:
        place = chosen.provenance
        case = place.cartridge_case
        about = (place.mark.kind, case.role, case.calibre, case.breech_face_class)
        what = ", ".join(filter(None, about))
        self._query_words.setText(f"Query: {place.name}\n{what}")
        acquired_id = place.acquired.id
        if acquired_id == self._query_id:
            return
        self._query_id = acquired_id
        self.query.show_pixels(None, None)

        def show(seen: tuple[Shown, float]) -> None:
            if acquired_id == self._query_id:
                self.query.show_pixels(*seen)

        self._bridge.run(
            lambda: mark_of(self._workbench.side(acquired_id)), show, owner=self, long=True
        )

    def _pair_came(self, candidate_id: str) -> None:
        self.lists.repaint_pair(candidate_id)

    # --- acting ----------------------------------------------------------------------------
    def _regroup(self) -> None:
        fused = self.lists.grouping is not Grouping.MARK
        for place, share in enumerate((5, 17) if fused else (7, 15)):
            self._beside.setStretch(place, share)
        self._refresh.ask()

    def _step(self, steps: int) -> None:
        row = self.searches.currentRow() + steps
        if 0 <= row < self.searches.count():
            self.searches.setCurrentRow(row)

    def _compare(self) -> None:
        pick = self.lists.pick
        if pick is not None:
            self._navigator.show_compare(
                pick.query_id, pick.acquired_id, pick.candidate_id, self.lists.order
            )

    def _review(self, review: Review) -> None:
        pick = self.lists.pick
        if pick is None:
            return
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
            return
        self._bridge.run(lambda: self._workbench.review_all(pick.reviewed, review), owner=self)
        if not self.lists.listing.go(1):
            self._bridge.tell("This was the last candidate of the list.")

    def _fill(self) -> None:
        shown = self._shown
        if shown is None or shown.fused is None or not self.lists.fill.isVisible():
            return
        case_id = shown.fused.query.cartridge_case.id
        self.lists.fill.setEnabled(False)

        def again(sentence: str) -> None:
            self.lists.fill.setEnabled(True)
            self._bridge.tell(sentence)

        self._bridge.start(
            f"compare {shown.fused.query.name}",
            lambda job: self._workbench.compare_missing(case_id, job),
            lambda answer: again(filled_words(*answer)),
            lambda error: again(str(error)),
            owner=self,
        )

    def _search_everything(self) -> None:
        shown = self._shown
        if shown is None or shown.chosen is None or not self._everything.isEnabled():
            return
        place = shown.chosen.provenance
        self._everything.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.search(place.acquired.id, everything=True),
            lambda search: self.open_search(search.id),
            owner=self,
            long=True,
        )
