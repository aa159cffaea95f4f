"""Does what the plans say is due, while nobody works; keeps a failed check in sight."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

from app.domain import CaseheadError, Changes
from app.jobs import Job
from app.workbench import Workbench
from app.workbench.guard_words import attention
from app.workbench.guarding import Guarded
from widgets.bridge import Bridge, Work
from widgets.common.refresh import Refresh

LOOK_EVERY_MS = 60_000
IDLE_S = 300.0
_HANDS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class GuardWatch(QObject):
    """``told(sentence, count)`` hears what must stay in sight, "" and 0 when nothing must.

    What is due is begun after ``IDLE_S`` seconds without a hand on the station, never while other
    long work runs, and stopped as soon as somebody comes back; then it is begun anew later.
    """

    def __init__(
        self, workbench: Workbench, bridge: Bridge, told: Callable[[str, int], None]
    ) -> None:
        super().__init__()
        self._workbench, self._bridge, self._told = workbench, bridge, told
        self._touched = monotonic()
        self._guarded: Guarded | None = None
        self.work: Work | None = None
        self._loading: Refresh[Guarded] = Refresh(
            bridge, self, workbench.guarded, self._show, long=True
        )
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        bridge.changed.connect(self._hear)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self.listen_to)
        self._timer.start()
        self._loading.ask()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def listen_to(self, window: QWindow | None) -> None:
        """Take what enters this window as a hand on the station."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def look(self) -> None:
        """See what is due; begin it when nobody works."""
        self._loading.ask()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self._touched = monotonic()
            if self.work is not None:
                self.work.job.cancel()
        return False

    def _hear(self, changes: Changes) -> None:
        if changes.settings:
            self._loading.ask()

    def _show(self, guarded: Guarded) -> None:
        self._guarded = guarded
        self._told(attention(guarded), len(guarded.failed))
        due = guarded.backup_due or guarded.check_due
        idle = monotonic() - self._touched >= IDLE_S
        if due and idle and self.work is None and not self._bridge.works:
            self._begin()

    def _begin(self) -> None:
        def work(job: Job) -> tuple[str, ...]:
            return self._workbench.guard_by_plan(job)

        self.work = self._bridge.start(
            "Backup and check by plan", work, self._done, self._stopped, owner=self
        )

    def _done(self, told: tuple[str, ...]) -> None:
        self.work = None
        self._bridge.tell(" ".join(told))

    def _stopped(self, error: CaseheadError) -> None:
        """A stop by a hand is no news; that something failed is."""
        cancelled = self.work is not None and self.work.job.cancelled
        self.work = None
        if not cancelled:
            self._bridge.tell(str(error), attention=True)
