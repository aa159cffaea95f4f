"""Makes the review clock anew where its rules changed, while everybody works on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.domain import Changes
from app.workbench import Workbench
from widgets.bridge import Bridge, Work

_REST_MS = 2000
"""The window is shown and its tree read first."""


class ClockWatch(QObject):
    """Looks when it is made, before anything reads the clock, and when the rules are said anew.

    The work can be stopped; then it begins anew at the next start.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self._workbench, self._bridge = workbench, bridge
        self.work: Work | None = None
        bridge.changed.connect(self._hear)
        if workbench.clock_to_make():
            QTimer.singleShot(_REST_MS, self, lambda: self._looked(True))

    def _hear(self, changes: Changes) -> None:
        if changes.settings and self.work is None:
            look = self._workbench.clock_to_make
            self._bridge.run(look, self._looked, owner=self, long=True)

    def _looked(self, due: bool) -> None:
        if due and self.work is None:
            self._begin()

    def _begin(self) -> None:
        make = self._workbench.make_clock
        self.work = self._bridge.start(
            "Review clock", make, lambda _: self._ended(), lambda _: self._stopped(), self
        )

    def _ended(self) -> None:
        self.work = None
        self._bridge.run(self._workbench.clock_to_make, self._looked, owner=self, long=True)

    def _stopped(self) -> None:
        self.work = None
        self._bridge.tell(self._workbench.clock_notice(), attention=True)
