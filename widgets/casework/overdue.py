"""How much is overdue, for the badge on the rail."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.domain import Changes
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.refresh import Refresh

_LOOK_AGAIN_MS = 60_000


class OverdueWatch(QObject):
    """``show(count, what)`` is called whenever that may have changed."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, show: Callable[[int, str], None]
    ) -> None:
        super().__init__()
        self._refresh: Refresh[int] = Refresh(
            bridge, self, workbench.overdue_count, lambda count: show(count, "overdue"), long=True
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._refresh.ask)
        self._timer.start()
        bridge.changed.connect(self._hear)
        self._refresh.ask()

    def _hear(self, changes: Changes) -> None:
        work = (changes.cases, changes.acquired, changes.searches, changes.comparisons)
        if any(work) or changes.casework or changes.traces or changes.settings:
            self._refresh.ask()
