"""How the exposure is set: by the camera, by metering a spot here, or by hand; and its lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from app.capture import Frame
from app.capture.controls import Change, Dial, Turn
from app.capture.metering import Metering, Spot


class Mode(Enum):
    """Who decides."""

    CAMERA = "camera"
    SPOT = "spot"
    MANUAL = "manual"


MODES = {
    Mode.CAMERA: "automatic",
    Mode.SPOT: "metered at a spot",
    Mode.MANUAL: "by hand",
}


class Exposing:
    """``change`` sets the camera. A camera without an automatic has the spot's, over the field."""

    def __init__(self, change: Callable[[Change], None]) -> None:
        self._change = change
        self._metering = Metering()
        self.mode = Mode.CAMERA
        self.spot = Spot()
        self.locked = False
        self._automatic = True

    def camera_says(self, dial: Dial) -> None:
        """What the camera's own automatic does now decides what is shown."""
        self._automatic = dial.auto is not None
        if self.locked or self.mode is Mode.SPOT:
            return
        if dial.auto is not None:
            self.mode = Mode.CAMERA if dial.auto else Mode.MANUAL

    def choose(self, mode: Mode) -> None:
        """Another way from now on."""
        self.locked = False
        self._metering.begin_anew()
        if mode is Mode.CAMERA and not self._automatic:
            mode, self.spot = Mode.SPOT, Spot()
        self.mode = mode
        if self._automatic:
            self._change(Turn("exposure", auto=mode is Mode.CAMERA))

    def lock(self, locked: bool) -> None:
        """Keep the exposure as it is, or go on as before."""
        self.locked = locked
        self._metering.begin_anew()
        if self.mode is Mode.CAMERA:
            self._change(Turn("exposure", auto=not locked))

    def by_hand(self) -> None:
        """A time was written."""
        self.mode, self.locked = Mode.MANUAL, False

    def choose_share(self, share: float) -> None:
        """Meter a spot of that size."""
        self.spot = replace(self.spot, share=share)
        if self.mode is not Mode.SPOT:
            self.choose(Mode.SPOT)
        self._metering.begin_anew()

    def place(self, spot: Spot) -> None:
        """Meter there."""
        self.spot = spot
        self._metering.begin_anew()

    def begin_anew(self) -> None:
        """Another camera, or none."""
        self.mode, self.locked = Mode.CAMERA, False
        self._metering.begin_anew()

    def see(self, frame: Frame, dial: Dial) -> None:
        """Another frame: drive the time towards the spot's target."""
        if self.locked or self.mode is not Mode.SPOT:
            return
        wanted = self._metering.next_ms(frame, self.spot, dial)
        if wanted is not None:
            self._change(Turn("exposure", value=wanted))
