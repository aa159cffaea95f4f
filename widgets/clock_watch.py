"""Makes the review clock anew where its rules changed, while everybody works on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.casework.clock import Policy
from app.domain import CancelledError, CaseheadError, Changes
from app.jobs import Job
from app.workbench import Workbench
from widgets.bridge import Bridge, Work

_REST_MS = 2000
"""The window is shown and its tree read first."""


class ClockWatch(QObject):
    """Looks when it is made, before anything reads the clock, and when the rules are said anew.

    The work can be stopped; then it begins anew at the next start, or for other rules.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self._workbench, self._bridge = workbench, bridge
        self.work: Work | None = None
        self._tried: Policy | None = None
        bridge.changed.connect(self._hear)
        if workbench.clock_to_make():
            QTimer.singleShot(_REST_MS, self, lambda: self._looked(True))

    def _hear(self, changes: Changes) -> None:
        if changes.settings and self.work is None:
            self._look()

    def _look(self) -> None:
        self._bridge.run(self._due, self._looked, owner=self, long=True)

    def _due(self) -> bool:
        return self._workbench.clock_to_make() and self._workbench.clock_policy() != self._tried

    def _looked(self, due: bool) -> None:
        if due and self.work is None:
            self._begin()

    def _begin(self) -> None:
        self.work = self._bridge.start(
            "Review clock", self._make, lambda _: self._ended(), self._stopped, self
        )

    def _make(self, job: Job) -> None:
        self._tried = self._workbench.clock_policy()
        self._workbench.make_clock(job)

    def _ended(self) -> None:
        self.work = None
        self._look()

    def _stopped(self, error: CaseheadError) -> None:
        self.work = None
        stopped = isinstance(error, CancelledError)
        self._bridge.tell(self._workbench.clock_notice() if stopped else str(error), attention=True)
