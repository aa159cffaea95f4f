"""Keeps what is drawn on a pair, and noted of it, soon after the hand rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.domain import CaseheadError, Comparison
from widgets.compare.desk import Desk, Setting

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

REST_MS = 1500


class Drafting:
    """Follows one desk at a time. A drawing that cannot be kept is told of once."""

    def __init__(self, workbench: Workbench, bridge: Bridge, owner: QObject) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._desk: Desk | None = None
        self._refused: tuple[object, ...] | None = None
        self._at_work = False
        self._rest = QTimer(owner)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._keep)

    def set_desk(self, desk: Desk | None) -> None:
        """Another pair, or none; what was drawn on the last one is kept as it is left."""
        self._desk, self._refused, self._at_work = desk, None, False
        self._rest.stop()

    def follow(self) -> None:
        """Something changed on the desk."""
        desk = self._desk
        if desk is None or self._at_work or self._workbench.read_only:
            return
        if desk.drawings_unkept and _noted(desk.setting) != self._refused:
            self._rest.start()

    def _keep(self) -> None:
        desk = self._desk
        if desk is None or not desk.drawings_unkept:
            return
        self._at_work = True
        comparison, now = desk.as_comparison(), desk.setting
        self._bridge.run(
            lambda: self._workbench.annotate(comparison, now.annotations, now.remarks),
            lambda stored: self._kept(desk, stored, now),
            lambda error: self._not_kept(desk, error, now),
            owner=self._owner,
        )

    def _kept(self, desk: Desk, stored: Comparison, now: Setting) -> None:
        if desk is self._desk:
            self._at_work = False
            desk.drawings_kept(stored.id, now)
            self.follow()

    def _not_kept(self, desk: Desk, error: CaseheadError, now: Setting) -> None:
        if desk is self._desk:
            self._at_work = False
            self._refused = _noted(now)
            self._bridge.tell(f"The drawing is not saved: {error}", attention=True)


def _noted(setting: Setting) -> tuple[object, ...]:
    return setting.annotations, setting.remarks
