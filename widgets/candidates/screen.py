"""The candidates screen: searches, the query large, the ranked list; reviewed by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain import Candidate, Changes, Review, Search, SearchState
from app.matching import UNFILTERED
from app.workbench import (
    Grouping,
    SearchLine,
    Workbench,
    fused_extent,
)
from widgets import keys
from widgets.bridge import Bridge
from widgets.candidates.heading import ListHeading, no_searches
from widgets.candidates.lists import CandidateLists
from widgets.candidates.loading import Listed, load
from widgets.candidates.pairs import Pairs, mark_of
from widgets.candidates.query import QueryPanel, query_words
from widgets.candidates.recording import Recording
from widgets.candidates.reviewing import Reviews
from widgets.candidates.searches import SearchList
from widgets.candidates.words import extent_words, filled_words, nothing_words, reviewed_words
from widgets.common.images import Shown
from widgets.common.refresh import Refresh
from widgets.common.review_bar import ReviewBar
from widgets.contact import ContactSheet
from widgets.navigator import Navigator

_ENDED = (SearchState.DONE, SearchState.FAILED)
_REST_MS = 400
_NARROW_PX = 1500
_WORK, _EMPTY, _CONTACT = range(3)


class CandidatesScreen(QWidget):
    """Up and down go through the list, Enter compares, K, D and L review and go on.

    1, 2 and 3 list the candidates of one search, or of all marks by cartridge case or by gun;
    C lays them out as a contact sheet, whose cursor is the list's.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("candidates_screen")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._search_id = self._query_id = ""
        self._anew = self._returning = False
        self._go_to = ""
        self._shown: Listed | None = None
        self.pairs = Pairs(workbench, bridge, self, self._pair_came)
        self.searches = SearchList(self.open_search)
        self.lists = CandidateLists(
            self.pairs,
            self._compare,
            self._regroup,
            self._fill,
            self.open_sheet,
            self._show_on_sheet,
            self._moved,
        )
        self.model, self.table = self.lists.model, self.lists.table
        self._reviews = reviews = Reviews(workbench, bridge, self, self.lists, self._go_back)
        self._bars = tuple(
            ReviewBar(
                *(reviews.review, reviews.undo, self._compare, prefix),
                record=lambda: self._recording.record(),
                propose=lambda: self._recording.propose(),
                two_rows=bool(prefix),
            )
            for prefix in ("", "contact_")
        )
        self._recording = Recording(
            *(workbench, bridge, self.lists, lambda: self._shown, self._make_room)
        )
        self._query = QueryPanel(self.lists.filter, self._bars[0])
        self.query = self._query.picture
        self.sheet = ContactSheet(
            *(workbench, bridge, self._bars[1], self.lists.stand),
            *(self._compare, self._turn, self.close_sheet),
        )
        self._rested = QTimer(self)
        self._rested.setSingleShot(True)
        self._rested.setInterval(_REST_MS)
        self._rested.timeout.connect(self._keep_place)
        self._refresh: Refresh[Listed] = Refresh(bridge, self, self._load, self._show)
        self._build()
        self._actions = self._acts()
        bridge.changed.connect(self._hear)

    def _acts(self) -> dict[str, Callable[[], None]]:
        """What the keys do."""
        return {
            "keep": lambda: self._reviews.review(Review.KEPT),
            "dismiss": lambda: self._reviews.review(Review.DISMISSED),
            "later": lambda: self._reviews.review(Review.LATER),
            "undo review": self._reviews.undo,
            "record review": self._recording.record,
            "propose lead": self._recording.propose,
            "filter": lambda: self.lists.filter.go_on(),
            "contact": self.open_sheet,
            "sort": lambda: self.lists.listing.sort_next(),
            "sort back": lambda: self.lists.listing.sort_back(),
            "compare": self._compare,
            "everything": self._search_everything,
            "by mark": lambda: self.lists.group(Grouping.MARK),
            "by cartridge case": lambda: self.lists.group(Grouping.CARTRIDGE_CASE),
            "by gun": lambda: self.lists.group(Grouping.GUN),
            "fill": self._fill,
            "next search": lambda: self._step(1),
            "previous search": lambda: self._step(-1),
        }

    @property
    def ready(self) -> bool:
        """Whether everything asked for is shown."""
        settled = self._shown is not None and not self._refresh.loading
        drawn = self.sheet.ready if self.on_sheet else not self.pairs.waiting
        return settled and drawn

    @property
    def on_sheet(self) -> bool:
        """Whether the contact sheet is in hand."""
        return self._pages.currentIndex() == _CONTACT

    def open_search(self, search_id: str) -> None:
        """Show the candidates of this one."""
        if search_id != self._search_id:
            self._search_id = search_id
            self._anew = True
            self._recording.forget()
        self._refresh.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = keys.find("candidates", event)
        if row is not None and row.action in self._actions:
            self._actions[row.action]()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._returning = True
        self._refresh.ask()
        if self._recording.drawer.isHidden():
            self._take_keys()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keep_place()

    def _take_keys(self) -> None:
        if self.on_sheet:
            self.sheet.take_keys()
        else:
            self.lists.take_keys()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.searches.setFixedWidth(216)
        self._empty = no_searches(self._navigator)
        work = QWidget()
        across = QHBoxLayout(work)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.searches)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        self._heading = ListHeading(self._search_everything)
        right.addWidget(self._heading)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._query, 7)
        beside.addWidget(self.lists, 15)
        self._beside = beside
        right.addLayout(beside, 1)
        across.addLayout(right, 1)
        self._pages = QStackedWidget()
        for page in (work, self._empty, self.sheet):
            self._pages.addWidget(page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._recording.drawer)

    # --- loading and showing ---------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        of_lists = changes.searches or changes.candidates or changes.acquired
        concerns = of_lists or changes.casework or changes.people or changes.settings
        # unseen it reads nothing, and settles on no search: that is done when it is opened
        if concerns and self.isVisible():
            self._refresh.ask()

    def _load(self) -> Listed:
        return load(self._workbench, self._search_id, self.lists.grouping)

    def _show(self, listed: Listed) -> None:
        self._shown = listed
        chosen = listed.chosen
        if chosen is None:
            self._pages.setCurrentIndex(_EMPTY)
            self._navigator.say_place("candidates", ())
            return
        outdated = self._search_id and chosen.search.id != self._search_id
        if outdated or listed.grouping is not self.lists.grouping:
            return self._refresh.ask()
        self._search_id = chosen.search.id
        if not self.on_sheet:
            self._pages.setCurrentIndex(_WORK)
        self.searches.show_lines(listed.searches, self._search_id, listed.last_reviews)
        reviewed = reviewed_words(listed.reviews[-1]) if listed.reviews else ""
        self._heading.say_reviewed(reviewed)
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
            self._returning = True
        self.lists.say_nothing(*nothing_words(chosen.search))
        if listed.grouping is Grouping.MARK:
            self.pairs.set_queries([chosen.search.acquired_id])
            self.lists.show_lines(chosen.search.acquired_id, listed.candidates)
        elif listed.fused is None:
            self.lists.say_nothing("Nothing to put together", listed.refusal)
            self.lists.show_nothing()
        else:
            self.pairs.set_queries(search.acquired_id for search in listed.fused.searches)
            self.lists.show_fused(listed.fused, writable=not self._workbench.read_only)
        if self._returning and not self._go_to:
            self._go_to = listed.place
        self._returning = False
        if self._go_to:
            self.lists.stand(self._go_to)
            self._go_to = ""

    def _show_extent(self, search: Search, listed: Listed) -> None:
        fused = listed.fused
        words = extent_words(search) if fused is None else fused_extent(fused)
        self._heading.extent.setText(words)
        again = search.state in _ENDED and search.left_out > 0 and fused is None
        everything = self._heading.everything
        everything.setVisible(again and not search.message.startswith(UNFILTERED))
        everything.setEnabled(not self._workbench.read_only)
        found = bool(listed.candidates) or (fused is not None and bool(fused.specimens))
        for bar in self._bars:
            bar.allow(found=found, writable=not self._workbench.read_only)

    def _show_query(self, chosen: SearchLine) -> None:
        place = chosen.provenance
        self._query.words.setText(query_words(place))
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._recording.drawer.isHidden():
            self._make_room(True)

    def _make_room(self, taken: bool) -> None:
        """A drawer takes the place of the searches; in a narrow window, of the query."""
        narrow = self.width() < _NARROW_PX
        self.searches.setVisible(not taken or narrow)
        self._query.setVisible(not taken or not narrow)
        if not taken:
            self._take_keys()

    # --- the place -------------------------------------------------------------------------
    def _moved(self) -> None:
        """The cursor is elsewhere; once it rests there, that is remembered."""
        self._rested.start()
        self._show_on_sheet()

    def _keep_place(self) -> None:
        self._rested.stop()
        pick = self.lists.pick
        if pick is not None and self.lists.listing.touched:
            self._bridge.run(lambda: self._workbench.stand_at(pick.candidate_id), owner=self)

    # --- the contact sheet -----------------------------------------------------------------
    def open_sheet(self) -> None:
        """Lay the candidates out as a contact sheet."""
        if self._shown is not None and self._shown.chosen is not None:
            self._pages.setCurrentIndex(_CONTACT)
            self._show_on_sheet()
            self._take_keys()

    def close_sheet(self) -> None:
        """Back to the list."""
        self._pages.setCurrentIndex(_WORK)
        self._take_keys()

    def _show_on_sheet(self) -> None:
        if self.on_sheet:
            self.sheet.say(self._query.words.text(), self.lists.left)
            lists = self.lists
            self.sheet.show_entries(lists.entries, lists.listing.current_id, lists.nothing_words)

    def _turn(self) -> None:
        self.lists.listing.turn()

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

    def _go_back(self, candidate: Candidate) -> None:
        """Where a review was taken back."""
        self._go_to = candidate.id
        shown = self._shown
        fused = shown.fused.searches if shown is not None and shown.fused is not None else ()
        if candidate.search_id in {search.id for search in fused} | {self._search_id}:
            self._refresh.ask()
        else:
            self.open_search(candidate.search_id)

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
        if shown is None or shown.chosen is None or not self._heading.everything.isEnabled():
            return
        place = shown.chosen.provenance
        self._heading.everything.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.search(place.acquired.id, everything=True),
            lambda search: self.open_search(search.id),
            owner=self,
            long=True,
        )
