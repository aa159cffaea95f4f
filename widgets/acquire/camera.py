"""The camera in use: started, changed and stopped off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from PySide6.QtCore import QObject

from app.capture import BenchSource, CaptureSession, open_source
from app.domain import CaseheadError
from widgets.bridge import Bridge

Opened = Callable[[], None]


class Camera:
    """At most one session at a time; the one before is ended before the next begins.

    ``closing`` are called when it is turned off for good, on the thread that does so.
    """

    def __init__(self, bridge: Bridge, owner: QObject) -> None:
        self._bridge, self._owner = bridge, owner
        self._switching = Lock()
        self._session: CaptureSession | None = None
        self._shut = False
        self.closing: list[Callable[[], None]] = []

    @property
    def session(self) -> CaptureSession | None:
        """The session going on, None when the camera is off."""
        return self._session

    @property
    def name(self) -> str:
        """What the capture record keeps as the camera."""
        return self._session.source.name if self._session else ""

    @property
    def bench(self) -> BenchSource | None:
        """The synthetic bench, when that is the source."""
        source = self._session.source if self._session else None
        return source if isinstance(source, BenchSource) else None

    def start(self, spec: str, started: Opened, failed: Callable[[CaseheadError], None]) -> None:
        """Open what ``spec`` names (see app.capture.open_source) instead of what is open."""
        self._bridge.run(
            lambda: self._switch(spec), lambda _: started(), failed, self._owner, long=True
        )

    def stop(self, stopped: Opened) -> None:
        """Turn it off."""
        self._bridge.run(lambda: self._switch(""), lambda _: stopped(), None, self._owner, True)

    def shut_down(self) -> None:
        """Turn it off for good and wait for its thread; safe from any thread."""
        self._shut = True
        self._switch("")
        for close in self.closing:
            close()

    def _switch(self, spec: str) -> None:
        with self._switching:
            session, self._session = self._session, None
            if session is not None:
                session.stop()
            if spec and not self._shut:
                made = CaptureSession(open_source(spec))
                made.start()
                self._session = made
