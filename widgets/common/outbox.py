"""What waits to be shared: seen in the bottom line, tried again by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.casework.people import Right
from app.domain import Changes
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.refresh import Refresh

_TRY_AGAIN_MS = 60_000


class OutboxWatch(QObject):
    """``show(words, why)`` is called with what waits, nothing when all is sent."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, show: Callable[[str, str], None]
    ) -> None:
        super().__init__()
        self._workbench, self._bridge, self._show = workbench, bridge, show
        self._refresh: Refresh[tuple[str, str]] = Refresh(bridge, self, self._load, self._seen)
        self._timer = QTimer(self)
        self._timer.setInterval(_TRY_AGAIN_MS)
        self._timer.timeout.connect(self.try_now)
        bridge.changed.connect(self._hear)
        self.try_now()

    def try_now(self) -> None:
        """Send what waits, where its folder is there now."""
        if self._workbench.read_only:
            return
        self._bridge.run(self._send, lambda _: self._refresh.ask(), owner=self, long=True)

    def _send(self) -> None:
        if self._workbench.may(Right.SHARE):
            return
        if any(line.state == "waiting" for line in self._workbench.outbox()):
            self._workbench.exchange_now()

    def _hear(self, changes: Changes) -> None:
        if changes.exchange:
            self._refresh.ask()

    def _load(self) -> tuple[str, str]:
        waiting = [line for line in self._workbench.outbox() if line.state == "waiting"]
        if not waiting:
            return "", ""
        what = "1 entry waits" if len(waiting) == 1 else f"{len(waiting)} entries wait"
        return f"{what} for the exchange folder", waiting[-1].message

    def _seen(self, words: tuple[str, str]) -> None:
        self._show(*words)
        if words[0]:
            self._timer.start()
        else:
            self._timer.stop()
