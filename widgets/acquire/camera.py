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

    Of what is asked for while another is being opened only the last is opened.
    ``closing`` are called when it is turned off for good, on the thread that does so.
    """

    def __init__(self, bridge: Bridge, owner: QObject) -> None:
        self._bridge, self._owner = bridge, owner
        self._switching = Lock()
        self._session: CaptureSession | None = None
        self._shut = False
        self._asked = self._answered = 0
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

    @property
    def switching(self) -> bool:
        """Whether one is being opened, or turned off."""
        return self._answered != self._asked

    def start(self, spec: str, started: Opened, failed: Callable[[CaseheadError], None]) -> None:
        """Open what ``spec`` names (see app.capture.open_source) instead of what is open."""
        self._ask(spec, started, failed)

    def stop(self, stopped: Opened) -> None:
        """Turn it off."""
        self._ask("", stopped, None)

    def _ask(self, spec: str, done: Opened, failed: Callable[[CaseheadError], None] | None) -> None:
        self._asked += 1
        number = self._asked

        def answered() -> bool:
            if number == self._asked:
                self._answered = number
            return not self.switching

        def refused(error: CaseheadError) -> None:
            if answered():
                (failed or self._tell)(error)

        self._bridge.run(
            lambda: self._switch(spec, number),
            lambda _: done() if answered() else None,
            refused,
            self._owner,
            long=True,
        )

    def shut_down(self) -> None:
        """Turn it off for good and wait for its thread; safe from any thread."""
        self._shut = True
        self._switch("", self._asked)
        for close in self.closing:
            close()

    def _tell(self, error: CaseheadError) -> None:
        self._bridge.tell(str(error), attention=True)

    def _switch(self, spec: str, number: int) -> None:
        with self._switching:
            if number != self._asked:  # asked for later, begun before
                return
            session, self._session = self._session, None
            if session is not None:
                session.stop()
            if spec and not self._shut:
                made = CaptureSession(open_source(spec))
                made.start()
                self._session = made
