"""All that follows the light of the pair in hand: images of other lights, the circling, 3D."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.picture.solid_view import SolidView
from widgets.compare.desk import Desk
from widgets.compare.desk.lighting import has_scan
from widgets.compare.panels.controls import Act
from widgets.compare.view.relief_view import NO_SCAN, ReliefView
from widgets.compare.work.sweep import Sweep
from widgets.compare.work.switching import Switching

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge


class Lamp:
    """Follows one desk at a time. The 3D view lies over ``picture``; ``on_key`` gets the keys
    that are not its own, ``act`` the names of actions, ``left`` is called when it was left."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        picture: QWidget,
        on_key: Callable[[QKeyEvent], bool],
        left: Callable[[], None],
        act: Act,
    ) -> None:
        self._bridge = bridge
        self._desk: Desk | None = None
        self.switching = Switching(workbench, bridge, picture)
        self._sweep = Sweep(picture)
        self.relief = ReliefView(
            picture,
            lambda work, done: bridge.run(work, done, owner=picture, long=True),
            on_key,
            left,
            act,
        )

    def set_desk(self, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._desk = desk
        self.switching.set_desk(desk)
        self.follow()

    def follow(self) -> None:
        """The desk has changed."""
        self.switching.follow()
        self._sweep.follow(self._desk)
        self.relief.show_desk(self._desk)

    @property
    def solid(self) -> SolidView | None:
        """How both scans are seen in 3D now; None while the evidence is seen flat."""
        return self.relief.seen

    def show_solid(self, seen: SolidView | None) -> None:
        """In 3D as it was seen; None: the evidence, flat."""
        if self._desk is not None and seen is not None and has_scan(self._desk):
            self.relief.open(self._desk, seen)
        elif self.relief.isVisible():
            self.relief.leave()

    def open_relief(self) -> None:
        """Both scans as solids, or why there are none."""
        if self._desk is None:
            return
        if self.relief.isVisible():
            self.relief.leave()
        elif has_scan(self._desk):
            self.relief.open(self._desk)
        else:
            self._bridge.tell(NO_SCAN, attention=True)
