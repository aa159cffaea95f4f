"""Keeps what is drawn on a pair soon after the hand rests, without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.domain import CaseheadError, Comparison
from widgets.compare.desk import Desk

if TYPE_CHECKING:
    from app.domain import Annotation
    from app.workbench import Workbench
    from widgets.bridge import Bridge

REST_MS = 1500


class Drafting:
    """Follows one desk at a time. A drawing that cannot be kept is told of once."""

    def __init__(self, workbench: Workbench, bridge: Bridge, owner: QObject) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._desk: Desk | None = None
        self._refused: tuple[Annotation, ...] | None = None
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
        if desk.drawings_unkept and desk.annotations != self._refused:
            self._rest.start()

    def _keep(self) -> None:
        desk = self._desk
        if desk is None or not desk.drawings_unkept:
            return
        self._at_work = True
        comparison, drawn = desk.as_comparison(), desk.annotations
        self._bridge.run(
            lambda: self._workbench.annotate(comparison, drawn),
            lambda stored: self._kept(desk, stored, drawn),
            lambda error: self._not_kept(desk, error, drawn),
            owner=self._owner,
        )

    def _kept(self, desk: Desk, stored: Comparison, drawn: tuple[Annotation, ...]) -> None:
        if desk is self._desk:
            self._at_work = False
            desk.drawings_kept(stored.id, drawn)
            self.follow()

    def _not_kept(self, desk: Desk, error: CaseheadError, drawn: tuple[Annotation, ...]) -> None:
        if desk is self._desk:
            self._at_work = False
            self._refused = drawn
            self._bridge.tell(f"The drawing is not saved: {error}", attention=True)
