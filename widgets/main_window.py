"""The one window: rail, header, the screen in hand, bottom line; the way between the screens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain import Changes
from app.workbench import Workbench
from widgets import keys, theme
from widgets.acquire import AcquireScreen
from widgets.bridge import Bridge
from widgets.candidates import CandidatesScreen
from widgets.casebook import CasebookScreen
from widgets.casework import LeadsScreen
from widgets.common.frame_lines import BottomLine, Going, Header
from widgets.common.outbox import OutboxWatch
from widgets.common.paged import PagedScreen
from widgets.common.parts import EmptyState, button
from widgets.common.rail import SCREENS, Rail
from widgets.common.refresh import Refresh
from widgets.common.toast import Toast
from widgets.compare import CompareScreen
from widgets.key_sheet import KeySheet
from widgets.lab import LabScreen
from widgets.quality import QualityScreen
from widgets.start import StartPage

_GEOMETRY = "window_geometry"
_LOOK = "look"


class MainWindow(QWidget):
    """All screens of one casebook; also their Navigator.

    Closing stops running work, waits for every thread off the GUI thread, closes the workbench
    and only then the window; ``closed`` is emitted at the end.
    """

    closed = Signal()
    _shut = Signal()

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle(f"Casehead - {workbench.folder.name}")
        self.setMinimumSize(1024, 640)
        self._workbench, self._bridge = workbench, bridge
        look = workbench.setting(_LOOK)
        _wear(look if isinstance(look, str) and look in theme.LOOKS else "dark")
        self._current = "casebook"
        self._places: dict[str, tuple[str, ...]] = {}
        self._closing = self._over = False
        self.rail = Rail(self._go, self._show_keys, self._change_look)
        self.header, self.bottom = Header(), BottomLine()
        self.casebook = CasebookScreen(workbench, bridge, self)
        self.acquire = AcquireScreen(workbench, bridge, self)
        self.candidates = CandidatesScreen(workbench, bridge, self)
        self.compare = CompareScreen(workbench, bridge, self)
        self.leads = LeadsScreen(workbench, bridge, self)
        self.quality = QualityScreen(workbench, bridge, self, self.acquire.station)
        self.lab = LabScreen(workbench, bridge, self)
        self.start = StartPage(workbench, bridge)
        self._build()
        self._bind()
        self._refresh_badge: Refresh[int] = Refresh(
            bridge, self, workbench.unseen_count, self._show_badge
        )
        self._connect()
        self._restore()
        self._show_author()
        self._refresh_badge.ask()
        self.outbox = OutboxWatch(workbench, bridge, self.bottom.show_exchange)

    @property
    def current(self) -> str:
        """The screen in hand, "start" before anybody has said who works here."""
        return "start" if self._outer.currentWidget() is self.start else self._current

    @property
    def over(self) -> bool:
        """Whether everything behind it has ended."""
        return self._over

    # --- Navigator -------------------------------------------------------------------------
    def show_casebook(self, acquired_id: str | None = None) -> None:
        """See Navigator."""
        self._go("casebook")
        if acquired_id is not None:
            self.casebook.choose(acquired_id)

    def show_acquire(self, mark_id: str | None = None) -> None:
        """See Navigator."""
        self._go("acquire")
        if mark_id is not None:
            self.acquire.choose_mark(mark_id)

    def show_candidates(self, search_id: str | None = None) -> None:
        """See Navigator."""
        self._go("candidates")
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
        self._go("compare")
        self.compare.open_pair(left_id, right_id, candidate_id, siblings)

    def show_leads(self, page: str = "board", subject_id: str = "") -> None:
        """See Navigator."""
        self._go("leads")
        self._open_page(self.leads, page, subject_id)

    def show_lab(self, page: str = "people", subject_id: str = "") -> None:
        """See Navigator."""
        self._go("lab")
        self._open_page(self.lab, page, subject_id)

    def _open_page(self, screen: PagedScreen, page: str, subject_id: str) -> None:
        choose: Callable[[str], None] | None = getattr(screen.open_page(page), "choose", None)
        if subject_id and choose is not None:
            choose(subject_id)

    def show_bare(self, bare: bool) -> None:
        """See Navigator."""
        for widget in (self.rail, self.header, self.bottom):
            widget.setVisible(not bare)
        state = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | state if bare else self.windowState() & ~state)

    def say_place(self, screen: str, parts: tuple[str, ...]) -> None:
        """See Navigator."""
        self._places[screen] = parts
        self._show_place()

    def say_calibration(self, sentence: str) -> None:
        """See Navigator."""
        self.bottom.show_calibration(sentence)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._stack = QStackedWidget()
        for name in SCREENS:
            self._stack.addWidget(self._screen(name))
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget, stretch in ((self.header, 0), (self._stack, 1), (self.bottom, 0)):
            right.addWidget(widget, stretch)
        work = QWidget()
        across = QHBoxLayout(work)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(right)
        self._leaving = EmptyState(
            "leaving",
            button(
                "Stop it and close", "close_anyway", "What is finished is kept", self._shut_down
            ),
            button("Keep working", "keep_working", "Do not close", self._stay),
        )
        self._outer = QStackedWidget()
        for page in (work, self.start, self._leaving):
            self._outer.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._outer)
        self.toast = Toast(self._stack)
        self.rail.show_current(self._current)

    def _bind(self) -> None:
        actions: dict[str, Callable[[], None]] = {
            f"screen {name}": partial(self._go, name) for name in SCREENS
        }
        actions["sheet"] = self._show_keys
        actions["look"] = self._change_look
        for key_row in keys.rows(keys.EVERYWHERE):
            for key in key_row.keys:
                QShortcut(QKeySequence(key), self).activated.connect(actions[key_row.action])

    def _connect(self) -> None:
        self._bridge.changed.connect(self._hear)
        self._bridge.told.connect(self.toast.show_notice)
        self._bridge.works_changed.connect(self._show_work)
        self._bridge.busy_changed.connect(lambda _: self._show_saved())
        self._shut.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self.bottom.show_notice(self._workbench.notice)
        self._show_saved()
        self._show_work()

    def _restore(self) -> None:
        kept = self._workbench.setting(_GEOMETRY)
        if not (isinstance(kept, str) and self.restoreGeometry(QByteArray.fromHex(kept.encode()))):
            self.resize(1366, 768)

    # --- what is seen ----------------------------------------------------------------------
    def _screen(self, name: str) -> QWidget:
        screen: QWidget = getattr(self, name)
        return screen

    def _go(self, name: str) -> None:
        if self.current == "start" or self._closing:
            return
        self._current = name
        self._stack.setCurrentWidget(self._screen(name))
        self.rail.show_current(name)
        self._show_place()

    def _hear(self, changes: Changes) -> None:
        if changes.settings:
            self._show_author()
        if changes.searches:
            self._refresh_badge.ask()
            self._show_work()

    def _show_author(self) -> None:
        author = self._workbench.author
        self.header.show_author(author)
        # a casebook that cannot be written can still be read by somebody without a name
        if author is None and not self._workbench.read_only:
            self._outer.setCurrentWidget(self.start)
            self.start.take_focus()
        elif self._outer.currentWidget() is self.start:
            self._outer.setCurrentIndex(0)
            self.casebook.setFocus()

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
            for work in self._bridge.works
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

    def _change_look(self) -> None:
        """Dark or light, remembered with the casebook."""
        wanted = "dark" if theme.look() == "light" else "light"
        _wear(wanted)
        if not self._workbench.read_only:
            self._bridge.run(lambda: self._workbench.set_setting(_LOOK, wanted), owner=self)

    def _show_keys(self) -> None:
        if self.current != "start":
            KeySheet(self._current, self).open()

    # --- closing ---------------------------------------------------------------------------
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._over:
            event.accept()
            return
        event.ignore()
        if self._closing:
            return
        if self._bridge.works:
            names = ", ".join(work.name for work in self._bridge.works)
            self._leaving.say("Work is still running", f"{names}. What is finished is kept.")
            self._outer.setCurrentWidget(self._leaving)
            return
        self._shut_down()

    def _stay(self) -> None:
        self._outer.setCurrentIndex(0)

    def _shut_down(self) -> None:
        self._closing = True
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        self._leaving.say("Closing ...", "Searches that are not finished go on at the next start.")
        for name in ("close_anyway", "keep_working"):
            found = self._leaving.findChild(QWidget, name)
            if isinstance(found, QWidget):
                found.hide()
        self._outer.setCurrentWidget(self._leaving)
        stop_camera, keep = self.acquire.camera.shut_down, self.compare.left_behind()

        def work() -> None:
            try:
                stop_camera()
                if keep is not None:
                    keep()
                self._workbench.set_setting(_GEOMETRY, geometry)
                self._bridge.close()
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


def _wear(look: str) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and look != theme.look():
        theme.apply(app, look)
