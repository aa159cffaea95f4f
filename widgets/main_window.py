"""The one window: the first start, signing in and locking, everybody's workplace, closing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Thread

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout

from app.casework.people import Right
from app.domain import CaseheadError, Changes
from app.workbench import Workbench
from app.workbench.sessions import Session
from widgets import theme
from widgets.bridge import Bridge
from widgets.clock_watch import ClockWatch
from widgets.common.frame_lines import Kept
from widgets.common.parts import EmptyState, button
from widgets.idle import IdleWatch
from widgets.lab.guard_watch import GuardWatch
from widgets.password_page import PasswordPage
from widgets.place_shown import PlaceShown
from widgets.sign_in import Locked, SignInPage
from widgets.start import StartPage
from widgets.workplace import LOOK, Workplace, wear

log = logging.getLogger(__name__)
_GEOMETRY = "window_geometry"


class MainWindow(PlaceShown):
    """The window on one casebook.

    Everybody who signs in has a workplace of their own; locked, it waits behind the page to sign
    in at, as it was left. Closing stops running work, waits for every thread off the GUI thread,
    closes the workbench and only then the window; ``closed`` is emitted at the end.
    """

    closed = Signal()
    _shut = Signal()

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle(f"Casehead - {workbench.folder.name}")
        self.setMinimumSize(1024, 640)
        self._workbench = workbench
        self._door = Bridge(workbench, bridge.log_file)
        look = workbench.setting(LOOK)
        wear(look if isinstance(look, str) and look in theme.LOOKS else "dark")
        self._closing = self._over = False
        self._asked: Callable[[], None] | None = None
        self._places: list[Workplace] = []
        self._dropped: list[Workplace] = []
        self.start = StartPage(workbench, self._door)
        self.sign_in = SignInPage(workbench, self._door)
        self.password = PasswordPage(workbench, self._door, self._back_to_work, self.sign_out)
        self.idle = IdleWatch(self.lock)
        self._build()
        # before a place is made: what it loads keeps the casebook busy, and this would wait for it
        self._restore()
        self._come_in_alone()
        self.clock = ClockWatch(workbench, self._door)
        self.place = self._new_place(bridge)
        self.guard = GuardWatch(workbench, self._door, self._show_guard)
        self._connect()
        self._settle()

    @property
    def current(self) -> str:
        """The screen in hand; "start" before anybody said who works here, "sign in" while nobody
        is signed in, "password" while one is being changed."""
        shown = self._outer.currentWidget()
        pages = ((self.start, "start"), (self.sign_in, "sign in"), (self.password, "password"))
        return next((name for page, name in pages if page is shown), self.place.current)

    @property
    def over(self) -> bool:
        """Whether everything behind it has ended."""
        return self._over

    @property
    def usable(self) -> bool:
        """Whether somebody works here now."""
        return self._outer.currentWidget() is self.place and not self._closing

    @property
    def places(self) -> tuple[Workplace, ...]:
        """Everybody's workplace: the one in hand, and those that wait."""
        return tuple(self._places)

    def report(self, error: BaseException) -> None:
        """Log a fault of the program and show it; safe from any thread."""
        self._door.report(error)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._way_on = button(
            "Stop it and close", "close_anyway", "What is finished is kept", self._go_on
        )
        self._way_back = button("Keep working", "keep_working", "Go back to it", self._stay)
        self._leaving = EmptyState("leaving", self._way_on, self._way_back)
        self._outer = QStackedWidget()
        for page in (self.start, self.sign_in, self.password, self._leaving):
            self._outer.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._outer)

    def _new_place(self, bridge: Bridge) -> Workplace:
        made = Workplace(self._workbench, bridge, self._door, self._outer)
        made.bare = self._show_bare
        header = made.header
        header.lock, header.sign_out = self.lock, self.sign_out
        header.change_password, header.end = self._change_password, self._end_session
        self._places.append(made)
        self._outer.addWidget(made)
        return made

    def _connect(self) -> None:
        self._door.changed.connect(self._hear)
        self._door.told.connect(lambda notice: self.place.toast.show_notice(notice))
        self._shut.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def _restore(self) -> None:
        kept = self._workbench.setting(_GEOMETRY)
        if not (isinstance(kept, str) and self.restoreGeometry(QByteArray.fromHex(kept.encode()))):
            self.resize(1366, 768)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.idle.listen_to(self.windowHandle())
        self.guard.listen_to(self.windowHandle())

    def _show_guard(self, sentence: str, failed: int) -> None:
        for place in self._places:
            place.show_guard(sentence, failed)

    def _show_bare(self, bare: bool) -> None:
        state = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | state if bare else self.windowState() & ~state)

    # --- who is here -----------------------------------------------------------------------
    def _come_in_alone(self) -> None:
        """Where a name is enough and there is only one, nobody is asked."""
        staff = self._workbench.staff()
        active = [person for person in staff.people if person.active]
        if staff.policy.by_name and len(active) == 1 and self._workbench.session is None:
            self._workbench.sign_in(active[0].name)

    def _hear(self, changes: Changes) -> None:
        if changes.people or changes.settings:
            self._drop_ended()
            self._settle()

    def _settle(self) -> None:
        """Show what belongs to whoever is here."""
        if self._closing or self._asked is not None:
            return
        workbench, session = self._workbench, self._workbench.session
        if workbench.open_bench:
            # a casebook that cannot be written can still be read by somebody without a name
            if workbench.author is None and not workbench.read_only:
                self._show_start()
            else:
                self._show_place(None)
        elif session is None:
            self._show_sign_in()
        elif workbench.must_change:
            self._show_password(session.name, must=True)
        elif self._outer.currentWidget() is not self.password or self.password.must:
            self._show_place(session)

    def _show_start(self) -> None:
        if self._outer.currentWidget() is not self.start:
            self._outer.setCurrentWidget(self.start)
            self.start.take_focus()

    def _show_sign_in(self) -> None:
        self.idle.stop()
        if self._outer.currentWidget() is not self.sign_in:
            self._outer.setCurrentWidget(self.sign_in)
            self.sign_in.open_for(self._locked())

    def _show_password(self, name: str, *, must: bool) -> None:
        if self._outer.currentWidget() is not self.password:
            self._outer.setCurrentWidget(self.password)
            self.password.open_for(name, must=must)

    def _back_to_work(self) -> None:
        """From the page of the own password."""
        self._show_place(self._workbench.session)

    def _show_place(self, session: Session | None) -> None:
        self.place = place = self._place_of(session)
        self._clear_away()
        place.header.show_author(self._workbench.author)
        place.header.show_ways_out(
            signed_in=session is not None,
            by_name=self._workbench.policy().by_name,
            kept=self._others(),
        )
        minutes = self._workbench.policy().idle_minutes if session is not None else 0
        if self._outer.currentWidget() is not place:
            for other in self._places:
                if other is not place:
                    other.step_aside()
            self._outer.setCurrentWidget(place)
            place.come_back()
            self.idle.start(minutes)
        elif self.idle.minutes != minutes:
            self.idle.start(minutes)

    def _place_of(self, session: Session | None) -> Workplace:
        """Theirs, else one that is nobody's yet, else a new one."""
        for place in self._places:
            if place.session == session:
                return place
        free = [place for place in self._places if place.session is None]
        found = free[0] if free else self._new_place(Bridge(self._workbench, self._door.log_file))
        found.bridge.session = session
        return found

    def _others(self) -> tuple[Kept, ...]:
        """Workplaces that wait, for whoever may end them."""
        if self._workbench.may(Right.ADMINISTER):
            return ()
        waiting = [place.session for place in self._places if place is not self.place]
        return tuple(Kept(s.id, f"End the session of {s.name}") for s in waiting if s is not None)

    def _locked(self) -> Locked | None:
        """Whose workplace the page hides."""
        session = self.place.session
        if session is None or self.place not in self._places:
            return None
        going = ", ".join(work.name for work in self.place.bridge.works)
        on = f" Work goes on: {going}." if going else ""
        return Locked(
            session.name,
            f"What {session.name} has typed and drawn waits as it is.{on} Somebody else who signs "
            "in gets a workplace of their own.",
        )

    # --- locking, signing out --------------------------------------------------------------
    def lock(self) -> None:
        """Nobody is here until somebody signs in; all stays as it is."""
        if not self._closing and self._workbench.session is not None:
            self._asked = None
            self._cover()
            self._door.run(self._workbench.lock, owner=self)

    def sign_out(self) -> None:
        """End the session; work that still runs is asked about first."""
        session = self._workbench.session
        if self._closing or session is None:
            return
        own = next((place for place in self._places if place.session == session), None)
        if own is not None and own.bridge.works:
            self._ask(own, "sign out", partial(self._sign_out, own))
        else:
            self._sign_out(own)

    def _sign_out(self, own: Workplace | None) -> None:
        keep, workbench = own.left_behind() if own is not None else None, self._workbench

        def work() -> None:
            if keep is not None:
                keep()
            workbench.sign_out()

        # after what is asked of the record already, which an ended session could not do
        bridge = own.bridge if own is not None else self._door
        bridge.run(work, None, self._still_here, owner=self)

    def _still_here(self, error: CaseheadError) -> None:
        """What was in hand could not be kept; nobody signed out."""
        self._settle()
        self._door.tell(str(error), attention=True)

    def _cover(self) -> None:
        """Hide all of it at once, other windows too; what they asked is asked again later."""
        for widget in QApplication.topLevelWidgets():
            if widget is not self and widget.isVisible():
                widget.close()
        self._show_sign_in()

    def _drop_ended(self) -> None:
        """Workplaces of sessions that ended are taken away."""
        live = {session.id for session in self._workbench.sessions}
        for place in self.places:
            if place.session is not None and place.session.id not in live:
                self._drop(place)

    def _drop(self, place: Workplace) -> None:
        self._places.remove(place)
        self._dropped.append(place)
        if place is self.place:
            self._show_sign_in()
        self._outer.removeWidget(place)
        place.hide()
        self._door.run(place.stopping(), lambda _: self._stopped(place), owner=self, long=True)

    def _stopped(self, place: Workplace) -> None:
        place.stopped = True
        self._clear_away()

    def _clear_away(self) -> None:
        """What has ended, but for the one the window still speaks of."""
        for place in [p for p in self._dropped if p.stopped and p is not self.place]:
            self._dropped.remove(place)
            place.deleteLater()

    def _end_session(self, session_id: str) -> None:
        self._door.run(lambda: self._workbench.end_session(session_id), owner=self)

    def _change_password(self) -> None:
        session = self._workbench.session
        if session is not None:
            self._show_password(session.name, must=False)

    # --- closing ---------------------------------------------------------------------------
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._over:
            event.accept()
            return
        event.ignore()
        if self._closing:
            return
        going = [place for place in self._places if place.bridge.works]
        if going:
            self._ask(going[0], "close", self._shut_down)
        else:
            self._shut_down()

    def _ask(self, place: Workplace, what: str, go_on: Callable[[], None]) -> None:
        names = ", ".join(work.name for work in place.bridge.works)
        self._asked = go_on
        self._way_on.setText(f"Stop it and {what}")
        self._leaving.say("Work is still running", f"{names}. What is finished is kept.")
        self._outer.setCurrentWidget(self._leaving)

    def _go_on(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            asked()

    def _stay(self) -> None:
        self._asked = None
        self._settle()

    def _shut_down(self) -> None:
        self._closing = True
        self.idle.stop()
        self.guard.stop()
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        self._leaving.say("Closing ...", "Searches that are not finished go on at the next start.")
        for way in (self._way_on, self._way_back):
            way.hide()
        self._outer.setCurrentWidget(self._leaving)
        stops = [place.stopping() for place in (*self._places, *self._dropped)]

        def work() -> None:
            try:
                for stop in stops:
                    stop()
                self._workbench.set_setting(_GEOMETRY, geometry)
                self._door.close()
                self._workbench.close()
            finally:
                self._shut.emit()

        self._closer = Thread(target=work, name="closing")
        self._closer.start()

    def _finish(self) -> None:
        self._closer.join()
        self._over = True
        self.close()
        self.closed.emit()
