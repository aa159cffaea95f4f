"""What a pixel measures in the live picture: told by the camera, calibrated, or written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.capture import Frame
from app.capture.scale import size_of
from app.domain import CaseheadError, InForce, Optics
from app.workbench import Workbench
from app.workbench.calibration_words import calibration_words, state_words
from widgets.acquire.calibrate import InUse
from widgets.acquire.calibration import PixelMemory, optics_name, pixel_of
from widgets.acquire.camera import Camera
from widgets.acquire.live_view import LiveView
from widgets.acquire.scale_in_use import ScaleInUse, measured
from widgets.acquire.target import TargetPanel
from widgets.bridge import Bridge

_KEPT_ONLY = "Without its scale an image is kept, but cannot be searched."
_NO_SCALE = (
    f"{_KEPT_ONLY} Calibrate this objective, or write the micrometres per pixel of its calibration."
)


class Scale:
    """Keeps the field of the pixel size true; ``changed`` is called when a calibration is found."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        camera: Camera,
        live: LiveView,
        target: TargetPanel,
        changed: Callable[[], None],
    ) -> None:
        self._camera, self._live, self._target = camera, live, target
        self._changed = changed
        self._memory = PixelMemory(workbench, bridge, owner)
        self._lookup = ScaleInUse(workbench, bridge, owner, self._found)

    def in_use(self) -> InUse:
        """Camera, objective and zoom, the frame seen, and the calibration in force for them."""
        frame = self._live.frame
        optics = Optics(self._camera.name, *self._target.optics)
        asks = frame is not None and frame.pixel_um is None and bool(optics.camera)
        found = self._lookup.of(optics, size_of(frame.pixels)) if asks and frame else None
        return InUse(optics, frame, found)

    @property
    def pixel_um(self) -> float | None:
        """The size that holds now, None where none is known."""
        frame = self._live.frame
        if frame is not None and frame.pixel_um is not None:
            return frame.pixel_um
        held = measured(self.in_use().found)
        if held is not None:
            return held.pixel_um
        try:
            return pixel_of(self._target.pixel.text())
        except CaseheadError:
            return None

    @property
    def words(self) -> str:
        """For the bottom line; nothing without a picture."""
        if self._live.frame is None:
            return ""
        pixel_um, held = self.pixel_um, measured(self.in_use().found)
        scale = f"{pixel_um:.4g} µm/px" if pixel_um else "scale not known"
        state = state_words(held) if held else ""
        return "  ".join(filter(None, (self._target.objective.currentText(), scale, state)))

    def show(self) -> None:
        """Bring field and sentence up to what is known."""
        frame = self._live.frame
        if frame is not None and frame.pixel_um is not None:
            self._target.show_pixel(frame.pixel_um, from_camera=True)
        else:
            self._show_calibrated(self.in_use().found)
        missing = frame is not None and not self.pixel_um
        self._target.say_scale(self._no_scale() if missing else "")

    def begin_anew(self) -> None:
        """Another camera or objective has its own size, or none that is known."""
        if not self._target.pixel.isReadOnly() or measured(self.in_use().found) is None:
            self._target.show_pixel(self._remembered(), from_camera=False)

    def remember(self) -> None:
        """Keep what was written for the next time."""
        pixel_um = self.pixel_um
        if pixel_um is not None and not self._target.pixel.isReadOnly():
            self._memory.keep(self._camera.name, optics_name(*self._target.optics), pixel_um)

    def given_um(self, frame: Frame) -> float | None:
        """What a capture is told of its scale; nothing where a camera or calibration tells it.

        Raises CaseheadError for what is written and is no size.
        """
        if frame.pixel_um is not None or measured(self.in_use().found) is not None:
            return None
        return pixel_of(self._target.pixel.text())

    def look_again(self) -> None:
        """Calibrations have changed."""
        self._lookup.look_again()

    def _found(self) -> None:
        found = self.in_use().found
        if found is not None and found.latest is not None and measured(found) is None:
            self._target.show_pixel(found.pixel_um, from_camera=False)
        self._changed()

    def _show_calibrated(self, found: InForce | None) -> None:
        """A measured calibration fills the field in and holds it."""
        held = measured(found)
        if held is not None:
            told = f"Calibrated: {calibration_words(held)}"
            self._target.show_pixel(held.pixel_um, from_camera=True, told=told)
        elif self._target.pixel.isReadOnly():
            self._target.show_pixel(self._remembered(), from_camera=False)

    def _no_scale(self) -> str:
        found = self.in_use().found
        if found is None or found.latest is None:
            return _NO_SCALE
        return f"{_KEPT_ONLY} {found.sentence}"

    def _remembered(self) -> float | None:
        """What was written before; what a calibration said counts more, even when it ended."""
        found = self.in_use().found
        if found is not None and found.latest is not None:
            return found.pixel_um
        return self._memory.find(self._camera.name, optics_name(*self._target.optics))
