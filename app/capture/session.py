"""A camera at work: its own thread, the newest frame only, taken up again after a loss."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from threading import Condition, Event, Thread, current_thread

from app.capture.controls import Change, Controllable, Controls, Turn
from app.capture.frame import Frame, Interruptible, Source, SourceEnded, SourceLost
from app.domain import CaseheadError

_log = logging.getLogger(__name__)

PAUSES = (0.3, 0.7, 1.5, 3.0, 5.0)
"""Seconds before each new try; the last one repeats."""
QUIET_AFTER = 3.0
"""Seconds without a frame after which a stream counts as lost though its source says nothing."""
STILL_AFTER = 4.0
"""Seconds of the very same picture after which a camera is said to stand still: real ones have
noise, so no two of their pictures are alike."""
_RATE_WINDOW = 2.0
_JOIN_TIMEOUT = 6.0
_SAMPLE_STEP = 16


class SessionState(StrEnum):
    """What the camera is doing."""

    STARTING = "starting"
    LIVE = "live"
    LOST = "lost"
    STOPPED = "stopped"


class CaptureSession:
    """Keeps the newest frame of ``source``; every method may be called from any thread.

    Start and stop in any order, as often as wanted. ``pauses`` and ``quiet_after`` are seconds,
    see PAUSES and QUIET_AFTER; ``clock`` is a monotonic clock.
    """

    def __init__(
        self,
        source: Source,
        *,
        pauses: Sequence[float] = PAUSES,
        quiet_after: float = QUIET_AFTER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self._pauses = tuple(pauses) or PAUSES
        self._quiet_after = quiet_after
        self._clock = clock
        self._changed = Condition()
        self._stop: Event | None = None
        self._thread: Thread | None = None
        self._state = SessionState.STOPPED
        self._sentence = "The camera is off."
        self._newest: Frame | None = None
        self._fresh = False
        self._frozen = False
        self._came_at = self._moved_at = 0.0
        self._sample = b""
        self._times: deque[float] = deque(maxlen=240)
        self._hear: Callable[[], None] = lambda: None
        self._controls: Controls | None = None
        self._asked: deque[Change] = deque()

    # --- what it tells ---------------------------------------------------------------------
    @property
    def state(self) -> SessionState:
        """What the camera is doing now; silence of a live camera counts as lost."""
        with self._changed:
            return SessionState.LOST if self._silent() else self._state

    @property
    def sentence(self) -> str:
        """The state in words, with what to do where something is wrong."""
        with self._changed:
            if self._silent():
                seconds = self._clock() - self._came_at
                return (
                    f"No frame from {self.source.name} for {seconds:.0f} s; "
                    "check the camera and its cable."
                )
            return self._sentence

    @property
    def warning(self) -> str:
        """What is wrong with a live picture: it is the same one over and over; "" when nothing."""
        with self._changed:
            alike = self._clock() - self._moved_at
            live = self._state is SessionState.LIVE and not self._silent()
            if not live or alike < STILL_AFTER or not getattr(self.source, "has_noise", False):
                return ""
            return (
                f"{self.source.name} has sent the very same picture for {alike:.0f} s: it stands "
                "still. Start the camera anew before you capture."
            )

    @property
    def frames_per_second(self) -> float:
        """Measured over the last two seconds; 0 when nothing came in them."""
        with self._changed:
            since = self._clock() - _RATE_WINDOW
            recent = [at for at in self._times if at >= since]
        if len(recent) < 2 or recent[-1] <= recent[0]:
            return 0.0
        return (len(recent) - 1) / (recent[-1] - recent[0])

    @property
    def frozen(self) -> bool:
        """Whether the picture is held."""
        with self._changed:
            return self._frozen

    def newest(self) -> Frame | None:
        """The newest frame, the held one while frozen; after a loss the last that came."""
        with self._changed:
            return self._newest

    def wait_for_frame(self, timeout: float, newer_than: Frame | None = None) -> Frame:
        """The newest frame as soon as there is one that is live (and not ``newer_than`` itself).

        While frozen that is the held frame. Raises SourceLost after ``timeout`` seconds, with
        the session's sentence, and at once when the session is stopped.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready(newer_than) or self._over(), timeout)
            if self._newest is not None and self._ready(newer_than):
                return self._newest
            if self._state is SessionState.LIVE:
                raise SourceLost(f"No frame came from {self.source.name} in {timeout:g} s.")
            raise SourceLost(self._sentence)

    def _ready(self, newer_than: Frame | None) -> bool:
        usable = self._newest is not None and (self._fresh or self._frozen)
        return usable and (self._frozen or self._newest is not newer_than)

    def _over(self) -> bool:
        return self._state is SessionState.STOPPED

    def _silent(self) -> bool:
        live = self._state is SessionState.LIVE
        return live and self._clock() - self._came_at > self._quiet_after

    # --- what it does ----------------------------------------------------------------------
    def start(self) -> None:
        """Begin; does nothing when running. Raises CaseheadError while the camera still closes."""
        with self._changed:
            if self._stop is not None and not self._stop.is_set() and self._alive():
                return
            if self._alive():
                raise CaseheadError(
                    f"{self.source.name} is still closing; try again in a few seconds."
                )
            self._stop = Event()
            self._newest, self._fresh, self._frozen = None, False, False
            self._times.clear()
            self._tell(SessionState.STARTING, f"Opening {self.source.name} ...")
            self._thread = Thread(
                target=self._work, args=(self._stop,), name="capture", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End, close the camera and wait for that (up to 6 s); no frame is delivered after."""
        with self._changed:
            thread, stop = self._thread, self._stop
            if stop is not None:
                stop.set()
            self._fresh = False
            self._times.clear()
            self._tell(SessionState.STOPPED, "The camera is off.")
        if thread is None or thread is current_thread():
            return
        if isinstance(self.source, Interruptible):
            self.source.interrupt()
        thread.join(_JOIN_TIMEOUT)

    @property
    def controls(self) -> Controls | None:
        """The camera's settings as it told them last; None for a source that has none."""
        with self._changed:
            return self._controls

    def change(self, change: Change) -> None:
        """Set the camera before its next frame; ``controls`` tell what came of it."""
        with self._changed:
            # of several turns of one dial only the last counts
            kept = [c for c in self._asked if not _same_setting(c, change)]
            self._asked = deque((*kept, change))

    def hear(self, hear: Callable[[], None]) -> None:
        """Call this on the capture thread after each frame that came and may be shown."""
        self._hear = hear

    def freeze(self) -> None:
        """Hold the picture; frames go on coming and being counted behind it."""
        with self._changed:
            self._frozen = self._newest is not None

    def thaw(self) -> None:
        """Let the picture live again."""
        with self._changed:
            self._frozen = False

    def __enter__(self) -> CaptureSession:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _tell(self, state: SessionState, sentence: str) -> None:
        self._state, self._sentence = state, sentence
        self._changed.notify_all()

    # --- on the session's own thread -------------------------------------------------------
    def _work(self, stop: Event) -> None:
        tries = 0
        while not stop.is_set():
            before = self._came_at
            try:
                self._deliver(stop)
            except SourceEnded as ended:
                self._end(stop, str(ended))
            except SourceLost as lost:
                self._lose(stop, str(lost))
            except Exception as error:
                _log.exception("capture from %s failed", self.source.name)
                what = str(error) or type(error).__name__
                self._lose(stop, f"{self.source.name} failed unexpectedly: {what}")
            finally:
                with suppress(Exception):
                    self.source.close()
            tries = 0 if self._came_at != before else tries
            stop.wait(self._pauses[min(tries, len(self._pauses) - 1)])
            tries += 1

    def _deliver(self, stop: Event) -> None:
        self.source.open()
        if isinstance(self.source, Controllable):
            self._tell_controls(self.source.controls())
        while not stop.is_set():
            self._apply()
            self._keep(stop, self.source.read())
            if not self.frozen:
                self._hear()

    def _apply(self) -> None:
        with self._changed:
            asked, self._asked = self._asked, deque()
        if isinstance(self.source, Controllable):
            for change in asked:
                self._tell_controls(self.source.apply(change))

    def _tell_controls(self, controls: Controls) -> None:
        with self._changed:
            self._controls = controls

    def _keep(self, stop: Event, frame: Frame) -> None:
        sample = frame.pixels[::_SAMPLE_STEP, ::_SAMPLE_STEP].tobytes()
        with self._changed:
            if stop.is_set():
                return
            if sample != self._sample:
                self._sample, self._moved_at = sample, self._clock()
            if not self._frozen:
                self._newest = frame
            self._fresh = True
            self._came_at = self._clock()
            self._times.append(self._came_at)
            if self._state is not SessionState.LIVE:
                self._state, self._sentence = SessionState.LIVE, f"Live from {self.source.name}."
            self._changed.notify_all()

    def _lose(self, stop: Event, sentence: str) -> None:
        with self._changed:
            if not stop.is_set():
                self._fresh = False
                self._tell(SessionState.LOST, sentence)

    def _end(self, stop: Event, sentence: str) -> None:
        with self._changed:
            if not stop.is_set():
                stop.set()
                self._fresh = False
                self._tell(SessionState.STOPPED, sentence)


def _same_setting(first: Change, second: Change) -> bool:
    if isinstance(first, Turn) and isinstance(second, Turn):
        replaced = second.auto is not None or first.auto is None
        return first.dial == second.dial and replaced
    return type(first) is type(second)
