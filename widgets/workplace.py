"""One person's screens: rail, header, the screen in hand, bottom line; the way between them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain import CaseheadError, Changes
from app.workbench import Workbench
from app.workbench.sessions import Session
from widgets import keys, theme
from widgets.bridge import Bridge
from widgets.casebook import CasebookScreen
from widgets.casework.overdue import OverdueWatch
from widgets.common.frame_lines import BottomLine, Going, Header
from widgets.common.outbox import OutboxWatch
from widgets.common.paged import PagedScreen
from widgets.common.rail import SCREENS, Rail
from widgets.common.refresh import Refresh
from widgets.common.toast import Toast
from widgets.key_sheet import KeySheet

if TYPE_CHECKING:
    from widgets.acquire import AcquireScreen
    from widgets.candidates import CandidatesScreen
    from widgets.casework.screen import LeadsScreen
    from widgets.compare import CompareScreen
    from widgets.lab.screen import LabScreen
    from widgets.quality import QualityScreen

T = TypeVar("T", bound=QWidget)
log = logging.getLogger(__name__)
LOOK = "look"


class Workplace(QWidget):
    """All screens of one casebook as one person left them; also their Navigator.

    Behind a lock it stays as it is: what was typed and drawn, and work under way. All it does is
    done in the session of its person, ``bridge.session``; None in an open bench.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, door: Bridge, parent: QWidget) -> None:
        """``door`` does what is nobody's own work; it is shown with it.

        ``parent`` is given at once: whatever moves to another one is styled anew with all in it.
        """
        super().__init__(parent)
        self.setObjectName("workplace")
        self._workbench, self.bridge = workbench, bridge
        self._bridge, self._door = bridge, door
        self.bare: Callable[[bool], None] = lambda bare: None
        self.stopped = False
        self._current, self._camera = "casebook", ""
        self._places: dict[str, tuple[str, ...]] = {}
        self.rail = Rail(self.go, self.show_keys, self.change_look)
        self.header, self.bottom = Header(), BottomLine()
        self.casebook = CasebookScreen(workbench, bridge, self)
        self._build()
        self._bind()
        self._refresh_badge: Refresh[int] = Refresh(
            bridge, self, workbench.unseen_count, self._show_badge
        )
        self._connect()
        self._refresh_badge.ask()
        self.outbox = OutboxWatch(workbench, bridge, self.bottom.show_exchange)
        self.overdue = OverdueWatch(workbench, bridge, self.rail.buttons["leads"].set_badge)

    # --- screens made when they are first turned to: the window is in use sooner ------------
    @cached_property
    def acquire(self) -> AcquireScreen:
        """The camera."""
        from widgets.acquire import AcquireScreen

        return self._added(AcquireScreen(self._workbench, self._bridge, self))

    @cached_property
    def candidates(self) -> CandidatesScreen:
        """Searches and their candidates."""
        from widgets.candidates import CandidatesScreen

        return self._added(CandidatesScreen(self._workbench, self._bridge, self))

    @cached_property
    def compare(self) -> CompareScreen:
        """Two marks."""
        from widgets.compare import CompareScreen

        return self._added(CompareScreen(self._workbench, self._bridge, self))

    @cached_property
    def leads(self) -> LeadsScreen:
        """What is due, leads, verifications, hits and traces."""
        from widgets.casework.screen import LeadsScreen

        return self._added(LeadsScreen(self._workbench, self._bridge, self))

    @cached_property
    def quality(self) -> QualityScreen:
        """Instruments, their checks and calibrations."""
        from widgets.quality import QualityScreen

        station = self.acquire.station
        return self._added(QualityScreen(self._workbench, self._bridge, self, station))

    @cached_property
    def lab(self) -> LabScreen:
        """People, the journal and backups."""
        from widgets.lab.screen import LabScreen

        return self._added(LabScreen(self._workbench, self._bridge, self))

    def _added(self, screen: T) -> T:
        self._stack.addWidget(screen)
        return screen

    def made(self, name: str) -> bool:
        """Whether that screen was turned to already; else it has nothing to keep or to end."""
        return name in self.__dict__

    @property
    def session(self) -> Session | None:
        """Whose it is; None in an open bench, and before anybody came."""
        return self.bridge.session

    @property
    def current(self) -> str:
        """The screen in hand."""
        return self._current

    def left_behind(self) -> Callable[[], object] | None:
        """What keeps the comparison in hand, in the name of whose workplace it is."""
        if not self.made("compare"):
            return None
        with self._workbench.within(self.session):
            keep = self.compare.left_behind()
        if keep is None:
            return None
        session, workbench = self.session, self._workbench

        def kept() -> None:
            with workbench.within(session):
                keep()

        return kept

    def stopping(self) -> Callable[[], None]:
        """What ends it for good, off the GUI thread: the comparison kept, all threads waited for.

        What cannot be kept, because its person may not, is logged.
        """
        keep, bridge = self.left_behind(), self.bridge
        stop_camera = self.acquire.camera.shut_down if self.made("acquire") else None

        def stop() -> None:
            if stop_camera is not None:
                stop_camera()
            try:
                if keep is not None:
                    keep()
            except CaseheadError as error:
                log.warning("the comparison in hand was not kept: %s", error)
            finally:
                bridge.close()

        return stop

    def step_aside(self) -> None:
        """Somebody else works now: the camera is theirs."""
        if self.made("acquire") and self.acquire.camera.session is not None:
            self._camera = self.acquire.sources.spec
            self.acquire.stop_camera()

    def come_back(self) -> None:
        """Its person works again, where they were."""
        if self.focusWidget() is None:
            self.screen_of(self._current).setFocus(Qt.FocusReason.OtherFocusReason)
        spec, self._camera = self._camera, ""
        if spec:
            self.acquire.start_camera(spec)

    # --- Navigator -------------------------------------------------------------------------
    def show_casebook(self, acquired_id: str | None = None) -> None:
        """See Navigator."""
        self.go("casebook")
        if acquired_id is not None:
            self.casebook.choose(acquired_id)

    def show_acquire(self, mark_id: str | None = None) -> None:
        """See Navigator."""
        self.go("acquire")
        if mark_id is not None:
            self.acquire.choose_mark(mark_id)

    def show_candidates(self, search_id: str | None = None) -> None:
        """See Navigator."""
        self.go("candidates")
        if search_id is not None:
            self.candidates.open_search(search_id)

    def show_compare(
        self,
        left_id: str,
        right_id: str,
        candidate_id: str | None = None,
        siblings: tuple[str, ...] = (),
    ) -> None:
        """See Navigator."""
        self.go("compare")
        self.compare.open_pair(left_id, right_id, candidate_id, siblings)

    def show_leads(self, page: str = "board", subject_id: str = "") -> None:
        """See Navigator."""
        self._open_page("leads", self.leads, page, subject_id)

    def show_lab(self, page: str = "people", subject_id: str = "") -> None:
        """See Navigator."""
        self._open_page("lab", self.lab, page, subject_id)

    def _open_page(self, name: str, screen: PagedScreen, page: str, subject_id: str) -> None:
        opened = screen.open_page(page)  # before the screen is seen: no other page is loaded
        self.go(name)
        choose: Callable[[str], None] | None = getattr(opened, "choose", None)
        if subject_id and choose is not None:
            choose(subject_id)

    def show_bare(self, bare: bool) -> None:
        """See Navigator."""
        for widget in (self.rail, self.header, self.bottom):
            widget.setVisible(not bare)
        self.bare(bare)

    def say_place(self, screen: str, parts: tuple[str, ...]) -> None:
        """See Navigator."""
        self._places[screen] = parts
        self._show_place()

    def say_calibration(self, sentence: str) -> None:
        """See Navigator."""
        self.bottom.show_calibration(sentence)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.casebook)
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget, stretch in ((self.header, 0), (self._stack, 1), (self.bottom, 0)):
            right.addWidget(widget, stretch)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(right)
        self.toast = Toast(self._stack)
        self.rail.show_current(self._current)

    def _bind(self) -> None:
        actions: dict[str, Callable[[], None]] = {
            f"screen {name}": partial(self.go, name) for name in SCREENS
        }
        actions["sheet"] = self.show_keys
        actions["look"] = self.change_look
        actions["lock"] = lambda: self.header.lock()
        actions["sign out"] = lambda: self.header.sign_out()
        for key_row in keys.rows(keys.EVERYWHERE):
            for key in key_row.keys:
                made = QShortcut(QKeySequence(key), self)
                made.activated.connect(actions[key_row.action])

    def _connect(self) -> None:
        self._bridge.changed.connect(self._hear)
        self._bridge.told.connect(self.toast.show_notice)
        for one in (self._bridge, self._door):
            one.works_changed.connect(self._show_work)
        self._bridge.busy_changed.connect(lambda _: self._show_saved())
        self.bottom.show_notice(self._workbench.notice)
        self._show_saved()
        self._show_work()

    # --- what is seen ----------------------------------------------------------------------
    def screen_of(self, name: str) -> QWidget:
        """The screen of that name."""
        screen: QWidget = getattr(self, name)
        return screen

    def go(self, name: str) -> None:
        """Turn to a screen."""
        self._current = name
        self._stack.setCurrentWidget(self.screen_of(name))
        self.rail.show_current(name)
        self._show_place()

    def show_guard(self, sentence: str, failed: int) -> None:
        """A check of the casebook that failed stays in sight until it is acknowledged."""
        self.rail.buttons["lab"].set_badge(failed, "checks of the casebook that failed")
        self.bottom.show_notice(self._workbench.notice or sentence)

    def _hear(self, changes: Changes) -> None:
        if changes.searches:
            self._refresh_badge.ask()
            self._show_work()

    def _show_badge(self, unseen: int) -> None:
        self.rail.buttons["candidates"].set_badge(unseen, "finished searches not looked at")

    def _show_place(self) -> None:
        parts = self._places.get(self._current, ())
        self.header.show_place((self._current.capitalize(), *parts))

    def _show_saved(self) -> None:
        self.header.show_saved(busy=self._bridge.busy, read_only=self._workbench.read_only)

    def _show_work(self) -> None:
        going = [
            Going(work, f"{work.name}  {work.what}".strip(), work.done, work.total, work.job.cancel)
            for work in (*self._bridge.works, *self._door.works)
        ]
        going += [
            Going(r.search_id, f"Searching {r.name}", r.done, r.total, self._canceller(r.search_id))
            for r in self._workbench.running()
        ]
        self.bottom.show_work(tuple(going))

    def _canceller(self, search_id: str) -> Callable[[], None]:
        def cancel() -> None:
            self._bridge.run(
                lambda: self._workbench.cancel_search(search_id), owner=self, long=True
            )

        return cancel

    def change_look(self) -> None:
        """Dark or light, remembered with the casebook."""
        wanted = "dark" if theme.look() == "light" else "light"
        wear(wanted)
        if not self._workbench.read_only:
            self._bridge.run(lambda: self._workbench.set_setting(LOOK, wanted), owner=self)

    def show_keys(self) -> None:
        """All keys that hold here."""
        KeySheet(self._current, self).open()


def wear(look: str) -> None:
    """Dress the window in a look, where it is not."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and look != theme.look():
        theme.apply(app, look)
